//! A service whose failed deployments nobody stops.

use crate::diagnostics::Mend;
use crate::model::{Field, Map, Model, Service, Value, View};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1414", "no-circuit-breaker", Warning {
        pitfalls: [84],
        summary: "A service whose failed deployments nobody stops",
        why: "When new tasks never become healthy, ECS goes on starting them, and CloudFormation waits for three hours before it gives up. The circuit breaker notices within minutes and rolls back.",
        example: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: main
      LaunchType: FARGATE
      TaskDefinition: api
      DeploymentConfiguration: { MinimumHealthyPercent: 100, MaximumPercent: 200 }
",
        instead: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: main
      LaunchType: FARGATE
      TaskDefinition: api
      DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } }
",
        source: "Amazon ECS developer guide, how the deployment circuit breaker detects failures",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<Service<'a>>().filter(|service| service.is_rolling_replica()) {
        let is_stopped_by_alarms = service.property("DeploymentConfiguration/Alarms/Enable").bool();
        let is_enabled = service.breaker().get("Enable").bool();
        if is_stopped_by_alarms.is_known_and(|enabled| enabled) || is_stopped_by_alarms.is_unknown() {
            continue;
        }
        let property = match is_enabled {
            Field::Absent => "",
            Field::Known(false) => "DeploymentConfiguration/DeploymentCircuitBreaker/Enable",
            _ => continue,
        };
        findings
            .report(service.id(), property, "a deployment that never becomes healthy goes on for hours")
            .help("set `DeploymentConfiguration/DeploymentCircuitBreaker: { Enable: true, Rollback: true }`")
            .in_spec(InSpec::Help("leave `deployment.circuitBreaker` and `deployment.rollback` on"))
            .mend(mend(service));
    }
}

fn mend(service: Service<'_>) -> Mend {
    let mend = Mend::safe("turn the circuit breaker on");
    let switches = |place: &str| [format!("{place}Enable"), format!("{place}Rollback")];
    if !service.breaker().is_absent() {
        let [enable, rollback] = switches("DeploymentConfiguration/DeploymentCircuitBreaker/");
        return mend.set(enable, true).set(rollback, true);
    }
    let both = Value::from(Map::from_iter(switches("").map(|key| (key.into(), Value::from(true)))));
    if service.property("DeploymentConfiguration").is_absent() {
        let breaker = Map::from_iter([("DeploymentCircuitBreaker".into(), both)]);
        return mend.set("DeploymentConfiguration", Value::from(breaker));
    }
    mend.set("DeploymentConfiguration/DeploymentCircuitBreaker", both)
}
