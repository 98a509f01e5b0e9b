//! What the JSON reader says about mistakes, and where it goes on after them.

use std::borrow::Cow;

use super::super::super::{Span, Value};
use super::super::{ReadError, ReadErrorKind, Stop, shown};
use super::Reader;

impl<'a> Reader<'a> {
    fn mistake(&mut self, span: Span, message: impl Into<Cow<'static, str>>, help: &'static str) -> Result<(), Stop> {
        self.errors.push(ReadError::new(ReadErrorKind::Syntax, span, message).help(help))
    }

    /// Goes over comments and the space after them.
    #[cold]
    pub(super) fn skip_comments(&mut self) -> Result<(), Stop> {
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let length = match rest.as_bytes() {
                [b'/', b'/', ..] | [b'#', ..] => rest.find(['\n', '\r']).unwrap_or(rest.len()),
                [b'/', b'*', ..] => rest.find("*/").map_or(rest.len(), |end| end + 2),
                _ => return Ok(()),
            };
            let start = self.at;
            self.at += length;
            self.mistake(self.span_from(start), "JSON has no comments", "remove it, or write YAML")?;
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            self.at += rest.len() - rest.trim_ascii_start().len();
        }
    }

    /// Something stands where a value should. Goes on when it is plain what was meant.
    #[cold]
    pub(super) fn not_a_value(&mut self) -> Result<Value, Stop> {
        let start = self.at;
        match self.peek() {
            None => Err(self.ends_early()),
            Some(b',' | b']' | b'}') => {
                self.mistake(Span::from_offsets(start, start + 1), "a value is missing here", "write one, or `null`")?;
                Ok(Value::Null)
            }
            Some(b'\'') => {
                self.single_quoted()?;
                Ok(Value::Null)
            }
            Some(b'+' | b'.') => {
                self.word_length();
                let written = self.text.get(start..self.at).unwrap_or_default();
                let message = format!("`{}` is no number in JSON", shown(written));
                let help = "a number starts with a digit or a minus sign: `0.5`, not `.5` or `+0.5`";
                self.mistake(self.span_from(start), message, help)?;
                Ok(Value::Null)
            }
            Some(byte) if byte.is_ascii_alphabetic() => self.bare_word(),
            Some(_) => Err(self.unexpected("a value")),
        }
    }

    /// A word without quotes.
    fn bare_word(&mut self) -> Result<Value, Stop> {
        let start = self.at;
        self.word_length();
        let written = self.text.get(start..self.at).unwrap_or_default();
        let (known, help) = match written {
            "True" | "TRUE" => (true, "write `true`"),
            "False" | "FALSE" => (true, "write `false`"),
            "None" | "Null" | "NULL" | "nil" | "undefined" => (true, "write `null`"),
            "NaN" | "Infinity" => (true, "JSON has no such number"),
            _ if self.depth == 0 => (false, "put text in double quotes; if this is YAML, name the file so: `.yaml`"),
            _ => (false, "put text in double quotes"),
        };
        let error = ReadError::new(
            ReadErrorKind::Syntax,
            self.span_from(start),
            format!("`{}` is no value in JSON", shown(written)),
        )
        .help(help);
        if known { self.errors.push(error).map(|()| Value::Null) } else { Err(self.errors.stop(error)) }
    }

    /// Goes over what reads as one word. It is at least one byte long.
    fn word_length(&mut self) {
        self.at += 1;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'$'))
        {
            self.at += 1;
        }
    }

    /// Text in single quotes, whose first one is the next byte.
    fn single_quoted(&mut self) -> Result<Cow<'a, str>, Stop> {
        let start = self.at;
        let rest = self.text.get(start + 1..).unwrap_or_default();
        let Some(length) = rest.find(['\'', '\n', '\r']).filter(|end| rest.as_bytes().get(*end) == Some(&b'\'')) else {
            return Err(self.unexpected("a value"));
        };
        self.at = start + 1 + length + 1;
        self.mistake(self.span_from(start), "text is in single quotes", "JSON knows double quotes only")?;
        Ok(Cow::Borrowed(rest.get(..length).unwrap_or_default()))
    }

    /// Something stands where a key should. `map` is where the map starts.
    #[cold]
    pub(super) fn not_a_key(&mut self, map: usize) -> Result<Cow<'a, str>, Stop> {
        let start = self.at;
        match self.peek() {
            None => Err(self.never_closed(map)),
            Some(b'\'') => self.single_quoted(),
            Some(b']') => Err(self.closed_wrongly(map)),
            Some(byte) if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') => {
                self.word_length();
                let written = self.text.get(start..self.at).unwrap_or_default();
                let message = format!("the key `{}` is not in quotes", shown(written));
                let error = ReadError::new(ReadErrorKind::Syntax, self.span_from(start), message);
                let error = error.help("put it in double quotes");
                self.skip_space()?;
                if self.peek() != Some(b':') {
                    return Err(self.errors.stop(error));
                }
                self.errors.push(error)?;
                Ok(Cow::Borrowed(written))
            }
            Some(_) => Err(self.unexpected("a key in double quotes")),
        }
    }

    /// No colon follows `key`.
    #[cold]
    pub(super) fn no_colon(&mut self, key: &str, map: usize) -> Result<(), Stop> {
        let start = self.at;
        match self.peek() {
            None => Err(self.never_closed(map)),
            Some(b'=') => {
                self.at += 1;
                let end = self.at;
                self.mistake(Span::from_offsets(start, end), "`=` stands where a colon should", "write `:`")?;
                self.skip_space()
            }
            Some(b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                let message = format!("the colon after the key `{}` is missing", shown(key));
                self.mistake(Span::from_offsets(start, start + 1), message, "write `:` between key and value")
            }
            Some(b',' | b'}') => {
                let message = format!("the key `{}` has no value", shown(key));
                self.mistake(Span::from_offsets(start, start + 1), message, "write `:` and a value after it")?;
                // What follows reads as a missing value: give it one, so that this is said once.
                Err(Stop)
            }
            Some(_) => Err(self.unexpected("a colon")),
        }
    }

    /// A comma before the bracket that closes.
    #[cold]
    pub(super) fn trailing_comma(&mut self, comma: usize) -> Result<(), Stop> {
        let span = Span::from_offsets(comma, comma + 1);
        self.mistake(span, "a comma follows the last member", "remove it: JSON has commas only between members")
    }

    /// Neither a comma nor the bracket that closes what was opened at `opened` follows a member.
    #[cold]
    pub(super) fn no_comma(&mut self, opened: usize, closing: u8) -> Result<(), Stop> {
        match self.peek() {
            None => Err(self.never_closed(opened)),
            Some(b']' | b'}') => Err(self.closed_wrongly(opened)),
            Some(b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                let before = self.text.get(..self.at).unwrap_or_default().trim_ascii_end().len();
                self.mistake(Span::from_offsets(before, before), "a comma is missing here", "write `,` between members")
            }
            Some(_) if closing == b']' => Err(self.unexpected("`,` or `]`")),
            Some(_) => Err(self.unexpected("`,` or `}`")),
        }
    }

    /// The list that starts at `opened` is closed by a brace, or not at all.
    #[cold]
    pub(super) fn list_not_closed(&mut self, opened: usize) -> Stop {
        if self.peek().is_none() { self.never_closed(opened) } else { self.closed_wrongly(opened) }
    }

    fn unexpected(&mut self, wanted: &'static str) -> Stop {
        let found = self.text.get(self.at..).and_then(|rest| rest.chars().next()).unwrap_or_default();
        let span = Span::from_offsets(self.at, self.at + found.len_utf8());
        let found = match found {
            '`' => "a backtick".to_owned(),
            found if found.is_control() => format!("the control character U+{:04X}", u32::from(found)),
            found => format!("`{found}`"),
        };
        self.errors.stop(ReadError::new(ReadErrorKind::Syntax, span, format!("expected {wanted}, found {found}")))
    }

    fn bracket(&self, at: usize) -> char {
        self.bytes.get(at).map_or(' ', |byte| char::from(*byte))
    }

    fn never_closed(&mut self, opened: usize) -> Stop {
        let end = self.bytes.len();
        let message = format!("`{}` is never closed", self.bracket(opened));
        self.errors.stop(
            ReadError::new(ReadErrorKind::Syntax, Span::from_offsets(opened, opened + 1), message)
                .help("the end of the text may be missing")
                .related(Span::from_offsets(end, end), "the text ends here"),
        )
    }

    fn closed_wrongly(&mut self, opened: usize) -> Stop {
        let span = Span::from_offsets(self.at, self.at + 1);
        let message = format!("`{}` is closed by `{}`", self.bracket(opened), self.bracket(self.at));
        self.errors.stop(
            ReadError::new(ReadErrorKind::Syntax, span, message)
                .related(Span::from_offsets(opened, opened + 1), "it is opened here"),
        )
    }

    /// The text ends where a value should stand.
    fn ends_early(&mut self) -> Stop {
        let end = self.bytes.len();
        let error = ReadError::new(ReadErrorKind::Syntax, Span::from_offsets(end, end), "the text ends before a value");
        self.errors.stop(error.help("the end of the text may be missing"))
    }

    /// There is more after the value.
    #[cold]
    pub(super) fn text_goes_on(&mut self) -> Stop {
        let length = self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        let span = Span::from_offsets(self.at, self.at + length);
        let error = ReadError::new(ReadErrorKind::Syntax, span, "the text goes on after its value has ended");
        self.errors.stop(error.help("a text holds one value; a bracket may be closed too early"))
    }
}
