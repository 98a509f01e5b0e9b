//! An endpoint that uses a private DNS name which nobody has verified yet.

use crate::diagnostics::Severity;
use crate::model::Gather as _;
use crate::model::{EndpointService, Field, Model, View, starts};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1220", "private-dns-before-verification", Warning {
        pitfalls: [38],
        summary: "An endpoint uses the private DNS name of a service in whose stack nothing verifies it",
        why: "A private DNS name can be used only after its domain was verified, which AWS does not start by itself \
              while the stack is made. Until then an endpoint with `PrivateDnsEnabled` is refused.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true, PrivateDnsName: payments.example.com }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcEndpointType: Interface
      VpcId: vpc-0123456789abcdef0
      ServiceName: !Sub \"com.amazonaws.vpce.${AWS::Region}.${Service}\"
      PrivateDnsEnabled: true
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true, PrivateDnsName: payments.example.com }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcEndpointType: Interface
      VpcId: vpc-0123456789abcdef0
      ServiceName: !Sub \"com.amazonaws.vpce.${AWS::Region}.${Service}\"
      PrivateDnsEnabled: false
",
        source: "AWS PrivateLink guide, manage DNS names",
        check: check,
    }
}

/// What starts the verification, when something does it by itself.
pub(super) const VERIFIES: &str = "StartVpcEndpointServicePrivateDnsVerification";

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let named = model.all::<EndpointService<'a>>().filter(|service| !service.private_dns_name().is_absent());
    let endpoints: Vec<_> =
        named.flat_map(EndpointService::endpoints).filter(|one| one.private_dns() == Field::Known(true)).gather();
    if endpoints.is_empty() || starts(model, VERIFIES) {
        return;
    }
    for endpoint in endpoints {
        let Some(service) = endpoint.own_service() else { continue };
        let found = findings.report(
            endpoint.id(),
            "PrivateDnsEnabled",
            "the private DNS name of the service has to be verified before an endpoint can use it",
        );
        found
            .suggest("PrivateDnsEnabled", false)
            .help("leave `PrivateDnsEnabled` off until the domain is verified, or verify it with a custom resource on which the endpoint depends")
.in_spec(InSpec::Help("set `privateLink.privateDns.verified` once the name is verified, or let the stack verify it with `verify: true`"))
            .mention(service.id(), "PrivateDnsName", "nothing here verifies this name");
        // Another stack may come later, when somebody has verified the name.
        if endpoint.id().template != service.id().template {
            found.severity(Severity::Info);
        }
    }
}
