//! An endpoint in the default security group of its VPC.

use super::is_nothing;
use crate::diagnostics::Severity;
use crate::model::Gather as _;
use crate::model::{Endpoint, Model, Service, View, Vpc, mentions};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1310", "endpoint-in-default-group", Error {
        pitfalls: [56],
        summary: "An endpoint in the default security group of its VPC",
        why: "An endpoint without security groups gets the default group of the VPC, which admits nothing but members \
              of that group. Clients outside of it time out.",
        example: "Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16 }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [subnet-0123456789abcdef0]
",
        instead: "Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16 }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [subnet-0123456789abcdef0]
      SecurityGroupIds: [sg-0123456789abcdef0]
",
        source: "Amazon EC2 API reference, CreateVpcEndpoint",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let endpoints = model.all::<Endpoint<'a>>().filter(|endpoint| endpoint.is_interface());
    let endpoints: Vec<_> = endpoints.filter(|endpoint| is_nothing(&endpoint.property("SecurityGroupIds"))).gather();
    if endpoints.is_empty() {
        return;
    }
    let is_group_used = is_default_group_used(model);
    for endpoint in endpoints {
        let found = findings.report(
            endpoint.id(),
            "SecurityGroupIds",
            "the endpoint gets the default security group of the VPC, which admits only its own members",
        );
        found.help("give it a security group of its own that admits its clients on the port of the service");
        let vpc = endpoint.vpc().known().and_then(|vpc| model.find::<Vpc<'a>>(&vpc));
        match vpc {
            Some(vpc) if !is_group_used => found.mention(vpc.id(), "", "the VPC"),
            // Somebody may have let others into the group.
            _ => found.severity(Severity::Warning),
        };
    }
}

/// Whether something in the app may be in the default group of a VPC, or lets others into it.
fn is_default_group_used<'a>(model: &'a Model<'a>) -> bool {
    const USERS: [&str; 3] = ["AWS::EC2::Instance", "AWS::EC2::LaunchTemplate", "AWS::EC2::NetworkInterface"];
    USERS.iter().any(|name| model.of_type(name).next().is_some())
        || model.all::<Service<'a>>().any(|service| service.security_groups().is_absent())
        || model.resources().any(|id| mentions(model, id, "DefaultSecurityGroup"))
}
