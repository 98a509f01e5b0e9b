//! VPC flow logs: fields, formats, destinations and intervals.

/// A field of a flow log record.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, which stands between `${` and `}` in a format.
    pub name: &'static str,
    /// The version of flow logs that brought it.
    pub version: u8,
}

const fn field(name: &'static str, version: u8) -> Field {
    Field { name, version }
}

/// All fields in the order of the documentation; the default format has those of version 2.
///
/// Source: `vpc/latest/userguide/flow-log-records` (2026).
pub const FIELDS: &[Field] = &[
    field("version", 2),
    field("account-id", 2),
    field("interface-id", 2),
    field("srcaddr", 2),
    field("dstaddr", 2),
    field("srcport", 2),
    field("dstport", 2),
    field("protocol", 2),
    field("packets", 2),
    field("bytes", 2),
    field("start", 2),
    field("end", 2),
    field("action", 2),
    field("log-status", 2),
    field("vpc-id", 3),
    field("subnet-id", 3),
    field("instance-id", 3),
    field("tcp-flags", 3),
    field("type", 3),
    field("pkt-srcaddr", 3),
    field("pkt-dstaddr", 3),
    field("region", 4),
    field("az-id", 4),
    field("sublocation-type", 4),
    field("sublocation-id", 4),
    field("pkt-src-aws-service", 5),
    field("pkt-dst-aws-service", 5),
    field("flow-direction", 5),
    field("traffic-path", 5),
    field("ecs-cluster-arn", 7),
    field("ecs-cluster-name", 7),
    field("ecs-container-instance-arn", 7),
    field("ecs-container-instance-id", 7),
    field("ecs-container-id", 7),
    field("ecs-second-container-id", 7),
    field("ecs-service-name", 7),
    field("ecs-task-definition-arn", 7),
    field("ecs-task-arn", 7),
    field("ecs-task-id", 7),
    field("reject-reason", 8),
    field("resource-id", 9),
    field("encryption-status", 10),
];

/// What is wrong with a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// It has no field.
    Empty,
    /// A word is not a name between `${` and `}`.
    NotAField(String),
    /// No field has this name; the one that is most alike, if one is.
    UnknownField {
        /// The name as it was written.
        name: String,
        /// A name to suggest.
        did_you_mean: Option<&'static str>,
    },
}

/// The fields of a format such as `${srcaddr} ${dstaddr}`, in its order.
///
/// Source: botocore 1.44.5, shape `CreateFlowLogsRequest` of EC2, for how a format is written.
///
/// # Errors
///
/// The first word that is not a field.
pub fn parse_format(format: &str) -> Result<Vec<&'static Field>, FormatError> {
    let fields: Vec<_> =
        format.split(' ').filter(|word| !word.is_empty()).map(parse_field).collect::<Result<_, _>>()?;
    if fields.is_empty() { Err(FormatError::Empty) } else { Ok(fields) }
}

fn parse_field(word: &str) -> Result<&'static Field, FormatError> {
    let name = word.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    let Some(name) = name else { return Err(FormatError::NotAField(word.to_owned())) };
    find(name).ok_or_else(|| FormatError::UnknownField { name: name.to_owned(), did_you_mean: most_alike(name) })
}

/// The field with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

fn most_alike(name: &str) -> Option<&'static str> {
    const MOST_EDITS: usize = 3;
    let wanted = name.to_ascii_lowercase().replace('_', "-");
    let scored = FIELDS.iter().map(|field| (strsim::osa_distance(&wanted, field.name), field.name));
    let (distance, name) = scored.min_by_key(|(distance, _)| *distance)?;
    (distance <= MOST_EDITS).then_some(name)
}

/// The format that names these fields.
#[must_use]
pub fn format_of(names: &[&str]) -> String {
    let words: Vec<String> = names.iter().map(|name| format!("${{{name}}}")).collect();
    words.join(" ")
}

/// The longest intervals, in seconds, over which packets of a flow are put into one record; the last is the default.
/// Interfaces of tasks on Fargate and other Nitro hosts never take longer than the first.
///
/// Source: `vpc/latest/userguide/flow-log-records` (2026).
pub const AGGREGATION_INTERVALS: &[u32] = &[60, 600];

/// What traffic a flow log records. Source: botocore 1.44.5, shape `TrafficType`.
pub const TRAFFIC_TYPES: &[&str] = &["ACCEPT", "REJECT", "ALL"];

/// Where records go; the first is the default, and needs a role that `vpc-flow-logs.amazonaws.com` can assume. Source:
/// botocore 1.44.5, shape `LogDestinationType`.
pub const DESTINATIONS: &[&str] = &["cloud-watch-logs", "s3", "kinesis-data-firehose"];

/// File formats in S3; the first is the default. Source: botocore 1.44.5, shape `DestinationFileFormat`.
pub const FILE_FORMATS: &[&str] = &["plain-text", "parquet"];

/// What a flow log can be made for. Source: botocore 1.44.5, shape `FlowLogsResourceType`.
pub const RESOURCE_TYPES: &[&str] = &[
    "VPC",
    "Subnet",
    "NetworkInterface",
    "TransitGateway",
    "TransitGatewayAttachment",
    "RegionalNatGateway",
    "CoreNetwork",
    "CoreNetworkEdge",
    "CoreNetworkAttachment",
];

/// Permissions that whoever makes a flow log needs for a field, beside those for the flow log itself. Source:
/// `vpc/latest/userguide/flow-log-records` (2026).
#[must_use]
pub fn permissions_for(field: &str) -> &'static [&'static str] {
    match field {
        "ecs-container-instance-arn" | "ecs-container-instance-id" => {
            &["ecs:ListClusters", "ecs:ListContainerInstances"]
        }
        "ecs-service-name" => &["ecs:ListClusters", "ecs:ListServices"],
        "ecs-task-definition-arn" => &["ecs:ListClusters", "ecs:ListTaskDefinitions"],
        "ecs-task-arn" | "ecs-task-id" => &["ecs:ListClusters", "ecs:ListTasks"],
        _ if field.starts_with("ecs-") => &["ecs:ListClusters"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_format_has_the_fields_of_version_2() {
        let names: Vec<&str> = FIELDS.iter().filter(|field| field.version == 2).map(|field| field.name).collect();
        let format = format_of(&names);
        assert_eq!(
            format,
            "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} \
             ${bytes} ${start} ${end} ${action} ${log-status}"
        );
        assert_eq!(parse_format(&format).map(|fields| fields.len()), Ok(14));
    }

    #[test]
    fn fields_come_in_the_order_of_their_versions_and_once() {
        assert!(FIELDS.is_sorted_by_key(|field| field.version));
        for (index, field) in FIELDS.iter().enumerate() {
            assert!(FIELDS.iter().skip(index + 1).all(|other| other.name != field.name), "{}", field.name);
        }
    }

    #[test]
    fn what_is_wrong_with_a_format_is_said() {
        assert_eq!(parse_format(""), Err(FormatError::Empty));
        assert_eq!(parse_format("${srcaddr} dstaddr"), Err(FormatError::NotAField("dstaddr".to_owned())));
        let unknown = |name: &str, did_you_mean| FormatError::UnknownField { name: name.to_owned(), did_you_mean };
        assert_eq!(parse_format("${src_addr}"), Err(unknown("src_addr", Some("srcaddr"))));
        assert_eq!(parse_format("${Action}"), Err(unknown("Action", Some("action"))));
        assert_eq!(parse_format("${something-else}"), Err(unknown("something-else", None)));
    }

    #[test]
    fn fields_about_ecs_need_permissions() {
        assert!(permissions_for("srcaddr").is_empty());
        assert_eq!(permissions_for("ecs-cluster-name"), ["ecs:ListClusters"]);
        let about_ecs = FIELDS.iter().filter(|field| field.name.starts_with("ecs-"));
        assert!(about_ecs.clone().all(|field| field.version == 7 && !permissions_for(field.name).is_empty()));
        assert_eq!(about_ecs.count(), 10);
    }
}
