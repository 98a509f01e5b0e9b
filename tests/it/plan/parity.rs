//! A plan has the resources that `synth` makes of the same spec, and each points back only.

use std::collections::BTreeSet;

use proptest::prelude::*;
use ringfence::cfn::SourceText;
use serde_json::{Value, json};

use super::{asked, json_of};
use crate::random_spec::specs;
use crate::specs::{good_specs, synth_text};

/// The spec without what a construct does not have, the request for its plan, and the provider's template.
fn both_ways(spec: &Value) -> (Value, Value) {
    let mut spec = spec.clone();
    let members = spec.as_object_mut().expect("a map");
    members.remove("consumers");
    members.remove("stack");
    let text = SourceText::new("spec.json", spec.to_string());
    let synthesis = synth_text(&text);
    let files = &synthesis.assembly.as_ref().unwrap_or_else(|| panic!("{:?}", synthesis.report.findings)).files;
    let name = spec["name"].as_str().expect("a name").to_owned();
    let template = files.get(&format!("{name}.template.json")).expect("a template");
    let mut context = json!({ "path": name });
    for key in ["account", "region"] {
        if let Some(value) = spec["env"].get(key) {
            context[key] = value.clone();
        }
    }
    spec.as_object_mut().expect("a map").remove("env");
    let plan = asked(&json!({ "kind": "service", "props": spec, "context": context }));
    (plan, serde_json::from_str(template).expect("JSON"))
}

fn assert_same(plan: &Value, template: &Value) {
    let mut resources = serde_json::Map::new();
    for resource in plan["resources"].as_array().expect("resources") {
        let mut entry = json!({ "Type": resource["type"] });
        if resource["properties"] != json!({}) {
            entry["Properties"] = resource["properties"].clone();
        }
        for (ours, theirs) in [
            ("dependsOn", "DependsOn"),
            ("condition", "Condition"),
            ("deletionPolicy", "DeletionPolicy"),
            ("updateReplacePolicy", "UpdateReplacePolicy"),
        ] {
            if let Some(value) = resource.get(ours) {
                entry[theirs] = value.clone();
            }
        }
        entry["Metadata"] = resource.get("metadata").cloned().unwrap_or_else(|| json!({}));
        assert!(resources.insert(resource["id"].as_str().expect("an ID").to_owned(), entry).is_none());
    }
    let mut expected = template["Resources"].clone();
    for resource in expected.as_object_mut().expect("a map").values_mut() {
        resource["Metadata"].as_object_mut().expect("a map").remove("aws:cdk:path");
    }
    let expected = expected.as_object().expect("a map");
    assert!(resources.keys().eq(expected.keys()), "{:?} {:?}", resources.keys(), expected.keys());
    for (id, resource) in &resources {
        assert_eq!(resource, &expected[id], "{id}");
    }
    for section in ["Mappings", "Conditions", "Parameters", "Outputs"] {
        let theirs = template.get(section).cloned().unwrap_or_else(|| json!({}));
        assert_eq!(plan[section.to_ascii_lowercase()], theirs, "{section}");
    }
}

/// The names that a value refers to.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(map) => {
            found.extend(map.get("Ref").and_then(Value::as_str).map(str::to_owned));
            found.extend(map.get("Fn::GetAtt").and_then(|pair| pair[0].as_str()).map(str::to_owned));
            // What a user wrote passes through; nothing of ours is named so.
            let template = map.get("Fn::Sub").map(Value::to_string).unwrap_or_default();
            found.extend(
                template.split("${").skip(1).filter_map(|rest| Some(rest.split_once(['}', '.'])?.0.to_owned())),
            );
            map.values().for_each(|item| references(item, found));
        }
        _ => {}
    }
}

fn assert_buildable(plan: &Value) {
    let resources = plan["resources"].as_array().expect("resources");
    let all: BTreeSet<&str> = resources.iter().map(|resource| resource["id"].as_str().expect("an ID")).collect();
    let mut made = BTreeSet::new();
    for resource in resources {
        let mut needed = BTreeSet::new();
        references(&resource["properties"], &mut needed);
        let text = resource["properties"].to_string();
        assert!(!text.contains("\"Fn::Sub\"") || all.iter().all(|id| !text.contains(&format!("${{{id}"))), "{text}");
        needed.extend(
            resource["dependsOn"].as_array().into_iter().flatten().map(|id| id.as_str().expect("an ID").to_owned()),
        );
        let ahead: Vec<&String> =
            needed.iter().filter(|id| all.contains(id.as_str()) && !made.contains(id.as_str())).collect();
        assert!(ahead.is_empty(), "{} needs {ahead:?}, which come behind it", resource["path"]);
        made.insert(resource["id"].as_str().expect("an ID"));
    }
}

#[test]
fn plans_of_good_specs_are_what_synth_makes() {
    let mut built = 0;
    for source in good_specs() {
        let spec = json_of(&source);
        let (plan, template) = both_ways(&spec);
        let builds =
            spec["services"].as_object().expect("services").values().any(|service| service.get("build").is_some());
        if builds {
            let refused = plan["report"]["findings"].as_array().expect("findings");
            assert!(refused.iter().any(|finding| finding["rule"] == "RF0033"), "{refused:?}");
            continue;
        }
        built += 1;
        assert_same(&plan, &template);
        assert_buildable(&plan);
    }
    assert!(built >= 20, "{built}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn plans_of_random_specs_are_what_synth_makes(spec in specs()) {
        let mut spec = spec;
        for service in spec["services"].as_object_mut().expect("services").values_mut() {
            if service.as_object_mut().expect("a map").remove("build").is_some() {
                service["image"] = json!("111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1");
            }
        }
        let (plan, template) = both_ways(&spec);
        assert_same(&plan, &template);
        assert_buildable(&plan);
    }
}
