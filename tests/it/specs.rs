//! Whole specs: what the good ones become, and what is said of the bad ones.

use std::collections::BTreeSet;
use std::path::Path;

use ringfence::cfn::SourceText;
use ringfence::cfn::read::{Format, read};
use ringfence::diagnostics::render::pretty;
use ringfence::diagnostics::{Severity, codes};
use ringfence::engine::{self, Fingerprints, Synthesis};

use crate::coverage::{all_members, members_of, schema};

/// Errors that no small spec shows: two constructs at one path are a mistake of a program, stacks and policies beyond the
/// limits of AWS are made by the tests of the pages, what is configured or is no spec by those of the check, and requests
/// for plans by those of the plan.
const NOT_SHOWN: &[&str] = &[
    "RF0007", "RF0008", "RF0009", "RF0021", "RF0022", "RF0023", "RF0024", "RF0025", "RF0026", "RF0032", "RF0033",
    "RF0124",
];

/// Fingerprints as a host would hand them in: here of the folder that an example builds its image from.
fn fingerprints() -> Fingerprints {
    Fingerprints::from([("docker".to_owned(), "0123456789abcdef".repeat(4))])
}

/// Synthesizes the spec at `path`, whose file name is what messages call it.
pub(crate) fn synth(path: &Path) -> (SourceText, Synthesis) {
    let name = path.file_name().expect("a file").to_string_lossy().into_owned();
    let source = SourceText::new(name, std::fs::read_to_string(path).expect("a readable spec"));
    let synthesis = synth_text(&source);
    (source, synthesis)
}

/// Synthesizes a spec.
pub(crate) fn synth_text(source: &SourceText) -> Synthesis {
    engine::synth(source, &engine::read_spec(source), &fingerprints())
}

fn said(source: &SourceText, synthesis: &Synthesis) -> String {
    pretty::render(&synthesis.report, source, false)
}

fn templates_are_as_reviewed(path: &Path) {
    let (source, synthesis) = synth(path);
    assert!(!synthesis.report.has_errors(), "{}", said(&source, &synthesis));
    let stacks: Vec<&str> = synthesis.stacks.iter().map(|stack| stack.id.as_str()).collect();
    let mut text = engine::templates(&synthesis, &stacks, true).expect("templates");
    if !synthesis.report.findings.is_empty() {
        text.push_str("---\n# findings\n");
        text.push_str(&said(&source, &synthesis));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn examples_become_the_templates_that_were_reviewed() {
    insta::glob!("../../examples/specs", "*.yaml", templates_are_as_reviewed);
}

#[test]
fn good_specs_become_the_templates_that_were_reviewed() {
    insta::glob!("../corpus/good", "*.*", templates_are_as_reviewed);
}

#[test]
fn bad_specs_are_told_everything_that_is_wrong_with_them() {
    insta::glob!("../corpus/bad", "*.*", |path| {
        let (source, synthesis) = synth(path);
        assert!(synthesis.report.has_errors(), "nothing is wrong with {}", path.display());
        assert!(synthesis.assembly.is_none(), "an assembly was made of {}", path.display());
        let unplaced: Vec<_> =
            synthesis.report.findings.iter().filter(|finding| finding.address.place.is_none()).collect();
        assert!(unplaced.is_empty(), "findings without a line: {unplaced:?}");
        insta::assert_snapshot!(said(&source, &synthesis));
    });
}

#[test]
fn there_are_enough_of_each() {
    let count = |folder: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let entries = std::fs::read_dir(path).expect("a folder").filter_map(Result::ok);
        entries.filter(|entry| entry.path().is_file()).count()
    };
    assert!(count("examples/specs") + count("tests/corpus/good") >= 12);
    assert!(count("tests/corpus/bad") >= 60);
}

/// All specs that are right.
pub(crate) fn good_specs() -> Vec<SourceText> {
    in_folders(&["examples/specs", "tests/corpus/good"])
}

fn in_folders(folders: &[&str]) -> Vec<SourceText> {
    let paths = folders.iter().flat_map(|folder| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        std::fs::read_dir(path).expect("a folder").filter_map(Result::ok).map(|entry| entry.path())
    });
    let source = |path: std::path::PathBuf| {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        SourceText::new(name, std::fs::read_to_string(path).expect("text"))
    };
    paths.filter(|path| path.is_file()).map(source).collect()
}

#[test]
fn every_member_of_the_spec_is_set_by_a_good_one() {
    let schema = schema();
    let mut missing = all_members(&schema);
    for source in good_specs() {
        let document = read(&source, Format::Auto).expect("well-formed");
        let value = serde_json::to_value(&document.value).expect("JSON");
        missing = &missing - &members_of(&schema, &value);
    }
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_kind_of_error_is_shown_by_a_bad_spec() {
    let mut silent: BTreeSet<&str> = codes::pages()
        .filter(|page| page.severity == Severity::Error && !NOT_SHOWN.contains(&page.code.0))
        .map(|page| page.code.0)
        .collect();
    for source in in_folders(&["tests/corpus/bad"]) {
        for finding in synth_text(&source).report.findings {
            silent.remove(finding.code.0);
        }
    }
    assert!(silent.is_empty(), "no bad spec shows {silent:?}");
}

#[test]
fn the_reference_is_what_figures_are_about() {
    let source = SourceText::new(engine::REFERENCE_SPEC_NAME, engine::REFERENCE_SPEC);
    let synthesis = synth_text(&source);
    let provider = synthesis.stacks.first().expect("a provider stack");
    assert!(provider.resource_count() >= 35, "{} resources", provider.resource_count());
    for wanted in [
        "AWS::EC2::VPC",
        "AWS::EC2::FlowLog",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "AWS::ElasticLoadBalancingV2::Listener",
        "AWS::EC2::VPCEndpointService",
        "AWS::EC2::VPCEndpointServicePermissions",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
    ] {
        assert!(provider.resources.contains_key(wanted), "{wanted}");
    }
    assert_eq!(synthesis.stacks.len(), 2);
}

#[test]
fn the_same_spec_gives_the_same_bytes() {
    let source = SourceText::new(engine::REFERENCE_SPEC_NAME, engine::REFERENCE_SPEC);
    let files = |synthesis: Synthesis| synthesis.assembly.expect("an assembly").files;
    assert_eq!(files(synth_text(&source)), files(synth_text(&source)));
}
