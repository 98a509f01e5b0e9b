import { aws_cloudwatch as cloudwatch, aws_iam as iam, aws_sns as sns, Duration, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { AllowedPrincipal, AllowedPrincipalOptions } from './allowed-principal';
import { ConsumerOptions } from './options.generated';
import { PrivateLinkConsumer } from './private-link-consumer';
import { principal } from './private/networks';

/**
 * What consumers need to know of a service, in the words of a plan.
 *
 * @internal
 */
export type _Offer = { readonly [key: string]: any };

/**
 * What a service offers to its consumers, beside its name.
 *
 * @internal
 */
export function _offerOf(provider: Construct, privateLink: { readonly [key: string]: any }, ports: readonly object[]): _Offer {
  const { region } = Stack.of(provider);
  const { privateDns, ipTypes, regions } = privateLink;
  return {
    ports,
    privateDns: privateDns?.verified ? privateDns.name : undefined,
    ipTypes,
    supportedRegions: regions ?? [],
    serviceRegion: Token.isUnresolved(region) ? undefined : region,
  };
}

/**
 * A service that may be shared through AWS PrivateLink.
 */
export abstract class PrivateLinkProvider extends Construct {
  /**
   * Whom `grantConnect` has let in.
   *
   * @internal
   */
  protected readonly _granted: AllowedPrincipal[] = [];

  /**
   * The ID of the endpoint service.
   *
   * @attribute
   */
  public abstract readonly endpointServiceId: string;

  /**
   * The topic that is told of new, accepted, rejected and deleted connections.
   */
  public abstract readonly notificationTopic: sns.ITopic;

  /**
   * Throws with advice when nothing is shared.
   *
   * @internal
   */
  protected abstract _assertShared(): void;

  /**
   * Who may connect, beside whom `grantConnect` has let in, in the words of a plan.
   *
   * @internal
   */
  protected abstract get _allow(): readonly _Offer[];

  /**
   * What consumers need to know beside the name of the service.
   *
   * @internal
   */
  public abstract get _offer(): _Offer;

  /**
   * The name by which consumers create their endpoints, such as `com.amazonaws.vpce.eu-west-1.vpce-svc-…`.
   *
   * @attribute
   */
  public get endpointServiceName(): string {
    return `com.amazonaws.vpce.${Stack.of(this).region}.${this.endpointServiceId}`;
  }

  /**
   * Whether somebody of an account may connect, as far as that can be told.
   *
   * @internal
   */
  public _admits(account: string): boolean {
    const named: string[] = [...this._allow, ...this._granted.map(principal)].map((one) => one.account ?? one.arn);
    return named.some((one) => Token.isUnresolved(one) || one === account || one.split(':')[4] === account);
  }

  /**
   * Lets an account, a user or a role connect.
   *
   * @param principal who may connect: an `iam.AccountPrincipal`, an `iam.ArnPrincipal`, a user or a role
   * @param options from where
   */
  public grantConnect(principal: iam.IPrincipal, options?: AllowedPrincipalOptions): void {
    this._assertShared();
    this._granted.push(AllowedPrincipal.of(principal, options));
  }

  /**
   * Lets somebody see, accept and reject connections, by IAM.
   *
   * @param grantee who may
   */
  public grantAccept(grantee: iam.IGrantable): iam.Grant {
    const resource = Stack.of(this).formatArn({
      service: 'ec2', resource: 'vpc-endpoint-service', resourceName: this.endpointServiceId,
    });
    const decide = iam.Grant.addToPrincipal({
      grantee,
      actions: ['ec2:AcceptVpcEndpointConnections', 'ec2:RejectVpcEndpointConnections'],
      resourceArns: [resource],
    });
    // Listing connections cannot be limited to one service.
    const see = iam.Grant.addToPrincipal({
      grantee, actions: ['ec2:DescribeVpcEndpointConnections'], resourceArns: ['*'],
    });
    return decide.combine(see);
  }

  /**
   * Adds a consumer: an endpoint in a VPC, and what belongs to it.
   *
   * @param scope where it is made, usually a stack in the account of the consumer
   * @param id its ID there
   * @param options what it is like
   */
  public addConsumer(scope: Construct, id: string, options: ConsumerOptions): PrivateLinkConsumer {
    return new PrivateLinkConsumer(scope, id, { ...options, service: this });
  }

  /**
   * A metric of the endpoint service, from the namespace `AWS/PrivateLinkServices`.
   *
   * @param metricName the name of the metric
   * @param options how it is shown and summed up
   */
  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/PrivateLinkServices',
      metricName,
      dimensionsMap: { 'Service Id': this.endpointServiceId },
      statistic: 'Average',
      period: Duration.minutes(1),
      ...options,
    }).attachTo(this);
  }

  /**
   * How many connections are open through endpoints.
   *
   * @param options how it is shown and summed up
   */
  public metricActiveConnections(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ActiveConnections', options);
  }

  /**
   * How many connections were opened through endpoints.
   *
   * @param options how it is shown and summed up
   */
  public metricNewConnections(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NewConnections', { statistic: 'Sum', ...options });
  }

  /**
   * How many bytes went through endpoints, in both directions.
   *
   * @param options how it is shown and summed up
   */
  public metricBytesProcessed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('BytesProcessed', { statistic: 'Sum', ...options });
  }

  /**
   * How many endpoints are connected.
   *
   * @param options how it is shown and summed up
   */
  public metricEndpointsCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('EndpointsCount', options);
  }

  /**
   * How many connections through endpoints were reset by the service.
   *
   * @param options how it is shown and summed up
   */
  public metricRstPacketsSent(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('RstPacketsSent', { statistic: 'Sum', ...options });
  }
}
