//! What holds for every value and every text.

use proptest::prelude::*;
use ringfence::cfn::{Format, ReadErrorKind, Segment, SourceText, Span, Value, read, to_json, to_yaml};

use super::values::{text, value, walk};

proptest! {
    #[test]
    fn json_that_is_written_reads_as_the_same_value(value in value()) {
        let source = SourceText::new("t.json", to_json(&value));
        let document = read(&source, Format::Json).map_err(|errors| fail(&source, &errors))?;
        prop_assert_eq!(document.value, value);
    }

    #[test]
    fn yaml_that_is_written_reads_as_the_same_value(value in value()) {
        let source = SourceText::new("t.yaml", to_yaml(&value));
        let document = read(&source, Format::Yaml).map_err(|errors| fail(&source, &errors))?;
        prop_assert_eq!(&document.value, &value, "written as:\n{}", source.text());
    }

    #[test]
    fn every_value_of_json_stands_where_its_position_says(value in value()) {
        let source = SourceText::new("t.json", to_json(&value));
        let document = read(&source, Format::Json).map_err(|errors| fail(&source, &errors))?;
        let mut wrong = Vec::new();
        walk(&document.value, &mut |path, value| {
            let slice = source.slice(document.positions.locate_path(path.iter().copied()).unwrap_or_default());
            let again = read(&SourceText::new("slice", slice), Format::Json).map(|document| document.value);
            if again.as_ref() != Ok(value) {
                wrong.push(format!("{path:?} is at {slice:?}"));
            }
        });
        prop_assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn every_value_of_yaml_stands_where_its_position_says(value in value()) {
        let source = SourceText::new("t.yaml", to_yaml(&value));
        let document = read(&source, Format::Yaml).map_err(|errors| fail(&source, &errors))?;
        let mut wrong = Vec::new();
        walk(&document.value, &mut |path, value| {
            let span = document.positions.locate_path(path.iter().copied()).unwrap_or_default();
            if !stands_there(&source, span, value) {
                wrong.push(format!("{path:?} ({value:?}) is at {:?}", source.slice(span)));
            }
        });
        prop_assert!(wrong.is_empty(), "in\n{}\n{wrong:#?}", source.text());
    }

    #[test]
    fn every_key_stands_where_its_position_says(value in value()) {
        for (name, text) in [("t.json", to_json(&value)), ("t.yaml", to_yaml(&value))] {
            let source = SourceText::new(name, text);
            let document = read(&source, Format::Auto).map_err(|errors| fail(&source, &errors))?;
            let mut wrong = Vec::new();
            walk(&document.value, &mut |path, _| {
                let Some(Segment::Key(key)) = path.last() else { return };
                let slice = source.slice(document.positions.locate_key_path(path.iter().copied()).unwrap_or_default());
                let is_tag = slice.strip_prefix('!').is_some_and(|tag| key.ends_with(tag));
                let alone = match Format::Auto.of(&source) {
                    Format::Json => SourceText::new("slice.json", format!("{{{slice}: 0, \"another key\": 0}}")),
                    _ => SourceText::new("slice.yaml", format!("? {slice}\n: 0\n? another key\n: 0")),
                };
                let again = read(&alone, Format::Auto);
                if !is_tag && again.ok().and_then(|document| document.value.get(key).cloned()).is_none() {
                    wrong.push(format!("{path:?} is at {slice:?}"));
                }
            });
            prop_assert!(wrong.is_empty(), "in\n{}\n{wrong:#?}", source.text());
        }
    }

    #[test]
    fn columns_count_utf16_units_from_the_start_of_the_line(text in any::<String>(), at in any::<prop::sample::Index>()) {
        let source = SourceText::new("t", text.trim_start_matches('\u{FEFF}'));
        let text = source.text();
        let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let offset = *at.get(&offsets);
        let before = text.get(..offset).expect("between characters");
        // A line feed that is about to follow belongs to the carriage return before it.
        let is_inside_break = before.ends_with('\r') && text.get(offset..).is_some_and(|rest| rest.starts_with('\n'));
        prop_assume!(!is_inside_break);
        let lines = before.replace("\r\n", "\n").replace('\r', "\n");
        let line = lines.rsplit('\n').next().unwrap_or_default();
        let position = source.position(Span::from_offsets(offset, offset));
        prop_assert_eq!(position.line as usize, lines.matches('\n').count() + 1);
        prop_assert_eq!(position.column as usize, line.encode_utf16().count() + 1);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_all_ways(bytes);
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in text()) {
        read_all_ways(text.into_bytes());
    }

    #[test]
    fn no_pieces_of_json_and_yaml_make_a_reader_panic(text in soup(SOUP)) {
        read_all_ways(text.into_bytes());
    }

    #[test]
    fn json_is_accepted_and_read_as_serde_json_does(text in soup(JSON_SOUP)) {
        let ours = read(&SourceText::new("t.json", text.as_str()), Format::Json);
        let theirs: Result<serde_json::Value, _> = serde_json::from_str(&text);
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(serde_json::to_value(&ours.value).ok(), Some(without_u64(theirs))),
            (Err(errors), Ok(_)) => {
                prop_assert!(errors.iter().all(|error| error.kind == ReadErrorKind::DuplicateKey), "{errors:?}");
            }
            (Ok(_), Err(error)) => prop_assert!(false, "serde_json refuses: {error}"),
            (Err(_), Err(_)) => {}
        }
    }
}

/// Whole numbers that need 64 bits without a sign are doubles to us: no template has any.
fn without_u64(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Number(number) if number.is_u64() && !number.is_i64() => number.as_f64().into(),
        serde_json::Value::Array(elements) => elements.into_iter().map(without_u64).collect(),
        serde_json::Value::Object(map) => map.into_iter().map(|(key, value)| (key, without_u64(value))).collect(),
        other => other,
    }
}

fn fail(source: &SourceText, errors: &[ringfence::cfn::ReadError]) -> TestCaseError {
    TestCaseError::fail(format!("{errors:#?}\n{}", source.text()))
}

/// Whether what stands at `span` of a YAML text, read alone, is `value`.
fn stands_there(source: &SourceText, span: Span, value: &Value) -> bool {
    let slice = source.slice(span);
    if matches!(value, Value::String(text) if slice == text) || (*value == Value::Null && slice.is_empty()) {
        return true;
    }
    // The resource and the attribute of `!GetAtt Role.Arn`.
    let attribute = |parts: &[Value]| parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(".");
    if value.as_list().is_some_and(|parts| parts.len() > 1 && attribute(parts) == slice) {
        return true;
    }
    // The first line is indented as it was, so that the others stand in relation to it as before.
    let line =
        source.text().get(..span.start as usize).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
    let alone = SourceText::new("slice", " ".repeat(line.chars().count()) + slice);
    read(&alone, Format::Yaml).is_ok_and(|document| document.value == *value)
}

/// Reads bytes as everything that they could be. Whatever is found, it must be well formed.
fn read_all_ways(bytes: Vec<u8>) {
    let source = match SourceText::from_bytes("t", bytes) {
        Ok(source) => source,
        Err(refused) => {
            assert_eq!(refused.source.slice(refused.error.span), "\u{FFFD}");
            refused.source
        }
    };
    for format in [Format::Json, Format::Yaml, Format::Auto] {
        match read(&source, format) {
            Ok(document) => walk(&document.value, &mut |path, _| {
                assert!(document.positions.locate_path(path.iter().copied()).is_some());
            }),
            Err(errors) => {
                assert!(!errors.is_empty());
                for error in errors {
                    assert!(error.span.end as usize <= source.text().len(), "{error:?}");
                    assert!(source.text().is_char_boundary(error.span.start as usize), "{error:?}");
                    assert!(source.text().is_char_boundary(error.span.end as usize), "{error:?}");
                    assert!(!error.message.is_empty() && !error.message.ends_with('.'), "{error:?}");
                }
            }
        }
    }
}

fn soup(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces), 0..30).prop_map(|pieces| pieces.concat())
}

const JSON_SOUP: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"a\":",
    "\"b\":",
    "\"a\"",
    "\"\\u00e9\\ud83d\\ude00\"",
    "\"\\n\\\"\\\\\\/\"",
    "\"\"",
    "1",
    "-0",
    "-1",
    "0.5e3",
    "12E-2",
    "1e400",
    "123456789012345678901234567890",
    "9223372036854775807",
    "9223372036854775808",
    "0",
    "01",
    "1.",
    "true",
    "false",
    "null",
    "\"\\ud800\"",
    "\"\t\"",
    " ",
    "\n",
    "{}",
    "[]",
    "{\"Ref\":\"x\"}",
    "[1,2]",
    "{\"k\":",
    "-",
];

const SOUP: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    ": ",
    "\"",
    "'",
    "\\",
    "\\u",
    "\\ud800",
    "\"a\": ",
    "a: ",
    "b:",
    "- ",
    "-",
    "? ",
    "&a ",
    "*a",
    "<<: *a",
    "!Ref ",
    "!Sub ",
    "!GetAtt ",
    "!Foo ",
    "!",
    "!!str ",
    "!!int ",
    "!!binary ",
    "|",
    "|+",
    ">-",
    "\n",
    "\n  ",
    "\n    ",
    "\r\n",
    "\r",
    "\t",
    " ",
    "#",
    " # c",
    "---",
    "...",
    "%YAML 1.2",
    "%TAG ! x",
    "true",
    "null",
    "1",
    "-0",
    "0x",
    "1e",
    ".inf",
    "yes",
    "Ref",
    "Fn::Sub",
    "é",
    "😀",
    "\u{FEFF}",
    "\u{85}",
    "\u{2028}",
    "\0",
    "\u{7}",
    "@",
    "`",
    "//",
    "/* */",
    "=",
    "~",
    "a.b",
];
