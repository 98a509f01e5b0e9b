//! An endpoint service that does not say whether connections have to be accepted.

use crate::model::{EndpointService, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1209", "acceptance-not-said", Info {
        pitfalls: [36],
        summary: "An endpoint service does not say whether connections have to be accepted",
        why: "Neither the schema nor the API documents what holds when nothing is said. Whether a consumer is let in \
              at once should not be left to that.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef] }
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
",
        source: "AWS CloudFormation template reference, AWS::EC2::VPCEndpointService",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<EndpointService<'a>>().filter(|service| service.acceptance_required().is_absent()) {
        findings
            .report(service.id(), "", "it is not said whether connections have to be accepted")
            .suggest("AcceptanceRequired", true)
            .help("set `AcceptanceRequired` to `true` or `false`");
    }
}
