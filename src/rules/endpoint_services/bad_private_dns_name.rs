//! A private DNS name that is none.

use crate::aws::private_link::{PrivateDnsNameError, check_private_dns_name};
use crate::diagnostics::{Mend, Severity};
use crate::model::{EndpointService, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1224", "bad-private-dns-name", Error {
        pitfalls: [41],
        summary: "A private DNS name that AWS or the DNS refuses",
        why: "A private DNS name has small letters only, labels of at most 63 characters and 255 in all. A `*` may \
              stand alone at the beginning.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true, PrivateDnsName: Payments.example.com }
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true, PrivateDnsName: payments.example.com }
",
        source: "AWS PrivateLink guide, manage DNS names",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<EndpointService<'a>>() {
        let Some(name) = service.private_dns_name().known() else { continue };
        let Err(reason) = check_private_dns_name(&name) else { continue };
        // No source says that AWS refuses an underscore or a dot at the end.
        let is_certain = !(reason == PrivateDnsNameError::Label
            && check_private_dns_name(&name.replace('_', "-")).is_ok())
            && check_private_dns_name(name.trim_end_matches('.')).is_err();
        let found = findings
            .report(service.id(), "PrivateDnsName", format!("`{name}` cannot be a private DNS name: {reason}"))
            .help("write it in small letters, like `payments.example.com` or `*.example.com`")
            .severity(if is_certain { Severity::Error } else { Severity::Warning });
        let small = name.to_ascii_lowercase();
        if check_private_dns_name(&small).is_ok() {
            found.mend(Mend::safe(format!("write `{small}`")).set("PrivateDnsName", small));
        }
    }
}
