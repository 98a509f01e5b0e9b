//! What a plain (unquoted) YAML scalar is: null, a boolean, a number or text.
//!
//! The core schema of YAML 1.2, except where CloudFormation, which reads YAML 1.1, makes something else of it:
//! - `yes`, `no`, `on`, `off` are booleans, as CloudFormation deploys them (aws-cli pull request 5257 quotes them for
//!   that reason); `y` and `n` are text, as in its parser.
//! - Whole numbers with leading zeros are text: account IDs. (CloudFormation makes octal numbers of those without 8
//!   or 9; nobody means that.)
//! - `0o17` is text, because YAML 1.1 writes octal numbers otherwise.
//! - Dates, times (`22:30`) and numbers with underscores are text.

use super::super::super::{Number, Value, double};

/// What a plain scalar is.
#[derive(Debug, PartialEq)]
pub(super) enum Plain {
    /// The text that is written.
    Text,
    /// Something else.
    Typed(Value),
    /// A number that no template can hold.
    NoNumber,
}

/// What the plain scalar `text` is.
pub(super) fn plain(text: &str) -> Plain {
    Plain::Typed(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Value::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Value::Bool(false),
        _ if starts_like_number(text) => return number(text),
        _ => return Plain::Text,
    })
}

fn starts_like_number(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.'))
}

fn number(text: &str) -> Plain {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Plain::NoNumber;
    }
    if let Some(digits) = unsigned.strip_prefix("0x") {
        return hexadecimal(digits, negative).map_or(Plain::Text, Plain::Typed);
    }
    if !is_decimal(unsigned) {
        return Plain::Text;
    }
    if let (Ok(whole), false) = (text.parse::<i64>(), text == "-0") {
        return Plain::Typed(Value::Number(Number::Int(whole)));
    }
    match double::read(text) {
        Some(number) if number.is_finite() => Plain::Typed(Value::Number(Number::Float(number))),
        _ => Plain::NoNumber,
    }
}

fn hexadecimal(digits: &str, negative: bool) -> Option<Value> {
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let number = i64::from_str_radix(digits, 16).ok()?;
    Some(Value::Number(Number::Int(if negative { -number } else { number })))
}

/// Digits, perhaps with a fraction, perhaps with an exponent; no leading zeros.
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        None => (text, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits_only = [whole, fraction, exponent].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    let has_mantissa = !whole.is_empty() || !fraction.is_empty();
    digits_only && !leading_zero && !exponent.is_empty() && has_mantissa
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_text(text: &str) -> bool {
        plain(text) == Plain::Text
    }

    #[test]
    fn what_cloudformation_takes_for_booleans_is_boolean() {
        for text in ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"] {
            assert_eq!(plain(text), Plain::Typed(Value::Bool(true)), "{text}");
        }
        for text in ["false", "no", "No", "off", "OFF"] {
            assert_eq!(plain(text), Plain::Typed(Value::Bool(false)), "{text}");
        }
        for text in ["y", "n", "yEs", "tRue", "enabled"] {
            assert!(is_text(text), "{text}");
        }
    }

    #[test]
    fn numbers_are_those_of_yaml_1_2() {
        let cases: [(&str, Number); 11] = [
            ("0", Number::Int(0)),
            ("-17", Number::Int(-17)),
            ("+17", Number::Int(17)),
            ("111122223333", Number::Int(111_122_223_333)),
            ("0x1F", Number::Int(31)),
            ("0.5", Number::Float(0.5)),
            (".5", Number::Float(0.5)),
            ("5.", Number::Float(5.0)),
            ("1e3", Number::Float(1000.0)),
            ("-1.5E-3", Number::Float(-0.0015)),
            ("9223372036854775808", Number::Float(9_223_372_036_854_775_808.0)),
        ];
        for (text, number) in cases {
            assert_eq!(plain(text), Plain::Typed(Value::Number(number)), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_number_is_text() {
        let texts = [
            "012345678901",
            "001",
            "0755",
            "0o17",
            "2012-10-17",
            "22:30",
            "1_000",
            "1.2.3",
            "10.0.0.0/16",
            ".",
            "-",
            "+",
            "1e",
            "e3",
            "0x",
            "0xZZ",
            "1.e+",
            "--1",
            "+-1",
            "0xFFFFFFFFFFFFFFFFFF",
        ];
        for text in texts {
            assert!(is_text(text), "{text}");
        }
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        for text in [".inf", "-.Inf", ".nan", "1e999"] {
            assert_eq!(plain(text), Plain::NoNumber, "{text}");
        }
    }
}
