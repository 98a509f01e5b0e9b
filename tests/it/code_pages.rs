//! The pages of the codes: their examples are run, the bad ones must be found and the good ones not.

use std::collections::BTreeSet;

use ringfence::cfn::read::{Format, read};
use ringfence::cfn::{SourceText, Value, write};
use ringfence::diagnostics::{CodePage, codes};

use crate::specs::synth_text;

/// Codes whose example is no piece of a spec, and why.
const NOT_RUN: &[(&str, &str)] = &[
    ("RF0007", "shows Rust code: only a program can make two constructs at one path"),
    ("RF0008", "takes hundreds of resources: `a_stack_that_is_too_large_is_refused` has them"),
    ("RF0009", "takes hundreds of resources: `a_stack_that_is_too_large_is_refused` has them"),
    ("RF0124", "takes hundreds of resources: `an_endpoint_policy_that_is_too_long_is_refused` has them"),
    ("RF0020", "shows a configuration: `check::config` has such"),
    ("RF0021", "shows a configuration: `check::config` has such"),
    ("RF0022", "shows a configuration: `check::config` has such"),
    ("RF0023", "shows a configuration: `check::config` has such"),
    ("RF0024", "is no piece of a spec: `check::inputs` has such"),
    ("RF0030", "is a piece of a CDK app: `plan::tokens` has such"),
    ("RF0031", "is a piece of a CDK app: `plan::additions` has such"),
    ("RF0032", "is a piece of a CDK app: `plan::tokens` has such"),
    ("RF0033", "is a piece of a CDK app: `plan` has such"),
    ("RF0025", "is a folder: `check::inputs` has such"),
    ("RF0026", "is a call of the command: `cli` has such"),
];

/// What the pieces of specs in the examples are pieces of.
const BASE: &str = r#"
name: example
env: { account: "111122223333", region: eu-west-1 }
services:
  api: { image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1, port: 8080 }
"#;

/// A whole spec of a piece: members of the piece take the place of those of [`BASE`].
fn completed(piece: &str) -> SourceText {
    let parse = |text: &str| read(&SourceText::new("piece.yaml", text), Format::Yaml);
    let Ok(piece_document) = parse(piece) else { return SourceText::new("example.yaml", piece) };
    let base = parse(BASE).expect("the base reads").value;
    let Some(piece_map) = piece_document.value.as_map() else { return SourceText::new("example.yaml", piece) };
    let mut whole = base.as_map().expect("a map").clone();
    for (key, value) in piece_map.iter() {
        whole.insert(key.clone(), value.clone());
    }
    SourceText::new("example.yaml", write::to_yaml(&Value::Map(whole)))
}

fn found(piece: &str) -> BTreeSet<&'static str> {
    synth_text(&completed(piece)).report.findings.iter().map(|finding| finding.code.0).collect()
}

fn is_run(page: &CodePage) -> bool {
    !NOT_RUN.iter().any(|(code, _)| *code == page.code.0)
}

#[test]
fn every_example_shows_what_its_page_is_about() {
    let silent: Vec<String> = codes::pages()
        .filter(|page| is_run(page) && !found(page.example).contains(page.code.0))
        .map(|page| format!("{} {}: found {:?} in\n{}", page.code, page.name, found(page.example), page.example))
        .collect();
    assert!(silent.is_empty(), "{}", silent.join("\n\n"));
}

#[test]
fn no_instead_shows_it() {
    let loud: Vec<String> = codes::pages()
        .filter(|page| is_run(page) && found(page.instead).contains(page.code.0))
        .map(|page| format!("{} {}:\n{}", page.code, page.name, page.instead))
        .collect();
    assert!(loud.is_empty(), "{}", loud.join("\n\n"));
}

#[test]
fn codes_and_names_are_unique() {
    let codes_seen: BTreeSet<&str> = codes::pages().map(|page| page.code.0).collect();
    let names_seen: BTreeSet<&str> = codes::pages().map(|page| page.name).collect();
    assert_eq!(codes_seen.len(), codes::pages().count());
    assert_eq!(names_seen.len(), codes::pages().count());
}

/// A spec with so many services.
fn with_services(count: usize, rest: &str) -> SourceText {
    let service = "{ image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/worker:1\" }";
    let services: String = (0..count).map(|index| format!("  worker{index}: {service}\n")).collect();
    SourceText::new("large.yaml", format!("name: large\n{rest}\nservices:\n{services}"))
}

#[test]
fn a_stack_that_is_too_large_is_refused() {
    let rules = |source: &SourceText| -> Vec<&'static str> {
        synth_text(source).report.findings.iter().map(|finding| finding.code.0).collect()
    };
    assert!(rules(&with_services(300, "")).contains(&"RF0008"));
    let bootstrapless = "stack: { synthesizer: bootstrapless }";
    assert!(rules(&with_services(30, bootstrapless)).contains(&"RF0009"));
    assert!(rules(&with_services(1, bootstrapless)).is_empty());
    assert!(rules(&with_services(2, "")).is_empty(), "{:?}", rules(&with_services(2, "")));
}

/// A spec whose tasks may send to so many queues.
fn with_queues(count: usize, rest: &str) -> SourceText {
    let queues: Vec<String> =
        (0..count).map(|index| format!("\"arn:aws:sqs:eu-west-1:111122223333:orders-{index:03}\"")).collect();
    let may = format!("[{{ actions: [\"sqs:SendMessage\"], resources: [{}] }}]", queues.join(", "));
    let service =
        format!("{{ image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", aws: [sqs], permissions: {may} }}");
    let env = "{ account: \"111122223333\", region: eu-west-1 }";
    SourceText::new("queues.yaml", format!("name: queues\nenv: {env}\nservices: {{ api: {service} }}\n{rest}\n"))
}

#[test]
fn an_endpoint_policy_that_is_too_long_is_refused() {
    let refused = |source: &SourceText| -> Vec<String> {
        let findings = synth_text(source).report.findings;
        findings.iter().filter(|finding| finding.code.0 == "RF0124").map(|finding| finding.message.clone()).collect()
    };
    let needed = "network: { endpoints: { restrict: true } }";
    let told = refused(&with_queues(500, needed));
    assert_eq!(told, ["the policy of the endpoint `sqs` is longer than 20480 characters"]);
    assert!(refused(&with_queues(300, needed)).is_empty());
    assert!(refused(&with_queues(500, "network: { endpoints: { restrict: false } }")).is_empty());
}
