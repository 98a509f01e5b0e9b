/** The report of Ringfence's model, as `schema/report.schema.json` describes it: the members that this package reads. */

/** How bad a finding is. */
export type Severity = 'error' | 'warning' | 'info';

/** What a finding is about. */
export interface Address {
  /** The stack, by its name in CloudFormation; of a nested stack with the logical ID behind it. */
  readonly stack: string | null;
  /** The logical ID of the resource. */
  readonly resource: string | null;
  readonly constructPath: string | null;
  /** A JSON pointer into the properties of the resource. */
  readonly propertyPath: string | null;
  readonly position: { readonly file: string; readonly line: number; readonly column: number } | null;
}

/** Something else that has to do with a finding. */
export interface Related extends Address {
  readonly message: string;
}

/** A rule that fired. */
export interface Finding extends Address {
  /** The code of the rule. */
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly help: string | null;
  readonly related: readonly Related[];
  /** The conditions and parameter values that make it true. */
  readonly world: { readonly [name: string]: string };
  /** Why it does not count, when the metadata of the resource says so. */
  readonly suppressed: { readonly reason: string } | null;
}

/** All that was found. */
export interface Report {
  readonly status: 'clean' | 'findings' | 'incomplete' | 'unusable';
  readonly findings: readonly Finding[];
  /** The budgets that ran out: what depends on them was not judged. */
  readonly exhausted: readonly string[];
}
