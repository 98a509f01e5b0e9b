/** What users acknowledged with the means of the CDK: such findings at and below these constructs do not count. */

import type { IConstruct } from 'constructs';

/**
 * Where `Annotations.of(…).acknowledgeWarning` keeps what it is told: on the app, under a symbol of the global registry, the
 * same in every version of aws-cdk-lib. Nothing public gives it back.
 */
const WARNINGS = Symbol.for('@aws-cdk/core.Acknowledgements');

/** The metadata that `Validations.of(…).acknowledge` leaves (its constant is not there in aws-cdk-lib before 2.251). */
const RULES = 'aws:cdk:acknowledged-rules';

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

  /**
   * Whether findings of `rule` are acknowledged at the construct with this path or around it, in a way that the CDK does not
   * see to by itself: what names the plugin it takes out of the report, and lists it there as acknowledged.
   */
  public cover(rule: string, constructPath: string): boolean {
    const withPlugin = `Ringfence::${rule}`;
    if (this.isRule(withPlugin, constructPath)) {
      return false;
    }
    // CDK puts `Annotation::` before an ID that names no plugin.
    return this.isRule(`Annotation::${rule}`, constructPath)
      || this.isWarning(rule, constructPath)
      || this.isWarning(withPlugin, constructPath);
  }

  private isWarning(id: string, constructPath: string): boolean {
    // It looks at what is above a path; older versions forget the path itself, and all forget the app, whose path is empty.
    return [`${constructPath}/_`, '//_'].some((path) => this.warnings?.has(path, id) ?? false);
  }

  private isRule(id: string, constructPath: string): boolean {
    const steps = constructPath.split('/');
    const around = ['', ...steps.map((_, index) => steps.slice(0, index + 1).join('/'))];
    return around.some((path) => this.rules.get(path)?.has(id));
  }

  private add(path: string, ids: string[]): void {
    const known = this.rules.get(path) ?? new Set();
    ids.forEach((id) => known.add(id));
    this.rules.set(path, known);
  }
}
