//! The simple values of a spec: booleans, numbers, strings of a certain form, lists and maps of them.

use crate::cfn::{Gather as _, GatherMore as _};
use crate::cfn::{Map, Number, OrderedMap, Text, Value};
use crate::diagnostics::codes;

use super::decode::{Decoder, SpecType, closest, quoted};
use super::mending::{as_name, shown_text};
use super::shape::{ChoiceShape, Shape, TextShape};

/// A value that may also be an intrinsic function or a CDK token, which passes through untouched.
#[derive(Clone, Debug, PartialEq)]
pub enum Input<T> {
    /// A value that is known now.
    Known(T),
    /// A value that is known at deployment only.
    Token(Value),
}

impl<T> Default for Input<T> {
    /// Not known: what must be set and is not.
    fn default() -> Self {
        Self::Token(Value::Null)
    }
}

impl<T> From<T> for Input<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T> Input<T> {
    /// The value, when it is known now.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Token(_) => None,
        }
    }
}

impl<T: SpecType> Input<T> {
    /// The value as it goes into a template.
    #[must_use]
    pub fn to_value(&self) -> Value {
        self.encode()
    }
}

impl<T: SpecType> SpecType for Input<T> {
    fn shape() -> Shape {
        Shape::OrToken(Box::new(T::shape()))
    }

    fn decode(value: &Value, reader: &mut Decoder) -> Option<Self> {
        if let Some(token) = reader.token(value) {
            return Some(Self::Token(token));
        }
        // What no sense can be made of was reported: it is as unknown as a token to whatever is judged after it.
        Some(T::decode(value, reader).map_or(Self::Token(Value::Null), Self::Known))
    }

    fn encode(&self) -> Value {
        match self {
            Self::Known(value) => value.encode(),
            Self::Token(value) => value.clone(),
        }
    }
}

impl SpecType for bool {
    fn shape() -> Shape {
        Shape::Boolean
    }

    fn decode(value: &Value, reader: &mut Decoder) -> Option<Self> {
        value.as_bool().or_else(|| {
            reader.wrong_kind(value, &Self::shape());
            None
        })
    }

    fn encode(&self) -> Value {
        Value::from(*self)
    }
}

/// A whole number from `MIN` to `MAX`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whole<const MIN: i64, const MAX: i64>(pub i64);

impl<const MIN: i64, const MAX: i64> Default for Whole<MIN, MAX> {
    fn default() -> Self {
        Self(MIN)
    }
}

impl<const MIN: i64, const MAX: i64> From<i64> for Whole<MIN, MAX> {
    fn from(number: i64) -> Self {
        Self(number)
    }
}

impl<const MIN: i64, const MAX: i64> From<i64> for Input<Whole<MIN, MAX>> {
    fn from(number: i64) -> Self {
        Self::Known(Whole(number))
    }
}

impl<const MIN: i64, const MAX: i64> Input<Whole<MIN, MAX>> {
    /// The number, when it is known now.
    #[must_use]
    pub fn number(&self) -> Option<i64> {
        self.known().map(|number| number.0)
    }

    /// The number where a template wants text, such as the value of an attribute.
    #[must_use]
    pub fn to_text(&self) -> Value {
        as_text(self.encode())
    }
}

/// A number as text; anything else as it is.
fn as_text(value: Value) -> Value {
    match value {
        Value::Number(Number::Int(number)) => Value::from(number.to_string()),
        other => other,
    }
}

impl<const MIN: i64, const MAX: i64> SpecType for Whole<MIN, MAX> {
    fn shape() -> Shape {
        Shape::Integer { min: MIN, max: MAX }
    }

    fn decode(value: &Value, reader: &mut Decoder) -> Option<Self> {
        whole_within(value, reader, MIN, MAX).map(Self)
    }

    fn encode(&self) -> Value {
        Value::from(self.0)
    }
}

/// The whole number that a value is, however it is written: `1000`, `1e3` and `1000.0` are the same in JSON.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(Number::Float(number)) => Value::from(*number).as_int(),
        other => other.as_int(),
    }
}

#[inline(never)]
fn whole_within(value: &Value, reader: &mut Decoder, min: i64, max: i64) -> Option<i64> {
    let shape = Shape::Integer { min, max };
    let Some(number) = whole(value) else {
        reader.wrong_kind(value, &shape);
        return None;
    };
    if (min..=max).contains(&number) {
        return Some(number);
    }
    let help = format!("give {}", shape.describe());
    reader.report(codes::OUT_OF_RANGE, format!("`{number}` is out of range"), Some(help));
    None
}

impl SpecType for f64 {
    fn shape() -> Shape {
        Shape::Number { min: f64::MIN, max: f64::MAX }
    }

    fn decode(value: &Value, reader: &mut Decoder) -> Option<Self> {
        match value {
            #[expect(clippy::cast_precision_loss, reason = "settings are far below 2^53")]
            Value::Number(Number::Int(number)) => Some(*number as Self),
            Value::Number(Number::Float(number)) => Some(*number),
            other => {
                reader.wrong_kind(other, &Self::shape());
                None
            }
        }
    }

    fn encode(&self) -> Value {
        Value::from(*self)
    }
}

/// Any text.
const ANY_TEXT: TextShape = TextShape { what: "a string", pattern: "", example: "text" };

impl SpecType for Text {
    fn shape() -> Shape {
        Shape::Text(ANY_TEXT)
    }

    fn decode(value: &Value, reader: &mut Decoder) -> Option<Self> {
        if let Value::String(text) = value
            && value.is_literal()
        {
            return Some(text.clone());
        }
        reader.wrong_kind(value, &Self::shape());
        None
    }

    fn encode(&self) -> Value {
        Value::from(self.clone())
    }
}

impl From<&'static str> for Input<Text> {
    fn from(text: &'static str) -> Self {
        Self::Known(Text::Borrowed(text))
    }
}

impl From<String> for Input<Text> {
    fn from(text: String) -> Self {
        Self::Known(Text::Owned(text))
    }
}

impl<T: SpecType> SpecType for Option<T> {
    fn shape() -> Shape {
        T::shape()
    }

    fn decode(value: &Value, reader: &mut Decoder) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::decode(value, reader).map(Some),
        }
    }

    fn encode(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::encode)
    }
}

impl<T: SpecType> SpecType for Vec<T> {
    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }

    fn decode(value: &Value, reader: &mut Decoder) -> Option<Self> {
        let Some(items) = value.as_list() else {
            reader.wrong_kind(value, &Self::shape());
            return None;
        };
        let mut decoded = Self::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            decoded.gather_more(reader.within(&index.to_string(), |reader| T::decode(item, reader)));
        }
        (decoded.len() == items.len()).then_some(decoded)
    }

    fn encode(&self) -> Value {
        Value::List(self.iter().map(T::encode).gather())
    }
}

/// A list that may be written as its only element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneOrMore<T>(pub Vec<T>);

impl<T> Default for OneOrMore<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: SpecType> SpecType for OneOrMore<T> {
    fn shape() -> Shape {
        Shape::OneOf(vec![T::shape(), Shape::List(Box::new(T::shape()))])
    }

    fn decode(value: &Value, reader: &mut Decoder) -> Option<Self> {
        match value {
            Value::List(_) => Vec::decode(value, reader).map(Self),
            other => T::decode(other, reader).map(|only| Self(vec![only])),
        }
    }

    fn encode(&self) -> Value {
        self.0.encode()
    }
}

/// A map from names of the user's choice, in the order of the names.
pub type Named<T> = OrderedMap<Text, T>;

/// The names that a user may choose: they become parts of construct paths.
const NAME: TextShape = TextShape {
    what: "a name of at most 63 letters, digits, `-` and `_` that begins with a letter",
    pattern: "^[A-Za-z][A-Za-z0-9_-]{0,62}$",
    example: "orders-api",
};

/// Whether `text` may name a service, a consumer or the like.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    text.len() <= 63
        && characters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && characters.all(|next| next.is_ascii_alphanumeric() || next == '-' || next == '_')
}

impl<T: SpecType> SpecType for Named<T> {
    fn shape() -> Shape {
        Shape::Map { key: NAME, value: Box::new(T::shape()) }
    }

    fn decode(value: &Value, reader: &mut Decoder) -> Option<Self> {
        decode_map(value, reader, Self::shape, check_name)
    }

    fn encode(&self) -> Value {
        self.iter().map(|(key, value)| (key.clone(), value.encode())).gather::<Map>().into()
    }
}

/// Whether a key of the user's choice is right; reports one that is not.
fn check_name(key: &str, reader: &mut Decoder) -> bool {
    let right = is_name(key);
    if !right {
        let allowed = |next: char| next.is_ascii_alphanumeric() || next == '-' || next == '_';
        let name = as_name(key, allowed, is_name);
        let help = format!("write it like `{}`", name.as_deref().unwrap_or(NAME.example));
        reader.report_key(codes::BAD_VALUE, format!("{} is not {}", shown_text(key), NAME.what), help);
    }
    right
}

/// Reads a map with keys of the user's choice.
///
/// Members go in one by one: collecting them would sort first, and a sort per type of member is much code.
fn decode_map<T: SpecType>(
    value: &Value,
    reader: &mut Decoder,
    shape: fn() -> Shape,
    check_key: fn(&str, &mut Decoder) -> bool,
) -> Option<OrderedMap<Text, T>> {
    let map = reader.any_map(value, shape)?;
    let mut decoded = OrderedMap::new();
    let mut sensible = true;
    for (key, item) in map.iter() {
        let read = reader.within(key, |reader| (check_key(key, reader), T::decode(item, reader)));
        match read {
            (true, Some(item)) => drop(decoded.insert(key.clone(), item)),
            _ => sensible = false,
        }
    }
    sensible.then_some(decoded)
}

/// A map whose keys are any text: environment variables, tags.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FreeMap<T>(pub OrderedMap<Text, T>);

impl<T: SpecType> SpecType for FreeMap<T> {
    fn shape() -> Shape {
        Shape::Map { key: ANY_TEXT, value: Box::new(T::shape()) }
    }

    fn decode(value: &Value, reader: &mut Decoder) -> Option<Self> {
        decode_map(value, reader, Self::shape, |_, _| true).map(Self)
    }

    fn encode(&self) -> Value {
        self.0.iter().map(|(key, value)| (key.clone(), value.encode())).gather::<Map>().into()
    }
}

/// Any value: what an escape hatch takes.
impl SpecType for Value {
    fn shape() -> Shape {
        Shape::Any
    }

    fn decode(value: &Value, _reader: &mut Decoder) -> Option<Self> {
        Some(value.clone())
    }

    fn encode(&self) -> Value {
        self.clone()
    }
}

/// Reads one of a few words and gives its number; used by the choices.
pub(crate) fn word(value: &Value, reader: &mut Decoder, choice: &'static ChoiceShape) -> Option<usize> {
    let Some(text) = value.as_str().filter(|_| value.is_literal()) else {
        reader.wrong_kind(value, &Shape::Choice(choice));
        return None;
    };
    let words = choice.words;
    if let Some(chosen) = words.iter().position(|word| *word == text) {
        return Some(chosen);
    }
    let help = match closest(text, words.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("choose one of {}", quoted(words)),
    };
    reader.report(codes::BAD_VALUE, format!("{} is not one of the choices", shown_text(text)), Some(help));
    None
}

/// Declares a string of a certain form with the function that checks it.
macro_rules! spec_text {
    ($(#[doc = $doc:literal])* $name:ident, $what:literal, $pattern:literal, $example:literal, $check:expr) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub $crate::cfn::Text);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&'static str> for $name {
            fn from(text: &'static str) -> Self {
                Self(text.into())
            }
        }

        impl From<&'static str> for $crate::spec::scalar::Input<$name> {
            fn from(text: &'static str) -> Self {
                Self::Known($name(text.into()))
            }
        }

        impl $crate::spec::decode::SpecType for $name {
            fn shape() -> $crate::spec::shape::Shape {
                $crate::spec::shape::Shape::Text($crate::spec::shape::TextShape {
                    what: $what,
                    pattern: $pattern,
                    example: $example,
                })
            }

            fn decode(
                value: &$crate::cfn::Value,
                reader: &mut $crate::spec::decode::Decoder,
            ) -> Option<Self> {
                let text = $crate::spec::scalar::checked_text(value, reader, $check, Self::shape)?;
                Some(Self(text))
            }

            fn encode(&self) -> $crate::cfn::Value {
                $crate::cfn::Value::from(self.0.clone())
            }
        }
    };
}

pub(crate) use spec_text;

/// What a check of text answers: nothing when the text is right, otherwise how to mend it, when that can be told.
pub(crate) type Checked = Result<(), Option<String>>;

/// Reads text that `check` accepts.
pub(crate) fn checked_text(
    value: &Value,
    reader: &mut Decoder,
    check: fn(&str) -> Checked,
    shape: fn() -> Shape,
) -> Option<Text> {
    let Some(text) = value.as_str().filter(|_| value.is_literal()) else {
        reader.wrong_kind(value, &shape());
        return None;
    };
    let Err(help) = check(text) else { return Some(text.to_owned().into()) };
    let Shape::Text(form) = shape() else { return None };
    let help = help.unwrap_or_else(|| format!("write it like `{}`", form.example));
    reader.report(codes::BAD_VALUE, format!("{} is not {}", shown_text(text), form.what), help);
    None
}
