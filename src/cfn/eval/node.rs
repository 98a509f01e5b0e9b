//! A value of a template as it is in one world, looked at step by step.

use std::borrow::Cow;

use super::pieces::{self, Piece};
use super::{Because, Evaluation, Field, ResourceId};
use crate::cfn::Gather as _;
use crate::cfn::value::is_token_text;
use crate::cfn::{Map, Number, Value};

/// What AWS gives to a resource when it is made: its name, or one of its attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attribute<'a> {
    /// The resource.
    pub resource: ResourceId,
    /// The attribute, empty for what `Ref` gives.
    pub name: &'a str,
}

/// What tells one thing from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identity<'a> {
    /// A resource of the app.
    Resource(ResourceId),
    /// An attribute of a resource that stands for something else, such as the default security group of a VPC.
    Attribute(Attribute<'a>),
    /// Something outside, by its ID or ARN.
    Outside(Cow<'a, str>),
    /// Something outside that is not known, but is the same wherever the same parameter or import is.
    Unnamed(Because<'a>),
}

impl Identity<'_> {
    /// Whether it is known which thing it is: a resource, or something outside by its ID. Parameters that may be left out have
    /// an empty one by default.
    #[must_use]
    pub fn is_named(&self) -> bool {
        match self {
            Self::Resource(_) => true,
            Self::Outside(id) => !id.is_empty(),
            Self::Attribute(_) | Self::Unnamed(_) => false,
        }
    }
}

/// A value of a template in one world. An intrinsic function at its head is resolved; what is inside is resolved when it is
/// asked for.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    evaluation: &'a Evaluation<'a>,
    template: u32,
    shape: Shape<'a>,
}

/// What a value is at its head.
#[derive(Clone, Debug)]
pub(super) enum Shape<'a> {
    Absent,
    /// A literal, a list or a map as written.
    Plain(&'a Value),
    /// Text that was worked out.
    Text(String),
    /// Text of which not all is known.
    Pieces(Vec<Piece<'a>>),
    /// A list that was worked out.
    List(Vec<Node<'a>>),
    Attribute(Attribute<'a>),
    Unknown(Because<'a>),
}

impl<'a> Node<'a> {
    pub(super) fn new(evaluation: &'a Evaluation<'a>, template: u32, shape: Shape<'a>) -> Self {
        Self { evaluation, template, shape }
    }

    pub(super) fn shape(&self) -> &Shape<'a> {
        &self.shape
    }

    /// The evaluation that it is part of.
    #[must_use]
    pub fn evaluation(&self) -> &'a Evaluation<'a> {
        self.evaluation
    }

    /// The template in which the value is written.
    #[must_use]
    pub fn template(&self) -> u32 {
        self.template
    }

    /// Whether nobody set it.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self.shape, Shape::Absent)
    }

    /// Why it is not known at all.
    #[must_use]
    pub fn because(&self) -> Option<Because<'a>> {
        match self.shape {
            Shape::Unknown(because) => Some(because),
            Shape::Attribute(attribute) => Some(Because::Attribute(attribute)),
            _ => None,
        }
    }

    /// The value of a key: absent when this is absent or has no such key, unknown when this is unknown.
    #[must_use]
    pub fn get(&self, key: &str) -> Self {
        let shape = match &self.shape {
            Shape::Plain(Value::Map(map)) => match map.get(key) {
                Some(value) => return self.evaluation.node(self.template, value),
                None => Shape::Absent,
            },
            Shape::Absent => Shape::Absent,
            Shape::Unknown(because) => Shape::Unknown(*because),
            _ => Shape::Unknown(Because::Malformed),
        };
        Self { shape, ..*self }
    }

    /// The value at the end of a path of keys, separated by `/`.
    #[must_use]
    pub fn at(&self, path: &str) -> Self {
        match first_step(path) {
            None => self.get(path),
            Some((first, rest)) => self.get(first).at(rest),
        }
    }

    /// Whether it is written as a list, and not as a single value that counts as one.
    #[must_use]
    pub fn is_list(&self) -> bool {
        matches!(self.shape, Shape::List(_) | Shape::Plain(Value::List(_)))
    }

    /// Whether it is written as a map.
    #[must_use]
    pub fn is_map(&self) -> bool {
        self.map().is_known()
    }

    /// The elements of a list. Elements that are `AWS::NoValue` are left out; a single value counts as a list of it, as
    /// CloudFormation has it.
    #[must_use]
    pub fn items(&self) -> Field<'a, Vec<Self>> {
        match &self.shape {
            Shape::Absent => Field::Absent,
            Shape::Plain(Value::List(items)) => {
                let nodes = items.iter().map(|item| self.evaluation.node(self.template, item));
                Field::Known(nodes.filter(|node| !node.is_absent()).gather())
            }
            Shape::List(items) => Field::Known(items.clone()),
            // The account, the Region and their like are never lists.
            Shape::Unknown(Because::Pseudo(name)) if *name != "AWS::NotificationARNs" => {
                Field::Known(vec![self.clone()])
            }
            Shape::Unknown(because) => Field::Unknown(*because),
            Shape::Plain(Value::Map(_)) | Shape::Pieces(_) | Shape::Text(_) | Shape::Plain(_) | Shape::Attribute(_) => {
                Field::Known(vec![self.clone()])
            }
        }
    }

    /// The elements of a list that are known to be there; nothing when it is absent or unknown.
    #[must_use]
    pub fn known_items(&self) -> Vec<Self> {
        self.items().known().unwrap_or_default()
    }

    /// The entries of a map, without those that are `AWS::NoValue`.
    #[must_use]
    pub fn entries(&self) -> Field<'a, Vec<(&'a str, Self)>> {
        match self.map() {
            Field::Absent => Field::Absent,
            Field::Unknown(because) => Field::Unknown(because),
            Field::Known(map) => {
                let entries = map.iter().map(|(key, value)| (key.as_ref(), self.evaluation.node(self.template, value)));
                Field::Known(entries.filter(|(_, node)| !node.is_absent()).gather())
            }
        }
    }

    fn map(&self) -> Field<'a, &'a Map> {
        match &self.shape {
            Shape::Absent => Field::Absent,
            Shape::Plain(Value::Map(map)) => Field::Known(map),
            Shape::Unknown(because) => Field::Unknown(*because),
            _ => Field::Unknown(Because::Malformed),
        }
    }

    /// The text, numbers and booleans included as CloudFormation writes them.
    #[must_use]
    pub fn text(&self) -> Field<'a, Cow<'a, str>> {
        match &self.shape {
            Shape::Absent => Field::Absent,
            Shape::Text(text) => Field::Known(Cow::Owned(text.clone())),
            Shape::Plain(value) => match pieces::scalar(value) {
                None => Field::Unknown(Because::Malformed),
                Some(text) => Field::Known(text),
            },
            Shape::Pieces(pieces) => Field::Unknown(first_hole(pieces)),
            Shape::Attribute(attribute) => Field::Unknown(Because::Attribute(*attribute)),
            Shape::List(_) => Field::Unknown(Because::Malformed),
            Shape::Unknown(because) => Field::Unknown(*because),
        }
    }

    /// The whole number, one written as text included.
    #[must_use]
    pub fn int(&self) -> Field<'a, i64> {
        match &self.shape {
            Shape::Plain(Value::Number(Number::Int(number))) => Field::Known(*number),
            #[expect(clippy::cast_possible_truncation, reason = "checked: whole, and far below 2^63")]
            Shape::Plain(Value::Number(Number::Float(number))) if number.fract() == 0.0 && number.abs() < 1e15 => {
                Field::Known(*number as i64)
            }
            _ => self.text().parse(|text| text.trim().parse().ok()),
        }
    }

    /// The boolean, `"true"` and `"false"` included.
    #[must_use]
    pub fn bool(&self) -> Field<'a, bool> {
        self.text().parse(|text| match text.as_ref() {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        })
    }

    /// The text in pieces: one when all of it is known, none when it is absent or empty.
    #[must_use]
    pub fn pieces(&self) -> Vec<Piece<'a>> {
        match &self.shape {
            Shape::Pieces(pieces) => pieces.clone(),
            Shape::Absent => Vec::new(),
            _ => match self.text() {
                Field::Absent => Vec::new(),
                Field::Known(text) => vec![Piece::Text(text)],
                Field::Unknown(because) => vec![Piece::Hole(because)],
            },
        }
    }

    /// What is referred to by `Ref` or by the attribute.
    #[must_use]
    pub fn attribute(&self) -> Option<Attribute<'a>> {
        match &self.shape {
            Shape::Attribute(attribute) => Some(*attribute),
            _ => None,
        }
    }

    /// The resource that is referred to, by whichever attribute: alone, or as the only resource in a text such as an ARN.
    #[must_use]
    pub fn resource(&self) -> Option<ResourceId> {
        match &self.shape {
            Shape::Attribute(attribute) => Some(attribute.resource),
            Shape::Pieces(pieces) => {
                let mut resources = pieces.iter().filter_map(|piece| match piece {
                    Piece::Hole(Because::Attribute(attribute)) => Some(attribute.resource),
                    _ => None,
                });
                let first = resources.next()?;
                resources.all(|other| other == first).then_some(first)
            }
            _ => None,
        }
    }

    /// What is referred to.
    #[must_use]
    pub fn identity(&self) -> Field<'a, Identity<'a>> {
        match &self.shape {
            Shape::Absent => Field::Absent,
            Shape::Attribute(attribute) => Field::Known(self.evaluation.identity_of(*attribute)),
            Shape::Unknown(Because::Malformed | Because::Limit) => Field::Unknown(Because::Malformed),
            Shape::Unknown(because) => Field::Known(Identity::Unnamed(*because)),
            _ => match self.text() {
                Field::Absent => Field::Absent,
                Field::Known(text) => Field::Known(Identity::Outside(text)),
                Field::Unknown(because) => Field::Unknown(because),
            },
        }
    }

    /// The value as it is written, when it is a literal, a list or a map.
    #[must_use]
    pub fn written(&self) -> Option<&'a Value> {
        match self.shape {
            Shape::Plain(value) => Some(value),
            _ => None,
        }
    }
}

/// The first key of a path and the rest behind its slash; nothing when the path is one key. Keys are so short that looking at
/// byte after byte is the quickest.
pub(crate) fn first_step(path: &str) -> Option<(&str, &str)> {
    let slash = path.bytes().position(|byte| byte == b'/')?;
    path.get(..slash).zip(path.get(slash + 1..))
}

/// Whether there is an opening brace in a text; looks at eight bytes at once.
fn has_brace(text: &str) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let mut rest = text.as_bytes();
    while let Some((chunk, behind)) = rest.split_first_chunk::<8>() {
        // A byte that is none now is the only one from which one cannot be taken without its high bit being set.
        let others = u64::from_le_bytes(*chunk) ^ (ONES * b'{' as u64);
        if others.wrapping_sub(ONES) & !others & (ONES << 7) != 0 {
            return true;
        }
        rest = behind;
    }
    rest.contains(&b'{')
}

fn first_hole<'a>(pieces: &[Piece<'a>]) -> Because<'a> {
    let hole = |piece: &Piece<'a>| match piece {
        Piece::Hole(because) => Some(*because),
        Piece::Text(_) => None,
    };
    pieces.iter().find_map(hole).unwrap_or(Because::Malformed)
}

/// What a literal is at its head: itself, unless something in it is only known later.
pub(super) fn of_literal(value: &Value) -> Shape<'_> {
    match value {
        Value::Null => Shape::Absent,
        // Tokens and dynamic references have braces.
        Value::String(text) if !has_brace(text) => Shape::Plain(value),
        Value::String(text) if is_token_text(text) => Shape::Unknown(Because::Token),
        Value::Number(number) if number.is_token() => Shape::Unknown(Because::Token),
        Value::List(items) if matches!(items.as_slice(), [Value::String(text)] if is_token_text(text)) => {
            Shape::Unknown(Because::Token)
        }
        Value::String(text) if text.contains(pieces::DYNAMIC) => {
            let mut found = Vec::new();
            pieces::of_literal(text, &mut found);
            match found.as_slice() {
                [Piece::Hole(because)] => Shape::Unknown(*because),
                _ => Shape::Pieces(found),
            }
        }
        plain => Shape::Plain(plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brace_is_found_wherever_it_stands() {
        for length in 0..20 {
            // The letters next to it, and one that is not ASCII.
            let text: String = "zé|y".chars().cycle().take(length).collect();
            assert!(!has_brace(&text), "{text}");
            for (place, _) in text.char_indices() {
                let mut with = text.clone();
                with.insert(place, '{');
                assert!(has_brace(&with), "{with}");
            }
        }
    }

    #[test]
    fn a_path_is_its_first_key_and_the_rest() {
        assert_eq!(first_step("Tags"), None);
        assert_eq!(first_step("One/Two/Three"), Some(("One", "Two/Three")));
        assert_eq!(first_step("One/"), Some(("One", "")));
    }
}
