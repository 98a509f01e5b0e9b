//! An image from a registry that tasks have no way to.

use super::{blocks, subnets_in_words};
use crate::model::Destination;
use crate::model::View;
use crate::reach::Reach;
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1014", "registry-unreachable", Error {
        pitfalls: [65],
        summary: "An image from a registry that tasks have no way to",
        why: "No endpoint reaches Docker Hub, the public registry of ECR, other registries on the internet, or ECR in another Region. In \
              a subnet without a way to the internet the image is never pulled.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{ Name: api, Image: \"public.ecr.aws/nginx/nginx:1.27\" }]
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
",
        source: "Amazon ECR user guide, interface VPC endpoints",
        traffic: check,
    }
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    let is_elsewhere =
        |what: &Destination<'_>| matches!(what, Destination::Registry(_) | Destination::OtherRegion { .. });
    for block in blocks(reach, |leg, blocker| is_elsewhere(&leg.need.what) && super::is_way(blocker.cause)) {
        let need = &block.leg.need;
        let what = match &need.what {
            Destination::Registry(host) => format!("the registry `{host}`"),
            Destination::OtherRegion { region, service } => format!("`{service}` in `{region}`"),
            _ => continue,
        };
        let service = block.leg.service;
        let subnets = subnets_in_words(reach, &block.subnets);
        let message = format!(
            "tasks of `{}` in {subnets} have no way to {what}: {}",
            service.logical_id(),
            block.blocker.cause.words()
        );
        findings
            .report(need.resource, need.property.clone(), message)
            .help("put the image into a private registry of ECR in the same Region, or give the subnets a way out")
            .mention(service.id(), "NetworkConfiguration", "its tasks run there");
    }
}
