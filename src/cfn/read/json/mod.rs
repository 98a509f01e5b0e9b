//! Reads JSON, strictly as RFC 8259 has it.
//!
//! Written by hand because nothing at hand gives the place of every value and every key: `serde_json` knows offsets
//! only of errors, `simd-json` none at all and wants to overwrite its input, `jiter` and `hifijson` are lexers that
//! leave trees, recovery and duplicate keys to us. `benches/reader.rs` compares the speed with `serde_json`.
//!
//! Reading goes on after mistakes that leave no doubt about what was meant (a comma too many, a comment, a single
//! quote …) and stops at all others, so that one mistake gives one error.

mod keys;
mod mistakes;
mod number;
mod string;

use std::borrow::Cow;

use super::super::position::offset;
use super::super::{Map, SourceText, Span, Text, Value};
use super::members::{self, Key};
use super::positions::{self, PositionsBuilder};
use super::{Document, Errors, ReadError, Stop, empty_text, limits, too_deep, too_many_values};
use crate::cfn::Gather as _;

pub(super) fn read(source: &SourceText) -> Result<Document, Vec<ReadError>> {
    let mut reader = Reader::new(source.text());
    let value = reader.document(source);
    match value {
        Ok(value) if reader.errors.is_empty() => Ok(Document { value, positions: reader.positions.finish() }),
        _ => Err(reader.errors.finish()),
    }
}

/// Reads what a program wrote, of whatever size.
pub(super) fn read_written(source: &SourceText) -> Result<Value, Vec<ReadError>> {
    let mut reader = Reader::new(source.text());
    reader.values_left = usize::MAX;
    reader.knows_functions = false;
    let value = reader.document(source);
    match value {
        Ok(value) if reader.errors.is_empty() => Ok(value),
        _ => Err(reader.errors.finish()),
    }
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// The offset of the next byte.
    at: usize,
    depth: usize,
    /// How many more values may come.
    values_left: usize,
    /// Whether a map with the name of an intrinsic function as its only key is one.
    knows_functions: bool,
    positions: PositionsBuilder,
    /// Elements of the lists that are open, outermost first. They move into lists of exactly their size in the end.
    elements: Vec<Value>,
    /// Entries of the maps that are open.
    entries: Vec<(Text, Value)>,
    /// Keys of the maps that are open.
    keys: Vec<Key>,
    errors: Errors,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        // Templates as CDK writes them have a value or key about every 20 bytes.
        let nodes = text.len() / 16;
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            depth: 0,
            values_left: limits::MAX_VALUES,
            knows_functions: true,
            positions: PositionsBuilder::with_capacity(nodes.min(2 * limits::MAX_VALUES)),
            elements: Vec::new(),
            entries: Vec::new(),
            keys: Vec::new(),
            errors: Errors::default(),
        }
    }

    fn document(&mut self, source: &SourceText) -> Result<Value, Stop> {
        self.skip_space()?;
        if self.at == self.bytes.len() {
            return Err(self.errors.stop(empty_text(source)));
        }
        let value = self.value()?;
        self.skip_space()?;
        if self.at < self.bytes.len() {
            return Err(self.text_goes_on());
        }
        Ok(value)
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// From `start` to the next byte.
    #[inline]
    fn span_from(&self, start: usize) -> Span {
        Span::from_offsets(start, self.at)
    }

    #[inline]
    fn skip_space(&mut self) -> Result<(), Stop> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
            // Mostly one space alone stands behind a colon.
            if self.peek() != Some(b' ') {
                continue;
            }
            // What is indented begins with many spaces: eight at once.
            while let Some(word) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
                let others = u64::from_le_bytes(*word) ^ 0x2020_2020_2020_2020;
                let spaces = (others.trailing_zeros() / 8) as usize;
                self.at += spaces;
                if spaces < 8 {
                    break;
                }
            }
        }
        if let Some(b'/' | b'#') = self.peek() { self.skip_comments() } else { Ok(()) }
    }

    /// The value that starts at the next byte.
    fn value(&mut self) -> Result<Value, Stop> {
        match self.values_left.checked_sub(1) {
            Some(left) => self.values_left = left,
            None => return Err(self.errors.stop(too_many_values(Span::from_offsets(self.at, self.at)))),
        }
        let start = self.at;
        let value = match self.peek() {
            Some(b'"') => Value::String(kept(self.string()?)),
            Some(b'{') => return self.map(),
            Some(b'[') => return self.list(),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') if self.word("true") => Value::Bool(true),
            Some(b'f') if self.word("false") => Value::Bool(false),
            Some(b'n') if self.word("null") => Value::Null,
            _ => self.not_a_value()?,
        };
        self.positions.scalar(self.span_from(start));
        Ok(value)
    }

    /// Reads `word` when it comes next, alone.
    fn word(&mut self, word: &str) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let found = rest.starts_with(word.as_bytes())
            && !rest.get(word.len()).is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'_');
        if found {
            self.at += word.len();
        }
        found
    }

    fn enter(&mut self) -> Result<(), Stop> {
        if self.depth == limits::MAX_DEPTH {
            return Err(self.errors.stop(too_deep(Span::from_offsets(self.at, self.at + 1))));
        }
        self.depth += 1;
        Ok(())
    }

    fn list(&mut self) -> Result<Value, Stop> {
        self.enter()?;
        let start = self.at;
        let place = self.positions.open(offset(start));
        let first = self.elements.len();
        self.at += 1;
        self.skip_space()?;
        loop {
            match self.peek() {
                Some(b']') => break,
                Some(b'}') | None => return Err(self.list_not_closed(start)),
                Some(_) => {}
            }
            let element = self.value()?;
            self.elements.push(element);
            self.skip_space()?;
            self.after_member(start, b']')?;
        }
        self.at += 1;
        self.positions.close(place, offset(self.at), false);
        self.depth -= 1;
        Ok(Value::List(self.elements.drain(first..).gather()))
    }

    fn map(&mut self) -> Result<Value, Stop> {
        self.enter()?;
        let start = self.at;
        let place = self.positions.open(offset(start));
        let first = self.entries.len();
        let first_key = self.keys.len();
        self.at += 1;
        self.skip_space()?;
        let mut only = None;
        while self.peek() != Some(b'}') {
            let (key, value) = self.member(start)?;
            self.after_member(start, b'}')?;
            if self.entries.len() == first && self.peek() == Some(b'}') && self.knows_functions {
                match members::intrinsic(&key, value) {
                    Ok(intrinsic) => only = Some(intrinsic),
                    Err(value) => self.entries.push((key, value)),
                }
            } else {
                self.entries.push((key, value));
            }
        }
        self.at += 1;
        self.positions.close(place, offset(self.at), true);
        self.depth -= 1;
        let value = match only {
            Some(intrinsic) => intrinsic,
            None => self.finish_map(first, first_key)?,
        };
        self.keys.truncate(first_key);
        Ok(value)
    }

    fn finish_map(&mut self, first: usize, first_key: usize) -> Result<Value, Stop> {
        let keys = self.keys.get(first_key..).unwrap_or_default();
        let entries = self.entries.get(first..).unwrap_or_default();
        let text = |index: usize| entries.get(index).map_or("", |(key, _)| key);
        members::check_keys(keys, text, &mut self.positions, &mut self.errors)?;
        Ok(Value::Map(Map::from_entries(self.entries.drain(first..).gather())))
    }

    /// A key, its colon and its value. `map` is where the map starts.
    #[inline]
    fn member(&mut self, map: usize) -> Result<(Text, Value), Stop> {
        let start = self.at;
        let key = if self.peek() == Some(b'"') { self.string()? } else { self.not_a_key(map)? };
        let span = self.span_from(start);
        let hash = positions::hash(&key);
        let place = self.positions.key(span, hash);
        self.keys.push(Key { hash, place, span });
        self.skip_space()?;
        if self.peek() == Some(b':') {
            self.at += 1;
            self.skip_space()?;
        } else {
            self.no_colon(&key, map)?;
        }
        let key = keys::known(hash, &key).map_or_else(|| owned(key), Text::Borrowed);
        let value = self.value()?;
        self.skip_space()?;
        Ok((key, value))
    }

    /// Goes over the comma after a member, up to the next member or to the bracket that closes.
    #[inline]
    fn after_member(&mut self, opened: usize, closing: u8) -> Result<(), Stop> {
        match self.peek() {
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.skip_space()?;
                if self.peek() == Some(closing) { self.trailing_comma(comma) } else { Ok(()) }
            }
            Some(byte) if byte == closing => Ok(()),
            _ => self.no_comma(opened, closing),
        }
    }
}

#[inline]
fn owned(text: Cow<'_, str>) -> Text {
    Text::Owned(text.into_owned())
}

/// A text of its own, unless it is one of those that every template has.
#[inline]
fn kept(text: Cow<'_, str>) -> Text {
    let known = if text.len() <= keys::LONGEST { keys::known(positions::hash(&text), &text) } else { None };
    known.map_or_else(|| owned(text), Text::Borrowed)
}
