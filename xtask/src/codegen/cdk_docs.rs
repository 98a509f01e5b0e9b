//! Documentation comments and names of constants as jsii wants them.

use std::fmt::Write as _;

use serde_json::Value;

/// How wide a line of a comment may be.
const WIDTH: usize = 118;

/// A documentation comment: the first sentence is the summary, the rest follows after an empty line.
pub fn comment(indent: &str, doc: &str, default: Option<&str>) -> String {
    let (summary, rest) = match doc.split_once(". ") {
        Some((summary, rest)) => (format!("{summary}."), Some(rest)),
        None => (doc.to_owned(), None),
    };
    let mut paragraphs = vec![summary];
    paragraphs.extend(rest.map(str::to_owned));
    paragraphs.extend(default.map(|default| format!("@default {default}")));
    let lines: Vec<String> = paragraphs.iter().map(|paragraph| wrapped(indent, paragraph)).collect();
    format!("{indent}/**\n{}{indent} */\n", lines.join(&format!("{indent} *\n")))
}

fn wrapped(indent: &str, paragraph: &str) -> String {
    let mut lines = String::new();
    let mut line = format!("{indent} *");
    for word in paragraph.split_whitespace() {
        if line.len() + 1 + word.len() > WIDTH {
            let _ = writeln!(lines, "{line}");
            line = format!("{indent} *");
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(lines, "{line}");
    lines
}

/// A description without what it says of the default, and that.
pub fn described(description: &str) -> (String, Option<String>) {
    let Some((before, after)) = description.split_once("Default: ") else { return (description.to_owned(), None) };
    let (said, rest) = match after.split_once(". ") {
        Some((said, rest)) => (said, rest),
        None => (after.trim_end_matches('.'), ""),
    };
    (format!("{before}{rest}").trim().to_owned(), Some(format!("- {said}")))
}

/// What is taken when a prop of a type is left out.
pub fn default_text(default: Option<&Value>, of: &str, said: Option<&str>) -> String {
    if let Some(said) = said {
        return said.to_owned();
    }
    match default {
        None => "- none".to_owned(),
        Some(Value::String(text)) if of != "string" => format!("{of}.{}", constant(text)),
        Some(Value::String(text)) => format!("'{text}'"),
        Some(Value::Array(items)) if items.is_empty() => "- none".to_owned(),
        Some(Value::Object(members)) if members.is_empty() => "- none".to_owned(),
        Some(Value::Object(_)) => "- every member at its default".to_owned(),
        Some(other) => other.to_string(),
    }
}

/// The name of a constant for a word: `non-blocking` as `NON_BLOCKING`, `1.4.0` as `V1_4_0`.
pub fn constant(word: &str) -> String {
    let mut name = String::new();
    for letter in word.chars() {
        let separates = !letter.is_ascii_alphanumeric();
        name.push(if separates { '_' } else { letter.to_ascii_uppercase() });
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("V{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_told_apart() {
        let (doc, default) = described("So many tasks. Default: one for each zone. More cost more.");
        assert_eq!((doc.as_str(), default.as_deref()), ("So many tasks. More cost more.", Some("- one for each zone")));
        assert_eq!(described("So many."), ("So many.".to_owned(), None));
    }

    #[test]
    fn constants_are_in_capitals() {
        assert_eq!(
            ["x86_64", "non-blocking", "1.4.0", "LATEST"].map(constant),
            ["X86_64", "NON_BLOCKING", "V1_4_0", "LATEST"]
        );
    }
}
