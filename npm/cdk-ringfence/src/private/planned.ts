/**
 * A construct whose resources the model plans: once when it is made, and again before synthesis, when it is known what the app
 * has granted in the meantime.
 */

import { AspectPriority, Aspects, aws_ec2 as ec2, CfnResource, IAspect, Stack, Token } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { contextOf } from './context';
import { everything, PropNames, tellFindings, tellMistakes } from './findings';
import * as imports from './imports';
import { Interpreter } from './interpreter';
import { makeAfter } from './order';
import { elsewhere } from './other-regions';
import { quoted, Recording } from './place';
import { Additions, Finding, Handles, Json, Plan, plan, PlanRequest } from './plan';
import { AttachedPolicy, attachedPolicies, commonStack, needs } from './statements';

/** What a planned construct is made from. */
export interface PlannedProps {
  /** Which construct it is. */
  readonly kind: PlanRequest['kind'];
  /** How findings name its props. */
  readonly names: PropNames;
  /** Its props in the words of the spec. They are asked for again before synthesis. */
  readonly props: () => Json;
  /** What was recorded while they were lowered. */
  readonly recording: Recording;
  /** What is wrong that only the app knows. It is asked before synthesis. */
  readonly more?: () => readonly Finding[];
}

/** Plans a construct and makes it. */
export class Planned {
  /** What others connect to. */
  public readonly handles: Handles;
  private readonly interpreter: Interpreter;
  private readonly told = new Set<string>();
  private readonly first: PlanRequest;
  private answer: Plan;

  constructor(private readonly construct: Construct, private readonly props: PlannedProps) {
    this.interpreter = new Interpreter(construct);
    const { kind, recording: { mistakes } } = props;
    this.first = { kind, props: props.props(), context: contextOf(construct) };
    this.answer = plan(this.first);
    if (this.answer.resources.length === 0 || mistakes.some(({ isFatal }) => isFatal)) {
      const all = everything(construct, mistakes, this.answer.report.findings, props.names);
      throw new Error(`${construct.node.path} cannot be made:${all}`);
    }
    tellMistakes(construct, mistakes);
    this.interpreter.apply(this.answer);
    this.handles = this.answer.handles;
    for (const service of this.services()) {
      props.recording.before.filter((l1) => commonStack(l1, service)).forEach((l1) => makeAfter(service, l1));
    }
    Aspects.of(construct).add(new BeforeSynthesis(construct, () => this.complete()), { priority: AspectPriority.MUTATING });
    construct.node.addValidation({ validate: () => this.order() });
  }

  /** The L1 behind a handle. */
  public l1(id: string | undefined): CfnResource | undefined {
    return id === undefined ? undefined : this.interpreter.l1(id);
  }

  /** The L1 behind a handle that every plan of this kind has. */
  public require(name: string): CfnResource {
    const l1 = this.l1(this.handles[name]);
    if (!l1) {
      throw new Error(`internal error in Ringfence, please report it: the plan has no ${name}`);
    }
    return l1;
  }

  /** The VPC that was made, with its subnets. */
  public vpc(scope: Construct): ec2.IVpc {
    const { subnets = [], routeTables = [] } = this.handles;
    const l1s = (ids: string[]) => ids.map((id) => this.interpreter.l1(id));
    const vpc = imports.vpc(scope, 'Vpc', this.require('vpc'), l1s(subnets), l1s(routeTables));
    imports.establishedBy(vpc, this.interpreter.all());
    return vpc;
  }

  /** Plans again, with what the app did since, and makes and changes what follows from it. */
  private complete(): void {
    const attached = this.attached();
    const request = { ...this.first, props: this.props.props(), additions: this.additions(attached) };
    if (JSON.stringify(request) !== JSON.stringify(this.first)) {
      this.answer = plan(request);
      this.interpreter.apply(this.answer);
    }
    const { recording: { derived }, names } = this.props;
    const findings = this.answer.report.findings.filter(({ severity, specPath }) => severity !== 'info' || !derived.has(specPath ?? ''));
    tellFindings(this.construct, [...findings, ...this.cut(attached), ...this.far(attached), ...(this.props.more?.() ?? [])], names, this.told);
  }

  /**
   * Has services wait for what their tasks are allowed. What a policy needs itself shows only when no Aspect changes anything any
   * more; this is no validation, and finds nothing wrong.
   */
  private order(): string[] {
    for (const { role, policy } of this.attached()) {
      this.services(role).forEach((service) => waitFor(policy, service));
    }
    return [];
  }

  private attached(): AttachedPolicy[] {
    const roles = Object.values(this.handles.services ?? {}).flatMap((service) =>
      [service.taskRole, service.executionRole].flatMap((id) => this.l1(id) ?? []),
    );
    return roles.length === 0
      ? []
      : attachedPolicies(this.construct.node.root, roles, (l1) => this.interpreter.isOwn(l1));
  }

  /** Tells of policies whose resources cannot be named in the policies of endpoints. */
  private cut(attached: readonly AttachedPolicy[]): Finding[] {
    return attached.filter(({ isWhole }) => !isWhole).map(({ policy, role }) => ({
      rule: 'RF0031',
      severity: 'info',
      message: `the policy \`${policy.node.path}\` names what is made after this stack, so endpoints let through what it allows `
        + 'on whatever the account has',
      help: 'grant to the role instead, as in `bucket.grantRead(service.taskRole)`: then this stack comes after the other',
      specPath: `/services/${this.serviceOf(role)}`,
    }));
  }

  /** Tells of what tasks may do in other Regions, where endpoints do not lead. */
  private far(attached: readonly AttachedPolicy[]): Finding[] {
    const { region } = Stack.of(this.construct);
    if (Token.isUnresolved(region)) {
      return [];
    }
    return attached.flatMap(({ role, statements }) => {
      const service = this.serviceOf(role);
      return statements.flatMap((statement) => elsewhere(statement, region) ?? []).map((found): Finding => ({
        rule: 'RF0031',
        severity: 'warning',
        message: `the tasks of \`${service}\` may call ${quoted(found.services)} in \`${found.region}\`, and endpoints of `
          + `\`${region}\` do not lead there`,
        help: 'use a copy in the Region of the tasks, or a network that has a way to the other one',
        specPath: `/services/${service}`,
      }));
    });
  }

  /** The name of the service whose tasks have a role. */
  private serviceOf(role: CfnResource): string {
    const services = Object.entries(this.handles.services ?? {});
    const found = services.find(([, { taskRole, executionRole }]) => [taskRole, executionRole].some((id) => this.l1(id) === role));
    return found?.[0] ?? '';
  }

  private additions(attached: readonly AttachedPolicy[]): Additions | undefined {
    const of = (id: string | undefined) => {
      const role = this.l1(id);
      return attached.filter((policy) => policy.role === role).flatMap((policy) => policy.statements);
    };
    const services = Object.entries(this.handles.services ?? {})
      .map(([name, service]) => [name, { task: of(service.taskRole), execution: of(service.executionRole) }] as const)
      .filter(([, { task, execution }]) => task.length + execution.length > 0);
    return services.length === 0 ? undefined : { services: Object.fromEntries(services) };
  }

  /** The services, or those whose tasks have a role. */
  private services(role?: CfnResource): CfnResource[] {
    return Object.values(this.handles.services ?? {})
      .filter((handles) => !role || [handles.taskRole, handles.executionRole].some((id) => this.l1(id) === role))
      .flatMap(({ service }) => this.l1(service) ?? []);
  }
}

/** Calls back when its construct is visited before synthesis. */
class BeforeSynthesis implements IAspect {
  constructor(private readonly construct: Construct, private readonly call: () => void) {}

  public visit(node: IConstruct): void {
    if (node === this.construct) {
      this.call();
    }
  }
}

/** Has a service started only when its tasks are allowed what they are, unless the policy itself needs the service. */
function waitFor(policy: CfnResource, service: CfnResource): void {
  if (commonStack(policy, service) && !needs(policy, service)) {
    makeAfter(service, policy);
  }
}
