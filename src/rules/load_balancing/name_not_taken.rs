//! A name that load balancers or target groups cannot have.

use crate::aws::load_balancer::{NameError, check_load_balancer_name, check_target_group_name};
use crate::model::{LoadBalancer, Model, ResourceId, TargetGroup, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1109", "load-balancer-name-not-taken", Error {
        pitfalls: [102],
        summary: "A name that AWS refuses for a load balancer or target group",
        why: "Such names have at most 32 letters, digits and hyphens, no hyphen at either end, and a load balancer's does not \
              begin with `internal-`.",
        example: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Name: payments_api, Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip }
",
        instead: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Name: payments-api, Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip }
",
        source: "Elastic Load Balancing API reference, CreateLoadBalancer and CreateTargetGroup",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for balancer in model.all::<LoadBalancer<'a>>() {
        if let Some(name) = balancer.name().known() {
            report(findings, balancer.id(), &name, check_load_balancer_name(&name));
        }
    }
    for group in model.all::<TargetGroup<'a>>() {
        if let Some(name) = group.name().known() {
            report(findings, group.id(), &name, check_target_group_name(&name));
        }
    }
}

fn report(findings: &mut Findings<'_>, id: ResourceId, name: &str, checked: Result<(), NameError>) {
    let problem = match checked {
        Ok(()) => return,
        Err(NameError::Length) => "does not have 1 to 32 characters",
        Err(NameError::Character(_)) => "has a character other than letters, digits and hyphens",
        Err(NameError::Hyphen) => "begins or ends with a hyphen",
        Err(NameError::Internal) => "begins with `internal-`, which AWS keeps for itself",
    };
    findings
        .report(id, "Name", format!("the name `{name}` {problem}"))
        .suggest_removal("Name")
        .help("leave the name out, so that CloudFormation makes one");
}
