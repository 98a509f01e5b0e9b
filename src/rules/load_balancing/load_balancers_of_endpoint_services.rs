//! Endpoint services and their load balancers: each load balancer has one, and those of one are alike.

use crate::model::GatherMore as _;
use crate::model::{EndpointService, Identity, Model, Value, View, sort_by};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1160", "load-balancer-of-two-endpoint-services", Error {
        pitfalls: [13],
        summary: "A load balancer that two endpoint services share",
        why: "A Network Load Balancer can be associated with one endpoint service. One service may have several load \
              balancers, and several principals may be allowed to connect to it.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  One:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Two:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
",
        instead: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  One:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
",
        source: "AWS PrivateLink guide, create an endpoint service",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let mut shared: Vec<(Identity<'a>, EndpointService<'a>)> = Vec::new();
    for service in model.all::<EndpointService<'a>>() {
        let list = service.property("NetworkLoadBalancerArns");
        let written = list.written().and_then(Value::as_list).unwrap_or_default();
        let nodes = written.iter().map(|value| (value, model.evaluation().node(list.template(), value)));
        shared.gather_more(nodes.filter_map(|(value, node)| Some((super::one_thing(Some(value), &node)?, service))));
    }
    sort_by(&mut shared, |one, other| (&one.0, one.1.id()).cmp(&(&other.0, other.1.id())));
    for pair in shared.windows(2) {
        let [(one, first), (other, second)] = pair else { continue };
        if one == other && first.id() != second.id() {
            let found = findings.report(
                second.id(),
                "NetworkLoadBalancerArns",
                "another endpoint service shares the same load balancer, which can have one",
            );
            found.help("allow all consumers in one endpoint service, or give each a load balancer of its own");
            found.mention(first.id(), "NetworkLoadBalancerArns", "this is the other endpoint service");
            if let Identity::Resource(balancer) = one {
                found.mention(*balancer, "", "this is the load balancer");
            }
        }
    }
}
