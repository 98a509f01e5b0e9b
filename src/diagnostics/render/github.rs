//! Annotations for GitHub Actions: workflow commands that GitHub shows beside the lines of a change.
//!
//! Source: "Workflow commands for GitHub Actions" in the GitHub documentation; the escapes are those of `@actions/core`.

use super::super::{Finding, Place, Report, Severity};
use super::{summary, world};

/// The findings that count as workflow commands, and the summary as a line of the log.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut text: String = report.counted().map(command).collect();
    text.push_str(&summary::render(report));
    text.push('\n');
    text
}

fn command(finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut properties = finding.address.place.as_ref().map(place).unwrap_or_default();
    properties.push(("title", finding.code.to_string()));
    let properties: Vec<String> =
        properties.iter().map(|(key, value)| format!("{key}={}", escape_property(value))).collect();
    format!("::{level} {}::{}\n", properties.join(","), escape(&message(finding)))
}

/// Columns stand for places on one line only: GitHub takes none with several.
fn place(place: &Place) -> Vec<(&'static str, String)> {
    let position = place.position;
    let file = place.file.strip_prefix("./").unwrap_or(&place.file);
    let mut properties = vec![
        ("file", file.to_owned()),
        ("line", position.line.to_string()),
        ("endLine", position.end_line.to_string()),
    ];
    if position.line == position.end_line {
        properties.push(("col", position.column.to_string()));
        properties.push(("endColumn", position.end_column.to_string()));
    }
    properties
}

fn message(finding: &Finding) -> String {
    let mut lines = vec![finding.message.clone()];
    let address = &finding.address;
    match (&address.construct_path, &address.resource) {
        (Some(path), _) => lines.push(format!("in the construct {path}")),
        (None, Some(resource)) => lines.push(format!("in the resource {resource}")),
        (None, None) => {}
    }
    lines.extend(world(finding).map(|world| format!("when {world}")));
    lines.extend(finding.related.iter().map(|related| match &related.address.place {
        Some(place) => format!("{} ({}:{})", related.message, place.file, place.position.line),
        None => related.message.clone(),
    }));
    lines.extend(finding.help.as_ref().map(|help| format!("help: {help}")));
    lines.join("\n")
}

fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}
