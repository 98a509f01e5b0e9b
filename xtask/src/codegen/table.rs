//! Renders the table of metadata that `src/resources/schema.rs` reads: one block of text per resource type, one line per
//! property, so that it stays small, reads well in a diff and costs nothing until it is asked.
//!
//! The lines of a block, in this order:
//!
//! - `REFERENCE IDENTIFIER TAGS`: what `Ref` gives, what identifies the resource in Cloud Control (each joined by commas;
//!   `=` when it is the same), and the property that holds the tags; `-` for none.
//! - `.NAME SHAPE` for each attribute.
//! - `NAME SHAPE` for each property, then perhaps `~DEFAULT` (JSON) and `>TYPE.ATTRIBUTE,…`.
//! - `#NAME` for each nested type, and then its properties.
//!
//! A shape begins with marks: `!` required, `*` a change replaces, `?` a change may replace, `-` deprecated. Then comes a
//! letter: `s` text, `i` whole number, `n` number, `b` boolean, `j` JSON, `t` time, `g` tag, `@N` the nested type with the
//! number N, `L` list and `M` map, after which their element's shape stands last. Between letter and element: `(MIN,MAX)`
//! and `=A|B` for the allowed values. A list of values or of attributes that occurs more than once stands in a list of
//! its own, and `^N` in its place.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result, ensure};

use super::fingerprint::PREAMBLE;
use super::model::{Kind, Model, Property, Replacement, Resource, Shape};

/// Renders the table.
pub fn render(model: &Model) -> Result<String> {
    let shared = shared(model);
    let mut text = format!("//! What is known about each resource type, as `schema.rs` reads it.\n{PREAMBLE}\n");
    writeln!(text, "/// Types in order of their names, each with the lines that describe it.")?;
    writeln!(text, "pub(in crate::resources) static TYPES: &[(&str, &str)] = &[")?;
    for resource in &model.resources {
        let block = block(&Block { resource, shared: &shared }).with_context(|| resource.type_name.clone())?;
        writeln!(text, "(\"{}\", r#\"{block}\"#),", resource.type_name)?;
    }
    writeln!(text, "];\n\n/// Lists that occur more than once.")?;
    writeln!(text, "pub(in crate::resources) static SHARED: &[&str] = &[")?;
    for list in &shared {
        writeln!(text, "r#\"{list}\"#,")?;
    }
    text.push_str("];\n");
    Ok(text)
}

/// A resource type, and the lists that are written only once.
struct Block<'model> {
    resource: &'model Resource,
    shared: &'model [String],
}

impl Block<'_> {
    /// The list itself, or where it stands when it is shared.
    fn list(&self, list: String) -> String {
        match self.shared.iter().position(|shared| *shared == list) {
            Some(index) => format!("^{index}"),
            None => list,
        }
    }

    fn number_of(&self, nested: &str) -> Result<usize> {
        let mut all = self.resource.nested.iter();
        all.position(|found| found.name == nested).with_context(|| format!("no nested type {nested}"))
    }
}

/// The lists of values and of attributes that occur more than once, sorted.
fn shared(model: &Model) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let properties = model.resources.iter().flat_map(|resource| {
        resource.properties.iter().chain(resource.nested.iter().flat_map(|nested| &nested.properties))
    });
    for property in properties {
        *counts.entry(property.refers_to.join(",")).or_default() += 1;
        *counts.entry(property.shape.innermost().allowed.join("|")).or_default() += 1;
    }
    counts.into_iter().filter(|(list, count)| *count > 1 && list.len() > 4).map(|(list, _)| list).collect()
}

fn block(block: &Block<'_>) -> Result<String> {
    let resource = block.resource;
    let joined = |names: &[String]| if names.is_empty() { "-".to_owned() } else { names.join(",") };
    let mut lines = vec![format!(
        "{} {} {}",
        joined(&resource.reference),
        if resource.primary_identifier == resource.reference {
            "=".to_owned()
        } else {
            joined(&resource.primary_identifier)
        },
        resource.tag_property.as_deref().unwrap_or("-")
    )];
    for attribute in &resource.attributes {
        lines.push(format!(".{} {}", attribute.name, shape(&attribute.shape, block)?));
    }
    for property in &resource.properties {
        lines.push(line(property, block)?);
    }
    for nested in &resource.nested {
        lines.push(format!("#{}", nested.name));
        for property in &nested.properties {
            lines.push(line(property, block)?);
        }
    }
    let text = lines.join("\n");
    ensure!(!text.contains("\"#"), "the text holds the end of a raw string");
    Ok(text)
}

fn line(property: &Property, block: &Block<'_>) -> Result<String> {
    let mut line = format!("{} ", property.name);
    if property.required {
        line.push('!');
    }
    match property.replacement {
        Replacement::Yes => line.push('*'),
        Replacement::Maybe => line.push('?'),
        Replacement::No => {}
    }
    if property.deprecated {
        line.push('-');
    }
    line.push_str(&shape(&property.shape, block).with_context(|| property.name.clone())?);
    if let Some(default) = &property.default {
        ensure!(!default.contains([' ', '\n']), "{}: a default with a space", property.name);
        write!(line, " ~{default}")?;
    }
    if !property.refers_to.is_empty() {
        write!(line, " >{}", block.list(property.refers_to.join(",")))?;
    }
    Ok(line)
}

fn shape(shape: &Shape, block: &Block<'_>) -> Result<String> {
    let (mut text, element) = match &shape.kind {
        Kind::Text => ("s".to_owned(), None),
        Kind::Integer => ("i".to_owned(), None),
        Kind::Number => ("n".to_owned(), None),
        Kind::Boolean => ("b".to_owned(), None),
        Kind::Json => ("j".to_owned(), None),
        Kind::Timestamp => ("t".to_owned(), None),
        Kind::Tag => ("g".to_owned(), None),
        Kind::Nested(name) => (format!("@{}", block.number_of(name)?), None),
        Kind::List(element) => ("L".to_owned(), Some(element)),
        Kind::Map(element) => ("M".to_owned(), Some(element)),
    };
    if shape.minimum.is_some() || shape.maximum.is_some() {
        let bound = |bound: &Option<serde_json::Number>| bound.as_ref().map(ToString::to_string).unwrap_or_default();
        write!(text, "({},{})", bound(&shape.minimum), bound(&shape.maximum))?;
    }
    if !shape.allowed.is_empty() {
        let odd = shape.allowed.iter().find(|value| value.contains([' ', '|', '\n']));
        ensure!(odd.is_none(), "an allowed value that the table cannot hold: {odd:?}");
        ensure!(element.is_none(), "allowed values of a list itself");
        write!(text, "={}", block.list(shape.allowed.join("|")))?;
    }
    if let Some(element) = element {
        text.push_str(&self::shape(element, block)?);
    }
    Ok(text)
}
