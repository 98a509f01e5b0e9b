//! Reads JSON and YAML into values, with the place of every value and key, and says clearly what is wrong with a
//! text that cannot be read.

mod error;
mod json;
pub mod limits;
mod members;
mod positions;
mod yaml;

pub use error::{ReadError, ReadErrorKind};
pub use positions::{Positions, Segment, Spot};

use super::{SourceText, Span, Value};
use error::{Errors, Stop, shown};

/// What a text says, and where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// What it says.
    pub value: Value,
    /// Where each value and each key stands.
    pub positions: Positions,
}

/// The notation of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// By the extension of the text's name; without a known one, JSON when the text starts with `{` or `[`, as
    /// CloudFormation tells them apart, and YAML otherwise.
    #[default]
    Auto,
    /// JSON, strictly as RFC 8259 has it.
    Json,
    /// YAML with CloudFormation's tags.
    Yaml,
}

impl Format {
    /// The notation of `source`: this one, or for [`Format::Auto`] the one that fits. Never [`Format::Auto`].
    #[must_use]
    pub fn of(self, source: &SourceText) -> Self {
        if self != Self::Auto {
            return self;
        }
        let extension = source.name().rsplit_once('.').map_or("", |(_, extension)| extension);
        if extension.eq_ignore_ascii_case("json") {
            Self::Json
        } else if extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml") {
            Self::Yaml
        } else if source.text().trim_ascii_start().starts_with(['{', '[']) {
            Self::Json
        } else {
            Self::Yaml
        }
    }
}

/// Reads a text.
///
/// A map whose only key names an intrinsic function becomes [`Value::Intrinsic`] (`Ref` and `Condition` only with a
/// string as argument, because both are also ordinary keys).
///
/// # Errors
/// All that is wrong with the text, in its order, as far as reading could go on after a mistake. Never empty.
pub fn read(source: &SourceText, format: Format) -> Result<Document, Vec<ReadError>> {
    let size = source.text().len();
    if size > limits::MAX_INPUT_BYTES {
        let message = format!("the text has {size} bytes, more than the limit of {}", limits::MAX_INPUT_BYTES);
        return Err(vec![ReadError::new(ReadErrorKind::Limit, Span::empty(0), message)]);
    }
    match format.of(source) {
        Format::Json => json::read(source),
        Format::Yaml | Format::Auto => yaml::read(source),
    }
}

/// Reads JSON that a program wrote for others, of whatever size: the files of a cloud assembly other than its templates. No map
/// is an intrinsic function here.
///
/// # Errors
/// What is wrong with the text, in its order. Never empty.
pub fn read_written_json(source: &SourceText) -> Result<Value, Vec<ReadError>> {
    json::read_written(source)
}

/// The error for a text in which there is nothing.
fn empty_text(source: &SourceText) -> ReadError {
    let end = super::position::offset(source.text().len());
    ReadError::new(ReadErrorKind::Syntax, Span::empty(end), "there is no value in the text")
        .help("the file is empty, or there are only comments in it")
}

/// What is said when there are more values than [`limits::MAX_VALUES`].
fn too_many_values(span: Span) -> ReadError {
    let message = format!("the text has more values than the limit of {}", limits::MAX_VALUES);
    ReadError::new(ReadErrorKind::Limit, span, message)
}

/// What is said when maps and lists are deeper than [`limits::MAX_DEPTH`].
fn too_deep(span: Span) -> ReadError {
    let message = format!("maps and lists are inside one another deeper than the limit of {}", limits::MAX_DEPTH);
    ReadError::new(ReadErrorKind::Limit, span, message)
}
