//! Services: capacity, deployment, scaling, and what they wait for.

use ringfence::cfn::Value;
use ringfence::constructs::StackResource;

use crate::building::{at, errors, findings, json, of_type, only, property};

use super::tasks::{api, flat};
use super::{Built, build};

fn service(built: &Built) -> &StackResource {
    at(&built.stack, "api/Service/Resource")
}

#[test]
fn a_task_has_no_public_address() {
    let path = "NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp";
    assert_eq!(property(service(&build("{}")), path), &Value::from("DISABLED"));
}

#[test]
fn the_first_tasks_find_their_way() {
    let built = build("{}");
    let waits_for: Vec<&str> = service(&built).depends_on.iter().map(|id| id.as_str()).collect();
    let parts = [
        "EndpointsEcrApi",
        "EndpointsEcrDkr",
        "EndpointsLogs",
        "EndpointsS3",
        "Zone1RouteTableAssociation",
        "Zone2RouteTableAssociation",
        "apiTaskToEndpoints",
        "Listener",
    ];
    for part in parts {
        assert!(waits_for.iter().any(|id| id.contains(part)), "it does not wait for {part}: {waits_for:?}");
    }
}

#[test]
fn there_is_a_task_in_each_zone_unless_told_otherwise() {
    assert_eq!(property(service(&build("{}")), "DesiredCount"), &Value::from(2));
    let three = "network: { azs: [eu-west-1a, eu-west-1b, eu-west-1c] }";
    assert_eq!(property(service(&build(three)), "DesiredCount"), &Value::from(3));
    assert_eq!(property(service(&build(&api("scale: { min: 5 }"))), "DesiredCount"), &Value::from(5));
}

#[test]
fn with_scaling_the_template_does_not_set_the_number_of_tasks_back() {
    let built = build(&api("scale: { min: 2, max: 6, cpu: 60 }"));
    assert!(service(&built).resource.property("DesiredCount").is_none());
    assert_eq!(
        property(only(&built.stack, "AWS::ApplicationAutoScaling::ScalableTarget"), "MinCapacity"),
        &Value::from(2)
    );
}

#[test]
fn a_deployment_keeps_all_tasks_and_rolls_back() {
    let built = build("{}");
    let deployment = "DeploymentConfiguration";
    assert_eq!(property(service(&built), &format!("{deployment}/MinimumHealthyPercent")), &Value::from(100));
    assert_eq!(property(service(&built), &format!("{deployment}/MaximumPercent")), &Value::from(200));
    for switch in ["Enable", "Rollback"] {
        let path = format!("{deployment}/DeploymentCircuitBreaker/{switch}");
        assert_eq!(property(service(&built), &path), &Value::from(true), "{switch}");
    }
    assert_eq!(property(service(&built), "AvailabilityZoneRebalancing"), &Value::from("ENABLED"));
}

#[test]
fn deployments_that_cannot_get_anywhere_are_refused() {
    let of = |members: &str| findings(&build(&api(members)).stack);
    let said = [
        of("deployment: { minHealthyPercent: 100, maxPercent: 100, azRebalancing: false }"),
        of("deployment: { minHealthyPercent: 50, maxPercent: 100 }"),
        of("deployment: { minHealthyPercent: 100, maxPercent: 120 }, scale: { min: 4 }"),
        of("deployment: { minHealthyPercent: 50, maxPercent: 100, azRebalancing: false }, scale: { min: 1 }"),
    ];
    insta::assert_snapshot!(said.concat().join("\n"));
    assert_eq!(of("deployment: { minHealthyPercent: 100, maxPercent: 150 }"), [] as [&str; 0]);
    assert_eq!(of("deployment: { minHealthyPercent: 50, maxPercent: 100, azRebalancing: false }"), [] as [&str; 0]);
    assert_eq!(of("deployment: { minHealthyPercent: 0, maxPercent: 100, azRebalancing: false }"), [] as [&str; 0]);
}

#[test]
fn a_service_behind_the_load_balancer_has_time_to_become_healthy() {
    let built = build("{}");
    let resource = service(&built);
    assert_eq!(property(resource, "LoadBalancers/0/ContainerName"), &Value::from("api"));
    assert_eq!(property(resource, "LoadBalancers/0/ContainerPort"), &Value::from(8080));
    assert_eq!(property(resource, "HealthCheckGracePeriodSeconds"), &Value::from(60));
}

#[test]
fn a_service_without_a_listener_has_no_grace_period() {
    let built = build("services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\" } }");
    assert!(service(&built).resource.property("HealthCheckGracePeriodSeconds").is_none());
    assert!(service(&built).resource.property("LoadBalancers").is_none());
}

#[test]
fn spot_shares_the_load_and_the_base_stays_on_demand() {
    let built = build(&api("spot: { weight: 3, onDemandWeight: 1, base: 2 }"));
    let strategy = json(property(service(&built), "CapacityProviderStrategy")).replace(['\n', ' '], "");
    assert_eq!(
        strategy,
        r#"[{"CapacityProvider":"FARGATE","Base":2,"Weight":1},{"CapacityProvider":"FARGATE_SPOT","Weight":3}]"#
    );
    assert_eq!(errors(&build(&api("spot: { onDemandWeight: 0 }")).stack), ["RF0256"]);
}

#[test]
fn tags_and_sessions_are_settings_of_the_service() {
    let built = build(&api("exec: true"));
    assert_eq!(property(service(&built), "EnableExecuteCommand"), &Value::from(true));
    assert_eq!(property(service(&built), "PropagateTags"), &Value::from("SERVICE"));
    assert_eq!(property(service(&built), "EnableECSManagedTags"), &Value::from(true));
}

#[test]
fn an_unknown_platform_version_does_not_get_this_far() {
    let built = build(&api("deployment: { platformVersion: \"1.4.0\" }"));
    assert_eq!(property(service(&built), "PlatformVersion"), &Value::from("1.4.0"));
}

#[test]
fn scaling_follows_the_load_and_the_clock() {
    let built = build(&api("scale: { min: 2, max: 8, cpu: 60, memory: 70, outCooldown: 30, inCooldown: 600,
                  schedules: { night: { when: cron(0 20 * * ? *), timeZone: Europe/Berlin, max: 3 } } }"));
    assert_eq!(findings(&built.stack), [] as [&str; 0]);
    let shown: Vec<String> = built
        .stack
        .resources()
        .iter()
        .filter(|one| one.resource.type_name().starts_with("AWS::ApplicationAutoScaling"))
        .map(|one| format!("{}\n{}", one.path, json(&Value::from(one.resource.properties().clone()))))
        .collect();
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn what_is_scaled_is_named_by_cluster_and_service() {
    let built = build(&api("scale: { min: 2, max: 8, cpu: 60 }"));
    let target = only(&built.stack, "AWS::ApplicationAutoScaling::ScalableTarget");
    let cluster = &only(&built.stack, "AWS::ECS::Cluster").logical_id;
    let name = &service(&built).logical_id;
    assert_eq!(flat(property(target, "ResourceId")), format!("service/<{cluster}>/{name}Name"));
    assert!(target.resource.property("RoleARN").is_none(), "a service-linked role does it");
}

#[test]
fn scaling_that_contradicts_itself_is_refused() {
    let of = |scale: &str| findings(&build(&api(&format!("scale: {{ {scale} }}"))).stack);
    let said = [
        of("min: 5, max: 2, cpu: 60"),
        of("min: 2, cpu: 60"),
        of("min: 2, max: 6"),
        of("min: 2, max: 6, schedules: { night: { when: nightly, min: 2 } }"),
        of("min: 2, max: 6, schedules: { night: { when: rate(1 day) } }"),
        of("min: 2, max: 6, schedules: { night: { when: rate(1 day), min: 4, max: 3 } }"),
    ];
    insta::assert_snapshot!(said.concat().join("\n"));
}

#[test]
fn fewer_tasks_than_zones_are_warned_of_where_each_zone_serves_itself() {
    let spec = |cross_zone: bool| format!("loadBalancer: {{ crossZone: {cross_zone} }}\n{}", api("scale: { min: 1 }"));
    let codes = |spec: &str| build(spec).stack.findings().iter().map(|one| one.code.0).collect::<Vec<_>>();
    assert_eq!(codes(&spec(false)), ["RF0257"]);
    assert_eq!(codes(&spec(true)), [] as [&str; 0]);
}

#[test]
fn each_service_registers_with_its_own_listeners_alone() {
    let host = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
    let built = build(&format!(
        "services: {{ a: {{ image: \"{host}/a:1\", port: 80 }}, b: {{ image: \"{host}/b:1\", port: 81 }} }}
listeners: [{{ port: 443, to: a }}, {{ port: 444, to: b }}, {{ port: 445, to: b }}]"
    ));
    let groups = |name: &str| {
        property(at(&built.stack, &format!("{name}/Service/Resource")), "LoadBalancers").as_list().map(<[Value]>::len)
    };
    assert_eq!((groups("a"), groups("b")), (Some(1), Some(2)));
    assert_eq!(of_type(&built.stack, "AWS::ECS::Service").len(), 2);
}
