//! Plans of constructs: the same resources as `synth` makes, in an order in which they can be made.

#![expect(clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod additions;
mod parity;
mod parts;
mod tokens;

use ringfence::cfn::{SourceText, Value, to_compact_json};
use ringfence::wire::calls::plan_json;
use serde_json::json;

/// The plan of a construct in a stack whose account and Region are known.
pub(crate) fn plan(kind: &str, props: serde_json::Value) -> serde_json::Value {
    asked(&json!({ "kind": kind, "props": props, "context": context() }))
}

pub(crate) fn context() -> serde_json::Value {
    json!({ "path": "Shop/Payments", "account": "111122223333", "region": "eu-west-1", "partition": "aws" })
}

/// The answer to a request.
pub(crate) fn asked(request: &serde_json::Value) -> serde_json::Value {
    let answer = plan_json(&request.to_string());
    serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

/// A service with what it must have, and `more`.
pub(crate) fn service(more: serde_json::Value) -> serde_json::Value {
    let mut service = json!({ "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1", "port": 8080 });
    for (key, value) in more.as_object().expect("a map") {
        service[key] = value.clone();
    }
    json!({ "services": { "api": service } })
}

/// The resource at `path`.
pub(crate) fn at<'a>(plan: &'a serde_json::Value, path: &str) -> &'a serde_json::Value {
    let resources = plan["resources"].as_array().expect("resources");
    resources.iter().find(|resource| resource["path"] == path).unwrap_or_else(|| panic!("no `{path}`"))
}

/// What was found, one line each: severity, code, place in the properties, message, and advice.
pub(crate) fn said(plan: &serde_json::Value) -> String {
    let findings = plan["report"]["findings"].as_array().expect("findings");
    let line = |finding: &serde_json::Value| {
        let text = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
        let head = format!("{} {} {} ({})", text("severity"), text("rule"), text("specPath"), text("constructPath"));
        format!("{head}\n  {}\n  help: {}\n", text("message"), text("help"))
    };
    findings.iter().map(line).collect()
}

#[test]
fn what_others_connect_to_is_told() {
    let mut props = service(json!({}));
    props["privateLink"] = json!({ "allow": ["222233334444"] });
    props["secrets"] = json!({ "database": {} });
    let plan = plan("service", props);
    let by_id = |id: &serde_json::Value| {
        let resources = plan["resources"].as_array().expect("resources");
        resources.iter().find(|resource| resource["id"] == *id).map(|resource| resource["path"].clone())
    };
    fn named(
        value: &serde_json::Value,
        by_id: &dyn Fn(&serde_json::Value) -> Option<serde_json::Value>,
    ) -> serde_json::Value {
        match value {
            serde_json::Value::Array(items) => items.iter().map(|item| named(item, by_id)).collect(),
            serde_json::Value::Object(map) => map
                .iter()
                .map(|(key, item)| (key.clone(), named(item, by_id)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            other => by_id(other).unwrap_or_else(|| other.clone()),
        }
    }
    let handles = named(&plan["handles"], &by_id);
    insta::assert_snapshot!(serde_json::to_string_pretty(&handles).expect("JSON"));
}

#[test]
fn names_and_findings_have_the_paths_of_the_app() {
    let plan = plan("service", service(json!({ "cpu": 300 })));
    assert_eq!(at(&plan, "Network/Vpc")["properties"]["Tags"][0]["Value"], "Shop/Payments/Network");
    insta::assert_snapshot!(said(&plan));
}

#[test]
fn mistakes_in_properties_are_all_told() {
    let mut props = service(json!({ "prot": 80, "memory": "512", "build": { "context": "." } }));
    props["env"] = json!({ "region": "eu-west-1" });
    props["consumers"] = json!({});
    let answer = plan("service", props);
    assert_eq!(answer["resources"], json!([]));
    insta::assert_snapshot!(said(&answer));
    let built = plan("service", service(json!({ "build": { "context": "." } })));
    insta::assert_snapshot!(said(&built));
}

#[test]
fn mistakes_in_requests_are_those_of_the_host() {
    let requests = [
        json!({ "kind": "servcie", "props": {}, "context": { "path": "A/B" } }),
        json!({ "kind": "service", "props": {}, "contxt": { "path": "A/B" } }),
        json!({ "kind": "service", "props": {}, "context": { "path": "A/B", "region": "${Token[AWS.Region.4]}" } }),
        json!({ "kind": "service", "props": {}, "context": { "path": "A/B" }, "additions": { "services": { "api": { "tasks": [] } } } }),
        json!([]),
    ];
    let mut texts: Vec<String> = requests.iter().map(ToString::to_string).collect();
    texts.push("{".to_owned());
    let mut all = String::new();
    for text in texts {
        let answer: serde_json::Value = serde_json::from_str(&plan_json(&text)).expect("JSON");
        assert_eq!(answer["report"]["status"], "unusable", "{text}");
        assert_eq!(answer["resources"], json!([]));
        all.push_str(&format!("{text}\n{}\n", said(&answer)));
    }
    insta::assert_snapshot!(all);
}

/// A spec as JSON.
pub(crate) fn json_of(source: &SourceText) -> serde_json::Value {
    let document = ringfence::cfn::read(source, ringfence::cfn::Format::Auto).expect("well-formed");
    serde_json::from_str(&to_compact_json(&Value::clone(&document.value))).expect("JSON")
}

#[test]
fn names_have_the_path_below_the_stack_in_them() {
    let family = |context: serde_json::Value| {
        let plan = asked(&json!({ "kind": "service", "props": service(json!({})), "context": context }));
        let definition = at(&plan, "Services/api/Task/Definition");
        definition["properties"]["Family"]["Fn::Join"][1][1].as_str().expect("text").to_owned()
    };
    assert_eq!(family(json!({ "path": "Shop" })), "-api", "the whole stack");
    assert_eq!(family(json!({ "path": "Shop/Payments" })), "-Payments-api");
    assert_eq!(family(json!({ "path": "Live/Shop/Payments", "stack": "Live/Shop" })), "-Payments-api");
    let nested = family(json!({ "path": "Shop/Cards/Payments", "stack": "Shop" }));
    assert!(nested.starts_with("-CardsPayments") && nested.ends_with("-api"), "{nested}");
}
