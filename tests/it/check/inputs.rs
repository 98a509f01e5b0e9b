//! What can be checked, and what is said of the rest.

use super::{SPEC, TEMPLATE, all, check, check_text, folder, rules, stdout};

#[test]
fn specs_and_templates_are_told_apart() {
    let folder = folder(&[("spec.yaml", SPEC), ("template.yaml", TEMPLATE)]);
    let output = check(folder.path(), &["--format", "json", "spec.yaml", "template.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(rules(&output).iter().filter(|rule| *rule == "RF0002").count(), 1);
    assert_eq!(rules(&output).iter().filter(|rule| *rule == "RF1106").count(), 1);
}

#[test]
fn what_is_neither_is_said_to_be_so() {
    let folder =
        folder(&[("compose.yaml", "version: 2\njobs: []\n"), ("list.json", "[1]"), ("empty.yaml", "# nothing\n")]);
    let output = check(folder.path(), &["compose.yaml", "list.json", "empty.yaml"]);
    insta::assert_snapshot!(all(&output));
}

#[test]
fn a_template_without_resources_is_one() {
    let folder =
        folder(&[("bootstrap.json", r#"{ "Parameters": { "BootstrapVersion": { "Type": "String" } }, "Rules": {} }"#)]);
    let output = check(folder.path(), &["bootstrap.json"]);
    assert_eq!(output.status.code(), Some(0), "{}", all(&output));
}

#[test]
fn a_folder_without_a_manifest_is_no_assembly() {
    let folder = folder(&[("src/spec.yaml", SPEC)]);
    insta::assert_snapshot!(all(&check(folder.path(), &["src"])));
}

#[test]
fn standard_input_can_be_checked() {
    let folder = folder(&[]);
    let output = check_text(folder.path(), &["--format", "json", "-"], TEMPLATE);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("\"file\": \"<stdin>\""));
    assert!(rules(&output).contains(&"RF1106".to_owned()));
}

#[test]
fn one_bad_file_hides_no_other() {
    let folder = folder(&[("broken.json", "{"), ("template.yaml", TEMPLATE)]);
    std::fs::write(folder.path().join("binary.yaml"), [0xff, 0x00]).expect("a file");
    let output = check(folder.path(), &["--format", "json", "broken.json", "template.yaml", "binary.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    let rules = rules(&output);
    assert!(rules.contains(&"RF1106".to_owned()));
    assert_eq!(rules.iter().filter(|rule| *rule == "RF0001").count(), 2);
}

#[test]
fn help_tells_the_formats_and_exit_codes() {
    let folder = folder(&[]);
    let output = check(folder.path(), &["--help"]);
    insta::assert_snapshot!(stdout(&output));
}

#[test]
fn nothing_but_the_report_is_printed_where_no_terminal_is() {
    let files: Vec<(String, &str)> = (0..40).map(|number| (format!("{number}.yaml"), TEMPLATE)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let folder = folder(&files);
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let output = check(folder.path(), &[&["--format", "json"], names.as_slice()].concat());
    assert!(output.stderr.is_empty(), "{}", super::stderr(&output));
    assert_eq!(rules(&output).iter().filter(|rule| *rule == "RF1106").count(), 40);
}

#[test]
fn hosts_that_speak_json_get_the_same_answer() {
    let folder = folder(&[("spec.yaml", SPEC), ("template.yaml", TEMPLATE)]);
    for (name, text) in [("spec.yaml", SPEC), ("template.yaml", TEMPLATE)] {
        let printed: serde_json::Value =
            serde_json::from_slice(&check(folder.path(), &["--format", "json", name]).stdout).expect("JSON");
        let answered: serde_json::Value =
            serde_json::from_str(&ringfence::wire::calls::check_json(name, text)).expect("JSON");
        assert_eq!(answered, printed, "{name}");
    }
}

#[test]
fn hosts_that_speak_json_get_the_same_answer_for_several_files() {
    let files = [("spec.yaml", SPEC), ("template.yaml", TEMPLATE), ("broken.json", "{")];
    let folder = folder(&files);
    let output = check(folder.path(), &["--format", "json", "broken.json", "spec.yaml", "template.yaml"]);
    assert_eq!(checked("", &files), json(&output.stdout));
}

/// What a host that speaks JSON is told of files.
fn checked(folder: &str, files: &[(&str, &str)]) -> serde_json::Value {
    let files: std::collections::BTreeMap<_, _> = files.iter().copied().collect();
    let files = serde_json::to_string(&files).expect("JSON");
    json(ringfence::wire::calls::check_files_json(folder, &files).expect("a map of texts").as_bytes())
}

fn json(text: &[u8]) -> serde_json::Value {
    serde_json::from_slice(text).expect("JSON")
}

#[test]
fn hosts_that_speak_json_read_an_assembly_file_by_file() {
    use ringfence::wire::calls::{missing_files_json, synth_json};
    let synthesis = json(synth_json("spec.yaml", ringfence::engine::REFERENCE_SPEC).as_bytes());
    let all = synthesis.get("files").and_then(serde_json::Value::as_object).expect("files");
    let all: Vec<(&str, &str)> =
        all.iter().map(|(name, text)| (name.as_str(), text.as_str().expect("a text"))).collect();
    let folder = folder(&[]);
    for (name, text) in &all {
        let path = folder.path().join("cdk.out").join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    let mut given = serde_json::Map::new();
    loop {
        let missing =
            json(missing_files_json(&serde_json::Value::Object(given.clone()).to_string()).expect("a map").as_bytes());
        let missing = missing.as_array().expect("an array");
        if missing.is_empty() {
            break;
        }
        for name in missing {
            let name = name.as_str().expect("a name");
            let (_, text) = all.iter().find(|(file, _)| *file == name).expect("the assembly is complete");
            given.insert(name.to_owned(), (*text).into());
        }
    }
    assert!(given.len() > 2, "a manifest and two templates at least: {:?}", given.keys());
    let printed = check(folder.path(), &["--format", "json", "cdk.out"]);
    assert_eq!(checked("cdk.out", &all), json(&printed.stdout));
}

#[test]
fn files_that_are_no_map_of_texts_are_refused() {
    use ringfence::wire::calls::{check_files_json, missing_files_json};
    for (files, message) in [
        ("[]", "the files are not a JSON object of texts by file name"),
        ("{", "the files are not a JSON object of texts by file name"),
        ("{\"a.yaml\": 1}", "the file `a.yaml` is not a text"),
    ] {
        assert_eq!(check_files_json("", files), Err(message.to_owned()));
        assert_eq!(missing_files_json(files), Err(message.to_owned()));
    }
}

#[test]
fn a_finding_says_when_it_holds() {
    let log = |retention: &str| {
        format!(
            "Parameters:
  Env: {{ Type: String, AllowedValues: [dev, prod], Default: dev }}
  Debug: {{ Type: String, AllowedValues: [much, none], Default: none }}
Conditions:
  Prod: !Equals [!Ref Env, prod]
  Debugged: !Equals [!Ref Debug, much]
Resources:
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {{ RetentionInDays: {retention} }}
"
        )
    };
    let world = |retention: &str| {
        let folder = folder(&[("t.yaml", &log(retention))]);
        let report: serde_json::Value =
            serde_json::from_str(&stdout(&check(folder.path(), &["--format", "json", "t.yaml"]))).expect("JSON");
        report["findings"][0]["world"].to_string()
    };
    let unset = "!Ref AWS::NoValue";
    assert_eq!(world(unset), "{}", "in all worlds");
    assert_eq!(world(&format!("!If [Prod, 30, {unset}]")), r#"{"Env":"dev"}"#);
    assert_eq!(world(&format!("!If [Prod, !If [Debugged, {unset}, 30], 30]")), r#"{"Debug":"much","Env":"prod"}"#);
    // In three of four worlds, which have nothing in common: one is named.
    assert_eq!(world(&format!("!If [Prod, !If [Debugged, 30, {unset}], {unset}]")), r#"{"Env":"dev"}"#);
}

#[test]
fn what_is_named_twice_is_checked_once() {
    let folder = folder(&[("t.yaml", TEMPLATE)]);
    let once = |output: &std::process::Output| rules(output).iter().filter(|rule| *rule == "RF1106").count();
    assert_eq!(once(&check(folder.path(), &["--format", "json", "t.yaml", "t.yaml"])), 1);
    assert_eq!(once(&check_text(folder.path(), &["--format", "json", "-", "-"], TEMPLATE)), 1);
}

#[test]
fn outputs_that_a_loop_makes_of_what_nobody_knows_are_not_missed() {
    let parent = "Resources:
  Child: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ./child.yaml, Parameters: { Names: 'a,b' } } }
  Logs: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 7, LogGroupName: !GetAtt Child.Outputs.LogA } }
";
    let child = |outputs: &str| {
        format!(
            "Transform: AWS::LanguageExtensions
Parameters: {{ Names: {{ Type: CommaDelimitedList }} }}
Resources: {{ Logs: {{ Type: AWS::Logs::LogGroup, Properties: {{ RetentionInDays: 7 }} }} }}
Outputs: {{ {outputs} }}
"
        )
    };
    let missed = |outputs: &str| {
        let folder = folder(&[("parent.yaml", parent), ("child.yaml", &child(outputs))]);
        rules(&check(folder.path(), &["--format", "json", "parent.yaml"])).contains(&"RF1702".to_owned())
    };
    assert!(missed("LogB: { Value: !Ref Logs }"));
    assert!(!missed("'Fn::ForEach::All': [Name, !Ref Names, { 'Log${Name}': { Value: !Ref Logs } }]"));
}
