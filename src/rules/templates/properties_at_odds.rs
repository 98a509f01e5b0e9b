//! Settings of which one excludes the other.

use crate::model::{
    Endpoint, Field, Gather as _, Model, NetworkAcl, NetworkAclEntry, Node, OrderedMap, Relation, ResourceId,
    ScalableTarget, TaskDefinition, View,
};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1711", "properties-at-odds", Error {
        pitfalls: [],
        summary: "Two settings of which one excludes the other",
        why: "Some settings can be made in one of two ways. The service refuses a resource that makes them in both.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Type: network
      Scheme: internal
      Subnets: [subnet-0123456789abcdef0]
      SubnetMappings: [{ SubnetId: subnet-0123456789abcdef1 }]
",
        instead: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Type: network
      Scheme: internal
      Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
",
        source: "CloudFormation template reference, the properties of each type",
        check: check,
    }
}

/// Types with two properties that exclude one another. Source: the CloudFormation template reference (2026).
const EITHER: &[(&str, &str, &str)] = &[
    ("AWS::EC2::Subnet", "AvailabilityZone", "AvailabilityZoneId"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "SubnetMappings", "Subnets"),
    (
        "AWS::SecretsManager::RotationSchedule",
        "RotationRules/AutomaticallyAfterDays",
        "RotationRules/ScheduleExpression",
    ),
    ("AWS::SecretsManager::Secret", "GenerateSecretString", "SecretString"),
];

/// Where a rule of a security group leads from or to, of which there is one.
const PEERS: &[&str] = &[
    "CidrIp",
    "CidrIpv6",
    "DestinationPrefixListId",
    "DestinationSecurityGroupId",
    "SourcePrefixListId",
    "SourceSecurityGroupId",
];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (type_name, one, other) in EITHER {
        for id in model.of_type(type_name) {
            if is_set(&model.property(id, one)) && is_set(&model.property(id, other)) {
                findings
                    .report(id, *one, format!("`{one}` and `{other}` exclude one another"))
                    .help("leave one of them out");
            }
        }
    }
    for endpoint in model.all::<Endpoint<'a>>().filter(|endpoint| endpoint.is_interface()) {
        if is_set(&endpoint.property("RouteTableIds")) {
            findings
                .report(
                    endpoint.id(),
                    "RouteTableIds",
                    "an interface endpoint stands in subnets, and not in route tables",
                )
                .suggest_removal("RouteTableIds")
                .help("leave `RouteTableIds` out");
        }
    }
    for target in model.all::<ScalableTarget<'a>>() {
        if let (Field::Known(least), Field::Known(most)) = (target.minimum(), target.maximum())
            && least > most
        {
            findings
                .report(target.id(), "MaxCapacity", format!("the least number, {least}, is above the most, {most}"))
                .suggest("MaxCapacity", least)
                .help("set `MaxCapacity` to `MinCapacity` at least");
        }
    }
    file_systems(model, findings);
    super::scaling_at_odds::check(model, findings);
    for acl in model.all::<NetworkAcl<'a>>() {
        numbers(model, acl, findings);
    }
    for id in model.of_type("AWS::EC2::SecurityGroup") {
        for list in ["SecurityGroupIngress", "SecurityGroupEgress"] {
            for (index, rule) in model.property(id, list).known_items().iter().enumerate() {
                peers(findings, id, &format!("{list}/{index}"), &|key| rule.get(key));
            }
        }
    }
    for type_name in ["AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"] {
        for id in model.of_type(type_name) {
            peers(findings, id, "", &|key| model.property(id, key));
        }
    }
}

/// Whether a property is there. What is not known has been set to something all the same.
fn is_set(node: &Node<'_>) -> bool {
    !node.is_absent() && !node.items().is_known_and(|items| items.is_empty())
}

/// Volumes that ask for IAM without TLS, without which ECS refuses it. Source: Amazon ECS API reference,
/// `EFSVolumeConfiguration` (2026).
fn file_systems<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>() {
        for (index, volume) in definition.property("Volumes").known_items().iter().enumerate() {
            let of_files = volume.get("EFSVolumeConfiguration");
            let is_plain =
                of_files.get("TransitEncryption").text().or("DISABLED".into()).is_known_and(|it| it == "DISABLED");
            let has_point = !of_files.at("AuthorizationConfig/AccessPointId").is_absent();
            let has_iam = of_files.at("AuthorizationConfig/IAM").text().is_known_and(|it| it == "ENABLED");
            let root = of_files.get("RootDirectory").text();
            if has_point && root.is_known_and(|root| root != "/") {
                findings
                    .report(
                        definition.id(),
                        format!("Volumes/{index}/EFSVolumeConfiguration/RootDirectory"),
                        "the access point says what the root directory is",
                    )
                    .help("leave `RootDirectory` out");
            }
            if is_plain && (has_iam || has_point) {
                let place = format!("Volumes/{index}/EFSVolumeConfiguration/TransitEncryption");
                findings
                    .report(
                        definition.id(),
                        place.clone(),
                        "access points and IAM of a file system need TLS on the way to it",
                    )
                    .suggest(&place, "ENABLED")
                    .help("set `TransitEncryption: ENABLED`");
            }
        }
    }
}

/// Entries of one network ACL, one way, that have the same number.
fn numbers<'a>(model: &'a Model<'a>, acl: NetworkAcl<'a>, findings: &mut Findings<'_>) {
    let mut seen: OrderedMap<(bool, i64), ResourceId> = OrderedMap::new();
    for entry in model.related::<NetworkAclEntry<'a>>(Relation::AclEntry, &acl.identity()) {
        let (Field::Known(is_egress), Field::Known(number)) = (entry.is_egress(), entry.number()) else { continue };
        let first = *seen.or_insert_with((is_egress, number), || entry.id());
        if first != entry.id() {
            findings
                .report(
                    entry.id(),
                    "RuleNumber",
                    format!("`{}` has the number {number} already", model.logical_id(first)),
                )
                .help("give each entry of the network ACL a number of its own")
                .mention(first, "RuleNumber", "this entry has it");
        }
    }
}

fn peers<'a>(findings: &mut Findings<'_>, id: ResourceId, place: &str, read: &dyn Fn(&str) -> Node<'a>) {
    let named: Vec<&str> = PEERS.iter().copied().filter(|key| !read(key).is_absent()).gather();
    if let [one, other, ..] = named.as_slice() {
        findings
            .report(id, place, format!("a rule is about one of `{one}` and `{other}`, not both"))
            .help("make a rule of each");
    }
}
