//! Texts that a service refuses for their letters: a part of the rule about values that are not taken.

use crate::aws::Partition;
use crate::aws::ecr::ImageReference;
use crate::aws::logs::check_log_group_name;
use crate::model::{Field, LogGroup, Model, Node, ResourceId, TaskDefinition, Value, View as _};
use crate::rules::Findings;

/// Reports names of log groups, descriptions of security groups and their rules, Availability Zones and images.
pub(super) fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    names_of_log_groups(model, findings);
    for id in model.of_type("AWS::EC2::SecurityGroup") {
        description(findings, id, "GroupDescription", &model.property(id, "GroupDescription"));
        for list in ["SecurityGroupIngress", "SecurityGroupEgress"] {
            for (index, rule) in model.property(id, list).known_items().iter().enumerate() {
                description(findings, id, &format!("{list}/{index}/Description"), &rule.get("Description"));
            }
        }
    }
    for type_name in ["AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"] {
        for id in model.of_type(type_name) {
            description(findings, id, "Description", &model.property(id, "Description"));
        }
    }
    for id in model.of_type("AWS::EC2::Subnet") {
        zone(findings, id, &model.property(id, "AvailabilityZone"));
    }
    images(model, findings);
    deletion_policies(model, findings);
}

fn names_of_log_groups<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for group in model.all::<LogGroup<'a>>() {
        let Field::Known(name) = group.name() else { continue };
        if let Err(reason) = check_log_group_name(&name) {
            findings
                .report(group.id(), "LogGroupName", format!("`{name}` cannot be the name of a log group: {reason}"))
                .help("use letters, digits, and `.`, `-`, `_`, `/` or `#`");
        }
    }
}

/// Source: CloudFormation template reference, `AWS::EC2::SecurityGroup`, `GroupDescription`.
fn description(findings: &mut Findings<'_>, id: ResourceId, place: &str, node: &Node<'_>) {
    const MOST: usize = 255;
    let Field::Known(text) = node.text() else { return };
    let is_taken = |letter: &char| {
        letter.is_ascii_alphanumeric() || letter.is_ascii_whitespace() || "._-:/()#,@[]+=&;{}!$*".contains(*letter)
    };
    if let Some(letter) = text.chars().find(|letter| !is_taken(letter)) {
        findings
            .report(id, place, format!("EC2 takes no `{letter}` in a description"))
            .help("use letters from `a` to `z`, digits, spaces and `._-:/()#,@[]+=&;{}!$*`");
    } else if text.len() > MOST {
        findings
            .report(id, place, format!("the description has {} characters, and EC2 takes {MOST}", text.len()))
            .help("shorten it");
    }
}

/// A Region where the name of one of its zones belongs.
fn zone(findings: &mut Findings<'_>, id: ResourceId, node: &Node<'_>) {
    let Field::Known(name) = node.text() else { return };
    if Partition::of_region(&name).is_some() && name.ends_with(|last: char| last.is_ascii_digit()) {
        findings
            .report(id, "AvailabilityZone", format!("`{name}` is a Region, not one of its Availability Zones"))
            .help(format!("name a zone, such as `{name}a`, or choose one with `Fn::GetAZs`"));
    }
}

fn images<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>() {
        for container in definition.placed_containers() {
            let Field::Known(image) = container.property("Image").text() else { continue };
            if ImageReference::parse(&image).is_err() {
                findings
                    .report(definition.id(), container.place_of("Image"), format!("`{image}` names no image"))
                    .help("write a registry without `https://`, a repository in small letters and a tag, such as `111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1.4.2`");
            }
        }
    }
}

/// Source: CloudFormation template reference, the attributes `DeletionPolicy` and `UpdateReplacePolicy`.
fn deletion_policies<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    const POLICIES: [&str; 4] = ["Delete", "Retain", "Snapshot", "RetainExceptOnCreate"];
    for id in model.resources() {
        let Some(resource) = model.declaration(id) else { continue };
        for key in ["DeletionPolicy", "UpdateReplacePolicy"] {
            let policy = resource.declaration.get(key).and_then(Value::as_str);
            if let Some(policy) = policy.filter(|policy| !POLICIES.contains(policy)) {
                findings
                    .report(id, "", format!("`{policy}` is no `{key}`"))
                    .help("write `Delete`, `Retain` or `Snapshot`");
            }
        }
    }
}
