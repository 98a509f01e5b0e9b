//! Tasks whose security groups do not let them reach what they need.

use super::blocks;
use crate::aws::prefix_lists::{DYNAMODB, S3};
use crate::diagnostics::Mend;
use crate::model::View;
use crate::reach::{Blocker, End, Protocol, Reach};
use crate::rules::Findings;
use crate::rules::mends::{Peer, opening};
use crate::rules::registry::rule;

rule! {
    RULE = "RF1020", "task-egress-blocked", Error {
        pitfalls: [],
        summary: "Tasks whose security groups do not let them reach what they need",
        why: "A security group with egress rules of its own lets out what they name and nothing else. Interface endpoints are reached at \
              their private addresses, S3 through a gateway endpoint at public ones, which its prefix list names.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Table: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Vpc } }
  TableOfSubnet:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: { SubnetId: !Ref Subnet, RouteTableId: !Ref Table }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupEgress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16 }] } }
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
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Table: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Vpc } }
  TableOfSubnet:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: { SubnetId: !Ref Subnet, RouteTableId: !Ref Table }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupEgress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, DestinationPrefixListId: pl-6da54004 }] } }
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
",
        source: "AWS PrivateLink guide, gateway endpoints (security groups)",
        traffic: check,
    }
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    for block in blocks(reach, |_, blocker| super::is_group(blocker, End::Source)) {
        let (service, blocker, need) = (block.leg.service, block.blocker, &block.leg.need);
        let message = format!(
            "tasks of `{}` cannot {}: their security groups do not let them out to it",
            service.logical_id(),
            need.purpose.words()
        );
        let found = findings.report(blocker.resource.unwrap_or(service.id()), blocker.property.clone(), message);
        found.help(if blocker.service == "s3" {
            "add an egress rule for port 443 with the prefix list of S3 as its destination"
        } else {
            "add an egress rule for port 443 to the security group of the endpoint"
        });
        found.mend_by(mend(reach, blocker));
        super::soften(reach, blocker, found);
        found.mention(service.id(), "NetworkConfiguration", "its tasks have the security group");
        if let Some(other) = blocker.other {
            found.mention(other, "", "this is what they cannot reach");
        }
    }
}

/// Lets tasks out to the endpoint, or to what is in the prefix list of the service.
fn mend<'a>(reach: &Reach<'a>, blocker: &Blocker<'a>) -> Option<Mend> {
    if blocker.other.is_some() {
        return super::open(reach, blocker, Protocol::TCP, Some(443));
    }
    let lists = match blocker.service {
        "s3" => S3,
        "dynamodb" => DYNAMODB,
        _ => return None,
    };
    let region = reach.model().region_of(blocker.resource?)?;
    let list = lists.iter().find(|list| list.region == region).map(|list| Peer::List(list.id));
    opening(reach.model(), blocker, Protocol::TCP, Some(443), list.as_slice())
}
