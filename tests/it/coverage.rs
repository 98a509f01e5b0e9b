//! Which members of the spec a value sets, by the JSON Schema; and in which ways, by the shape of the spec.

#![expect(clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use std::collections::BTreeSet;

use ringfence::engine;
use ringfence::spec::schema;
use ringfence::spec::shape::Shape;
use serde_json::Value;

/// The JSON Schema of the spec.
pub(crate) fn schema() -> Value {
    serde_json::from_str(&engine::spec_schema()).expect("the schema is JSON")
}

/// Every member that the schema knows, as `Type.member`.
pub(crate) fn all_members(schema: &Value) -> BTreeSet<String> {
    let definitions = schema["$defs"].as_object().expect("definitions");
    let members = |(name, definition): (&String, &Value)| {
        let keys: Vec<String> = definition["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, _)| format!("{name}.{key}"))
            .collect();
        keys
    };
    definitions.iter().flat_map(members).collect()
}

/// The members that `spec` sets.
pub(crate) fn members_of(schema: &Value, spec: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk(schema, schema, spec, &mut found);
    found
}

fn walk(root: &Value, schema: &Value, value: &Value, found: &mut BTreeSet<String>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|target| target.strip_prefix("#/$defs/")) {
        let definition = &root["$defs"][name];
        for (key, member) in definition["properties"].as_object().into_iter().flatten() {
            if let Some(value) = value.get(key) {
                found.insert(format!("{name}.{key}"));
                walk(root, member, value, found);
            }
        }
    }
    for alternative in schema["anyOf"].as_array().into_iter().flatten() {
        walk(root, alternative, value, found);
    }
    for item in value.as_array().into_iter().flatten() {
        walk(root, &schema["items"], item, found);
    }
    if schema["additionalProperties"].is_object() {
        for (_, item) in value.as_object().into_iter().flatten() {
            walk(root, &schema["additionalProperties"], item, found);
        }
    }
}

/// Every way in which a spec can say something: each member (`Listener.port`), each word of a choice
/// (`Listener.protocol = udp`), both values of a switch, and each form of a value that has several.
pub(crate) fn all_ways(shape: &Shape) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    list_ways(shape, "", &mut seen, &mut found);
    found
}

fn list_ways(shape: &Shape, at: &str, seen: &mut BTreeSet<&'static str>, found: &mut BTreeSet<String>) {
    match shape {
        Shape::Boolean => found.extend(["true", "false"].map(|word| format!("{at} = {word}"))),
        Shape::Choice(choices) => found.extend(choices.words.iter().map(|word| format!("{at} = {word}"))),
        Shape::List(inner) | Shape::OrToken(inner) | Shape::Map { value: inner, .. } => {
            list_ways(inner, at, seen, found);
        }
        Shape::OneOf(shapes) => {
            for alternative in shapes {
                found.insert(format!("{at} as {}", form(alternative)));
                list_ways(alternative, at, seen, found);
            }
        }
        // A type that contains itself is listed once.
        Shape::Struct(shape) if seen.insert(shape.name) => {
            for field in schema::fields(shape) {
                let at = format!("{}.{}", shape.name, field.key);
                found.insert(at.clone());
                list_ways(&field.shape, &at, seen, found);
            }
        }
        _ => {}
    }
}

/// The ways that `value` takes.
pub(crate) fn ways_of(shape: &Shape, value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    take_ways(shape, value, "", &mut found);
    found
}

fn take_ways(shape: &Shape, value: &Value, at: &str, found: &mut BTreeSet<String>) {
    match shape {
        Shape::Boolean => drop(found.insert(format!("{at} = {value}"))),
        Shape::Choice(_) => drop(found.insert(format!("{at} = {}", value.as_str().unwrap_or_default()))),
        Shape::OrToken(inner) => take_ways(inner, value, at, found),
        Shape::List(inner) => value.as_array().into_iter().flatten().for_each(|item| take_ways(inner, item, at, found)),
        Shape::Map { value: inner, .. } => {
            value.as_object().into_iter().flatten().for_each(|(_, item)| take_ways(inner, item, at, found));
        }
        Shape::OneOf(shapes) => {
            for alternative in shapes.iter().filter(|alternative| form(alternative) == form_of(value)).take(1) {
                found.insert(format!("{at} as {}", form(alternative)));
                take_ways(alternative, value, at, found);
            }
        }
        Shape::Struct(shape) => {
            for field in schema::fields(shape) {
                let Some(member) = value.get(field.key) else { continue };
                let at = format!("{}.{}", shape.name, field.key);
                take_ways(&field.shape, member, &at, found);
                found.insert(at);
            }
        }
        _ => {}
    }
}

/// What tells the alternatives of a value apart.
fn form(shape: &Shape) -> &'static str {
    match shape {
        Shape::Boolean => "a switch",
        Shape::Integer { .. } | Shape::Number { .. } => "a number",
        Shape::Text(_) | Shape::Choice(_) => "text",
        Shape::List(_) => "a list",
        Shape::Map { .. } | Shape::Struct(_) => "a map",
        Shape::OrToken(inner) => form(inner),
        Shape::OneOf(_) | Shape::Any => "anything",
    }
}

fn form_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a switch",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}

#[test]
fn ways_are_taken_as_they_are_listed() {
    let choice = Shape::List(Box::new(Shape::OneOf(vec![Shape::Boolean, Shape::List(Box::new(Shape::Boolean))])));
    let all = all_ways(&choice);
    assert_eq!(all.len(), 4, "{all:?}");
    let value = serde_json::json!([true, [false]]);
    assert_eq!(ways_of(&choice, &value), all);
    assert!(ways_of(&choice, &serde_json::json!([true])).is_subset(&all));
}
