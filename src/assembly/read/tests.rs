//! What is read from an assembly, and what is refused.

use super::*;

fn files(files: &[(&str, &str)]) -> OrderedMap<String, String> {
    files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

const STACK: &str = r#"{ "artifacts": { "A": {
    "type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1",
    "properties": { "templateFile": "A.json", "stackName": "payments" },
    "metadata": { "/A/Vpc/Resource": [{ "type": "aws:cdk:logicalId", "data": "Vpc1" }],
                  "/A": [{ "type": "ringfence:parameter-binding", "data": { "parameter": "P", "stack": "B", "output": "O" } }] }
} } }"#;

#[test]
fn a_stack_has_its_environment_and_metadata() {
    let read = read(&files(&[("manifest.json", STACK), ("A.json", "{}")]));
    assert_eq!((read.missing.len(), read.problems.len()), (0, 0));
    let template = &read.templates[0];
    assert_eq!((template.stack.as_str(), template.file.as_str()), ("payments", "A.json"));
    assert_eq!((template.account.as_deref(), template.region.as_deref()), (Some("111122223333"), Some("eu-west-1")));
    assert_eq!(template.construct_paths.get("Vpc1").map(String::as_str), Some("A/Vpc/Resource"));
    assert_eq!(template.bindings, [("P".to_owned(), "B".to_owned(), "O".to_owned())]);
}

#[test]
fn what_is_needed_and_not_there_is_named() {
    assert!(read(&files(&[])).missing.contains("manifest.json"));
    assert!(read(&files(&[("manifest.json", STACK)])).missing.contains("A.json"));
}

#[test]
fn nothing_outside_of_the_assembly_is_asked_for() {
    for name in ["../secret.json", "/etc/passwd", "x/../../secret.json", "C:\\\\x.json"] {
        let read = read(&files(&[("manifest.json", &STACK.replace("A.json", name))]));
        assert_eq!((read.missing.len(), read.templates.len(), read.problems.len()), (0, 0, 1), "{name}");
    }
}

#[test]
fn assemblies_that_hold_themselves_come_to_an_end() {
    let manifest =
        r#"{ "artifacts": { "S": { "type": "cdk:cloud-assembly", "properties": { "directoryName": "." } } } }"#;
    assert_eq!(read(&files(&[("manifest.json", manifest)])).problems.len(), 1);
}

#[test]
fn nested_stacks_that_deploy_each_other_come_to_an_end() {
    let template = r#"{ "Resources": { "N": { "Type": "AWS::CloudFormation::Stack", "Metadata": { "aws:asset:path": "A.json" } } } }"#;
    let read = read(&files(&[("manifest.json", STACK), ("A.json", template)]));
    assert_eq!(read.templates.len(), 1 + MAX_DEPTH);
}

#[test]
fn what_is_no_json_is_said() {
    let read = read(&files(&[("manifest.json", "{")]));
    assert_eq!(read.problems.first().map(|problem| problem.file.as_str()), Some("manifest.json"));
}
