//! JSON numbers.

use super::super::super::double;
use super::super::super::{Number, Value};
use super::super::{ReadError, ReadErrorKind, Stop, shown};
use super::Reader;

/// Whole numbers of up to so many digits surely fit into 64 bits.
const SAFE_DIGITS: usize = 18;

impl Reader<'_> {
    /// The number whose first byte is the next: a minus sign or a digit.
    #[inline]
    pub(super) fn number(&mut self) -> Result<Value, Stop> {
        let start = self.at;
        let negative = self.peek() == Some(b'-');
        if negative {
            self.at += 1;
        }
        let first_digit = self.at;
        let mut whole: i64 = 0;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            whole = whole.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
            self.at += 1;
        }
        let digits = self.at - first_digit;
        let continues = self.peek().is_some_and(continues_number);
        let leading_zero = digits > 1 && self.bytes.get(first_digit) == Some(&b'0');
        if continues || leading_zero || digits == 0 || digits > SAFE_DIGITS || (negative && whole == 0) {
            return self.unusual_number(start);
        }
        Ok(Value::Number(Number::Int(if negative { -whole } else { whole })))
    }

    /// A number with a fraction or exponent, a very long one, or something that only starts like a number.
    fn unusual_number(&mut self, start: usize) -> Result<Value, Stop> {
        while self.peek().is_some_and(continues_number) {
            self.at += 1;
        }
        let written = self.text.get(start..self.at).unwrap_or_default();
        if let Some(help) = mistake(written) {
            let message = format!("`{}` is no number in JSON", shown(written));
            self.errors.push(ReadError::new(ReadErrorKind::Syntax, self.span_from(start), message).help(help))?;
            return Ok(Value::Null);
        }
        if let (Ok(whole), false) = (written.parse::<i64>(), written == "-0") {
            return Ok(Value::Number(Number::Int(whole)));
        }
        match double::read(written) {
            Some(number) if number.is_finite() => Ok(Value::Number(Number::Float(number))),
            _ => {
                let message = format!("the number `{}` is too large", shown(written));
                self.errors.push(
                    ReadError::new(ReadErrorKind::Syntax, self.span_from(start), message)
                        .help("put it in quotes if it is meant as text"),
                )?;
                Ok(Value::Null)
            }
        }
    }
}

/// Whatever would make a reader see one word: letters are here so that `12ab` is one mistake, not two.
fn continues_number(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_')
}

/// Why `written` is not a number as RFC 8259 has them (section 6), as advice.
fn mistake(written: &str) -> Option<&'static str> {
    let unsigned = written.strip_prefix('-').unwrap_or(written);
    let (whole, rest) = split_digits(unsigned);
    if whole.is_empty() {
        return Some("a number needs a digit after its sign");
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Some(
            "put it in quotes if it is meant as text, such as an account ID; otherwise drop the leading zeros",
        );
    }
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => split_digits(rest),
        None => ("0", rest),
    };
    if fraction.is_empty() {
        return Some("a number needs a digit after its decimal point");
    }
    let (exponent, rest) = match rest.strip_prefix(['e', 'E']) {
        Some(rest) => split_digits(rest.strip_prefix(['+', '-']).unwrap_or(rest)),
        None => ("0", rest),
    };
    if exponent.is_empty() {
        return Some("a number needs a digit in its exponent");
    }
    (!rest.is_empty()).then_some("put it in quotes if it is meant as text")
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}
