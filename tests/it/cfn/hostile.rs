//! Texts that are wrong, or made to hurt.

use std::time::{Duration, Instant};

use ringfence::cfn::read::limits;
use ringfence::cfn::{Format, ReadError, ReadErrorKind, SourceText, read};

use super::{read_well, render};

#[test]
fn mistakes_are_explained() {
    insta::glob!("../../corpus/hostile", "*.*", |path| {
        let name = path.file_name().and_then(|name| name.to_str()).expect("names are UTF-8");
        let bytes = std::fs::read(path).expect("a corpus file can be read");
        let source = SourceText::from_bytes(name, bytes).expect("the corpus is UTF-8");
        let errors = read(&source, Format::Auto).expect_err(name);
        insta::assert_snapshot!(render(&source, &errors));
    });
}

/// The mistakes of a text that comes from bytes nobody wants in a file.
fn mistakes(name: &str, bytes: &[u8]) -> String {
    match SourceText::from_bytes(name, bytes.to_vec()) {
        Err(refused) => render(&refused.source, &[refused.error]),
        Ok(source) => render(&source, &read(&source, Format::Auto).expect_err(name)),
    }
}

#[test]
fn bytes_that_are_no_text_are_explained() {
    let cases: [(&str, &[u8]); 8] = [
        ("latin1.yaml", b"Description: caf\xE9\n"),
        ("truncated.json", b"{\"a\": \"\xF0\x9F\x98"),
        ("surrogate.json", b"[\"\xED\xA0\x80\"]"),
        ("utf16.json", b"\xFF\xFE{\0}\0"),
        ("bom-then-latin1.yaml", b"\xEF\xBB\xBFa: \xE9\n"),
        ("nul.yaml", b"a: b\0c\nd: \x1B[0m\n"),
        ("nul.json", b"{\"a\": \"b\0c\", \"d\": \x00}"),
        ("empty.json", b" \r\n"),
    ];
    let rendered: Vec<String> =
        cases.iter().map(|(name, bytes)| format!("{name}\n{}", mistakes(name, bytes))).collect();
    insta::assert_snapshot!(rendered.join("\n"));
}

#[test]
fn carriage_returns_tabs_and_byte_order_marks_do_not_disturb() {
    let plain = read_well(&SourceText::new("t.yaml", "a:\n  - b\n  - c: |\n      d\n      e\n")).value;
    let bytes = b"\xEF\xBB\xBFa:\t# tab\r\n  - b \t\r\n  - c: |\r\n      d\r\n      e\r\n".to_vec();
    let source = SourceText::from_bytes("t.yaml", bytes).expect("it is UTF-8");
    let document = read_well(&source);
    assert_eq!(document.value, plain);
    assert_eq!(document.positions.locate("/a/0").map(|span| source.position(span).line), Some(2));
    let json =
        SourceText::from_bytes("t.json", b"\xEF\xBB\xBF{\r\n\t\"a\":\t1\r\n}\r\n".to_vec()).expect("it is UTF-8");
    assert_eq!(read_well(&json).positions.locate("/a").map(|span| json.position(span).column), Some(7));
}

/// The only mistake of a text, which must be found before long even without optimisation.
fn only_mistake(name: &str, text: String) -> ReadError {
    let source = SourceText::new(name, text);
    let start = Instant::now();
    let errors = read(&source, Format::Auto).expect_err(name);
    assert!(start.elapsed() < Duration::from_secs(20), "{name}: took {:?}", start.elapsed());
    let [error] = errors.as_slice() else { panic!("{name}: {} mistakes, not one", errors.len()) };
    error.clone()
}

#[test]
fn depth_is_limited() {
    let deep = 100_000;
    let cases = [
        ("lists.json", "[".repeat(deep)),
        ("maps.json", "{\"a\":".repeat(deep)),
        ("mixed.json", "[{\"a\":".repeat(deep)),
        ("flow.yaml", "[".repeat(deep)),
        ("flow-maps.yaml", "{a: ".repeat(deep)),
        ("dashes.yaml", "- ".repeat(deep)),
        ("questions.yaml", "? ".repeat(deep)),
        ("keys.yaml", (0..300).map(|depth| "  ".repeat(depth) + "é:\n").collect()),
        (
            "tags.yaml",
            "- !Not\n".to_owned() + &(1..300).map(|depth| "  ".repeat(depth) + "- !Not\n").collect::<String>(),
        ),
    ];
    for (name, text) in cases {
        let error = only_mistake(name, text.clone());
        assert!(text.is_char_boundary(error.span.start as usize) && text.is_char_boundary(error.span.end as usize));
        assert_eq!(error.kind, ReadErrorKind::Limit, "{name}: {error:?}");
        assert!(error.message.contains(&limits::MAX_DEPTH.to_string()), "{name}: {}", error.message);
    }
}

#[test]
fn the_deepest_value_is_read_written_and_read() {
    let text = "[".repeat(limits::MAX_DEPTH) + &"]".repeat(limits::MAX_DEPTH);
    let json = read_well(&SourceText::new("t.json", text.clone())).value;
    let flow = read_well(&SourceText::new("t.yaml", text)).value;
    assert_eq!(json, flow);
    assert_eq!(read_well(&SourceText::new("t.yaml", ringfence::cfn::to_yaml(&json))).value, json);
    assert_eq!(read_well(&SourceText::new("t.json", ringfence::cfn::to_json(&json))).value, json);
}

#[test]
fn size_is_limited() {
    let text = format!("\"{}\"", "x".repeat(limits::MAX_INPUT_BYTES));
    for name in ["t.json", "t.yaml"] {
        let error = only_mistake(name, text.clone());
        assert_eq!(error.kind, ReadErrorKind::Limit);
        assert_eq!(error.message, "the text has 10000002 bytes, more than the limit of 10000000");
    }
    let largest = format!("\"{}\"", "x".repeat(limits::MAX_INPUT_BYTES - 2));
    for name in ["t.json", "t.yaml"] {
        let value = read_well(&SourceText::new(name, largest.clone())).value;
        assert_eq!(value.as_str().map(str::len), Some(limits::MAX_INPUT_BYTES - 2));
    }
}

#[test]
fn the_number_of_values_is_limited() {
    let error = only_mistake("t.json", format!("[{}0]", "0,".repeat(limits::MAX_VALUES)));
    assert_eq!(
        (error.kind, error.message.as_ref()),
        (ReadErrorKind::Limit, "the text has more values than the limit of 500000")
    );
    let error = only_mistake("t.yaml", "- 0\n".repeat(limits::MAX_VALUES + 1));
    assert_eq!(
        (error.kind, error.message.as_ref()),
        (ReadErrorKind::Limit, "the text has more values than the limit of 500000")
    );
    let error = only_mistake("flow.yaml", format!("[{}0]", "0,".repeat(limits::MAX_YAML_FLOW_INDICATORS)));
    assert_eq!(error.kind, ReadErrorKind::Limit);
    assert!(error.message.contains("brackets, braces and commas"), "{}", error.message);
}

#[test]
fn aliases_are_limited() {
    let ten = |name: &str| vec![format!("*{name}"); 10].join(", ");
    let laughs: String = ('b'..='j')
        .map(|name| {
            let before = char::from(u8::try_from(name).expect("a letter") - 1).to_string();
            format!("{name}: &{name} [{}]\n", ten(&before))
        })
        .collect();
    let error = only_mistake("laughs.yaml", format!("a: &a [{}]\n{laughs}", ["lol"; 10].join(", ")));
    assert_eq!(error.kind, ReadErrorKind::Limit);
    assert_eq!(error.message, "aliases and merge keys expand to more values than the limit of 100000");

    let merges: String =
        (1..64).map(|level| format!("m{level}: &m{level}\n  <<: [*m{0}, *m{0}]\n", level - 1)).collect();
    let error = only_mistake("merges.yaml", format!("m0: &m0 {{a: 1}}\n{merges}"));
    assert_eq!(error.kind, ReadErrorKind::Limit);
    assert_eq!(error.message, "aliases and merge keys expand to more values than the limit of 100000");

    let text = format!("long: &long {}\nmany: [{}]\n", "x".repeat(1_000_000), vec!["*long"; 1000].join(", "));
    let error = only_mistake("text.yaml", text);
    assert_eq!(error.kind, ReadErrorKind::Limit);
    assert_eq!(error.message, "aliases and merge keys expand to more text than the limit of 10000000 bytes");

    let chain: String = (1..1000).map(|level| format!("- &c{level} [*c{}]\n", level - 1)).collect();
    let error = only_mistake("chain.yaml", format!("- &c0 1\n{chain}"));
    assert_eq!(error.kind, ReadErrorKind::Limit);
    assert!(error.message.contains("deeper than the limit of 200"), "{}", error.message);
}

#[test]
fn many_keys_are_compared_in_no_time() {
    let mut text: String = (0..200_000).map(|key| format!("\"key{key}\":0,\n")).collect();
    text = format!("{{\n{text}\"key7\":1}}");
    let error = only_mistake("t.json", text);
    assert_eq!(error.kind, ReadErrorKind::DuplicateKey);
    assert_eq!(error.message, "the key `key7` is in this map twice");
    assert_eq!(error.related.len(), 1);
}

#[test]
fn long_text_is_cut_in_messages() {
    let key = "k".repeat(1_000_000);
    let error = only_mistake("t.json", format!("{{\"{key}\\n\": 1, \"{key}\\n\": 2}}"));
    assert_eq!(error.message, format!("the key `{}…` is in this map twice", "k".repeat(60)));
    let error = only_mistake("t.json", r#"{"a\nb": 1, "a\nb": 2}"#.replace("\\\\", "\\"));
    assert_eq!(error.message, "the key `a\\nb` is in this map twice");
}

#[test]
fn errors_are_not_collected_without_end() {
    let source = SourceText::new("t.json", format!("[{}0]", "True,".repeat(100_000)));
    let errors = read(&source, Format::Json).expect_err("that is not JSON");
    assert_eq!(errors.len(), limits::MAX_ERRORS);
}

/// How many times as long ten times the text may take.
const MAX_RATIO: u32 = 40;

/// What is too short to be compared.
const LEAST: Duration = Duration::from_millis(20);

/// Patterns that make scanners look at the same text again and again, at full size.
#[test]
fn reading_takes_time_in_proportion_to_the_text() {
    let patterns = [
        "a: b\n",
        "- a\n",
        "a\n",
        "\"a\"\n",
        "# a\n",
        "\n",
        " ",
        "\t",
        "a ",
        "a: ",
        "- - ",
        "? ",
        "&a ",
        "!a ",
        "*a ",
        "'",
        "\"",
        "|\n",
        ">\n a\n\n",
        "\\",
        "[a]\n",
        "{",
        "[",
        "]",
        "a:\n  - ",
        "--- a\n",
        "...\n",
        "%a\n",
        "!Ref a\n",
        "<<: ",
        ": ",
        "é",
        "a: |\n  b\n\n",
        "a: \"b\n",
        "x: {a: [b]}\n",
        "a : \n",
    ];
    for pattern in patterns {
        for (name, prefix) in
            [("t.yaml", ""), ("t.yaml", "a: "), ("t.yaml", "- \""), ("t.yaml", "a: |\n  "), ("t.json", "")]
        {
            let took = |bytes: usize| {
                let text = prefix.to_owned() + &pattern.repeat(bytes / pattern.len());
                let source = SourceText::new(name, text);
                let start = Instant::now();
                drop(read(&source, Format::Auto));
                start.elapsed()
            };
            // Ten times the text takes ten times as long, and a hundred times if it is looked at again and again. Other
            // work on the machine slows some attempts down, but not all.
            let is_in_proportion = || took(1_000_000) <= took(100_000) * MAX_RATIO + LEAST;
            assert!((0..5).any(|_| is_in_proportion()), "{name} {prefix:?} {pattern:?}: {:?}", took(1_000_000));
        }
    }
}
