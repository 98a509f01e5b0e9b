//! Security groups of another VPC than what they are to protect.

use crate::model::{Gather as _, Identity, Model, ResourceId, SecurityGroup, Subnet};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1709", "group-of-another-network", Error {
        pitfalls: [66],
        summary: "A security group of another VPC than the subnets beside it",
        why: "A network interface takes security groups of its own VPC only. With one of another VPC the service, load balancer \
              or endpoint is refused, or no task starts.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  Other: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.1.0.0/16 } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Other } }
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  Other: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.1.0.0/16 } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
",
        source: "Amazon VPC user guide, security groups",
        check: check,
    }
}

/// What has network interfaces: the type, its groups and its subnets.
const PLACED: &[(&str, &str, &str)] = &[
    ("AWS::EC2::VPCEndpoint", "SecurityGroupIds", "SubnetIds"),
    (
        "AWS::ECS::Service",
        "NetworkConfiguration/AwsvpcConfiguration/SecurityGroups",
        "NetworkConfiguration/AwsvpcConfiguration/Subnets",
    ),
    ("AWS::EFS::MountTarget", "SecurityGroups", "SubnetId"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "SecurityGroups", "Subnets"),
    ("AWS::Lambda::Function", "VpcConfig/SecurityGroupIds", "VpcConfig/SubnetIds"),
];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    if model.of_type("AWS::EC2::SecurityGroupVpcAssociation").next().is_some() {
        return;
    }
    for (type_name, groups, subnets) in PLACED {
        for id in model.of_type(type_name) {
            let vpc = named(model, id, subnets)
                .into_iter()
                .find_map(|subnet| vpc_of(model, subnet, |id| model.view::<Subnet<'a>>(id)?.vpc().known()));
            let Some(vpc) = vpc else { continue };
            for group in named(model, id, groups) {
                let of_group = vpc_of(model, group, |id| model.view::<SecurityGroup<'a>>(id)?.vpc().known());
                if of_group.is_some_and(|other| other != vpc) {
                    let message =
                        format!("the security group `{}` is of another VPC than the subnets", model.logical_id(group));
                    findings
                        .report(id, *groups, message)
                        .help("use a security group of the VPC in which the subnets are")
                        .mention(group, "VpcId", "this is the security group");
                }
            }
        }
    }
}

/// The resources that a list names.
fn named<'a>(model: &'a Model<'a>, id: ResourceId, property: &str) -> Vec<ResourceId> {
    model.property(id, property).known_items().iter().filter_map(|item| item.resource()).gather()
}

/// The VPC of the app in which something is.
fn vpc_of<'a>(
    model: &'a Model<'a>,
    id: ResourceId,
    find: impl Fn(ResourceId) -> Option<Identity<'a>>,
) -> Option<ResourceId> {
    match find(id)? {
        Identity::Resource(vpc) => (model.type_of(vpc) == "AWS::EC2::VPC").then_some(vpc),
        _ => None,
    }
}
