//! Ephemeral storage of a size that Fargate does not have.

use crate::aws::fargate;
use crate::diagnostics::Mend;
use crate::model::{Field, Model, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1403", "bad-ephemeral-storage", Error {
        pitfalls: [79],
        summary: "Ephemeral storage of a size that Fargate does not have",
        why: "A task has 20 GiB when nothing is said; what can be asked for is 21 to 200. ECS refuses anything else, 20 included.",
        example: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      EphemeralStorage: { SizeInGiB: 20 }
      ContainerDefinitions: [{ Name: api, Image: api }]
",
        instead: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      EphemeralStorage: { SizeInGiB: 21 }
      ContainerDefinitions: [{ Name: api, Image: api }]
",
        source: "Amazon ECS API reference, EphemeralStorage",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>() {
        let Field::Known(size) = definition.ephemeral_storage() else { continue };
        if !u32::try_from(size).is_ok_and(|size| fargate::EPHEMERAL_STORAGE.contains(&size)) {
            let found = findings
                .report(
                    definition.id(),
                    "EphemeralStorage/SizeInGiB",
                    format!("a task cannot have `{size}` GiB of ephemeral storage"),
                )
                .help("ask for 21 to 200 GiB, or leave it out, which gives 20");
            if size == i64::from(fargate::EPHEMERAL_STORAGE_DEFAULT) {
                found.mend(Mend::safe("leave `EphemeralStorage` out, which gives 20 GiB").remove("EphemeralStorage"));
            }
        }
    }
}
