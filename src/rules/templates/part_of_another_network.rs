//! Things of one VPC where something of another one stands.

use crate::model::{Gather as _, Model, Node, OrderedMap, ResourceId};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1709", "part-of-another-network", Error {
        pitfalls: [66],
        summary: "Parts of one thing in different VPCs, such as its subnets and security groups",
        why: "Subnets, security groups, route tables and target groups that belong together are in one VPC. With one of another \
              VPC the service, load balancer or endpoint is refused, or no task starts.",
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

/// What has parts of one VPC: the type, and the properties that name them.
const PLACED: &[(&str, &[&str])] = &[
    ("AWS::EC2::SubnetNetworkAclAssociation", &["SubnetId", "NetworkAclId"]),
    ("AWS::EC2::SubnetRouteTableAssociation", &["SubnetId", "RouteTableId"]),
    ("AWS::EC2::VPCEndpoint", &["VpcId", "SubnetIds", "SecurityGroupIds", "RouteTableIds"]),
    (
        "AWS::ECS::Service",
        &[
            "NetworkConfiguration/AwsvpcConfiguration/Subnets",
            "NetworkConfiguration/AwsvpcConfiguration/SecurityGroups",
        ],
    ),
    ("AWS::EFS::MountTarget", &["SubnetId", "SecurityGroups"]),
    ("AWS::ElasticLoadBalancingV2::Listener", &["LoadBalancerArn", "DefaultActions"]),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", &["Subnets", "SubnetMappings", "SecurityGroups"]),
    ("AWS::Lambda::Function", &["VpcConfig/SubnetIds", "VpcConfig/SecurityGroupIds"]),
];

/// Where in the elements of a list the reference stands, if not in their place.
const INSIDE: [&str; 2] = ["SubnetId", "TargetGroupArn"];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    if model.of_type("AWS::EC2::SecurityGroupVpcAssociation").next().is_some() {
        return;
    }
    gateways(model, findings);
    for (type_name, properties) in PLACED {
        for id in model.of_type(type_name) {
            let mut parts = properties.iter().flat_map(|property| {
                named(model, id, property).into_iter().filter_map(|part| Some((*property, part, vpc_of(model, part)?)))
            });
            let Some((_, first, vpc)) = parts.next() else { continue };
            if let Some((property, other, _)) = parts.find(|(_, _, other)| *other != vpc) {
                let (one, two) = (model.logical_id(first), model.logical_id(other));
                findings
                    .report(id, property, format!("`{two}` is of another VPC than `{one}`"))
                    .help("use what is in the same VPC")
                    .mention(other, "VpcId", "this is in one VPC")
                    .mention(first, "VpcId", "this is in another");
            }
        }
    }
}

/// Routes to a gateway that is attached to another VPC.
fn gateways<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let mut attachments: OrderedMap<ResourceId, Vec<(ResourceId, Option<ResourceId>)>> = OrderedMap::new();
    for id in model.of_type("AWS::EC2::VPCGatewayAttachment") {
        let one = |property: &str| model.property(id, property).resource();
        for gateway in ["InternetGatewayId", "VpnGatewayId"].iter().filter_map(|key| one(key)) {
            attachments.or_insert_with(gateway, Vec::new).push((id, one("VpcId")));
        }
    }
    for route in model.of_type("AWS::EC2::Route") {
        let one = |property: &str| model.property(route, property).resource();
        let (Some(gateway), Some(table)) = (one("GatewayId"), one("RouteTableId")) else { continue };
        let Some(vpc) = vpc_of(model, table) else { continue };
        let attached = attachments.get(&gateway).map(Vec::as_slice).unwrap_or_default();
        if let Some((attachment, _)) =
            attached.first().filter(|_| attached.iter().all(|(_, other)| other.is_some_and(|other| other != vpc)))
        {
            let name = model.logical_id(gateway);
            findings
                .report(route, "GatewayId", format!("`{name}` is attached to another VPC than that of the route table"))
                .help("use the gateway of the same VPC")
                .mention(*attachment, "VpcId", "this attaches it")
                .mention(table, "VpcId", "this is the route table");
        }
    }
}

/// The resources that a property names.
fn named<'a>(model: &'a Model<'a>, id: ResourceId, property: &str) -> Vec<ResourceId> {
    let items = model.property(id, property).known_items();
    let one = |item: &Node<'a>| item.resource().or_else(|| INSIDE.iter().find_map(|key| item.get(key).resource()));
    items.iter().filter_map(one).gather()
}

/// The VPC of the app in which something is.
fn vpc_of<'a>(model: &'a Model<'a>, id: ResourceId) -> Option<ResourceId> {
    let found = match model.type_of(id) {
        "AWS::EC2::VPC" => return Some(id),
        "AWS::EC2::NetworkAcl"
        | "AWS::EC2::RouteTable"
        | "AWS::EC2::SecurityGroup"
        | "AWS::EC2::Subnet"
        | "AWS::ElasticLoadBalancingV2::TargetGroup" => model.property(id, "VpcId").resource(),
        "AWS::ElasticLoadBalancingV2::LoadBalancer" => {
            let subnet =
                ["Subnets", "SubnetMappings"].iter().find_map(|list| named(model, id, list).first().copied())?;
            model.property(subnet, "VpcId").resource()
        }
        _ => None,
    };
    found.filter(|vpc| model.type_of(*vpc) == "AWS::EC2::VPC")
}
