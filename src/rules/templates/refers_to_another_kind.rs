//! References to things of another kind than a property takes.

use super::parts_of_references;
use crate::diagnostics::Mend;
use crate::model::{Attribute, Field, Model, Node, ResourceId};
use crate::rules::Findings;
use crate::rules::mends::reference;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1712", "refers-to-another-kind", Error {
        pitfalls: [],
        summary: "A reference to something of another kind than the property takes, or to another part of it",
        why: "References are names and ARNs, and CloudFormation does not ask of what. The service refuses a load balancer where it \
              wants a target group, in the middle of the deployment.",
        example: "Resources:
  Share: { Type: AWS::EC2::VPCEndpointService, Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true } }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  May:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Balancer, AllowedPrincipals: ['arn:aws:iam::222233334444:root'] }
",
        instead: "Resources:
  Share: { Type: AWS::EC2::VPCEndpointService, Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true } }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  May:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Share, AllowedPrincipals: ['arn:aws:iam::222233334444:root'] }
",
        source: "CloudFormation template reference, the properties and return values of each type",
        check: check,
    }
}

/// What a property takes: the type, and the attributes of it that will do, of which the first is that of `Ref`.
type Kind = (&'static str, &'static [&'static str]);

const BALANCER: Kind = ("AWS::ElasticLoadBalancingV2::LoadBalancer", &["", "LoadBalancerArn"]);
const GROUP: Kind = ("AWS::EC2::SecurityGroup", &["", "GroupId", "Id"]);
const LISTENER: Kind = ("AWS::ElasticLoadBalancingV2::Listener", &["", "ListenerArn"]);
const NETWORK: Kind = ("AWS::EC2::VPC", &["", "VpcId"]);
const ROLE: Kind = ("AWS::IAM::Role", &["", "Arn"]);
const SERVICE: Kind = ("AWS::EC2::VPCEndpointService", &["", "ServiceId"]);
const SUBNET: Kind = ("AWS::EC2::Subnet", &["", "SubnetId"]);
const TABLE: Kind = ("AWS::EC2::RouteTable", &["", "RouteTableId"]);
const TARGETS: Kind = ("AWS::ElasticLoadBalancingV2::TargetGroup", &["", "TargetGroupArn"]);

/// Properties that take one kind of thing. Source: the CloudFormation template reference (2026).
const PROPERTIES: &[(&str, &str, Kind)] = &[
    ("AWS::EC2::NatGateway", "SubnetId", SUBNET),
    ("AWS::EC2::Route", "NatGatewayId", ("AWS::EC2::NatGateway", &["", "NatGatewayId"])),
    ("AWS::EC2::Route", "RouteTableId", TABLE),
    ("AWS::EC2::SecurityGroup", "SecurityGroupEgress/DestinationSecurityGroupId", GROUP),
    ("AWS::EC2::SecurityGroup", "SecurityGroupIngress/SourceSecurityGroupId", GROUP),
    ("AWS::EC2::SecurityGroup", "VpcId", NETWORK),
    ("AWS::EC2::SecurityGroupEgress", "DestinationSecurityGroupId", GROUP),
    ("AWS::EC2::SecurityGroupEgress", "GroupId", GROUP),
    ("AWS::EC2::SecurityGroupIngress", "GroupId", GROUP),
    ("AWS::EC2::SecurityGroupIngress", "SourceSecurityGroupId", GROUP),
    ("AWS::EC2::Subnet", "VpcId", NETWORK),
    ("AWS::EC2::SubnetRouteTableAssociation", "RouteTableId", TABLE),
    ("AWS::EC2::SubnetRouteTableAssociation", "SubnetId", SUBNET),
    ("AWS::EC2::VPCEndpoint", "RouteTableIds", TABLE),
    ("AWS::EC2::VPCEndpoint", "SecurityGroupIds", GROUP),
    ("AWS::EC2::VPCEndpoint", "SubnetIds", SUBNET),
    ("AWS::EC2::VPCEndpointConnectionNotification", "ServiceId", SERVICE),
    ("AWS::EC2::VPCEndpointService", "NetworkLoadBalancerArns", BALANCER),
    ("AWS::EC2::VPCEndpointServicePermissions", "ServiceId", SERVICE),
    (
        "AWS::ECS::CapacityProvider",
        "AutoScalingGroupProvider/AutoScalingGroupArn",
        ("AWS::AutoScaling::AutoScalingGroup", &["", "AutoScalingGroupARN"]),
    ),
    ("AWS::ECS::Service", "Cluster", ("AWS::ECS::Cluster", &["", "Arn"])),
    ("AWS::ECS::Service", "LoadBalancers/AdvancedConfiguration/AlternateTargetGroupArn", TARGETS),
    ("AWS::ECS::Service", "LoadBalancers/AdvancedConfiguration/ProductionListenerRule", LISTENER),
    ("AWS::ECS::Service", "LoadBalancers/AdvancedConfiguration/RoleArn", ROLE),
    ("AWS::ECS::Service", "LoadBalancers/AdvancedConfiguration/TestListenerRule", LISTENER),
    ("AWS::ECS::Service", "LoadBalancers/TargetGroupArn", TARGETS),
    ("AWS::ECS::Service", "NetworkConfiguration/AwsvpcConfiguration/SecurityGroups", GROUP),
    ("AWS::ECS::Service", "NetworkConfiguration/AwsvpcConfiguration/Subnets", SUBNET),
    ("AWS::ECS::Service", "TaskDefinition", ("AWS::ECS::TaskDefinition", &["", "TaskDefinitionArn"])),
    ("AWS::ECS::TaskDefinition", "ExecutionRoleArn", ROLE),
    ("AWS::ECS::TaskDefinition", "TaskRoleArn", ROLE),
    ("AWS::ElasticLoadBalancingV2::Listener", "DefaultActions/ForwardConfig/TargetGroups/TargetGroupArn", TARGETS),
    ("AWS::ElasticLoadBalancingV2::Listener", "DefaultActions/TargetGroupArn", TARGETS),
    ("AWS::ElasticLoadBalancingV2::Listener", "LoadBalancerArn", BALANCER),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "SecurityGroups", GROUP),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "Subnets", SUBNET),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "VpcId", NETWORK),
];

/// Resources of AWS whose attributes may be anything: they give what a value, another template or a function says.
const OPEN: &[&str] = &["AWS::CloudFormation::", "AWS::SSM::", "AWS::ServiceCatalog"];

/// What a flow log records, and the type that has it.
const RECORDED: [(&str, &str); 4] = [
    ("VPC", "AWS::EC2::VPC"),
    ("Subnet", "AWS::EC2::Subnet"),
    ("NetworkInterface", "AWS::EC2::NetworkInterface"),
    ("TransitGateway", "AWS::EC2::TransitGateway"),
];

/// A flow log says twice what it is about.
fn flow_logs<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for id in model.of_type("AWS::EC2::FlowLog") {
        let Some(attribute) = model.property(id, "ResourceId").attribute() else { continue };
        let Field::Known(kind) = model.property(id, "ResourceType").text() else { continue };
        let found = model.type_of(attribute.resource);
        let is_known = RECORDED.iter().any(|(_, name)| *name == found);
        let wanted = RECORDED.iter().find(|(known, name)| *known == kind && is_known && *name != found);
        if let Some((_, wanted)) = wanted.filter(|_| attribute.name.is_empty()) {
            report(model, id, "ResourceId", attribute, (wanted, &[]), findings);
        }
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    flow_logs(model, findings);
    parts_of_references::check(model, findings);
    for (type_name, path, kind) in PROPERTIES {
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        for id in model.of_type(type_name) {
            walk(&model.property(id, first), rest, &mut |node| {
                let wrong = node.attribute().filter(|attribute| is_wrong(model, *attribute, *kind));
                if let Some(attribute) = wrong {
                    report(model, id, path, attribute, *kind, findings);
                } else if let Some(message) = parts_of_references::wrong_id(model, node, kind.0) {
                    findings
                        .report(id, first, message)
                        .help("give it the ID of one, as `Ref` of it or a parameter does");
                }
            });
        }
    }
}

/// Everything at the end of a path, through all lists on the way.
pub(super) fn walk<'a>(node: &Node<'a>, path: &str, take: &mut dyn FnMut(&Node<'a>)) {
    if path.is_empty() && node.because().is_some() {
        return take(node);
    }
    for item in node.known_items() {
        match path.split_once('/') {
            _ if path.is_empty() => take(&item),
            Some((key, rest)) => walk(&item.get(key), rest, take),
            None => walk(&item.get(path), "", take),
        }
    }
}

fn is_wrong<'a>(model: &'a Model<'a>, attribute: Attribute<'a>, (wanted, attributes): Kind) -> bool {
    let found = model.type_of(attribute.resource);
    if found == wanted {
        return !attributes.contains(&attribute.name);
    }
    // Some things have the ID of another as an attribute, such as a subnet that of its VPC.
    let last = wanted.rsplit("::").next().unwrap_or_default().to_ascii_lowercase();
    found.starts_with("AWS::")
        && !found.starts_with(wanted)
        && !found.ends_with("::MODULE")
        && !attribute.name.to_ascii_lowercase().contains(&last)
        && !OPEN.iter().any(|open| found.starts_with(open))
}

fn report(
    model: &Model<'_>,
    id: ResourceId,
    path: &str,
    attribute: Attribute<'_>,
    (wanted, _): Kind,
    findings: &mut Findings<'_>,
) {
    let (name, found) = (model.logical_id(attribute.resource), model.type_of(attribute.resource));
    let message = if found == wanted {
        format!("this takes the ID or ARN of `{name}`, and `{}` is something else", attribute.name)
    } else {
        format!("this takes an `{wanted}`, and `{name}` is an `{found}`")
    };
    let place = path.split('/').next().unwrap_or(path);
    let is_single = !path.contains('/') && !model.property(id, path).is_list() && found == wanted;
    let meant = reference(model, id, attribute.resource, "").filter(|_| is_single);
    let mend = meant.map(|meant| Mend::setting(false, path, meant));
    findings.report(id, place, message).mend_by(mend).help(format!("refer to an `{wanted}`")).mention(
        attribute.resource,
        "",
        "this is named here",
    );
}
