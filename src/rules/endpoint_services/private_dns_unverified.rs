//! A private DNS name that nothing proves.

use super::private_dns_before_verification::VERIFIES;
use crate::model::Gather as _;
use crate::model::{EndpointService, Model, View, is_put_out, mentions, starts};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1221", "private-dns-unverified", Warning {
        pitfalls: [38],
        summary: "A private DNS name for which nothing proves who owns the domain",
        why: "Consumers can use a private DNS name only after a TXT record has proved who owns its domain. Nothing \
              here makes the record or tells what has to be in it, so the name stays in `pendingVerification`.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true, PrivateDnsName: payments.example.com }
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true, PrivateDnsName: payments.example.com }
  Record:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z0123456789ABCDEFGHIJ
      Name: !Sub \"${Service.PrivateDnsNameConfiguration.Name}.example.com\"
      Type: TXT
      TTL: \"1800\"
      ResourceRecords: [!Sub '\"${Service.PrivateDnsNameConfiguration.Value}\"']
",
        source: "AWS PrivateLink guide, manage DNS names",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let services: Vec<_> =
        model.all::<EndpointService<'a>>().filter(|service| !service.private_dns_name().is_absent()).gather();
    if services.is_empty() || starts(model, VERIFIES) {
        return;
    }
    if is_put_out(model, CONFIGURATION) || model.resources().any(|id| mentions(model, id, CONFIGURATION)) {
        return;
    }
    for service in services {
        findings
            .report(service.id(), "PrivateDnsName", "nothing proves who owns the domain of the private DNS name")
            .help("make the TXT record from `PrivateDnsNameConfiguration.Name` and `.Value` in the public hosted zone of the domain, then start the verification");
    }
}

/// The attributes that tell the record.
const CONFIGURATION: &str = "PrivateDnsNameConfiguration.";
