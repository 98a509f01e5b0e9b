//! How a new value is written among those that are there.

use super::super::{Function, Intrinsic, Map, Number, Value, write};

/// `value` on one line.
pub(super) fn inline(value: &Value, is_json: bool, in_flow: bool, quoted: bool) -> String {
    match value {
        _ if is_json => json(value),
        Value::String(text) if quoted => write::quoted_yaml(text),
        Value::String(text) if !in_flow && write::is_plain_yaml(text) => text.to_string(),
        Value::Intrinsic(call) => short_form(call).unwrap_or_else(|| flow(value)),
        _ => flow(value),
    }
}

/// `value` in YAML's flow style.
pub(super) fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => flow_text(text),
        Value::List(elements) => format!("[{}]", elements.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Map(map) => flow_map(map),
        Value::Intrinsic(call) => short_form(call)
            .unwrap_or_else(|| format!("{{ {}: {} }}", flow_text(call.function.name()), flow(&call.argument))),
        Value::Number(Number::Float(_)) => write::to_yaml(value).trim_end().to_owned(),
        _ => json(value),
    }
}

fn flow_map(map: &Map) -> String {
    if map.is_empty() {
        return "{}".to_owned();
    }
    let members: Vec<String> = map.iter().map(|(key, value)| format!("{}: {}", flow_text(key), flow(value))).collect();
    format!("{{ {} }}", members.join(", "))
}

/// Text as it can stand between brackets.
pub(super) fn flow_text(text: &str) -> String {
    if write::is_plain_yaml(text) && !text.contains([',', '[', ']', '{', '}', ':']) {
        return text.to_owned();
    }
    write::quoted_yaml(text)
}

/// `!Ref Name` and the like, where the argument is a name.
fn short_form(call: &Intrinsic) -> Option<String> {
    if let (Function::GetAtt, Some([Value::String(resource), Value::String(attribute)])) =
        (call.function, call.argument.as_list())
    {
        let target = format!("{resource}.{attribute}");
        let is_plain = !resource.is_empty() && !attribute.is_empty() && !resource.contains('.');
        return (is_plain && target == flow_text(&target)).then(|| format!("!GetAtt {target}"));
    }
    let is_short = matches!(call.function, Function::Ref | Function::Sub | Function::ImportValue);
    let argument = call.argument.as_str().filter(|_| is_short)?;
    Some(format!("!{} {}", call.function.tag(), flow_text(argument)))
}

/// `value` as JSON on one line.
pub(super) fn json(value: &Value) -> String {
    match value {
        Value::List(elements) => format!("[{}]", elements.iter().map(json).collect::<Vec<_>>().join(", ")),
        Value::Map(map) if map.is_empty() => "{}".to_owned(),
        Value::Map(map) => {
            let member = |(key, value): (&super::super::Text, &Value)| format!("{}: {}", json_text(key), json(value));
            format!("{{ {} }}", map.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        Value::Intrinsic(call) => format!("{{ {}: {} }}", json_text(call.function.name()), json(&call.argument)),
        _ => write::to_json(value).trim_end().to_owned(),
    }
}

fn json_text(text: &str) -> String {
    write::to_json(&Value::from(text.to_owned())).trim_end().to_owned()
}

/// `value` as JSON over several lines. `indent` stands before the line on which it begins, `unit` is added for each level.
pub(super) fn json_lines(value: &Value, indent: &str, unit: &str) -> String {
    let deeper = format!("{indent}{unit}");
    let (open, close, lines): (char, char, Vec<String>) = match value {
        Value::List(elements) if !elements.is_empty() => {
            ('[', ']', elements.iter().map(|element| json_lines(element, &deeper, unit)).collect())
        }
        Value::Map(map) if !map.is_empty() => {
            let member = |(key, value): (&super::super::Text, &Value)| {
                format!("{}: {}", json_text(key), json_lines(value, &deeper, unit))
            };
            ('{', '}', map.iter().map(member).collect())
        }
        _ => return json(value),
    };
    format!("{open}\n{deeper}{}\n{indent}{close}", lines.join(&format!(",\n{deeper}")))
}
