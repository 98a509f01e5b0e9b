//! Reads a cloud assembly: which templates are in it, for which stacks, and what its metadata says about their resources.
//!
//! Source: npm package `@aws-cdk/cloud-assembly-schema`. Nothing here touches a disk: whoever asks gives the files that there
//! are and learns which others are needed.

mod nested;
mod stack;

use crate::cfn::ordered::sort_by;
use crate::cfn::read::read_written_json;
use crate::cfn::{Document, Gather as _, Map, OrderedMap, OrderedSet, Position, ReadError, SourceText, Value};

/// The file that says what is in an assembly.
pub const MANIFEST: &str = "manifest.json";

/// The most assemblies inside one another.
const MAX_DEPTH: usize = 20;

/// What a cloud assembly holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadAssembly {
    /// The templates, in the order of the manifest; those of nested stacks behind that of their parent.
    pub templates: Vec<AssemblyTemplate>,
    /// The files that are needed and were not given, by their names inside the assembly.
    pub missing: OrderedSet<String>,
    /// What is wrong with it.
    pub problems: Vec<AssemblyProblem>,
}

/// A template in a cloud assembly.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AssemblyTemplate {
    /// Its file, by the name inside the assembly.
    pub file: String,
    /// What it says, when it had to be read to find nested stacks.
    pub document: Option<Document>,
    /// The artifact that describes the stack; of a nested stack that of its parent.
    pub id: String,
    /// The name of the stack.
    pub stack: String,
    /// The account, when it is known.
    pub account: Option<String>,
    /// The Region, when it is known.
    pub region: Option<String>,
    /// The construct paths of the resources by their logical IDs.
    pub construct_paths: OrderedMap<String, String>,
    /// The parameters that take an output of another stack: parameter, artifact of the stack, output.
    pub bindings: Vec<(String, String, String)>,
    /// When it is a nested stack, the index of the template that holds the resource which deploys it, and its logical ID.
    pub parent: Option<(usize, String)>,
}

/// Something that keeps a part of an assembly from being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssemblyProblem {
    /// The file that it is in.
    pub file: String,
    /// What is wrong.
    pub message: String,
}

/// Reads an assembly from its files, by their names inside of it. As long as files are missing that exist, the answer is not
/// complete: add them and read again.
#[must_use]
pub fn read(files: &OrderedMap<String, String>) -> ReadAssembly {
    let mut reader = Reader { files, found: ReadAssembly::default() };
    reader.assembly("", 0);
    reader.found
}

struct Reader<'a> {
    files: &'a OrderedMap<String, String>,
    found: ReadAssembly,
}

impl<'a> Reader<'a> {
    /// Reads the assembly in the folder `prefix`, which is empty or ends with `/`.
    fn assembly(&mut self, prefix: &str, depth: usize) {
        let Some(manifest) = self.json(&format!("{prefix}{MANIFEST}")) else { return };
        let Some(artifacts) = manifest.get("artifacts").and_then(Value::as_map) else {
            let message =
                format!("this is the `{MANIFEST}` of something else than a cloud assembly: it has no `artifacts`");
            return self.problem(prefix, message);
        };
        for (id, artifact) in by_key(artifacts) {
            match text_at(artifact, &["type"]) {
                Some("aws:cloudformation:stack") => self.stack(prefix, id, artifact, artifacts),
                Some("cdk:cloud-assembly") => self.inner_assembly(prefix, id, artifact, depth),
                _ => {}
            }
        }
    }

    fn inner_assembly(&mut self, prefix: &str, id: &str, artifact: &Value, depth: usize) {
        let Some(folder) = text_at(artifact, &["properties", "directoryName"]) else {
            return self.problem(prefix, format!("the artifact `{id}` has no `directoryName`"));
        };
        if depth == MAX_DEPTH {
            return self.problem(prefix, format!("there are more than {MAX_DEPTH} assemblies inside one another"));
        }
        if let Some(folder) = self.inside(prefix, folder) {
            let prefix = if folder.is_empty() { folder } else { format!("{folder}/") };
            self.assembly(&prefix, depth + 1);
        }
    }

    /// The name inside the assembly of a file that a manifest in the folder `prefix` names. One outside is refused: an
    /// assembly holds all that it needs.
    fn inside(&mut self, prefix: &str, name: &str) -> Option<String> {
        let mut steps: Vec<&str> = prefix.split('/').filter(|step| !step.is_empty()).gather();
        let is_absolute = name.starts_with(['/', '\\']) || name.get(1..2) == Some(":");
        let leaves = name.split(['/', '\\']).any(|step| match step {
            ".." => steps.pop().is_none(),
            "" | "." => false,
            step => {
                steps.push(step);
                false
            }
        });
        if is_absolute || leaves {
            self.problem(prefix, format!("`{name}` is outside of the assembly"));
            return None;
        }
        Some(steps.join("/"))
    }

    fn problem(&mut self, prefix: &str, message: String) {
        self.found.problems.push(AssemblyProblem { file: format!("{prefix}{MANIFEST}"), message });
    }

    /// The text of a file; when it was not given, it is noted as missing.
    fn text(&mut self, name: &str) -> Option<&'a str> {
        let found = self.files.get(name).map(String::as_str);
        if found.is_none() {
            self.found.missing.insert(name.to_owned());
        }
        found
    }

    fn json(&mut self, name: &str) -> Option<Value> {
        let source = SourceText::new(name, self.text(name)?);
        match read_written_json(&source) {
            Ok(value) => Some(value),
            Err(errors) => {
                self.found.problems.extend(errors.first().map(|error| not_json(&source, error)));
                None
            }
        }
    }
}

fn not_json(source: &SourceText, error: &ReadError) -> AssemblyProblem {
    let ReadError { message, span, .. } = error;
    let Position { line, column, .. } = source.position(*span);
    let message = format!("this is not well-formed JSON: {message} at line {line} column {column}");
    AssemblyProblem { file: source.name().to_owned(), message }
}

/// The text at the end of a path of keys.
fn text_at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v str> {
    path.iter().try_fold(value, |value, key| value.get(key))?.as_str()
}

/// What a map holds, in the order of its keys.
fn by_key(map: &Map) -> Vec<(&str, &Value)> {
    let mut entries: Vec<(&str, &Value)> = map.iter().map(|(key, value)| (key.as_ref(), value)).gather();
    sort_by(&mut entries, |(one, _), (other, _)| one.cmp(other));
    entries
}

#[cfg(test)]
mod tests;
