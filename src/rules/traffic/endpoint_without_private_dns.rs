//! An endpoint that does not answer to the name of its service.

use super::blocks;
use crate::diagnostics::Mend;
use crate::model::{Field, View, Vpc};
use crate::reach::{Cause, Reach};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1016", "endpoint-without-private-dns", Error {
        pitfalls: [66],
        summary: "An endpoint that does not answer to the name of its service",
        why: "Tasks call services by their public names. Those lead to an endpoint only when its private DNS is on, and the VPC resolves DNS \
              and has DNS hostnames on, which CloudFormation leaves off. Otherwise they lead to the internet, to which there is no way.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16 }] } }
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
      SecurityGroupIds: [!Ref Group]
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16 }] } }
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
      SecurityGroupIds: [!Ref Group]
      PrivateDnsEnabled: true
",
        source: "AWS PrivateLink guide, private DNS names of interface endpoints",
        traffic: check,
    }
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    for block in blocks(reach, |_, blocker| matches!(blocker.cause, Cause::PrivateDnsOff | Cause::DnsOff)) {
        let (service, blocker) = (block.leg.service, block.blocker);
        let Some(resource) = blocker.resource else { continue };
        let words = block.leg.need.purpose.words();
        let name = service.logical_id();
        let found = if blocker.cause == Cause::PrivateDnsOff {
            let message = format!(
                "tasks of `{name}` cannot {words}: the endpoint for `{}` has no private DNS, and nothing else leads there",
                blocker.service
            );
            let found = findings.report(resource, "PrivateDnsEnabled", message);
            // For S3 it takes a gateway endpoint too.
            if blocker.service != "s3" {
                found.suggest("PrivateDnsEnabled", true);
            }
            found
        } else {
            let message = format!(
                "tasks of `{name}` cannot {words}: the VPC does not resolve the private name of `{}`",
                blocker.service
            );
            findings.report(resource, "EnableDnsHostnames", message)
        };
        found.help(if blocker.cause == Cause::PrivateDnsOff {
            "set `PrivateDnsEnabled: true`"
        } else {
            "set `EnableDnsHostnames: true` and leave `EnableDnsSupport` on"
        });
        let vpc = reach.model().view::<Vpc<'a>>(resource).filter(|_| blocker.cause == Cause::DnsOff);
        if let Some(vpc) = vpc {
            found.mend(mend(vpc));
        }
        found.mention(service.id(), "NetworkConfiguration", "its tasks call the service by its public name");
        if let Some(endpoint) = blocker.other {
            found.mention(endpoint, "PrivateDnsEnabled", "this endpoint has private DNS");
        }
    }
}

/// Switches on what is off, and leaves alone what is on.
fn mend(vpc: Vpc<'_>) -> Mend {
    let switches = [("EnableDnsHostnames", vpc.has_dns_hostnames()), ("EnableDnsSupport", vpc.has_dns_support())];
    let off = switches.into_iter().filter(|(_, value)| *value != Field::Known(true));
    let mend = Mend::safe("set `EnableDnsHostnames` and `EnableDnsSupport` to `true`");
    off.fold(mend, |mend, (name, _)| mend.set(name, true))
}
