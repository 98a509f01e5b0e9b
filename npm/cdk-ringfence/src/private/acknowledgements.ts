/** What users acknowledged with the means of the CDK: such findings at and below these constructs do not count. */

import type { IConstruct } from 'constructs';

/**
 * Where `Annotations.of(…).acknowledgeWarning` keeps what it is told: on the app, under a symbol of the global registry, the
 * same in every version of aws-cdk-lib. Nothing public gives it back.
 */
const WARNINGS = Symbol.for('@aws-cdk/core.Acknowledgements');

/** The metadata that `Validations.of(…).acknowledge` leaves (its constant is not there in aws-cdk-lib before 2.251). */
const RULES = 'aws:cdk:acknowledged-rules';

/** The IDs under which a rule can be acknowledged. CDK puts `Annotation::` before an ID that names no plugin. */
function names(rule: string): string[] {
  return [rule, `Annotation::${rule}`, `Ringfence::${rule}`];
}

/** What aws-cdk-lib keeps of acknowledged warnings. */
interface Warnings {
  has(path: string, id: string): boolean;
}

/** The acknowledgements in an app. */
export class Acknowledgements {
  private readonly rules = new Map<string, Set<string>>();
  private readonly warnings: Warnings | undefined;

  public constructor(root: IConstruct) {
    this.warnings = (root as unknown as Record<symbol, Warnings | undefined>)[WARNINGS];
    for (const construct of root.node.findAll()) {
      for (const entry of construct.node.metadata) {
        if (entry.type === RULES) {
          this.add(construct.node.path, Object.keys(entry.data as object));
        }
      }
    }
  }

  /** Whether findings of `rule` are acknowledged at the construct with this path or around it. */
  public cover(rule: string, constructPath: string): boolean {
    // The warnings of older versions look among what is above a path and forget the path itself.
    const below = `${constructPath}/_`;
    return names(rule).some((id) => this.warnings?.has(below, id) ?? false) || this.coverByRule(rule, constructPath);
  }

  private coverByRule(rule: string, constructPath: string): boolean {
    const steps = constructPath.split('/');
    const around = ['', ...steps.map((_, index) => steps.slice(0, index + 1).join('/'))];
    return around.some((path) => names(rule).some((id) => this.rules.get(path)?.has(id)));
  }

  private add(path: string, ids: string[]): void {
    const known = this.rules.get(path) ?? new Set();
    ids.forEach((id) => known.add(id));
    this.rules.set(path, known);
  }
}
