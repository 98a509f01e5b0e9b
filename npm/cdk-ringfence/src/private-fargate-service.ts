import {
  aws_cloudwatch as cloudwatch, aws_ec2 as ec2, aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2,
  aws_iam as iam, aws_logs as logs, aws_secretsmanager as secretsmanager, aws_sns as sns, CfnResource,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { PrivateFargateServiceProps } from './options.generated';
import { _Offer, _offerOf, PrivateLinkProvider } from './private-link-provider';
import { _PrivateService, IPrivateService } from './private-service';
import * as imports from './private/imports';
import { lowerStruct } from './private/lowering';
import { principal } from './private/networks';
import { Once } from './private/once';
import { Place, Recording } from './private/place';
import { Json, ServiceHandles } from './private/plan';
import { Planned } from './private/planned';

/**
 * Services on ECS Fargate in a network without any way to or from the internet, behind an internal Network Load Balancer, and
 * shared through AWS PrivateLink with whom you name.
 *
 * @resource AWS::ECS::Service
 */
export class PrivateFargateService extends PrivateLinkProvider implements ec2.IConnectable {
  private readonly planned: Planned;
  private readonly once = new Once();
  private readonly handles: Construct;
  private readonly props: PrivateFargateServiceProps;
  private readonly spec: Json;

  constructor(scope: Construct, id: string, props: PrivateFargateServiceProps) {
    super(scope, id);
    this.props = props ?? {};
    const recording = new Recording(this);
    this.spec = lowerStruct(props, 'Spec', new Place(recording));
    this.planned = new Planned(this, { kind: 'service', names: { struct: 'Spec' }, props: () => this.withGranted(), recording });
    this.handles = new Construct(this, 'Handles');
    for (const [name, statements] of recording.statements) {
      statements.forEach((statement) => this.serviceNamed(name).executionRole.addToPrincipalPolicy(statement));
    }
  }

  /**
   * The VPC: a new one, or the one that was given.
   */
  public get vpc(): ec2.IVpc {
    const existing = this.props.network?.existing;
    return existing ? existing.vpc : this.once.get('vpc', () => this.planned.vpc(this.handles));
  }

  /**
   * The ECS cluster: a new one, or the one that was given.
   */
  public get cluster(): ecs.ICluster {
    return this.props.cluster?.existing ?? this.once.get('cluster', () =>
      imports.cluster(this.handles, 'Cluster', this.l1(this.planned.handles.cluster, 'there is no cluster'), this.vpc));
  }

  /**
   * The names of the services.
   */
  public get serviceNames(): string[] {
    return Object.keys(this.planned.handles.services ?? {});
  }

  /**
   * One of the services.
   *
   * @param name its name under `services` of the props
   */
  public serviceNamed(name: string): IPrivateService {
    return this.once.get(`service ${name}`, () => this.makeService(name));
  }

  /**
   * The ECS service. Where there are several, ask `serviceNamed` instead.
   */
  public get service(): ecs.IFargateService {
    return this.only('service').service;
  }

  /**
   * The role of the containers. What is granted to it opens the endpoints that are needed for it. Where there are several
   * services, ask `serviceNamed` instead.
   */
  public get taskRole(): iam.IRole {
    return this.only('taskRole').taskRole;
  }

  /**
   * The role with which ECS pulls images, reads secrets and writes logs. Where there are several services, ask
   * `serviceNamed` instead.
   */
  public get executionRole(): iam.IRole {
    return this.only('executionRole').executionRole;
  }

  /**
   * The log of the containers. Where there are several services, ask `serviceNamed` instead.
   */
  public get logGroup(): logs.ILogGroup {
    return this.only('logGroup').logGroup;
  }

  /**
   * What the tasks connect to and who connects to them, past the load balancer. The default port is that of the container with
   * its transport; a port for both TCP and UDP is none, since one rule cannot say it. Where there are several services, ask
   * `serviceNamed` instead.
   */
  public get connections(): ec2.Connections {
    return this.only('connections').connections;
  }

  /**
   * The internal Network Load Balancer.
   */
  public get loadBalancer(): elbv2.INetworkLoadBalancer {
    return this.once.get('loadBalancer', () => {
      const { loadBalancer, loadBalancerSecurityGroup } = this.planned.handles;
      const advice = 'nothing listens, so there is no load balancer: give a service a `port`';
      const group = this.planned.l1(loadBalancerSecurityGroup);
      const groups = group ? [imports.attribute(group, 'GroupId')] : [];
      return imports.loadBalancer(this.handles, 'LoadBalancer', this.l1(loadBalancer, advice), this.vpc, groups);
    });
  }

  /**
   * The listeners of the load balancer, by port.
   */
  public get listeners(): { [port: string]: elbv2.INetworkListener } {
    const all = Object.entries(this.planned.handles.listeners ?? {}).map(([port, { listener }]) => [
      port,
      this.once.get(`listener ${port}`, () => imports.listener(this.handles, `Listener${port}`, this.l1(listener, ''))),
    ]);
    return Object.fromEntries(all);
  }

  public get endpointServiceId(): string {
    this._assertShared();
    return this.l1(this.planned.handles.endpointService, '').ref;
  }

  public get notificationTopic(): sns.ITopic {
    const given = this.props.privateLink?.notifications?.topic;
    return given ?? this.once.get('topic', () =>
      imports.topic(this.handles, 'Topic', this.l1(this.planned.handles.topic, 'no messages are sent about connections')));
  }

  /**
   * The alarms.
   */
  public get alarms(): cloudwatch.IAlarm[] {
    return (this.planned.handles.alarms ?? []).map((id, index) => {
      const name = `Alarm${index + 1}`;
      return this.once.get(name, () => imports.alarm(this.handles, name, this.l1(id, '')));
    });
  }

  /**
   * A secret that the construct makes.
   *
   * @param name its name under `secrets` of the props
   */
  public secret(name: string): secretsmanager.ISecret {
    const [, id] = Object.entries(this.planned.handles.secrets ?? {}).find(([known]) => known === name) ?? [];
    return this.once.get(`secret ${name}`, () =>
      imports.secret(this.handles, `Secret${name}`, this.l1(id, `there is no secret \`${name}\` under \`secrets\``)));
  }

  /** @internal */
  public get _offer(): _Offer {
    const listeners = Object.values(this.planned.handles.listeners ?? {});
    return _offerOf(this, this.spec.privateLink ?? {}, listeners.map(({ port, protocol }) => ({ port, protocol: protocol.toLowerCase() })));
  }

  /** @internal */
  protected get _allow(): Json[] {
    return this.spec.privateLink?.allow ?? [];
  }

  /** @internal */
  protected _assertShared(): void {
    if (this.planned.handles.endpointService === undefined) {
      throw new Error(`${this.node.path} is not shared: give it \`privateLink\``);
    }
  }

  /** The props with those who were let in since. */
  private withGranted(): Json {
    if (this._granted.length === 0) {
      return this.spec;
    }
    const { privateLink } = this.spec;
    return { ...this.spec, privateLink: { ...privateLink, allow: [...privateLink.allow, ...this._granted.map(principal)] } };
  }

  private makeService(name: string): IPrivateService {
    const handles = this.serviceNames.includes(name) ? this.planned.handles.services?.[name] : undefined;
    if (!handles) {
      throw new Error(`${this.node.path} has no service \`${name}\`; it has ${this.serviceNames.join(', ')}`);
    }
    const scope = new Construct(this.handles, name);
    const l1 = (id: string | undefined) => this.l1(id, `the service \`${name}\` could not be made`);
    return new _PrivateService({
      service: imports.service(scope, 'Service', l1(handles.service), this.cluster),
      clusterName: this.cluster.clusterName,
      taskRole: imports.role(scope, 'TaskRole', l1(handles.taskRole)),
      executionRole: imports.role(scope, 'ExecutionRole', l1(handles.executionRole)),
      securityGroup: imports.securityGroup(scope, 'SecurityGroup', l1(handles.securityGroup)),
      logGroup: imports.logGroup(scope, 'LogGroup', l1(handles.logGroup)),
      taskDefinitionArn: l1(handles.taskDefinition).ref,
      defaultPort: this.defaultPort(name, handles),
    });
  }

  /** The port of the tasks, as one rule of a security group can say it: of a port for TCP and UDP there is none. */
  private defaultPort(name: string, { port, protocol, container }: ServiceHandles): ec2.Port | undefined {
    const leadThere = Object.values(this.planned.handles.listeners ?? {})
      .filter((listener) => listener.service === name && listener.container === container);
    if (port === undefined || leadThere.some((listener) => listener.protocol === 'TCP_UDP')) {
      return undefined;
    }
    return protocol === 'udp' ? ec2.Port.udp(port) : ec2.Port.tcp(port);
  }

  /** The only service. */
  private only(member: string): IPrivateService {
    const names = this.serviceNames;
    if (names.length !== 1) {
      throw new Error(
        `${this.node.path} has ${names.length} services: ask \`serviceNamed('${names[0] ?? 'NAME'}').${member}\` instead of \`${member}\``,
      );
    }
    return this.serviceNamed(names[0]);
  }

  private l1(id: string | undefined, advice: string): CfnResource {
    const l1 = this.planned.l1(id);
    if (!l1) {
      throw new Error(`${this.node.path}: ${advice}`);
    }
    return l1;
  }
}
