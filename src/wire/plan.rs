//! A plan as JSON.

use crate::cfn::{Value, write};
use crate::engine::Planned;

use super::report;

/// The plan and its report as JSON text. The report is the one that `--format json` prints, and tells for each finding where
/// in the properties its cause is.
#[must_use]
pub fn to_json(planned: &Planned) -> String {
    let mut answer = planned.plan.clone();
    answer.push("report", report::answer_with_spec_paths(&planned.report));
    write::to_compact_json(&Value::Map(answer))
}
