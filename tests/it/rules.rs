//! The rulebook: every rule's example is judged, and what is generated has no errors.

mod load_balancing;
mod templates;

use std::collections::BTreeSet;

use proptest::prelude::*;
use ringfence::cfn::SourceText;
use ringfence::diagnostics::Severity;
use ringfence::engine::check::{TemplateInput, check_synthesis, check_templates};
use ringfence::engine::{self, Fingerprints};
use ringfence::rules::{Rule, all};

use crate::random_spec::specs;

fn found(template: &str) -> BTreeSet<&'static str> {
    let source = SourceText::new("example.yaml", template);
    let report = check_templates(&[TemplateInput { source, ..TemplateInput::default() }]);
    assert!(!report.unusable, "{template}\n{:?}", report.findings);
    report.findings.iter().map(|finding| finding.code.0).collect()
}

/// The resources on which a rule finds something.
fn of_rule(template: &str, code: &str) -> Vec<String> {
    let source = SourceText::new("example.yaml", template);
    let report = check_templates(&[TemplateInput { source, ..TemplateInput::default() }]);
    let found = report.findings.iter().filter(|finding| finding.code.0 == code);
    found.filter_map(|finding| finding.address.resource.clone()).collect()
}

#[test]
fn every_rule_finds_what_its_example_shows() {
    let silent: Vec<String> = all()
        .filter(|rule| !found(rule.page.example).contains(rule.page.code.0))
        .map(|rule| format!("{}: found {:?} in\n{}", named(rule), found(rule.page.example), rule.page.example))
        .collect();
    assert!(silent.is_empty(), "{}", silent.join("\n\n"));
}

#[test]
fn no_rule_finds_it_in_what_its_page_says_instead() {
    let loud: Vec<String> = all()
        .filter(|rule| found(rule.page.instead).contains(rule.page.code.0))
        .map(|rule| format!("{}:\n{}", named(rule), rule.page.instead))
        .collect();
    assert!(loud.is_empty(), "{}", loud.join("\n\n"));
}

#[test]
fn codes_and_names_of_rules_are_used_once_and_stand_in_order() {
    let codes: Vec<&str> = all().map(|rule| rule.page.code.0).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(codes, sorted);
    let names: BTreeSet<&str> = all().map(|rule| rule.page.name).collect();
    assert_eq!(names.len(), codes.len());
}

fn named(rule: &Rule) -> String {
    format!("{} {}", rule.page.code, rule.page.name)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_generated_has_no_errors_and_every_finding_leads_into_the_spec(spec in specs()) {
        let source = SourceText::new("spec.json", serde_json::to_string_pretty(&spec).expect("JSON"));
        let read = engine::read_spec(&source);
        let synthesis = engine::synth(&source, &read, &Fingerprints::new());
        let report = check_synthesis(&source, &read, &synthesis);
        prop_assert!(!report.unusable);
        for finding in &report.findings {
            prop_assert!(finding.severity < Severity::Error, "{} {}", finding.code, finding.message);
            prop_assert!(finding.address.place.is_some(), "{} {}", finding.code, finding.message);
            let advice = finding.help.as_deref().unwrap_or_default();
            prop_assert!(!names_a_property(advice), "{} advises a spec to {advice}", finding.code);
        }
    }
}

/// Whether a text names a property as CloudFormation does: between backticks, and with a capital letter first.
fn names_a_property(text: &str) -> bool {
    text.split('`').skip(1).step_by(2).any(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))
}

#[test]
fn whoever_wrote_a_spec_is_not_told_what_is_meant_so_or_was_said_already() {
    let codes = |spec: &str| {
        let source = SourceText::new("spec.yaml", spec);
        let read = engine::read_spec(&source);
        let synthesis = engine::synth(&source, &read, &Fingerprints::new());
        let report = check_synthesis(&source, &read, &synthesis);
        report.findings.iter().map(|finding| finding.code.0).collect::<Vec<_>>()
    };
    let imports = include_str!("../aws/specs/outside.yaml");
    assert!(imports.contains("!ImportValue") && !codes(imports).contains(&"RF1704"));
    let one_zone = include_str!("../../examples/specs/bootstrapless.yaml");
    assert!(one_zone.contains("azs: 1") && !codes(one_zone).contains(&"RF1104"));
}

#[test]
fn an_import_of_nothing_is_told_of_once_for_each_name() {
    let importing = "Resources:
  One: { Type: AWS::SNS::Topic, Properties: { DisplayName: !ImportValue gone, TopicName: !ImportValue gone } }
  Two: { Type: AWS::SNS::Topic, Properties: { DisplayName: !ImportValue gone, TopicName: !ImportValue lost } }
";
    let other = "Resources: { Topic: { Type: AWS::SNS::Topic } }\nOutputs: { Name: { Value: !Ref Topic, Export: { Name: there } } }\n";
    let input =
        |name: &str, text: &str| TemplateInput { source: SourceText::new(name, text), ..TemplateInput::default() };
    let report = check_templates(&[input("a.yaml", importing), input("b.yaml", other)]);
    let told = report.findings.iter().filter(|finding| finding.code.0 == "RF1704");
    let told: Vec<_> = told.map(|finding| (finding.address.resource.as_deref(), finding.message.as_str())).collect();
    assert_eq!(
        told,
        [(Some("One"), "no template here exports `gone`"), (Some("Two"), "no template here exports `lost`")]
    );
}

#[test]
fn files_that_have_nothing_to_do_with_one_another_do_not_multiply_their_worlds() {
    let text = "Parameters: { Stage: { Type: String, Default: dev } }
Conditions: { IsProd: !Equals [!Ref Stage, prod] }
Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: !If [IsProd, internet-facing, internal], Subnets: [subnet-1, subnet-2] }";
    let inputs: Vec<TemplateInput> = (0..20)
        .map(|number| TemplateInput {
            source: SourceText::new(format!("{number}.yaml"), text),
            ..TemplateInput::default()
        })
        .collect();
    let report = check_templates(&inputs);
    assert_eq!(report.exhausted, Vec::<String>::new());
    assert_eq!(report.findings.iter().filter(|finding| finding.code.0 == "RF1101").count(), 20);
}
