//! What a value in a spec may look like, as data: the JSON Schema, the documentation and the messages come from it.

use super::decode::quoted;
use crate::cfn::Gather as _;
use crate::cfn::double;

/// The shape of a value.
#[derive(Clone, Debug)]
pub enum Shape {
    /// `true` or `false`.
    Boolean,
    /// A whole number from `min` to `max`, both included.
    Integer {
        /// The smallest value allowed.
        min: i64,
        /// The largest value allowed.
        max: i64,
    },
    /// A number from `min` to `max`, both included.
    Number {
        /// The smallest value allowed.
        min: f64,
        /// The largest value allowed.
        max: f64,
    },
    /// A string.
    Text(TextShape),
    /// One of a few words.
    Choice(&'static ChoiceShape),
    /// A list of values of one shape.
    List(Box<Shape>),
    /// A map from names to values of one shape.
    Map {
        /// What the keys are, such as `a service name`.
        key: TextShape,
        /// The shape of each value.
        value: Box<Shape>,
    },
    /// A map with known keys.
    Struct(&'static StructShape),
    /// Any of several shapes.
    OneOf(Vec<Shape>),
    /// The shape, or an intrinsic function or CDK token in its place.
    OrToken(Box<Shape>),
    /// Anything at all.
    Any,
}

/// A string of a certain form.
#[derive(Clone, Copy, Debug)]
pub struct TextShape {
    /// What it is, with its article: `an account number`.
    pub what: &'static str,
    /// A regular expression in the common subset of JSON Schema, or nothing when any text will do.
    pub pattern: &'static str,
    /// A value that is right.
    pub example: &'static str,
}

/// One of a few words.
#[derive(Debug)]
pub struct ChoiceShape {
    /// The name of the type.
    pub name: &'static str,
    /// The words as they are written in a spec.
    pub words: &'static [&'static str],
}

/// A map with known keys.
#[derive(Debug)]
pub struct StructShape {
    /// The name of the definition in the JSON Schema.
    pub name: &'static str,
    /// Its keys in the order of the documentation.
    pub keys: &'static [&'static str],
}

/// What the schema and the documentation say of a type beyond its shape. Reading needs none of it: whoever reads only does
/// not carry it along.
#[derive(Clone, Copy, Debug)]
pub enum Page {
    /// Of a map with known keys.
    Struct {
        /// The name of the type.
        name: &'static str,
        /// What it is for.
        doc: &'static str,
        /// Its members in the order of the documentation.
        fields: fn() -> Vec<Field>,
    },
    /// Of a choice.
    Choice {
        /// The name of the type.
        name: &'static str,
        /// What each word stands for.
        docs: &'static [&'static str],
    },
}

/// One member of a [`StructShape`].
#[derive(Debug)]
pub struct Field {
    /// The key in the spec.
    pub key: &'static str,
    /// What it is for.
    pub doc: &'static str,
    /// The shape of its value.
    pub shape: Shape,
    /// What is taken when it is left out; nothing when it must be given.
    pub default: Option<crate::cfn::Value>,
}

impl Shape {
    /// What a value of this shape is, in words for a message.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Boolean => "`true` or `false`".to_owned(),
            Self::Integer { min, max } => format!("a whole number from {min} to {max}"),
            Self::Number { min, max } => {
                format!("a number from {} to {}", double::shown(*min), double::shown(*max))
            }
            Self::Text(text) => text.what.to_owned(),
            Self::Choice(choice) => format!("one of {}", quoted(choice.words)),
            Self::List(_) => "a list".to_owned(),
            Self::Map { .. } | Self::Struct(_) => "a map".to_owned(),
            Self::OneOf(shapes) => {
                let words: Vec<String> = shapes.iter().map(Self::describe).gather();
                words.join(" or ")
            }
            Self::OrToken(shape) => shape.describe(),
            Self::Any => "any value".to_owned(),
        }
    }
}
