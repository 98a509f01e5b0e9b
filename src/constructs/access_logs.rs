//! Access logs of the load balancer: the attributes, and a bucket that only AWS's log delivery may write to.

use crate::cfn::{LogicalId, Value};
use crate::diagnostics::codes::load_balancer as codes;
use crate::resources::s3::{self, bucket};
use crate::spec;

use super::iam::{Statement, arn, document};
use super::{RemovalPolicy, Scope};

/// Who writes the logs. Source: Elastic Load Balancing user guide for Network Load Balancers, "Enable access logs".
const DELIVERY: &str = "delivery.logs.amazonaws.com";

/// What AWS puts between the prefix and the account.
const RESERVED: &str = "AWSLogs";

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
        let prefix = settings.prefix.as_deref().unwrap_or_default();
        check_prefix(scope, prefix);
        let (bucket, ready) = match &settings.bucket {
            Some(bucket) => (bucket.to_value(), Vec::new()),
            None => new_bucket(scope, settings, prefix),
        };
        let mut attributes = vec![("access_logs.s3.enabled", Value::from("true")), ("access_logs.s3.bucket", bucket)];
        if !prefix.is_empty() {
            attributes.push(("access_logs.s3.prefix", Value::from(prefix.to_owned())));
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

/// Logs outlive the load balancer, so the bucket stays when it is taken out of the stack.
fn new_bucket(scope: &mut Scope<'_>, settings: &spec::AccessLogs, prefix: &str) -> (Value, Vec<LogicalId>) {
    let mut scope = scope.child("AccessLogs");
    let expire = bucket::Rule::new().id("expire").status("Enabled").expiration_in_days(settings.retention_days.0);
    let resource = s3::Bucket::new()
        .bucket_encryption(bucket::BucketEncryption::new().server_side_encryption_configuration([
            // Log delivery cannot use the AWS managed key.
            bucket::ServerSideEncryptionRule::new().server_side_encryption_by_default(
                bucket::ServerSideEncryptionByDefault::new().sse_algorithm("AES256"),
            ),
        ]))
        .lifecycle_configuration(bucket::LifecycleConfiguration::new().rules([expire]))
        .ownership_controls(
            bucket::OwnershipControls::new()
                .rules([bucket::OwnershipControlsRule::new().object_ownership("BucketOwnerEnforced")]),
        )
        .public_access_block_configuration(
            bucket::PublicAccessBlockConfiguration::new()
                .block_public_acls(true)
                .block_public_policy(true)
                .ignore_public_acls(true)
                .restrict_public_buckets(true),
        );
    let bucket = scope.add("Bucket", resource);
    scope.remove_by(&bucket, RemovalPolicy::Retain);
    let bucket_arn = bucket.attribute(s3::Bucket::ATTR_ARN);
    let policy =
        s3::BucketPolicy::new().bucket(bucket.reference()).policy_document(document(statements(&bucket_arn, prefix)));
    let policy = scope.add("Policy", policy);
    scope.remove_by(&policy, RemovalPolicy::Retain);
    (bucket.reference(), vec![policy])
}

fn statements(bucket_arn: &Value, prefix: &str) -> [Statement; 3] {
    let separator = if prefix.is_empty() { "" } else { "/" };
    let objects = Value::join([
        bucket_arn.clone(),
        Value::from(format!("/{prefix}{separator}{RESERVED}/")),
        Value::reference("AWS::AccountId"),
        Value::from("/*"),
    ]);
    let for_this_account = |statement: Statement| {
        statement.service(DELIVERY).from_this_account().when("ArnLike", "aws:SourceArn", arn("logs", "*"))
    };
    let check = Statement::allow(["s3:GetBucketAcl"]).sid("CheckBucket").on(bucket_arn.clone());
    let write = Statement::allow(["s3:PutObject"]).sid("WriteLogs").on(objects).when(
        "StringEquals",
        "s3:x-amz-acl",
        "bucket-owner-full-control",
    );
    let refuse = Statement::deny(["s3:*"])
        .sid("RefusePlainHttp")
        .anybody()
        .on(bucket_arn.clone())
        .on(Value::join([bucket_arn.clone(), Value::from("/*")]))
        .when("Bool", "aws:SecureTransport", "false");
    [for_this_account(check), for_this_account(write), refuse]
}
