//! Access logs of the load balancer: the attributes, and a bucket that only AWS's log delivery may write to.

use crate::cfn::{LogicalId, Value};
use crate::diagnostics::codes::load_balancer as codes;
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
            Some(bucket) => (bucket.to_value(), Vec::new()),
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

fn new_bucket(scope: &mut Scope<'_>, settings: &spec::AccessLogs, prefix: Value) -> (Value, Vec<LogicalId>) {
    let mut scope = scope.child("AccessLogs");
    let props = LogBucketProps { retention_days: settings.retention_days.to_value(), prefix, kms_key: None };
    let bucket = LogBucket::new(&mut scope, &props);
    (bucket.name, bucket.ready)
}
