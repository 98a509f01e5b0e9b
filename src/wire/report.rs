//! A report as JSON: a contract, with a schema in `schema/report.schema.json`.

use crate::cfn::{Gather as _, Map, OrderedMap, Value, write};
use crate::diagnostics::{Address, Finding, Fix, Place, Report, Suppression, TextEdit};

/// The version of the contract. Members may be added under the same number; nothing is taken away or changed.
pub const SCHEMA_VERSION: u32 = 1;

/// A report as JSON text, indented, with a line break at the end.
#[must_use]
pub fn to_json(report: &Report) -> String {
    write::to_json(&Value::Map(answer(report)))
}

/// All that was found.
#[must_use]
pub fn answer(report: &Report) -> Map {
    with_findings(report, finding)
}

/// All that was found in the properties of a construct: each finding says where in them its cause is, as a JSON pointer.
pub(super) fn answer_with_spec_paths(report: &Report) -> Map {
    with_findings(report, finding_with_spec_path)
}

fn with_findings(report: &Report, told: fn(&Finding) -> Value) -> Map {
    let mut answer = Map::new();
    answer.push("schemaVersion", SCHEMA_VERSION);
    answer.push("status", report.status().word());
    answer.push("findings", Value::List(report.findings.iter().map(told).gather()));
    // The budgets that ran out.
    answer.push("exhausted", report.exhausted.clone());
    // What was proved: nothing while nothing was asked to be.
    answer.push("proofs", Value::Null);
    answer
}

fn finding(finding: &Finding) -> Value {
    let mut answer = head(finding);
    push_tail(&mut answer, finding);
    answer.into()
}

fn finding_with_spec_path(finding: &Finding) -> Value {
    let mut answer = head(finding);
    if let Some(place) = &finding.address.spec {
        answer.push("specPath", place.to_string());
    }
    push_tail(&mut answer, finding);
    answer.into()
}

/// Which rule it is, what is wrong, and what it is about.
fn head(finding: &Finding) -> Map {
    let mut answer = Map::new();
    answer.push("rule", finding.code.0);
    answer.push("severity", finding.severity.word());
    answer.push("message", finding.message.clone());
    push_text(&mut answer, "help", finding.help.as_deref());
    push_address(&mut answer, &finding.address);
    answer
}

/// What else is known of it: other places, the world in which it is true, what mends it, why it does not count.
fn push_tail(answer: &mut Map, finding: &Finding) {
    let related = finding.related.iter().map(|related| {
        let mut answer = Map::new();
        answer.push("message", related.message.clone());
        push_address(&mut answer, &related.address);
        Value::Map(answer)
    });
    answer.push("related", Value::List(related.gather()));
    answer.push("world", texts(&finding.world));
    let fix = finding.fix.as_ref();
    answer.push("fix", fix.map_or(Value::Null, |fix| Value::List(fix.edits.iter().map(edit).gather())));
    push_text(answer, "fixTitle", fix.map(title));
    answer.push("fixIsSafe", fix.map_or(Value::Null, |fix| Value::Bool(fix.safe)));
    answer.push("suppressed", finding.suppressed.as_ref().map_or(Value::Null, suppression));
}

fn title(fix: &Fix) -> &str {
    &fix.title
}

/// Text that takes the place of other text: where it stands, for people and editors, and as offsets in the UTF-8 text of the
/// file, a byte order mark not counted.
fn edit(edit: &TextEdit) -> Value {
    let mut answer = position(&edit.place);
    answer.push("start", edit.place.span.start);
    answer.push("end", edit.place.span.end);
    answer.push("replacement", edit.replacement.clone());
    answer.into()
}

fn suppression(suppression: &Suppression) -> Value {
    let mut answer = Map::new();
    answer.push("reason", suppression.reason.clone());
    push_position(&mut answer, "where", suppression.place.as_ref());
    answer.into()
}

fn push_address(answer: &mut Map, address: &Address) {
    push_text(answer, "stack", address.stack.as_deref());
    push_text(answer, "resource", address.resource.as_deref());
    push_text(answer, "constructPath", address.construct_path.as_deref());
    let property = address.property.as_ref().map(ToString::to_string);
    push_text(answer, "propertyPath", property.as_deref());
    push_position(answer, "position", address.place.as_ref());
}

fn push_position(answer: &mut Map, key: &'static str, place: Option<&Place>) {
    answer.push(key, place.map_or(Value::Null, |place| Value::Map(position(place))));
}

/// A place in a file: lines and columns from 1, columns in UTF-16 units, the end after the last unit.
fn position(place: &Place) -> Map {
    let mut answer = Map::new();
    answer.push("file", place.file.clone());
    answer.push("line", place.position.line);
    answer.push("column", place.position.column);
    answer.push("endLine", place.position.end_line);
    answer.push("endColumn", place.position.end_column);
    answer
}

/// Adds a text, or `null` when there is none.
pub(super) fn push_text(answer: &mut Map, key: &'static str, text: Option<&str>) {
    answer.push(key, text.map_or(Value::Null, |text| Value::from(text.to_owned())));
}

/// Texts by their names.
pub(super) fn texts(texts: &OrderedMap<String, String>) -> Map {
    let mut answer = Map::with_capacity(texts.len());
    for (name, text) in texts {
        answer.push(name.clone(), text.clone());
    }
    answer
}
