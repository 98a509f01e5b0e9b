//! A deployment that may neither stop nor start a task.

use crate::model::{Field, Model, Service, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1413", "deployment-without-room", Error {
        pitfalls: [83],
        summary: "A deployment that may neither stop nor start a task",
        why: "ECS replaces tasks by stopping some below the number that is wanted, or by starting some above it. When neither is allowed, the first update waits until it times out.",
        example: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: main
      LaunchType: FARGATE
      TaskDefinition: api
      DesiredCount: 2
      DeploymentConfiguration: { MinimumHealthyPercent: 100, MaximumPercent: 100 }
",
        instead: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: main
      LaunchType: FARGATE
      TaskDefinition: api
      DesiredCount: 2
      DeploymentConfiguration: { MinimumHealthyPercent: 100, MaximumPercent: 200 }
",
        source: "Amazon ECS API reference, DeploymentConfiguration",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<Service<'a>>().filter(|service| service.is_rolling_replica()) {
        let (Field::Known(minimum), Field::Known(maximum)) =
            (service.minimum_healthy().or(100), service.maximum().or(200))
        else {
            continue;
        };
        // A service that scales has now one number of tasks and now another.
        let count = service.desired_count().known().filter(|_| service.scalable_targets().next().is_none());
        if has_room(minimum, maximum, count) {
            continue;
        }
        findings
            .report(
                service.id(),
                "DeploymentConfiguration/MaximumPercent",
                format!("between `{minimum}` and `{maximum}` percent a deployment can neither stop nor start a task"),
            )
            .suggest("DeploymentConfiguration/MaximumPercent", 200)
            .help("raise `MaximumPercent`, to `200` if there is no reason for another number");
    }
}

/// Whether a task may be missing or in excess. The minimum is rounded up and the maximum down to whole tasks.
fn has_room(minimum: i64, maximum: i64, count: Option<i64>) -> bool {
    match count {
        Some(0) => true,
        Some(count) => {
            count.saturating_mul(minimum).saturating_add(99) / 100 < count
                || count.saturating_mul(maximum) / 100 > count
        }
        None => minimum < 100 || maximum > 100,
    }
}
