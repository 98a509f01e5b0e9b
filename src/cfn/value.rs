//! The values of CloudFormation: literals, intrinsic functions and CDK tokens, in one tree.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::{Function, Intrinsic, Map};
use crate::cfn::Gather as _;

/// Text that costs nothing when it is known at compile time.
pub type Text = Cow<'static, str>;

/// A number as JSON knows it. Whole numbers stay whole; everything else is a double that is written with as many
/// digits as it takes to read the same double again (CDK's number tokens are huge negative doubles).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number.
    Int(i64),
    /// Any other number, always finite.
    Float(f64),
}

/// A value in a template: a literal, or an intrinsic function whose result CloudFormation computes.
///
/// CDK's encoded tokens (`${Token[…]}`) are ordinary strings here and pass through untouched; ask
/// [`Value::is_literal`] before a value is compared or measured.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    /// JSON's `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string, perhaps with a CDK token in it.
    String(Text),
    /// A list.
    List(Vec<Value>),
    /// A map with its keys in the order in which they were written.
    Map(Map),
    /// An intrinsic function, such as `Ref` or `Fn::Join`.
    Intrinsic(Box<Intrinsic>),
}

impl Value {
    /// `{"Ref": …}` to a logical ID, a parameter or a pseudo parameter.
    #[must_use]
    pub fn reference(target: impl Into<Text>) -> Self {
        Self::call(Function::Ref, Self::String(target.into()))
    }

    /// `{"Fn::GetAtt": [resource, attribute]}`.
    #[must_use]
    pub fn attribute(resource: impl Into<Text>, attribute: impl Into<Text>) -> Self {
        Self::call(Function::GetAtt, Self::List(vec![Self::String(resource.into()), Self::String(attribute.into())]))
    }

    /// `{"Fn::Sub": template}` for a template that names what it substitutes. Never put a CDK token inside: use
    /// [`Value::join`].
    #[must_use]
    pub fn sub(template: impl Into<Text>) -> Self {
        Self::call(Function::Sub, Self::String(template.into()))
    }

    /// The parts one after another: a plain string when all are literal, otherwise `Fn::Join` with neighbouring
    /// literals merged and the parts of inner joins that have no delimiter among its own.
    #[must_use]
    pub fn join<I>(parts: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Value>,
    {
        let mut merged: Vec<Value> = Vec::new();
        for part in parts {
            push_part(&mut merged, part.into());
        }
        Self::joined(merged)
    }

    fn joined(mut merged: Vec<Self>) -> Self {
        match merged.len() {
            0 => Self::from(""),
            1 => merged.pop().unwrap_or_default(),
            _ => Self::call(Function::Join, Self::List(vec![Self::from(""), Self::List(merged)])),
        }
    }

    /// `{"Fn::Select": [index, list]}`.
    #[must_use]
    pub fn select(index: usize, list: impl Into<Value>) -> Self {
        let index = i64::try_from(index).unwrap_or(i64::MAX);
        Self::call(Function::Select, Self::List(vec![Self::from(index), list.into()]))
    }

    /// An intrinsic function applied to its argument.
    #[must_use]
    pub fn call(function: Function, argument: Value) -> Self {
        Self::Intrinsic(Box::new(Intrinsic { function, argument }))
    }

    /// A list of values.
    #[must_use]
    pub fn list<I>(items: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Value>,
    {
        Self::List(items.into_iter().map(Into::into).gather())
    }

    /// A map of values, keys in the order given. A key given twice keeps its last value.
    #[must_use]
    pub fn map<K, V, I>(entries: I) -> Self
    where
        K: Into<Text>,
        V: Into<Value>,
        I: IntoIterator<Item = (K, V)>,
    {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value.into())).gather())
    }

    /// The string, when this is a string (a token included).
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number, when this is one.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Number(Number::Int(number)) => Some(*number),
            _ => None,
        }
    }

    /// The boolean, when this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The list, when this is one.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The map, when this is one (an intrinsic function is none).
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The intrinsic function, when this is one.
    #[must_use]
    pub fn as_intrinsic(&self) -> Option<&Intrinsic> {
        match self {
            Self::Intrinsic(intrinsic) => Some(intrinsic),
            _ => None,
        }
    }

    /// The value under `key`, when this is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map().and_then(|map| map.get(key))
    }

    /// Hands on the values directly inside of this one: the elements of a list, the values of a map, the argument of a function.
    pub fn each_part<'v>(&'v self, take: &mut dyn FnMut(&'v Self)) {
        match self {
            Self::List(items) => items.iter().for_each(take),
            Self::Map(map) => map.iter().for_each(|(_, value)| take(value)),
            Self::Intrinsic(intrinsic) => take(&intrinsic.argument),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => {}
        }
    }

    /// Whether one of the values directly inside of this one is so; nothing is looked at after the first.
    #[must_use]
    pub fn any_part(&self, is_so: &dyn Fn(&Self) -> bool) -> bool {
        match self {
            Self::List(items) => items.iter().any(is_so),
            Self::Map(map) => map.iter().any(|(_, value)| is_so(value)),
            Self::Intrinsic(intrinsic) => is_so(&intrinsic.argument),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => false,
        }
    }

    /// Whether everything in this value is known now: no intrinsic function and no CDK token anywhere in it.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        match self {
            Self::Null | Self::Bool(_) => true,
            Self::Number(number) => !number.is_token(),
            Self::String(text) => !is_token_text(text),
            Self::List(items) => items.iter().all(Self::is_literal),
            Self::Map(map) => map.iter().all(|(key, value)| !is_token_text(key) && value.is_literal()),
            Self::Intrinsic(_) => false,
        }
    }

    /// Whether this is the element by which CDK stands for a whole list that is known at deployment only; it must stay the
    /// only element of its list.
    #[must_use]
    pub fn is_list_token(&self) -> bool {
        self.as_str().is_some_and(|text| text.starts_with("#{Token["))
    }

    /// What kind of value this is, in words for a message.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Intrinsic(_) => "an intrinsic function",
        }
    }
}

/// Puts a part of a join behind the others.
#[inline(never)]
fn push_part(parts: &mut Vec<Value>, part: Value) {
    match (parts.last_mut(), plain_join(part)) {
        (_, Ok(inner)) => inner.into_iter().for_each(|part| push_part(parts, part)),
        (Some(Value::String(before)), Err(Value::String(after))) => before.to_mut().push_str(&after),
        (_, Err(part)) => parts.push(part),
    }
}

/// The parts of a `Fn::Join` without a delimiter, or the value as it was.
fn plain_join(value: Value) -> Result<Vec<Value>, Value> {
    match value {
        Value::Intrinsic(mut call) if call.function == Function::Join => {
            if let Value::List(arguments) = &mut call.argument
                && let [Value::String(delimiter), Value::List(parts)] = arguments.as_mut_slice()
                && delimiter.is_empty()
            {
                return Ok(std::mem::take(parts));
            }
            Err(Value::Intrinsic(call))
        }
        value => Err(value),
    }
}

/// Whether `text` holds one of CDK's encoded tokens, as a string (`${Token[…]}`) or as a list element (`#{Token[…]}`).
#[must_use]
pub fn is_token_text(text: &str) -> bool {
    text.contains("${Token[") || text.contains("#{Token[")
}

/// CDK encodes a number token as a double whose upper bits are this pattern, which no sensible setting ever reaches.
const NUMBER_TOKEN_LIMIT: f64 = -1.0e280;

impl Number {
    /// Whether this is one of CDK's encoded number tokens (a double far below any setting, see
    /// `aws-cdk-lib/core/lib/private/encoding.ts`).
    #[must_use]
    pub fn is_token(self) -> bool {
        matches!(self, Self::Float(number) if number < NUMBER_TOKEN_LIMIT)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::Float(number) => serializer.serialize_f64(*number),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::List(items) => {
                let mut sequence = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    sequence.serialize_element(item)?;
                }
                sequence.end()
            }
            Self::Map(map) => map.serialize(serializer),
            Self::Intrinsic(intrinsic) => {
                let mut entry = serializer.serialize_map(Some(1))?;
                entry.serialize_entry(intrinsic.function.name(), &intrinsic.argument)?;
                entry.end()
            }
        }
    }
}

impl From<&'static str> for Value {
    fn from(text: &'static str) -> Self {
        Self::String(Cow::Borrowed(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(Cow::Owned(text))
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

macro_rules! from_whole_number {
    ($($number:ty),+) => {$(
        impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Number(Number::Int(i64::from(number)))
            }
        }
    )+};
}

from_whole_number!(i64, i32, u32, u16, u8);

impl From<f64> for Value {
    /// Whole doubles become whole numbers; one that is not finite becomes `null`, as in JSON.
    fn from(number: f64) -> Self {
        const WHOLE_LIMIT: f64 = 9_007_199_254_740_992.0;
        if !number.is_finite() {
            return Self::Null;
        }
        if number.fract() == 0.0 && number.abs() < WHOLE_LIMIT {
            #[expect(clippy::cast_possible_truncation, reason = "checked: whole and below 2^53")]
            return Self::Number(Number::Int(number as i64));
        }
        Self::Number(Number::Float(number))
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl From<Intrinsic> for Value {
    fn from(intrinsic: Intrinsic) -> Self {
        Self::Intrinsic(Box::new(intrinsic))
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::list(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joining_literals_gives_a_plain_string() {
        assert_eq!(Value::join(["arn:", "aws"]), Value::from("arn:aws"));
    }

    #[test]
    fn joining_merges_neighbouring_literals() {
        let joined = Value::join([Value::from("a"), Value::from("b"), Value::reference("X"), Value::from("c")]);
        let written = serde_json::to_string(&joined).unwrap();
        assert_eq!(written, r#"{"Fn::Join":["",["ab",{"Ref":"X"},"c"]]}"#);
    }

    #[test]
    fn joining_takes_the_parts_of_inner_joins() {
        let inner = Value::join([Value::from("b"), Value::reference("X"), Value::from("c")]);
        let joined = Value::join([Value::from("a"), inner.clone(), Value::from("d"), inner]);
        let written = serde_json::to_string(&joined).unwrap();
        assert_eq!(written, r#"{"Fn::Join":["",["ab",{"Ref":"X"},"cdb",{"Ref":"X"},"c"]]}"#);
        let commas =
            Value::call(Function::Join, Value::List(vec![Value::from(","), Value::list([Value::reference("X")])]));
        let written = serde_json::to_string(&Value::join([Value::from("a"), commas])).unwrap();
        assert_eq!(written, r#"{"Fn::Join":["",["a",{"Fn::Join":[",",[{"Ref":"X"}]]}]]}"#);
    }

    #[test]
    fn a_token_is_not_a_literal() {
        assert!(!Value::from("${Token[TOKEN.12]}").is_literal());
        assert!(!Value::from(-1.888_154_589_708_784_6e289).is_literal());
        assert!(Value::from("vpc-1").is_literal());
    }
}
