//! Two subnets of a load balancer in one Availability Zone.

use super::network_load_balancers;
use crate::model::Gather as _;
use crate::model::{Because, Field, Identity, Model, OrderedSet, Subnet, View, Zone, sort_by};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1105", "subnets-in-the-same-zone", Error {
        pitfalls: [],
        summary: "Two subnets of a load balancer in the same Availability Zone",
        why: "A load balancer has one node per zone, in one subnet. AWS refuses a second subnet in the same zone.",
        example: "Resources:
  One:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a }
  Two:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref One, !Ref Two] }
",
        instead: "Resources:
  One:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a }
  Two:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1b }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref One, !Ref Two] }
",
        source: "Elastic Load Balancing API reference, CreateLoadBalancer",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for balancer in network_load_balancers(model) {
        let Field::Known(subnets) = balancer.node_subnets() else { continue };
        let mut seen = OrderedSet::new();
        if let Some(index) = subnets.iter().position(|subnet| is_one(subnet) && !seen.insert(subnet)) {
            let property = if balancer.property("Subnets").is_absent() { "SubnetMappings" } else { "Subnets" };
            findings
                .report(balancer.id(), format!("{property}/{index}"), "the same subnet is named twice")
                .help("give the load balancer one subnet per Availability Zone");
            continue;
        }
        let known = subnets.iter().filter_map(|identity| model.find::<Subnet<'a>>(identity));
        let mut zones: Vec<(Zone<'a>, Subnet<'a>)> =
            known.filter_map(|subnet| Zone::of(subnet).map(|zone| (zone, subnet))).gather();
        sort_by(&mut zones, |one, other| (&one.0, one.1.id()).cmp(&(&other.0, other.1.id())));
        for pair in zones.windows(2) {
            let [(one, first), (other, second)] = pair else { continue };
            if one == other {
                findings
                    .report(balancer.id(), "", "two subnets of the load balancer are in the same Availability Zone")
                    .help("give the load balancer one subnet per Availability Zone")
                    .mention(first.id(), "AvailabilityZone", "this is one of them")
                    .mention(second.id(), "AvailabilityZone", "this is the other");
            }
        }
    }
}

/// Whether it is one subnet, whichever it is.
fn is_one(subnet: &Identity<'_>) -> bool {
    let is_of_one = |because: &Because<'_>| matches!(because, Because::Parameter { .. } | Because::Element { .. });
    subnet.is_named() || matches!(subnet, Identity::Unnamed(because) if is_of_one(because))
}
