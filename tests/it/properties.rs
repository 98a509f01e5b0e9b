//! What holds for every spec that is right, whatever it says.

#![expect(clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use ringfence::aws::iam;
use ringfence::cfn::read::{Format, read};
use ringfence::cfn::{SourceText, write};
use ringfence::diagnostics::render::pretty;
use ringfence::engine::Synthesis;
use ringfence::spec::{Decoder, Spec, SpecType as _};
use serde_json::Value;

use crate::coverage::{all_ways, ways_of};
use crate::random_spec::specs;
use crate::specs::synth_text;

/// What no random spec says, and why.
const NOT_RANDOM: &[&str] = &[
    // The folder must be there; the corpus has a spec for it.
    "Service.build",
    "Build.context",
    "Build.dockerfile",
    "Build.target",
    "Build.args",
    // Only for images whose name is a token.
    "Service.repository",
    "Container.repository",
];

fn config() -> Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(48);
    Config { cases, failure_persistence: None, max_shrink_iters: 400, ..Config::default() }
}

fn source(spec: &Value) -> SourceText {
    SourceText::new("spec.json", serde_json::to_string_pretty(spec).expect("JSON"))
}

/// What becomes of a spec that must be right.
fn synthesized(spec: &Value) -> Synthesis {
    let source = source(spec);
    let synthesis = synth_text(&source);
    assert!(!synthesis.report.has_errors(), "{}", pretty::render(&synthesis.report, &source, false));
    synthesis
}

/// The templates by the names of their files.
fn templates(synthesis: &Synthesis) -> BTreeMap<String, Value> {
    let files = &synthesis.assembly.as_ref().expect("an assembly").files;
    let templates = files.iter().filter(|(name, _)| name.ends_with(".template.json"));
    templates.map(|(name, text)| (name.clone(), serde_json::from_str(text).expect("JSON"))).collect()
}

fn resources(template: &Value) -> impl Iterator<Item = (&String, &Value)> {
    template["Resources"].as_object().expect("resources").iter()
}

/// All values inside `value`, itself included.
fn all(value: &Value) -> Vec<&Value> {
    let mut values = vec![value];
    match value {
        Value::Array(items) => values.extend(items.iter().flat_map(all)),
        Value::Object(members) => values.extend(members.values().flat_map(all)),
        _ => {}
    }
    values
}

fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Null => Vec::new(),
        other => vec![other],
    }
}

fn assert_references_resolve(template: &Value) {
    let declared: BTreeSet<&str> = ["Resources", "Parameters"]
        .into_iter()
        .flat_map(|section| template[section].as_object().into_iter().flat_map(|section| section.keys()))
        .map(String::as_str)
        .collect();
    for value in all(template) {
        if let Some(target) = value.get("Ref").and_then(Value::as_str) {
            assert!(target.starts_with("AWS::") || declared.contains(target), "Ref to {target}");
        }
        if let Some(target) = value.pointer("/Fn::GetAtt/0").and_then(Value::as_str) {
            assert!(declared.contains(target), "GetAtt of {target}");
        }
    }
    for (id, resource) in resources(template) {
        for need in list(&resource["DependsOn"]) {
            assert!(need.as_str().is_some_and(|need| declared.contains(need)), "{id} depends on {need}");
        }
    }
}

/// Whether every action of a statement takes resources, so that `*` would be more than it needs.
fn could_be_limited(statement: &Value) -> bool {
    list(&statement["Action"])
        .iter()
        .all(|action| action.as_str().is_some_and(|action| iam::takes_resources(action) == Some(true)))
}

fn assert_least_privilege(template: &Value) {
    for (id, resource) in resources(template) {
        let kind = resource["Type"].as_str().unwrap_or_default();
        if !["AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"].contains(&kind) {
            continue;
        }
        for statement in all(&resource["Properties"]).into_iter().filter(|value| value.get("Effect").is_some()) {
            let everything = list(&statement["Resource"]).iter().any(|resource| *resource == "*");
            let allowed = statement["Effect"] == "Allow";
            assert!(!(allowed && everything && could_be_limited(statement)), "{id}: {statement}");
        }
        if kind == "AWS::IAM::Role" {
            let trust = &resource["Properties"]["AssumeRolePolicyDocument"];
            assert!(trust.to_string().contains("aws:SourceAccount") || is_of_an_account(trust), "{id}: {trust}");
        }
    }
}

/// An account that may assume a role is named itself; a service acts for everybody.
fn is_of_an_account(trust: &Value) -> bool {
    list(&trust["Statement"]).iter().all(|statement| statement["Principal"].get("AWS").is_some())
}

fn assert_private(template: &Value) {
    for (id, resource) in resources(template) {
        let kind = resource["Type"].as_str().unwrap_or_default();
        let opens = [
            "AWS::EC2::InternetGateway",
            "AWS::EC2::NatGateway",
            "AWS::EC2::EIP",
            "AWS::EC2::EgressOnlyInternetGateway",
            "AWS::EC2::VPCGatewayAttachment",
        ];
        assert!(!opens.contains(&kind), "{id} is a {kind}");
        if kind == "AWS::EC2::SecurityGroup" {
            assert!(!list(&resource["Properties"]["SecurityGroupEgress"]).is_empty(), "{id} lets everything out");
        }
        for value in all(&resource["Properties"]) {
            assert!(value.get("AssignPublicIp").is_none_or(|assign| assign == "DISABLED"), "{id}");
            assert!(value.get("MapPublicIpOnLaunch").is_none_or(|map| *map == Value::Bool(false)), "{id}");
            let open = value.as_str().is_some_and(|text| text == "0.0.0.0/0" || text == "::/0");
            assert!(!open, "{id} names every address");
        }
    }
}

/// A VPC tells its IPv6 range only once that is there, and nothing but the order in the template makes anybody wait for it.
fn assert_ipv6_ranges_are_awaited(template: &Value) {
    let kind = |id: &str| template["Resources"][id]["Type"].as_str().unwrap_or_default();
    for (id, resource) in resources(template) {
        let asks = all(&resource["Properties"]).into_iter().any(|value| {
            let of_vpc =
                value.pointer("/Fn::GetAtt/0").and_then(Value::as_str).is_some_and(|id| kind(id) == "AWS::EC2::VPC");
            of_vpc && value.pointer("/Fn::GetAtt/1").is_some_and(|name| name == "Ipv6CidrBlocks")
        });
        let needs = list(&resource["DependsOn"]);
        let waits = needs.iter().any(|need| need.as_str().is_some_and(|id| kind(id) == "AWS::EC2::VPCCidrBlock"));
        assert!(!asks || waits, "{id} asks the VPC for an IPv6 range that may not be there yet");
    }
}

fn logical_ids(synthesis: &Synthesis) -> BTreeMap<String, BTreeSet<String>> {
    let ids = |template: &Value| resources(template).map(|(id, _)| id.clone()).collect();
    templates(synthesis).iter().map(|(name, template)| (name.clone(), ids(template))).collect()
}

fn decoded(text: &SourceText) -> Spec {
    let document = read(text, Format::Auto).expect("well-formed");
    let (spec, mistakes) = Decoder::read::<Spec>(&document.value);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    spec.expect("a spec")
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_right_spec_becomes_a_private_stack_that_cloudformation_can_build(spec in specs()) {
        let synthesis = synthesized(&spec);
        for stack in &synthesis.stacks {
            prop_assert!(stack.longest_chain > 0, "resources of {} wait for each other", stack.id);
            prop_assert!(stack.resource_count() <= 500);
        }
        let files = &synthesis.assembly.as_ref().expect("an assembly").files;
        for (name, template) in templates(&synthesis) {
            prop_assert!(files.get(&name).unwrap().len() <= 1_000_000);
            assert_references_resolve(&template);
            assert_ipv6_ranges_are_awaited(&template);
            assert_private(&template);
            assert_least_privilege(&template);
        }
    }

    #[test]
    fn the_same_input_gives_the_same_bytes(spec in specs()) {
        let files = |spec: &Value| synthesized(spec).assembly.expect("an assembly").files;
        prop_assert_eq!(files(&spec), files(&spec));
    }

    #[test]
    fn adding_or_reordering_renames_nothing_else(spec in specs(), seed in any::<bool>()) {
        let before = logical_ids(&synthesized(&spec));
        let mut changed = spec;
        let added = serde_json::json!({ "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/new:1", "port": 7000 });
        changed["services"]["aaa"] = added;
        let listeners = changed["listeners"].as_array_mut().expect("listeners");
        listeners.reverse();
        let listener = serde_json::json!({ "port": 7000, "to": "aaa" });
        if seed { listeners.insert(0, listener) } else { listeners.push(listener) }
        if changed.get("consumers").is_some() {
            let clients = serde_json::json!({ "account": "222233334444" });
            changed["consumers"]["aaa"] = clients;
        }
        let after = logical_ids(&synthesized(&changed));
        for (name, ids) in before {
            let gone: Vec<_> = ids.difference(&after[&name]).cloned().collect();
            prop_assert!(gone.is_empty(), "{} lost {:?}", name, gone);
        }
    }

    #[test]
    fn a_spec_is_written_as_it_was_read(spec in specs()) {
        let once = decoded(&source(&spec));
        let text = SourceText::new("again.json", write::to_json(&once.encode()));
        prop_assert_eq!(once, decoded(&text));
    }

    #[test]
    fn yaml_says_the_same_as_json(spec in specs()) {
        let document = read(&source(&spec), Format::Json).expect("JSON");
        let yaml = SourceText::new("spec.yaml", write::to_yaml(&document.value));
        prop_assert_eq!(decoded(&source(&spec)), decoded(&yaml));
    }

    #[test]
    fn a_token_may_stand_for_any_value_that_takes_one(spec in specs(), at in any::<prop::sample::Index>()) {
        let mut spec = spec;
        let places: Vec<String> =
            paths(&spec, String::new()).into_iter().filter(|path| takes_token(&spec, path)).collect();
        let place = at.get(&places).clone();
        *spec.pointer_mut(&place).expect("a place") = serde_json::json!({ "Fn::ImportValue": "the-token" });
        let found = synth_text(&source(&spec)).report.findings;
        prop_assume!(!found.iter().any(|finding| MUST_BE_KNOWN.contains(&finding.code.0)));
        let token = serde_json::json!("the-token");
        for template in templates(&synthesized(&spec)).values() {
            for value in all(template) {
                let mentions = value.as_object().is_some_and(|map| map.values().any(|member| *member == token));
                prop_assert!(!mentions || value.get("Fn::ImportValue") == Some(&token), "{}: {}", place, value);
                prop_assert!(value.as_str().is_none_or(|text| text == "the-token" || !text.contains("the-token")));
            }
        }
    }

    #[test]
    fn whatever_stands_in_a_spec_nothing_panics(
        spec in specs(),
        at in any::<prop::sample::Index>(),
        with in prop::sample::select(vec!["null", "[]", "{}", "-1", "1e300", "true", "\"\"", "\"${Token[A.1]}\"",
            "{\"Ref\":\"X\"}", "{\"Fn::Join\":0}", "99999999999999999999", "\"::/0\"", "[[]]", "{\"\":{}}"]),
    ) {
        let mut spec = spec;
        let paths = paths(&spec, String::new());
        let path = at.get(&paths);
        if let Some(place) = spec.pointer_mut(path) {
            *place = serde_json::from_str(with).expect("JSON");
        }
        let _ = synth_text(&source(&spec));
        let text = serde_json::to_string(&spec).expect("JSON");
        let cut = text.char_indices().map(|(index, _)| index).nth(at.index(text.len())).unwrap_or(0);
        let _ = synth_text(&SourceText::new("cut.yaml", text.get(..cut).unwrap_or_default()));
    }
}

/// What is said of a token whose value something else depends on: the ranges of a principal while the security group is
/// enforced, and a port for which a consumer in another account needs a rule.
const MUST_BE_KNOWN: &[&str] = &["RF0328", "RF0508"];

/// Whether a token is allowed at `path`, apart from where its value must be known for something else.
fn takes_token(spec: &Value, path: &str) -> bool {
    // A principal with its address ranges: enforcing the security group needs them, and a token alone has none.
    if spec.pointer(path).is_some_and(|value| value.get("cidrs").is_some()) {
        return false;
    }
    let mut with_token = spec.clone();
    let Some(place) = with_token.pointer_mut(path) else { return false };
    *place = serde_json::json!({ "Fn::ImportValue": "the-token" });
    let text = source(&with_token);
    let document = read(&text, Format::Auto).expect("JSON");
    let (_, mistakes) = Decoder::read::<Spec>(&document.value);
    mistakes.is_empty() && !NEEDED_NOW.iter().any(|needed| path.contains(needed))
}

/// Where a token is allowed, but other settings of the random specs need the value.
const NEEDED_NOW: &[&str] = &["/image", "/conditions"];

/// The JSON pointers of everything in `value`.
fn paths(value: &Value, here: String) -> Vec<String> {
    let mut found = vec![here.clone()];
    match value {
        Value::Array(items) => {
            found.extend(items.iter().enumerate().flat_map(|(index, item)| paths(item, format!("{here}/{index}"))));
        }
        Value::Object(members) => {
            found.extend(members.iter().flat_map(|(key, item)| paths(item, format!("{here}/{key}"))));
        }
        _ => {}
    }
    found
}

#[test]
fn random_specs_say_everything_in_every_way() {
    let shape = Spec::shape();
    let mut runner = TestRunner::deterministic();
    let mut found = BTreeSet::new();
    for _ in 0..600 {
        found.extend(ways_of(&shape, &specs().new_tree(&mut runner).expect("a spec").current()));
    }
    let all = all_ways(&shape);
    let missing: Vec<&String> = all.difference(&found).filter(|way| !NOT_RANDOM.contains(&way.as_str())).collect();
    assert!(missing.is_empty(), "no random spec has {missing:#?}");
    let needless: Vec<_> = NOT_RANDOM.iter().filter(|way| found.contains(**way) || !all.contains(**way)).collect();
    assert!(needless.is_empty(), "some random spec has {needless:?}, or no spec can");
}
