//! Containers of one task that do not go together.

use crate::model::{Container, Field, Gather as _, Model, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1422", "containers-at-odds", Error {
        pitfalls: [29],
        summary: "Containers of one task that do not go together",
        why: "A task ends with its essential containers, so that it needs one, and a container can wait only for another of the same \
              task, for its health only if that is checked. ECS refuses anything else.",
        example: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - { Name: api, Image: api, DependsOn: [{ ContainerName: proxi, Condition: START }] }
        - { Name: proxy, Image: proxy }
",
        instead: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - { Name: api, Image: api, DependsOn: [{ ContainerName: proxy, Condition: START }] }
        - { Name: proxy, Image: proxy }
",
        source: "Amazon ECS API reference, ContainerDefinition and ContainerDependency",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>() {
        let containers: Vec<Container<'a>> = definition.placed_containers().gather();
        let is_inessential = |container: &Container<'a>| container.property("Essential").bool() == Field::Known(false);
        if !containers.is_empty() && containers.iter().all(is_inessential) {
            findings
                .report(definition.id(), "ContainerDefinitions", "none of the containers is essential")
                .help("leave out `Essential: false` for the container with which the task ends");
        }
        let names: Option<Vec<_>> =
            containers.iter().map(|container| container.property("Name").text().known()).gather();
        let Some(names) = names else { continue };
        for container in &containers {
            for (index, wait) in container.property("DependsOn").known_items().iter().enumerate() {
                let Field::Known(name) = wait.get("ContainerName").text() else { continue };
                let place = |key: &str| container.place_of(&format!("DependsOn/{index}/{key}"));
                let waits_for_health = wait.get("Condition").text().is_known_and(|condition| condition == "HEALTHY");
                match names.iter().position(|known| *known == name).and_then(|other| containers.get(other)) {
                    None => {
                        findings
                            .report(
                                definition.id(),
                                place("ContainerName"),
                                format!("the task has no container `{name}`"),
                            )
                            .help("name another container of the same task");
                    }
                    Some(other) if waits_for_health && other.property("HealthCheck").is_absent() => {
                        findings
                            .report(
                                definition.id(),
                                place("Condition"),
                                format!("the health of `{name}` is never checked"),
                            )
                            .help("give it a `HealthCheck`, or wait for `START`");
                    }
                    Some(_) => {}
                }
            }
        }
    }
}
