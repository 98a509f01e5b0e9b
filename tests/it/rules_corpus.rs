//! The corpus of pitfalls: pairs of templates, one with a mistake and its nearest correct neighbour, and whole templates
//! that are right.

pub(crate) mod fixes;
pub(crate) mod rewordings;
mod verdicts;

use std::collections::{BTreeMap, BTreeSet};

use ringfence::cfn::{Format, SourceText, Value, read as parse, write};
use ringfence::engine::check::TemplateInput;

use crate::rule_pages::LEFT_OUT;
use crate::workspace::{assert_none, read, root};

/// The pairs.
const PAIRS: &str = "tests/corpus/rules";

/// The templates that are right.
const RIGHT: &str = "tests/corpus/rules-good";

/// The last number of the list of pitfalls.
const LAST_PITFALL: u8 = 104;

/// A template of a case.
#[derive(Debug)]
pub(crate) struct Template {
    /// Its path from the root.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
    /// What it says.
    pub(crate) value: Value,
}

impl Template {
    /// The same file with something else in it.
    fn with(&self, value: Value) -> Self {
        Self { path: self.path.clone(), text: write::to_json(&value), value }
    }

    fn read(path: String) -> Self {
        let text = read(&path);
        let value = parsed(&path, &text);
        Self { path, text, value }
    }

    /// The name of the file without its folder.
    fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    fn logical_ids(&self) -> impl Iterator<Item = &str> {
        members(self.value.get("Resources")).map(|(logical_id, _)| logical_id)
    }
}

/// What `case.yaml` says, and the templates beside it.
#[derive(Debug)]
pub(crate) struct Case {
    /// The folder.
    pub(crate) slug: String,
    /// The members of `case.yaml`.
    pub(crate) says: Value,
}

impl Case {
    /// A text of `case.yaml`.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        self.says.get(key).and_then(scalar)
    }

    /// A list of texts in `case.yaml`.
    pub(crate) fn list(&self, key: &str) -> Vec<String> {
        let items = self.says.get(key).and_then(Value::as_list).into_iter().flatten();
        items.filter_map(scalar).collect()
    }

    /// The number of the pitfall, if it has one.
    pub(crate) fn pitfall(&self) -> Option<u8> {
        self.text("pitfall").and_then(|text| text.parse().ok())
    }
}

fn parsed(path: &str, text: &str) -> Value {
    let source = SourceText::new(path, text);
    parse(&source, Format::Auto).unwrap_or_else(|errors| panic!("`{path}` cannot be read: {errors:?}")).value
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_string()),
        other => other.as_int().map(|number| number.to_string()),
    }
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let members = value.and_then(Value::as_map).into_iter().flat_map(|map| map.iter());
    members.map(|(key, value)| (key.as_ref(), value))
}

/// The names in a folder, sorted.
fn entries(folder: &str) -> Vec<String> {
    let listing = std::fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("`{folder}`: {error}"));
    let mut names: Vec<String> = listing
        .map(|entry| entry.expect("a folder can be listed").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn cases(folder: &str) -> Vec<Case> {
    let slugs = entries(folder).into_iter();
    let case = |slug: String| {
        let path = format!("{folder}/{slug}/case.yaml");
        let says = parsed(&path, &read(&path));
        Case { slug, says }
    };
    slugs.map(case).collect()
}

/// All pairs.
pub(crate) fn pairs() -> Vec<Case> {
    cases(PAIRS)
}

/// All templates that are right.
pub(crate) fn right() -> Vec<Case> {
    cases(RIGHT)
}

/// The templates of one side of a pair, `good` or `bad`: one file, or a folder of what belongs together.
pub(crate) fn side(case: &Case, side: &str) -> Vec<Template> {
    let folder = format!("{PAIRS}/{}", case.slug);
    if root().join(&folder).join(side).is_dir() {
        return templates(&format!("{folder}/{side}"));
    }
    let files = entries(&folder).into_iter().filter(|name| name.starts_with(&format!("{side}.")));
    files.map(|name| Template::read(format!("{folder}/{name}"))).collect()
}

/// The templates of a case that is right.
pub(crate) fn right_templates(case: &Case) -> Vec<Template> {
    templates(&format!("{RIGHT}/{}", case.slug))
}

fn templates(folder: &str) -> Vec<Template> {
    let files = entries(folder).into_iter().filter(|name| name != "case.yaml");
    files.map(|name| Template::read(format!("{folder}/{name}"))).collect()
}

/// The templates as the engine takes them: each a stack named after its file, nested where another one names its file.
pub(crate) fn inputs(case: &Case, templates: &[Template]) -> Vec<TemplateInput> {
    let input = |template: &Template| {
        let name = template.file_name();
        let stack = name.split('.').next().unwrap_or(name);
        // Stacks of several accounts say theirs one by one.
        let place = |key: &str| case.text(&format!("{key}-{stack}")).or_else(|| case.text(key));
        TemplateInput {
            source: SourceText::new(template.path.clone(), template.text.clone()),
            stack: Some(stack.to_owned()),
            account: place("account"),
            region: place("region"),
            nested: nested(template, templates),
            ..TemplateInput::default()
        }
    };
    templates.iter().map(input).collect()
}

fn nested(template: &Template, templates: &[Template]) -> Vec<(String, usize)> {
    let stacks = members(template.value.get("Resources"))
        .filter(|(_, resource)| resource.get("Type").and_then(Value::as_str) == Some("AWS::CloudFormation::Stack"));
    let child = |resource: &Value| {
        let asset = resource.get("Metadata").and_then(|metadata| metadata.get("aws:asset:path"));
        let url = resource.get("Properties").and_then(|properties| properties.get("TemplateURL"));
        let named = format!("/{asset:?} {url:?}").replace('"', "/");
        let names = |other: &Template| named.contains(&format!("/{}/", other.file_name()));
        templates.iter().position(|other| other.path != template.path && names(other))
    };
    stacks.filter_map(|(logical_id, resource)| Some((logical_id.to_owned(), child(resource)?))).collect()
}

#[test]
fn every_pair_is_complete() {
    let mut problems = Vec::new();
    for case in pairs() {
        let mut say = |problem: &str| problems.push(format!("{}: {problem}", case.slug));
        let (bad, good) = (side(&case, "bad"), side(&case, "good"));
        if bad.is_empty() || good.is_empty() {
            say("lacks a side");
            continue;
        }
        if bad.iter().map(|template| &template.value).eq(good.iter().map(|template| &template.value)) {
            say("both sides say the same");
        }
        for key in ["pitfall", "mistake", "source"] {
            if case.text(key).is_none_or(|text| text.is_empty()) {
                say(&format!("has no `{key}`"));
            }
        }
        let known: BTreeSet<&str> = bad.iter().chain(&good).flat_map(Template::logical_ids).collect();
        let blamed = case.list("blame");
        if blamed.is_empty() || blamed.iter().any(|blamed| !known.contains(blamed.as_str())) {
            say("blames what neither template has");
        }
        let severities = case.list("severity");
        if severities.is_empty() || severities.iter().any(|word| !["error", "warning", "info"].contains(&word.as_str()))
        {
            say("has no severity, or one that does not exist");
        }
    }
    assert_none("pairs that are not complete", &problems);
}

#[test]
fn every_pitfall_that_a_template_can_show_has_a_pair() {
    let have: BTreeSet<u8> = pairs().iter().filter_map(Case::pitfall).collect();
    let missing: Vec<String> = (1..=LAST_PITFALL)
        .filter(|number| !LEFT_OUT.iter().any(|(left_out, _)| left_out == number) && !have.contains(number))
        .map(|number| number.to_string())
        .collect();
    assert_none("pitfalls without a pair", &missing);
}

#[test]
fn templates_that_are_right_can_be_read_and_say_what_they_are() {
    let cases = right();
    assert!(cases.len() >= 30, "only {} templates are right", cases.len());
    let mut problems = Vec::new();
    let mut nested_files = BTreeMap::new();
    for case in &cases {
        let templates = right_templates(case);
        if templates.is_empty() || case.text("what").is_none() {
            problems.push(format!("{}: has no template, or does not say what it is", case.slug));
        }
        let links: usize = inputs(case, &templates).iter().map(|input| input.nested.len()).sum();
        nested_files.insert(case.slug.clone(), links);
    }
    assert_none("cases that are not complete", &problems);
    assert_eq!(nested_files.get("nested-stacks"), Some(&2), "the children of a parent are found");
    assert_eq!(nested_files.get("cdk-nested"), Some(&2), "the children of a parent of the CDK are found");
}
