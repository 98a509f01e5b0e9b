//! Renders the typed builders: one file per service, the nested types of a resource in a module named after it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::{Result, ensure};

use super::Files;
use super::database::{Attribute, Database, Kind, Property, Replacement, Resource};
use super::fingerprint::PREAMBLE;
use super::names::{constant, pascal, snake};

/// How wide a line of documentation may be, without its indentation.
const DOC_WIDTH: usize = 108;

/// The files of all services.
pub fn render(database: &Database) -> Result<Files> {
    let mut services: BTreeMap<&str, Vec<&Resource>> = BTreeMap::new();
    for resource in &database.resources {
        services.entry(&resource.service).or_default().push(resource);
    }
    services
        .into_iter()
        .map(|(service, resources)| Ok((format!("{service}.rs"), render_service(&resources)?)))
        .collect()
}

/// The module that lists the services, and knows what everything was made of. The test `generated_code_is_fresh`
/// computes the same hashes.
pub fn render_list(database: &Database, inputs: &str, outputs: &str) -> Result<String> {
    let mut text = format!("//! The typed builders, one module per service.\n{PREAMBLE}");
    writeln!(text, "// inputs: sha256:{inputs}\n// outputs: sha256:{outputs}\n")?;
    let services: BTreeSet<&String> = database.resources.iter().map(|resource| &resource.service).collect();
    for service in services {
        writeln!(text, "pub mod {service};")?;
    }
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
    writeln!(text, "        /// The attribute `{}`: {}.", attribute.name, in_words(&attribute.kind))?;
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
        writeln!(text, "{indent}        {method} \"{}\" {},", property.name, kind(&property.kind, path))?;
    }
    Ok(())
}

/// What is known about a property, in lines.
fn documentation(property: &Property) -> Vec<String> {
    let mut text = format!("`{}`: {}", property.name, in_words(&property.kind));
    if property.required {
        text.push_str(", required");
    }
    match property.replacement {
        Replacement::Yes => text.push_str("; a change replaces the resource"),
        Replacement::Maybe => text.push_str("; a change may replace the resource"),
        Replacement::No => {}
    }
    text.push('.');
    if !property.allowed.is_empty() {
        text.push_str(&format!(" One of {}.", quoted(&property.allowed)));
    }
    if let Some(default) = &property.default {
        text.push_str(&format!(" Without it: `{default}`."));
    }
    if !property.refers_to.is_empty() {
        let named: BTreeSet<String> = property.refers_to.iter().map(|(to, value)| format!("{to}.{value}")).collect();
        text.push_str(&format!(" Takes {}.", quoted(&named.into_iter().collect::<Vec<_>>())));
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

fn in_words(kind: &Kind) -> String {
    match kind {
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
    }
}

fn in_plural(kind: &Kind) -> String {
    match kind {
        Kind::Text | Kind::Json | Kind::Nested(_) => in_words(kind),
        Kind::Timestamp => "times (ISO 8601)".to_owned(),
        Kind::List(element) => format!("lists of {}", in_plural(element)),
        Kind::Map(element) => format!("maps of {}", in_plural(element)),
        _ => format!("{}s", in_words(kind)),
    }
}

/// The kind of input that a setter takes, as a Rust type; `path` leads to the nested types.
fn kind(kind: &Kind, path: &str) -> String {
    match kind {
        Kind::Text | Kind::Timestamp => "kind::Text".to_owned(),
        Kind::Integer | Kind::Number => "kind::Number".to_owned(),
        Kind::Boolean => "kind::Boolean".to_owned(),
        Kind::Json => "kind::Json".to_owned(),
        Kind::Tag => "crate::resources::Tag".to_owned(),
        Kind::Nested(name) => format!("{path}{}", pascal(name)),
        Kind::List(element) => format!("kind::List<{}>", self::kind(element, path)),
        Kind::Map(element) => format!("kind::Map<{}>", self::kind(element, path)),
    }
}
