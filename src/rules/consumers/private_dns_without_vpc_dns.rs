//! A private DNS name in a VPC that answers to none.

use crate::diagnostics::Mend;
use crate::model::{Endpoint, Field, Model, View, Vpc};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1311", "private-dns-without-vpc-dns", Error {
        pitfalls: [57],
        summary: "A private DNS name in a VPC that answers to none",
        why: "Private DNS needs both `EnableDnsSupport` and `EnableDnsHostnames` of the VPC. The second is off unless \
              it is turned on, and then the endpoint is refused.",
        example: "Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16 }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.eu-west-1.ecr.api
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
      ServiceName: com.amazonaws.eu-west-1.ecr.api
      VpcEndpointType: Interface
      PrivateDnsEnabled: true
      SecurityGroupIds: [sg-0123456789abcdef0]
      SubnetIds: [subnet-0123456789abcdef0]
",
        source: "Amazon EC2 API reference, CreateVpcEndpoint",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for endpoint in model.all::<Endpoint<'a>>().filter(|endpoint| endpoint.private_dns() == Field::Known(true)) {
        let vpc = endpoint.vpc().known().and_then(|vpc| model.find::<Vpc<'a>>(&vpc));
        let Some(vpc) = vpc.filter(|_| !endpoint.is_gateway()) else { continue };
        let switches = [("EnableDnsSupport", vpc.has_dns_support()), ("EnableDnsHostnames", vpc.has_dns_hostnames())];
        for (name, _) in switches.into_iter().filter(|(_, value)| *value == Field::Known(false)) {
            findings
                .report(
                    endpoint.id(),
                    "PrivateDnsEnabled",
                    format!("private DNS needs `{name}` of the VPC, which is off"),
                )
                .mend(Mend::setting(true, name, true.into()).on(vpc.id()))
                .help(format!("set `{name}: true` of `{}`", vpc.logical_id()))
                .mention(vpc.id(), name, "the VPC of the endpoint");
        }
    }
}
