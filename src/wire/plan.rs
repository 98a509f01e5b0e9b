//! A plan as JSON.

use crate::cfn::{Value, write};
use crate::engine::Planned;

use super::ReportAnswer;
use super::calls::json;

/// The plan and its report as JSON text. The parts of the plan are values of CloudFormation already; the report is the one
/// that `--format json` prints, and tells for each finding where in the properties its cause is.
#[must_use]
pub fn to_json(planned: &Planned) -> String {
    let mut report = ReportAnswer::from(&planned.report);
    for (answer, finding) in report.findings.iter_mut().zip(&planned.report.findings) {
        answer.spec_path = finding.address.spec.as_ref().map(ToString::to_string);
    }
    let mut text = write::to_compact_json(&Value::Map(planned.plan.clone()));
    // The report takes the place of the closing brace; a plan has members at all times.
    text.pop();
    text.push_str(",\"report\":");
    text.push_str(&json(&report));
    text.push('}');
    text
}
