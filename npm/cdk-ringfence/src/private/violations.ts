/** Findings as the violations that the CDK reports. */

import type { PolicyViolationBeta1, PolicyViolatingResourceBeta1 } from 'aws-cdk-lib';
import type { Finding, Severity } from './report';

/** Whether there is a page: rules have one, and what this package says by itself has none. */
function hasPage(finding: Finding): boolean {
  return finding.rule.startsWith('RF');
}

/** Where the pages of the rules are. */
const PAGES = 'https://github.com/ringfence-dev/ringfence/blob/main/docs/rules';

/** A finding in a template of the app. */
export interface Located {
  readonly finding: Finding;
  readonly severity: Severity;
  /** The absolute path of the template. */
  readonly templatePath: string;
  /** The construct path: of the resource, or else of the stack. */
  readonly constructPath: string;
}

/** The violations, worst first; what the same rule says in the same words is one of them. */
export function violations(located: readonly Located[]): PolicyViolationBeta1[] {
  const groups = new Map<string, Located[]>();
  for (const one of located) {
    const { rule, message, help, world } = one.finding;
    const key = JSON.stringify([rule, one.severity, message, help, world]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const order: Severity[] = ['error', 'warning', 'info'];
  const sorted = [...groups.values()].sort((a, b) => order.indexOf(a[0].severity) - order.indexOf(b[0].severity));
  return sorted.map(violation);
}

function violation(group: Located[]): PolicyViolationBeta1 {
  const { finding, severity } = group[0];
  return {
    ruleName: finding.rule,
    description: finding.message,
    severity,
    fix: fix(finding),
    violatingResources: group.map(resource),
    ruleMetadata: metadata(group),
  };
}

/** What to do, and where the whole story is. */
function fix(finding: Finding): string {
  const more = hasPage(finding) ? [`\`npx ringfence explain ${finding.rule}\` says why, with an example`] : [];
  return [...(finding.help === null ? [] : [finding.help]), ...more].join('; ');
}

/**
 * The resource of a finding. The CDK finds its construct by the logical ID. Where there is no resource, newer versions of the
 * CDK take the path of a construct, such as the stack.
 */
function resource(one: Located): PolicyViolatingResourceBeta1 & { readonly constructPath?: string } {
  const { finding, templatePath, constructPath } = one;
  const locations = finding.propertyPath === null ? [] : [location(finding.propertyPath)];
  return finding.resource === null
    ? { resourceLogicalId: '', constructPath, templatePath, locations }
    : { resourceLogicalId: finding.resource, templatePath, locations };
}

/** A JSON pointer into the properties as the CDK writes locations: `Properties.Listeners.0.Port`. */
function location(pointer: string): string {
  const steps = pointer.split('/').slice(1).map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
  return ['Properties', ...steps].join('.');
}

/** What has no member of its own in a violation. */
function metadata(group: Located[]): { [key: string]: string } {
  const { finding } = group[0];
  const related = group.flatMap((one) => one.finding.related).map((other) => {
    const place = other.constructPath ?? other.resource ?? other.stack ?? '';
    return place === '' ? other.message : `${place} (${other.message})`;
  });
  const world = Object.entries(finding.world).map(([name, value]) => `${name} = ${value}`);
  return {
    ...(hasPage(finding) ? { docs: `${PAGES}/${finding.rule}.md` } : {}),
    ...(related.length > 0 ? { related: [...new Set(related)].join(', ') } : {}),
    ...(world.length > 0 ? { when: world.join(', ') } : {}),
  };
}
