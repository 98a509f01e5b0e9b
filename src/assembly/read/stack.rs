//! One stack of an assembly: its template, its environment, its metadata.

use crate::cfn::{Map, OrderedMap, Value};

use super::super::manifest::BINDING;
use super::nested::Nested;
use super::{AssemblyTemplate, Reader, by_key, text_at};

impl Reader<'_> {
    /// Reads the stack that the artifact `id` describes.
    pub(super) fn stack(&mut self, prefix: &str, id: &str, artifact: &Value, artifacts: &Map) {
        let text = |path: &[&str]| text_at(artifact, path);
        let Some(file) = text(&["properties", "templateFile"]) else {
            return self.problem(prefix, format!("the stack `{id}` has no `templateFile`"));
        };
        let Some(file) = self.inside(prefix, file) else { return };
        let (account, region) = environment(text(&["environment"]).unwrap_or_default());
        let mut metadata = Metadata::default();
        metadata.add(artifact.get("metadata"));
        if let Some(additional) = text(&["additionalMetadataFile"])
            && let Some(name) = self.inside(prefix, additional)
        {
            metadata.add(self.json(&name).as_ref());
        }
        let template = AssemblyTemplate {
            file,
            id: id.to_owned(),
            stack: text(&["properties", "stackName"]).unwrap_or(id).to_owned(),
            account,
            region,
            bindings: metadata.bindings,
            ..AssemblyTemplate::default()
        };
        let within = Nested { prefix, artifact, artifacts };
        self.with_nested(&within, template, metadata.paths, 0);
    }
}

/// `aws://ACCOUNT/REGION`, where either may be unknown.
fn environment(text: &str) -> (Option<String>, Option<String>) {
    let known = |text: &str| (!text.is_empty() && !text.starts_with("unknown-")).then(|| text.to_owned());
    let (account, region) = text.strip_prefix("aws://").and_then(|rest| rest.split_once('/')).unwrap_or_default();
    (known(account), known(region))
}

/// What the metadata of a stack says.
#[derive(Default)]
struct Metadata {
    /// The logical IDs by construct path: those of nested stacks are among them, and IDs repeat.
    paths: OrderedMap<String, String>,
    bindings: Vec<(String, String, String)>,
}

impl Metadata {
    fn add(&mut self, metadata: Option<&Value>) {
        for (path, entries) in metadata.and_then(Value::as_map).map(by_key).unwrap_or_default() {
            for entry in entries.as_list().unwrap_or_default() {
                self.entry(path, entry);
            }
        }
    }

    fn entry(&mut self, path: &str, entry: &Value) {
        let Some(data) = entry.get("data") else { return };
        match text_at(entry, &["type"]) {
            Some("aws:cdk:logicalId") => {
                if let Some(id) = data.as_str() {
                    self.paths.insert(path.trim_start_matches('/').to_owned(), id.to_owned());
                }
            }
            Some(BINDING) => {
                let member = |name: &str| text_at(data, &[name]).map(str::to_owned);
                if let (Some(parameter), Some(stack), Some(output)) =
                    (member("parameter"), member("stack"), member("output"))
                {
                    self.bindings.push((parameter, stack, output));
                }
            }
            _ => {}
        }
    }
}
