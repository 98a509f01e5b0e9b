//! Blue/green deployments that ECS refuses.

use super::indexed;
use crate::diagnostics::Severity;
use crate::model::{Field, Model, Node, Role, Service, TargetGroup, View};
use crate::rules::Findings;
use crate::rules::mends::trust;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1170", "blue-green-incomplete", Error {
        pitfalls: [85, 86],
        summary: "A blue/green, linear or canary deployment that lacks what ECS needs to shift traffic",
        why: "To shift traffic by itself ECS needs a second target group with targets of type `ip`, the production listener and \
              a role that `ecs.amazonaws.com` assumes, in `AdvancedConfiguration` of each entry of `LoadBalancers`; a \
              blue/green deployment needs a bake time. The circuit breaker and early success criteria are for rolling deployments \
              only.",
        example: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      DeploymentConfiguration: { Strategy: BLUE_GREEN, BakeTimeInMinutes: 10 }
      LoadBalancers:
        - ContainerName: api
          ContainerPort: 8443
          TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/blue/0123456789abcdef
",
        instead: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      DeploymentConfiguration: { Strategy: BLUE_GREEN, BakeTimeInMinutes: 10 }
      LoadBalancers:
        - ContainerName: api
          ContainerPort: 8443
          TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/blue/0123456789abcdef
          AdvancedConfiguration:
            AlternateTargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/green/0123456789abcdef
            ProductionListenerRule: arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/net/a/0123456789abcdef/0123456789abcdef
            RoleArn: arn:aws:iam::111122223333:role/shifts-traffic
",
        source: "Amazon ECS developer guide, Network Load Balancer resources for blue/green deployments",
        check: check,
    }
}

/// What an entry must say, with what it is.
const MEMBERS: [(&str, &str); 3] = [
    ("AlternateTargetGroupArn", "second target group"),
    ("ProductionListenerRule", "production listener"),
    ("RoleArn", "role that shifts traffic"),
];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<Service<'a>>() {
        rolling_only(findings, service);
        let Field::Known(strategy) = service.strategy() else { continue };
        if strategy == "ROLLING" {
            continue;
        }
        if !service.controller().is_known_and(|kind| kind == "ECS") {
            if let Field::Known(kind) = service.controller() {
                findings
                    .report(
                        service.id(),
                        "DeploymentConfiguration/Strategy",
                        format!("the strategy `{strategy}` is of ECS itself, and `{kind}` deploys the service"),
                    )
                    .suggest_removal("DeploymentConfiguration/Strategy")
                    .help("leave `Strategy` out, or set `DeploymentController: { Type: ECS }`")
                    .severity(Severity::Warning);
            }
            continue;
        }
        let bakes = service.property("DeploymentConfiguration/BakeTimeInMinutes");
        if strategy == "BLUE_GREEN" && bakes.is_absent() {
            findings
                .report(service.id(), "DeploymentConfiguration", "a blue/green deployment needs a bake time")
                .help("set `BakeTimeInMinutes`: how long both revisions run after traffic was shifted; sources disagree whether it has a default")
                .severity(Severity::Warning);
        }
        pauses(findings, service);
        for (index, entry) in indexed(model, &service.property("LoadBalancers")) {
            entry_of(model, findings, service, index, &entry);
        }
    }
}

/// What only rolling deployments have, and what to do instead.
const ROLLING_ONLY: [(&str, &str, &str); 2] = [
    (
        "DeploymentCircuitBreaker",
        "the circuit breaker is",
        "leave it out: alarms in `DeploymentConfiguration` and lifecycle hooks roll back other deployments",
    ),
    (
        "EarlySuccessCriteria",
        "early success criteria are",
        "leave them out: other deployments end with their bake time",
    ),
];

fn rolling_only(findings: &mut Findings<'_>, service: Service<'_>) {
    let other = service.strategy().is_known_and(|strategy| strategy != "ROLLING")
        || service.controller().is_known_and(|kind| kind != "ECS");
    for (member, what, help) in ROLLING_ONLY {
        let place = format!("DeploymentConfiguration/{member}");
        if other && service.property(&place).get("Enable").bool().is_known_and(|is_on| is_on) {
            findings
                .report(service.id(), place.clone(), format!("{what} for rolling deployments only"))
                .suggest_removal(&place)
                .help(help)
                .severity(Severity::Warning);
        }
    }
}

/// A deployment cannot pause while it shifts traffic.
fn pauses(findings: &mut Findings<'_>, service: Service<'_>) {
    const HOOKS: &str = "DeploymentConfiguration/LifecycleHooks";
    for (index, hook) in service.property(HOOKS).known_items().iter().enumerate() {
        if !hook.get("TargetType").text().is_known_and(|kind| kind == "PAUSE") {
            continue;
        }
        for (number, stage) in hook.get("LifecycleStages").known_items().iter().enumerate() {
            let Field::Known(stage) = stage.text() else { continue };
            if stage == "TEST_TRAFFIC_SHIFT" || stage == "PRODUCTION_TRAFFIC_SHIFT" {
                findings
                    .report(
                        service.id(),
                        format!("{HOOKS}/{index}/LifecycleStages/{number}"),
                        format!("a deployment cannot pause at `{stage}`, where only functions are called"),
                    )
                    .help(
                        format!("pause at `PRE_{stage}` or `POST_{stage}`")
                            .replace("PRE_TEST_TRAFFIC_SHIFT", "POST_SCALE_UP"),
                    );
            }
        }
    }
}

fn entry_of<'a>(
    model: &'a Model<'a>,
    findings: &mut Findings<'_>,
    service: Service<'a>,
    index: usize,
    entry: &Node<'a>,
) {
    let advanced = entry.get("AdvancedConfiguration");
    if entry.because().is_some() || advanced.because().is_some() {
        return;
    }
    let path = format!("LoadBalancers/{index}");
    for (member, what) in MEMBERS.into_iter().filter(|(member, _)| advanced.get(member).is_absent()) {
        let place = if advanced.is_absent() { path.clone() } else { format!("{path}/AdvancedConfiguration") };
        findings
            .report(service.id(), place, format!("the deployment has no {what}"))
            .help(format!("set `{member}` in `AdvancedConfiguration`"));
    }
    let alternate = advanced.get("AlternateTargetGroupArn").resource();
    let Some(alternate) = alternate.and_then(|id| model.view::<TargetGroup<'a>>(id)) else {
        return role(model, findings, service, &advanced);
    };
    if entry.get("TargetGroupArn").resource() == Some(alternate.id()) {
        findings
            .report(
                service.id(),
                format!("{path}/AdvancedConfiguration/AlternateTargetGroupArn"),
                "both target groups are the same",
            )
            .help("make a second target group");
    }
    if service.has_own_addresses() && alternate.target_type().is_known_and(|kind| kind != "ip") {
        findings
            .report(
                alternate.id(),
                "TargetType",
                "the second target group does not take tasks, which are registered by address",
            )
            .mend_setting("TargetType", "ip")
            .help("set `TargetType: ip`")
            .mention(service.id(), path, "it is the second target group of this service");
    }
    role(model, findings, service, &advanced);
}

/// The role must be one that ECS itself may assume.
fn role<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>, service: Service<'a>, advanced: &Node<'a>) {
    let Some(role) = advanced.get("RoleArn").resource().and_then(|id| model.view::<Role<'a>>(id)) else { return };
    let Field::Known(statements) = role.trust().get("Statement").items() else { return };
    let mut services = Vec::new();
    for statement in &statements {
        let Field::Known(items) = statement.at("Principal/Service").items().or(Vec::new()) else { return };
        services.extend(items);
    }
    let may_be_ecs = |service: &Node<'_>| !service.text().is_known_and(|name| name != "ecs.amazonaws.com");
    if !services.is_empty() && !services.iter().any(may_be_ecs) {
        findings
            .report(
                role.id(),
                "AssumeRolePolicyDocument",
                "ECS cannot assume the role with which it is to shift traffic",
            )
            .mend_by(trust(role, "ecs.amazonaws.com", Service::TYPE))
            .help("trust `ecs.amazonaws.com`, which is not `ecs-tasks.amazonaws.com`")
            .mention(service.id(), "LoadBalancers", "this service names it");
    }
}
