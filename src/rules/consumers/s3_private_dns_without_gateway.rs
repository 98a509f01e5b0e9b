//! Private DNS of an S3 interface endpoint in a VPC without a gateway endpoint.

use crate::model::{Endpoint, Field, Identity, Model, OrderedSet, View, Vpc, may_have_more};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1314", "s3-private-dns-without-gateway", Error {
        pitfalls: [58],
        summary: "Private DNS of an S3 interface endpoint in a VPC without a gateway endpoint",
        why: "Unless it is said otherwise, private DNS of an interface endpoint for S3 is for resolvers outside of the \
              VPC only, and the VPC itself has to have a gateway endpoint for S3. Without one the endpoint is refused.",
        example: "Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.eu-west-1.s3
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
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Interface
      PrivateDnsEnabled: true
      SecurityGroupIds: [sg-0123456789abcdef0]
      SubnetIds: [subnet-0123456789abcdef0]
  Gateway:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Gateway
      RouteTableIds: [rtb-0123456789abcdef0]
",
        source: "Amazon S3 user guide, AWS PrivateLink for Amazon S3; hashicorp/terraform-provider-aws, issue 31117",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let Some(gateways) = gateways(model) else { return };
    for endpoint in model.all::<Endpoint<'a>>().filter(|endpoint| is_for_s3(*endpoint) && endpoint.is_interface()) {
        let is_for_all = match endpoint.dns_only_inbound() {
            Field::Absent => false,
            Field::Known(who) => who == "AllResolvers",
            Field::Unknown(_) => true,
        };
        if is_for_all || endpoint.private_dns() != Field::Known(true) {
            continue;
        }
        let vpc = endpoint.vpc().known().and_then(|vpc| model.find::<Vpc<'a>>(&vpc));
        let has_gateway = |vpc: &Vpc<'a>| gateways.contains(&vpc.identity()) || may_have_more(model, vpc.id());
        let Some(vpc) = vpc.filter(|vpc| !has_gateway(vpc)) else { continue };
        findings
            .report(endpoint.id(), "PrivateDnsEnabled", "private DNS for S3 needs a gateway endpoint for S3 in the VPC")
            .suggest("DnsOptions/PrivateDnsOnlyForInboundResolverEndpoint", "AllResolvers")
            .help("add a gateway endpoint for S3, or set `DnsOptions: { PrivateDnsOnlyForInboundResolverEndpoint: AllResolvers }`")
            .mention(vpc.id(), "", "the VPC");
    }
}

fn is_for_s3(endpoint: Endpoint<'_>) -> bool {
    endpoint.aws_service().is_some_and(|service| service.key == "s3")
}

/// The VPCs that may have a gateway endpoint for S3; nothing when any VPC may.
fn gateways<'a>(model: &'a Model<'a>) -> Option<OrderedSet<Identity<'a>>> {
    let mut vpcs = OrderedSet::new();
    for endpoint in model.all::<Endpoint<'a>>() {
        if endpoint.is_interface() || endpoint.is_service_known() && !is_for_s3(endpoint) {
            continue;
        }
        match endpoint.vpc().known()? {
            Identity::Unnamed(_) => return None,
            vpc => drop(vpcs.insert(vpc)),
        }
    }
    Some(vpcs)
}
