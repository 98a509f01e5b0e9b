//! Texts that a service refuses for their letters: a part of the rule about values that are not taken.

use crate::aws::Partition;
use crate::aws::ecr::ImageReference;
use crate::aws::logs::check_log_group_name;
use crate::model::{
    Container, Field, Gather as _, Identity, LogGroup, Model, Node, Piece, ResourceId, TaskDefinition, Value, View as _,
};
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
    zones_of_networks(model, findings);
    for id in model.of_type("AWS::KMS::Alias") {
        if model.property(id, "AliasName").text().is_known_and(|name| !name.starts_with("alias/")) {
            findings
                .report(id, "AliasName", "the name of an alias begins with `alias/`")
                .help("write `alias/` before it");
        }
    }
    for id in model.of_type("AWS::SecretsManager::Secret") {
        let key = "GenerateSecretString/SecretStringTemplate";
        let Field::Known(text) = model.property(id, key).text() else { continue };
        let inside = text.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).map(str::trim);
        if inside.is_none_or(|inside| !inside.is_empty() && !inside.contains('"')) {
            findings
                .report(id, key, "the template of the secret is no JSON, and the secret is not made")
                .help("write an object with its keys in quotation marks, such as `{\"user\": \"api\"}`");
        }
    }
    // CloudFormation hands it on as it is, and EC2 takes it encoded. Source: CloudFormation template reference, LaunchTemplateData.
    for (type_name, key) in
        [("AWS::EC2::LaunchTemplate", "LaunchTemplateData/UserData"), ("AWS::EC2::Instance", "UserData")]
    {
        for id in model.of_type(type_name) {
            let pieces = model.property(id, key).pieces();
            if matches!(pieces.first(), Some(Piece::Text(text)) if text.starts_with("#!")) {
                findings
                    .report(id, key, "the script is not encoded, as EC2 wants it")
                    .help("put `Fn::Base64` around it");
            }
        }
    }
    // Source: Amazon EFS API reference, `RootDirectory` and `CreationInfo`.
    for id in model.of_type("AWS::EFS::AccessPoint") {
        let (path, mode) = ("RootDirectory/Path", "RootDirectory/CreationInfo/Permissions");
        if model.property(id, path).text().is_known_and(|path| !path.starts_with('/')) {
            findings.report(id, path, "the path of a directory begins with `/`").help("write a `/` before it");
        }
        let is_mode =
            |mode: &str| matches!(mode.len(), 3 | 4) && mode.bytes().all(|digit| matches!(digit, b'0'..=b'7'));
        if model.property(id, mode).text().is_known_and(|mode| !is_mode(&mode)) {
            findings.report(id, mode, "permissions are three or four octal digits").help("write them like `0755`");
        }
    }
    images(model, findings);
    deletion_policies(model, findings);
    schedules(model, findings);
}

/// Times at which something is done, of which one has six fields, and one of its two kinds of days is left open. Source:
/// Amazon EventBridge user guide, setting a schedule pattern; Application Auto Scaling user guide, schedule actions.
fn schedules<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    const TYPES: [(&str, &str); 3] = [
        ("AWS::Events::Rule", "ScheduleExpression"),
        ("AWS::Scheduler::Schedule", "ScheduleExpression"),
        ("AWS::SecretsManager::RotationSchedule", "RotationRules/ScheduleExpression"),
    ];
    for (type_name, key) in TYPES {
        for id in model.of_type(type_name) {
            schedule(findings, id, key, &model.property(id, key), type_name == "AWS::Events::Rule");
        }
    }
    for id in model.of_type("AWS::ApplicationAutoScaling::ScalableTarget") {
        for (index, action) in model.property(id, "ScheduledActions").known_items().iter().enumerate() {
            schedule(findings, id, &format!("ScheduledActions/{index}/Schedule"), &action.get("Schedule"), false);
        }
    }
}

fn schedule(findings: &mut Findings<'_>, id: ResourceId, place: &str, node: &Node<'_>, is_rule: bool) {
    let Field::Known(text) = node.text() else { return };
    let inside = |kind: &str| text.trim().strip_prefix(kind)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(inside) = inside("cron") {
        let fields: Vec<&str> = inside.split_whitespace().gather();
        let wrong = match fields.as_slice() {
            [_, _, day, _, weekday, _] if (*day == "?") != (*weekday == "?") => return,
            [_, _, _, _, _, _] => "one of day of the month and day of the week is `?`, and the other is not",
            _ => "it has six fields: minute, hour, day of the month, month, day of the week, year",
        };
        findings.report(id, place, format!("`{text}` is refused: {wrong}")).help("write it like `cron(0 20 * * ? *)`");
    } else if let Some((count, unit)) = inside("rate").and_then(|inside| inside.trim().split_once(' ')) {
        // Rules take `rate(1 day)` and `rate(2 days)`, and neither the other way round.
        let is_one = count == "1";
        let is_counted = is_rule && count.parse::<u32>().is_ok() && unit.ends_with('s') == is_one;
        if is_counted {
            findings
                .report(id, place, format!("`{text}` is refused: a rule takes `1 day` and `2 days`"))
                .help("write the unit in the singular after 1, and in the plural after other numbers");
        }
    }
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

/// Subnets of one network in zones of different Regions.
fn zones_of_networks<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let mut seen: Vec<(Identity<'a>, String, ResourceId)> = Vec::new();
    for id in model.of_type("AWS::EC2::Subnet") {
        let (Field::Known(network), Field::Known(zone)) =
            (model.property(id, "VpcId").identity(), model.property(id, "AvailabilityZone").text())
        else {
            continue;
        };
        let region = zone.trim_end_matches(|last: char| last.is_ascii_lowercase());
        if region.len() + 1 != zone.len() || Partition::of_region(region).is_none() {
            continue;
        }
        let first = seen.iter().find(|(other, _, _)| *other == network);
        if let Some((_, other, first)) = first.filter(|(_, other, _)| *other != region) {
            findings
                .report(id, "AvailabilityZone", format!("the network is in `{other}`, and `{zone}` is not"))
                .help(format!("name a zone of `{other}`"))
                .mention(*first, "AvailabilityZone", "this subnet of the same network is there");
        } else if first.is_none() {
            seen.push((network, region.to_owned(), id));
        }
    }
}

/// Where a container logs to, and by which bytes its image is known.
fn region_and_digest(findings: &mut Findings<'_>, id: ResourceId, container: &Container<'_>) {
    const DIGITS: usize = 64;
    if let Field::Known(region) = container.log_option("awslogs-region").text()
        && container.logs_to_cloudwatch()
        && Partition::of_region(&region).is_none()
    {
        findings
            .report(
                id,
                container.place_of("LogConfiguration/Options/awslogs-region"),
                format!("`{region}` is no Region"),
            )
            .help("write one such as `eu-west-1`, or `!Ref AWS::Region`");
    }
    // What is known from end to end is read as a whole.
    let pieces = container.property("Image").pieces();
    let [_, .., Piece::Text(last)] = pieces.as_slice() else { return };
    let Some((_, digest)) = last.split_once("@sha256:") else { return };
    if digest.len() != DIGITS || !digest.chars().all(|digit| digit.is_ascii_hexdigit()) {
        findings
            .report(id, container.place_of("Image"), "the digest of the image is not one of 64 hexadecimal digits")
            .help("copy the whole digest, with `sha256:` before it");
    }
}

fn images<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>() {
        for container in definition.placed_containers() {
            region_and_digest(findings, definition.id(), &container);
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
