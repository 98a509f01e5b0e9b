//! `ringfence check`: what is wrong with specs.

use crate::diagnostics::render::pretty;
use crate::diagnostics::{Report, Severity};
use crate::engine;
use crate::wire::ReportAnswer;

use super::arguments::{CheckArguments, ReportFormat};
use super::{Failure, Outcome, Result, fingerprint, input, terminal};

pub(super) fn run(arguments: &CheckArguments) -> Result<Outcome> {
    let mut all = Report::default();
    let mut text = String::new();
    for path in &arguments.paths {
        let (source, read) = input::read_spec(path)?;
        let fingerprints = fingerprint::of(&read, path)?;
        let report = engine::synth(&source, &read, &fingerprints).report;
        text.push_str(&pretty::render(&report, &source, true));
        all.unusable |= report.unusable;
        all.exhausted.extend(report.exhausted);
        all.findings.extend(report.findings);
    }
    match arguments.format {
        ReportFormat::Pretty => terminal::print(&format!("{text}{}\n", summary(&all, arguments.paths.len()))),
        ReportFormat::Json => terminal::print(&json(&all)?),
    }
    Ok(outcome(&all))
}

/// How many of each there are, in words.
pub(super) fn summary(report: &Report, files: usize) -> String {
    let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
    if report.findings.is_empty() {
        return format!("{files} checked, nothing is wrong");
    }
    let count = |severity: Severity| match report.count(severity) {
        1 => format!("1 {}", severity.word()),
        many => format!("{many} {}s", severity.word()),
    };
    format!("{files} checked: {}, {}", count(Severity::Error), count(Severity::Warning))
}

pub(super) fn outcome(report: &Report) -> Outcome {
    if report.unusable {
        Outcome::Unusable
    } else if report.has_errors() {
        Outcome::Wrong
    } else {
        Outcome::Clean
    }
}

fn json(report: &Report) -> Result<String> {
    serde_json::to_string_pretty(&ReportAnswer::from(report))
        .map(|text| format!("{text}\n"))
        .map_err(|error| Failure::new(format!("the report cannot be written: {error}")))
}
