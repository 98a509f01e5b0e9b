/**
 * Where in the props something is lowered, and what is found out and recorded on the way.
 */

import { aws_iam as iam, CfnResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** Something wrong that shows already while props are lowered. */
export interface Mistake {
  /** The prop, such as `services.api.memory`. */
  readonly prop: string;
  readonly message: string;
  readonly help?: string;
  /** Whether it leaves nothing that could be made: a value of another kind than the prop takes. */
  readonly isFatal?: boolean;
}

/** What is recorded while the props of one construct are lowered. */
export class Recording {
  /** What is wrong. */
  public readonly mistakes: Mistake[] = [];
  /** What the execution role of each service must be allowed beyond what the plan sees to. */
  public readonly statements = new Map<string, iam.PolicyStatement[]>();
  /** What must exist before a task can start, beside what the plan has. */
  public readonly before: CfnResource[] = [];
  /** Places in the lowered props, as JSON pointers, that no prop of the user says: CDK knew it. */
  public readonly derived = new Set<string>();

  constructor(
    /** The construct whose props are lowered. */
    public readonly construct: Construct,
  ) {}
}

/** A place in the props. */
export class Place {
  constructor(
    /** What is recorded. */
    public readonly recording: Recording,
    /** The props on the way, from the outermost. */
    public readonly path: readonly string[] = [],
  ) {}

  /** The construct whose props are lowered. */
  public get construct(): Construct {
    return this.recording.construct;
  }

  /** A member of this place. */
  public child(name: string | number): Place {
    return new Place(this.recording, [...this.path, String(name)]);
  }

  /** The service in which the place is. */
  public get service(): string {
    return this.path[0] === 'services' ? this.path[1] : '';
  }

  /** The names of the service and of the container in which the place is, as parts of a construct path. */
  public get container(): string[] {
    const [, service, member, sidecar] = this.path;
    return member === 'sidecars' ? [service, sidecar] : [service];
  }

  /** Records that something is wrong here. */
  public mistake(message: string, help?: string): void {
    this.recording.mistakes.push({ prop: this.path.join('.'), message, help });
  }

  /** Records the props that there are not: no compiler sees to that in JavaScript. */
  public tellUnknown(props: object, known: readonly string[]): void {
    for (const [prop, value] of Object.entries(props)) {
      if (!known.includes(prop) && value !== undefined) {
        this.child(prop).mistake('there is no such prop', `there are ${quoted(known)}`);
      }
    }
  }

  /** Records that the value here is of another kind than the prop takes, so that there is nothing to go on with. */
  public unusable(message: string, help: string): void {
    this.recording.mistakes.push({ prop: this.path.join('.'), message, help, isFatal: true });
  }

  /** Records that another key beside this one comes from what CDK knows. */
  public derive(key: string): void {
    this.recording.derived.add(['', ...this.path.slice(0, -1), key].join('/'));
  }

  /** Records what the execution role of the service must be allowed beyond what the plan sees to. */
  public allow(statements: iam.PolicyStatement[]): void {
    const before = this.recording.statements.get(this.service) ?? [];
    this.recording.statements.set(this.service, [...before, ...statements]);
  }
}

/** Names of props, as messages show them. */
export function quoted(names: readonly string[]): string {
  return [...names].sort().map((name) => `\`${name}\``).join(', ');
}
