//! Tasks: what they are made of, and who may do what.

use ringfence::cfn::Value;

use crate::building::{at, findings, json, property};

use super::build;

/// A spec with one service that has these members too.
pub(super) fn api(members: &str) -> String {
    format!(
        "services: {{ api: {{ image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, {members} }} }}"
    )
}

#[test]
fn a_task_of_two_lines_of_spec() {
    let built = build("{}");
    assert_eq!(findings(&built.stack), [] as [&str; 0]);
    insta::assert_snapshot!(json(&built.stack.template()));
}

#[test]
fn a_task_has_no_public_address() {
    let built = build("{}");
    let path = "NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp";
    assert_eq!(property(at(&built.stack, "api/Service/Resource"), path), &Value::from("DISABLED"));
}
