//! How a wrong value shows in a message, and what advice mends it.

use crate::cfn::Gather as _;
use crate::cfn::{Number, Value, double};

use super::decode::quoted;
use super::shape::Shape;

/// The longest string that a message repeats.
const SHOWN_CHARACTERS: usize = 40;

/// The value as a message shows it, cut short when it is long.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "an empty string".to_owned(),
        Value::String(text) if is_token(value) => format!("the token `{text}`"),
        Value::Number(_) if is_token(value) => "a token".to_owned(),
        Value::String(text) if text.chars().count() <= SHOWN_CHARACTERS => format!("the string `{text}`"),
        Value::Number(Number::Int(number)) => format!("the number `{number}`"),
        Value::Number(Number::Float(number)) => format!("the number `{}`", double::shown(*number)),
        Value::Bool(flag) => format!("`{flag}`"),
        other => other.kind().to_owned(),
    }
}

/// Text as the subject of a message.
pub(super) fn shown_text(text: &str) -> String {
    if text.is_empty() { "an empty string".to_owned() } else { format!("`{text}`") }
}

/// Whether a simple value is known at deployment only.
pub(super) fn is_token(value: &Value) -> bool {
    match value {
        Value::Intrinsic(_) => true,
        Value::String(_) | Value::Number(_) => !value.is_literal(),
        _ => false,
    }
}

/// What to do about `value` where `shape` is expected.
pub(super) fn mending(value: &Value, shape: &Shape) -> Option<String> {
    if is_token(value) {
        return Some(
            "write the value itself: what is made depends on it, so it must be known before the deployment".to_owned(),
        );
    }
    match shape {
        Shape::OrToken(inner) => mending(value, inner),
        Shape::OneOf(shapes) => shapes.iter().find_map(|shape| mending(value, shape)),
        Shape::Text(_) if matches!(value, Value::Number(_) | Value::Bool(_)) => Some("put it in quotes".to_owned()),
        Shape::Integer { .. } => number_in_text(value),
        Shape::Boolean => flag_in_text(value).map(str::to_owned),
        Shape::List(_) => Some(as_list(value)),
        Shape::Map { .. } => Some("write it as a map: `NAME: VALUE` for each".to_owned()),
        Shape::Struct(shape) => Some(format!("write it as a map; its keys are {}", quoted(shape.keys))),
        _ => None,
    }
}

/// The pattern of account numbers, which are text and look like numbers.
const ACCOUNT: &str = "^[0-9]{12}$";

/// The value that is meant by `value` where `shape` is expected, when there is no doubt: a number as text, or text as a
/// number.
pub(super) fn meant(value: &Value, shape: &Shape) -> Option<Value> {
    if is_token(value) {
        return None;
    }
    match (shape, value) {
        (Shape::OrToken(inner), _) => meant(value, inner),
        (Shape::OneOf(shapes), _) => shapes.iter().find_map(|shape| meant(value, shape)),
        (Shape::Text(expected), Value::Number(Number::Int(number))) => {
            let text = number.to_string();
            let is_account = expected.pattern == ACCOUNT && text.len() == 12;
            (expected.pattern.is_empty() || is_account).then(|| Value::from(text))
        }
        (Shape::Integer { .. }, Value::String(text)) => text.trim().parse::<i64>().ok().map(Value::from),
        (Shape::Boolean, Value::String(text)) if flag_in_text(value) == Some("leave out the quotes") => {
            Some(Value::from(text.eq_ignore_ascii_case("true")))
        }
        _ => None,
    }
}

fn number_in_text(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    let digits: String = text.chars().take_while(char::is_ascii_digit).gather();
    if digits.is_empty() {
        None
    } else if digits == text {
        Some("leave out the quotes".to_owned())
    } else {
        Some("write the number alone, without a unit".to_owned())
    }
}

fn flag_in_text(value: &Value) -> Option<&'static str> {
    match value.as_str()?.to_ascii_lowercase().as_str() {
        "true" | "false" => Some("leave out the quotes"),
        "yes" | "y" | "on" => Some("write `true`"),
        "no" | "n" | "off" => Some("write `false`"),
        _ => None,
    }
}

fn as_list(value: &Value) -> String {
    match value {
        Value::String(text) if is_one_word(text) => format!("write it as a list: `[{text}]`"),
        _ => "write it as a list: `- ` before each element, or all of them between `[` and `]`".to_owned(),
    }
}

/// Whether `text` stands for itself inside of `[…]`.
fn is_one_word(text: &str) -> bool {
    let plain = |next: char| next.is_ascii_alphanumeric() || "-_./".contains(next);
    !text.is_empty() && text.chars().count() <= SHOWN_CHARACTERS && text.chars().all(plain)
}

/// `text` with every character replaced by `-` that `allowed` does not take; nothing when that makes no name that is
/// `right`, or one that nobody recognises.
pub(super) fn as_name(text: &str, allowed: fn(char) -> bool, right: fn(&str) -> bool) -> Option<String> {
    let replaced: String = text.trim().chars().map(|next| if allowed(next) { next } else { '-' }).gather();
    (text.is_ascii() && right(&replaced)).then_some(replaced)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::SpecType as _;
    use crate::spec::{Whole, Zones};

    #[test]
    fn numbers_in_quotes_lose_them() {
        let shape = Whole::<1, 9>::shape();
        assert_eq!(mending(&Value::from("8"), &shape).as_deref(), Some("leave out the quotes"));
        assert_eq!(mending(&Value::from("2 GB"), &shape).as_deref(), Some("write the number alone, without a unit"));
        assert_eq!(mending(&Value::from("many"), &shape), None);
    }

    #[test]
    fn a_single_word_becomes_a_list() {
        let shape = Zones::shape();
        assert_eq!(mending(&Value::from("eu-west-1a"), &shape).as_deref(), Some("write it as a list: `[eu-west-1a]`"));
    }

    #[test]
    fn names_are_mended_when_they_can_be() {
        let allowed = |next: char| next.is_ascii_alphanumeric();
        let right = |text: &str| text.starts_with(|first: char| first.is_ascii_alphabetic());
        assert_eq!(as_name("the api", allowed, right).as_deref(), Some("the-api"));
        assert_eq!(as_name("2nd", allowed, right), None);
    }
}
