import * as cdk from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { Acknowledgements } from './private/acknowledgements';
import { isProvisional, judge } from './private/judgement';
import type { Finding, Severity } from './private/report';
import { type Located, violations } from './private/violations';

/** How to judge an app. */
export interface RingfenceValidatorProps {
  /**
   * Whether warnings are errors, so that synthesis fails because of them.
   *
   * @default false
   */
  readonly failOnWarnings?: boolean;
}

/**
 * Judges the whole app when it is synthesized: every template of every stack, nested stacks and stages included, whether
 * made with this library or not. What it finds is in the CDK's validation report, under the construct and with what to do.
 *
 * ```ts
 * import { App } from 'aws-cdk-lib';
 * import { RingfenceValidator } from 'cdk-ringfence';
 *
 * const app = new App();
 * RingfenceValidator.attach(app);
 * ```
 *
 * A finding does not count where it was acknowledged, at the construct or around it: with
 * `Validations.of(construct).acknowledge({ id: 'Ringfence::RF1603', reason: '…' })` (aws-cdk-lib 2.251 and newer), with
 * `Annotations.of(construct).acknowledgeWarning('RF1603', '…')`, or with the metadata
 * `ringfence: { suppress: [{ rule: 'RF1603', reason: '…' }] }` of the resource.
 */
export class RingfenceValidator implements cdk.IPolicyValidationPluginBeta1 {
  /**
   * Lets an app, or a stage of it, be judged, by the interface for plugins that the installed aws-cdk-lib has.
   *
   * @param scope the app or stage, or a construct inside of it
   */
  public static attach(scope: IConstruct, props: RingfenceValidatorProps = {}): RingfenceValidator {
    const around = Construct.isConstruct(scope) ? [...scope.node.scopes].reverse() : [];
    const stage = around.find(cdk.Stage.isStage);
    if (stage === undefined) {
      throw new Error('RingfenceValidator.attach takes an app, a stage or a construct inside of one');
    }
    const validator = new RingfenceValidator(props);
    validator.root = stage.node.root;
    const { Validations } = cdk as unknown as { Validations?: Validations };
    if (Validations === undefined) {
      stage.policyValidationBeta1.push(validator);
    } else {
      Validations.of(stage).addPlugins(validator);
    }
    return validator;
  }

  public readonly name = 'Ringfence';
  public readonly version?: string = (require('../package.json') as { version: string }).version;

  private readonly failOnWarnings: boolean;
  private root: IConstruct | undefined;

  public constructor(props: RingfenceValidatorProps = {}) {
    this.failOnWarnings = props?.failOnWarnings ?? false;
  }

  /** Called by the CDK when the templates are written. */
  public validate(context: cdk.IPolicyValidationContextBeta1): cdk.PolicyValidationPluginReportBeta1 {
    const newer = context as cdk.IPolicyValidationContextBeta1 & NewerContext;
    const root = newer.appConstruct ?? this.root;
    const acknowledgements = root === undefined ? undefined : new Acknowledgements(root);
    const counted = judge(context.templatePaths, root)
      .filter(({ finding, constructPath }) => !acknowledgements?.cover(finding.rule, constructPath))
      .map((one) => ({ ...one, severity: this.severity(one.finding) }));
    const success = counted.every(({ severity }) => severity !== 'error') || isProvisional(context.templatePaths);
    if (success && newer.stackTemplates === undefined) {
      tell(counted);
    }
    return { success, violations: violations(counted), pluginVersion: this.version };
  }

  private severity(finding: Finding): Severity {
    return this.failOnWarnings && finding.severity === 'warning' ? 'error' : finding.severity;
  }
}

/** What newer versions of aws-cdk-lib have instead of the interface that this class names. */
interface Validations {
  of(scope: IConstruct): { addPlugins(...plugins: RingfenceValidator[]): void };
}

/** What newer versions of aws-cdk-lib tell a plugin besides. */
interface NewerContext {
  readonly appConstruct?: IConstruct;
  readonly stackTemplates?: readonly unknown[];
}

/** Prints what does not fail synthesis: versions of aws-cdk-lib before 2.251 show nothing of a report without errors. */
function tell(located: readonly Located[]): void {
  const words = { error: 'Error', warning: 'Warning', info: 'Info' };
  for (const { finding, severity, constructPath } of located) {
    console.error(`[${words[severity]} at /${constructPath}] ${finding.message} (${finding.rule})`);
  }
}
