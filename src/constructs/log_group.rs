//! A log group, kept for as long as it is asked for.

use crate::aws::logs::{is_retention, retention_of_at_least};
use crate::cfn::{LogicalId, Value};
use crate::diagnostics::codes;
use crate::resources::{Builder as _, logs};
use crate::spec::text::Arn;
use crate::spec::{self, Input, Whole};

use super::problem::Problem;
use super::{RemovalPolicy, Scope, references};

/// For how long a log group keeps its events, and how it is encrypted.
#[derive(Clone, Debug, PartialEq)]
pub struct LogGroupProps {
    /// Days, one of the retentions of CloudWatch Logs.
    pub retention_days: Input<Whole<1, 3653>>,
    /// The key that encrypts it, by ARN.
    ///
    /// The policy of the key must let CloudWatch Logs use it. It should name the group by a pattern, such as
    /// `arn:aws:logs:REGION:ACCOUNT:log-group:STACK-*`: a key that names the group itself, and a group that names the key,
    /// wait for each other for ever.
    pub kms_key: Option<Input<Arn>>,
    /// Whether it stays when it is taken out of the stack.
    pub keep: bool,
}

impl From<&spec::Logs> for LogGroupProps {
    fn from(logs: &spec::Logs) -> Self {
        Self { retention_days: logs.retention_days.clone(), kms_key: logs.kms_key.clone(), keep: logs.keep }
    }
}

/// Adds a log group at `id`. The members `retentionDays` and `kmsKey` at the scope's origin are to blame for what is wrong.
pub fn log_group(scope: &mut Scope<'_>, id: &str, props: &LogGroupProps) -> LogicalId {
    let retention = usable_retention(scope, &props.retention_days);
    let key = props.kms_key.as_ref();
    if let Some(Err(problem)) = key.map(|key| references::check_key(scope.stack().props(), key, "kmsKey")) {
        problem.report(scope);
    }
    let group = logs::LogGroup::new()
        .retention_in_days(retention)
        .maybe(key.map(|key| references::key_value(scope.stack().props(), key)), logs::LogGroup::kms_key_id);
    let group = scope.add(id, group);
    scope.remove_by(&group, if props.keep { RemovalPolicy::Retain } else { RemovalPolicy::Delete });
    group
}

/// The name of a log group.
pub(super) fn name(group: &LogicalId) -> Value {
    group.reference()
}

/// The retention as it was asked for, or the next one that AWS has.
fn usable_retention(scope: &mut Scope<'_>, days: &Input<Whole<1, 3653>>) -> Value {
    let Some(days) = days.number() else { return days.to_value() };
    let wanted = u32::try_from(days).unwrap_or_default();
    if is_retention(wanted) {
        return Value::from(wanted);
    }
    let next = retention_of_at_least(wanted);
    let message = format!("a log cannot be kept for `{days}` days");
    Problem::error(codes::service::BAD_RETENTION, "retentionDays", message, format!("the next that AWS has is {next}"))
        .report(scope);
    Value::from(next)
}
