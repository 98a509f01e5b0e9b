//! Ways to say the same in several templates.

use std::collections::BTreeSet;

use ringfence::cfn::{Function, Map, Value, each_reference};

use super::super::Template;
use super::ways::{add, call, each_value, section};

/// A way to deliver a template by more than one.
pub(super) struct Way {
    pub(super) name: &'static str,
    pub(super) apply: fn(&Template) -> Option<Vec<Template>>,
}

pub(super) const ALL: &[Way] = &[
    Way { name: "in a nested stack", apply: nested },
    Way { name: "network in another stack", apply: |template| split(template, NETWORK) },
    Way { name: "roles in another stack", apply: |template| split(template, IDENTITY) },
];

const NETWORK: &[&str] = &["AWS::EC2::"];
const IDENTITY: &[&str] = &["AWS::IAM::", "AWS::SecretsManager::", "AWS::KMS::", "AWS::Logs::LogGroup", "AWS::SNS::"];

/// A parent that passes all parameters on.
fn nested(template: &Template) -> Option<Vec<Template>> {
    if template.value.get("Transform").is_some() {
        return None;
    }
    let mut properties = Map::default();
    properties.insert("TemplateURL", format!("https://s3.amazonaws.com/templates/{}", template.file_name()));
    let mut parent = Map::default();
    if let Some(Value::Map(parameters)) = template.value.get("Parameters") {
        let given = parameters.iter().map(|(name, declared)| {
            let is_list = declared.get("Type").and_then(Value::as_str).is_some_and(|name| name.contains("List"));
            let value = Value::reference(name.to_string());
            let joined = || call(Function::Join, [",".into(), value.clone()]);
            (name.clone(), if is_list { joined() } else { value.clone() })
        });
        properties.insert("Parameters", Value::map(given.collect::<Vec<_>>()));
        parent.insert("Parameters", Value::Map(parameters.clone()));
    }
    let stack = Value::map([("Type", "AWS::CloudFormation::Stack".into()), ("Properties", Value::Map(properties))]);
    parent.insert("Resources", Value::map([("Whole", stack)]));
    let path = template.path.replace(template.file_name(), "parent.json");
    let parent = Template { path, ..template.with(Value::Map(parent)) };
    Some(vec![parent, template.with(template.value.clone())])
}

/// What is of these types, and refers to nothing else, in a stack of its own.
fn split(template: &Template, types: &[&str]) -> Option<Vec<Template>> {
    let resources = template.value.get("Resources")?.as_map()?;
    if template.value.get("Transform").is_some() || template.value.get("Conditions").is_some() {
        return None;
    }
    let moved = moved(resources, types);
    if moved.is_empty() || moved.len() == resources.len() {
        return None;
    }
    let (mut first, mut second) = (template.value.clone(), template.value.clone());
    keep(&mut first, &|id| moved.contains(id));
    keep(&mut second, &|id| !moved.contains(id));
    remove(&mut first, "Outputs");
    let mut exported: BTreeSet<(String, String)> = BTreeSet::new();
    import(&mut second, &moved, &mut exported);
    let outputs = second.get("Outputs").cloned();
    if let Some(outputs) = outputs {
        let mut names = BTreeSet::new();
        each_reference(&outputs, &mut |name| names.extend([name.to_owned()]));
        if names.iter().any(|name| moved.contains(name)) {
            remove(&mut second, "Outputs");
        }
    }
    for (number, (id, attribute)) in exported.iter().enumerate() {
        let value = if attribute.is_empty() {
            Value::reference(id.clone())
        } else {
            Value::attribute(id.clone(), attribute.clone())
        };
        let export = Value::map([("Name", export_name(id, attribute))]);
        add(&mut first, "Outputs", format!("Moved{number}"), Value::map([("Value", value), ("Export", export)]));
    }
    let path = template.path.replace(template.file_name(), "moved.json");
    Some(vec![Template { path, ..template.with(first) }, template.with(second)])
}

fn export_name(id: &str, attribute: &str) -> String {
    format!("moved:{id}:{attribute}")
}

fn references(resource: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    each_reference(resource, &mut |name| names.extend([name.to_owned()]));
    let depends = resource.get("DependsOn");
    names.extend(depends.and_then(Value::as_str).map(str::to_owned));
    let items = depends.and_then(Value::as_list).into_iter().flatten();
    names.extend(items.filter_map(Value::as_str).map(str::to_owned));
    names
}

/// The resources of these types that refer to no others.
fn moved(resources: &Map, types: &[&str]) -> BTreeSet<String> {
    let is_of_types = |resource: &Value| {
        let name = resource.get("Type").and_then(Value::as_str).unwrap_or_default();
        types.iter().any(|start| name.starts_with(start))
    };
    let all = resources.iter().filter(|(_, resource)| is_of_types(resource));
    let mut moved: BTreeSet<String> = all.map(|(id, _)| id.to_string()).collect();
    loop {
        let stays = |id: &String| {
            let named = resources.get(id).map(references).unwrap_or_default();
            named.iter().all(|name| !resources.contains_key(name.as_str()) || moved.contains(name))
        };
        let next: BTreeSet<String> = moved.iter().filter(|id| stays(id)).cloned().collect();
        if next.len() == moved.len() {
            return next;
        }
        moved = next;
    }
}

fn keep(template: &mut Value, is_kept: &dyn Fn(&str) -> bool) {
    if let Some(resources) = section(template, "Resources") {
        let entries = std::mem::take(resources).into_iter();
        *resources = entries.filter(|(id, _)| is_kept(id)).collect();
    }
}

fn remove(template: &mut Value, name: &str) {
    if let Value::Map(root) = template {
        root.remove(name);
    }
}

/// Imports what was moved, and notes it.
fn import(template: &mut Value, moved: &BTreeSet<String>, exported: &mut BTreeSet<(String, String)>) {
    for (_, resource) in section(template, "Resources").into_iter().flat_map(Map::iter_mut) {
        if let Value::Map(resource) = resource {
            let kept: Vec<Value> = match resource.get("DependsOn") {
                Some(Value::String(one)) => vec![Value::from(one.to_string())],
                Some(Value::List(items)) => items.clone(),
                _ => continue,
            };
            let kept = kept.into_iter().filter(|name| !name.as_str().is_some_and(|name| moved.contains(name)));
            resource.insert("DependsOn", Value::List(kept.collect()));
        }
    }
    each_value(template, &mut |value| {
        let Some(intrinsic) = value.as_intrinsic() else { return false };
        let (id, attribute) = match (intrinsic.function, &intrinsic.argument) {
            (Function::Ref, Value::String(name)) => (name.to_string(), String::new()),
            (Function::GetAtt, Value::List(parts)) => match parts.as_slice() {
                [Value::String(id), Value::String(attribute)] => (id.to_string(), attribute.to_string()),
                _ => return false,
            },
            (Function::Sub, _) => return substitute(value, moved, exported),
            (_, _) => return inside(value, moved, exported),
        };
        if !moved.contains(&id) {
            return false;
        }
        *value = Value::call(Function::ImportValue, export_name(&id, &attribute).into());
        exported.insert((id, attribute));
        true
    });
}

/// Imports in the arguments of a function.
fn inside(value: &mut Value, moved: &BTreeSet<String>, exported: &mut BTreeSet<(String, String)>) -> bool {
    let Value::Intrinsic(call) = value else { return false };
    let mut template = Value::map([(
        "Resources",
        Value::map([("One", Value::map([("Properties", Value::map([("It", std::mem::take(&mut call.argument))]))]))]),
    )]);
    import(&mut template, moved, exported);
    let changed = section(&mut template, "Resources").and_then(|all| match all.get_mut("One") {
        Some(Value::Map(one)) => match one.get_mut("Properties") {
            Some(Value::Map(properties)) => properties.remove("It"),
            _ => None,
        },
        _ => None,
    });
    call.argument = changed.unwrap_or_default();
    true
}

/// Gives `Fn::Sub` what was moved as variables.
fn substitute(value: &mut Value, moved: &BTreeSet<String>, exported: &mut BTreeSet<(String, String)>) -> bool {
    let Value::Intrinsic(call) = value else { return false };
    let (text, mut variables) = match &call.argument {
        Value::String(text) => (text.to_string(), Map::default()),
        Value::List(parts) => match parts.as_slice() {
            [Value::String(text), Value::Map(variables)] => (text.to_string(), variables.clone()),
            _ => return false,
        },
        _ => return false,
    };
    let mut other = text.clone();
    for piece in text.split("${").skip(1) {
        let Some((name, _)) = piece.split_once('}') else { continue };
        let (id, attribute) = name.split_once('.').unwrap_or((name, ""));
        if moved.contains(id) && !variables.contains_key(id) {
            let variable = format!("Moved{}{}", id, attribute.replace('.', ""));
            other = other.replace(&format!("${{{name}}}"), &format!("${{{variable}}}"));
            variables.insert(variable, Value::call(Function::ImportValue, export_name(id, attribute).into()));
            exported.insert((id.to_owned(), attribute.to_owned()));
        }
    }
    call.argument = Value::List(vec![other.into(), Value::Map(variables)]);
    true
}
