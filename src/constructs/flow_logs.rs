//! Records of the connections in a network, and saved queries over them.

use crate::aws::Arn;
use crate::aws::flow_logs::AGGREGATION_INTERVALS;
use crate::cfn::{LogicalId, Value};
use crate::diagnostics::codes::{BAD_VALUE, network as codes};
use crate::resources::{Tag, ec2, logs};
use crate::spec::{self, FlowLogDestination, FlowLogTraffic};

use super::Scope;
use super::flow_log_queries::{format, queries};
use super::iam::{Statement, arn};
use super::log_bucket::{LogBucket, LogBucketProps};
use super::log_group::{LogGroupProps, log_group};
use super::network::Network;
use super::role::{Role, Trust};

/// The flow logs of a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlowLogs {
    /// The name of the log group that they go to, when they go to CloudWatch.
    pub log_group: Option<Value>,
    /// The bucket that they go to, by ARN, when they go to S3.
    pub bucket: Option<Value>,
    /// Which connections they record.
    pub traffic: FlowLogTraffic,
}

impl FlowLogs {
    /// Records the connections of `network`, if they are to be recorded.
    ///
    /// The records have a format of their own, with what the queries need. What they are written to stays when it is taken
    /// out of the stack. A key for a log group must let CloudWatch Logs use it, with a condition that names the group by a
    /// pattern: a key that names the group by reference, and a group that names the key, wait for each other for ever.
    ///
    /// The scope's origin is the member `network/flowLogs` of the spec.
    pub fn new(scope: &mut Scope<'_>, network: &Network, props: &spec::FlowLogs) -> Self {
        if !props.enabled.unwrap_or(network.is_new) {
            return Self::default();
        }
        let mut scope = scope.construct("FlowLogs", "ringfence.FlowLogs");
        let flow_log = common(&mut scope, network, props);
        let made = match props.destination {
            FlowLogDestination::CloudWatch => to_cloudwatch(&mut scope, props, flow_log),
            FlowLogDestination::S3 => to_s3(&mut scope, props, flow_log),
        };
        Self { traffic: props.traffic, ..made }
    }
}

/// What does not depend on the destination.
fn common(scope: &mut Scope<'_>, network: &Network, props: &spec::FlowLogs) -> ec2::FlowLog {
    let traffic = match props.traffic {
        FlowLogTraffic::All => "ALL",
        FlowLogTraffic::Accept => "ACCEPT",
        FlowLogTraffic::Reject => "REJECT",
    };
    let name = format!("{}/{}", scope.stack().name(), scope.path());
    ec2::FlowLog::new()
        .resource_type("VPC")
        .resource_id(network.vpc_id.clone())
        .traffic_type(traffic)
        .log_format(format())
        .max_aggregation_interval(aggregation(scope, props))
        .tags([Tag::new().key("Name").value(name)])
}

fn aggregation(scope: &mut Scope<'_>, props: &spec::FlowLogs) -> Value {
    let Some(seconds) = props.aggregation_seconds.number() else { return props.aggregation_seconds.to_value() };
    let known = AGGREGATION_INTERVALS.iter().copied().find(|interval| i64::from(*interval) == seconds);
    Value::from(known.unwrap_or_else(|| {
        let message = format!("flow logs cannot sum up over `{seconds}` seconds");
        let nearest =
            AGGREGATION_INTERVALS.iter().copied().min_by_key(|interval| i64::from(*interval).abs_diff(seconds));
        let nearest = nearest.unwrap_or_default();
        let help = format!("give 60 or 600; the nearest is {nearest}");
        scope.error(codes::FLOW_LOG_INTERVAL, "aggregationSeconds", message, help);
        nearest
    }))
}

fn to_cloudwatch(scope: &mut Scope<'_>, props: &spec::FlowLogs, flow_log: ec2::FlowLog) -> FlowLogs {
    if props.bucket.is_some() {
        let help = "set `destination: s3`, or remove `bucket`";
        scope.error(codes::FLOW_LOG_BUCKET, "bucket", "the flow logs do not go to a bucket", help);
    }
    let settings =
        LogGroupProps { retention_days: props.retention_days.clone(), kms_key: props.kms_key.clone(), keep: true };
    let group = log_group(scope, "LogGroup", &settings);
    let role = delivery_role(scope, &group);
    let flow_log = flow_log
        .log_destination_type("cloud-watch-logs")
        .log_group_name(group.reference())
        .deliver_logs_permission_arn(role.arn);
    scope.add("FlowLog", flow_log);
    if props.queries {
        saved_queries(scope, &group, props.traffic);
    }
    FlowLogs { log_group: Some(group.reference()), ..FlowLogs::default() }
}

/// The role with which the records are delivered. The documentation lists more actions and all resources; the group exists
/// already, so the streams in it are all that is needed. Source: `vpc/latest/userguide/flow-logs-iam-role`, and the role
/// that aws-cdk-lib makes.
fn delivery_role(scope: &mut Scope<'_>, group: &LogicalId) -> Role {
    let trust = Trust::service("vpc-flow-logs.amazonaws.com").from_source(arn("ec2", "vpc-flow-log/*"));
    let role = Role::new(scope, "Role", &trust, "delivers VPC flow logs to their log group");
    let actions = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"];
    let statement = Statement::allow(actions).on(group.attribute(logs::LogGroup::ATTR_ARN));
    role.allow(scope, "DeliverLogs", vec![statement]);
    role
}

/// The names of saved queries are seen by everybody in the account: they begin with the name of the stack, as a folder.
fn saved_queries(scope: &mut Scope<'_>, group: &LogicalId, traffic: FlowLogTraffic) {
    for query in queries(traffic) {
        let name = scope.stack().name_within('/', format_args!("{}/{}", scope.path(), query.title));
        let definition =
            logs::QueryDefinition::new().name(name).query_string(query.text()).log_group_names([group.reference()]);
        scope.child("Queries").add(query.id, definition);
    }
}

fn to_s3(scope: &mut Scope<'_>, props: &spec::FlowLogs, flow_log: ec2::FlowLog) -> FlowLogs {
    let (destination, ready) = match &props.bucket {
        Some(bucket) => (existing_bucket(scope, props, bucket), Vec::new()),
        None => {
            let kms_key = props.kms_key.as_ref().map(spec::Input::to_value);
            let settings =
                LogBucketProps { retention_days: props.retention_days.to_value(), prefix: "".into(), kms_key };
            let bucket = LogBucket::new(scope, &settings);
            (bucket.arn, bucket.ready)
        }
    };
    let options = ec2::flow_log::DestinationOptions::new()
        .file_format("parquet")
        .hive_compatible_partitions(false)
        .per_hour_partition(true);
    let flow_log =
        flow_log.log_destination_type("s3").log_destination(destination.clone()).destination_options(options);
    let flow_log = scope.add("FlowLog", flow_log);
    // Without a policy that lets it write, AWS writes one of its own, over whatever is there.
    scope.depend(&flow_log, &ready);
    FlowLogs { bucket: Some(destination), ..FlowLogs::default() }
}

fn existing_bucket(scope: &mut Scope<'_>, props: &spec::FlowLogs, bucket: &spec::Input<spec::text::Arn>) -> Value {
    if props.kms_key.is_some() {
        let help = "remove `kmsKey`: the bucket has an encryption of its own";
        scope.error(codes::FLOW_LOG_BUCKET, "kmsKey", "the key is for a new bucket, and there is one already", help);
    }
    if let Some(text) = bucket.known() {
        check_bucket(scope, text.as_str());
    }
    bucket.to_value()
}

fn check_bucket(scope: &mut Scope<'_>, text: &str) {
    let Ok(arn) = Arn::parse(text) else {
        scope.error(BAD_VALUE, "bucket", format!("`{text}` is not an ARN"), "write it like `arn:aws:s3:::flow-logs`");
        return;
    };
    if arn.service.known().is_some_and(|service| service != "s3") {
        let message = format!("`{text}` is not the ARN of a bucket");
        scope.error(codes::FLOW_LOG_BUCKET, "bucket", message, "write it like `arn:aws:s3:::flow-logs`");
    } else if arn.resource.text().split('/').skip(1).any(|folder| folder == super::log_bucket::RESERVED) {
        let message = format!("flow logs cannot go to the folder of `{text}`");
        scope.error(codes::FLOW_LOG_BUCKET, "bucket", message, "leave out `AWSLogs`, which AWS adds itself");
    } else if let Some(why) = scope.stack().props().refusal(&arn) {
        let message = format!("`{text}` is no bucket for this network: {why}");
        scope.error(codes::FLOW_LOG_BUCKET, "bucket", message, "write the ARN as AWS shows it");
    }
}
