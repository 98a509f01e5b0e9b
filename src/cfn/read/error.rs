//! What the readers say when a text cannot be read.

use super::super::ordered::sort_by;
use super::super::{Span, Text};

/// Something that keeps a text from being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// What kind of mistake it is.
    pub kind: ReadErrorKind,
    /// Where it is.
    pub span: Span,
    /// What is wrong.
    pub message: Text,
    /// How to put it right, when that is known.
    pub help: Option<Text>,
    /// Other places that have to do with it, such as the first of two equal keys.
    pub related: Vec<(Span, Text)>,
}

/// The kinds of mistakes that keep a text from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadErrorKind {
    /// The bytes are not UTF-8.
    Encoding,
    /// The text breaks the rules of JSON or YAML.
    Syntax,
    /// A map has the same key twice.
    DuplicateKey,
    /// A YAML tag that CloudFormation does not have, or one on a value that it does not fit.
    Tag,
    /// Something that JSON or YAML allows, but CloudFormation does not: several documents, keys that are no text,
    /// numbers that are none.
    Unsupported,
    /// A limit was reached; the message names it. See [`limits`](super::limits).
    Limit,
}

impl ReadError {
    /// An error without help.
    #[must_use]
    pub fn new(kind: ReadErrorKind, span: Span, message: impl Into<Text>) -> Self {
        Self { kind, span, message: message.into(), help: None, related: Vec::new() }
    }

    /// The same error with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<Text>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same error with another place that has to do with it.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<Text>) -> Self {
        self.related.push((span, message.into()));
        self
    }
}

/// The longest text of somebody else that stands in a message, in characters.
const LONGEST_QUOTATION: usize = 60;

/// `text` as a message can show it: on one line, and not longer than a line.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == LONGEST_QUOTATION {
            shown.push('…');
            break;
        }
        if character.is_control() { shown.extend(character.escape_default()) } else { shown.push(character) }
    }
    shown
}

/// Reading cannot go on. What is wrong has been noted already.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop;

/// The errors found so far.
#[derive(Debug, Default)]
pub(super) struct Errors {
    errors: Vec<ReadError>,
}

impl Errors {
    /// Notes an error after which reading can go on, unless there are too many.
    pub(super) fn push(&mut self, error: ReadError) -> Result<(), Stop> {
        self.errors.push(error);
        if self.errors.len() < super::limits::MAX_ERRORS { Ok(()) } else { Err(Stop) }
    }

    /// Notes an error after which reading cannot go on.
    pub(super) fn stop(&mut self, error: ReadError) -> Stop {
        self.errors.push(error);
        Stop
    }

    pub(super) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// The errors in the order of the text.
    pub(super) fn finish(mut self) -> Vec<ReadError> {
        sort_by(&mut self.errors, |left, right| left.span.cmp(&right.span));
        self.errors
    }
}
