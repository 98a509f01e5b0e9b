//! Private DNS of a service that has no private name.

use crate::diagnostics::Severity;
use crate::model::{Endpoint, Field, Function, Model, Value, View, mentions};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1315", "private-dns-of-nameless-service", Error {
        pitfalls: [38],
        summary: "Private DNS of a service that has no private name",
        why: "An endpoint can have private DNS only when the provider has given the service a private DNS name. \
              Without one the endpoint is refused.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: false }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: !Sub \"com.amazonaws.vpce.${AWS::Region}.${Service}\"
      VpcEndpointType: Interface
      PrivateDnsEnabled: true
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: false, PrivateDnsName: payments.example.com }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: !Sub \"com.amazonaws.vpce.${AWS::Region}.${Service}\"
      VpcEndpointType: Interface
      PrivateDnsEnabled: true
",
        source: "AWS PrivateLink guide, manage DNS names",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for endpoint in model.all::<Endpoint<'a>>().filter(|endpoint| endpoint.private_dns() == Field::Known(true)) {
        let Some(service) = endpoint.own_service() else {
            of_somebody(endpoint, findings);
            continue;
        };
        if !service.private_dns_name().is_absent() {
            continue;
        }
        let custom =
            model.types().filter(|name| name.starts_with("Custom::") || *name == "AWS::CloudFormation::CustomResource");
        // A custom resource may give it a name.
        if custom.flat_map(|name| model.of_type(name)).any(|id| mentions(model, id, service.logical_id())) {
            continue;
        }
        findings
            .report(endpoint.id(), "PrivateDnsEnabled", "the service has no private DNS name")
            .suggest("PrivateDnsEnabled", false)
            .help("set `PrivateDnsName` of the endpoint service, or leave `PrivateDnsEnabled` off")
            .mention(service.id(), "PrivateDnsName", "the service");
    }
}

/// Whether the service of somebody else has a name is not known. Who switches private DNS on by a condition has thought of it.
fn of_somebody(endpoint: Endpoint<'_>, findings: &mut Findings<'_>) {
    let properties = endpoint.model().declaration(endpoint.id()).and_then(|resource| resource.properties);
    let written = properties.and_then(|properties| properties.get("PrivateDnsEnabled"));
    let is_chosen = written.and_then(Value::as_intrinsic).is_some_and(|call| call.function == Function::If);
    if endpoint.is_for_endpoint_service() && !is_chosen {
        findings
            .report(endpoint.id(), "PrivateDnsEnabled", "the endpoint is refused unless the provider of the service has a private DNS name that is verified")
            .suggest("PrivateDnsEnabled", false)
            .help("leave `PrivateDnsEnabled` off until the provider says so, and call the service by the name of the endpoint")
            .severity(Severity::Warning);
    }
}
