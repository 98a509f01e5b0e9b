/**
 * CDK's own interfaces over L1s of a plan. CDK makes each import itself, so that it has what the installed version has.
 */

import {
  AspectPriority, Aspects, aws_cloudwatch as cloudwatch, aws_ec2 as ec2, aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2, aws_iam as iam,
  aws_logs as logs, aws_secretsmanager as secretsmanager, aws_sns as sns, CfnResource, Token,
} from 'aws-cdk-lib';
import { Construct, Dependable, DependencyGroup, IConstruct } from 'constructs';

/** An attribute of an L1 as text. */
export function attribute(l1: CfnResource, name: string): string {
  return Token.asString(l1.getAtt(name));
}

/**
 * An import that stands for an L1 as CDK's own constructs do: escape hatches find the L1 as its default child, removal policies
 * reach it, what depends on the import waits for it, and it waits for what the import depends on.
 */
function standingFor<T extends IConstruct>(imported: T, l1: CfnResource): T {
  imported.node.defaultChild = l1;
  Dependable.implement(imported, { dependencyRoots: [imported, l1] });
  // Python, Java and Go call methods of the class past what is set on an object, so the order is taken over at the end.
  const visit = (node: IConstruct) => node === imported && l1.node.addDependency(...imported.node.dependencies);
  Aspects.of(imported).add({ visit }, { priority: AspectPriority.READONLY });
  return imported;
}

/** The role of an L1. Policies that are granted to it become resources below `id`. */
export function role(scope: Construct, id: string, l1: CfnResource): iam.IRole {
  return standingFor(iam.Role.fromRoleName(scope, id, l1.ref), l1);
}

/** The log group of an L1. */
export function logGroup(scope: Construct, id: string, l1: CfnResource): logs.ILogGroup {
  return standingFor(logs.LogGroup.fromLogGroupName(scope, id, l1.ref), l1);
}

/** The security group of an L1. Nothing is open in it, so rules that are added take effect. */
export function securityGroup(scope: Construct, id: string, l1: CfnResource): ec2.ISecurityGroup {
  return standingFor(ec2.SecurityGroup.fromSecurityGroupId(scope, id, attribute(l1, 'GroupId'), { allowAllOutbound: false }), l1);
}

/** The cluster of an L1. */
export function cluster(scope: Construct, id: string, l1: CfnResource, vpc: ec2.IVpc): ecs.ICluster {
  const attributes = { clusterName: l1.ref, clusterArn: attribute(l1, 'Arn'), vpc, securityGroups: [] };
  return standingFor(ecs.Cluster.fromClusterAttributes(scope, id, attributes), l1);
}

/** The service of an L1. */
export function service(scope: Construct, id: string, l1: CfnResource, of: ecs.ICluster): ecs.IFargateService {
  const attributes = { serviceArn: l1.ref, cluster: of };
  const imported = ecs.FargateService.fromFargateServiceAttributes(scope, id, attributes);
  // CDK would cut the name out of the ARN, and where it is in there depends on a feature flag.
  Object.defineProperty(imported, 'serviceName', { value: attribute(l1, 'Name'), enumerable: true });
  return standingFor(imported, l1);
}

/** The load balancer of an L1. */
export function loadBalancer(scope: Construct, id: string, l1: CfnResource, vpc: ec2.IVpc, groups: string[]): elbv2.INetworkLoadBalancer {
  const imported = elbv2.NetworkLoadBalancer.fromNetworkLoadBalancerAttributes(scope, id, {
    loadBalancerArn: l1.ref,
    loadBalancerDnsName: attribute(l1, 'DNSName'),
    loadBalancerCanonicalHostedZoneId: attribute(l1, 'CanonicalHostedZoneID'),
    loadBalancerSecurityGroups: groups,
    vpc,
  });
  return standingFor(imported, l1);
}

/** The listener of an L1. */
export function listener(scope: Construct, id: string, l1: CfnResource): elbv2.INetworkListener {
  return standingFor(elbv2.NetworkListener.fromNetworkListenerArn(scope, id, l1.ref), l1);
}

/** The topic of an L1. */
export function topic(scope: Construct, id: string, l1: CfnResource): sns.ITopic {
  return standingFor(sns.Topic.fromTopicArn(scope, id, l1.ref), l1);
}

/** The alarm of an L1. */
export function alarm(scope: Construct, id: string, l1: CfnResource): cloudwatch.IAlarm {
  return standingFor(cloudwatch.Alarm.fromAlarmArn(scope, id, attribute(l1, 'Arn')), l1);
}

/** The secret of an L1. */
export function secret(scope: Construct, id: string, l1: CfnResource): secretsmanager.ISecret {
  return standingFor(secretsmanager.Secret.fromSecretCompleteArn(scope, id, l1.ref), l1);
}

/** The VPC of an L1, with its subnets, which have no way to the internet. */
export function vpc(scope: Construct, id: string, l1: CfnResource, subnets: readonly CfnResource[], tables: readonly CfnResource[]): ec2.IVpc {
  const each = <T>(property: string): T[] => subnets.map((subnet) => (subnet as any)[property]);
  const imported = ec2.Vpc.fromVpcAttributes(scope, id, {
    vpcId: l1.ref,
    vpcCidrBlock: (l1 as any).cidrBlock,
    availabilityZones: each<string | undefined>('availabilityZone').map((zone, index) => zone ?? attribute(subnets[index], 'AvailabilityZone')),
    isolatedSubnetIds: subnets.map((subnet) => subnet.ref),
    isolatedSubnetIpv4CidrBlocks: each('cidrBlock'),
    isolatedSubnetRouteTableIds: subnets.map((_, index) => tables[index % tables.length].ref),
  });
  return standingFor(imported, l1);
}

/** Has whatever waits for the ways in a VPC wait for L1s. */
export function establishedBy(imported: ec2.IVpc, l1s: readonly CfnResource[]): void {
  const group = imported.internetConnectivityEstablished;
  if (group instanceof DependencyGroup) {
    const ways = l1s.filter((l1) => /::(SubnetRouteTableAssociation|VPCEndpoint)$/.test(l1.cfnResourceType));
    group.add(...ways);
  }
}
