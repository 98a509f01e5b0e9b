//! The configuration file, and suppressions in templates.

use super::{SPEC, TEMPLATE, all, check, folder, rules, stdout};

fn checked_with(config: &str) -> std::process::Output {
    let folder = folder(&[("ringfence.toml", config), ("sub/template.yaml", TEMPLATE)]);
    check(folder.path(), &["sub/template.yaml"])
}

/// The codes found in `template` with a configuration.
fn found(config: &str, template: &str) -> (Option<i32>, Vec<String>) {
    let folder = folder(&[("ringfence.toml", config), ("sub/template.yaml", template)]);
    let output = check(folder.path(), &["--format", "json", "sub/template.yaml"]);
    // Other rules may have something to say of the template: they are not what is tested.
    (
        output.status.code(),
        rules(&output).into_iter().filter(|rule| rule.contains("RF1106") || rule.contains("RF00")).collect(),
    )
}

#[test]
fn rules_can_be_switched_off_and_softened() {
    assert_eq!(found("[rules]\nRF1106 = \"off\"\n", TEMPLATE), (Some(0), Vec::new()));
    assert_eq!(found("[rules]\ntarget-type-not-ip = \"warning\"\n", TEMPLATE), (Some(0), vec!["RF1106".to_owned()]));
}

#[test]
fn findings_can_be_suppressed_with_a_reason() {
    let config = "[[suppress]]\nrule = \"RF1106\"\nresource = \"Gr*\"\nreason = \"it is replaced next week\"\n";
    assert_eq!(found(config, TEMPLATE), (Some(0), vec!["(RF1106)".to_owned()]));
    let output = checked_with(config);
    assert!(
        stdout(&output).ends_with("1 file with 2 resources checked, nothing is wrong, 1 suppressed\n"),
        "{}",
        all(&output)
    );
}

#[test]
fn suppressions_that_nothing_needs_are_reported() {
    let config = "[[suppress]]\nrule = \"RF1106\"\nresource = \"Other\"\nstack = \"prod-*\"\nreason = \"no more\"\n";
    let output = stdout(&checked_with(config));
    let unused = output.split_once("warning[RF0020]").and_then(|(_, rest)| rest.split_once("\n\n"));
    insta::assert_snapshot!(unused.expect("it is reported").0);
}

#[test]
fn mistakes_in_the_configuration_are_told_all_at_once() {
    let config = "\
[rule]
x = 1

[rules]
RF1106 = \"of\"
RF9999 = \"off\"
target-type-not-ipp = \"off\"
RF0001 = \"off\"
RF0004 = 3

[[suppress]]
rule = \"RF1106\"

[[suppress]]
rule = \"RF1106\"
reason = \" \"
resourse = \"Group\"

[[suppress]]
reason = \"of no rule\"

[[suppress]]
rule = \"RF1106\"
reason = 7
";
    insta::assert_snapshot!(all(&checked_with(config)));
}

#[test]
fn a_configuration_that_is_no_toml_is_shown() {
    insta::assert_snapshot!(all(&checked_with("[rules\nRF1106 = off\n")));
}

#[test]
fn a_configuration_can_be_named() {
    let folder = folder(&[
        ("strict.toml", "[rules]\nRF1106 = \"info\"\n"),
        ("ringfence.toml", "nonsense"),
        ("t.yaml", TEMPLATE),
    ]);
    let output = check(folder.path(), &["--config", "strict.toml", "t.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", all(&output));
    assert_eq!(check(folder.path(), &["--config", "none.toml", "t.yaml"]).status.code(), Some(2));
}

#[test]
fn every_path_has_the_configuration_that_is_nearest() {
    let folder = folder(&[
        ("one/ringfence.toml", "[rules]\nRF1106 = \"off\"\n"),
        ("one/deep/template.yaml", TEMPLATE),
        ("two/template.yaml", TEMPLATE),
    ]);
    let output = check(folder.path(), &["--format", "json", "one/deep/template.yaml", "two/template.yaml"]);
    assert_eq!(rules(&output).iter().filter(|rule| *rule == "RF1106").count(), 1);
    assert!(stdout(&output).contains("two/template.yaml"));
}

#[test]
fn a_spec_is_configured_too() {
    let folder = folder(&[
        ("ringfence.toml", "[[suppress]]\nrule = \"RF0002\"\nreason = \"a newer member\"\n"),
        ("spec.yaml", SPEC),
    ]);
    let output = check(folder.path(), &["--format", "json", "spec.yaml"]);
    assert!(rules(&output).contains(&"(RF0002)".to_owned()));
}

/// The template with metadata on its target group.
fn with_metadata(metadata: &str) -> String {
    TEMPLATE.replacen("    Properties: # with", &format!("    Metadata: {metadata}\n    Properties: # with"), 1)
}

#[test]
fn a_resource_suppresses_in_its_metadata() {
    let ours = with_metadata("{ ringfence: { suppress: [{ rule: RF1106, reason: tested by hand }] } }");
    assert_eq!(found("", &ours), (Some(0), vec!["(RF1106)".to_owned()]));
    let nag = with_metadata(
        "{ cdk_nag: { rules_to_suppress: [{ id: AwsSolutions-X, reason: other }, { id: RF1106, reason: so }] } }",
    );
    assert_eq!(found("", &nag), (Some(0), vec!["(RF1106)".to_owned()]));
}

#[test]
fn mistakes_in_metadata_are_findings() {
    let metadata = with_metadata(
        "{ ringfence: { suppress: [{ rule: RF1106 }, { rule: RF9999, reason: x }, { reason: x }, { rule: RF9997, reason: x }] }, \
         cdk_nag: { rules_to_suppress: [{ id: RF9998, reason: x }] } }",
    );
    let folder = folder(&[("t.yaml", &metadata)]);
    let output = stdout(&check(folder.path(), &["--format", "github", "t.yaml"]));
    let ours: Vec<&str> = output.lines().filter(|line| line.contains("title=RF00")).collect();
    insta::assert_snapshot!(ours.join("\n"));
}

#[test]
fn keys_that_nobody_reads_are_findings() {
    let metadata = with_metadata(
        "{ ringfence: { supress: [], suppress: [{ rule: RF1106, reason: x, until: 2027-01-01 }] }, Ringfence: {}, \
         cdk_nag: { rules_to_suppress: [], more: 1 } }",
    );
    let folder = folder(&[("t.yaml", &metadata)]);
    let output = stdout(&check(folder.path(), &["--format", "github", "t.yaml"]));
    let ours: Vec<&str> = output.lines().filter(|line| line.contains("title=RF00")).collect();
    insta::assert_snapshot!(ours.join("\n"));
}

#[test]
fn what_a_loop_makes_is_suppressed_where_it_is_written() {
    let text = "Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Logs:
    - Name
    - [A, B]
    - Logs${Name}:
        Type: AWS::Logs::LogGroup
        Metadata: { ringfence: { suppress: [{ rule: RF1602, reason: so }, { rule: RF1106, reason: so }, { rule: RF1602 }] } }
";
    let folder = folder(&[("t.yaml", text)]);
    let rules = rules(&check(folder.path(), &["--format", "json", "t.yaml"]));
    // Each log group for itself; what is wrong with the suppressions once.
    assert_eq!(rules, ["(RF1602)", "(RF1602)", "RF0021", "RF0020"]);
}
