//! A Network Load Balancer that can never have security groups.

use super::network_load_balancers;
use crate::model::{Field, Listener, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1103", "load-balancer-without-security-groups", Warning {
        pitfalls: [4],
        summary: "A Network Load Balancer that is made without security groups",
        why: "A Network Load Balancer takes security groups only when it got one at its creation; to add one later means a new \
              load balancer, and with it a new connection to its endpoint service. Without one its traffic cannot be limited, \
              and its targets cannot admit it by group.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
",
        instead: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Type: network
      Scheme: internal
      Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
      SecurityGroups: [sg-0123456789abcdef0]
",
        source: "Network Load Balancers, security groups",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for balancer in network_load_balancers(model) {
        let has_none = match balancer.property("SecurityGroups").items() {
            Field::Absent => true,
            Field::Known(groups) => groups.is_empty(),
            Field::Unknown(_) => false,
        };
        // A listener with QUIC excludes them.
        let is_quic =
            |listener: Listener<'_>| listener.network_protocol().is_some_and(|protocol| protocol.carries_quic());
        if has_none && !balancer.listeners().any(is_quic) {
            findings
                .report(
                    balancer.id(),
                    "",
                    "the load balancer has no security group, and none can be added once it is made",
                )
                .help("give it a security group of its own in `SecurityGroups` from the beginning");
        }
    }
}
