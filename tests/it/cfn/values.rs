//! Random values, as templates may hold them, and ways to walk them.

use proptest::prelude::*;
use ringfence::cfn::{Function, Map, Number, Segment, Value};

/// Any value that a template can hold: what reading what was written gives back.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            4 => prop::collection::vec((key(), inner.clone()), 0..5).prop_map(map),
            3 => (function(), inner).prop_map(|(function, argument)| intrinsic(function, argument)),
        ]
    })
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        2 => any::<i64>().prop_map(|number| Value::Number(Number::Int(number))),
        1 => (-100_i64..100).prop_map(|number| Value::Number(Number::Int(number))),
        2 => float().prop_map(|number| Value::Number(Number::Float(number))),
        6 => text().prop_map(|text| Value::String(text.into())),
    ]
}

fn float() -> impl Strategy<Value = f64> {
    use proptest::num::f64;
    prop_oneof![f64::NORMAL | f64::SUBNORMAL | f64::ZERO | f64::NEGATIVE, -1e289..-1e280, -10.0..10.0]
}

/// Text of all kinds: ordinary, hostile to YAML, of several lines, with any character.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let words = prop::sample::select(WORDS.to_vec()).prop_map(str::to_owned);
    let pieces = prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..8).prop_map(|pieces| pieces.concat());
    prop_oneof![2 => words, 2 => pieces, 2 => "[A-Za-z][A-Za-z0-9:/._ -]{0,20}", 1 => any::<String>()]
}

/// What readers of YAML, or of our own, could take for something else than text.
const WORDS: &[&str] = &[
    "",
    "yes",
    "no",
    "On",
    "OFF",
    "y",
    "n",
    "true",
    "False",
    "null",
    "~",
    "<<",
    "=",
    "1",
    "-1",
    "0",
    "012",
    "0x1f",
    "0o7",
    "1e3",
    "1.",
    ".5",
    ".inf",
    ".nan",
    "1:30",
    "1_0",
    "2012-10-17",
    "012345678901",
    "---",
    "...",
    "-",
    "- a",
    "? a",
    ": a",
    "a: b",
    "a:",
    "a #b",
    "#a",
    "&a",
    "*a",
    "*",
    "!Ref a",
    "|",
    ">",
    "%a",
    "@a",
    "`a`",
    "[a]",
    "{a: b}",
    "a, b",
    "'",
    "\"",
    "it's",
    "say \"no\"",
    "${Token[TOKEN.12]}",
    "#{Token[TOKEN.1]}",
    "${AWS::Region}",
    "\\",
    "C:\\a",
    "Ref",
    "Condition",
    "Fn::Sub",
    "Fn::GetAtt",
];

const PIECES: &[&str] = &[
    "a", "line", " ", "  ", "\n", "\n", "\n\n", "\t", "\r", "\r\n", "\"", "'", "\\", ":", ": ", "#", " #", "-", "- ",
    "{", "}", "[", "]", ",", "&", "*", "!", "|", ">", "%", "@", "`", "~", "\0", "\u{7}", "\u{7f}", "\u{85}", "\u{a0}",
    "\u{2028}", "\u{2029}", "\u{feff}", "\u{fffe}", "\u{ffff}", "é", "漢", "😀", "${A}", "---", "...",
];

fn key() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[A-Za-z]{1,8}", 1 => text(), 1 => Just("k".repeat(1500))]
}

fn function() -> impl Strategy<Value = Function> {
    prop::sample::select(Function::ALL.to_vec())
}

/// A map that no reader takes for an intrinsic function: what is one becomes one.
fn map(entries: Vec<(String, Value)>) -> Value {
    let map: Map = entries.into_iter().map(|(key, value)| (key.into(), value)).collect();
    let only = if map.len() == 1 { map.iter().next() } else { None };
    match only.and_then(|(key, argument)| Some((Function::from_name(key)?, argument.clone()))) {
        Some((function, argument)) => intrinsic(function, argument),
        None => Value::Map(map),
    }
}

/// `Ref` and `Condition` are functions only with a string, `Ref` also with a function that gives one.
fn intrinsic(function: Function, argument: Value) -> Value {
    match (function, &argument) {
        (Function::Ref | Function::Condition, Value::String(_)) | (Function::Ref, Value::Intrinsic(_)) => {
            Value::call(function, argument)
        }
        (Function::Ref | Function::Condition, _) => {
            Value::Map([(function.name().to_owned().into(), argument)].into_iter().collect())
        }
        _ => Value::call(function, argument),
    }
}

/// Calls `visit` with every value and its path. Intrinsic functions are walked as the maps of their long form.
pub(crate) fn walk<'a>(value: &'a Value, visit: &mut impl FnMut(&[Segment<'a>], &'a Value)) {
    walk_from(value, &mut Vec::new(), visit);
}

fn walk_from<'a>(value: &'a Value, path: &mut Vec<Segment<'a>>, visit: &mut impl FnMut(&[Segment<'a>], &'a Value)) {
    visit(path, value);
    let mut child = |segment, child, visit: &mut _| {
        path.push(segment);
        walk_from(child, path, visit);
        path.pop();
    };
    match value {
        Value::List(elements) => {
            for (index, element) in elements.iter().enumerate() {
                child(Segment::Index(index), element, visit);
            }
        }
        Value::Map(map) => {
            for (key, member) in map.iter() {
                child(Segment::Key(key), member, visit);
            }
        }
        Value::Intrinsic(intrinsic) => child(Segment::Key(intrinsic.function.name()), &intrinsic.argument, visit),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
