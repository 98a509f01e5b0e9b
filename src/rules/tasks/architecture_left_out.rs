//! A task for Fargate that does not say for which CPU its images are.

use crate::model::{Model, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1404", "architecture-left-out", Info {
        pitfalls: [80],
        summary: "A task for Fargate that does not say for which CPU its images are",
        why: "Tasks run on X86_64 when nothing is said. An image that was built on a machine with an ARM processor then ends at once with an exec format error.",
        example: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ContainerDefinitions: [{ Name: api, Image: api }]
",
        instead: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      RuntimePlatform: { CpuArchitecture: X86_64, OperatingSystemFamily: LINUX }
      Cpu: '256'
      Memory: '512'
      ContainerDefinitions: [{ Name: api, Image: api }]
",
        source: "Amazon ECS developer guide, task definition parameters, runtime platform",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>().filter(|definition| definition.is_for_fargate()) {
        if definition.architecture().is_absent() {
            findings
                .report(definition.id(), "", "the task does not say for which CPU its images are, and runs on `X86_64`")
                .suggest("RuntimePlatform/CpuArchitecture", "X86_64")
                .help("set `RuntimePlatform/CpuArchitecture` to what the images are built for: `X86_64` or `ARM64`");
        }
    }
}
