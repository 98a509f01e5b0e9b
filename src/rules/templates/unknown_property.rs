//! Properties that the type of a resource has not.

use super::malformed_template::ATTRIBUTES;
use crate::diagnostics::Severity;
use crate::model::{Gather as _, Map, Model, ResourceId, Template, Value};
use crate::resources::names::PropertyNames;
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
            let mut judge = Judge { model, findings, id, type_name, names };
            judge.map(properties, "", "");
            for path in names.paths() {
                judge.inside(path, properties);
            }
        }
    }
}

struct Judge<'a, 'j, 'f> {
    model: &'a Model<'a>,
    findings: &'j mut Findings<'f>,
    id: ResourceId,
    type_name: &'a str,
    names: PropertyNames,
}

impl<'a> Judge<'a, '_, '_> {
    /// Judges the maps at a path of keys.
    fn inside(&mut self, path: &'static str, properties: &'a Map) {
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        if let Some(value) = properties.get(first) {
            self.value(value, first.to_owned(), rest, path);
        }
    }

    fn value(&mut self, value: &'a Value, place: String, rest: &'static str, path: &'static str) {
        match self.model.evaluation().chosen(self.id.template, value) {
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(item, format!("{place}/{index}"), rest, path);
                }
            }
            Value::Map(map) if rest.is_empty() => self.map(map, &format!("{place}/"), path),
            Value::Map(map) => {
                let (key, rest) = rest.split_once('/').unwrap_or((rest, ""));
                if let Some(value) = map.get(key) {
                    self.value(value, format!("{place}/{key}"), rest, path);
                }
            }
            _ => {}
        }
    }

    /// Judges the keys of a map.
    fn map(&mut self, map: &'a Map, place: &str, path: &'static str) {
        for key in map.keys() {
            if self.names.inside(path).any(|name| name == key) || key.starts_with("Fn::") {
                continue;
            }
            let lower = key.to_ascii_lowercase();
            let edits = |name: &str| strsim::osa_distance(&name.to_ascii_lowercase(), &lower);
            let near = self.names.inside(path).min_by_key(|name| edits(name));
            let near = near.filter(|name| edits(name) <= MOST_EDITS.min(key.len() / 3));
            let of = if path.is_empty() { self.type_name } else { path };
            let found =
                self.findings.report(self.id, format!("{place}{key}"), format!("`{of}` has no property `{key}`"));
            match near {
                _ if path.is_empty() && ATTRIBUTES.contains(&key.as_ref()) => {
                    found.help("write it beside `Properties`")
                }
                Some(near) => found.help(format!("did you mean `{near}`?")),
                None => {
                    let known: Vec<_> = self.names.inside(path).map(|name| format!("`{name}`")).gather();
                    found.severity(Severity::Warning).help(format!("it has {}", known.join(", ")))
                }
            };
        }
    }
}
