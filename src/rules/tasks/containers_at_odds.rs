//! Containers of one task that do not go together.

use crate::diagnostics::Mend;
use crate::model::{Container, Field, Gather as _, Model, Node, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1422", "containers-at-odds", Error {
        pitfalls: [29],
        summary: "Containers of one task that do not go together",
        why: "A task ends with its essential containers, so that it needs one, and a container can wait only for another of the same \
              task, for its health only if that is checked. Their names differ, and so do their ports where they share an \
              address. ECS refuses anything else.",
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
            let only = containers.first().filter(|_| containers.len() == 1);
            findings
                .report(definition.id(), "ContainerDefinitions", "none of the containers is essential")
                .mend_by(only.map(|only| Mend::leaving_out(true, &only.place_of("Essential"))))
                .help("leave out `Essential: false` for the container with which the task ends");
        }
        memory(definition, &containers, findings);
        router(definition, &containers, findings);
        for container in &containers {
            limits(definition, container, findings);
        }
        let names: Option<Vec<_>> =
            containers.iter().map(|container| container.property("Name").text().known()).gather();
        share_ports(definition, &containers, findings);
        let Some(names) = names else { continue };
        for (index, (container, name)) in containers.iter().zip(&names).enumerate() {
            if names.iter().take(index).any(|other| other == name) {
                findings
                    .report(
                        definition.id(),
                        container.place_of("Name"),
                        format!("two containers have the name `{name}`"),
                    )
                    .help("give each container of a task a name of its own");
            }
        }
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
                            .suggest(&place("Condition"), "START")
                            .help("give it a `HealthCheck`, or wait for `START`");
                    }
                    Some(_) => {}
                }
            }
        }
    }
}

/// Who logs by FireLens needs a container that routes the logs. Source: Amazon ECS developer guide, `using_firelens`.
fn router<'a>(definition: TaskDefinition<'a>, containers: &[Container<'a>], findings: &mut Findings<'_>) {
    let by_router = |container: &&Container<'a>| {
        container.property("LogConfiguration/LogDriver").text().is_known_and(|driver| driver == "awsfirelens")
    };
    let has_router = containers.iter().any(|container| !container.property("FirelensConfiguration").is_absent());
    let are_all_known = definition
        .property("ContainerDefinitions")
        .items()
        .is_known_and(|all| all.iter().all(|container| container.because().is_none()));
    if let Some(container) = containers.iter().find(by_router).filter(|_| !has_router && are_all_known) {
        findings
            .report(
                definition.id(),
                container.place_of("LogConfiguration/LogDriver"),
                "the container logs by FireLens, and none of the containers routes logs",
            )
            .help("give the container of the log router a `FirelensConfiguration`");
    }
}

/// Source: Amazon ECS API reference, `ContainerDefinition` (memory) and `HealthCheck` (command).
fn limits<'a>(definition: TaskDefinition<'a>, container: &Container<'a>, findings: &mut Findings<'_>) {
    if let (Field::Known(most), Field::Known(reserved)) =
        (container.property("Memory").int(), container.property("MemoryReservation").int())
        && reserved > most
    {
        findings
            .report(
                definition.id(),
                container.place_of("MemoryReservation"),
                format!("the container reserves {reserved} MiB, and may have {most}"),
            )
            .help("set `MemoryReservation` below `Memory`");
    }
    let place = || container.place_of("HealthCheck/Command");
    let Field::Known(command) = container.property("HealthCheck/Command").items() else { return };
    let texts: Vec<_> = command.iter().map(|word| word.text().known()).gather();
    match texts.as_slice() {
        [Some(first), ..] if !matches!(first.as_ref(), "CMD" | "CMD-SHELL" | "NONE") => {
            findings
                .report(definition.id(), place(), "the command of a health check begins with `CMD` or `CMD-SHELL`")
                .help("write `CMD-SHELL` before it, as an element of its own");
        }
        [Some(first), Some(only)] if first == "CMD" && only.trim().contains(' ') => {
            findings
                .report(definition.id(), place(), "no program has a name with all of these words in it")
                .help("write `CMD-SHELL` in place of `CMD`, or each word as an element of its own");
        }
        _ => {}
    }
}

/// On hosts of one's own somebody has to say how much memory a container needs.
fn memory<'a>(definition: TaskDefinition<'a>, containers: &[Container<'a>], findings: &mut Findings<'_>) {
    let is_for_fargate = |kind: &Node<'_>| !kind.text().is_known_and(|kind| kind != "FARGATE");
    let kinds = definition.compatibilities();
    if !definition.memory().is_absent() || kinds.is_empty() || kinds.iter().any(is_for_fargate) {
        return;
    }
    let lacks = |container: &&Container<'a>| {
        ["Memory", "MemoryReservation"].iter().all(|name| container.property(name).is_absent())
    };
    if let Some(container) = containers.iter().find(lacks) {
        findings
            .report(definition.id(), container.place.clone(), "nothing says how much memory this container needs")
            .help("set `MemoryReservation` or `Memory` of the container, or `Memory` of the task");
    }
}

/// In the network mode `awsvpc` all containers of a task have one address, and each port can be that of one of them.
fn share_ports<'a>(definition: TaskDefinition<'a>, containers: &[Container<'a>], findings: &mut Findings<'_>) {
    if !definition.network_mode().is_known_and(|mode| mode == "awsvpc") {
        return;
    }
    let mut taken: Vec<(i64, String)> = Vec::new();
    for container in containers {
        for (index, mapping) in container.property("PortMappings").known_items().iter().enumerate() {
            let (Field::Known(port), Field::Known(protocol)) =
                (mapping.get("ContainerPort").int(), mapping.get("Protocol").text().or("tcp".into()))
            else {
                continue;
            };
            let own = (port, protocol.to_ascii_lowercase());
            if taken.contains(&own) {
                findings
                    .report(
                        definition.id(),
                        container.place_of(&format!("PortMappings/{index}/ContainerPort")),
                        format!("port {port} is mapped twice in a task whose containers share one address"),
                    )
                    .help("let each container listen on a port of its own");
            }
            taken.push(own);
        }
    }
}
