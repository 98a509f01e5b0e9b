//! Tasks: what a small spec becomes, sizes, storage, log.

use ringfence::cfn::Value;

use crate::building::{at, errors, findings, json, of_type, property};

use super::build;

/// A spec with one service that has these members too.
pub(super) fn api(members: &str) -> String {
    format!(
        "services: {{ api: {{ image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, {members} }} }}"
    )
}

/// The texts in a value, one after another: what a person reads of an intrinsic function.
pub(super) fn flat(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::List(items) => items.iter().map(flat).collect(),
        Value::Intrinsic(intrinsic) => match intrinsic.argument.as_str() {
            Some(name) => format!("<{name}>"),
            None => flat(&intrinsic.argument),
        },
        other => json(other),
    }
}

/// A property of the task definition of `api`.
pub(super) fn task<'a>(built: &'a super::Built, path: &str) -> &'a Value {
    property(at(&built.stack, "api/Task/Definition"), path)
}

/// A property of the main container of `api`.
pub(super) fn main_container<'a>(built: &'a super::Built, path: &str) -> &'a Value {
    task(built, &format!("ContainerDefinitions/0/{path}"))
}

#[test]
fn a_spec_of_two_lines_becomes_a_service_that_starts() {
    let built = build("{}");
    assert_eq!(findings(&built.stack), [] as [&str; 0]);
    insta::assert_snapshot!(json(&built.stack.template()));
}

#[test]
fn everything_on() {
    let built = build(include_str!("everything.yaml"));
    assert_eq!(errors(&built.stack), [] as [&str; 0]);
    let of_service = built.stack.resources().iter().filter(|resource| {
        ["orders/", "Secrets", "Cluster", "RestartOnRotation"].iter().any(|place| resource.path.starts_with(place))
    });
    let shown: Vec<String> = of_service
        .map(|one| {
            let properties = Value::from(one.resource.properties().clone());
            format!("{} {}\n{}", one.resource.type_name(), one.path, json(&properties))
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn every_size_of_fargate_is_taken_and_goes_into_the_template_as_text() {
    for size in ringfence::aws::fargate::SIZES {
        for memory in size.memory() {
            let built = build(&api(&format!("cpu: {}, memory: {memory}", size.cpu)));
            assert_eq!(findings(&built.stack), [] as [&str; 0]);
            assert_eq!(task(&built, "Cpu"), &Value::from(size.cpu.to_string()));
            assert_eq!(task(&built, "Memory"), &Value::from(memory.to_string()));
        }
    }
}

#[test]
fn a_size_that_fargate_does_not_have_is_told_with_the_nearest() {
    let said = |members: &str| findings(&build(&api(members)).stack);
    insta::assert_snapshot!(
        [said("cpu: 300"), said("cpu: 256, memory: 4096"), said("cpu: 256, memory: 1536")].concat().join("\n")
    );
}

#[test]
fn a_size_that_is_known_at_deployment_only_goes_through_unjudged() {
    let built = build(&api("cpu: { Ref: Cpu }, memory: { Ref: Memory }"));
    assert_eq!(findings(&built.stack), [] as [&str; 0]);
    assert_eq!(task(&built, "Cpu"), &Value::reference("Cpu"));
    assert_eq!(task(&built, "Memory"), &Value::reference("Memory"));
}

#[test]
fn the_architecture_is_always_said() {
    assert_eq!(task(&build("{}"), "RuntimePlatform/CpuArchitecture"), &Value::from("X86_64"));
    assert_eq!(task(&build(&api("architecture: arm64")), "RuntimePlatform/CpuArchitecture"), &Value::from("ARM64"));
    assert_eq!(task(&build("{}"), "RuntimePlatform/OperatingSystemFamily"), &Value::from("LINUX"));
}

#[test]
fn ephemeral_storage_is_set_only_when_asked_for() {
    let without = build("{}");
    assert!(at(&without.stack, "api/Task/Definition").resource.property("EphemeralStorage").is_none());
    assert_eq!(task(&build(&api("ephemeralStorage: 50")), "EphemeralStorage/SizeInGiB"), &Value::from(50));
}

#[test]
fn the_revisions_of_a_definition_stay_in_one_family() {
    assert_eq!(flat(task(&build("{}"), "Family")), "<AWS::StackName>-api");
}

#[test]
fn the_log_is_delivered_without_holding_the_service_up_and_kept_for_a_time() {
    let built = build("{}");
    let options = main_container(&built, "LogConfiguration/Options");
    assert_eq!(options.get("mode"), Some(&Value::from("non-blocking")));
    assert_eq!(options.get("max-buffer-size"), Some(&Value::from("25m")));
    assert_eq!(options.get("awslogs-region"), Some(&Value::reference("AWS::Region")));
    assert_eq!(options.get("awslogs-stream-prefix"), Some(&Value::from("api")));
    let group = at(&built.stack, "api/Task/LogGroup");
    assert_eq!(options.get("awslogs-group"), Some(&group.logical_id.reference()));
    assert_eq!(property(group, "RetentionInDays"), &Value::from(90));
}

#[test]
fn a_log_that_waits_has_no_buffer() {
    let built = build(&api("logs: { mode: blocking }"));
    assert!(main_container(&built, "LogConfiguration/Options").get("max-buffer-size").is_none());
}

#[test]
fn a_log_outlives_a_failed_deployment_unless_told_otherwise() {
    let policy = |spec: &str| at(&build(spec).stack, "api/Task/LogGroup").removal_policy;
    assert_eq!(policy("{}"), Some(ringfence::constructs::RemovalPolicy::Retain));
    assert_eq!(policy(&api("logs: { keep: false }")), Some(ringfence::constructs::RemovalPolicy::Delete));
}

#[test]
fn a_retention_that_does_not_exist_is_told_with_the_next() {
    let built = build(&api("logs: { retentionDays: 100 }"));
    assert_eq!(
        findings(&built.stack),
        [
            "error RF0225 /services/api/logs/retentionDays: a log cannot be kept for `100` days (the next that AWS has is 120)"
        ]
    );
    assert_eq!(property(at(&built.stack, "api/Task/LogGroup"), "RetentionInDays"), &Value::from(120));
}

#[test]
fn nothing_has_a_name_that_only_one_thing_can_have() {
    let built = build(include_str!("everything.yaml"));
    const NAMES: &[(&str, &str)] = &[
        ("AWS::IAM::Role", "RoleName"),
        ("AWS::Logs::LogGroup", "LogGroupName"),
        ("AWS::ECS::Service", "ServiceName"),
        ("AWS::ECS::Cluster", "ClusterName"),
        ("AWS::Lambda::Function", "FunctionName"),
        ("AWS::EC2::SecurityGroup", "GroupName"),
        ("AWS::SecretsManager::Secret", "Name"),
        ("AWS::Events::Rule", "Name"),
    ];
    for (type_name, name) in NAMES {
        let resources = of_type(&built.stack, type_name);
        assert!(!resources.is_empty(), "there is no {type_name}");
        for resource in resources {
            assert!(resource.resource.property(name).is_none(), "{} has {name}", resource.path);
        }
    }
}

#[test]
fn adding_a_service_or_a_sidecar_renames_nothing() {
    let image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
    let one = build(&format!("services: {{ b: {{ image: \"{image}/b:1\", port: 80 }} }}"));
    let more = build(&format!(
        "services:
  a: {{ image: \"{image}/a:1\" }}
  b: {{ image: \"{image}/b:1\", port: 80, sidecars: {{ a: {{ image: \"{image}/c:1\" }} }} }}
  c: {{ image: \"{image}/c:1\" }}"
    ));
    for resource in one.stack.resources() {
        assert!(more.stack.resource(&resource.logical_id).is_some(), "{} is gone", resource.path);
    }
}
