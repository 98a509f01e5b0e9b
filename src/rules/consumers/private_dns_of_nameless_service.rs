//! Private DNS of a service that has no private name.

use crate::model::{Endpoint, Field, Model, View, mentions};
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
        let Some(service) = endpoint.own_service().filter(|service| service.private_dns_name().is_absent()) else {
            continue;
        };
        let custom =
            model.types().filter(|name| name.starts_with("Custom::") || *name == "AWS::CloudFormation::CustomResource");
        // A custom resource may give it a name.
        if custom.flat_map(|name| model.of_type(name)).any(|id| mentions(model, id, service.logical_id())) {
            continue;
        }
        findings
            .report(endpoint.id(), "PrivateDnsEnabled", "the service has no private DNS name")
            .help("set `PrivateDnsName` of the endpoint service, or leave `PrivateDnsEnabled` off")
            .mention(service.id(), "PrivateDnsName", "the service");
    }
}
