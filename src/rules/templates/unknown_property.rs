//! Properties that the type of a resource has not.

use super::malformed_template::ATTRIBUTES;
use crate::diagnostics::Severity;
use crate::model::{Gather as _, Map, Model, ResourceId, Template, Value};
use crate::resources::names::{KnownNames, PropertyNames};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1714", "unknown-property", Error {
        pitfalls: [],
        summary: "A property that the type of the resource has not",
        why: "CloudFormation refuses a resource with a property that its type has not, when it is the turn of that resource. A name \
              that is like none of the known ones is warned of: the type may have it since this version of Ringfence.",
        example: "Resources:
  Cluster: { Type: AWS::ECS::Cluster, Properties: { ClusterSetting: [{ Name: containerInsights, Value: enhanced }] } }
",
        instead: "Resources:
  Cluster: { Type: AWS::ECS::Cluster, Properties: { ClusterSettings: [{ Name: containerInsights, Value: enhanced }] } }
",
        source: "CloudFormation template reference, the properties of each type; CloudFormation resource type schemas (additionalProperties)",
        check: check,
    }
}

/// How many letters may be wrong in a name that is meant for another one.
const MOST_EDITS: usize = 3;

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for type_name in model.types() {
        let Some(names) = PropertyNames::of(type_name) else { continue };
        for id in model.of_type(type_name) {
            // A macro may put other properties in their place.
            if model.template_of(id).is_none_or(Template::has_macros) {
                continue;
            }
            let Some(properties) = model.declaration(id).and_then(|resource| resource.properties) else { continue };
            map(properties, names.own(), &mut |key| {
                report(findings, (id, key.to_owned()), (type_name, key), names.own())
            });
            for known in names.inside() {
                let (first, rest) = first_step(known.path);
                let Some(value) = properties.get(first) else { continue };
                let maps = Maps { model, id, known };
                // Places are put together only when there is something to say.
                if maps.any_unknown(value, rest) {
                    maps.report(findings, value, first.to_owned(), rest);
                }
            }
        }
    }
}

/// The first key of a path, and the rest.
fn first_step(path: &'static str) -> (&'static str, &'static str) {
    path.split_once('/').unwrap_or((path, ""))
}

/// Hands on the keys of a map that are not known.
fn map<'a>(map: &'a Map, known: &KnownNames, take: &mut dyn FnMut(&'a str)) {
    map.keys().filter(|key| !known.has(key) && !key.starts_with("Fn::")).for_each(|key| take(key));
}

/// The maps at one place of a resource.
struct Maps<'a, 'n> {
    model: &'a Model<'a>,
    id: ResourceId,
    known: &'n KnownNames,
}

impl<'a> Maps<'a, '_> {
    fn any_unknown(&self, value: &'a Value, rest: &'static str) -> bool {
        match self.model.evaluation().chosen(self.id.template, value) {
            Value::List(items) => items.iter().any(|item| self.any_unknown(item, rest)),
            Value::Map(found) if rest.is_empty() => {
                let mut any = false;
                map(found, self.known, &mut |_| any = true);
                any
            }
            Value::Map(found) => {
                let (key, rest) = first_step(rest);
                found.get(key).is_some_and(|value| self.any_unknown(value, rest))
            }
            _ => false,
        }
    }

    fn report(&self, findings: &mut Findings<'_>, value: &'a Value, place: String, rest: &'static str) {
        match self.model.evaluation().chosen(self.id.template, value) {
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.report(findings, item, format!("{place}/{index}"), rest);
                }
            }
            Value::Map(found) if rest.is_empty() => {
                let mut take = |key: &str| {
                    report(findings, (self.id, format!("{place}/{key}")), (self.known.path, key), self.known);
                };
                map(found, self.known, &mut take);
            }
            Value::Map(found) => {
                let (key, rest) = first_step(rest);
                if let Some(value) = found.get(key) {
                    self.report(findings, value, format!("{place}/{key}"), rest);
                }
            }
            _ => {}
        }
    }
}

fn report(findings: &mut Findings<'_>, (id, place): (ResourceId, String), (of, key): (&str, &str), known: &KnownNames) {
    let lower = key.to_ascii_lowercase();
    let edits = |name: &str| strsim::osa_distance(&name.to_ascii_lowercase(), &lower);
    let near = known.iter().min_by_key(|name| edits(name));
    let near = near.filter(|name| edits(name) <= MOST_EDITS.min(key.len() / 3));
    let found = findings.report(id, place, format!("`{of}` has no property `{key}`"));
    match near {
        _ if known.path.is_empty() && ATTRIBUTES.contains(&key) => found.help("write it beside `Properties`"),
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None => {
            let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).gather();
            found.severity(Severity::Warning).help(format!("it has {}", known.join(", ")))
        }
    };
}
