//! SARIF 2.1.0, which code scanners and editors read.
//!
//! Source: OASIS standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0". Only what is known is
//! written: no absent member is filled with a guess.

mod document;
mod fingerprint;

use super::super::{Address, CodePage, Finding, Fix, Place, Report, Severity, SuppressedBy};
use super::world;
use crate::cfn::OrderedMap;
use document::{
    ArtifactChange, ArtifactContent, ArtifactLocation, Configuration, Driver, FixObject, Help, Invocation, Level,
    Location, Log, LogicalLocation, Message, Notification, PhysicalLocation, Region, Replacement, ResultObject, Rule,
    RuleProperties, Run, SuppressionObject, Tool,
};

/// Finds the page of a code.
pub type Pages = fn(&str) -> Option<&'static CodePage>;

/// The report as SARIF, as indented JSON with a line break at the end. Suppressed findings are in it, marked as such.
/// `pages` tells about the rules.
#[must_use]
pub fn render(report: &Report, pages: Pages) -> String {
    // Plain data with text as keys: JSON can always carry it.
    let mut text = serde_json::to_string_pretty(&log(report, pages)).unwrap_or_default();
    text.push('\n');
    text
}

fn log(report: &Report, pages: Pages) -> Log {
    let mut rules: Vec<&'static str> = report.findings.iter().map(|finding| finding.code.0).collect();
    rules.sort_unstable();
    rules.dedup();
    let fingerprints = fingerprint::of(&report.findings);
    let results = report.findings.iter().zip(fingerprints);
    let results = results.map(|(finding, fingerprint)| result(finding, fingerprint, &rules)).collect();
    let driver = Driver {
        name: "Ringfence",
        semantic_version: crate::VERSION,
        rules: rules.iter().filter_map(|code| pages(code)).map(rule).collect(),
    };
    Log::new(Run { tool: Tool { driver }, invocations: [invocation(report)], column_kind: "utf16CodeUnits", results })
}

/// Whether everything could be looked at.
fn invocation(report: &Report) -> Invocation {
    let notification = |budget: &String| Notification {
        level: Level::Warning,
        message: Message::new(format!("the answer is incomplete: the budget `{budget}` ran out")),
    };
    Invocation {
        execution_successful: !report.unusable,
        tool_execution_notifications: report.exhausted.iter().map(notification).collect(),
    }
}

fn rule(page: &'static CodePage) -> Rule {
    let sentence = |text: &str| Message::new(format!("{}.", text.trim_end_matches('.')));
    Rule {
        id: page.code.0,
        name: pascal_case(page.name),
        short_description: sentence(page.summary),
        full_description: sentence(page.why),
        help: help(page),
        default_configuration: Configuration { level: Level::of(page.severity) },
        properties: RuleProperties { tags: ["aws"], source: page.source },
    }
}

fn help(page: &CodePage) -> Help {
    let (summary, why) = (page.summary, page.why);
    let text = format!(
        "{summary}. {why}\n\nExample:\n{}\n\nInstead:\n{}\n\nSource: {}",
        page.example, page.instead, page.source
    );
    let markdown = format!(
        "{summary}. {why}\n\nExample:\n\n```yaml\n{}\n```\n\nInstead:\n\n```yaml\n{}\n```\n\nSource: {}",
        page.example, page.instead, page.source
    );
    Help { text, markdown }
}

/// `unknown-key` as `UnknownKey`: SARIF wants names that are identifiers.
fn pascal_case(name: &str) -> String {
    let word = |word: &str| {
        let mut characters = word.chars();
        let first: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
        first + characters.as_str()
    };
    name.split('-').map(word).collect()
}

fn result(finding: &Finding, fingerprint: String, rules: &[&str]) -> ResultObject {
    let mut text = vec![finding.message.clone()];
    text.extend(world(finding).map(|world| format!("When {world}.")));
    text.extend(finding.help.as_ref().map(|help| format!("Help: {help}.").replace("?.", "?")));
    ResultObject {
        rule_id: finding.code.0,
        rule_index: rules.iter().position(|code| *code == finding.code.0).unwrap_or_default(),
        level: Level::of(finding.severity),
        message: Message::new(text.join("\n")),
        locations: location(&finding.address).into_iter().collect(),
        related_locations: related(finding),
        partial_fingerprints: OrderedMap::from([("ringfence/v1", fingerprint)]),
        fixes: finding.fix.iter().map(fix).collect(),
        suppressions: finding.suppressed.iter().map(suppression).collect(),
        properties: properties(finding),
    }
}

fn properties(finding: &Finding) -> OrderedMap<&'static str, String> {
    let address = &finding.address;
    let property = address.property.as_ref().map(ToString::to_string);
    let all = [("stack", address.stack.clone()), ("propertyPath", property), ("world", world(finding))];
    all.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

fn related(finding: &Finding) -> Vec<Location> {
    let located = finding.related.iter().filter_map(|related| Some((related, location(&related.address)?)));
    let numbered = located.zip(0..);
    numbered
        .map(|((related, location), id)| Location {
            id: Some(id),
            message: Some(Message::new(related.message.clone())),
            ..location
        })
        .collect()
}

fn location(address: &Address) -> Option<Location> {
    let logical_locations: Vec<LogicalLocation> = logical_location(address).into_iter().collect();
    let physical_location = address.place.as_ref().map(physical_location);
    (physical_location.is_some() || !logical_locations.is_empty()).then_some(Location {
        id: None,
        message: None,
        physical_location,
        logical_locations,
    })
}

fn logical_location(address: &Address) -> Option<LogicalLocation> {
    let path = address.construct_path.clone().or_else(|| {
        let resource = address.resource.as_ref()?;
        Some(address.stack.iter().chain([resource]).cloned().collect::<Vec<_>>().join("/"))
    })?;
    Some(LogicalLocation { name: address.resource.clone(), fully_qualified_name: path, kind: "resource" })
}

fn physical_location(place: &Place) -> PhysicalLocation {
    PhysicalLocation { artifact_location: artifact(place), region: region(place) }
}

fn artifact(place: &Place) -> ArtifactLocation {
    ArtifactLocation { uri: uri(&place.file) }
}

fn region(place: &Place) -> Region {
    let position = place.position;
    Region {
        start_line: position.line,
        start_column: position.column,
        end_line: position.end_line,
        end_column: position.end_column,
    }
}

/// A path as a URI reference (RFC 3986): relative ones stay relative.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let has_drive = path.get(1..3) == Some(":/") && path.starts_with(|first: char| first.is_ascii_alphabetic());
    let root = if has_drive {
        "file:///"
    } else if path.starts_with('/') {
        "file://"
    } else {
        ""
    };
    let mut uri = root.to_owned();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            b':' if has_drive => uri.push(':'),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// The edits of a fix, file by file.
fn fix(fix: &Fix) -> FixObject {
    let mut files: Vec<&str> = fix.edits.iter().map(|edit| edit.place.file.as_str()).collect();
    files.sort_unstable();
    files.dedup();
    let changes = files.into_iter().map(|file| {
        let edits = fix.edits.iter().filter(|edit| edit.place.file == file);
        let replacement = |edit: &super::super::TextEdit| Replacement {
            deleted_region: region(&edit.place),
            inserted_content: ArtifactContent { text: edit.replacement.clone() },
        };
        ArtifactChange {
            artifact_location: ArtifactLocation { uri: uri(file) },
            replacements: edits.map(replacement).collect(),
        }
    });
    FixObject { description: Message::new(fix.title.clone()), artifact_changes: changes.collect() }
}

fn suppression(suppression: &super::super::Suppression) -> SuppressionObject {
    let kind = match suppression.by {
        SuppressedBy::Configuration => "external",
        SuppressedBy::Template => "inSource",
    };
    let place = suppression.place.as_ref().map(physical_location);
    let location = place.map(|place| Location { physical_location: Some(place), ..Location::default() });
    SuppressionObject { kind, status: "accepted", justification: suppression.reason.clone(), location }
}

impl Level {
    fn of(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Info => Self::Note,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uri_references() {
        let cases = [
            ("./a b.yaml", "a%20b.yaml"),
            ("/x/ü#.json", "file:///x/%C3%BC%23.json"),
            ("C:\\x\\y.json", "file:///C:/x/y.json"),
            ("dir\\y.json", "dir/y.json"),
            ("a:b.yaml", "a%3Ab.yaml"),
        ];
        for (path, expected) in cases {
            assert_eq!(uri(path), expected);
        }
    }

    #[test]
    fn names_become_identifiers() {
        assert_eq!(pascal_case("no-s3-gateway"), "NoS3Gateway");
    }
}
