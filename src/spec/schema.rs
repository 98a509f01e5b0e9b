//! The JSON Schema of the spec, and the explanation of its members, from the same declarations that read it.

use crate::cfn::{Gather as _, GatherMore as _};
use crate::cfn::{Map, OrderedMap, Text, Value};

use super::Spec;
use super::decode::SpecType;
use super::pages;
use super::shape::{Field, Shape, StructShape, TextShape};

/// Where the schema is published inside this project.
pub const SCHEMA_ID: &str = "https://json-schema.org/draft/2020-12/schema";

/// The JSON Schema (draft 2020-12) of a spec.
#[must_use]
pub fn json_schema() -> Value {
    let mut definitions = OrderedMap::new();
    let root = schema_of(&Spec::shape(), &mut definitions);
    let mut schema = Map::new();
    schema.push("$schema", SCHEMA_ID);
    schema.push("title", "Ringfence spec");
    if let Value::Map(root) = root {
        for (key, value) in root {
            schema.push(key, value);
        }
    }
    let definitions: Map = definitions.into_iter().map(|(name, value)| (Text::Borrowed(name), value)).gather();
    schema.push("$defs", definitions);
    schema.into()
}

type Definitions = OrderedMap<&'static str, Value>;

fn schema_of(shape: &Shape, definitions: &mut Definitions) -> Value {
    match shape {
        Shape::Boolean => Value::map([("type", "boolean")]),
        Shape::Integer { min, max } => Value::map([
            ("type", Value::from("integer")),
            ("minimum", Value::from(*min)),
            ("maximum", Value::from(*max)),
        ]),
        Shape::Number { .. } => Value::map([("type", "number")]),
        Shape::Text(text) => text_schema(text),
        Shape::Choice(choice) => {
            let explained = choice.words.iter().zip(pages::of_choice(choice));
            let alternatives =
                explained.map(|(word, doc)| Value::map([("const", Value::from(*word)), ("description", plain(doc))]));
            Value::map([("title", Value::from(choice.name)), ("oneOf", Value::list(alternatives))])
        }
        Shape::List(items) => Value::map([("type", Value::from("array")), ("items", schema_of(items, definitions))]),
        Shape::Map { key, value } => map_schema(key, value, definitions),
        Shape::Struct(shape) => struct_reference(shape, definitions),
        Shape::OneOf(shapes) => {
            let alternatives: Vec<Value> = shapes.iter().map(|shape| schema_of(shape, definitions)).gather();
            Value::map([("anyOf", alternatives)])
        }
        Shape::OrToken(shape) => {
            let alternatives = vec![schema_of(shape, definitions), token_reference(definitions)];
            Value::map([("anyOf", alternatives)])
        }
        Shape::Any => Value::Bool(true),
    }
}

fn text_schema(text: &TextShape) -> Value {
    let mut schema = Map::new();
    schema.push("type", "string");
    if !text.pattern.is_empty() {
        schema.push("pattern", text.pattern);
        schema.push("examples", vec![text.example]);
    }
    schema.into()
}

fn map_schema(key: &TextShape, value: &Shape, definitions: &mut Definitions) -> Value {
    let mut schema = Map::new();
    schema.push("type", "object");
    if !key.pattern.is_empty() {
        schema.push("propertyNames", Value::map([("pattern", key.pattern)]));
    }
    schema.push("additionalProperties", schema_of(value, definitions));
    schema.into()
}

/// An intrinsic function in its long form, or text that holds a CDK token.
fn token_reference(definitions: &mut Definitions) -> Value {
    definitions.or_insert_with("Token", || {
        let function = Value::map([
            ("type", Value::from("object")),
            ("minProperties", Value::from(1)),
            ("maxProperties", Value::from(1)),
            ("propertyNames", Value::map([("pattern", "^(Ref|Fn::.+)$")])),
        ]);
        let token = Value::map([("type", "string"), ("pattern", "[$#]\\{Token\\[")]);
        let number = Value::map([("type", Value::from("number")), ("exclusiveMaximum", Value::from(-1.0e280))]);
        Value::map([
            ("description", Value::from("an intrinsic function, or a token of the CDK")),
            ("anyOf", Value::List(vec![function, token, number])),
        ])
    });
    Value::map([("$ref", "#/$defs/Token")])
}

fn struct_reference(shape: &'static StructShape, definitions: &mut Definitions) -> Value {
    if !definitions.contains_key(shape.name) {
        // Taken before its members are looked at, so that a type that contains itself ends.
        definitions.insert(shape.name, Value::Null);
        let schema = struct_schema(shape, definitions);
        definitions.insert(shape.name, schema);
    }
    Value::map([("$ref", format!("#/$defs/{}", shape.name))])
}

fn struct_schema(shape: &'static StructShape, definitions: &mut Definitions) -> Value {
    let (doc, fields) = pages::of_struct(shape);
    let mut properties = Map::with_capacity(fields.len());
    for field in &fields {
        properties.push(field.key, field_schema(field, definitions));
    }
    let required: Vec<&'static str> =
        fields.iter().filter(|field| field.default.is_none()).map(|field| field.key).gather();
    let mut schema = Map::new();
    schema.push("description", plain(doc));
    schema.push("type", "object");
    schema.push("properties", properties);
    if !required.is_empty() {
        schema.push("required", required);
    }
    schema.push("additionalProperties", false);
    schema.into()
}

fn field_schema(field: &Field, definitions: &mut Definitions) -> Value {
    let mut schema = match schema_of(&field.shape, definitions) {
        Value::Map(schema) => schema,
        _ => Map::new(),
    };
    schema.insert("description", plain(field.doc));
    if let Some(default) = field.default.as_ref().filter(|default| **default != Value::Null) {
        schema.push("default", default.clone());
    }
    schema.into()
}

/// A doc comment as running text.
fn plain(doc: &str) -> Value {
    Value::from(doc.split_whitespace().gather::<Vec<_>>().join(" "))
}

/// The members of a map with known keys.
#[must_use]
pub fn fields(shape: &StructShape) -> Vec<Field> {
    pages::of_struct(shape).1
}

/// What `ringfence explain` says about a member of the spec.
#[derive(Debug)]
pub struct MemberPage {
    /// Its path, such as `network.cidr`; names that users choose stand as `NAME`, list elements as `[]`.
    pub path: String,
    /// What it is for.
    pub doc: String,
    /// What its values look like.
    pub shape: String,
    /// What is taken when it is left out; nothing when it must be given.
    pub default: Option<Value>,
    /// The members below it.
    pub members: Vec<(&'static str, String)>,
}

/// The page of the member at `path`, such as `network.flowLogs.retentionDays` or `services.api.port`; the whole spec for
/// an empty path or `spec`.
#[must_use]
pub fn member(path: &str) -> Option<MemberPage> {
    let mut steps = path.split('.').filter(|step| !step.is_empty() && *step != "spec").peekable();
    let mut page = MemberPage {
        path: "spec".to_owned(),
        doc: pages::of_struct(Spec::SHAPE).0.to_owned(),
        shape: "a map".to_owned(),
        default: None,
        members: summaries(&Spec::shape()),
    };
    let mut shape = Spec::shape();
    let mut walked: Vec<String> = Vec::new();
    while steps.peek().is_some() {
        shape = skip_name(shape, &mut steps, &mut walked);
        let Some(step) = steps.next() else { break };
        let field = field_of(&shape, step)?;
        walked.push(field.key.to_owned());
        page = MemberPage {
            path: walked.join("."),
            doc: field.doc.to_owned(),
            shape: field.shape.describe(),
            default: field.default,
            members: summaries(&field.shape),
        };
        shape = field.shape;
    }
    Some(page)
}

/// The pages of the whole spec and of all its members, depth first.
#[must_use]
pub fn members() -> Vec<MemberPage> {
    let mut pages: Vec<MemberPage> = member("").into_iter().gather();
    below("", &Spec::shape(), &mut Vec::new(), &mut pages);
    pages
}

/// Adds the members of a shape. A type that stands within itself is not gone through again.
fn below(path: &str, shape: &Shape, outer: &mut Vec<&'static str>, pages: &mut Vec<MemberPage>) {
    let mut path = path.to_owned();
    let mut shape = shape.clone();
    loop {
        shape = match shape {
            Shape::Map { value, .. } => {
                path.push_str(".NAME");
                *value
            }
            Shape::List(inner) | Shape::OrToken(inner) => *inner,
            other => {
                shape = other;
                break;
            }
        };
    }
    for inner in structs(&shape).into_iter() {
        if outer.contains(&inner.name) {
            continue;
        }
        outer.push(inner.name);
        for field in fields(inner) {
            let path = format!("{path}.{}", field.key);
            pages.gather_more(member(&path));
            below(&path, &field.shape, outer, pages);
        }
        outer.pop();
    }
}

/// Goes through maps with names of the user's choice, and through lists.
fn skip_name<'a>(
    mut shape: Shape,
    steps: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>,
    walked: &mut Vec<String>,
) -> Shape {
    loop {
        shape = match shape {
            Shape::Map { value, .. } => {
                steps.next();
                walked.push("NAME".to_owned());
                *value
            }
            Shape::List(items) => *items,
            Shape::OrToken(inner) => *inner,
            other => return other,
        };
    }
}

fn structs(shape: &Shape) -> Vec<&'static StructShape> {
    match shape {
        Shape::Struct(shape) => vec![shape],
        Shape::OneOf(shapes) => shapes.iter().flat_map(structs).gather(),
        Shape::List(inner) | Shape::OrToken(inner) | Shape::Map { value: inner, .. } => structs(inner),
        _ => Vec::new(),
    }
}

fn field_of(shape: &Shape, key: &str) -> Option<Field> {
    structs(shape).into_iter().flat_map(|shape| pages::of_struct(shape).1).find(|field| field.key == key)
}

fn summaries(shape: &Shape) -> Vec<(&'static str, String)> {
    let fields = structs(shape).into_iter().flat_map(|shape| pages::of_struct(shape).1);
    fields.map(|field| (field.key, first_sentence(field.doc))).gather()
}

fn first_sentence(doc: &str) -> String {
    let text = doc.split_whitespace().gather::<Vec<_>>().join(" ");
    match text.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_of_the_schema_resolves() {
        let schema = serde_json::to_value(json_schema()).unwrap();
        let text = schema.to_string();
        let definitions = schema.get("$defs").and_then(|value| value.as_object()).unwrap();
        for part in text.split("#/$defs/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(definitions.contains_key(name), "{name}");
        }
    }

    #[test]
    fn members_are_found_through_names() {
        let page = member("services.api.scale.min").unwrap();
        assert_eq!(page.path, "services.NAME.scale.min");
        assert!(member("services.api.scael").is_none());
    }

    #[test]
    fn all_members_are_listed_once() {
        let pages = members();
        let mut paths: Vec<&str> = pages.iter().map(|page| page.path.as_str()).collect();
        let listed = |path: &str| paths.iter().filter(|known| **known == path).count();
        assert_eq!(listed("spec"), 1);
        for page in &pages {
            for (key, _) in &page.members {
                let named = ["", ".NAME"].map(|name| format!("{}{name}.{key}", page.path));
                let found = named.iter().map(|path| listed(path.trim_start_matches("spec."))).sum::<usize>();
                assert_eq!(found, 1, "{} {key}", page.path);
            }
        }
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), pages.len());
    }

    #[test]
    fn every_member_is_documented() {
        let schema = serde_json::to_value(json_schema()).unwrap();
        for (name, definition) in schema.get("$defs").and_then(|value| value.as_object()).unwrap() {
            for (key, member) in definition.get("properties").and_then(|value| value.as_object()).into_iter().flatten()
            {
                let description = member.get("description").and_then(|value| value.as_str()).unwrap_or("");
                assert!(!description.is_empty(), "{name}.{key}");
            }
        }
    }
}
