//! Access logs of the load balancer: the attributes, and a bucket that only AWS's log delivery may write to.

use crate::cfn::{LogicalId, Value};
use crate::diagnostics::codes::{BAD_VALUE, load_balancer as codes};
use crate::spec::{self, Input};

use super::Scope;
use super::log_bucket::{LogBucket, LogBucketProps, RESERVED};

/// What the load balancer needs for its access logs.
#[derive(Debug, Default)]
pub(super) struct AccessLogs {
    /// The attributes of the load balancer: keys and values.
    pub(super) attributes: Vec<(&'static str, Value)>,
    /// What must exist before the load balancer: AWS tries to write when logging is switched on.
    pub(super) ready: Vec<LogicalId>,
}

impl AccessLogs {
    /// Adds a bucket unless there is one already. The origin of `scope` is the settings.
    pub(super) fn new(scope: &mut Scope<'_>, settings: &spec::AccessLogs, has_tls: bool) -> Self {
        if !settings.enabled {
            return Self { attributes: vec![("access_logs.s3.enabled", Value::from("false"))], ready: Vec::new() };
        }
        if !has_tls {
            let message = "there is no TLS listener, so nothing would be recorded";
            scope.warn(codes::ACCESS_LOGS_WITHOUT_TLS, "enabled", message, "remove `accessLogs`; flow logs record all");
        }
        let prefix = settings.prefix.as_ref().map_or(Value::from(""), Input::to_value);
        if let Some(known) = settings.prefix.as_ref().and_then(Input::known) {
            check_prefix(scope, known);
        }
        let (bucket, ready) = match &settings.bucket {
            Some(bucket) => {
                bucket.known().into_iter().for_each(|name| check_bucket(scope, name));
                (bucket.to_value(), Vec::new())
            }
            None => new_bucket(scope, settings, prefix.clone()),
        };
        let mut attributes = vec![("access_logs.s3.enabled", Value::from("true")), ("access_logs.s3.bucket", bucket)];
        if prefix.as_str() != Some("") {
            attributes.push(("access_logs.s3.prefix", prefix));
        }
        Self { attributes, ready }
    }
}

fn check_prefix(scope: &mut Scope<'_>, prefix: &str) {
    if prefix.contains(RESERVED) || prefix.starts_with('/') || prefix.ends_with('/') {
        let message = format!("`{prefix}` cannot be a prefix of access logs");
        let help = format!("leave out `{RESERVED}`, which AWS adds, and slashes at the beginning and end");
        scope.error(codes::ACCESS_LOG_PREFIX, "prefix", message, help);
    }
}

/// Source: Amazon S3 user guide, general purpose bucket naming rules.
fn check_bucket(scope: &mut Scope<'_>, name: &str) {
    let is_end = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    let has_ends = bytes.first().is_some_and(is_end) && bytes.last().is_some_and(is_end);
    if !((3..=63).contains(&name.len()) && has_ends && bytes.iter().all(|byte| is_end(byte) || b".-".contains(byte))) {
        let message = format!("`{name}` cannot be the name of a bucket");
        let help = "give its name, not its ARN: 3 to 63 lower-case letters, digits, `-` and `.`";
        scope.error(BAD_VALUE, "bucket", message, help);
    }
}

fn new_bucket(scope: &mut Scope<'_>, settings: &spec::AccessLogs, prefix: Value) -> (Value, Vec<LogicalId>) {
    let mut scope = scope.child("AccessLogs");
    let props = LogBucketProps { retention_days: settings.retention_days.to_value(), prefix, kms_key: None };
    let bucket = LogBucket::new(&mut scope, &props);
    (bucket.name, bucket.ready)
}
