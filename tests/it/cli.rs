//! The command, run as a user runs it: in a folder of its own, judged by what it prints, writes and ends with.

use std::io::Write as _;
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

#[test]
fn what_was_probably_meant_is_suggested() {
    let folder = tempfile::tempdir().expect("a folder");
    let asked = [
        ("retentionDays", "network.flowLogs.retentionDays"),
        ("netwrok", "network"),
        ("target-typ-not-ip", "target-type-not-ip"),
    ];
    for (subject, meant) in asked {
        let output = ringfence(folder.path(), &["explain", subject]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(&format!("did you mean `{meant}`?")), "{said}");
    }
}

/// Eight lines that are a spec.
const HELLO: &str = "name: hello\nenv: { account: \"111122223333\", region: eu-west-1 }\nservices:\n  api:\n    image: \
111122223333.dkr.ecr.eu-west-1.amazonaws.com/hello:1.0.0\n    port: 8080\nprivateLink: { allow: [\"222233334444\"] }\n";

#[test]
fn a_spec_can_come_from_standard_input() {
    let folder = folder();
    let mut child = crate::workspace::ringfence()
        .args(["synth", "-", "--out", "two words"])
        .current_dir(folder.path())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the command runs");
    child.stdin.take().expect("a pipe").write_all(HELLO.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("deploy --app 'two words' hello"), "{}", stdout(&output));
    assert!(folder.path().join("two words/hello.template.json").is_file());
    assert_eq!(ringfence(folder.path(), &["synth", "-", "--watch"]).status.code(), Some(2));
}

#[test]
fn programs_get_a_report_even_where_nothing_can_be_read() {
    let folder = folder();
    let output = ringfence(folder.path(), &["check", "no-such-file.yaml", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("`no-such-file.yaml` cannot be read"), "{}", stderr(&output));
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    assert_eq!(report["status"], "unusable");
    assert_eq!(report["findings"][0]["rule"], "RF0026");
    let sarif = ringfence(folder.path(), &["check", "no-such-file.yaml", "--format", "sarif"]);
    assert!(stdout(&sarif).contains("RF0026"), "{}", stdout(&sarif));
}

#[test]
fn the_manifest_of_something_else_is_no_assembly() {
    let folder = folder();
    std::fs::write(folder.path().join("manifest.json"), r#"{ "name": "An app for the web", "icons": [] }"#)
        .expect("a file");
    let output = ringfence(folder.path(), &["check", "."]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).contains("it has no `artifacts`"), "{}", stdout(&output));
}

#[test]
fn an_input_may_be_as_large_as_the_limit() {
    let folder = folder();
    let text = format!("{}{{\"Resources\": {{}}}}\n", " ".repeat(9_900_000));
    std::fs::write(folder.path().join("large.json"), text).expect("a file");
    let output = ringfence(folder.path(), &["check", "large.json"]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(stdout(&output).contains("CloudFormation takes 1000000"), "{}", stdout(&output));
}

#[cfg(target_os = "linux")]
#[test]
fn devices_without_an_end_and_full_disks_are_told() {
    let folder = folder();
    let output = ringfence(folder.path(), &["check", "/dev/zero"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("`/dev/zero` has more bytes than the limit"), "{}", stderr(&output));
    let full = std::fs::File::options().write(true).open("/dev/full").expect("a device");
    let mut command = crate::workspace::ringfence();
    let output = command.args(["schema"]).stdout(full).output().expect("the command runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("standard output cannot be written"), "{}", stderr(&output));
}

#[test]
fn an_option_that_would_do_nothing_is_told() {
    let folder = folder();
    let output = ringfence(folder.path(), &["synth", "--stack", "payments"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("add `--format json`"), "{}", stderr(&output));
    let output = ringfence(folder.path(), &["init", "no/such/folder.yaml"]);
    assert!(stderr(&output).contains("name a file in a folder that exists"), "{}", stderr(&output));
}
