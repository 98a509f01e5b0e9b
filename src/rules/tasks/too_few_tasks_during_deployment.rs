//! A deployment that may take running tasks away before new ones are there.

use crate::diagnostics::{Mend, Severity};
use crate::model::{Field, Model, Service, View};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1412", "too-few-tasks-during-deployment", Warning {
        pitfalls: [83],
        summary: "A deployment that may take running tasks away before new ones are there",
        why: "With less than 100 percent at the least, ECS stops tasks first and starts their successors afterwards: the rest carries all the traffic meanwhile, and with 0 percent there may be no rest.",
        example: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: main
      LaunchType: FARGATE
      TaskDefinition: api
      DeploymentConfiguration: { MinimumHealthyPercent: 50, MaximumPercent: 200 }
",
        instead: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: main
      LaunchType: FARGATE
      TaskDefinition: api
      DeploymentConfiguration: { MinimumHealthyPercent: 100, MaximumPercent: 200 }
",
        source: "Amazon ECS API reference, DeploymentConfiguration",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<Service<'a>>().filter(|service| service.is_rolling_replica()) {
        let Field::Known(minimum) = service.minimum_healthy() else { continue };
        if minimum >= 100 || service.desired_count().is_known_and(|count| count == 0) {
            continue;
        }
        // The minimum is rounded up to whole tasks, so that a single one stays.
        let is_single = minimum > 0 && service.desired_count().is_known_and(|count| count == 1);
        let message = if is_single {
            format!(
                "`{minimum}` percent of the one task is rounded up now, but lets a deployment stop tasks when there are more"
            )
        } else if minimum <= 0 {
            "a deployment may stop all tasks before new ones run".to_owned()
        } else {
            format!("a deployment may leave `{minimum}` percent of the tasks for all the traffic")
        };
        findings
            .report(service.id(), "DeploymentConfiguration/MinimumHealthyPercent", message)
            .mend(mend(service))
            .help("set `MinimumHealthyPercent: 100` and `MaximumPercent: 200`")
            .in_spec(InSpec::Help("set `deployment.minHealthyPercent: 100` and `deployment.maxPercent: 200`"))
            .severity(if minimum > 50 || is_single { Severity::Info } else { Severity::Warning });
    }
}

/// Keeps all tasks, and lets a deployment start others beside them.
fn mend(service: Service<'_>) -> Mend {
    let mend = Mend::setting(false, "DeploymentConfiguration/MinimumHealthyPercent", 100.into());
    let has_room = service.maximum().or(200).is_known_and(|most| most > 100);
    if has_room { mend } else { mend.set("DeploymentConfiguration/MaximumPercent", 200) }
}
