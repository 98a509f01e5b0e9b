//! The operations as calls from text to text, for hosts that speak JSON.

use crate::cfn::{Map, OrderedMap, SourceText, Value, read, write};
use crate::engine::{self, CheckOptions, Fingerprints};

#[cfg(feature = "pages")]
use super::pages;
use super::{plan, report, synth};

/// The texts of files by their names.
pub type Files = OrderedMap<String, String>;

/// What synthesis makes of a spec, as [`synth::answer`] has it, in JSON. `name` is what messages call the spec.
#[must_use]
pub fn synth_json(name: &str, text: &str) -> String {
    let source = SourceText::new(name, text);
    let synthesis = engine::synth(&source, &engine::read_spec(&source), &Fingerprints::new());
    json(synth::answer(&synthesis))
}

/// What the rulebook says of a spec or a CloudFormation template, as [`report::answer`] has it, in JSON. `name` is what messages call it.
#[must_use]
pub fn check_json(name: &str, text: &str) -> String {
    let texts = vec![SourceText::new(name, text)];
    json(report::answer(&engine::check_texts(texts, &CheckOptions::default())))
}

/// What the rulebook says of several files together, as [`report::answer`] has it, in JSON. `files` is a JSON object of texts by file
/// name: those of a cloud assembly, when `manifest.json` is among them, or specs and templates. `folder` is what messages put
/// before the names; it may be empty.
///
/// # Errors
///
/// Says what is wrong with `files` when it is no such object.
pub fn check_files_json(folder: &str, files: &str) -> Result<String, String> {
    Ok(check_files(folder, &texts_by_name(files)?))
}

/// [`check_files_json`] of texts that are in a map already.
#[must_use]
pub fn check_files(folder: &str, files: &Files) -> String {
    json(report::answer(&engine::check_files(folder, files, &CheckOptions::default())))
}

/// The names of the files that belong to a cloud assembly and are not among `files` yet, as a JSON array; `files` is a JSON
/// object of texts by file name, and may be empty. Whoever reads an assembly adds those that exist and asks again, until
/// nothing that exists is missing.
///
/// # Errors
///
/// Says what is wrong with `files` when it is no such object.
pub fn missing_files_json(files: &str) -> Result<String, String> {
    Ok(missing_files(&texts_by_name(files)?))
}

/// [`missing_files_json`] of texts that are in a map already.
#[must_use]
pub fn missing_files(files: &Files) -> String {
    write::to_compact_json(&Value::list(engine::assembly_inputs("", files).missing))
}

/// The page of a rule, by its code or name, or of a member of the spec, by its path, as an [`super::ExplainAnswer`] in JSON; `null`
/// when there is neither.
#[cfg(feature = "pages")]
#[must_use]
pub fn explain_json(subject: &str) -> String {
    let page = engine::page(subject).map(super::ExplainAnswer::from);
    pages::json(&page.or_else(|| engine::explain_member(subject).map(super::ExplainAnswer::from)))
}

/// What is said of files that are no map.
pub const NO_FILES: &str = "the files are not a JSON object of texts by file name";

/// What is said of a file that is no text.
#[must_use]
pub fn not_a_text(name: &str) -> String {
    format!("the file `{name}` is not a text")
}

/// Reads a JSON object of texts.
fn texts_by_name(files: &str) -> Result<Files, String> {
    let Ok(Value::Map(members)) = read::read_written_json(&SourceText::new("files", files)) else {
        return Err(NO_FILES.to_owned());
    };
    let mut texts = Files::new();
    for (name, text) in members {
        let Value::String(text) = text else { return Err(not_a_text(&name)) };
        texts.insert(name.into_owned(), text.into_owned());
    }
    Ok(texts)
}

/// The plan of one construct of a CDK app, as JSON; `request` is JSON too.
#[must_use]
pub fn plan_json(request: &str) -> String {
    plan::to_json(&engine::plan(&SourceText::new("request", request)))
}

/// What `explain` and `schema` say, as a [`PagesAnswer`](super::PagesAnswer) in JSON.
#[cfg(feature = "pages")]
#[must_use]
pub fn pages_json() -> String {
    pages::json(&pages::PagesAnswer::all())
}

/// An answer as JSON text.
fn json(answer: Map) -> String {
    write::to_compact_json(&Value::Map(answer))
}
