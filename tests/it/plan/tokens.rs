//! What is known at deployment only may stand wherever a value may, and is never taken for checked.

use std::collections::BTreeSet;

use ringfence::spec::shape::Shape;
use ringfence::spec::{Spec, SpecType as _, schema};
use serde_json::{Value, json};

use super::{asked, json_of, plan, said, service};
use crate::specs::good_specs;

const TEXT: &str = "${Token[TOKEN.7]}";
const LIST: &str = "#{Token[TOKEN.8]}";

/// A number as CDK encodes a token.
fn number() -> Value {
    json!(-1.888_154_589_708_757_6e289)
}

/// What may stand at a place of a spec.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A value or a token.
    Value,
    /// A number or a token.
    Number,
    /// A list of values or tokens.
    List,
    /// A value alone.
    Known,
}

/// A place of a spec: the member by its type, the pointer, and what may stand there.
type Place = (String, String, Kind);

fn places(shape: &Shape, value: &Value, member: &str, at: &str, found: &mut Vec<Place>) {
    match (shape, value) {
        (Shape::OrToken(inner), Value::String(_) | Value::Number(_)) => {
            let is_number = matches!(**inner, Shape::Integer { .. } | Shape::Number { .. });
            found.push((member.to_owned(), at.to_owned(), if is_number { Kind::Number } else { Kind::Value }));
        }
        (Shape::Boolean | Shape::Choice(_) | Shape::Integer { .. } | Shape::Number { .. } | Shape::Text(_), _) => {
            found.push((member.to_owned(), at.to_owned(), Kind::Known));
        }
        (Shape::List(inner), Value::Array(items)) => {
            if takes_token(inner) && !items.is_empty() {
                found.push((format!("{member} as a list"), at.to_owned(), Kind::List));
            }
            for (index, item) in items.iter().enumerate() {
                places(inner, item, member, &format!("{at}/{index}"), found);
            }
        }
        (Shape::Map { value: inner, .. }, Value::Object(items)) => {
            for (key, item) in items {
                places(inner, item, member, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        (Shape::Struct(shape), Value::Object(members)) => {
            for field in schema::fields(shape) {
                if let Some(value) = members.get(field.key) {
                    let member = format!("{}.{}", shape.name, field.key);
                    places(&field.shape, value, &member, &format!("{at}/{}", field.key), found);
                }
            }
        }
        (Shape::OneOf(shapes), _) => {
            let fits = |shape: &&Shape| {
                matches!(
                    (shape, value),
                    (Shape::Integer { .. }, Value::Number(_))
                        | (Shape::Choice(_) | Shape::Text(_), Value::String(_))
                        | (Shape::List(_), Value::Array(_))
                        | (Shape::Struct(_) | Shape::Map { .. }, Value::Object(_))
                        | (Shape::OrToken(_), Value::String(_) | Value::Number(_))
                )
            };
            shapes.iter().filter(fits).for_each(|shape| places(shape, value, member, at, found));
        }
        _ => {}
    }
}

fn takes_token(shape: &Shape) -> bool {
    match shape {
        Shape::OrToken(_) => true,
        Shape::OneOf(shapes) => shapes.iter().any(takes_token),
        _ => false,
    }
}

/// Members that good specs have in a longer form only.
fn short_forms() -> Value {
    let mut props = service(json!({ "secrets": { "PASSWORD": "prod/db" } }));
    let topic = "arn:aws:sns:eu-west-1:111122223333:connections";
    props["privateLink"] = json!({ "allow": ["222233334444"], "notifications": { "topic": topic } });
    props
}

/// The good specs as properties of a service, with the contexts that they had.
fn all_props() -> Vec<(Value, Value)> {
    let mut all = vec![(short_forms(), super::context())];
    for source in good_specs() {
        let mut props = json_of(&source);
        let mut context = json!({ "path": "Shop/Payments" });
        for key in ["account", "region"] {
            if let Some(value) = props["env"].get(key) {
                context[key] = value.clone();
            }
        }
        let members = props.as_object_mut().expect("a map");
        for key in ["env", "stack", "consumers"] {
            members.remove(key);
        }
        if members["services"].as_object().expect("services").values().all(|service| service.get("build").is_none()) {
            all.push((props, context));
        }
    }
    all
}

/// The answer with `value` at `at`.
fn with(props: &Value, context: &Value, at: &str, value: Value) -> Value {
    let mut props = props.clone();
    *props.pointer_mut(at).unwrap_or_else(|| panic!("no {at}")) = value;
    asked(&json!({ "kind": "service", "props": props, "context": context }))
}

fn errors(answer: &Value) -> Vec<&str> {
    let findings = answer["report"]["findings"].as_array().expect("findings").iter();
    findings
        .filter(|finding| finding["severity"] == "error")
        .map(|finding| finding["rule"].as_str().unwrap_or(""))
        .collect()
}

fn is_said(answer: &Value, rule: &str, at: &str) -> bool {
    let findings = answer["report"]["findings"].as_array().expect("findings");
    findings
        .iter()
        .any(|finding| finding["rule"] == rule && finding["specPath"].as_str().is_some_and(|path| path.starts_with(at)))
}

/// All values, keys apart.
fn all<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    found.push(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| all(item, found)),
        Value::Object(map) => map.values().for_each(|item| all(item, found)),
        _ => {}
    }
}

/// What is said of a token whose value something else cannot do without: the repository of an image, and the ranges of a
/// principal while the security group is enforced.
const MUST_BE_KNOWN: &[&str] = &["RF0205", "RF0328"];

/// Members of which any value will do.
const FREE: &[&str] = &[
    "Container.command",
    "Container.entryPoint",
    "Container.environment",
    "Container.user",
    "ManagedSecret.description",
    "Service.command",
    "Service.entryPoint",
    "Service.environment",
    "Service.user",
];

fn assert_passes(props: &Value, answer: &Value, member: &str, at: &str, token: &Value) {
    let unexpected: Vec<&str> = errors(answer).into_iter().filter(|rule| !MUST_BE_KNOWN.contains(rule)).collect();
    assert!(unexpected.is_empty(), "{member} at {at}: {}", said(answer));
    assert_ne!(is_said(answer, "RF0030", at), FREE.contains(&member), "{member} at {at}: {}", said(answer));
    let mut values = Vec::new();
    all(&answer["resources"], &mut values);
    for value in values {
        let text = value.as_str().unwrap_or_default();
        assert!(!text.contains("TOKEN.7") || text.contains(TEXT), "{member}: {text}");
        let is_cut = value.as_f64().is_some_and(|number| number < -1.0e200)
            && value != token
            && !props.to_string().contains(&value.to_string());
        assert!(!is_cut, "{member}: {value}");
        assert!(!value["Fn::Sub"].to_string().contains("Token["), "{member}: {value}");
    }
}

/// Whether each token for a list is the only element of its list.
fn lists_are_whole(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.contains("TOKEN.8"),
        Value::Array(items) => *items == [json!(LIST)] || items.iter().all(lists_are_whole),
        Value::Object(map) => map.values().all(lists_are_whole),
        _ => true,
    }
}

fn check(props: &Value, context: &Value, (member, at, kind): &Place) {
    let answer = |value: Value| with(props, context, at, value);
    match kind {
        Kind::Value => {
            assert_passes(props, &answer(json!(TEXT)), member, at, &Value::Null);
            let torn = answer(json!(LIST));
            // The only element of a list may stand for the whole list.
            let is_list = errors(&torn).is_empty() && at.ends_with("/0") && lists_are_whole(&torn["resources"]);
            assert!(is_said(&torn, "RF0032", at) || is_list, "{member} at {at}: {}", said(&torn));
        }
        Kind::Number => {
            assert_passes(props, &answer(json!(TEXT)), member, at, &Value::Null);
            assert_passes(props, &answer(number()), member, at, &number());
        }
        Kind::List => {
            let answer = answer(json!([LIST]));
            if !is_said(&answer, "RF0032", at) {
                assert_eq!(errors(&answer), Vec::<&str>::new(), "{member} at {at}: {}", said(&answer));
                assert!(lists_are_whole(&answer["resources"]), "{member} at {at}");
                assert!(answer["resources"].to_string().contains(LIST), "{member} at {at}");
            }
        }
        Kind::Known => {
            let answer = answer(json!(TEXT));
            let help = "what is made depends on it, so it must be known before the deployment";
            assert!(
                is_said(&answer, "RF0004", at) && said(&answer).contains(help),
                "{member} at {at}: {}",
                said(&answer)
            );
            assert_eq!(answer["resources"], json!([]));
        }
    }
}

/// Each member of the type once for each kind, without those of consumers, stacks and environments.
fn every_place(shape: &Shape, found: &mut BTreeSet<String>, member: &str) {
    match shape {
        Shape::OrToken(_) => drop(found.insert(member.to_owned())),
        Shape::List(inner) | Shape::Map { value: inner, .. } => every_place(inner, found, member),
        Shape::OneOf(shapes) => shapes.iter().for_each(|shape| every_place(shape, found, member)),
        Shape::Struct(shape) if !["Consumer", "StackSettings", "Environment", "Build"].contains(&shape.name) => {
            for field in schema::fields(shape) {
                every_place(&field.shape, found, &format!("{}.{}", shape.name, field.key));
            }
        }
        _ => {}
    }
}

#[test]
fn every_field_takes_tokens_or_says_why_not() {
    let mut seen = BTreeSet::new();
    for (props, context) in all_props() {
        let mut found = Vec::new();
        places(&Spec::shape(), &props, "", "", &mut found);
        for place in found {
            let is_token = props.pointer(&place.1).is_some_and(|value| value.to_string().contains("Token["));
            if !is_token && seen.insert((place.0.clone(), place.2)) {
                check(&props, &context, &place);
            }
        }
    }
    let seen: BTreeSet<String> = seen.into_iter().map(|(member, _)| member).collect();
    let mut expected = BTreeSet::new();
    every_place(&Spec::shape(), &mut expected, "");
    let missing: Vec<&String> = expected.difference(&seen).collect();
    assert!(missing.is_empty(), "no good spec has {missing:?}");
}

#[test]
fn what_is_not_known_is_told_and_passes_through() {
    let answer = plan(
        "service",
        service(json!({
            "image": "${Token[TOKEN.20]}",
            "repository": "${Token[TOKEN.21]}",
            "cpu": -1.8881545897087576e+289,
            "environment": { "TABLE": "${Token[TOKEN.23]}" },
            "command": ["#{Token[TOKEN.24]}"],
            "secrets": { "PASSWORD": { "secret": "${Token[TOKEN.25]}", "key": "${Token[TOKEN.26]}", "kmsKey": "${Token[TOKEN.27]}" } },
        })),
    );
    insta::assert_snapshot!(said(&answer));
    let task = super::at(&answer, "Services/api/Task/Definition");
    insta::assert_snapshot!(serde_json::to_string_pretty(&task["properties"]).expect("JSON"));
}

#[test]
fn what_decides_what_is_made_must_be_known() {
    let mut props = service(json!({ "exec": "${Token[TOKEN.1]}", "architecture": "${Token[TOKEN.2]}" }));
    props["network"] = json!({ "ipv6": "${Token[TOKEN.3]}", "azs": -1.8881545897087576e+289 });
    insta::assert_snapshot!(said(&plan("service", props)));
    let mut props = service(json!({}));
    props["network"] = json!({ "azs": ["#{Token[TOKEN.4]}"] });
    props["alarms"] = json!({ "actions": ["arn:aws:sns:eu-west-1:111122223333:alerts", "#{Token[TOKEN.5]}"] });
    insta::assert_snapshot!(said(&plan("service", props)));
}

#[test]
fn an_app_for_any_account_and_region_is_the_usual_one() {
    let request = json!({ "kind": "service", "props": service(json!({})), "context": { "path": "Shop/Payments" } });
    let answer = asked(&request);
    assert_eq!(said(&answer), "");
    let mappings = answer["mappings"].as_object().expect("mappings");
    assert_eq!(mappings.keys().collect::<Vec<_>>(), ["S3PrefixLists"]);
    let group = super::at(&answer, "Services/api/Task/SecurityGroup")["properties"]["SecurityGroupEgress"].to_string();
    assert!(group.contains(r#"{"Fn::FindInMap":["S3PrefixLists",{"Ref":"AWS::Region"},"id"]}"#), "{group}");
}
