//! `Fn::ForEach` of the language extensions: loops written out before anything else looks at a template.
//!
//! Source: the CloudFormation user guide, `Fn::ForEach`.

use crate::cfn::ordered::sort;
use crate::cfn::{Gather as _, GatherMore as _};
use std::borrow::Cow;

use super::node::Shape;
use super::{App, Evaluation, Field, Template, World};
use crate::cfn::{Function, Map, Value};

/// What the keys of loops begin with.
const PREFIX: &str = "Fn::ForEach::";

/// How many values the loops of a template may make, and how often they may go round: a budget of ours, a hundred for each of
/// the 500 resources that CloudFormation takes.
const MAX_VALUES: usize = 50_000;

/// How many bytes of a text count as one more value.
const LONG_TEXT: usize = 1_000;

/// A template whose loops are written out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expansion {
    /// The template.
    pub value: Value,
    /// The keys of `Resources` that loops made, in order, with the steps from `Resources` to where each is written.
    pub origins: Vec<(String, Vec<String>)>,
    /// Whether all loops are written out: not when a collection is only known at deployment, or when there is too much.
    pub complete: bool,
}

/// Writes out the loops of a template; nothing when there are none. Only a template with a transform has any.
#[must_use]
pub fn expand(document: &Value) -> Option<Expansion> {
    document.get("Transform")?;
    if !has_loop(document, 0) {
        return None;
    }
    let app = App::new(vec![Template::new(document)]);
    let mut world = World::default();
    world.settle(&app);
    let evaluation = Evaluation::new(&app, &world);
    let mut writer = Writer { evaluation: &evaluation, left: MAX_VALUES, complete: true };
    let mut written = Map::new();
    let mut origins = Vec::new();
    for (key, value) in document.as_map()?.iter() {
        let value = match value {
            Value::Map(resources) if key == "Resources" => {
                let mut made = Map::with_capacity(resources.len());
                writer.resources(resources, &[], &[], &mut Made { resources: &mut made, origins: &mut origins });
                Value::Map(made)
            }
            other => writer.value(other, &[]),
        };
        written.push(key.clone(), value);
    }
    sort(&mut origins);
    origins.dedup();
    Some(Expansion { value: Value::Map(written), origins, complete: writer.complete })
}

fn has_loop(value: &Value, depth: u8) -> bool {
    let inside = |value: &Value| depth < u8::MAX && has_loop(value, depth + 1);
    let is_loop = || value.as_map().is_some_and(|map| map.keys().any(|key| key.starts_with(PREFIX)));
    is_loop() || value.any_part(&inside)
}

/// What the identifiers of the loops around a value stand for.
type Names<'n> = [(&'n str, String)];

/// The resources that were written out.
struct Made<'m> {
    resources: &'m mut Map,
    origins: &'m mut Vec<(String, Vec<String>)>,
}

struct Writer<'a> {
    evaluation: &'a Evaluation<'a>,
    left: usize,
    complete: bool,
}

impl Writer<'_> {
    /// Takes so much of the budget, unless it is used up.
    fn takes(&mut self, values: usize) -> bool {
        self.left = self.left.saturating_sub(values);
        self.complete &= self.left > 0;
        self.left > 0
    }

    fn value(&mut self, value: &Value, names: &Names<'_>) -> Value {
        let texts = value.as_str().map_or(0, str::len) / LONG_TEXT;
        if !self.takes(1 + texts) {
            return Value::Null;
        }
        match value {
            Value::String(text) => Value::from(substituted(text, names)),
            Value::List(items) => Value::List(items.iter().map(|item| self.value(item, names)).gather()),
            Value::Map(map) => Value::Map(self.map(map, names)),
            Value::Intrinsic(intrinsic) => match (intrinsic.function, intrinsic.argument.as_str()) {
                (Function::Ref, Some(name)) if standing_for(names, name).is_some() => {
                    Value::from(standing_for(names, name).unwrap_or_default().to_owned())
                }
                _ => Value::call(intrinsic.function, self.value(&intrinsic.argument, names)),
            },
            other => other.clone(),
        }
    }

    fn map(&mut self, map: &Map, names: &Names<'_>) -> Map {
        let mut written = Map::with_capacity(map.len());
        for (key, value) in map.iter() {
            if key.starts_with(PREFIX) {
                for (key, value) in self.entries(key, value, names) {
                    written.push(key, value);
                }
            } else {
                let value = self.value(value, names);
                written.push(substituted(key, names), value);
            }
        }
        written
    }

    /// The resources of a template, or those that a loop makes when it goes round, which are written `at` these steps.
    fn resources(&mut self, resources: &Map, names: &Names<'_>, at: &[String], made: &mut Made<'_>) {
        for (key, body) in resources.iter() {
            let mut here = at.to_vec();
            here.push(key.to_string());
            if !key.starts_with(PREFIX) {
                let id = substituted(key, names);
                if !at.is_empty() {
                    made.origins.push((id.clone(), here));
                }
                made.resources.push(id, self.value(body, names));
                continue;
            }
            here.push("2".to_owned());
            let is_known = self.go_round(body, names, &mut |writer, body, names| {
                writer.resources(body, names, &here, made);
            });
            if !is_known {
                made.resources.push(key.clone(), Value::Null);
            }
        }
    }

    /// What a loop makes; the loop itself when its collection is not known.
    fn entries(&mut self, key: &str, body: &Value, names: &Names<'_>) -> Vec<(String, Value)> {
        let mut entries = Vec::new();
        let is_known = self.go_round(body, names, &mut |writer, body, names| {
            let made = writer.map(body, names).into_iter();
            entries.gather_more(made.map(|(key, value)| (key.into_owned(), value)));
        });
        if is_known { entries } else { vec![(key.to_owned(), Value::Null)] }
    }

    /// Makes what a loop makes, time after time until the budget is used up. Gives back whether its collection is known.
    fn go_round(&mut self, body: &Value, names: &Names<'_>, make: &mut dyn FnMut(&mut Self, &Map, &Names<'_>)) -> bool {
        let parts = match body.as_list() {
            // A loop that never goes round takes something too.
            Some([Value::String(identifier), collection, Value::Map(body)]) if self.takes(1) => {
                self.collection(collection, names).map(|items| (identifier, items, body))
            }
            _ => None,
        };
        let Some((identifier, items, body)) = parts else {
            self.complete = false;
            return false;
        };
        for item in items {
            if !self.takes(1) {
                break;
            }
            let mut inner: Vec<(&str, String)> = names.to_vec();
            inner.push((identifier.as_ref(), item));
            make(self, body, &inner);
        }
        true
    }

    /// The values that a loop goes through: written as a list, or those of a list parameter.
    fn collection(&self, collection: &Value, names: &Names<'_>) -> Option<Vec<String>> {
        match collection {
            Value::List(items) => {
                let mut texts = Vec::new();
                for item in items {
                    match item {
                        Value::Intrinsic(_) => texts.gather_more(self.known(item, names)?),
                        literal => texts.push(substituted(&super::pieces::scalar(literal)?, names)),
                    }
                }
                Some(texts)
            }
            other => self.known(other, names),
        }
    }

    /// What a function in a collection gives, when it depends on nothing that is only known at deployment.
    fn known(&self, value: &Value, names: &Names<'_>) -> Option<Vec<String>> {
        let intrinsic = value.as_intrinsic()?;
        let name = intrinsic.argument.as_str()?;
        if intrinsic.function != Function::Ref {
            return None;
        }
        if let Some(text) = standing_for(names, name) {
            return Some(vec![text.to_owned()]);
        }
        let parameter = self.evaluation.app().template(0)?.parameter(name)?;
        let node = self.evaluation.parameter(0, parameter);
        match node.shape() {
            Shape::List(items) => items.iter().map(|item| item.text().known().map(Cow::into_owned)).gather(),
            _ => match node.text() {
                Field::Known(text) => Some(vec![text.into_owned()]),
                _ => None,
            },
        }
    }
}

fn standing_for<'n>(names: &'n Names<'_>, name: &str) -> Option<&'n str> {
    names.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}

/// A text with `${Identifier}` replaced by what it stands for, and `&{Identifier}` by its letters and digits alone.
fn substituted(text: &str, names: &Names<'_>) -> String {
    let mut text = text.to_owned();
    for (name, value) in names.iter().rev() {
        if text.contains(name) {
            let plain: String = value.chars().filter(char::is_ascii_alphanumeric).gather();
            text = text.replace(&format!("${{{name}}}"), value).replace(&format!("&{{{name}}}"), &plain);
        }
    }
    text
}
