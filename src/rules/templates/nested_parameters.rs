//! What nested stacks give to the parameters of their templates: a part of the rule about references to nothing.

use crate::model::{Field, Gather as _, Map, Model, Node, ResourceId, Template, Value};
use crate::rules::Findings;

/// Reports parameters that get no value, that the template does not have, or that do not take the value.
pub(super) fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let app = model.evaluation().app();
    for id in model.of_type("AWS::CloudFormation::Stack") {
        let Some(child) = app.child_of(id).and_then(|child| app.template(child)) else { continue };
        let written = model.declaration(id).and_then(|resource| resource.properties?.get("Parameters"));
        let given = written.map(Value::as_map);
        // A macro may add parameters, and a function gives who knows which.
        if child.has_unwritten_resources() || given == Some(None) {
            continue;
        }
        match_up(model, id, child, given.flatten(), findings);
    }
}

fn match_up<'a>(
    model: &'a Model<'a>,
    id: ResourceId,
    child: &Template<'a>,
    given: Option<&'a Map>,
    findings: &mut Findings<'_>,
) {
    for parameter in child.parameters() {
        let name = parameter.name;
        let is_given = given.is_some_and(|given| given.get(name).is_some());
        if !is_given && parameter.default().is_none() {
            findings
                .report(id, "Parameters", format!("the parameter `{name}` of the nested stack gets no value"))
                .help(format!("give it `{name}`, or give the parameter a default"));
        }
    }
    for (name, _) in given.into_iter().flat_map(Map::iter) {
        let place = format!("Parameters/{name}");
        match child.parameter(name) {
            None => {
                let known: Vec<_> = child.parameters().iter().map(|known| format!("`{}`", known.name)).gather();
                findings
                    .report(id, place, format!("the template of the nested stack has no parameter `{name}`"))
                    .help(format!("name one that it has: {}", known.join(", ")));
            }
            Some(parameter) => {
                let value = model.property(id, &place);
                let Field::Known(text) = value.text() else { continue };
                let is_number = parameter.kind() == "Number";
                if is_number && text.trim().parse::<f64>().is_err() {
                    findings
                        .report(id, place, format!("the parameter `{name}` takes a number, and `{text}` is none"))
                        .help("give it a number");
                } else if !is_allowed(model, &value, parameter.allowed_values()) {
                    findings
                        .report(id, place, format!("the parameter `{name}` does not take `{text}`"))
                        .help("give it one of its `AllowedValues`");
                }
            }
        }
    }
}

/// Whether a value is among those that a parameter takes, when they are listed.
fn is_allowed<'a>(model: &'a Model<'a>, value: &Node<'a>, allowed: &'a [Value]) -> bool {
    let text = value.text();
    let reads_like = |known: &'a Value| model.evaluation().node(value.template(), known).text() == text;
    allowed.is_empty() || allowed.iter().any(reads_like)
}
