//! Where something stands in a source text: byte spans inside, lines and columns for people.

/// A range of bytes in a source text, the end excluded.
///
/// Spans are what the readers keep for every value and key: eight bytes each. They turn into lines and columns only
/// when somebody is told about them, see [`SourceText::position`](super::SourceText::position).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The offset of the first byte.
    pub start: u32,
    /// The offset after the last byte.
    pub end: u32,
}

impl Span {
    /// From `start` up to, not including, `end`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The place before the byte at `offset`, with nothing in it.
    #[must_use]
    pub const fn empty(offset: u32) -> Self {
        Self { start: offset, end: offset }
    }

    /// A span from byte offsets as Rust has them. The readers refuse inputs far below the limit of 32 bits, so
    /// nothing is lost there; beyond it the span ends at the limit.
    #[must_use]
    pub fn from_offsets(start: usize, end: usize) -> Self {
        Self { start: offset(start), end: offset(end) }
    }

    /// The number of bytes.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether there is nothing between start and end.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether all of `other` is inside.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A byte offset in the 32 bits that spans have for it.
pub(crate) fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// Lines and columns of a span, as editors and the language server protocol count them: lines and columns from 1,
/// columns in UTF-16 code units, the end one after the last unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line on which it starts, from 1.
    pub line: u32,
    /// The column at which it starts, from 1, in UTF-16 units.
    pub column: u32,
    /// The line on which it ends, from 1.
    pub end_line: u32,
    /// The column after its last unit, from 1, in UTF-16 units.
    pub end_column: u32,
}
