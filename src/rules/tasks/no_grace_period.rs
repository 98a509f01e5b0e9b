//! A service behind a load balancer whose tasks have no time to start.

use crate::model::{Field, Model, Service, View};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1411", "no-grace-period", Warning {
        pitfalls: [82],
        summary: "A service behind a load balancer whose tasks have no time to start",
        why: "Without a grace period ECS heeds the health checks of the load balancer from the first second, and stops tasks that start slowly before they are ready, again and again.",
        example: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: main
      LaunchType: FARGATE
      TaskDefinition: api
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8080, TargetGroupArn: !ImportValue Targets }]
",
        instead: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: main
      LaunchType: FARGATE
      TaskDefinition: api
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8080, TargetGroupArn: !ImportValue Targets }]
      HealthCheckGracePeriodSeconds: 60
",
        source: "Amazon ECS API reference, CreateService, healthCheckGracePeriodSeconds",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<Service<'a>>().filter(|service| !service.load_balancers().is_empty()) {
        let property = "HealthCheckGracePeriodSeconds";
        let place = match service.grace_period() {
            Field::Absent => "",
            Field::Known(0) => property,
            _ => continue,
        };
        findings
            .report(service.id(), place, "tasks have no time to start before the load balancer's health checks count")
            .suggest(property, 60)
            .help(format!("set `{property}` to the time that a task takes to start, such as `60`"))
            .in_spec(InSpec::Help(
                "set `deployment.gracePeriod` to the seconds that a task takes to start, such as `60`",
            ));
    }
}
