/** What the rulebook says of the templates that a validation plugin is asked about, with the constructs they come from. */

import { Stack, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { dirname, join, resolve } from 'node:path';
import { AssemblyFolder } from './cloud-assembly';
import type { Finding, Report } from './report';
import type { Located } from './violations';

/**
 * The findings that count in the assemblies of these templates: those of nested stacks are not among the paths but beside
 * them. Everything else around them is judged too, since what one template exports another may import, and not reported.
 */
export function judge(templatePaths: readonly string[], root: IConstruct | undefined): Located[] {
  const folders = new Set(templatePaths.map((path) => dirname(resolve(path))));
  const assemblies = new Map<string, AssemblyFolder>();
  for (const path of templatePaths) {
    const assembly = AssemblyFolder.around(resolve(path));
    assemblies.set(assembly.folder, assembly);
  }
  const stacks = stackPaths(root);
  return [...assemblies.values()].flatMap((assembly) => {
    const report = assembly.check();
    const findings = [...report.findings, ...incomplete(report)];
    return findings.filter((finding) => finding.suppressed === null)
      .map((finding) => locate(finding, assembly, stacks))
      .filter(({ finding, templatePath }) => finding.position === null || folders.has(dirname(templatePath)));
  });
}

/**
 * Whether the CDK CLI, which tells an app where to write, has yet to look something up for the assemblies of these templates and
 * will have them made once more. It would not after a failure.
 */
export function isProvisional(templatePaths: readonly string[]): boolean {
  return process.env.CDK_OUTDIR !== undefined && templatePaths.some((path) => AssemblyFolder.around(resolve(path)).lacksContext());
}

function locate(finding: Finding, assembly: AssemblyFolder, stacks: ReadonlyMap<string, string>): Located {
  const templatePath = assembly.path(finding.position?.file ?? 'manifest.json');
  const constructPath = finding.constructPath ?? stacks.get(templatePath) ?? '';
  return { finding, severity: finding.severity, templatePath, constructPath };
}

/** The paths of the stacks in an app, nested ones included, by the absolute paths of their templates. */
function stackPaths(root: IConstruct | undefined): Map<string, string> {
  const stacks = root?.node.findAll().filter(Stack.isStack) ?? [];
  return new Map(stacks.map((stack) => [resolve(join(Stage.of(stack)?.outdir ?? '', stack.templateFile)), stack.node.path]));
}

/** What was not judged, as findings: silence would pass for a clean answer. */
function incomplete(report: Report): Finding[] {
  return report.exhausted.map((budget) => ({
    rule: 'incomplete',
    severity: 'warning',
    message: `not everything was judged: the limit for ${budget} was reached`,
    help: 'attach the validator to one stage at a time, or split the stack that has so much in it',
    stack: null,
    resource: null,
    constructPath: null,
    propertyPath: null,
    position: null,
    related: [],
    world: {},
    suppressed: null,
  }));
}
