//! The names to which a value refers, whatever the conditions are.

use super::{Function, Intrinsic, Value};

/// Hands on the names to which a value refers by `Ref`, `Fn::GetAtt` and `Fn::Sub`: resources, parameters, pseudo parameters
/// and the variables of a `Fn::Sub`, each as often as it stands there.
pub fn each_reference(value: &Value, take: &mut dyn FnMut(&str)) {
    each_attribute(value, &mut |name, _| take(name));
}

/// The same, with the attribute that is meant; without one it is empty.
pub fn each_attribute(value: &Value, take: &mut dyn FnMut(&str, &str)) {
    let Value::Intrinsic(call) = value else {
        value.each_part(&mut |part| each_attribute(part, take));
        return;
    };
    match call.function {
        Function::Ref => call.argument.as_str().into_iter().for_each(|name| take(name, "")),
        Function::GetAtt => match call.argument.as_list() {
            Some([Value::String(name), attribute, ..]) => take(name, attribute.as_str().unwrap_or_default()),
            _ => call.argument.as_str().into_iter().for_each(|text| attribute(text, take)),
        },
        Function::Sub => {
            text(call).into_iter().for_each(|text| substituted(text, take));
            each_attribute(&call.argument, take);
        }
        _ => each_attribute(&call.argument, take),
    }
}

/// The text that a function is given, alone or before other things.
fn text(call: &Intrinsic) -> Option<&str> {
    call.argument.as_str().or_else(|| call.argument.as_list()?.first()?.as_str())
}

/// What is meant by `Role.Arn`, or by `Role` alone.
fn attribute(text: &str, take: &mut dyn FnMut(&str, &str)) {
    let (name, attribute) = text.split_once('.').unwrap_or((text, ""));
    take(name, attribute);
}

/// The names in `${…}` of a text for `Fn::Sub`, without those escaped as `${!…}`.
fn substituted(text: &str, take: &mut dyn FnMut(&str, &str)) {
    let pieces = text.split("${").skip(1).filter_map(|piece| piece.split_once('}'));
    pieces.filter(|(name, _)| !name.starts_with('!')).for_each(|(name, _)| attribute(name, take));
}
