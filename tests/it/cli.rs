//! The command, run as a user runs it: in a folder of its own, judged by what it prints, writes and ends with.

use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

fn ringfence(folder: &Path, arguments: &[&str]) -> Output {
    crate::workspace::ringfence().args(arguments).current_dir(folder).output().expect("the command runs")
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn synth_without_a_spec_makes_the_reference() {
    let folder = folder();
    let output = ringfence(folder.path(), &["synth"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    insta::assert_snapshot!(stdout(&output));
    insta::assert_debug_snapshot!(names_in(&folder.path().join("cdk.out")));
}

#[test]
fn nothing_but_the_target_is_left_behind() {
    let folder = folder();
    for _ in 0..2 {
        assert_eq!(ringfence(folder.path(), &["synth"]).status.code(), Some(0));
    }
    assert_eq!(names_in(folder.path()), ["cdk.out"]);
}

#[test]
fn a_folder_that_is_no_assembly_is_left_alone() {
    let folder = folder();
    let precious = folder.path().join("precious");
    std::fs::create_dir(&precious).expect("a folder");
    std::fs::write(precious.join("thesis.txt"), "years of work").expect("a file");
    let output = ringfence(folder.path(), &["synth", "--out", "precious"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(stderr(&output));
    assert_eq!(names_in(&precious), ["thesis.txt"]);
    assert_eq!(names_in(folder.path()), ["precious"]);
}

#[test]
fn a_bad_spec_writes_nothing() {
    let folder = folder();
    std::fs::write(folder.path().join("bad.yaml"), "name: x\nservices: { api: { cpu: 12 } }\n").expect("a file");
    let output = ringfence(folder.path(), &["synth", "bad.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(stderr(&output));
    assert_eq!(names_in(folder.path()), ["bad.yaml"]);
}

#[test]
fn a_file_that_cannot_be_read_is_a_call_that_cannot_be_used() {
    let folder = folder();
    let missing = ringfence(folder.path(), &["check", "nowhere.yaml"]);
    assert_eq!(missing.status.code(), Some(2));
    std::fs::write(folder.path().join("broken.yaml"), "name: [\n").expect("a file");
    assert_eq!(ringfence(folder.path(), &["check", "broken.yaml"]).status.code(), Some(2));
    std::fs::write(folder.path().join("binary.yaml"), [0xff, 0x00, 0x12]).expect("a file");
    assert_eq!(ringfence(folder.path(), &["check", "binary.yaml"]).status.code(), Some(2));
    assert_eq!(ringfence(folder.path(), &["check", "."]).status.code(), Some(2));
    assert_eq!(ringfence(folder.path(), &["sinth"]).status.code(), Some(2));
}

#[test]
fn init_writes_a_spec_that_synthesizes_and_never_overwrites() {
    let folder = folder();
    assert_eq!(ringfence(folder.path(), &["init"]).status.code(), Some(0));
    assert_eq!(ringfence(folder.path(), &["init"]).status.code(), Some(2));
    let output = ringfence(folder.path(), &["synth", "ringfence.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn templates_can_be_printed() {
    let folder = folder();
    let json = ringfence(folder.path(), &["synth", "--format", "json", "--stack", "payments"]);
    let template: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert!(template.get("Resources").is_some());
    let yaml = ringfence(folder.path(), &["synth", "--format", "yaml"]);
    assert!(stdout(&yaml).starts_with("---\n# payments\n"), "{}", stdout(&yaml));
    assert_eq!(ringfence(folder.path(), &["synth", "--format", "json", "--stack", "no"]).status.code(), Some(2));
    assert!(names_in(folder.path()).is_empty());
}

#[test]
fn the_json_report_keeps_its_contract() {
    let folder = folder();
    std::fs::write(folder.path().join("bad.yaml"), "nme: 😀\nservices: { api: { cpu: 12 } } # é\n").expect("a file");
    let output = ringfence(folder.path(), &["check", "--format", "json", "bad.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(stdout(&output));
}

#[test]
fn the_published_schema_is_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let printed = stdout(&ringfence(root, &["schema"]));
    let published = std::fs::read_to_string(root.join("schema/ringfence.schema.json")).unwrap_or_default();
    assert_eq!(printed, published, "write it anew with `cargo run -- schema > schema/ringfence.schema.json`");
}

#[test]
fn completions_are_for_every_shell() {
    let folder = folder();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = ringfence(folder.path(), &["completions", shell]);
        assert_eq!(output.status.code(), Some(0), "{shell}");
        assert!(stdout(&output).contains("ringfence"), "{shell}");
    }
}

#[test]
fn what_can_be_explained_is() {
    let folder = folder();
    let output = ringfence(folder.path(), &["explain", "network.flowLogs"]);
    insta::assert_snapshot!(stdout(&output));
    assert_eq!(ringfence(folder.path(), &["explain", "rf0002"]).status.code(), Some(0));
    assert_eq!(ringfence(folder.path(), &["explain", "nothing.like.it"]).status.code(), Some(2));
}
