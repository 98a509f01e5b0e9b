//! A bucket that only the log delivery of AWS may write to.

use crate::cfn::{LogicalId, Value};
use crate::resources::s3::{self, bucket};

use super::iam::{Statement, arn, document};
use super::{RemovalPolicy, Scope};

/// Who writes the logs. Source: `vpc/latest/userguide/flow-logs-s3-permissions`, and
/// `elasticloadbalancing/latest/network/enable-access-logs`.
const DELIVERY: &str = "delivery.logs.amazonaws.com";

/// What AWS puts between the prefix and the account. No prefix may contain it.
pub(super) const RESERVED: &str = "AWSLogs";

/// What is to be known of a bucket before it is made.
#[derive(Clone, Debug, Default)]
pub(super) struct LogBucketProps {
    /// For how many days objects are kept.
    pub(super) retention_days: Value,
    /// What the keys of the objects begin with; empty text for nothing.
    pub(super) prefix: Value,
    /// The key that encrypts the objects, by ARN; that of Amazon S3 without one.
    pub(super) kms_key: Option<Value>,
}

/// A bucket for logs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LogBucket {
    /// Its name.
    pub(super) name: Value,
    /// Its ARN.
    pub(super) arn: Value,
    /// What must exist before anything is written: AWS tries to when logging is switched on.
    pub(super) ready: Vec<LogicalId>,
}

impl LogBucket {
    /// Adds a bucket `Bucket` and its `Policy`. Logs outlive what wrote them, so both stay when they are taken out of the
    /// stack.
    pub(super) fn new(scope: &mut Scope<'_>, props: &LogBucketProps) -> Self {
        let bucket = scope.add("Bucket", resource(props));
        scope.remove_by(&bucket, RemovalPolicy::Retain);
        let bucket_arn = bucket.attribute(s3::Bucket::ATTR_ARN);
        let statements = statements(&bucket_arn, &props.prefix);
        let policy = s3::BucketPolicy::new().bucket(bucket.reference()).policy_document(document(statements));
        let policy = scope.add("Policy", policy);
        scope.remove_by(&policy, RemovalPolicy::Retain);
        Self { name: bucket.reference(), arn: bucket_arn, ready: vec![policy] }
    }
}

fn resource(props: &LogBucketProps) -> s3::Bucket {
    let expire = bucket::Rule::new().id("expire").status("Enabled").expiration_in_days(&props.retention_days);
    s3::Bucket::new()
        .bucket_encryption(
            bucket::BucketEncryption::new().server_side_encryption_configuration([encryption(props.kms_key.as_ref())]),
        )
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
        )
}

/// Log delivery can use a key of the customer, but not the AWS managed one.
fn encryption(key: Option<&Value>) -> bucket::ServerSideEncryptionRule {
    let by_default = bucket::ServerSideEncryptionByDefault::new();
    let rule = bucket::ServerSideEncryptionRule::new();
    match key {
        Some(key) => rule
            .server_side_encryption_by_default(by_default.sse_algorithm("aws:kms").kms_master_key_id(key))
            .bucket_key_enabled(true),
        None => rule.server_side_encryption_by_default(by_default.sse_algorithm("AES256")),
    }
}

fn statements(bucket_arn: &Value, prefix: &Value) -> [Statement; 3] {
    let separator = if prefix.as_str() == Some("") { "" } else { "/" };
    let objects = Value::join([
        bucket_arn.clone(),
        Value::from("/"),
        prefix.clone(),
        Value::from(format!("{separator}{RESERVED}/")),
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
