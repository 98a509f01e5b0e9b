//! Access from other Regions to a load balancer in one Availability Zone.

use crate::model::{EndpointService, Field, LoadBalancer, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1233", "regions-from-one-zone", Error {
        pitfalls: [43],
        summary: "Access from other Regions to a load balancer in one Availability Zone",
        why: "A service that other Regions may use must be in at least two Availability Zones.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0] }
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true, SupportedRegions: [eu-central-1] }
",
        instead: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0fedcba9876543210] }
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true, SupportedRegions: [eu-central-1] }
",
        source: "AWS PrivateLink guide, share your services",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<EndpointService<'a>>() {
        if !super::serves_other_regions(service) {
            continue;
        }
        for balancer in service.balancers().filter(|balancer| has_one_subnet(*balancer)) {
            findings
                .report(
                    service.id(),
                    "SupportedRegions",
                    "other Regions can use a service only when it is in two Availability Zones",
                )
                .help("give the load balancer subnets in at least two Availability Zones")
                .mention(balancer.id(), "Subnets", "this load balancer is in one Availability Zone");
        }
    }
}

fn has_one_subnet(balancer: LoadBalancer<'_>) -> bool {
    let count = |path| match balancer.property(path).items() {
        Field::Known(items) => Some(items.len()),
        Field::Absent => Some(0),
        Field::Unknown(_) => None,
    };
    // What stands in place of a whole list may be several subnets.
    let is_one = |path| balancer.property(path).written().is_some();
    count("Subnets").zip(count("SubnetMappings")).is_some_and(|(subnets, mappings)| subnets + mappings == 1)
        && (is_one("Subnets") || is_one("SubnetMappings"))
}
