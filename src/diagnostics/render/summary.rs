//! One line that says how much was looked at, and what came of it.

use super::super::{Report, Severity};

/// `3 files with 120 resources checked: 1 error, 2 warnings, 1 suppressed`.
#[must_use]
pub fn render(report: &Report) -> String {
    let files = counted(report.checked.files, "file");
    let subject = match report.checked.resources {
        0 => files,
        resources => format!("{files} with {}", counted(resources, "resource")),
    };
    let mut parts = Vec::new();
    if report.counted().next().is_some() {
        parts.push(counted(report.count(Severity::Error), "error"));
        parts.push(counted(report.count(Severity::Warning), "warning"));
        parts.extend(some(report.count(Severity::Info), "info"));
    } else {
        parts.push("nothing is wrong".to_owned());
    }
    let suppressed = report.suppressed();
    parts.extend((suppressed > 0).then(|| format!("{suppressed} suppressed")));
    parts.extend((!report.exhausted.is_empty()).then(|| format!("incomplete ({})", report.exhausted.join(", "))));
    let mark = if report.counted().next().is_some() { ':' } else { ',' };
    format!("{subject} checked{mark} {}", parts.join(", "))
}

fn some(count: usize, what: &str) -> Option<String> {
    (count > 0).then(|| counted(count, what))
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
