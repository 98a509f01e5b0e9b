//! Two answers to the question of where tasks run.

use crate::diagnostics::Mend;
use crate::model::{Model, Service, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1418", "launch-type-beside-providers", Error {
        pitfalls: [],
        summary: "A launch type beside a strategy of capacity providers",
        why: "Tasks run by a launch type or by the strategy of capacity providers. ECS refuses a service that has both.",
        example: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      CapacityProviderStrategy: [{ CapacityProvider: FARGATE_SPOT, Weight: 1 }]
",
        instead: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      CapacityProviderStrategy: [{ CapacityProvider: FARGATE_SPOT, Weight: 1 }]
",
        source: "Amazon ECS API reference, CreateService",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<Service<'a>>() {
        if service.launch_type().is_known_and(|_| true) && !service.capacity_providers().is_empty() {
            findings
                .report(service.id(), "LaunchType", "a service has a launch type or capacity providers, not both")
                .help("leave out `LaunchType`: the capacity providers say where tasks run")
                .mend(Mend::suggested("leave `LaunchType` out").remove("LaunchType"));
        }
    }
}
