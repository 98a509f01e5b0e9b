//! Two endpoints with the same private DNS name in one VPC.

use crate::model::{Endpoint, Field, Identity, Model, OrderedMap, View, text_with_holes};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1312", "one-private-dns-name-twice", Error {
        pitfalls: [58],
        summary: "Two endpoints with the same private DNS name in one VPC",
        why: "Each endpoint with private DNS brings a hidden hosted zone for the name of its service. A second one for \
              the same name in the same VPC is refused as conflicting.",
        example: "Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.eu-west-1.logs
      VpcEndpointType: Interface
      PrivateDnsEnabled: true
      SecurityGroupIds: [sg-0123456789abcdef0]
      SubnetIds: [subnet-0123456789abcdef0]
  Other:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.eu-west-1.logs
      VpcEndpointType: Interface
      PrivateDnsEnabled: true
      SecurityGroupIds: [sg-0123456789abcdef0]
      SubnetIds: [subnet-0123456789abcdef0]
",
        instead: "Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.eu-west-1.logs
      VpcEndpointType: Interface
      PrivateDnsEnabled: true
      SecurityGroupIds: [sg-0123456789abcdef0]
      SubnetIds: [subnet-0123456789abcdef0]
  Other:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.eu-west-1.logs
      VpcEndpointType: Interface
      PrivateDnsEnabled: false
      SecurityGroupIds: [sg-0123456789abcdef0]
      SubnetIds: [subnet-0123456789abcdef0]
",
        source: "Amazon EC2 API reference, CreateVpcEndpoint; hashicorp/terraform-provider-aws, issue 37783",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    // An ID names different VPCs in different Regions.
    let mut seen: OrderedMap<(Option<&str>, Identity<'a>, String), Endpoint<'a>> = OrderedMap::new();
    let named = model
        .all::<Endpoint<'a>>()
        .filter(|endpoint| endpoint.is_interface() && endpoint.private_dns() == Field::Known(true));
    for endpoint in named {
        let (Field::Known(vpc), Some(service)) = (endpoint.vpc(), service(endpoint)) else { continue };
        let other = *seen.or_insert_with((model.region_of(endpoint.id()), vpc, service), || endpoint);
        if other.id() != endpoint.id() {
            findings
                .report(
                    endpoint.id(),
                    "PrivateDnsEnabled",
                    format!("`{}` has the same private DNS name in the same VPC", other.logical_id()),
                )
                .suggest("PrivateDnsEnabled", false)
                .help("leave private DNS on for one of them, or put all subnets and security groups into one endpoint")
                .mention(other.id(), "PrivateDnsEnabled", "the other endpoint");
        }
    }
}

/// What tells the name that private DNS answers to.
fn service(endpoint: Endpoint<'_>) -> Option<String> {
    if let Some(service) = endpoint.own_service() {
        return Some(format!("{:?}", service.id()));
    }
    let name = endpoint.service_name();
    match endpoint.aws_service().filter(|_| endpoint.property("ServiceRegion").is_absent()) {
        Some(service) => Some(service.key.to_owned()),
        None => name.text().is_known().then(|| text_with_holes(&name)),
    }
}
