//! What is written in a template without any view of it: names of API actions in custom resources, functions and policies.

use super::{Model, ResourceId};
use crate::cfn::eval::{Template, is_custom_type};
use crate::cfn::{Function, Value};

/// How deep values are looked into; deeper ones are taken for having nothing.
const MAX_DEPTH: u8 = 64;

/// Whether a resource mentions a text, in any case: in the name of a key, in a text, in the text of a function.
#[must_use]
pub fn mentions(model: &Model<'_>, id: ResourceId, wanted: &str) -> bool {
    let properties = model.declaration(id).and_then(|resource| resource.properties);
    properties.is_some_and(|map| map.iter().any(|(key, value)| contains(key, wanted) || is_in(value, wanted, 0)))
}

/// Whether a value mentions a text, in any case.
pub(crate) fn contains_text(value: &Value, wanted: &str) -> bool {
    is_in(value, wanted, 0)
}

/// Whether something in the app may call an action of an API by itself: a custom resource, a function or a state machine
/// that names it, or a policy that allows it.
#[must_use]
pub fn starts(model: &Model<'_>, action: &str) -> bool {
    let types = model.types().filter(|name| acts(name));
    types.flat_map(|name| model.of_type(name)).any(|id| mentions(model, id, action))
}

/// Whether the template of a resource may have more resources than are written in it, so that nothing follows from what it
/// does not have.
#[must_use]
pub fn may_have_more(model: &Model<'_>, id: ResourceId) -> bool {
    model.template_of(id).is_none_or(Template::has_unwritten_resources)
}

/// Whether the value of an output of any template mentions a text.
#[must_use]
pub fn is_put_out(model: &Model<'_>, wanted: &str) -> bool {
    let templates = model.evaluation().app().templates().iter();
    let mut values = templates.flat_map(Template::outputs).filter_map(|output| output.value);
    values.any(|value| is_in(value, wanted, 0))
}

/// Whether other stacks may import something from the template of a resource.
#[must_use]
pub fn exports(model: &Model<'_>, id: ResourceId) -> bool {
    let template = model.template_of(id);
    template.is_some_and(|template| template.outputs().iter().any(|output| output.export.is_some()))
}

/// Whether a property of a resource is imported from another stack, in the same account and Region.
#[must_use]
pub fn is_imported(model: &Model<'_>, id: ResourceId, key: &str) -> bool {
    let properties = model.declaration(id).and_then(|resource| resource.properties);
    properties.and_then(|properties| properties.get(key)).is_some_and(|value| imports(value, 0))
}

fn imports(value: &Value, depth: u8) -> bool {
    let Some(depth) = depth.checked_add(1).filter(|depth| *depth < MAX_DEPTH) else { return false };
    let is_import = value.as_intrinsic().is_some_and(|call| call.function == Function::ImportValue);
    is_import || value.any_part(&|part| imports(part, depth))
}

fn acts(type_name: &str) -> bool {
    const PREFIXES: [&str; 5] = [
        "Custom::",
        "AWS::CloudFormation::CustomResource",
        "AWS::IAM::",
        "AWS::Lambda::Function",
        "AWS::StepFunctions::",
    ];
    PREFIXES.iter().any(|prefix| type_name.starts_with(prefix))
}

fn is_in(value: &Value, wanted: &str, depth: u8) -> bool {
    let Some(depth) = depth.checked_add(1).filter(|depth| *depth < MAX_DEPTH) else { return false };
    match value {
        Value::String(text) => contains(text, wanted),
        Value::Map(map) => map.iter().any(|(key, value)| contains(key, wanted) || is_in(value, wanted, depth)),
        other => other.any_part(&|part| is_in(part, wanted, depth)),
    }
}

fn contains(text: &str, wanted: &str) -> bool {
    let Some((first, rest)) = wanted.as_bytes().split_first() else { return true };
    let mut left = text.as_bytes();
    while left.len() >= wanted.len() {
        let Some(place) = left.iter().position(|byte| byte.eq_ignore_ascii_case(first)) else { return false };
        left = left.get(place + 1..).unwrap_or_default();
        if left.get(..rest.len()).is_some_and(|part| part.eq_ignore_ascii_case(rest)) {
            return true;
        }
    }
    false
}

/// Whether a dynamic reference in a value gives a secret.
pub(super) fn resolves_secret(value: &Value) -> bool {
    is_in(value, "{{resolve:secretsmanager:", 0) || is_in(value, "{{resolve:ssm-secure:", 0)
}

/// Whether the text of a value comes from a parameter for which `holds` is true.
pub(super) fn names_parameter(value: &Value, holds: &dyn Fn(&str) -> bool) -> bool {
    names(value, holds, 0)
}

fn names(value: &Value, holds: &dyn Fn(&str) -> bool, depth: u8) -> bool {
    let Some(depth) = depth.checked_add(1).filter(|depth| *depth < MAX_DEPTH) else { return false };
    match value {
        Value::List(items) => items.iter().any(|item| names(item, holds, depth)),
        Value::Intrinsic(intrinsic) => match (intrinsic.function, &intrinsic.argument) {
            (Function::Ref, Value::String(name)) => holds(name),
            (Function::Sub, Value::String(text)) => substitutes(text, holds),
            (Function::If | Function::Join | Function::Select | Function::Base64 | Function::Sub, argument) => {
                let text = argument.as_list().and_then(|items| items.first()?.as_str()).unwrap_or_default();
                substitutes(text, holds) || names(argument, holds, depth)
            }
            _ => false,
        },
        _ => false,
    }
}

fn substitutes(text: &str, holds: &dyn Fn(&str) -> bool) -> bool {
    text.split("${").skip(1).any(|part| part.split_once('}').is_some_and(|(name, _)| holds(name)))
}

/// The custom resources, whatever their types are called.
pub fn custom_resources<'a>(model: &'a Model<'a>) -> impl Iterator<Item = ResourceId> {
    model.types().filter(|name| is_custom_type(name)).flat_map(|name| model.of_type(name))
}
