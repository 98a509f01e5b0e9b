//! Clusters: new and existing ones.

use ringfence::cfn::Value;

use crate::building::{at, errors, findings, of_type, only, property};

use super::build;
use super::tasks::{api, flat};

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000";

#[test]
fn a_cluster_has_both_capacity_providers_and_container_insights() {
    let built = build("{}");
    let cluster = only(&built.stack, "AWS::ECS::Cluster");
    assert_eq!(property(cluster, "CapacityProviders"), &Value::list(["FARGATE", "FARGATE_SPOT"]));
    assert_eq!(property(cluster, "ClusterSettings/0/Value"), &Value::from("enabled"));
    let words = [("enhanced", "enhanced"), ("disabled", "disabled")];
    for (word, expected) in words {
        let built = build(&format!("cluster: {{ containerInsights: {word} }}"));
        assert_eq!(
            property(only(&built.stack, "AWS::ECS::Cluster"), "ClusterSettings/0/Value"),
            &Value::from(expected)
        );
    }
}

#[test]
fn keys_and_the_log_of_sessions_are_settings_of_the_cluster() {
    let built = build(&format!("cluster: {{ storageKey: \"{KEY}\", execKey: \"{KEY}\", execLog: separate }}"));
    let cluster = only(&built.stack, "AWS::ECS::Cluster");
    let exec = "Configuration/ExecuteCommandConfiguration";
    let key = KEY.replace("111122223333", "<AWS::AccountId>");
    assert_eq!(flat(property(cluster, &format!("{exec}/KmsKeyId"))), key);
    assert_eq!(property(cluster, &format!("{exec}/Logging")), &Value::from("OVERRIDE"));
    let group = at(&built.stack, "Cluster/ExecLogGroup");
    assert_eq!(
        property(cluster, &format!("{exec}/LogConfiguration/CloudWatchLogGroupName")),
        &group.logical_id.reference()
    );
    let storage = "Configuration/ManagedStorageConfiguration/FargateEphemeralStorageKmsKeyId";
    assert_eq!(flat(property(cluster, storage)), key);
    let off = build("cluster: { execLog: \"off\" }");
    assert_eq!(property(only(&off.stack, "AWS::ECS::Cluster"), &format!("{exec}/Logging")), &Value::from("NONE"));
}

#[test]
fn an_existing_cluster_is_used_by_name_arn_or_token() {
    let forms = [
        ("main", Value::from("main"), Value::from("main")),
        (
            "\"arn:aws:ecs:eu-west-1:111122223333:cluster/main\"",
            Value::from("arn:aws:ecs:eu-west-1:111122223333:cluster/main"),
            Value::from("main"),
        ),
        ("{ Ref: Main }", Value::reference("Main"), Value::reference("Main")),
    ];
    for (form, arn, name) in forms {
        let built = build(&format!("cluster: {{ existing: {form} }}\n{}", api("scale: { min: 2, max: 4, cpu: 60 }")));
        assert_eq!(findings(&built.stack), [] as [&str; 0], "{form}");
        assert!(of_type(&built.stack, "AWS::ECS::Cluster").is_empty());
        assert!([&arn, &name].contains(&property(at(&built.stack, "api/Service/Resource"), "Cluster")));
        let id = property(only(&built.stack, "AWS::ApplicationAutoScaling::ScalableTarget"), "ResourceId");
        assert!(flat(id).starts_with(&format!("service/{}/", flat(&name))), "{id:?}");
    }
}

#[test]
fn what_does_not_name_a_cluster_is_refused() {
    for text in ["arn:aws:ecs:eu-west-1:111122223333:service/main/api", "a b", "arn:aws:ecs"] {
        assert_eq!(errors(&build(&format!("cluster: {{ existing: \"{text}\" }}")).stack), ["RF0229"], "{text}");
    }
}

#[test]
fn settings_of_an_existing_cluster_are_not_ours_to_change() {
    let built = build(&format!(
        "cluster: {{ existing: main, containerInsights: enhanced, storageKey: \"{KEY}\", execLog: separate, execKey: \"{KEY}\" }}"
    ));
    insta::assert_snapshot!(findings(&built.stack).join("\n"));
}

#[test]
fn an_existing_cluster_may_have_no_capacity_providers() {
    let service = |spec: &str| at(&build(spec).stack, "api/Service/Resource").clone();
    let plain = service("cluster: { existing: main }");
    assert_eq!(property(&plain, "LaunchType"), &Value::from("FARGATE"));
    let spot = service(&format!("cluster: {{ existing: main }}\n{}", api("spot: { weight: 1 }")));
    assert!(spot.resource.property("LaunchType").is_none());
    let own = service("{}");
    assert!(own.resource.property("LaunchType").is_none());
    assert_eq!(property(&own, "CapacityProviderStrategy/0/CapacityProvider"), &Value::from("FARGATE"));
}
