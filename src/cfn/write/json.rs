//! Writes JSON.

use super::super::{Map, Number, Value, double};

/// `value` as JSON: indented by two spaces, keys in their order, numbers with as many digits as it takes to read the
/// same number again, a line break at the end.
#[must_use]
pub fn to_json(value: &Value) -> String {
    let mut writer = Writer { text: String::new(), depth: Some(0) };
    writer.value(value);
    writer.text.push('\n');
    writer.text
}

/// `value` as JSON in one line without any space.
#[must_use]
pub fn to_compact_json(value: &Value) -> String {
    let mut writer = Writer { text: String::new(), depth: None };
    writer.value(value);
    writer.text
}

/// Adds `text` to `json` as a string.
pub fn push_json_string(json: &mut String, text: &str) {
    json.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        let Some((plain, special)) = rest.split_at_checked(at) else { break };
        let Some(character) = special.chars().next() else { break };
        json.push_str(plain);
        push_escape(json, character);
        rest = special.get(character.len_utf8()..).unwrap_or_default();
    }
    json.push_str(rest);
    json.push('"');
}

fn push_escape(json: &mut String, character: char) {
    let short = match character {
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '"' | '\\' => character,
        other => {
            json.push_str("\\u00");
            for digit in [u32::from(other) >> 4, u32::from(other) & 15] {
                json.extend(char::from_digit(digit, 16));
            }
            return;
        }
    };
    json.push('\\');
    json.push(short);
}

/// What has been written, and how deep the next line stands; nothing when all goes into one line.
struct Writer {
    text: String,
    depth: Option<usize>,
}

impl Writer {
    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.text.push_str("null"),
            Value::Bool(true) => self.text.push_str("true"),
            Value::Bool(false) => self.text.push_str("false"),
            Value::Number(Number::Int(number)) => self.text.push_str(&number.to_string()),
            Value::Number(Number::Float(number)) => self.text.push_str(&double::written(*number)),
            Value::String(text) => push_json_string(&mut self.text, text),
            Value::List(items) => self.list(items),
            Value::Map(map) => self.map(map),
            Value::Intrinsic(intrinsic) => {
                self.open('{');
                self.member(true, intrinsic.function.name(), &intrinsic.argument);
                self.close('}');
            }
        }
    }

    fn list(&mut self, items: &[Value]) {
        if items.is_empty() {
            self.text.push_str("[]");
            return;
        }
        self.open('[');
        for (index, item) in items.iter().enumerate() {
            self.next(index == 0);
            self.value(item);
        }
        self.close(']');
    }

    fn map(&mut self, map: &Map) {
        if map.is_empty() {
            self.text.push_str("{}");
            return;
        }
        self.open('{');
        for (index, (key, value)) in map.iter().enumerate() {
            self.member(index == 0, key, value);
        }
        self.close('}');
    }

    fn member(&mut self, is_first: bool, key: &str, value: &Value) {
        self.next(is_first);
        push_json_string(&mut self.text, key);
        self.text.push_str(if self.depth.is_some() { ": " } else { ":" });
        self.value(value);
    }

    fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.depth = self.depth.map(|depth| depth.saturating_add(1));
    }

    fn close(&mut self, bracket: char) {
        self.depth = self.depth.map(|depth| depth.saturating_sub(1));
        self.line();
        self.text.push(bracket);
    }

    fn next(&mut self, is_first: bool) {
        if !is_first {
            self.text.push(',');
        }
        self.line();
    }

    fn line(&mut self) {
        if let Some(depth) = self.depth {
            self.text.push('\n');
            for _ in 0..depth {
                self.text.push_str("  ");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn strings_are_written_as_serde_json_does(text in any::<String>()) {
            let mut json = String::new();
            push_json_string(&mut json, &text);
            prop_assert_eq!(json, serde_json::to_string(&text).unwrap());
        }
    }

    #[test]
    fn values_are_written_as_serde_json_does() {
        let inner = Value::list([Value::Null, Value::from(-1), Value::from(0.5), Value::List(Vec::new())]);
        let value = Value::map([
            ("a\u{1}\"\\\u{7f}é", inner),
            ("b", Value::Map(Map::new())),
            ("c", Value::reference("X")),
            ("d", Value::list([Value::map([("e", true)]), Value::attribute("X", "Arn")])),
        ]);
        assert_eq!(to_compact_json(&value), serde_json::to_string(&value).unwrap());
        assert_eq!(to_json(&value), serde_json::to_string_pretty(&value).unwrap() + "\n");
    }
}
