/**
 * CDK's own interfaces over L1s of a plan. CDK makes each import itself, so that it has what the installed version has.
 */

import {
  aws_cloudwatch as cloudwatch, aws_ec2 as ec2, aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2, aws_iam as iam,
  aws_logs as logs, aws_secretsmanager as secretsmanager, aws_sns as sns, CfnResource, Token,
} from 'aws-cdk-lib';
import { Construct, DependencyGroup } from 'constructs';

/** An attribute of an L1 as text. */
export function attribute(l1: CfnResource, name: string): string {
  return Token.asString(l1.getAtt(name));
}

/** The role of an L1. Policies that are granted to it become resources below `id`. */
export function role(scope: Construct, id: string, l1: CfnResource): iam.IRole {
  return iam.Role.fromRoleName(scope, id, l1.ref);
}

/** The log group of an L1. */
export function logGroup(scope: Construct, id: string, l1: CfnResource): logs.ILogGroup {
  return logs.LogGroup.fromLogGroupName(scope, id, l1.ref);
}

/** The security group of an L1. Nothing is open in it, so rules that are added take effect. */
export function securityGroup(scope: Construct, id: string, l1: CfnResource): ec2.ISecurityGroup {
  return ec2.SecurityGroup.fromSecurityGroupId(scope, id, attribute(l1, 'GroupId'), { allowAllOutbound: false });
}

/** The cluster of an L1. */
export function cluster(scope: Construct, id: string, l1: CfnResource, vpc: ec2.IVpc): ecs.ICluster {
  const attributes = { clusterName: l1.ref, clusterArn: attribute(l1, 'Arn'), vpc, securityGroups: [] };
  return ecs.Cluster.fromClusterAttributes(scope, id, attributes);
}

/** The service of an L1. */
export function service(scope: Construct, id: string, l1: CfnResource, of: ecs.ICluster): ecs.IFargateService {
  const attributes = { serviceArn: l1.ref, cluster: of };
  const imported = ecs.FargateService.fromFargateServiceAttributes(scope, id, attributes);
  // CDK would cut the name out of the ARN, and where it is in there depends on a feature flag.
  Object.defineProperty(imported, 'serviceName', { value: attribute(l1, 'Name'), enumerable: true });
  return imported;
}

/** The load balancer of an L1. */
export function loadBalancer(scope: Construct, id: string, l1: CfnResource, vpc: ec2.IVpc, groups: string[]): elbv2.INetworkLoadBalancer {
  return elbv2.NetworkLoadBalancer.fromNetworkLoadBalancerAttributes(scope, id, {
    loadBalancerArn: l1.ref,
    loadBalancerDnsName: attribute(l1, 'DNSName'),
    loadBalancerCanonicalHostedZoneId: attribute(l1, 'CanonicalHostedZoneID'),
    loadBalancerSecurityGroups: groups,
    vpc,
  });
}

/** The listener of an L1. */
export function listener(scope: Construct, id: string, l1: CfnResource): elbv2.INetworkListener {
  return elbv2.NetworkListener.fromNetworkListenerArn(scope, id, l1.ref);
}

/** The topic of an L1. */
export function topic(scope: Construct, id: string, l1: CfnResource): sns.ITopic {
  return sns.Topic.fromTopicArn(scope, id, l1.ref);
}

/** The alarm of an L1. */
export function alarm(scope: Construct, id: string, l1: CfnResource): cloudwatch.IAlarm {
  return cloudwatch.Alarm.fromAlarmArn(scope, id, attribute(l1, 'Arn'));
}

/** The secret of an L1. */
export function secret(scope: Construct, id: string, l1: CfnResource): secretsmanager.ISecret {
  return secretsmanager.Secret.fromSecretCompleteArn(scope, id, l1.ref);
}

/** The VPC of an L1, with its subnets, which have no way to the internet. */
export function vpc(scope: Construct, id: string, l1: CfnResource, subnets: readonly CfnResource[], tables: readonly CfnResource[]): ec2.IVpc {
  const each = <T>(property: string): T[] => subnets.map((subnet) => (subnet as any)[property]);
  return ec2.Vpc.fromVpcAttributes(scope, id, {
    vpcId: l1.ref,
    vpcCidrBlock: (l1 as any).cidrBlock,
    availabilityZones: each<string | undefined>('availabilityZone').map((zone, index) => zone ?? attribute(subnets[index], 'AvailabilityZone')),
    isolatedSubnetIds: subnets.map((subnet) => subnet.ref),
    isolatedSubnetIpv4CidrBlocks: each('cidrBlock'),
    isolatedSubnetRouteTableIds: subnets.map((_, index) => tables[index % tables.length].ref),
  });
}

/** Has whatever waits for the ways in a VPC wait for L1s. */
export function establishedBy(imported: ec2.IVpc, l1s: readonly CfnResource[]): void {
  const group = imported.internetConnectivityEstablished;
  if (group instanceof DependencyGroup) {
    const ways = l1s.filter((l1) => /::(SubnetRouteTableAssociation|VPCEndpoint)$/.test(l1.cfnResourceType));
    group.add(...ways);
  }
}
