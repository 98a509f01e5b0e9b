/**
 * A construct whose resources the model plans: once when it is made, and again before synthesis, when it is known what the app
 * has granted in the meantime.
 */

import { AspectPriority, Aspects, CfnResource, IAspect } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { contextOf } from './context';
import { everything, tellFindings, tellMistakes } from './findings';
import { Interpreter } from './interpreter';
import { Recording } from './place';
import { Additions, Handles, Json, Plan, plan, PlanRequest } from './plan';
import { AttachedPolicy, attachedPolicies, commonStack, needs } from './statements';

/** What a planned construct is made from. */
export interface PlannedProps {
  /** Which construct it is. */
  readonly kind: PlanRequest['kind'];
  /** The struct of its props, by which findings name them. */
  readonly struct: string;
  /** Its props in the words of the spec. They are asked for again before synthesis. */
  readonly props: () => Json;
  /** What was recorded while they were lowered. */
  readonly recording: Recording;
}

/** Plans a construct and makes it. */
export class Planned {
  /** What others connect to. */
  public readonly handles: Handles;
  private readonly interpreter: Interpreter;
  private readonly told = new Set<string>();
  private readonly first: PlanRequest;

  constructor(private readonly construct: Construct, private readonly props: PlannedProps) {
    this.interpreter = new Interpreter(construct);
    const { kind, recording: { mistakes } } = props;
    this.first = { kind, props: props.props(), context: contextOf(construct) };
    const answer = plan(this.first);
    if (answer.resources.length === 0) {
      throw new Error(`${construct.node.path} cannot be made:${everything(mistakes, answer.report.findings, props.struct)}`);
    }
    tellMistakes(construct, mistakes);
    this.apply(answer);
    this.handles = answer.handles;
    Aspects.of(construct).add(new BeforeSynthesis(construct, () => this.complete()), { priority: AspectPriority.MUTATING });
  }

  /** The L1 behind a handle. */
  public l1(id: string | undefined): CfnResource | undefined {
    return id === undefined ? undefined : this.interpreter.l1(id);
  }

  /** Plans again, with what the app did since, and makes and changes what follows from it. */
  private complete(): void {
    const attached = this.attached();
    const request = { ...this.first, props: this.props.props(), additions: this.additions(attached) };
    if (JSON.stringify(request) !== JSON.stringify(this.first)) {
      this.apply(plan(request));
    }
    for (const { role, policy } of attached) {
      this.servicesWith(role).forEach((service) => waitFor(policy, service));
    }
  }

  private apply(answer: Plan): void {
    tellFindings(this.construct, answer.report.findings, this.props.struct, this.told);
    this.interpreter.apply(answer);
  }

  private attached(): AttachedPolicy[] {
    const roles = Object.values(this.handles.services ?? {}).flatMap((service) =>
      [service.taskRole, service.executionRole].flatMap((id) => this.l1(id) ?? []),
    );
    return roles.length === 0
      ? []
      : attachedPolicies(this.construct.node.root, roles, (l1) => this.interpreter.isOwn(l1));
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

  /** The services whose tasks have a role. */
  private servicesWith(role: CfnResource): CfnResource[] {
    return Object.values(this.handles.services ?? {})
      .filter(({ taskRole, executionRole }) => this.l1(taskRole) === role || this.l1(executionRole) === role)
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
    service.addDependency(policy);
  }
}
