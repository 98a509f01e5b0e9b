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

#[test]
fn an_image_leads_to_its_repository_in_roles_and_endpoints_alike() {
    let built = build("{}");
    let repository = "arn:,AWS::Partition,:ecr:eu-west-1:111122223333:repository/api";
    let role = at(&built.stack, "api/Task/ExecutionRole");
    assert_eq!(flat(property(role, "Policies/0/PolicyDocument/Statement/1/Resource")), repository);
    for endpoint in ["ecr.api", "ecr.dkr"] {
        let statements = built.needs.limits(endpoint).expect("limits");
        let resources: Vec<String> = statements.iter().map(|one| flat(resource(&Value::from(one.clone())))).collect();
        assert_eq!(resources, ["*", repository], "{endpoint}");
    }
}

/// The texts in a value, one after another.
pub(super) fn flat(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::List(items) => items.iter().map(flat).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(","),
        Value::Intrinsic(intrinsic) => flat(&intrinsic.argument),
        other => json(other),
    }
}

fn resource(statement: &Value) -> &Value {
    statement.get("Resource").expect("a resource")
}

#[test]
fn the_first_tasks_find_their_way() {
    let built = build(&api("scale: { min: 3 }"));
    let service = built.services.get("api").expect("it was made");
    let resource = built.stack.resource(&service.logical_id).expect("it was added");
    let waits_for: Vec<&str> = resource.depends_on.iter().map(|id| id.as_str()).collect();
    for part in [
        "EndpointsEcrApi",
        "EndpointsEcrDkr",
        "EndpointsLogs",
        "EndpointsS3",
        "Zone1RouteTableAssociation",
        "apiTaskToEndpoints",
        "Listener",
    ] {
        assert!(waits_for.iter().any(|id| id.contains(part)), "it does not wait for {part}: {waits_for:?}");
    }
}
