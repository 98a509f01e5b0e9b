//! The cases on which all hosts must agree, answered natively. `cargo xtask test --only npm,browser` hands the answers to the
//! other hosts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ringfence::wire::calls;
use serde_json::{Value, json};

use crate::workspace::{read, root};

/// Where the expanded cases and their answers are written for the other hosts.
const OUTPUT: &str = "RINGFENCE_PARITY";

/// A call with the texts that it is given.
struct Case {
    name: String,
    call: String,
    arguments: Vec<String>,
}

/// The cases of `tests/parity/cases.json`, one for each file that they speak of.
fn cases() -> Vec<Case> {
    let groups: Vec<Value> = serde_json::from_str(&read("tests/parity/cases.json")).expect("JSON");
    groups.iter().flat_map(expanded).collect()
}

fn expanded(group: &Value) -> Vec<Case> {
    let text = |key: &str| group.get(key).and_then(Value::as_str).map(str::to_owned);
    let (name, call) = (text("name").expect("a name"), text("call").expect("a call"));
    if let Some(folder) = text("folder") {
        let files: BTreeMap<String, String> =
            texts(&root().join(&folder)).into_iter().map(|(path, text)| (relative(&path, &folder), text)).collect();
        let files = serde_json::to_string(&files).expect("JSON");
        return vec![Case { name, call, arguments: vec![folder, files] }];
    }
    if let Some(folders) = group.get("files").and_then(Value::as_array) {
        let files = folders.iter().flat_map(|folder| texts(&root().join(folder.as_str().expect("a folder"))));
        let case = |(path, text): (PathBuf, String)| {
            let file = relative(&path, "");
            Case { name: format!("{name}: {file}"), call: call.clone(), arguments: vec![file, text] }
        };
        return files.map(case).collect();
    }
    let arguments = group.get("arguments").and_then(Value::as_array).expect("arguments");
    let arguments = arguments.iter().map(|argument| argument.as_str().expect("a text").to_owned()).collect();
    vec![Case { name, call, arguments }]
}

/// The specs and templates below a folder that are text.
fn texts(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(texts(&path));
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "json")
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            found.push((path, text));
        }
    }
    found
}

fn relative(path: &Path, folder: &str) -> String {
    path.strip_prefix(root().join(folder)).expect("inside").to_string_lossy().replace('\\', "/")
}

/// What a call answers, or why it cannot be made.
fn answer(case: &Case) -> Result<String, String> {
    let argument = |at: usize| case.arguments.get(at).map(String::as_str).unwrap_or_default();
    Ok(match case.call.as_str() {
        "synthJson" => calls::synth_json(argument(0), argument(1)),
        "checkJson" => calls::check_json(argument(0), argument(1)),
        "checkFilesJson" => return calls::check_files_json(argument(0), argument(1)),
        "missingFilesJson" => return calls::missing_files_json(argument(0)),
        "explainJson" => calls::explain_json(argument(0)),
        "planJson" => calls::plan_json(argument(0)),
        "schemaJson" => ringfence::engine::spec_schema(),
        "version" => ringfence::VERSION.to_owned(),
        other => panic!("no host knows `{other}`"),
    })
}

#[test]
fn every_case_that_hosts_must_agree_on_has_an_answer() {
    let mut answered = Vec::new();
    // Other tests judge every file too: one of each ten will do where no other host waits for the answers.
    let step = if std::env::var_os(OUTPUT).is_some() { 1 } else { 10 };
    let (many, few): (Vec<Case>, Vec<Case>) = cases().into_iter().partition(|case| case.name.contains(": "));
    for case in many.into_iter().step_by(step).chain(few) {
        let answer = answer(&case);
        if let Ok(text) = &answer {
            let is_json = serde_json::from_str::<Value>(text).is_ok();
            assert!(is_json || case.call == "version", "{}: {text}", case.name);
        }
        let (text, error) = (answer.as_ref().ok(), answer.as_ref().err());
        answered.push(json!({
            "name": case.name, "call": case.call, "arguments": case.arguments, "answer": text, "error": error,
        }));
    }
    let calls: std::collections::BTreeSet<&str> = answered.iter().filter_map(|case| case["call"].as_str()).collect();
    assert_eq!(calls.len(), 8, "each call has a case: {calls:?}");
    if let Some(path) = std::env::var_os(OUTPUT) {
        std::fs::write(path, Value::Array(answered).to_string()).expect("the answers can be written");
    }
}

#[test]
fn columns_count_utf_16_units() {
    let cases = cases();
    let case = cases.iter().find(|case| case.name == "columns are in UTF-16 units").expect("the case");
    let report: Value = serde_json::from_str(&answer(case).expect("a report")).expect("JSON");
    let findings = report["findings"].as_array().expect("findings");
    let unknown = findings.iter().find(|finding| finding["rule"] == "RF0002").expect("an unknown key");
    let columns = ["line", "column", "endLine", "endColumn"].map(|key| unknown["position"][key].as_u64());
    // Two quotes, `größe`, a blank and two units of the emoji: in bytes it would end at 15, in letters at 10.
    assert_eq!(columns, [Some(3), Some(1), Some(3), Some(11)]);
}
