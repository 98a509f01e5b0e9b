//! Containers that are given more than the task has.

use crate::aws::fargate;
use crate::model::{Container, Field, Model, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1402", "containers-exceed-task", Error {
        pitfalls: [78],
        summary: "Containers that are given more than the task has",
        why: "What containers reserve is taken from the task. ECS refuses a task definition in which the sum is bigger than the size of the task.",
        example: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ContainerDefinitions: [{ Name: api, Image: api, Memory: 1024 }]
",
        instead: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '1024'
      ContainerDefinitions: [{ Name: api, Image: api, Memory: 1024 }]
",
        source: "Amazon ECS developer guide, task definition parameters; RegisterTaskDefinition",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>() {
        let cpu = definition.cpu().text().parse(|text| fargate::parse_cpu(&text));
        let memory = definition.memory().text().parse(|text| fargate::parse_memory(&text));
        let shares = [("Cpu", cpu, &["Cpu"] as &[&str]), ("Memory", memory, &["MemoryReservation", "Memory"])];
        for (property, size, keys) in shares {
            let Field::Known(size) = size else { continue };
            let sum: i64 = definition.placed_containers().filter_map(|container| reserved(&container, keys)).sum();
            if sum > i64::from(size) {
                findings
                    .report(
                        definition.id(),
                        "ContainerDefinitions",
                        format!("the containers are given `{sum}` of `{property}`, but the task has `{size}`"),
                    )
                    .help(format!("raise `{property}` of the task, or lower that of its containers"));
            }
        }
    }
}

/// The first of the properties that is set, when it is known.
fn reserved(container: &Container<'_>, keys: &[&str]) -> Option<i64> {
    let set = keys.iter().map(|key| container.property(key).int()).find(|field| !field.is_absent());
    set.and_then(Field::known)
}
