//! `check --fix`.

use std::path::Path;

use super::{SPEC, TEMPLATE, all, check, check_text, folder, stderr, stdout};
use crate::workspace::root;

fn text(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).expect("a readable file")
}

#[test]
fn safe_fixes_are_made_in_specs_and_templates() {
    let folder = folder(&[("spec.yaml", SPEC), ("template.yaml", TEMPLATE)]);
    let output = check(folder.path(), &["--fix", "spec.yaml", "template.yaml"]);
    assert_eq!(output.status.code(), Some(1), "the unknown key is left");
    insta::assert_snapshot!(stderr(&output));
    insta::assert_snapshot!(
        "mended",
        format!("{}---\n{}", text(folder.path(), "spec.yaml"), text(folder.path(), "template.yaml"))
    );
    let mut names: Vec<_> =
        std::fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    assert_eq!(names, ["spec.yaml", "template.yaml"]);
}

#[test]
fn a_diff_changes_nothing() {
    let folder = folder(&[("spec.yaml", SPEC), ("template.yaml", TEMPLATE)]);
    for option in [&["--diff"][..], &["--fix", "--dry-run"]] {
        let output = check(folder.path(), &[option, &["spec.yaml", "template.yaml"]].concat());
        insta::assert_snapshot!("diff", stdout(&output));
    }
    assert_eq!(text(folder.path(), "spec.yaml"), SPEC);
    assert_eq!(text(folder.path(), "template.yaml"), TEMPLATE);
}

#[test]
fn what_is_mended_is_found_no_more() {
    let folder = folder(&[("template.yaml", TEMPLATE)]);
    assert_eq!(check(folder.path(), &["--fix", "template.yaml"]).status.code(), Some(0));
    let again = check(folder.path(), &["--fix", "template.yaml"]);
    assert_eq!((again.status.code(), stderr(&again)), (Some(0), String::new()));
}

#[test]
fn line_breaks_and_byte_order_marks_stay() {
    let before = format!("\u{FEFF}{}", TEMPLATE.replace('\n', "\r\n"));
    let folder = folder(&[("template.yaml", &before)]);
    assert_eq!(check(folder.path(), &["--fix", "template.yaml"]).status.code(), Some(0));
    let after = text(folder.path(), "template.yaml");
    assert_eq!(after.replace("      TargetType: ip\r\n", ""), before);
}

#[test]
fn json_is_mended_as_it_is_written() {
    let json = "{\n\t\"Resources\": {\n\t\t\"G\": {\n\t\t\t\"Type\": \"AWS::ElasticLoadBalancingV2::TargetGroup\",\n\t\t\t\"Properties\": {\n\t\t\t\t\"Protocol\": \"TCP\",\n\t\t\t\t\"TargetType\" : \"instance\"\n\t\t\t}\n\t\t},\n\t\t\"S\": { \"Type\": \"AWS::ECS::Service\", \"Properties\": { \"LaunchType\": \"FARGATE\", \"LoadBalancers\": [{ \"ContainerName\": \"a\", \"ContainerPort\": 1, \"TargetGroupArn\": { \"Ref\": \"G\" } }] } }\n\t},\n\t\"Outputs\": { \"G\": { \"Value\": { \"Ref\": \"G\" } } }\n}";
    let folder = folder(&[("t.json", json)]);
    check(folder.path(), &["--fix", "t.json"]);
    assert_eq!(text(folder.path(), "t.json"), json.replace("\"instance\"", "\"ip\""));
}

#[test]
fn what_a_condition_decides_is_left_to_people() {
    let template = TEMPLATE
        .replacen("Resources:", "Conditions: { C: !Equals [!Ref AWS::Region, eu-west-1] }\nResources:", 1)
        .replacen("      Protocol: TCP", "      TargetType: !If [C, instance, ip]\n      Protocol: TCP", 1);
    let folder = folder(&[("t.yaml", &template)]);
    let output = check(folder.path(), &["--fix", "t.yaml"]);
    assert_eq!(output.status.code(), Some(1), "{}", all(&output));
    assert_eq!(text(folder.path(), "t.yaml"), template);
}

#[test]
fn suppressed_findings_are_not_mended() {
    let config = "[[suppress]]\nrule = \"RF1106\"\nreason = \"so\"\n";
    let folder = folder(&[("ringfence.toml", config), ("t.yaml", TEMPLATE)]);
    assert_eq!(check(folder.path(), &["--fix", "t.yaml"]).status.code(), Some(0));
    assert_eq!(text(folder.path(), "t.yaml"), TEMPLATE);
}

#[test]
fn standard_input_can_only_be_compared() {
    let folder = folder(&[]);
    assert_eq!(check_text(folder.path(), &["--fix", "-"], TEMPLATE).status.code(), Some(2));
    assert!(stdout(&check_text(folder.path(), &["--diff", "-"], TEMPLATE)).contains("+      TargetType: ip"));
}

#[test]
fn every_safe_fix_of_a_bad_spec_leaves_a_file_that_can_be_read() {
    let mut mended = 0;
    for path in crate::workspace::on_disk("tests/corpus/bad", "l") {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let folder = folder(&[]);
        std::fs::copy(&path, folder.path().join(&name)).expect("a copy");
        let output = check(folder.path(), &["--fix", &name]);
        assert!(!all(&output).contains("could not be read any more"), "{name}: {}", all(&output));
        mended += usize::from(all(&output).contains("changed "));
    }
    assert!(mended >= 5, "{mended} specs of {} were mended", root().display());
}
