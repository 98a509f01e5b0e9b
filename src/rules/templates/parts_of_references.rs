//! The wrong part of the right thing, such as a name where an ARN belongs, and lists where one thing belongs: a part of the
//! rule about references to another kind.

use super::refers_to_another_kind::walk;
use crate::model::{Because, Function, Map, Model, Node, Parameter, Piece, ResourceId, Value};
use crate::rules::Findings;

/// A property, a type that it may be given, and the attributes of it that will do: none when nothing of it does.
type Part = (&'static str, &'static str, &'static str, &'static [&'static str]);

const ALARM_ACTIONS: [&str; 3] = ["AlarmActions", "InsufficientDataActions", "OKActions"];
const BALANCER: &str = "AWS::ElasticLoadBalancingV2::LoadBalancer";
const CLUSTER: &str = "AWS::ECS::Cluster";
const GROUP: &str = "AWS::EC2::SecurityGroup";
const QUEUE: &str = "AWS::SQS::Queue";
const ROLE: &str = "AWS::IAM::Role";
const TOPIC: &str = "AWS::SNS::Topic";
const VPC: &str = "AWS::EC2::VPC";

/// The ARN, the name of a thing whose `Ref` gives it, and the topic, whose `Ref` is its ARN.
const ARN: &[&str] = &["Arn"];
const REF: &[&str] = &[""];
const OF_TOPIC: &[&str] = &["", "TopicArn"];

/// What properties take of a thing. Source: the CloudFormation template reference (2026), properties and return values.
const PARTS: &[Part] = &[
    ("AWS::EC2::FlowLog", "DeliverLogsPermissionArn", ROLE, ARN),
    ("AWS::EC2::FlowLog", "LogDestination", "AWS::S3::Bucket", ARN),
    ("AWS::EC2::FlowLog", "LogDestination", "AWS::Logs::LogGroup", ARN),
    ("AWS::EC2::FlowLog", "LogGroupName", "AWS::Logs::LogGroup", REF),
    ("AWS::EC2::LaunchTemplate", "LaunchTemplateData/IamInstanceProfile/Arn", "AWS::IAM::InstanceProfile", ARN),
    ("AWS::EC2::LaunchTemplate", "LaunchTemplateData/IamInstanceProfile/Arn", ROLE, &[]),
    ("AWS::EC2::NatGateway", "AllocationId", "AWS::EC2::EIP", &["AllocationId"]),
    ("AWS::EC2::Route", "GatewayId", "AWS::EC2::NatGateway", &[]),
    (GROUP, "SecurityGroupEgress/CidrIp", VPC, &["CidrBlock"]),
    (GROUP, "SecurityGroupIngress/CidrIp", VPC, &["CidrBlock"]),
    ("AWS::EC2::VPCEndpointConnectionNotification", "ConnectionNotificationArn", TOPIC, OF_TOPIC),
    ("AWS::ECS::Service", "DeploymentConfiguration/Alarms/AlarmNames", "AWS::CloudWatch::Alarm", REF),
    ("AWS::ECS::Service", "ServiceRegistries/RegistryArn", "AWS::ServiceDiscovery::Service", ARN),
    (
        "AWS::ECS::TaskDefinition",
        "Volumes/EFSVolumeConfiguration/AuthorizationConfig/AccessPointId",
        "AWS::EFS::AccessPoint",
        &["", "AccessPointId"],
    ),
    (
        "AWS::ECS::TaskDefinition",
        "Volumes/EFSVolumeConfiguration/FilesystemId",
        "AWS::EFS::FileSystem",
        &["", "FileSystemId"],
    ),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "Targets/Id", BALANCER, &["", "LoadBalancerArn"]),
    ("AWS::Events::Rule", "Targets/Arn", CLUSTER, ARN),
    ("AWS::Events::Rule", "Targets/Arn", "AWS::ECS::TaskDefinition", &[]),
    ("AWS::Events::Rule", "Targets/Arn", QUEUE, ARN),
    ("AWS::Events::Rule", "Targets/Arn", TOPIC, OF_TOPIC),
    ("AWS::Events::Rule", "Targets/DeadLetterConfig/Arn", QUEUE, ARN),
    ("AWS::Events::Rule", "Targets/RoleArn", ROLE, ARN),
    ("AWS::IAM::InstanceProfile", "Roles", ROLE, REF),
    ("AWS::IAM::ManagedPolicy", "Roles", ROLE, REF),
    ("AWS::IAM::Policy", "Roles", ROLE, REF),
    ("AWS::IAM::RolePolicy", "RoleName", ROLE, REF),
    ("AWS::Lambda::Function", "Role", ROLE, ARN),
    ("AWS::Lambda::Permission", "FunctionName", ROLE, &[]),
    ("AWS::Logs::LogGroup", "KmsKeyId", "AWS::KMS::Key", ARN),
    ("AWS::S3::BucketPolicy", "Bucket", "AWS::S3::Bucket", REF),
    ("AWS::SNS::TopicPolicy", "Topics", TOPIC, OF_TOPIC),
    (QUEUE, "RedrivePolicy/deadLetterTargetArn", QUEUE, ARN),
    ("AWS::SQS::QueuePolicy", "Queues", QUEUE, &["", "QueueUrl"]),
    ("AWS::Scheduler::Schedule", "Target/Arn", CLUSTER, ARN),
    ("AWS::Scheduler::Schedule", "Target/Arn", "AWS::ECS::TaskDefinition", &[]),
    ("AWS::Scheduler::Schedule", "Target/DeadLetterConfig/Arn", QUEUE, ARN),
    ("AWS::Scheduler::Schedule", "Target/RoleArn", ROLE, ARN),
];

/// Reports wrong parts of things, parameters of another kind, and lists within lists.
pub(super) fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    PARTS.iter().for_each(|part| of_type(model, findings, *part));
    for key in ALARM_ACTIONS {
        of_type(model, findings, ("AWS::CloudWatch::Alarm", key, TOPIC, OF_TOPIC));
        of_type(model, findings, ("AWS::CloudWatch::Alarm", key, "AWS::ApplicationAutoScaling::ScalableTarget", &[]));
    }
    for id in model.resources() {
        let type_name = model.type_of(id);
        if ["AWS::EC2::", "AWS::ECS::", "AWS::ElasticLoadBalancingV2::"].iter().any(|part| type_name.starts_with(part))
        {
            let properties = model.declaration(id).and_then(|resource| resource.properties);
            for (key, value) in properties.into_iter().flat_map(Map::iter) {
                lists(model, findings, id, key.as_ref(), value);
            }
        }
    }
}

fn of_type<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>, (owner, path, wanted, parts): Part) {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    for id in model.of_type(owner) {
        walk(&model.property(id, first), rest, &mut |node| {
            let Some(attribute) = node.attribute() else { return };
            if model.type_of(attribute.resource) != wanted || parts.contains(&attribute.name) {
                return;
            }
            let name = model.logical_id(attribute.resource);
            let given = if attribute.name.is_empty() { "Ref" } else { attribute.name };
            let message = match parts {
                [] => format!("this takes no `{wanted}`, and `{name}` is one"),
                _ => format!("this takes another part of `{name}` than `{given}`"),
            };
            let help = match parts.first() {
                None => "name what the property is about".to_owned(),
                Some(&"") => format!("write `!Ref {name}`"),
                Some(part) => format!("write `!GetAtt {name}.{part}`"),
            };
            findings.report(id, first, message).help(help).mention(attribute.resource, "", "this is named here");
        });
    }
}

/// What is wrong with the ID of something, apart from what it refers to: a parameter that is another kind of ID, or a text
/// of several IDs.
pub(super) fn wrong_id<'a>(model: &'a Model<'a>, node: &Node<'a>, wanted: &str) -> Option<String> {
    let pieces = node.pieces();
    if let [Piece::Hole(Because::Parameter { template, name })] = *pieces.as_slice() {
        let kind = parameter(model, template, name)?.kind();
        let is_id = kind.starts_with("AWS::EC2::") && kind.ends_with("::Id");
        return (is_id && wanted.starts_with("AWS::EC2::") && kind.trim_end_matches("::Id") != wanted)
            .then(|| format!("this takes an `{wanted}`, and the parameter `{name}` is an `{kind}`"));
    }
    let has_comma = |piece: &Piece<'_>| matches!(piece, Piece::Text(text) if text.contains(','));
    let is_list = matches!(wanted, VPC | GROUP | "AWS::EC2::Subnet") && pieces.iter().any(has_comma);
    is_list.then(|| "this is one text with commas in it, where one ID belongs".to_owned())
}

fn parameter<'a>(model: &'a Model<'a>, template: u32, name: &str) -> Option<Parameter<'a>> {
    let template = model.evaluation().app().template(template)?;
    template.parameters().iter().find(|parameter| parameter.name == name).copied()
}

/// Reports lists that are members of lists: CloudFormation takes texts there.
fn lists<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>, id: ResourceId, key: &str, value: &'a Value) {
    let Value::List(items) = value else {
        if let Value::Map(_) = value {
            value.each_part(&mut |part| lists(model, findings, id, key, part));
        }
        return;
    };
    for item in items {
        let Value::Intrinsic(call) = item else {
            lists(model, findings, id, key, item);
            continue;
        };
        let named = match (call.function, &call.argument) {
            (Function::Ref, Value::String(name)) => Some(name),
            _ => None,
        };
        let is_list_parameter =
            named.and_then(|name| parameter(model, id.template, name)).is_some_and(|parameter| parameter.is_list());
        if is_list_parameter || matches!(call.function, Function::Split | Function::GetAzs) {
            findings
                .report(id, key, "a list stands within a list, where CloudFormation takes texts")
                .help("leave out the brackets around it, or choose one with `Fn::Select`");
        }
    }
}
