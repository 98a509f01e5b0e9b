/**
 * Lowers what is said of networks and principals in CDK's types.
 */

import { aws_ec2 as ec2, CfnResource } from 'aws-cdk-lib';
import { Dependable, IConstruct } from 'constructs';
import { AllowedPrincipal } from '../allowed-principal';
import { ExistingNetworkOptions } from '../existing-network';
import { memberOf } from './members';
import { Place } from './place';
import { Json } from './plan';

/** An existing VPC, with the subnets that are used of it. */
export function existingNetwork(options: ExistingNetworkOptions, place: Place): Json | undefined {
  memberOf(options.vpc, 'vpcId');
  place.tellUnknown(options, ['vpc', 'subnets', 'cidrs']);
  const selected = trySelect(options, place.child('subnets'));
  if (selected === undefined) {
    return undefined;
  }
  place.recording.before.push(...routes(options.vpc, selected));
  return {
    vpcId: options.vpc.vpcId,
    cidrs: cidrsOf(options.vpc, options.cidrs),
    subnets: selected.subnets.map((subnet) => ({
      id: subnet.subnetId,
      availabilityZone: known(() => subnet.availabilityZone),
      cidr: known(() => subnet.ipv4CidrBlock),
      routeTable: known(() => subnet.routeTable.routeTableId),
    })),
  };
}

/** The subnets of a selection; by default the isolated ones, or else the private ones, one per Availability Zone. */
export function selectSubnets(vpc: ec2.IVpc, selection?: ec2.SubnetSelection): ec2.SelectedSubnets {
  if (selection) {
    return vpc.selectSubnets(selection);
  }
  const isolated = vpc.isolatedSubnets.length > 0;
  const subnetType = isolated ? ec2.SubnetType.PRIVATE_ISOLATED : ec2.SubnetType.PRIVATE_WITH_EGRESS;
  return vpc.selectSubnets({ subnetType, onePerAz: true });
}

/** The subnets of a selection, unless the VPC has none such, which is told. */
function trySelect({ vpc, subnets }: ExistingNetworkOptions, place: Place): ec2.SelectedSubnets | undefined {
  try {
    return selectSubnets(vpc, subnets);
  } catch (error) {
    place.unusable(error instanceof Error ? error.message : String(error), SUBNETS_ADVICE);
    return undefined;
  }
}

/** What to do when CDK finds no subnets. */
export const SUBNETS_ADVICE = '`subnets` says which subnets of the VPC are used; they need no way to the internet';

/** The address ranges of a VPC. An imported one may not know its own. */
export function cidrsOf(vpc: ec2.IVpc, cidrs?: string[]): string[] {
  const own = known(() => vpc.vpcCidrBlock);
  return cidrs ?? (own === undefined ? [] : [own]);
}

/** What must exist before traffic finds its way in the subnets: CDK's L2s and imports keep it in different places. */
function routes(vpc: ec2.IVpc, { subnets, internetConnectivityEstablished }: ec2.SelectedSubnets): CfnResource[] {
  const groups = [vpc.internetConnectivityEstablished, internetConnectivityEstablished];
  const roots = groups.flatMap((group) => Dependable.of(group).dependencyRoots);
  const all = [...subnets, ...roots].flatMap((root) => root.node.findAll());
  const isRoute = (node: IConstruct) => CfnResource.isCfnResource(node) && ROUTES.includes(node.cfnResourceType);
  return [...new Set(all.filter(isRoute))] as CfnResource[];
}

/** The types of what traffic needs to find its way. */
const ROUTES = ['AWS::EC2::SubnetRouteTableAssociation', 'AWS::EC2::Route', 'AWS::EC2::VPCEndpoint'];

/** Somebody who may connect. */
export function principal(allowed: AllowedPrincipal): Json {
  return allowed._spec();
}

/** What CDK knows, or nothing where it would throw because it does not know. */
function known<T>(ask: () => T): T | undefined {
  try {
    return ask() ?? undefined;
  } catch {
    return undefined;
  }
}
