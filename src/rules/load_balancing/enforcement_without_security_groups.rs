//! Inbound rules are to be enforced on PrivateLink traffic, but there are none.

use super::network_load_balancers;
use crate::diagnostics::Mend;
use crate::model::{Field, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1102", "enforcement-without-security-groups", Error {
        pitfalls: [3],
        summary: "Enforcement of inbound rules on PrivateLink traffic for a load balancer without security groups",
        why: "The setting says whether the rules of the load balancer's security groups hold for what comes through \
              PrivateLink. A load balancer without security groups has no such rules: AWS takes the setting only together with \
              them.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Type: network
      Scheme: internal
      Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
      EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: \"off\"
",
        instead: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Type: network
      Scheme: internal
      Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
      SecurityGroups: [sg-0123456789abcdef0]
      EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: \"off\"
",
        source: "Elastic Load Balancing API reference, SetSecurityGroups",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    const SETTING: &str = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic";
    for balancer in network_load_balancers(model) {
        let has_none = match balancer.property("SecurityGroups").items() {
            Field::Absent => true,
            Field::Known(groups) => groups.is_empty(),
            Field::Unknown(_) => false,
        };
        if has_none && !balancer.property(SETTING).is_absent() {
            findings
                .report(
                    balancer.id(),
                    SETTING,
                    "enforcement of inbound rules is set, but the load balancer has no security groups",
                )
                .help("give the load balancer a security group in `SecurityGroups`, or leave the setting out")
                .mend(Mend::safe(format!("leave `{SETTING}` out, which has no effect")).remove(SETTING));
        }
    }
}
