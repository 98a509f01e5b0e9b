//! Renders the typed builders: one file per service, the nested types of a resource in a module named after it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::{Result, ensure};

use super::Files;
use super::fingerprint::PREAMBLE;
use super::model::{Attribute, Kind, Model, Property, Replacement, Resource, Shape};
use super::names::{constant, pascal, snake};

/// How wide a line of documentation may be, without its indentation.
const DOC_WIDTH: usize = 108;

/// The files of all services.
pub fn render(model: &Model) -> Result<Files> {
    let mut services: BTreeMap<&str, Vec<&Resource>> = BTreeMap::new();
    for resource in &model.resources {
        services.entry(&resource.service).or_default().push(resource);
    }
    services
        .into_iter()
        .map(|(service, resources)| Ok((format!("{service}.rs"), render_service(&resources)?)))
        .collect()
}

/// The module that lists the services, and knows what everything was made of. The test `generated_code_is_fresh`
/// computes the same hashes.
pub fn render_list(model: &Model, inputs: &str, outputs: &str) -> Result<String> {
    let mut text = format!("//! The typed builders, one module per service.\n{PREAMBLE}");
    writeln!(text, "// inputs: sha256:{inputs}\n// outputs: sha256:{outputs}\n")?;
    let services: BTreeSet<&String> = model.resources.iter().map(|resource| &resource.service).collect();
    for service in services {
        writeln!(text, "pub mod {service};")?;
    }
    writeln!(text, "\npub(super) mod names;\npub(super) mod table;")?;
    Ok(text)
}

fn render_service(resources: &[&Resource]) -> Result<String> {
    let namespace = &resources[0].namespace;
    let imports =
        if resources.iter().any(|resource| !resource.nested.is_empty()) { "{nested, resource}" } else { "resource" };
    let mut text = format!(
        "//! `{namespace}`: typed builders.\n{PREAMBLE}\nuse crate::resources::builder::{imports};\n\
         use crate::resources::input::kind;\n"
    );
    for resource in resources {
        render_resource(&mut text, resource)?;
    }
    for resource in resources.iter().filter(|resource| !resource.nested.is_empty()) {
        render_nested(&mut text, resource)?;
    }
    Ok(text)
}

fn render_resource(text: &mut String, resource: &Resource) -> Result<()> {
    let Resource { type_name, name, .. } = resource;
    writeln!(
        text,
        "\nresource! {{\n    /// `{type_name}`.{}\n    {} \"{type_name}\" {{",
        reference(resource),
        pascal(name)
    )?;
    for attribute in &resource.attributes {
        render_attribute(text, attribute)?;
    }
    writeln!(text, "    }} {{")?;
    render_properties(text, type_name, &resource.properties, &format!("{}::", snake(name)), "")?;
    writeln!(text, "    }}\n}}")?;
    Ok(())
}

/// What `Ref` gives, when it is one value.
fn reference(resource: &Resource) -> String {
    match resource.reference.as_slice() {
        [identifier] => format!(" `Ref` gives its `{identifier}`."),
        _ => String::new(),
    }
}

fn render_attribute(text: &mut String, attribute: &Attribute) -> Result<()> {
    writeln!(text, "        /// The attribute `{}`: {}.", attribute.name, in_words(&attribute.shape))?;
    writeln!(text, "        ATTR_{} \"{}\",", constant(&attribute.name), attribute.name)?;
    Ok(())
}

fn render_nested(text: &mut String, resource: &Resource) -> Result<()> {
    writeln!(text, "\n/// What the properties of `{}` are made of.", resource.type_name)?;
    writeln!(text, "pub mod {} {{\n    use super::{{kind, nested}};", snake(&resource.name))?;
    let mut names = BTreeSet::new();
    for nested in &resource.nested {
        let name = pascal(&nested.name);
        ensure!(names.insert(name.clone()), "{}: two nested types are called {name}", resource.type_name);
        writeln!(text, "\n    nested! {{\n        /// `{}.{}`.\n        {name} {{", resource.type_name, nested.name)?;
        render_properties(text, &nested.name, &nested.properties, "", "    ")?;
        writeln!(text, "        }}\n    }}")?;
    }
    writeln!(text, "}}")?;
    Ok(())
}

fn render_properties(text: &mut String, owner: &str, properties: &[Property], path: &str, indent: &str) -> Result<()> {
    let mut methods = BTreeSet::from(["new".to_owned()]);
    for property in properties {
        let method = snake(&property.name);
        ensure!(methods.insert(method.clone()), "{owner}: two methods are called {method}");
        for line in documentation(property) {
            writeln!(text, "{indent}        /// {line}")?;
        }
        writeln!(text, "{indent}        {method} \"{}\" {},", property.name, kind(&property.shape, path))?;
    }
    Ok(())
}

/// What is known about a property, in lines.
fn documentation(property: &Property) -> Vec<String> {
    let mut text = format!("`{}`: {}", property.name, in_words(&property.shape));
    if property.required {
        text.push_str(", required");
    }
    match property.replacement {
        Replacement::Yes => text.push_str("; a change replaces the resource"),
        Replacement::Maybe => text.push_str("; a change may replace the resource"),
        Replacement::No => {}
    }
    text.push('.');
    let shape = property.shape.innermost();
    if !shape.allowed.is_empty() {
        text.push_str(&format!(" One of {}.", quoted(&shape.allowed)));
    }
    if let Some(default) = &property.default {
        text.push_str(&format!(" Without it: `{default}`."));
    }
    if !property.refers_to.is_empty() {
        text.push_str(&format!(" Takes {}.", quoted(&property.refers_to)));
    }
    if property.deprecated {
        text.push_str(" Deprecated.");
    }
    wrap(&text)
}

fn quoted(values: &[String]) -> String {
    values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
}

fn wrap(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && line.len() + word.len() >= DOC_WIDTH {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

/// What a value looks like, with how many of it there may be: `list of 1 to 5 texts`.
fn in_words(shape: &Shape) -> String {
    let words = match &shape.kind {
        Kind::Text => "text".to_owned(),
        Kind::Integer => "whole number".to_owned(),
        Kind::Number => "number".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Json => "JSON".to_owned(),
        Kind::Timestamp => "time (ISO 8601)".to_owned(),
        Kind::Tag => "tag".to_owned(),
        Kind::Nested(name) => format!("`{name}`"),
        Kind::List(element) => format!("list of {}", in_plural(element)),
        Kind::Map(element) => format!("map of {}", in_plural(element)),
    };
    match bounds(shape) {
        Some(bounds) => format!("{words} ({bounds})"),
        None => words,
    }
}

fn in_plural(shape: &Shape) -> String {
    match &shape.kind {
        Kind::Text | Kind::Json | Kind::Nested(_) | Kind::Timestamp => in_words(shape),
        Kind::List(element) => format!("lists of {}", in_plural(element)),
        Kind::Map(element) => format!("maps of {}", in_plural(element)),
        _ => format!("{}s", in_words(&Shape::any(shape.kind.clone()))),
    }
}

/// `5 to 300`, `at most 255 characters`, `at least 1 element`.
fn bounds(shape: &Shape) -> Option<String> {
    let range = match (&shape.minimum, &shape.maximum) {
        (Some(minimum), Some(maximum)) if minimum == maximum => format!("{minimum}"),
        (Some(minimum), Some(maximum)) => format!("{minimum} to {maximum}"),
        (Some(minimum), None) => format!("at least {minimum}"),
        (None, Some(maximum)) => format!("at most {maximum}"),
        (None, None) => return None,
    };
    let one = range.ends_with(" 1") || range == "1";
    Some(match &shape.kind {
        Kind::Text => format!("{range} character{}", if one { "" } else { "s" }),
        Kind::List(_) | Kind::Map(_) => format!("{range} element{}", if one { "" } else { "s" }),
        _ => range,
    })
}

/// The kind of input that a setter takes, as a Rust type; `path` leads to the nested types.
fn kind(shape: &Shape, path: &str) -> String {
    match &shape.kind {
        Kind::Text | Kind::Timestamp => "kind::Text".to_owned(),
        Kind::Integer | Kind::Number => "kind::Number".to_owned(),
        Kind::Boolean => "kind::Boolean".to_owned(),
        Kind::Json => "kind::Json".to_owned(),
        Kind::Tag => "crate::resources::Tag".to_owned(),
        Kind::Nested(name) => format!("{path}{}", pascal(name)),
        Kind::List(element) => format!("kind::List<{}>", kind(element, path)),
        Kind::Map(element) => format!("kind::Map<{}>", kind(element, path)),
    }
}
