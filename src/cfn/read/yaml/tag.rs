//! What a YAML tag means: one of CloudFormation's short forms, or one of YAML's own types.

use super::super::super::{Function, Span};
use super::super::{ReadError, ReadErrorKind, shown};
use crate::cfn::Gather as _;

/// The meaning of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// A short form, such as `!Sub`.
    Function(Function),
    /// `!!str`, or the tag `!`, which says that a scalar is text whatever it looks like.
    Text,
    /// One of YAML's other types that CloudFormation knows.
    Core(Core),
}

/// YAML's types other than text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Core {
    Null,
    Bool,
    Int,
    Float,
    List,
    Map,
}

const CORE_PREFIX: &str = "tag:yaml.org,2002:";

/// The tag with this handle and suffix, as the parser splits them.
pub(super) fn resolve(tag: &saphyr_parser::Tag, span: Span) -> Result<Tag, ReadError> {
    let full = format!("{}{}", tag.handle, tag.suffix);
    if let Some(name) = full.strip_prefix(CORE_PREFIX) {
        return core(name, span);
    }
    match full.strip_prefix('!') {
        Some("") => Ok(Tag::Text),
        Some(name) => match Function::from_tag(name) {
            Some(function) => Ok(Tag::Function(function)),
            None => Err(unknown(name, span)),
        },
        None => Err(unknown(&full, span)),
    }
}

fn core(name: &str, span: Span) -> Result<Tag, ReadError> {
    Ok(match name {
        "str" => Tag::Text,
        "null" => Tag::Core(Core::Null),
        "bool" => Tag::Core(Core::Bool),
        "int" => Tag::Core(Core::Int),
        "float" => Tag::Core(Core::Float),
        "seq" => Tag::Core(Core::List),
        "map" => Tag::Core(Core::Map),
        "binary" | "omap" | "pairs" | "set" | "timestamp" => {
            let message = format!("CloudFormation does not support the YAML tag `!!{name}`");
            return Err(
                ReadError::new(ReadErrorKind::Tag, span, message).help("write the value as plain text or as a map")
            );
        }
        _ => return Err(ReadError::new(ReadErrorKind::Tag, span, format!("there is no YAML tag `!!{}`", shown(name)))),
    })
}

fn unknown(name: &str, span: Span) -> ReadError {
    let error = ReadError::new(ReadErrorKind::Tag, span, format!("there is no intrinsic function `!{}`", shown(name)));
    match similar(name) {
        _ if name.starts_with("Rain::") => {
            error.help("this is a directive of the tool `rain`: read what `rain pkg` makes of it")
        }
        Some(function) => error.help(format!("did you mean `!{}`?", function.tag())),
        None => error.help("put text that starts with `!` in quotes"),
    }
}

/// The function whose tag is most like `name`, when one is like it.
fn similar(name: &str) -> Option<Function> {
    // Somebody may take the tag for `!Fn::Sub`; nobody writes names that long, so that comparing stays quick.
    let name = name.strip_prefix("Fn::").unwrap_or(name);
    let name: String = name.chars().take(32).gather::<String>().to_ascii_lowercase();
    Function::ALL
        .iter()
        .map(|function| (strsim::damerau_levenshtein(&name, &function.tag().to_ascii_lowercase()), *function))
        .filter(|(edits, function)| *edits <= if function.tag().len() > 3 { 2 } else { 1 })
        .min()
        .map(|(_, function)| function)
}
