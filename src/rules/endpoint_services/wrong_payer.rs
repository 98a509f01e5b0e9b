//! Somebody who cannot pay for the endpoints of a service.

use crate::aws::private_link::PAYER_RESPONSIBILITIES;
use crate::model::{EndpointService, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1235", "wrong-payer", Error {
        pitfalls: [101],
        summary: "Somebody who cannot pay for the endpoints of a service",
        why: "Each consumer pays for its endpoints unless `PayerResponsibility` is `ServiceOwner`, which is the only \
              value it takes.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true, PayerResponsibility: Consumer }
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
",
        source: "Amazon EC2 API reference, ModifyVpcEndpointServicePayerResponsibility",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<EndpointService<'a>>() {
        let Some(payer) = service.payer().known() else { continue };
        if !PAYER_RESPONSIBILITIES.contains(&payer.as_ref()) {
            findings
                .report(service.id(), "PayerResponsibility", format!("`{payer}` cannot pay for the endpoints"))
                .suggest_removal("PayerResponsibility")
                .help("remove `PayerResponsibility`, so that each consumer pays, or set `ServiceOwner`, which cannot be taken back");
        }
    }
}
