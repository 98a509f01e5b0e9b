//! A Network Load Balancer that the internet can reach.

use super::network_load_balancers;
use crate::diagnostics::{Mend, Severity};
use crate::model::{Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1101", "internet-facing-load-balancer", Error {
        pitfalls: [24],
        summary: "A Network Load Balancer that is internet-facing",
        why: "A load balancer is internet-facing unless `Scheme: internal` is said, and then its nodes have public addresses. \
              A private service is reached inside of its VPC and through PrivateLink; it has no use for them. The scheme \
              cannot be changed later.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
",
        instead: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
",
        source: "Elastic Load Balancing API reference, CreateLoadBalancer",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for balancer in network_load_balancers(model) {
        if balancer.scheme().is_known_and(|scheme| scheme == "internet-facing") {
            let by_default = balancer.property("Scheme").is_absent();
            let found = findings.report(
                balancer.id(),
                if by_default { "" } else { "Scheme" },
                if by_default {
                    "the load balancer is internet-facing, because nothing else is said"
                } else {
                    "the load balancer is internet-facing"
                },
            );
            found
                .help("set `Scheme: internal`, which replaces the load balancer")
                .mend(Mend::suggested("set `Scheme` to `internal`").set("Scheme", "internal"));
            // Who says it, or gives it addresses, may mean it, unless the same load balancer is shared privately.
            let has_addresses =
                balancer.subnet_mappings().iter().any(|mapping| !mapping.get("AllocationId").is_absent());
            if (!by_default || has_addresses) && balancer.endpoint_services().next().is_none() {
                found.severity(Severity::Warning);
            }
            for service in balancer.endpoint_services() {
                found.mention(service.id(), "NetworkLoadBalancerArns", "it is shared through PrivateLink here");
            }
        }
    }
}
