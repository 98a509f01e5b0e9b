//! CPU and memory that Fargate does not offer together.

use crate::aws::fargate::{self, SizeError};
use crate::model::{Field, Model, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1401", "bad-task-size", Error {
        pitfalls: [77],
        summary: "CPU and memory that Fargate does not offer together",
        why: "Each number of CPU units goes with certain amounts of memory; ECS refuses a task definition for Fargate with any other pair, or without one of them. Windows tasks need at least 1 vCPU.",
        example: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '512'
      Memory: '8192'
      ContainerDefinitions: [{ Name: api, Image: api }]
",
        instead: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '1024'
      Memory: '8192'
      ContainerDefinitions: [{ Name: api, Image: api }]
",
        source: "Amazon ECS developer guide, task definition parameters, task size",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>().filter(|definition| definition.is_for_fargate()) {
        let (cpu, memory) = (definition.cpu().text(), definition.memory().text());
        for (property, value) in [("Cpu", &cpu), ("Memory", &memory)] {
            if value.is_absent() {
                findings
                    .report(definition.id(), "", format!("a task on Fargate needs `{property}`"))
                    .help("set `Cpu` and `Memory` of the task itself, such as `512` and `1024`");
            }
        }
        let (Field::Known(cpu), Field::Known(memory)) = (cpu, memory) else { continue };
        let size = fargate::parse_cpu(&cpu).zip(fargate::parse_memory(&memory));
        let Some((units, mebibytes)) = size else { continue };
        if let Err(error) = fargate::check_size(units, mebibytes) {
            let (property, nearest) = match error {
                SizeError::Cpu { nearest } => ("Cpu", nearest),
                SizeError::Memory { nearest, .. } => ("Memory", nearest),
            };
            findings
                .report(
                    definition.id(),
                    property,
                    format!("Fargate has no tasks with `{cpu}` CPU and `{memory}` memory"),
                )
                .suggest(property, nearest.to_string())
                .help(advice(error));
        }
        if units < 1024 && definition.operating_system().is_known_and(|system| system.starts_with("WINDOWS")) {
            findings
                .report(definition.id(), "Cpu", format!("Windows tasks need at least 1 vCPU, but this one has `{cpu}`"))
                .help("set `Cpu` to `1024` or more");
        }
    }
}

fn advice(error: SizeError) -> String {
    match error {
        SizeError::Cpu { nearest } => format!("the nearest number of CPU units is `{nearest}`"),
        SizeError::Memory { nearest, cpu_for_memory: None } => {
            format!("the nearest memory with this CPU is `{nearest}`")
        }
        SizeError::Memory { nearest, cpu_for_memory: Some(cpu) } => {
            format!("with this CPU the nearest memory is `{nearest}`; this memory goes with `{cpu}` CPU units")
        }
    }
}
