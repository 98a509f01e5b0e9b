//! JSON strings.

use std::borrow::Cow;

use super::super::super::Span;
use super::super::{ReadError, ReadErrorKind, Stop};
use super::Reader;

impl<'a> Reader<'a> {
    /// The string whose quote is the next byte.
    #[inline]
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, Stop> {
        let start = self.at + 1;
        self.at = start + plain_length(self.bytes.get(start..).unwrap_or_default());
        if self.peek() == Some(b'"') {
            let text = self.text.get(start..self.at).unwrap_or_default();
            self.at += 1;
            return Ok(Cow::Borrowed(text));
        }
        self.string_with_escapes(start).map(Cow::Owned)
    }

    /// The rest of a string that starts at `start` and is plain up to the next byte.
    #[cold]
    fn string_with_escapes(&mut self, start: usize) -> Result<String, Stop> {
        let mut decoded = String::new();
        let mut plain = start;
        loop {
            decoded.push_str(self.text.get(plain..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(decoded);
                }
                Some(b'\\') => self.escape(&mut decoded)?,
                Some(b'\n' | b'\r') | None => return Err(self.string_not_closed(start - 1)),
                Some(control) => {
                    self.control_character(control)?;
                    self.at += 1;
                }
            }
            plain = self.at;
            self.at += plain_length(self.bytes.get(plain..).unwrap_or_default());
        }
    }

    /// The escape sequence whose backslash is the next byte.
    fn escape(&mut self, decoded: &mut String) -> Result<(), Stop> {
        let start = self.at;
        let escaped = match self.bytes.get(start + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(decoded),
            _ => {
                self.at += 1;
                return self.unknown_escape(start);
            }
        };
        self.at += 2;
        decoded.push(escaped);
        Ok(())
    }

    /// The escape sequence `\uXXXX`, or two of them that make one character.
    fn unicode_escape(&mut self, decoded: &mut String) -> Result<(), Stop> {
        let start = self.at;
        let Some(first) = self.code_unit(start) else {
            self.at += 2;
            let error = ReadError::new(
                ReadErrorKind::Syntax,
                Span::from_offsets(start, start + 2),
                "the escape sequence `\\u` needs four hexadecimal digits",
            );
            return self.errors.push(error.help("write a backslash itself as `\\\\`"));
        };
        self.at += UNICODE_ESCAPE;
        let second = if is_high_surrogate(first) { self.code_unit(self.at) } else { None };
        let units = [first, second.unwrap_or_default()];
        let used = if second.is_some_and(|unit| (0xDC00..=0xDFFF).contains(&unit)) { 2 } else { 1 };
        match char::decode_utf16(units.into_iter().take(used)).next() {
            Some(Ok(character)) => {
                self.at = start + used * UNICODE_ESCAPE;
                decoded.push(character);
                Ok(())
            }
            _ => self.lone_surrogate(start),
        }
    }

    /// The UTF-16 unit of the escape sequence at `at`.
    fn code_unit(&self, at: usize) -> Option<u16> {
        let [b'\\', b'u', digits @ ..] = self.bytes.get(at..)?.first_chunk::<UNICODE_ESCAPE>()? else { return None };
        digits.iter().try_fold(0, |unit, digit| {
            let digit = (*digit as char).to_digit(16)?;
            Some((unit << 4) | u16::try_from(digit).ok()?)
        })
    }

    fn lone_surrogate(&mut self, start: usize) -> Result<(), Stop> {
        let span = self.span_from(start);
        let written = self.text.get(start..self.at).unwrap_or_default();
        let message = format!("`{written}` is half of a character (a lone surrogate)");
        self.errors.push(
            ReadError::new(ReadErrorKind::Syntax, span, message)
                .help("write the character itself, or both halves as two `\\u` sequences"),
        )
    }

    fn unknown_escape(&mut self, start: usize) -> Result<(), Stop> {
        let escaped = self.text.get(start + 1..).and_then(|rest| rest.chars().next());
        let Some(escaped) = escaped.filter(|escaped| !escaped.is_control()) else {
            // What follows is a mistake of its own, and will be said.
            return Ok(());
        };
        let span = Span::from_offsets(start, start + 1 + escaped.len_utf8());
        let message = match escaped {
            '`' => "a backslash before a backtick is no escape sequence of JSON".to_owned(),
            _ => format!("`\\{escaped}` is no escape sequence of JSON"),
        };
        let error = ReadError::new(ReadErrorKind::Syntax, span, message);
        self.errors.push(error.help("write a backslash itself as `\\\\`"))
    }

    fn control_character(&mut self, control: u8) -> Result<(), Stop> {
        let span = Span::from_offsets(self.at, self.at + 1);
        let message = format!("the control character U+{control:04X} must be escaped in a string");
        let help = match control {
            b'\t' => "write a tab as `\\t`".to_owned(),
            _ => format!("write it as `\\u{control:04x}`"),
        };
        self.errors.push(ReadError::new(ReadErrorKind::Syntax, span, message).help(help))
    }

    fn string_not_closed(&mut self, quote: usize) -> Stop {
        let span = self.span_from(quote);
        let error = if self.peek().is_none() {
            ReadError::new(ReadErrorKind::Syntax, span, "the text ends inside a string")
        } else {
            ReadError::new(ReadErrorKind::Syntax, span, "the line ends inside a string")
        };
        self.errors.stop(error.help("close it with `\"`; a line break inside is written as `\\n`"))
    }
}

/// The length of `\uXXXX`.
const UNICODE_ESCAPE: usize = 6;

fn is_high_surrogate(unit: u16) -> bool {
    (0xD800..=0xDBFF).contains(&unit)
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// How many bytes come before the first quote, backslash or control character, or the end. Looks at eight bytes at
/// once.
#[inline]
fn plain_length(bytes: &[u8]) -> usize {
    let mut length = 0;
    while let Some(chunk) = bytes.get(length..).and_then(<[u8]>::first_chunk::<8>) {
        let found = special_bytes(u64::from_le_bytes(*chunk));
        if found != 0 {
            return length + (found.trailing_zeros() / 8) as usize;
        }
        length += 8;
    }
    let rest = bytes.get(length..).unwrap_or_default();
    length + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len())
}

/// The high bit of each byte of `word` that is a quote, a backslash or a control character. Only the lowest one set
/// is certain: borrows may set higher ones.
#[inline]
fn special_bytes(word: u64) -> u64 {
    let quotes = word ^ (ONES * b'"' as u64);
    let backslashes = word ^ (ONES * b'\\' as u64);
    let controls = word.wrapping_sub(ONES * 0x20) & !word;
    let zeros = (quotes.wrapping_sub(ONES) & !quotes) | (backslashes.wrapping_sub(ONES) & !backslashes);
    (controls | zeros) & HIGHS
}

#[cfg(test)]
mod tests {
    use super::plain_length;

    #[test]
    fn plain_length_stops_at_special_bytes_wherever_they_stand() {
        for special in [b'"', b'\\', 0, 0x1F, b'\n'] {
            for before in 0..20 {
                let mut bytes = vec![0xC3; before];
                bytes.push(special);
                bytes.extend([b'\\', b'x', b'"', b'a', b'b', b'c', b'd', b'e', b'f']);
                assert_eq!(plain_length(&bytes), before, "byte {special} after {before}");
            }
        }
        assert_eq!(plain_length("plain text, ünd so weiter !#[]".as_bytes()), 31);
    }
}
