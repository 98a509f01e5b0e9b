//! Volumes that containers mount and nobody defines.

use crate::diagnostics::Mend;
use crate::model::{Field, Model, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1419", "volume-not-defined", Error {
        pitfalls: [29],
        summary: "A container that mounts a volume which its task does not have",
        why: "A mount point names one of the volumes of the task definition. ECS refuses a definition that has no volume of \
              that name.",
        example: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Volumes: [{ Name: data }]
      ContainerDefinitions: [{ Name: api, Image: api, MountPoints: [{ SourceVolume: cache, ContainerPath: /data }] }]
",
        instead: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Volumes: [{ Name: data }]
      ContainerDefinitions: [{ Name: api, Image: api, MountPoints: [{ SourceVolume: data, ContainerPath: /data }] }]
",
        source: "Amazon ECS API reference, MountPoint",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>() {
        let Field::Known(volumes) = definition.property("Volumes").items().or(Vec::new()) else { continue };
        let names: Option<Vec<_>> = volumes.iter().map(|volume| volume.get("Name").text().known()).collect();
        let Some(names) = names else { continue };
        for container in definition.placed_containers() {
            for (index, mount) in container.property("MountPoints").known_items().iter().enumerate() {
                let Field::Known(name) = mount.get("SourceVolume").text() else { continue };
                if !names.contains(&name) {
                    let place = container.place_of(&format!("MountPoints/{index}/SourceVolume"));
                    let only = names.first().filter(|_| names.len() == 1);
                    let mend = only.map(|only| Mend::setting(false, &place, only.to_string().into()));
                    findings
                        .report(definition.id(), place, format!("the task has no volume `{name}`"))
                        .mend_by(mend)
                        .help("name one of `Volumes`, or add it there");
                }
            }
        }
    }
}
