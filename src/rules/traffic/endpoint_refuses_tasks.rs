//! An endpoint whose security groups do not admit the tasks that need it.

use super::blocks;
use crate::model::View;
use crate::reach::{Cause, End, Protocol, Reach};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1015", "endpoint-refuses-tasks", Error {
        pitfalls: [66],
        summary: "An endpoint whose security groups do not admit the tasks that need it",
        why: "With private DNS every call to the service goes to the endpoint, whatever other way there is. When its security groups do not \
              admit the tasks on the port of the service, the calls time out. Without security groups it has the default one of the VPC, \
              which admits only its own members.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Other: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{ Name: api, Image: \"docker.example.internal/api:1\", LogConfiguration: { LogDriver: awslogs } }]
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
  Logs:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      VpcEndpointType: Interface
      ServiceName: com.amazonaws.eu-west-1.logs
      SubnetIds: [!Ref Subnet]
      SecurityGroupIds: [!Ref Other]
      PrivateDnsEnabled: true
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Other: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, SourceSecurityGroupId: !Ref Group }] } }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{ Name: api, Image: \"docker.example.internal/api:1\", LogConfiguration: { LogDriver: awslogs } }]
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
  Logs:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      VpcEndpointType: Interface
      ServiceName: com.amazonaws.eu-west-1.logs
      SubnetIds: [!Ref Subnet]
      SecurityGroupIds: [!Ref Other]
      PrivateDnsEnabled: true
",
        source: "AWS PrivateLink guide, security groups of interface endpoints",
        traffic: check,
    }
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    for block in blocks(reach, |_, blocker| super::is_group(blocker, End::Destination)) {
        let (service, blocker) = (block.leg.service, block.blocker);
        let Some(endpoint) = blocker.party else { continue };
        let name = reach.model().logical_id(endpoint);
        let message = format!(
            "the endpoint `{name}` does not admit tasks of `{}`, which cannot {}: {}",
            service.logical_id(),
            block.leg.need.purpose.words(),
            blocker.cause.words()
        );
        let is_default = blocker.cause == Cause::DefaultGroup;
        let place = blocker.resource.unwrap_or(endpoint);
        let property = if place == endpoint { "SecurityGroupIds".into() } else { blocker.property.clone() };
        findings
            .report(place, property, message)
            .help(if is_default {
                "give the endpoint a security group of its own that admits the tasks on port 443"
            } else {
                "add an ingress rule for port 443 with the security group of the tasks as its source"
            })
            .mend_by(super::open(reach, blocker, Protocol::TCP, Some(443)))
            .mention(endpoint, "SecurityGroupIds", "this endpoint has the security group")
            .mention(service.id(), "NetworkConfiguration", "its tasks need the endpoint");
    }
}
