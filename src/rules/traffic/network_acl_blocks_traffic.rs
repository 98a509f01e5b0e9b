//! A network ACL that refuses what a service needs, or the replies.

use super::blocks;
use crate::model::{ResourceId, View};
use crate::reach::{Blocker, Cause, Reach};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1021", "network-acl-blocks-traffic", Error {
        pitfalls: [],
        summary: "A network ACL that refuses what a service needs, or the replies",
        why: "A network ACL remembers nothing: replies need an entry of their own, for the ports from which clients send (1024 to 65535). \
              One without it lets connections out and nothing back.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Table: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Vpc } }
  TableOfSubnet:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: { SubnetId: !Ref Subnet, RouteTableId: !Ref Table }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{ Name: api, Image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\" }]
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
  Gateway:
    Type: AWS::EC2::VPCEndpoint
    Properties: { VpcId: !Ref Vpc, ServiceName: com.amazonaws.eu-west-1.s3, RouteTableIds: [!Ref Table] }
  Acl: { Type: AWS::EC2::NetworkAcl, Properties: { VpcId: !Ref Vpc } }
  AclOfSubnet:
    Type: AWS::EC2::SubnetNetworkAclAssociation
    Properties: { SubnetId: !Ref Subnet, NetworkAclId: !Ref Acl }
  Out:
    Type: AWS::EC2::NetworkAclEntry
    Properties: { NetworkAclId: !Ref Acl, Egress: true, RuleNumber: 1, Protocol: -1, RuleAction: allow, CidrBlock: 0.0.0.0/0 }
  In:
    Type: AWS::EC2::NetworkAclEntry
    Properties:
      { NetworkAclId: !Ref Acl, RuleNumber: 1, Protocol: 6, RuleAction: allow, CidrBlock: 0.0.0.0/0, PortRange: { From: 443, To: 443 } }
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Table: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Vpc } }
  TableOfSubnet:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: { SubnetId: !Ref Subnet, RouteTableId: !Ref Table }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{ Name: api, Image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\" }]
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
  Gateway:
    Type: AWS::EC2::VPCEndpoint
    Properties: { VpcId: !Ref Vpc, ServiceName: com.amazonaws.eu-west-1.s3, RouteTableIds: [!Ref Table] }
  Acl: { Type: AWS::EC2::NetworkAcl, Properties: { VpcId: !Ref Vpc } }
  AclOfSubnet:
    Type: AWS::EC2::SubnetNetworkAclAssociation
    Properties: { SubnetId: !Ref Subnet, NetworkAclId: !Ref Acl }
  Out:
    Type: AWS::EC2::NetworkAclEntry
    Properties: { NetworkAclId: !Ref Acl, Egress: true, RuleNumber: 1, Protocol: -1, RuleAction: allow, CidrBlock: 0.0.0.0/0 }
  In:
    Type: AWS::EC2::NetworkAclEntry
    Properties:
      { NetworkAclId: !Ref Acl, RuleNumber: 1, Protocol: 6, RuleAction: allow, CidrBlock: 0.0.0.0/0, PortRange: { From: 1024, To: 65535 } }
",
        source: "Amazon VPC user guide, network ACLs (ephemeral ports)",
        traffic: check,
    }
}

fn is_acl(blocker: &Blocker<'_>) -> bool {
    matches!(blocker.cause, Cause::NetworkAcl | Cause::NetworkAclReplies)
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    let mut said: Vec<(Option<ResourceId>, ResourceId)> = Vec::new();
    for block in blocks(reach, |_, blocker| is_acl(blocker)) {
        let (service, blocker) = (block.leg.service, block.blocker);
        let key = (blocker.resource, service.id());
        if !said.contains(&key) {
            said.push(key);
            let what = format!("tasks of `{}` cannot {}", service.logical_id(), block.leg.need.purpose.words());
            report(findings, blocker, service.id(), &what);
        }
    }
    for leg in reach.balancer_legs() {
        let (service, balancer) = (leg.registration.service, leg.registration.balancer);
        for blocker in leg.answer.blockers().iter().filter(|blocker| is_acl(blocker)) {
            let key = (blocker.resource, service.id());
            if !said.contains(&key) {
                said.push(key);
                let what = format!("`{}` does not reach tasks of `{}`", balancer.logical_id(), service.logical_id());
                report(findings, blocker, service.id(), &what);
            }
        }
    }
}

fn report(findings: &mut Findings<'_>, blocker: &Blocker<'_>, service: ResourceId, what: &str) {
    let place = blocker.resource.or(blocker.subnet).unwrap_or(service);
    let found = findings.report(place, "", format!("{what}: {}", blocker.cause.words()));
    found.help(if blocker.cause == Cause::NetworkAclReplies {
        "add an entry that lets replies pass: ports 1024 to 65535, from or to the addresses of the other end"
    } else {
        "add an entry that lets the traffic pass, before those that refuse it"
    });
    if let Some(subnet) = blocker.subnet {
        found.mention(subnet, "", "this subnet has the network ACL");
    }
    found.mention(service, "NetworkConfiguration", "its traffic is refused");
}
