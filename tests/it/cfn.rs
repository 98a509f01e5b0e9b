//! Reading CloudFormation: values, positions, mistakes.

mod edits;
mod hostile;
mod properties;
mod values;

use ringfence::cfn::{Document, Format, Function, ReadError, SourceText, Span, Value, read, to_json, to_yaml};

/// What is wrong with a text, as a terminal would show it.
fn render(source: &SourceText, errors: &[ReadError]) -> String {
    let mut rendered = String::new();
    for error in errors {
        let kind = format!("{:?}", error.kind);
        rendered += &format!("{}: {}: {}\n", place(source, error.span), kind.to_lowercase(), error.message);
        rendered += &excerpt(source, error.span);
        for (span, message) in &error.related {
            rendered += &format!("  {}: {message}\n", place(source, *span));
        }
        if let Some(help) = &error.help {
            rendered += &format!("  help: {help}\n");
        }
    }
    rendered
}

fn place(source: &SourceText, span: Span) -> String {
    let position = source.position(span);
    format!("{}:{}", position.line, position.column)
}

/// The first line of `span`, and carets under it.
fn excerpt(source: &SourceText, span: Span) -> String {
    let position = source.position(span);
    let line = source.line(position.line).unwrap_or_default();
    let end = if position.end_line == position.line { position.end_column } else { u32::MAX };
    let end = end.max(position.column + 1);
    let mut column = 1;
    let (mut shown, mut carets) = (String::new(), String::new());
    for character in line.chars() {
        shown.push(if character.is_control() { '·' } else { character });
        carets.push(if (position.column..end).contains(&column) { '^' } else { ' ' });
        column += u32::try_from(character.len_utf16()).expect("one or two");
    }
    if position.column >= column {
        carets.push('^');
    }
    format!("  | {shown}\n  | {}\n", carets.trim_end())
}

fn source(name: &str, text: &str) -> SourceText {
    SourceText::new(name, text)
}

fn read_well(source: &SourceText) -> Document {
    read(source, Format::Auto).unwrap_or_else(|errors| panic!("{} cannot be read: {errors:#?}", source.name()))
}

const YAML: &str = r#"
Resources:
  Service:
    Properties:
      Role: !GetAtt Role.Arn
      Name: !Sub "${AWS::StackName}-api"
      Subnets:
      - !Ref A
      - Fn::ImportValue: b
"#;

const JSON: &str = r#"{"Resources": {"Service": {"Properties": {
  "Role": {"Fn::GetAtt": ["Role", "Arn"]},
  "Name": {"Fn::Sub": "${AWS::StackName}-api"},
  "Subnets": [{"Ref": "A"}, {"Fn::ImportValue": "b"}]
}}}}"#;

#[test]
fn short_forms_and_long_forms_are_the_same_value() {
    let yaml = read_well(&source("t.yaml", YAML));
    let json = read_well(&source("t.json", JSON));
    assert_eq!(yaml.value, json.value);
    let properties = ["Resources", "Service", "Properties"].iter().try_fold(&yaml.value, |value, key| value.get(key));
    let role = properties.and_then(|properties| properties.get("Role"));
    assert_eq!(role, Some(&Value::attribute("Role", "Arn")));
}

#[test]
fn a_path_through_a_short_form_leads_to_its_text() {
    let source = source("t.yaml", YAML);
    let positions = read_well(&source).positions;
    let slice = |pointer| source.slice(positions.locate(pointer).expect("there are positions"));
    assert_eq!(slice("/Resources/Service/Properties/Role"), "!GetAtt Role.Arn");
    assert_eq!(slice("/Resources/Service/Properties/Role/Fn::GetAtt"), "Role.Arn");
    assert_eq!(slice("/Resources/Service/Properties/Role/Fn::GetAtt/1"), "Arn");
    assert_eq!(slice("/Resources/Service/Properties/Name/Fn::Sub"), "\"${AWS::StackName}-api\"");
    assert_eq!(slice("/Resources/Service/Properties/Subnets/1/Fn::ImportValue"), "b");
}

#[test]
fn a_missing_member_is_located_at_the_nearest_value_above() {
    let source = source("t.json", JSON);
    let positions = read_well(&source).positions;
    let key = |pointer| source.slice(positions.locate_key(pointer).expect("there are positions"));
    assert_eq!(key("/Resources/Service/Properties/Nothing/here"), "\"Properties\"");
    assert_eq!(key("/Resources/Service/Properties/Subnets/0"), "{\"Ref\": \"A\"}");
    assert_eq!(key("/Resources/Service/Properties/Subnets/7"), "\"Subnets\"");
    assert!(!positions.contains("/Resources/Service/Properties/Nothing"));
}

#[test]
fn a_reference_to_a_list_is_an_ordinary_map() {
    let value = read_well(&source("t.json", r#"{"a": {"Ref": ["x"]}, "b": {"Condition": {"c": 1}}}"#)).value;
    assert!(value.get("a").is_some_and(|value| value.as_map().is_some()));
    assert!(value.get("b").is_some_and(|value| value.as_map().is_some()));
    let value = read_well(&source("t.json", r#"{"Condition": "x"}"#)).value;
    assert_eq!(value, Value::call(Function::Condition, "x".into()));
}

#[test]
fn anchors_aliases_and_merge_keys_are_expanded() {
    let text = "
base: &base {a: 1, b: 2}
more: &more {b: 3, c: 4}
same: *base
one: {<<: *base, b: 5}
both:
  d: 6
  <<: [*base, *more]
text: {\"<<\": *base}
*key : 1
";
    let text = text.replace("*key : 1", "name: &key n\n? *key\n: 1");
    let source = source("t.yaml", &text);
    let document = read_well(&source);
    let json = r#"{"base": {"a": 1, "b": 2}, "more": {"b": 3, "c": 4}, "same": {"a": 1, "b": 2}, "one": {"a": 1, "b": 5},
        "both": {"d": 6, "a": 1, "b": 2, "c": 4}, "text": {"<<": {"a": 1, "b": 2}}, "name": "n", "n": 1}"#;
    assert_eq!(document.value, read_well(&SourceText::new("t.json", json)).value);
    // A copy is located where its original is written: that is the text to change.
    let line = |pointer| document.positions.locate(pointer).map(|span| source.position(span).line);
    assert_eq!(line("/both/c"), Some(3));
    assert_eq!(line("/both/d"), Some(7));
}

#[test]
fn keys_are_text_however_they_look() {
    let value = read_well(&source("t.yaml", "443: a\nyes: b\nnull: c\n2012-10-17: d\n!!str 1: e\n? f\n: g\n")).value;
    let keys: Vec<&str> = value.as_map().expect("a map").keys().map(AsRef::as_ref).collect();
    assert_eq!(keys, ["443", "yes", "null", "2012-10-17", "1", "f"]);
}

#[test]
fn text_behind_a_tag_stays_text() {
    let value =
        read_well(&source("t.yaml", "- !Ref 1\n- !Sub yes\n- !GetAZs\n- !!str 012\n- ! true\n- !GetAtt a\n")).value;
    let expected = Value::list([
        Value::reference("1"),
        Value::sub("yes"),
        Value::call(Function::GetAzs, "".into()),
        "012".into(),
        "true".into(),
        Value::call(Function::GetAtt, "a".into()),
    ]);
    assert_eq!(value, expected);
}

#[test]
fn types_of_yaml_can_be_named() {
    let value = read_well(&source(
        "t.yaml",
        "- !!int 1\n- !!float 1.5\n- !!bool yes\n- !!null ~\n- !!seq [a]\n- !!map {a: b}\n",
    ));
    let json = r#"[1, 1.5, true, null, ["a"], {"a": "b"}]"#;
    assert_eq!(value.value, read_well(&source("t.json", json)).value);
}

#[test]
fn loops_keep_their_keys() {
    let text = "Fn::ForEach::Topics: [Name, [A, B], {\"Topic${Name}\": {Type: AWS::SNS::Topic}}]\n";
    assert!(read_well(&source("t.yaml", text)).value.get("Fn::ForEach::Topics").is_some());
}

#[test]
fn the_notation_is_told_by_name_then_by_text() {
    let of = |name, text| Format::Auto.of(&source(name, text));
    assert_eq!(of("a.template.json", "a: 1"), Format::Json);
    assert_eq!(of("a.YAML", "{}"), Format::Yaml);
    assert_eq!(of("a.yml", "{}"), Format::Yaml);
    assert_eq!(of("a.template", " {}"), Format::Json);
    assert_eq!(of("stdin", "a: {}"), Format::Yaml);
    assert_eq!(Format::Yaml.of(&source("a.json", "{}")), Format::Yaml);
}

#[test]
fn what_is_written_reads_well() {
    let value = read_well(&source("t.yaml", include_str!("../corpus/notation/everything.yaml"))).value;
    insta::assert_snapshot!("written_yaml", to_yaml(&value));
    insta::assert_snapshot!("written_json", to_json(&value));
}
