//! What follows from what an app allows the roles of tasks.

use serde_json::{Value, json};

use super::{asked, at, context, said, service};

/// The second plan of a service whose roles were allowed something.
fn after(props: Value, grants: Value) -> Value {
    let additions = json!({ "services": { "api": grants } });
    asked(&json!({ "kind": "service", "props": props, "context": context(), "additions": additions }))
}

fn allow(action: &[&str], resource: Value) -> Value {
    json!({ "Effect": "Allow", "Action": action, "Resource": resource })
}

#[test]
fn a_bucket_is_reached_through_the_gateway_and_no_other_is() {
    let bucket = json!("${Token[TOKEN.31]}");
    let objects = json!("${Token[TOKEN.31]}/*");
    let statement = allow(&["s3:GetObject*", "s3:GetBucket*", "s3:List*"], json!([bucket, objects]));
    let plan = after(service(json!({})), json!({ "task": [statement] }));
    insta::assert_snapshot!(serde_json::to_string_pretty(at(&plan, "Endpoints/S3")).expect("JSON"));
    assert_eq!(said(&plan), "");
}

#[test]
fn a_queue_brings_an_interface_endpoint_for_which_the_service_waits() {
    let statement = allow(&["sqs:SendMessage"], json!({ "Fn::GetAtt": ["Orders", "Arn"] }));
    let plan = after(service(json!({})), json!({ "task": [statement] }));
    let endpoint = at(&plan, "Endpoints/Sqs");
    insta::assert_snapshot!(serde_json::to_string_pretty(endpoint).expect("JSON"));
    let waits = at(&plan, "Services/api/Service/Resource")["dependsOn"].as_array().expect("a list").clone();
    assert!(waits.contains(&endpoint["id"]));
}
