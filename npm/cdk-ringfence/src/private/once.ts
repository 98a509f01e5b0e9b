/** Makes things when they are first asked for. */

/** Values by name, each made once. */
export class Once {
  private readonly made = new Map<string, unknown>();

  /** The value of a name. */
  public get<T>(name: string, make: () => T): T {
    if (!this.made.has(name)) {
      this.made.set(name, make());
    }
    return this.made.get(name) as T;
  }
}
