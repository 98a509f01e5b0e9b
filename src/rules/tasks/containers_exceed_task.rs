//! Containers that are given more than the task has.

use crate::aws::fargate;
use crate::diagnostics::Severity;
use crate::model::{Container, Field, Gather as _, Model, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1402", "containers-exceed-task", Error {
        pitfalls: [78],
        summary: "Containers that are given more than the task has",
        why: "What containers reserve is taken from the task. ECS refuses a task definition in which the sum is bigger than the size of the task. The limit of a container that reserves nothing counts as well; where only such limits and reservations together are too much, it is a warning.",
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
        let shares = definition.placed_containers().map(|container| Share::of(&container)).gather::<Vec<_>>();
        let sum = |part: fn(&Share) -> i64| shares.iter().map(part).sum::<i64>();
        let [hard, soft] = [sum(|share| share.hard), sum(|share| share.soft)];
        let limit = shares.iter().map(|share| share.limit).max().unwrap_or_default();
        for (property, size, given, is_certain) in [
            ("Cpu", cpu, sum(|share| share.cpu), true),
            // A limit of one container beside the reservations of others has been seen to pass.
            (
                "Memory",
                memory,
                limit.max(hard + soft),
                !memory.is_known_and(|size| limit.max(hard).max(soft) <= i64::from(size)),
            ),
        ] {
            let Field::Known(size) = size else { continue };
            if given > i64::from(size) {
                findings
                    .report(
                        definition.id(),
                        "ContainerDefinitions",
                        format!("the containers are given `{given}` of `{property}`, but the task has `{size}`"),
                    )
                    .severity(if is_certain { Severity::Error } else { Severity::Warning })
                    .help(format!("raise `{property}` of the task, or lower that of its containers"));
            }
        }
    }
}

/// What a container takes of its task, as far as it is known.
struct Share {
    cpu: i64,
    /// Its limit of memory.
    limit: i64,
    /// The same, when it reserves none beside.
    hard: i64,
    /// The memory that it reserves.
    soft: i64,
}

impl Share {
    fn of(container: &Container<'_>) -> Self {
        let number = |name: &str| container.property(name).int();
        let soft = number("MemoryReservation");
        let known = |field: Field<'_, i64>| field.known().unwrap_or_default();
        let limit = known(number("Memory"));
        Self { cpu: known(number("Cpu")), limit, hard: if soft.is_absent() { limit } else { 0 }, soft: known(soft) }
    }
}
