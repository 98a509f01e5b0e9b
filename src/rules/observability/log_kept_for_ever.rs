//! A log group that keeps its events for ever.

use crate::model::{LogGroup, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1602", "log-kept-for-ever", Warning {
        pitfalls: [93],
        summary: "A log group that keeps its events for ever",
        why: "Without a retention the log group grows, and costs more every month, for as long as it exists.",
        example: "Resources:
  Log: { Type: AWS::Logs::LogGroup }
",
        instead: "Resources:
  Log: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 90 } }
",
        source: "Amazon CloudWatch Logs user guide, working with log groups and log streams",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for group in model.all::<LogGroup<'a>>() {
        // The class DELIVERY has a retention of its own.
        let is_fixed = group.property("LogGroupClass").text().is_known_and(|class| class == "DELIVERY");
        if group.retention().is_absent() && !is_fixed {
            findings
                .report(group.id(), "", "the log group keeps its events for ever")
                .suggest("RetentionInDays", 90)
                .help("set `RetentionInDays`, for example to `90`");
        }
    }
}
