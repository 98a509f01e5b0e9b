/**
 * Tells whether the app has changed what was given to an L1, even deep inside of it.
 */

/** A copy of properties that later changes of the originals do not touch. Tokens and other objects are kept as they are. */
export function snapshot(properties: { readonly [name: string]: unknown }): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, copy(value)]));
}

/** Whether a value is what it was when the copy was made. */
export function isSame(now: unknown, then: unknown): boolean {
  if (Array.isArray(now) && Array.isArray(then)) {
    return now.length === then.length && now.every((item, index) => isSame(item, then[index]));
  }
  if (isMap(now) && isMap(then)) {
    const keys = Object.keys(now);
    return keys.length === Object.keys(then).length && keys.every((key) => key in then && isSame(now[key], then[key]));
  }
  return now === then;
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(copy);
  }
  return isMap(value) ? snapshot(value) : value;
}

/** Whether a value is a map of its own, not an instance of a class. */
function isMap(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
