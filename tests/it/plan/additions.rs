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

/// What is said after the task role was allowed `statement`, and the endpoints that there are.
fn said_after(statement: Value) -> String {
    let plan = after(service(json!({})), json!({ "task": [statement] }));
    let made: Vec<String> = plan["handles"]["endpoints"].as_object().expect("endpoints").keys().cloned().collect();
    format!("{}{made:?}\n", said(&plan))
}

#[test]
fn nothing_is_guessed() {
    let statements = [
        json!({ "Effect": "Allow", "NotAction": "iam:*", "Resource": "*" }),
        json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }),
        json!({ "Effect": "Allow", "Action": ["s3:GetObject", "s*:List"], "NotResource": "arn:aws:s3:::secret/*" }),
        allow(&["bedrock:InvokeModel"], json!("*")),
        allow(&["iam:GetRole"], json!("*")),
        allow(&["${Token[TOKEN.1]}"], json!("*")),
        json!({ "Action": "sqs:SendMessage", "Resource": "*" }),
        json!("${Token[TOKEN.2]}"),
    ];
    let all: String =
        statements.into_iter().map(|statement| format!("{statement}\n{}\n", said_after(statement.clone()))).collect();
    insta::assert_snapshot!(all);
}

#[test]
fn what_is_denied_needs_no_endpoint() {
    let statement = json!({ "Effect": "Deny", "NotAction": ["sqs:*"], "Resource": "*" });
    assert_eq!(said_after(statement), "[\"ecr.api\", \"ecr.dkr\", \"logs\", \"s3\"]\n");
}

#[test]
fn keys_are_used_by_services_in_the_name_of_the_role() {
    let decrypt = |condition: Value| json!({ "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "${Token[TOKEN.3]}", "Condition": condition });
    let through = decrypt(json!({ "StringEquals": { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }));
    assert!(!said_after(through).contains("kms"));
    assert!(said_after(decrypt(json!({}))).contains("\"kms\""), "nobody else could use the key");
    let queue = allow(&["sqs:ReceiveMessage"], json!("${Token[TOKEN.4]}"));
    let both = after(service(json!({})), json!({ "task": [queue, decrypt(json!({}))] }));
    insta::assert_snapshot!(said(&both));
    let declared = after(service(json!({ "aws": ["kms"] })), json!({ "task": [queue, decrypt(json!({}))] }));
    assert!(!said(&declared).contains("RF0031"), "{}", said(&declared));
}

#[test]
fn what_no_service_does_with_a_key_opens_a_way_to_kms() {
    let queue = allow(&["sqs:ReceiveMessage"], json!("${Token[TOKEN.4]}"));
    for action in ["kms:Sign", "kms:VerifyMac", "kms:GenerateDataKeyPair"] {
        let own = allow(&[action, "kms:Decrypt"], json!("${Token[TOKEN.3]}"));
        let plan = after(service(json!({})), json!({ "task": [queue, own] }));
        assert!(plan["handles"]["endpoints"].get("kms").is_some(), "{action}");
        assert!(!said(&plan).contains("RF0031"), "{}", said(&plan));
        assert!(at(&plan, "Endpoints/Kms")["properties"].to_string().contains("TOKEN.3"));
    }
}

#[test]
fn one_of_several_endpoints_is_taken_when_the_service_names_it() {
    let statement = allow(&["bedrock:InvokeModel"], json!("*"));
    let plan = after(service(json!({ "aws": ["bedrock-runtime"] })), json!({ "task": [statement] }));
    assert!(plan["handles"]["endpoints"].get("bedrock-runtime").is_some());
    assert_eq!(said(&plan), "");
}

#[test]
fn the_agent_reads_what_its_role_may() {
    let statements = json!([
        allow(&["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"], json!("${Token[TOKEN.5]}")),
        allow(&["kms:Decrypt"], json!("${Token[TOKEN.6]}")),
        allow(&["ecr:BatchGetImage"], json!("${Token[TOKEN.7]}")),
    ]);
    let plan = after(service(json!({})), json!({ "execution": statements }));
    assert_eq!(said(&plan), "");
    assert!(plan["handles"]["endpoints"].get("kms").is_none());
    assert!(at(&plan, "Endpoints/Secretsmanager")["properties"].to_string().contains("TOKEN.5"));
    for path in ["Endpoints/EcrApi", "Endpoints/EcrDkr"] {
        assert!(at(&plan, path)["properties"].to_string().contains("TOKEN.7"));
    }
}

#[test]
fn a_service_that_is_not_there_is_told() {
    let additions = json!({ "services": { "apii": { "task": [] } } });
    let plan =
        asked(&json!({ "kind": "service", "props": service(json!({})), "context": context(), "additions": additions }));
    assert!(said(&plan).contains("there is no such service"), "{}", said(&plan));
}

/// Whether a resource may differ after something was allowed: endpoints, the ways to them, and what waits for them.
fn may_change(path: &str) -> bool {
    path.starts_with("Endpoints/") || path.ends_with("/Task/SecurityGroup") || path.ends_with("/Service/Resource")
}

#[test]
fn everything_stays_and_only_what_leads_to_endpoints_changes() {
    for source in crate::specs::good_specs() {
        let mut props = super::json_of(&source);
        let members = props.as_object_mut().expect("a map");
        for key in ["env", "stack", "consumers"] {
            members.remove(key);
        }
        let names: Vec<String> = members["services"].as_object().expect("services").keys().cloned().collect();
        let statements = json!([allow(&["sqs:SendMessage", "dynamodb:PutItem", "s3:*"], json!("${Token[TOKEN.9]}"))]);
        let grants: serde_json::Map<String, Value> =
            names.into_iter().map(|name| (name, json!({ "task": statements }))).collect();
        let ask = |additions: Value| {
            asked(&json!({ "kind": "service", "props": props, "context": context(), "additions": additions }))
        };
        let (first, second) = (ask(json!({})), ask(json!({ "services": grants })));
        for resource in first["resources"].as_array().expect("resources") {
            let path = resource["path"].as_str().expect("a path");
            let now = at(&second, path);
            assert!(now == resource || may_change(path), "{}: {path}", source.name());
        }
    }
}
