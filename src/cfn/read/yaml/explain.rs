//! Puts the scanner's errors into words that say what to do.

use saphyr_parser::ScanError;

use super::super::super::{SourceText, Span};
use super::super::{ReadError, ReadErrorKind, shown, too_deep};
use super::spans::Bytes;

/// Where the scanner's message stands in relation to the mistake.
#[derive(Clone, Copy)]
enum Place {
    /// At the character that the scanner points to.
    Here,
    /// On the line before it.
    LineBefore,
    /// At the character, because of a bracket that is still open.
    InBrackets,
}

/// What the scanner says (a part of it), where the mistake is, what we say, and what helps.
type Row = (&'static str, Place, &'static str, &'static str);

const INDENT: &str = "keys of one map and dashes of one list start in the same column: check the indentation";
const QUOTE: &str = "put the text in quotes";

const ROWS: &[Row] = &[
    (
        "mapping values are not allowed",
        Place::Here,
        "a colon makes a map of this, which cannot stand here",
        "put text that holds a colon and a space in quotes, or check the indentation",
    ),
    (
        "block sequence entries are not allowed",
        Place::Here,
        "a list cannot start here",
        "start it on a line of its own",
    ),
    ("mapping keys are not allowed", Place::Here, "a key cannot stand here", INDENT),
    (
        "simple key expect",
        Place::LineBefore,
        "a key without a colon",
        "write `:` and a value after it, or check the indentation",
    ),
    ("did not find expected key", Place::Here, "expected a key or the end of the map", INDENT),
    ("did not find expected '-'", Place::Here, "expected a dash or the end of the list", INDENT),
    ("did not find expected <document start>", Place::Here, "expected the end of the text", INDENT),
    ("did not find expected node content", Place::Here, "expected a value", "write one, or `null`"),
    (
        "expected ',' or '}'",
        Place::InBrackets,
        "expected `,` or `}`",
        "separate members by commas and close the map with `}`",
    ),
    (
        "expected ',' or ']'",
        Place::InBrackets,
        "expected `,` or `]`",
        "separate elements by commas and close the list with `]`",
    ),
    ("misplaced bracket", Place::Here, "this bracket closes nothing", "remove it, or put the text in quotes"),
    ("unexpected end of plain scalar", Place::Here, "expected a value", "close the bracket, or put the text in quotes"),
    ("plain scalar cannot start with '-'", Place::Here, "a dash in brackets must be part of a text", QUOTE),
    ("found a tab", Place::Here, "a tab indents this text", "indent with spaces"),
    ("tabs disallowed", Place::Here, "a tab indents this line", "indent with spaces"),
    ("tab cannot be used", Place::Here, "a tab indents this line", "indent with spaces"),
    ("cannot start with a tab", Place::Here, "a tab indents this text", "indent with spaces"),
    (
        "found unexpected end of stream",
        Place::Here,
        "the quote that opens here is never closed",
        "close it with the same quote",
    ),
    (
        "unexpected document indicator",
        Place::Here,
        "the quote that opens here is never closed",
        "close it with the same quote",
    ),
    (
        "invalid trailing content",
        Place::Here,
        "text follows the closing quote",
        "put all of it in quotes, or escape the quotes inside",
    ),
    (
        "invalid indentation in quoted",
        Place::Here,
        "the quote that opens here is not closed before the indentation ends",
        "close it with the same quote, or indent all lines of the text",
    ),
    (
        "unknown escape character",
        Place::Here,
        "this text has an escape sequence that YAML does not know",
        "write a backslash itself as `\\\\`, or use single quotes",
    ),
    (
        "expected hexadecimal number",
        Place::Here,
        "an escape sequence in this text lacks hexadecimal digits",
        "`\\x` takes two, `\\u` four, `\\U` eight",
    ),
    (
        "invalid Unicode character escape",
        Place::Here,
        "an escape sequence in this text is no character",
        "write the character itself",
    ),
    (
        "comment intercepting",
        Place::Here,
        "a comment interrupts a text of several lines",
        "move it before or behind the text",
    ),
    (
        "wrongly indented line",
        Place::Here,
        "this line is indented less than the first line of the text",
        "indent all lines of the text alike",
    ),
    (
        "invalid indentation in flow",
        Place::Here,
        "this line is indented less than the value that it belongs to",
        "indent it more",
    ),
    ("invalid indentation", Place::Here, "the indentation of this line fits no line above", INDENT),
    ("equal to 0", Place::Here, "the indentation of a text cannot be 0", "write 1 to 9 behind `|` or `>`, or nothing"),
    (
        "byte order mark",
        Place::Here,
        "a byte order mark stands inside the text",
        "remove this invisible character (U+FEFF)",
    ),
    (
        "did not find expected alphabetic",
        Place::Here,
        "`*` starts an alias and `&` an anchor, but no name follows",
        QUOTE,
    ),
    ("after document end marker", Place::Here, "the text goes on after `...`", "remove what follows"),
    ("a directive", Place::Here, "this is not a YAML directive", "put text that starts with `%` in quotes"),
    ("YAML directive", Place::Here, "this is not a YAML directive", "write `%YAML 1.2`, or nothing"),
    ("TAG directive", Place::Here, "this is not a YAML directive", "remove it: CloudFormation has its own tags only"),
    ("scanning TAG", Place::Here, "this is not a YAML directive", "remove it: CloudFormation has its own tags only"),
    ("block scalar", Place::Here, "text follows `|` or `>` on the same line", "start the text on the next line"),
    ("a tag", Place::Here, "this is not a tag", "put text that starts with `!` in quotes"),
    ("tag character", Place::Here, "this is not a tag", "put text that starts with `!` in quotes"),
    ("followed by a valid YAML whitespace", Place::Here, "a tab stands where a space should", "write a space"),
    ("expected whitespace", Place::Here, "a space is missing here", "write one"),
    ("':' may not precede", Place::Here, "a space is missing behind the colon", "write one"),
    (
        "placement of ':'",
        Place::InBrackets,
        "the colon stands on another line than its key",
        "close the bracket before it, or write key and colon on one line",
    ),
];

/// What the scanner's error at byte `at` means.
/// `opened` is the bracket around it.
pub(super) fn explain(error: &ScanError, at: usize, opened: Option<Span>, source: &SourceText) -> ReadError {
    let info = error.info();
    let here = character(at, source);
    if info.contains("recursion limit") {
        return too_deep(here);
    }
    if info.contains("unknown anchor") {
        return unknown_anchor(at, source);
    }
    if info.contains("unexpected character") {
        let message = match source.slice(here) {
            "`" => "a value cannot start with a backtick".to_owned(),
            found => format!("a value cannot start with `{found}`"),
        };
        return ReadError::new(ReadErrorKind::Syntax, here, message).help(QUOTE);
    }
    if source.slice(here) == "!" && info.contains("expected") {
        return two_tags(at, source);
    }
    match ROWS.iter().find(|(part, ..)| info.contains(part)) {
        Some((_, place, message, help)) => {
            let span = match place {
                Place::Here | Place::InBrackets => here,
                Place::LineBefore => Bytes(source.text().as_bytes()).line_before(at),
            };
            let explained = ReadError::new(ReadErrorKind::Syntax, span, *message).help(*help);
            match (place, opened) {
                (Place::InBrackets, Some(opened)) => explained.related(opened, "this bracket is open"),
                _ => explained,
            }
        }
        None => ReadError::new(ReadErrorKind::Syntax, here, format!("this is not YAML: {}", shown(info))),
    }
}

/// The character at byte `at`.
fn character(at: usize, source: &SourceText) -> Span {
    let length = source.text().get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Span::from_offsets(at, at + length)
}

fn unknown_anchor(at: usize, source: &SourceText) -> ReadError {
    let span = Span::from_offsets(at, Bytes(source.text().as_bytes()).property_end(at));
    let alias = shown(source.slice(span));
    let message = format!("there is no anchor for the alias `{alias}` before it");
    ReadError::new(ReadErrorKind::Syntax, span, message).help(format!(
        "write `{}` at the value that it stands for, or put `{alias}` in quotes",
        alias.replacen('*', "&", 1)
    ))
}

fn two_tags(at: usize, source: &SourceText) -> ReadError {
    let span = Span::from_offsets(at, Bytes(source.text().as_bytes()).property_end(at));
    let message = format!("`{}` directly follows another tag", shown(source.slice(span)));
    ReadError::new(ReadErrorKind::Syntax, span, message)
        .help("a value has one tag: write the outer function in its long form, such as `Fn::Base64: !Sub …`")
}
