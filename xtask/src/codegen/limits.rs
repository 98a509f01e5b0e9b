//! Adds what the service specification lacks: ranges, lengths, more enumerations, and changes that replace a resource
//! only sometimes. They come from the CloudFormation registry schemas in the Python package `cfn-lint`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::model::{Kind, Model, Property, Replacement, Resource, Shape};

/// The Region whose schemas are read: the one with the most resource types.
const REGION: &str = "us-east-1";

/// Adds the limits to every property of the model. `schemas` is the folder that holds `providers` and `resources`.
pub fn add(model: &mut Model, schemas: &Path) -> Result<()> {
    let index: BTreeMap<String, String> = read(&schemas.join(format!("providers/{REGION}.json")))?;
    for resource in &mut model.resources {
        let name = &resource.type_name;
        let file = index.get(name).with_context(|| format!("{name} has no registry schema"))?;
        let schema: Value = read(&schemas.join(format!("resources/{file}.json")))?;
        add_to_resource(resource, &schema);
    }
    Ok(())
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("reading {}", path.display()))
}

fn add_to_resource(resource: &mut Resource, schema: &Value) {
    let sometimes = names_of(schema, "conditionalCreateOnlyProperties");
    for property in &mut resource.properties {
        if sometimes.contains(&property.name) {
            property.replacement = Replacement::Maybe;
        }
    }
    let nodes = nested_nodes(resource, schema);
    add_to_properties(&mut resource.properties, schema, schema);
    for nested in &mut resource.nested {
        if let Some(node) = nodes.get(&nested.name) {
            add_to_properties(&mut nested.properties, node, schema);
        }
    }
}

/// The properties of the resource itself that a list of paths such as `/properties/Name` names.
fn names_of(schema: &Value, list: &str) -> Vec<String> {
    let paths = schema.get(list).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let names = paths.iter().filter_map(Value::as_str).filter_map(|path| path.strip_prefix("/properties/"));
    names.filter(|name| !name.contains('/')).map(str::to_owned).collect()
}

/// Where the schema describes each nested type: found by following the properties, not by name, because the two sources
/// may name a definition differently.
fn nested_nodes<'schema>(resource: &Resource, schema: &'schema Value) -> BTreeMap<String, &'schema Value> {
    let mut nodes = BTreeMap::new();
    let mut open: Vec<(&[Property], &Value)> = vec![(&resource.properties, schema)];
    while let Some((properties, owner)) = open.pop() {
        for property in properties {
            let Some(node) = node_of(owner, &property.name, schema) else { continue };
            let Some((name, node)) = nested_node(&property.shape, node, schema) else { continue };
            if nodes.insert(name.clone(), node).is_none() {
                let nested = resource.nested.iter().find(|nested| nested.name == *name);
                open.extend(nested.map(|nested| (nested.properties.as_slice(), node)));
            }
        }
    }
    nodes
}

fn node_of<'schema>(owner: &'schema Value, property: &str, schema: &'schema Value) -> Option<&'schema Value> {
    owner.get("properties")?.get(property).map(|node| resolve(node, schema))
}

fn nested_node<'shape, 'schema>(
    shape: &'shape Shape,
    node: &'schema Value,
    schema: &'schema Value,
) -> Option<(&'shape String, &'schema Value)> {
    match &shape.kind {
        Kind::Nested(name) => Some((name, node)),
        Kind::List(element) | Kind::Map(element) => nested_node(element, element_of(node, schema)?, schema),
        _ => None,
    }
}

/// What a list or a map is made of.
fn element_of<'schema>(node: &'schema Value, schema: &'schema Value) -> Option<&'schema Value> {
    let element = match node.get("items") {
        Some(items) => items,
        None => node.get("patternProperties")?.as_object()?.values().next()?,
    };
    Some(resolve(element, schema))
}

/// Follows `$ref` inside the schema.
fn resolve<'schema>(mut node: &'schema Value, schema: &'schema Value) -> &'schema Value {
    while let Some(target) = node.get("$ref").and_then(Value::as_str) {
        match schema.pointer(target.trim_start_matches('#')) {
            Some(found) => node = found,
            None => break,
        }
    }
    node
}

fn add_to_properties(properties: &mut [Property], owner: &Value, schema: &Value) {
    for property in properties {
        if let Some(node) = node_of(owner, &property.name, schema) {
            add_to_shape(&mut property.shape, node, schema);
        }
    }
}

fn add_to_shape(shape: &mut Shape, node: &Value, schema: &Value) {
    let (minimum, maximum) = match &mut shape.kind {
        Kind::Text => ("minLength", "maxLength"),
        Kind::Integer | Kind::Number => ("minimum", "maximum"),
        Kind::List(element) | Kind::Map(element) => {
            if let Some(node) = element_of(node, schema) {
                add_to_shape(element, node, schema);
            }
            ("minItems", "maxItems")
        }
        _ => return,
    };
    let number = |keyword: &str| node.get(keyword).and_then(Value::as_number).cloned();
    shape.minimum = number(minimum).filter(|bound| !says_nothing(&shape.kind, bound));
    shape.maximum = number(maximum);
    if shape.allowed.is_empty() {
        let allowed = node.get("enum").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        shape.allowed = super::database::allowed_texts(allowed);
    }
}

/// No text is shorter than nothing, and no list has fewer elements than none.
fn says_nothing(kind: &Kind, minimum: &serde_json::Number) -> bool {
    !matches!(kind, Kind::Integer | Kind::Number) && minimum.as_i64() == Some(0)
}
