//! A text that somebody wrote, with its name, and the one place where byte offsets become lines and columns.

use std::sync::OnceLock;

use super::position::offset;
use super::read::{ReadError, ReadErrorKind};
use super::{Position, Span};

/// The text of a file (or of whatever else was handed in) and the name under which messages speak of it.
///
/// A byte order mark at the start is dropped: editors do not count it, so neither do we.
#[derive(Clone, Debug, Default)]
pub struct SourceText {
    name: String,
    text: String,
    /// The offset at which each line starts. Made when the first position is asked for: most inputs are fine.
    line_starts: OnceLock<Vec<u32>>,
    /// What finds the line of an offset without them.
    counts: OnceLock<Counts>,
}

/// How many lines end before each stretch of a text.
#[derive(Clone, Debug)]
struct Counts {
    /// The number of line feeds before each stretch.
    before: Vec<u32>,
    /// Whether a line may end with a carriage return, which is not counted.
    has_carriage_returns: bool,
    is_ascii: bool,
}

/// How many bytes a stretch has.
const STRETCH: usize = 256;

impl SourceText {
    /// A text that is known to be UTF-8. `name` is what messages call it: mostly a path.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.starts_with(BYTE_ORDER_MARK) {
            text.drain(..BYTE_ORDER_MARK.len_utf8());
        }
        Self { name: name.into(), text, line_starts: OnceLock::new(), counts: OnceLock::new() }
    }

    /// The bytes of a file as text.
    ///
    /// # Errors
    /// When the bytes are not UTF-8: says where the first wrong byte is, and comes with a text that has replacement
    /// characters there, so that the place can be shown.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, Box<NotUtf8>> {
        let name = name.into();
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(name, text)),
            Err(error) => Err(Box::new(NotUtf8::explain(name, &error))),
        }
    }

    /// The name under which messages speak of this text.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, without a byte order mark. All spans count from its start.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text in `span`; nothing when the span does not lie between characters of this text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Lines and columns of `span`. Offsets after the end count as the end, and offsets inside a character as its
    /// start.
    #[must_use]
    pub fn position(&self, span: Span) -> Position {
        let (line, column) = self.line_and_column(span.start);
        let (end_line, end_column) = self.line_and_column(span.end.max(span.start));
        Position { line, column, end_line, end_column }
    }

    /// The text of a line, counted from 1, without its line break.
    #[must_use]
    pub fn line(&self, number: u32) -> Option<&str> {
        let index = number.checked_sub(1)?;
        let start = self.line_start(index)?;
        let end = self.line_start(index + 1).unwrap_or(self.text.len());
        Some(self.text.get(start..end)?.trim_end_matches(['\r', '\n']))
    }

    /// Where a line starts, counted from 0.
    fn line_start(&self, index: u32) -> Option<usize> {
        let counts = self.counts();
        if counts.has_carriage_returns {
            return self.line_starts().get(index as usize).map(|start| *start as usize);
        }
        counts.start_of(self.text.as_bytes(), index)
    }

    /// The number of lines; a text that ends with a line break has an empty last one.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        let counts = self.counts();
        if counts.has_carriage_returns { offset(self.line_starts().len()) } else { counts.line_feeds() + 1 }
    }

    fn line_and_column(&self, at: u32) -> (u32, u32) {
        let at = at.min(offset(self.text.len())) as usize;
        let counts = self.counts();
        let (line, start) = match counts.line(self.text.as_bytes(), at) {
            Some(found) => found,
            None => {
                let starts = self.line_starts();
                let line = starts.partition_point(|start| *start as usize <= at).max(1);
                (line, starts.get(line - 1).copied().unwrap_or_default() as usize)
            }
        };
        let before = self.text.get(start..).unwrap_or_default();
        let units = if counts.is_ascii { at - start } else { utf16_units(before, at - start) };
        (offset(line), offset(units + 1))
    }

    fn counts(&self) -> &Counts {
        self.counts.get_or_init(|| Counts::of(&self.text))
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| find_line_starts(&self.text))
    }
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut before = Vec::with_capacity(text.len() / STRETCH + 1);
        let (mut lines, mut has_carriage_returns) = (0, false);
        for stretch in text.as_bytes().chunks(STRETCH) {
            before.push(lines);
            lines += offset(line_feeds(stretch));
            has_carriage_returns |= stretch.iter().fold(false, |found, byte| found | (*byte == b'\r'));
        }
        before.push(lines);
        Self { before, has_carriage_returns, is_ascii: text.is_ascii() }
    }

    /// The number of line feeds.
    fn line_feeds(&self) -> u32 {
        self.before.last().copied().unwrap_or_default()
    }

    /// Where the line behind so many line feeds starts, when there are so many.
    fn start_of(&self, bytes: &[u8], line_feeds: u32) -> Option<usize> {
        let Some(further) = line_feeds.checked_sub(1) else { return Some(0) };
        // The last stretch before which there are fewer: its end is in the list too, unless there are not so many at all.
        let after = self.before.partition_point(|known| *known < line_feeds);
        let stretch = after.checked_sub(1).filter(|_| after < self.before.len())?;
        let first = stretch * STRETCH;
        let in_stretch = further.checked_sub(*self.before.get(stretch)?)?;
        let mut ends = bytes.get(first..)?.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        ends.nth(in_stretch as usize).map(|(place, _)| first + place + 1)
    }

    /// The line of an offset, counted from 1, and the offset at which it starts; nothing when lines may end otherwise.
    fn line(&self, bytes: &[u8], at: usize) -> Option<(usize, usize)> {
        let own = at / STRETCH;
        let before = *self.before.get(own).filter(|_| !self.has_carriage_returns)?;
        let inside = line_feeds(bytes.get(own * STRETCH..at)?);
        let line = before as usize + inside + 1;
        // The line starts in this stretch, or in the last one before it in which a line ends.
        let starts_in = match inside {
            0 => self.before.partition_point(|known| *known < before).saturating_sub(1),
            _ => own,
        };
        let first = starts_in * STRETCH;
        let part = bytes.get(first..at.min(first + STRETCH))?;
        let start = part.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| first + place + 1);
        Some((line, start))
    }
}

/// The number of line feeds.
fn line_feeds(bytes: &[u8]) -> usize {
    let part = |bytes: &[u8]| bytes.iter().fold(0_u8, |count, byte| count.wrapping_add(u8::from(*byte == b'\n')));
    // So few at once that the count of each part fits into a byte.
    bytes.chunks(128).map(|bytes| usize::from(part(bytes))).sum()
}

const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// The number of UTF-16 units in the characters of `text` that end within its first `bytes` bytes.
fn utf16_units(text: &str, bytes: usize) -> usize {
    text.char_indices()
        .take_while(|(start, character)| start + character.len_utf8() <= bytes)
        .map(|(_, character)| character.len_utf16())
        .sum()
}

/// Lines end with a line feed, a carriage return, or both, as in YAML and in the language server protocol.
fn find_line_starts(text: &str) -> Vec<u32> {
    let mut starts = vec![0];
    let mut bytes = text.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        let line_ends = match byte {
            b'\n' => true,
            b'\r' => bytes.peek().is_none_or(|(_, next)| *next != b'\n'),
            _ => false,
        };
        if line_ends {
            starts.push(offset(at + 1));
        }
    }
    starts
}

/// Bytes that are not UTF-8: what is wrong, and a text in which the place can be shown.
#[derive(Clone, Debug)]
pub struct NotUtf8 {
    /// The text, with a replacement character (`U+FFFD`) for whatever could not be read.
    pub source: SourceText,
    /// What is wrong, and where in `source`.
    pub error: ReadError,
}

impl NotUtf8 {
    fn explain(name: String, error: &std::string::FromUtf8Error) -> Self {
        let bytes = error.as_bytes();
        let good = error.utf8_error().valid_up_to();
        let source = SourceText::new(name, String::from_utf8_lossy(bytes));
        // What the reader of the file sees starts after a byte order mark, which `SourceText::new` has dropped.
        let mark = if bytes.starts_with(b"\xEF\xBB\xBF") { BYTE_ORDER_MARK.len_utf8() } else { 0 };
        let start = good.saturating_sub(mark);
        let span = Span::from_offsets(start, start + char::REPLACEMENT_CHARACTER.len_utf8());
        let error = match bytes {
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
                ReadError::new(ReadErrorKind::Encoding, span, "the text is UTF-16, but only UTF-8 can be read")
                    .help("save the file as UTF-8")
            }
            _ => {
                let byte = bytes.get(good).copied().unwrap_or_default();
                ReadError::new(
                    ReadErrorKind::Encoding,
                    span,
                    format!("the text is not UTF-8: byte 0x{byte:02X} at offset {good} starts no character"),
                )
                .help("save the file as UTF-8")
            }
        };
        Self { source, error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(source: &SourceText, at: usize) -> (u32, u32) {
        let position = source.position(Span::empty(offset(at)));
        (position.line, position.column)
    }

    #[test]
    fn columns_count_utf16_units() {
        let source = SourceText::new("x", "a😀b\né");
        assert_eq!(start(&source, 1), (1, 2));
        assert_eq!(start(&source, 5), (1, 4));
        assert_eq!(start(&source, 7), (2, 1));
        assert_eq!(start(&source, 9), (2, 2));
    }

    #[test]
    fn lines_that_are_counted_are_those_of_the_table() {
        let texts = [
            "a\n".repeat(3_000),
            "\n".repeat(1_030),
            "x".repeat(5_000) + "\ny",
            "äb\n".repeat(900) + &"z".repeat(4_000),
        ];
        for text in texts {
            let source = SourceText::new("x", text.as_str());
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let line = source.line_starts().partition_point(|start| *start as usize <= at).max(1);
                let before = text.get(source.line_starts()[line - 1] as usize..at).unwrap();
                assert_eq!(start(&source, at), (offset(line), offset(before.encode_utf16().count() + 1)), "{at}");
            }
            assert_eq!(source.line_count() as usize, source.line_starts().len());
            for index in 0..source.line_count() {
                assert_eq!(source.line_start(index), Some(source.line_starts()[index as usize] as usize), "{index}");
            }
            assert_eq!(source.line_start(source.line_count()), None);
        }
    }

    #[test]
    fn an_offset_inside_a_character_counts_as_its_start() {
        let source = SourceText::new("x", "a😀b");
        assert_eq!(start(&source, 3), (1, 2));
    }

    #[test]
    fn offsets_after_the_end_count_as_the_end() {
        let source = SourceText::new("x", "ab\n");
        assert_eq!(start(&source, 1000), (2, 1));
    }

    #[test]
    fn every_kind_of_line_break_ends_one_line() {
        let source = SourceText::new("x", "a\r\nb\rc\nd");
        assert_eq!([1, 2, 3, 4].map(|line| source.line(line).unwrap_or("?")), ["a", "b", "c", "d"]);
        assert_eq!(source.line(5), None);
        assert_eq!(source.line(0), None);
        assert_eq!(source.line_count(), 4);
    }

    #[test]
    fn a_byte_order_mark_is_not_counted() {
        let source = SourceText::from_bytes("x", b"\xEF\xBB\xBF{}".to_vec()).unwrap();
        assert_eq!(source.text(), "{}");
        assert_eq!(start(&source, 0), (1, 1));
    }

    #[test]
    fn the_first_byte_that_is_not_utf8_is_shown() {
        let refused = SourceText::from_bytes("x", b"a: 1\nb: \xFFz".to_vec()).unwrap_err();
        let position = refused.source.position(refused.error.span);
        assert_eq!((position.line, position.column, position.end_column), (2, 4, 5));
        assert_eq!(refused.source.slice(refused.error.span), "\u{FFFD}");
        assert_eq!(refused.error.message, "the text is not UTF-8: byte 0xFF at offset 8 starts no character");
    }

    #[test]
    fn utf16_is_named() {
        let refused = SourceText::from_bytes("x", b"\xFF\xFE{\0}\0".to_vec()).unwrap_err();
        assert_eq!(refused.error.message, "the text is UTF-16, but only UTF-8 can be read");
    }
}
