//! The templates of nested stacks: files of the assembly that a resource of another template names.

use crate::cfn::{Document, Format, Gather as _, Map, OrderedMap, SourceText, Value, read, write};

use super::{AssemblyTemplate, MAX_DEPTH, Reader, by_key, text_at};

/// The type of the resources that deploy nested stacks.
const STACK: &str = "AWS::CloudFormation::Stack";

/// The part of the assembly in which nested stacks are looked for.
pub(super) struct Nested<'a> {
    pub(super) prefix: &'a str,
    pub(super) artifact: &'a Value,
    pub(super) artifacts: &'a Map,
}

impl Reader<'_> {
    /// Adds a template, and behind it those of the stacks that it deploys. The construct paths of the resources in nested
    /// stacks are among `paths`.
    pub(super) fn with_nested(
        &mut self,
        within: &Nested<'_>,
        mut template: AssemblyTemplate,
        mut paths: OrderedMap<String, String>,
        depth: usize,
    ) {
        template.document = self.text(&template.file).and_then(|text| document(&template.file, text, depth));
        let stacks: Vec<(String, Option<String>)> = template
            .document
            .iter()
            .flat_map(stacks)
            .map(|(id, resource)| (id.to_owned(), self.template_file(within, resource)))
            .gather();
        let inner: Vec<_> = stacks.iter().map(|(id, _)| take_paths(&mut paths, id)).gather();
        template.construct_paths = paths.into_iter().map(|(path, id)| (id, path)).gather();
        let parent = self.found.templates.len();
        let outer = AssemblyTemplate { document: None, ..template.clone() };
        self.found.templates.push(template);
        for ((id, file), paths) in stacks.into_iter().zip(inner) {
            let Some(file) = file else { continue };
            let template = AssemblyTemplate {
                file,
                stack: format!("{}/{id}", outer.stack),
                parent: Some((parent, id)),
                construct_paths: OrderedMap::new(),
                bindings: Vec::new(),
                ..outer.clone()
            };
            self.with_nested(within, template, paths, depth + 1);
        }
    }

    /// The file in the assembly that holds the template of a nested stack: as its metadata says, or the asset whose hash
    /// is in the URL.
    fn template_file(&mut self, within: &Nested<'_>, resource: &Value) -> Option<String> {
        if let Some(path) = text_at(resource, &["Metadata", "aws:asset:path"]) {
            return self.inside(within.prefix, path);
        }
        let url = write::to_compact_json(resource.get("Properties")?.get("TemplateURL")?);
        let dependencies = within.artifact.get("dependencies").and_then(Value::as_list)?;
        for id in dependencies.iter().filter_map(Value::as_str) {
            let Some(manifest) = within.artifacts.get(id).filter(|artifact| is_asset_manifest(artifact)) else {
                continue;
            };
            let Some(file) = text_at(manifest, &["properties", "file"]) else { continue };
            let name = self.inside(within.prefix, file)?;
            let assets = self.json(&name)?;
            let files = by_key(assets.get("files").and_then(Value::as_map)?);
            let found = files.iter().find(|(hash, _)| url.contains(hash));
            if let Some(path) = found.and_then(|(_, asset)| text_at(asset, &["source", "path"])) {
                return self.inside(within.prefix, path);
            }
        }
        None
    }
}

/// What a template says, when there may be nested stacks in it: reading takes long, and most have none.
fn document(name: &str, text: &str, depth: usize) -> Option<Document> {
    if !text.contains(STACK) || depth == MAX_DEPTH {
        return None;
    }
    read(&SourceText::new(name, text), Format::Auto).ok()
}

fn is_asset_manifest(artifact: &Value) -> bool {
    text_at(artifact, &["type"]) == Some("cdk:asset-manifest")
}

/// The resources of a template that deploy nested stacks.
fn stacks(template: &Document) -> Vec<(&str, &Value)> {
    let resources = template.value.get("Resources").and_then(Value::as_map);
    let all = resources.into_iter().flat_map(|map| map.iter());
    all.filter(|(_, resource)| resource.get("Type").and_then(Value::as_str) == Some(STACK))
        .map(|(id, resource)| (id.as_ref(), resource))
        .gather()
}

/// Takes the construct paths out that lie in the nested stack which the resource `id` deploys. CDK puts that resource at
/// `SCOPE/NAME.NestedStack/NAME.NestedStackResource` for a stack at `SCOPE/NAME`.
fn take_paths(paths: &mut OrderedMap<String, String>, id: &str) -> OrderedMap<String, String> {
    let own = paths.iter().find(|(path, logical_id)| *logical_id == id && path.ends_with(".NestedStackResource"));
    let Some(base) = own.and_then(|(path, _)| path.rsplit_once(".NestedStack/")).map(|(base, _)| format!("{base}/"))
    else {
        return OrderedMap::new();
    };
    let all = std::mem::take(paths);
    let (inner, outer) = all.into_iter().partition(|(path, _)| path.starts_with(&base));
    *paths = outer;
    inner
}
