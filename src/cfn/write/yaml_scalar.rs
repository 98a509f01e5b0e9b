//! How text is written in YAML so that every reader, of version 1.1 or 1.2, reads the same text.

/// The ways to write text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// As it is.
    Plain,
    /// In quotes.
    Quoted,
    /// Lines as they are, behind `|`.
    Block,
}

/// How `text` is best written.
pub(super) fn style(text: &str) -> Style {
    if is_plain(text) {
        Style::Plain
    } else if is_block(text) {
        Style::Block
    } else {
        Style::Quoted
    }
}

/// Words that a reader of YAML 1.1 or 1.2 takes for something else than text, in lower case.
const WORDS: &[&str] = &["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

/// Whether `text` can be written as it is, as a key or as a value in block style.
pub(in crate::cfn) fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    starts_plainly(first)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        // In flow style some readers take it for the start of an entry.
        && !text.ends_with(" -")
        && text.chars().all(|character| character != '\n' && character != '\t' && is_printable(character))
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether text that starts so is neither an indicator of YAML nor like a number, a date or a merge key. More is
/// refused than must be: quotes do no harm.
fn starts_plainly(first: char) -> bool {
    first.is_alphabetic() || matches!(first, '/' | '$' | '_' | '(' | ')' | ';' | '^' | '\\')
}

/// Whether every reader takes the character for what it is. The others are written as escape sequences.
fn is_printable(character: char) -> bool {
    match character {
        '\n' | '\t' => true,
        // Line breaks to YAML 1.1.
        '\u{85}' | '\u{2028}' | '\u{2029}' => false,
        // Invisible, or no characters at all.
        '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' => false,
        _ => !character.is_control(),
    }
}

/// Whether `text` has several lines that can be written as they are: the first must show the indentation, and no
/// line may consist of blanks, which readers treat differently.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with(['\n', ' ', '\t'])
        && text.chars().all(is_printable)
        && text.split('\n').all(|line| line.is_empty() || (!line.starts_with('\t') && !line.trim().is_empty()))
}

/// `text` in quotes: single ones when that spares escapes, otherwise double ones.
pub(in crate::cfn) fn quote(text: &str) -> String {
    let plain_characters = text.chars().all(|character| !matches!(character, '\n' | '\t') && is_printable(character));
    if plain_characters && text.contains(['"', '\\']) && !text.contains('\'') {
        return format!("'{text}'");
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            character if is_printable(character) => quoted.push(character),
            character => quoted.push_str(&escape(character)),
        }
    }
    quoted.push('"');
    quoted
}

fn escape(character: char) -> String {
    match u32::from(character) {
        code @ 0..=0xFF => format!("\\x{code:02X}"),
        code @ 0x100..=0xFFFF => format!("\\u{code:04X}"),
        code => format!("\\U{code:08X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_some_reader_takes_for_something_else_is_quoted() {
        let texts = [
            "",
            "yes",
            "No",
            "ON",
            "off",
            "y",
            "N",
            "true",
            "null",
            "NULL",
            "~",
            "1",
            "-1",
            "012345678901",
            "1e3",
            "0x1F",
            "1:30",
            "1_000",
            ".5",
            ".inf",
            "2012-10-17",
            "=",
            "<<",
            "- a",
            "-",
            "?",
            "a: b",
            "a:",
            "a #b",
            " a",
            "a ",
            "#a",
            "&a",
            "*",
            "!a",
            "|",
            ">",
            "'a'",
            "\"a\"",
            "%a",
            "@a",
            "`a`",
            "[a]",
            "{a}",
            "---",
            "...",
            "a\tb",
            "a -",
            "ü\u{85}",
        ];
        for text in texts {
            assert_eq!(style(text), Style::Quoted, "{text:?}");
        }
    }

    #[test]
    fn ordinary_text_is_plain() {
        for text in
            ["AWS::EC2::VPC", "vpc-1", "api, please", "arn:aws:iam::111122223333:root", "über", "/healthz", "a#b"]
        {
            assert_eq!(style(text), Style::Plain, "{text:?}");
        }
    }

    #[test]
    fn lines_are_written_as_a_block() {
        assert_eq!(style("a\n  b\n\nc\n"), Style::Block);
        for text in ["\na", " a\nb", "a\n \nb", "a\n\tb", "a\r\nb", "a\n\u{7}"] {
            assert_eq!(style(text), Style::Quoted, "{text:?}");
        }
    }

    #[test]
    fn quotes_are_chosen_to_spare_escapes() {
        assert_eq!(quote("a"), "\"a\"");
        assert_eq!(quote("say \"a\""), "'say \"a\"'");
        assert_eq!(quote("it's \"a\""), "\"it's \\\"a\\\"\"");
        assert_eq!(quote("\u{0}\u{7f}\u{2028}\u{FEFF}"), "\"\\x00\\x7F\\u2028\\uFEFF\"");
    }
}
