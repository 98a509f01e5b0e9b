//! The names to which a value refers, whatever the conditions are.

use super::{Function, Intrinsic, Value};

/// Hands on the names to which a value refers by `Ref`, `Fn::GetAtt` and `Fn::Sub`: resources, parameters, pseudo parameters
/// and the variables of a `Fn::Sub`, each as often as it stands there.
pub fn each_reference(value: &Value, take: &mut dyn FnMut(&str)) {
    match value {
        Value::Intrinsic(call) if call.function == Function::Ref => call.argument.as_str().into_iter().for_each(take),
        Value::Intrinsic(call) if call.function == Function::GetAtt => {
            text(call).map(resource).into_iter().for_each(take)
        }
        Value::Intrinsic(call) if call.function == Function::Sub => {
            text(call).into_iter().for_each(|text| substituted(text, take));
            each_reference(&call.argument, take);
        }
        other => other.each_part(&mut |part| each_reference(part, take)),
    }
}

/// The text that a function is given, alone or before other things.
fn text(call: &Intrinsic) -> Option<&str> {
    call.argument.as_str().or_else(|| call.argument.as_list()?.first()?.as_str())
}

/// The resource of an attribute such as `Role.Arn`.
fn resource(attribute: &str) -> &str {
    attribute.split_once('.').map_or(attribute, |(name, _)| name)
}

/// The names in `${…}` of a text for `Fn::Sub`, without those escaped as `${!…}`.
fn substituted(text: &str, take: &mut dyn FnMut(&str)) {
    let pieces = text.split("${").skip(1).filter_map(|piece| piece.split_once('}'));
    pieces.filter(|(name, _)| !name.starts_with('!')).for_each(|(name, _)| take(resource(name)));
}
