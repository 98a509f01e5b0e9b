import {
  aws_cloudwatch as cloudwatch, aws_ec2 as ec2, aws_ecs as ecs, aws_iam as iam, aws_logs as logs, Duration,
} from 'aws-cdk-lib';

/**
 * One service of a `PrivateFargateService`: what runs, and what it may do and reach.
 */
export interface IPrivateService extends ec2.IConnectable {
  /**
   * The ECS service.
   */
  readonly service: ecs.IFargateService;

  /**
   * The role of the containers. What is granted to it opens the endpoints that are needed for it.
   */
  readonly taskRole: iam.IRole;

  /**
   * The role with which ECS pulls images, reads secrets and writes logs.
   */
  readonly executionRole: iam.IRole;

  /**
   * The security group of the tasks.
   */
  readonly securityGroup: ec2.ISecurityGroup;

  /**
   * The log of the containers.
   */
  readonly logGroup: logs.ILogGroup;

  /**
   * The ARN of the task definition.
   */
  readonly taskDefinitionArn: string;

  /**
   * A metric of the service, from the namespace `AWS/ECS`.
   *
   * @param metricName the name of the metric
   * @param options how it is shown and summed up
   */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The CPU utilisation, in percent.
   *
   * @param options how it is shown and summed up
   */
  metricCpuUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * The memory utilisation, in percent.
   *
   * @param options how it is shown and summed up
   */
  metricMemoryUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}

/**
 * What a service is put together from.
 *
 * @internal
 */
export interface _PrivateServiceParts {
  readonly service: ecs.IFargateService;
  readonly clusterName: string;
  readonly taskRole: iam.IRole;
  readonly executionRole: iam.IRole;
  readonly securityGroup: ec2.ISecurityGroup;
  readonly logGroup: logs.ILogGroup;
  readonly taskDefinitionArn: string;
  readonly defaultPort?: ec2.Port;
}

/**
 * One service of a construct.
 *
 * @internal
 */
export class _PrivateService implements IPrivateService {
  public readonly service: ecs.IFargateService;
  public readonly taskRole: iam.IRole;
  public readonly executionRole: iam.IRole;
  public readonly securityGroup: ec2.ISecurityGroup;
  public readonly logGroup: logs.ILogGroup;
  public readonly taskDefinitionArn: string;
  public readonly connections: ec2.Connections;
  private readonly clusterName: string;

  constructor(parts: _PrivateServiceParts) {
    this.service = parts.service;
    this.taskRole = parts.taskRole;
    this.executionRole = parts.executionRole;
    this.securityGroup = parts.securityGroup;
    this.logGroup = parts.logGroup;
    this.taskDefinitionArn = parts.taskDefinitionArn;
    this.clusterName = parts.clusterName;
    this.connections = new ec2.Connections({ securityGroups: [parts.securityGroup], defaultPort: parts.defaultPort });
  }

  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/ECS',
      metricName,
      dimensionsMap: { ClusterName: this.clusterName, ServiceName: this.service.serviceName },
      statistic: 'Average',
      period: Duration.minutes(1),
      ...options,
    }).attachTo(this.service);
  }

  public metricCpuUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('CPUUtilization', options);
  }

  public metricMemoryUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('MemoryUtilization', options);
  }
}
