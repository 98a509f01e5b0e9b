import { aws_elasticloadbalancingv2 as elbv2, aws_sns as sns } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { IpAddressType } from './enums.generated';
import { PrivateLinkOptions } from './options.generated';
import { ServicePort } from './private-link-consumer';
import { _Offer, _offerOf, PrivateLinkProvider } from './private-link-provider';
import { refuse } from './private/findings';
import * as imports from './private/imports';
import { lowerStruct } from './private/lowering';
import { principal } from './private/networks';
import { Once } from './private/once';
import { Place, Recording } from './private/place';
import { Json } from './private/plan';
import { Planned } from './private/planned';
import { portable } from './private/portable';

/**
 * Which load balancer is shared, and with whom.
 */
export interface PrivateLinkServiceProps extends PrivateLinkOptions {
  /**
   * The Network Load Balancer, of this app or imported.
   */
  readonly loadBalancer: elbv2.INetworkLoadBalancer;

  /**
   * The ports on which it listens; consumers that are added are let out to them.
   *
   * @default - none: then `addConsumer` cannot be called
   */
  readonly ports?: ServicePort[];

  /**
   * The kinds of addresses that the load balancer has.
   *
   * @default - what CDK knows of the load balancer, or IPv4
   */
  readonly ipAddressType?: IpAddressType;

  /**
   * Whether its security groups are applied to connections through PrivateLink.
   *
   * @default - what CDK knows of the load balancer, or false
   */
  readonly enforcePrivateLink?: boolean;

  /**
   * In how many Availability Zones the load balancer is.
   *
   * @default - not known
   */
  readonly zones?: number;
}

/**
 * Shares any Network Load Balancer through AWS PrivateLink with whom you name.
 *
 * @resource AWS::EC2::VPCEndpointService
 */
export class PrivateLinkService extends PrivateLinkProvider {
  public readonly endpointServiceId: string;
  private readonly planned: Planned;
  private readonly once = new Once();
  private readonly props: PrivateLinkServiceProps;
  private readonly spec: Json;

  constructor(scope: Construct, id: string, props: PrivateLinkServiceProps) {
    super(scope, id);
    this.props = props ?? {};
    const recording = new Recording(this);
    const beside = ['loadBalancer', 'ports', 'ipAddressType', 'enforcePrivateLink', 'zones'];
    this.spec = { ...lowerStruct(props, 'PrivateLink', new Place(recording), beside), loadBalancer: this.loadBalancer() };
    this.planned = new Planned(this, { kind: 'privateLink', names: { struct: 'PrivateLink' }, props: () => this.withGranted(), recording });
    this.endpointServiceId = this.planned.require('endpointService').ref;
  }

  public get notificationTopic(): sns.ITopic {
    const given = this.props.notifications?.topic;
    return given ?? this.once.get('topic', () => {
      const l1 = this.planned.l1(this.planned.handles.topic);
      if (!l1) {
        throw new Error(`${this.node.path}: no messages are sent about connections`);
      }
      return imports.topic(new Construct(this, 'Handles'), 'Topic', l1);
    });
  }

  /** @internal */
  public get _offer(): _Offer {
    const { ports } = this.props;
    if (!ports) {
      throw new Error(`${this.node.path}: give \`ports\`, so that consumers are let out to them`);
    }
    return _offerOf(this, this.spec, ports);
  }

  /** @internal */
  protected get _allow(): Json[] {
    return this.spec.allow;
  }

  /** @internal */
  protected _assertShared(): void {
    // It always is.
  }

  private withGranted(): Json {
    return this._granted.length === 0 ? this.spec : { ...this.spec, allow: [...this.spec.allow, ...this._granted.map(principal)] };
  }

  /** The load balancer in the words of a plan. */
  private loadBalancer(): Json {
    const { loadBalancer, ipAddressType, enforcePrivateLink, zones } = this.props;
    if (loadBalancer?.loadBalancerArn === undefined || loadBalancer instanceof elbv2.ApplicationLoadBalancer) {
      refuse(this, 'loadBalancer', 'there is no Network Load Balancer to share', 'give an `elbv2.INetworkLoadBalancer`');
    }
    // The switch is on unless it is off, but only a load balancer with security groups has it.
    const enforced = loadBalancer.enforceSecurityGroupInboundRulesOnPrivateLinkTraffic
      ?? ((loadBalancer.securityGroups ?? []).length > 0 ? 'on' : 'off');
    const isDual = loadBalancer.ipAddressType === elbv2.IpAddressType.DUAL_STACK;
    return portable({
      arn: loadBalancer.loadBalancerArn,
      ipAddressType: ipAddressType ?? (isDual ? IpAddressType.DUALSTACK : undefined),
      enforcePrivateLink: enforcePrivateLink ?? enforced === 'on',
      zones,
    });
  }
}
