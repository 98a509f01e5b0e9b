import { aws_ec2 as ec2, CfnOutput, CfnParameter, Stack, Stage, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { EndpointIpType, ListenerProtocol } from './enums.generated';
import { ConsumerOptions } from './options.generated';
import { PrivateLinkProvider } from './private-link-provider';
import * as imports from './private/imports';
import { lowerStruct } from './private/lowering';
import { cidrsOf, selectSubnets } from './private/networks';
import { Place, Recording } from './private/place';
import { Json } from './private/plan';
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
    const spec = { ...lowerStruct(props, 'Consumer', new Place(recording), ['service', 'foreign']), ...this.offer(props), vpc: vpcOf(props) };
    const planned = new Planned(this, { kind: 'consumer', struct: 'Consumer', props: () => spec, recording });
    this.endpointId = planned.require('endpoint').ref;
    const group = imports.securityGroup(new Construct(this, 'Handles'), 'SecurityGroup', planned.require('securityGroup'));
    this.connections = new ec2.Connections({ securityGroups: [group] });
  }

  /** What the service offers, in the words of a plan. */
  private offer({ service, foreign }: PrivateLinkConsumerProps): Json {
    if ((service === undefined) === (foreign === undefined)) {
      throw new Error(`${this.node.path}: give exactly one of \`service\` and \`foreign\``);
    }
    return foreign ? portable(foreign) : { ...service!._offer, serviceName: this.nameOf(service!) };
  }

  /** The name of a service of this app, or a parameter for it where no reference reaches. */
  private nameOf(service: PrivateLinkProvider): string {
    const [here, there] = [Stack.of(this), Stack.of(service)];
    if (here.environment === there.environment && Stage.of(here) === Stage.of(there)) {
      return service.endpointServiceName;
    }
    const output = service.node.findChild('EndpointServiceName') as CfnOutput;
    // The name of a nested stack is known at deployment only, and a description is a plain text.
    const stack = Token.isUnresolved(there.stackName) ? there.node.path : there.stackName;
    return new CfnParameter(this, 'ServiceName', {
      description: `The name of the endpoint service, which the stack ${stack} has as the output ${output.logicalId}`,
    }).valueAsString;
  }
}

/** The VPC of a consumer, in the words of a plan. */
function vpcOf({ vpc, subnets, cidrs }: PrivateLinkConsumerProps): Json {
  return withoutStandIns({ id: vpc.vpcId, cidrs: cidrsOf(vpc, cidrs), subnets: selectSubnets(vpc, subnets).subnetIds });
}
