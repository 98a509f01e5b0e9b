//! Renders the names of properties that `src/resources/names.rs` reads: for each type of a list of its own one text, so that it
//! is small enough for the WASM module. Its first line has the names of the properties; each further line a path of keys, `:`,
//! and the names of what is in the maps there. Names are joined by commas.

use std::fmt::Write as _;

use anyhow::{Context, Result};

use super::fingerprint::PREAMBLE;
use super::model::{Kind, Model, Property, Resource};

/// Renders the names for the types in the lines of a list: a type, and the paths of properties that have maps inside.
pub fn render(model: &Model, list: &[String]) -> Result<String> {
    let mut text =
        format!("//! The names of properties by which templates are judged, as `names.rs` reads them.\n{PREAMBLE}\n");
    writeln!(text, "/// Types in order of their names, each with the lines that describe it.")?;
    writeln!(text, "pub(in crate::resources) static NAMES: &[(&str, &str)] = &[")?;
    for line in list {
        let mut words = line.split(' ');
        let type_name = words.next().unwrap_or_default();
        let resource = model.resources.iter().find(|resource| resource.type_name == type_name);
        let resource = resource.with_context(|| format!("{type_name} is in no list of types"))?;
        let mut lines = vec![names(&resource.properties)];
        for path in words {
            let inside =
                path.split('/').try_fold(&resource.properties, |properties, key| nested(resource, properties, key));
            let inside = inside.with_context(|| format!("{type_name} has no maps at `{path}`"))?;
            lines.push(format!("{path}:{}", names(inside)));
        }
        writeln!(text, "(\"{type_name}\", r#\"{}\"#),", lines.join("\n"))?;
    }
    text.push_str("];\n");
    Ok(text)
}

fn names(properties: &[Property]) -> String {
    properties.iter().map(|property| property.name.as_str()).collect::<Vec<_>>().join(",")
}

/// What is in the maps of a property, or of the elements of its list.
fn nested<'m>(resource: &'m Resource, properties: &[Property], key: &str) -> Option<&'m Vec<Property>> {
    let property = properties.iter().find(|property| property.name == key)?;
    let Kind::Nested(name) = &property.shape.innermost().kind else { return None };
    Some(&resource.nested.iter().find(|nested| nested.name == *name)?.properties)
}
