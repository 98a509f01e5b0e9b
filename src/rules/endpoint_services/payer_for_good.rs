//! A provider who pays for all endpoints, for good.

use crate::model::{EndpointService, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1236", "payer-for-good", Info {
        pitfalls: [101],
        summary: "The provider pays for all endpoints, and that cannot be taken back",
        why: "Every endpoint is billed by the hour and Availability Zone whether it is used or not, also while it \
              waits for acceptance and after it was rejected, until the consumer deletes it. With `ServiceOwner` all \
              of that goes to the provider, for good.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true, PayerResponsibility: ServiceOwner }
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
",
        source: "Amazon EC2 API reference, ModifyVpcEndpointServicePayerResponsibility; AWS PrivateLink pricing",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in
        model.all::<EndpointService<'a>>().filter(|one| one.payer().is_known_and(|payer| payer == "ServiceOwner"))
    {
        findings
            .report(
                service.id(),
                "PayerResponsibility",
                "the provider pays for the endpoints of all consumers, and that cannot be taken back",
            )
            .help("require acceptance, so that nobody makes endpoints at your expense");
    }
}
