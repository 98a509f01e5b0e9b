//! A task for Fargate that needs an execution role and has none.

use super::task_roles::TASKS;
use crate::aws::ecr::{ImageReference, Registry};
use crate::diagnostics::Mend;
use crate::model::{Container, Model, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::mends::only_role;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1501", "no-execution-role", Error {
        pitfalls: [73],
        summary: "A task for Fargate that needs an execution role and has none",
        why: "With the execution role, ECS fetches images from ECR, writes logs to CloudWatch and reads secrets, before the first container runs. ECS refuses a task definition that needs one and names none.",
        example: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      Family: api
      ContainerDefinitions: [{ Name: api, Image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1' }]
",
        instead: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ExecutionRoleArn: arn:aws:iam::111122223333:role/starter
      ContainerDefinitions: [{ Name: api, Image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1' }]
",
        source: "Amazon ECS developer guide, task execution IAM role",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>().filter(|definition| definition.is_for_fargate()) {
        if !definition.execution_role().is_absent() {
            continue;
        }
        let Some((place, need)) = definition.placed_containers().find_map(|container| need(&container)) else {
            continue;
        };
        let role = only_role(model, definition.id(), TASKS).filter(|_| definition.task_role().is_absent());
        findings
            .report(definition.id(), place, format!("the task needs an execution role {need}, but has none"))
            .mend_by(role.map(|role| Mend::setting(false, "ExecutionRoleArn", role)))
            .help("set `ExecutionRoleArn` to a role that `ecs-tasks.amazonaws.com` may assume and that may do this");
    }
}

/// What a container needs the role for, and where it says so.
fn need(container: &Container<'_>) -> Option<(String, &'static str)> {
    let image = container.image();
    let is_private = ImageReference::parse(&image).is_ok_and(|image| matches!(image.registry, Registry::Ecr { .. }));
    if let Some(secret) = container.secrets().into_iter().next() {
        Some((secret.place, "to read secrets"))
    } else if container.logs_to_cloudwatch() {
        Some((container.place_of("LogConfiguration"), "to write logs"))
    } else if is_private {
        Some((container.place_of("Image"), "to fetch its image"))
    } else {
        None
    }
}
