//! Reading CloudFormation: values, positions, mistakes.

use ringfence::cfn::{Document, Format, Function, SourceText, Value, read};

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
