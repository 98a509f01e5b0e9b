//! A load balancer in an Availability Zone that takes no part in access across Regions.

use crate::aws::region::ZONES_WITHOUT_CROSS_REGION_ACCESS;
use crate::model::{EndpointService, Model, Subnet, View, Zone};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1234", "zone-without-cross-region", Warning {
        pitfalls: [44],
        summary: "Access from other Regions to a load balancer in an Availability Zone that takes no part in it",
        why: "In a few Availability Zones, named by their IDs, PrivateLink offers no access across Regions. Consumers \
              in other Regions never reach the service there.",
        example: "Resources:
  One:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24, AvailabilityZoneId: use1-az3 }
  Two:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.1.0/24, AvailabilityZoneId: use1-az2 }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref One, !Ref Two] }
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true, SupportedRegions: [us-west-2] }
",
        instead: "Resources:
  One:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24, AvailabilityZoneId: use1-az1 }
  Two:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.1.0/24, AvailabilityZoneId: use1-az2 }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref One, !Ref Two] }
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true, SupportedRegions: [us-west-2] }
",
        source: "AWS PrivateLink guide, share your services",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<EndpointService<'a>>().filter(|service| super::serves_other_regions(*service)) {
        let subnets = service.balancers().flat_map(|balancer| balancer.node_subnets().known().unwrap_or_default());
        for subnet in subnets.filter_map(|subnet| model.find::<Subnet<'a>>(&subnet)) {
            let Some(zone) = Zone::of(subnet) else { continue };
            if let Some(id) = zone.id().filter(|id| ZONES_WITHOUT_CROSS_REGION_ACCESS.contains(id)) {
                findings
                    .report(
                        service.id(),
                        "SupportedRegions",
                        format!("other Regions cannot use the service in the Availability Zone `{id}`"),
                    )
                    .help("put the load balancer into other Availability Zones, compared by their IDs")
                    .mention(subnet.id(), "AvailabilityZoneId", "a subnet of the load balancer in that zone");
            }
        }
    }
}
