//! Text with holes: what `Fn::Sub` and `Fn::Join` give when not all that they put together is known.

use std::borrow::Cow;

use super::node::Shape;
use super::{Because, Field, Node};
use crate::cfn::Gather as _;
use crate::cfn::{Number, Value, double};

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// It reads like this.
    Text(Cow<'a, str>),
    /// Something stands here, for this reason not known.
    Hole(Because<'a>),
}

/// The longest text that is put together, in bytes: a budget of ours, a quarter of the largest template (1 MB), so that imports
/// that join one another again and again come to an end.
const MAX_BYTES: usize = 256 * 1024;

/// For how much text there is room at first.
const USUAL_BYTES: usize = 64;

/// Puts a text together.
#[derive(Debug, Default)]
pub(super) struct Builder<'a> {
    pieces: Vec<Piece<'a>>,
    bytes: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn text(&mut self, text: &str) {
        self.bytes += text.len();
        if self.bytes > MAX_BYTES {
            return;
        }
        match self.pieces.last_mut() {
            Some(Piece::Text(before)) => before.to_mut().push_str(text),
            _ if text.is_empty() => {}
            _ => {
                // More follows mostly: ARNs and image names have several dozen letters.
                let mut owned = String::with_capacity(text.len().max(USUAL_BYTES));
                owned.push_str(text);
                self.pieces.push(Piece::Text(Cow::Owned(owned)));
            }
        }
    }

    pub(super) fn hole(&mut self, because: Because<'a>) {
        self.bytes += 1;
        if self.bytes <= MAX_BYTES {
            self.pieces.push(Piece::Hole(because));
        }
    }

    /// Appends what a value reads like.
    pub(super) fn node(&mut self, node: &Node<'a>) {
        match node.shape() {
            Shape::Text(text) => self.text(text),
            Shape::Pieces(pieces) => pieces.iter().for_each(|piece| match piece {
                Piece::Text(text) => self.text(text),
                Piece::Hole(because) => self.hole(*because),
            }),
            _ => match node.text() {
                Field::Absent => {}
                Field::Known(text) => self.text(&text),
                Field::Unknown(because) => self.hole(because),
            },
        }
    }

    pub(super) fn finish(mut self) -> Shape<'a> {
        if self.bytes > MAX_BYTES {
            return Shape::Unknown(Because::Limit);
        }
        match (self.pieces.pop(), self.pieces.is_empty()) {
            (None, _) => Shape::Text(String::new()),
            (Some(Piece::Text(text)), true) => Shape::Text(text.into_owned()),
            // A text that is one resource's name alone is that name.
            (Some(Piece::Hole(Because::Attribute(attribute))), true) => Shape::Attribute(attribute),
            (Some(Piece::Hole(because)), true) => Shape::Unknown(because),
            (Some(last), false) => {
                self.pieces.push(last);
                Shape::Pieces(self.pieces)
            }
        }
    }
}

/// The parts of a text with holes between delimiters; nothing when a delimiter may be in a hole. It cannot be in what AWS
/// gives to one resource: IDs, names and ARNs have no commas.
pub(super) fn split<'a>(pieces: &[Piece<'a>], delimiter: &str) -> Option<Vec<Shape<'a>>> {
    let is_of_ids = |char: char| char.is_ascii_alphanumeric() || "-_:/.|+=@*".contains(char);
    let is_plain = |piece: &Piece<'a>| matches!(piece, Piece::Text(_) | Piece::Hole(Because::Attribute(_)));
    if delimiter.is_empty() || delimiter.chars().any(is_of_ids) || !pieces.iter().all(is_plain) {
        return None;
    }
    let mut items = vec![Builder::default()];
    for piece in pieces {
        match piece {
            Piece::Hole(because) => items.last_mut()?.hole(*because),
            Piece::Text(text) => {
                for (index, part) in text.split(delimiter).enumerate() {
                    if index > 0 {
                        items.push(Builder::default());
                    }
                    items.last_mut()?.text(part.trim());
                }
            }
        }
    }
    Some(items.into_iter().map(Builder::finish).gather())
}

/// Where dynamic references begin.
pub(super) const DYNAMIC: &str = "{{resolve:";

/// A literal text with its dynamic references cut out.
pub(super) fn of_literal<'a>(text: &'a str, pieces: &mut Vec<Piece<'a>>) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(DYNAMIC) {
        if !before.is_empty() {
            pieces.push(Piece::Text(Cow::Borrowed(before)));
        }
        pieces.push(Piece::Hole(Because::DynamicReference));
        rest = after.split_once("}}").map_or("", |(_, rest)| rest);
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(Cow::Borrowed(rest)));
    }
}

/// A scalar as CloudFormation writes it into text.
pub(super) fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Bool(true) => Some(Cow::Borrowed("true")),
        Value::Bool(false) => Some(Cow::Borrowed("false")),
        Value::Number(Number::Int(number)) => Some(Cow::Owned(number.to_string())),
        Value::Number(Number::Float(number)) => Some(Cow::Owned(double::shown(*number))),
        _ => None,
    }
}
