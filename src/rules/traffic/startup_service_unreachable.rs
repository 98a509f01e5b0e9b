//! Tasks without a way to a service that they need to start.

use super::report_missing;
use crate::model::Purpose;
use crate::reach::Reach;
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1010", "startup-service-unreachable", Error {
        pitfalls: [62],
        summary: "Tasks without a way to a service that they need to start",
        why: "A task on Fargate signs in to its registry and gets its secrets and parameters through its own network interface. Without an \
              endpoint for the service and without a way to the internet it never starts (`ResourceInitializationError`).",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{ Name: api, Image: \"docker.example.internal/api:1\", Secrets: [{ Name: PASSWORD, ValueFrom: arn:aws:secretsmanager:eu-west-1:111122223333:secret:db }] }]
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16 }] } }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{ Name: api, Image: \"docker.example.internal/api:1\", Secrets: [{ Name: PASSWORD, ValueFrom: arn:aws:secretsmanager:eu-west-1:111122223333:secret:db }] }]
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
  Secrets:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      VpcEndpointType: Interface
      ServiceName: com.amazonaws.eu-west-1.secretsmanager
      SubnetIds: [!Ref Subnet]
      SecurityGroupIds: [!Ref Group]
      PrivateDnsEnabled: true
",
        source: "Amazon ECS developer guide, interface VPC endpoints",
        traffic: check,
    }
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    report_missing(reach, findings, |purpose| {
        matches!(purpose, Purpose::SignIn | Purpose::Secret | Purpose::Parameter | Purpose::EnvironmentFile)
    });
}
