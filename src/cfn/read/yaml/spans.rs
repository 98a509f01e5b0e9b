//! From the markers of the YAML scanner, which count characters and are generous about ends, to exact byte spans.

use saphyr_parser::{Marker, ScalarStyle};

use super::super::super::Span;
use super::super::super::position::offset;
use crate::cfn::Gather as _;

/// A checkpoint every so many characters.
const STRIDE: usize = 64;

/// Byte offsets of the characters of a text.
pub(super) struct Offsets<'a> {
    text: &'a str,
    /// The byte offset of every [`STRIDE`]-th character. Empty when every character is one byte.
    checkpoints: Vec<u32>,
}

impl<'a> Offsets<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let checkpoints = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(STRIDE).map(|(at, _)| offset(at)).gather()
        };
        Self { text, checkpoints }
    }

    /// The byte offset of a marker.
    pub(super) fn byte(&self, marker: Marker) -> usize {
        let index = marker.index();
        if self.checkpoints.is_empty() {
            return index.min(self.text.len());
        }
        let Some(checkpoint) = self.checkpoints.get(index / STRIDE) else { return self.text.len() };
        let start = *checkpoint as usize;
        let rest = self.text.get(start..).unwrap_or_default();
        rest.char_indices().nth(index % STRIDE).map_or(self.text.len(), |(at, _)| start + at)
    }
}

/// The bytes of a YAML text, with the little that must be read again to know where things end.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a>(pub &'a [u8]);

impl Bytes<'_> {
    pub(super) fn at(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    /// The end of the tag or anchor that starts at `at`.
    pub(super) fn property_end(self, at: usize) -> usize {
        let verbatim = self.at(at) == Some(b'!') && self.at(at + 1) == Some(b'<');
        let mut end = at + 1;
        while let Some(byte) = self.at(end) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => break,
                b',' | b'[' | b']' | b'{' | b'}' if !verbatim => break,
                _ => end += 1,
            }
        }
        end
    }

    /// The first byte from `at` on that is neither space nor in a comment.
    pub(super) fn skip_space(self, mut at: usize) -> usize {
        while let Some(byte) = self.at(at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'#' => {
                    while self.at(at).is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                        at += 1;
                    }
                }
                _ => break,
            }
        }
        at
    }

    /// Where the scalar that starts at `start` ends, when the scanner stood at `scanned` after it.
    pub(super) fn scalar_end(self, style: ScalarStyle, start: usize, scanned: usize) -> usize {
        match style {
            ScalarStyle::SingleQuoted => self.quoted_end(start, b'\'').unwrap_or(scanned),
            ScalarStyle::DoubleQuoted => self.quoted_end(start, b'"').unwrap_or(scanned),
            ScalarStyle::Literal | ScalarStyle::Folded if self.keeps_line_breaks(start) => {
                self.kept_end(start, scanned)
            }
            ScalarStyle::Plain => start + self.0.get(start..scanned).unwrap_or_default().trim_ascii_end().len(),
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let written = self.0.get(start..scanned).unwrap_or_default();
                // Blanks at the end of its last line belong to the text, those before what follows do not.
                let (text, behind) = written.split_at(written.trim_ascii_end().len());
                let blanks = behind.iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')).count();
                start + text.len() + blanks
            }
        }
    }

    /// Where a block scalar that keeps its line breaks ends: behind the last of them. The scanner may stand behind the
    /// indentation of what follows.
    fn kept_end(self, start: usize, scanned: usize) -> usize {
        let written = self.0.get(start..scanned).unwrap_or_default();
        let indentation = written.iter().rev().take_while(|byte| **byte == b' ').count();
        let (before, _) = written.split_at(written.len() - indentation);
        let follows = scanned < self.0.len() && matches!(before.last(), Some(b'\n' | b'\r'));
        if follows { start + before.len() } else { scanned }
    }

    fn quoted_end(self, start: usize, quote: u8) -> Option<usize> {
        let mut at = start + 1;
        loop {
            let byte = self.at(at)?;
            if byte == b'\\' && quote == b'"' {
                at += 2;
            } else if byte != quote {
                at += 1;
            } else if quote == b'\'' && self.at(at + 1) == Some(quote) {
                at += 2;
            } else {
                return Some(at + 1);
            }
        }
    }

    /// Whether the block scalar at `start` has the indicator `+` behind its `|` or `>`.
    fn keeps_line_breaks(self, start: usize) -> bool {
        match self.at(start + 1) {
            Some(b'+') => true,
            Some(b'1'..=b'9') => self.at(start + 2) == Some(b'+'),
            _ => false,
        }
    }

    /// Where the `|` or `>` of a block scalar stands. The scanner says where its first line starts, except at the end
    /// of the text.
    pub(super) fn block_start(self, scanned: usize, is_blank: bool) -> usize {
        if is_blank && matches!(self.at(scanned), Some(b'|' | b'>')) {
            return scanned;
        }
        let header = self.line_before(scanned);
        let line = self.0.get(header.start as usize..header.end as usize).unwrap_or_default();
        let found = (0..line.len()).find(|at| line.get(*at..).is_some_and(is_block_header));
        found.map_or(scanned, |at| header.start as usize + at)
    }

    /// The line that holds the last byte before `at` that is not space, without space around it.
    pub(super) fn line_before(self, at: usize) -> Span {
        let before = self.0.get(..at).unwrap_or_default().trim_ascii_end();
        let line = before.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |found| found + 1);
        let indent = before.get(line..).unwrap_or_default();
        let start = line + indent.len() - indent.trim_ascii_start().len();
        Span::from_offsets(start, before.len())
    }
}

/// Whether this is the `|` or `>` of a block scalar with its indicators, and nothing but a comment behind.
fn is_block_header(line: &[u8]) -> bool {
    let Some(b'|' | b'>') = line.first() else { return false };
    let rest = line.get(1..).unwrap_or_default();
    let indicators = rest.iter().take_while(|byte| matches!(byte, b'+' | b'-' | b'1'..=b'9')).count();
    let behind = rest.get(indicators..).unwrap_or_default();
    behind.is_empty()
        || (behind.starts_with(b" ") && behind.trim_ascii_start().first().is_none_or(|byte| *byte == b'#'))
}
