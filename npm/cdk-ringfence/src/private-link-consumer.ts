import { aws_ec2 as ec2, CfnOutput, CfnParameter, Stack, Stage, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { EndpointIpType, ListenerProtocol } from './enums.generated';
import { ConsumerOptions } from './options.generated';
import { PrivateLinkProvider } from './private-link-provider';
import { refuse } from './private/findings';
import * as imports from './private/imports';
import { lowerStruct } from './private/lowering';
import { cidrsOf, selectSubnets, SUBNETS_ADVICE } from './private/networks';
import { Place, quoted, Recording } from './private/place';
import { Finding, Json } from './private/plan';
import { Planned } from './private/planned';
import { portable } from './private/portable';
import { withoutStandIns } from './private/stand-ins';

/**
 * A port on which a service is reached.
 */
export interface ServicePort {
  /**
   * The port.
   */
  readonly port: number;

  /**
   * The protocol.
   *
   * @default ListenerProtocol.TCP
   */
  readonly protocol?: ListenerProtocol;
}

/**
 * A service that is shared through AWS PrivateLink by somebody else than this app.
 */
export interface ForeignServiceOptions {
  /**
   * The name of the service, such as `com.amazonaws.vpce.eu-west-1.vpce-svc-…`.
   */
  readonly serviceName: string;

  /**
   * The ports on which it is reached.
   */
  readonly ports: ServicePort[];

  /**
   * The Region of the service.
   *
   * @default - that of the consumer
   */
  readonly serviceRegion?: string;

  /**
   * The Regions beside its own from which it can be used.
   *
   * @default - not known
   */
  readonly supportedRegions?: string[];

  /**
   * Its private DNS name, once it has been verified.
   *
   * @default - none
   */
  readonly privateDns?: string;

  /**
   * The kinds of addresses that endpoints of the service may have.
   *
   * @default [EndpointIpType.IPV4]
   */
  readonly ipTypes?: EndpointIpType[];
}

/**
 * What connects to a service that is shared through AWS PrivateLink, and to which.
 */
export interface PrivateLinkConsumerProps extends ConsumerOptions {
  /**
   * The service, when it is in this app.
   *
   * In another account, Region or stage its name cannot be referred to: the stack of the consumer then asks for it by a parameter.
   *
   * @default - the one that `foreign` describes
   */
  readonly service?: PrivateLinkProvider;

  /**
   * The service, when it is not in this app.
   *
   * @default - `service`
   */
  readonly foreign?: ForeignServiceOptions;
}

/**
 * An interface endpoint that leads to a service which is shared through AWS PrivateLink.
 *
 * @resource AWS::EC2::VPCEndpoint
 */
export class PrivateLinkConsumer extends Construct implements ec2.IConnectable {
  /**
   * The ID of the endpoint, which the provider accepts.
   *
   * @attribute
   */
  public readonly endpointId: string;

  /**
   * Who connects to the endpoint.
   */
  public readonly connections: ec2.Connections;

  constructor(scope: Construct, id: string, props: PrivateLinkConsumerProps) {
    super(scope, id);
    const recording = new Recording(this);
    const given: Partial<PrivateLinkConsumerProps> = props ?? {};
    const lowered = lowerStruct(props, 'Consumer', new Place(recording), ['service', 'foreign']);
    const spec = { ...lowered, ...this.offer(given), vpc: this.vpcOf(given) };
    const planned = new Planned(this, {
      kind: 'consumer',
      names: { struct: 'Consumer', beside: { prop: given.foreign ? 'foreign' : 'service', members: OFFERED } },
      props: () => spec,
      recording,
      more: () => this.strangers(given.service),
    });
    this.endpointId = planned.require('endpoint').ref;
    const group = imports.securityGroup(new Construct(this, 'Handles'), 'SecurityGroup', planned.require('securityGroup'));
    this.connections = new ec2.Connections({ securityGroups: [group] });
  }

  /** What the service offers, in the words of a plan. */
  private offer(props: Partial<PrivateLinkConsumerProps>): Json {
    const [service, foreign] = [props.service ?? undefined, props.foreign ?? undefined];
    if ((service === undefined) === (foreign === undefined)) {
      throw new Error(`${this.node.path}: give exactly one of \`service\` and \`foreign\``);
    }
    if (foreign) {
      const unknown = Object.keys(foreign).find((key) => !OFFERED.includes(key));
      return unknown === undefined
        ? portable(foreign)
        : refuse(this, `foreign.${unknown}`, 'there is no such prop', `there are ${quoted(OFFERED)}`);
    }
    if (!Construct.isConstruct(service) || !('_offer' in service)) {
      refuse(this, 'service', 'this is no service that is shared', 'give a `PrivateFargateService` or a `PrivateLinkService`');
    }
    const { ports, privateDns, ...others } = service._offer;
    return {
      ...others,
      ports: ports.map((one: Json, index: number) => ({ ...one, port: this.portOf(one.port, service, index) })),
      privateDns: privateDns === undefined ? undefined : this.textOf(privateDns, service, 'PrivateDns', 'The private DNS name of the endpoint service'),
      serviceName: this.nameOf(service),
    };
  }

  /** The name of a service of this app, or a parameter for it where no reference reaches. */
  private nameOf(service: PrivateLinkProvider): string {
    const output = service.node.findChild('EndpointServiceName') as CfnOutput;
    const tells = `has as the output ${output.logicalId}`;
    return this.textOf(service.endpointServiceName, service, 'ServiceName', 'The name of the endpoint service', tells);
  }

  /** A text of the service, or a parameter for it where no reference reaches. */
  private textOf(text: string, service: PrivateLinkProvider, id: string, what: string, tells = 'has'): string {
    return this.isReached(service) || !Token.isUnresolved(text)
      ? text
      : new CfnParameter(this, id, { description: `${what}, which the stack ${stackOf(service)} ${tells}` }).valueAsString;
  }

  /** A port of the service, or a parameter for it where no reference reaches. */
  private portOf(port: number, service: PrivateLinkProvider, index: number): number {
    return this.isReached(service) || !Token.isUnresolved(port)
      ? port
      : new CfnParameter(this, `Port${index + 1}`, {
        type: 'Number', minValue: 1, maxValue: 65535,
        description: `A port of the endpoint service, on which the load balancer of the stack ${stackOf(service)} listens`,
      }).valueAsNumber;
  }

  /** Whether this stack can refer to that of the service. */
  private isReached(service: PrivateLinkProvider): boolean {
    const [here, there] = [Stack.of(this), Stack.of(service)];
    return here.environment === there.environment && Stage.of(here) === Stage.of(there);
  }

  /** The VPC, in the words of a plan. */
  private vpcOf({ vpc, subnets, cidrs }: Partial<PrivateLinkConsumerProps>): Json {
    if (vpc?.vpcId === undefined) {
      refuse(this, 'vpc', 'there is no VPC from which to connect', 'give an `ec2.IVpc`');
    }
    return withoutStandIns({ id: vpc.vpcId, cidrs: cidrsOf(vpc, cidrs), subnets: this.subnetsOf(vpc, subnets) });
  }

  private subnetsOf(vpc: ec2.IVpc, subnets?: ec2.SubnetSelection): string[] {
    try {
      return selectSubnets(vpc, subnets).subnetIds;
    } catch (error) {
      return refuse(this, 'subnets', error instanceof Error ? error.message : String(error), SUBNETS_ADVICE);
    }
  }

  /** Tells when nobody of the account of this consumer may connect, as far as the app knows. */
  private strangers(service?: PrivateLinkProvider): Finding[] {
    const { account } = Stack.of(this);
    const isKnown = service && !Token.isUnresolved(account) && !Token.isUnresolved(Stack.of(service).account);
    if (!isKnown || account === Stack.of(service).account || service._admits(account)) {
      return [];
    }
    const help = `let it in: \`grantConnect(new iam.AccountPrincipal('${account}'))\` of ${service.node.path}, or \`allow\` there`;
    return [{ rule: 'RF0501', severity: 'warning', message: `the account \`${account}\` may not connect`, help, specPath: '/service' }];
  }
}

/** What is said of a service that is not in the app, which is what one of the app offers. */
const OFFERED = ['serviceName', 'ports', 'serviceRegion', 'supportedRegions', 'privateDns', 'ipTypes'];

/** The name of the stack of a service, for a description: that of a nested stack is known at deployment only. */
function stackOf(service: PrivateLinkProvider): string {
  const { stackName, node } = Stack.of(service);
  return Token.isUnresolved(stackName) ? node.path : stackName;
}
