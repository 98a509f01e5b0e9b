//! Which members of the spec a value sets, by the JSON Schema.

#![expect(clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use std::collections::BTreeSet;

use ringfence::engine;
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
