//! A service registers a container or a port that its task definition does not have.

use super::registrations;
use crate::aws::load_balancer::Protocol;
use crate::diagnostics::Mend;
use crate::model::Gather as _;
use crate::model::{Container, Field, Model, Node, Service, TaskDefinition, View};
use crate::rules::registry::rule;
use crate::rules::{Findings, mends};

rule! {
    RULE = "RF1138", "container-not-in-task", Error {
        pitfalls: [29],
        summary: "A service registers a container or a port with its load balancer, or offers a port by Service Connect, that its task definition does not have",
        why: "ECS refuses a service whose `ContainerName` is none of the task definition's containers, or whose `ContainerPort` \
              is not among the port mappings of that container.",
        example: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{ Name: api, Image: api, PortMappings: [{ ContainerPort: 8443 }] }]
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Task
      LoadBalancers:
        - ContainerName: app
          ContainerPort: 8443
          TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef
",
        instead: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{ Name: api, Image: api, PortMappings: [{ ContainerPort: 8443 }] }]
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Task
      LoadBalancers:
        - ContainerName: api
          ContainerPort: 8443
          TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef
",
        source: "Amazon ECS API reference, LoadBalancer",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<Service<'a>>() {
        let Some(definition) = service.definition() else { continue };
        for (index, entry) in super::indexed(model, &service.property("LoadBalancers")) {
            entry_of(findings, service, definition, index, &entry);
        }
    }
    model.all::<Service<'a>>().for_each(|service| connections(service, findings));
    datagrams(model, findings);
}

/// What a service offers by Service Connect are ports of its containers, by their names. Source: Amazon ECS API reference,
/// `ServiceConnectService` (2026).
fn connections<'a>(service: Service<'a>, findings: &mut Findings<'_>) {
    let Some(definition) = service.definition() else { return };
    let Field::Known(containers) = definition.property("ContainerDefinitions").items() else { return };
    let mut names = Vec::new();
    for container in &containers {
        let Field::Known(mappings) = container.get("PortMappings").items().or(Vec::new()) else { return };
        for mapping in mappings {
            match mapping.get("Name").text() {
                Field::Known(name) => names.push(name.into_owned()),
                Field::Absent if mapping.because().is_none() => {}
                _ => return,
            }
        }
    }
    for (index, offered) in service.property("ServiceConnectConfiguration/Services").known_items().iter().enumerate() {
        let Field::Known(name) = offered.get("PortName").text() else { continue };
        if !names.iter().any(|known| *known == name) {
            findings
                .report(
                    service.id(),
                    format!("ServiceConnectConfiguration/Services/{index}/PortName"),
                    format!("no port of the task has the name `{name}`"),
                )
                .help("give the port mapping of the container this `Name`")
                .mention(definition.id(), "ContainerDefinitions", "this is the task definition");
        }
    }
}

fn entry_of<'a>(
    findings: &mut Findings<'_>,
    service: Service<'a>,
    definition: TaskDefinition<'a>,
    index: usize,
    entry: &Node<'a>,
) {
    let Field::Known(name) = entry.get("ContainerName").text() else { return };
    let Some(container) = definition.container(&name) else {
        let all = definition.property("ContainerDefinitions").items();
        if all.is_known_and(|all| all.iter().all(|container| container.get("Name").text().is_known())) {
            let path = format!("LoadBalancers/{index}/ContainerName");
            let message = format!("the task definition has no container `{name}`");
            let containers = definition.containers();
            let only = containers.first().filter(|_| containers.len() == 1);
            let only = only.and_then(|container| container.get("Name").text().known());
            let mend = only.map(|only| Mend::setting(false, &path, only.into_owned().into()));
            findings.report(service.id(), path, message).mend_by(mend).help(names(definition)).mention(
                definition.id(),
                "ContainerDefinitions",
                "these are its containers",
            );
        }
        return;
    };
    let Field::Known(port) = entry.get("ContainerPort").int() else { return };
    let Field::Known(mappings) = container.get("PortMappings").items().or(Vec::new()) else { return };
    if !mappings.iter().any(|mapping| may_map(mapping, port)) {
        findings
            .report(
                service.id(),
                format!("LoadBalancers/{index}/ContainerPort"),
                format!("the container `{name}` does not map port {port}"),
            )
            .mend_by(mend(definition, index, &name, port))
            .help(format!(
                "add `{{ ContainerPort: {port} }}` to the `PortMappings` of the container, or name a port that it maps"
            ))
            .mention(definition.id(), "ContainerDefinitions", "this is the task definition");
    }
}

/// Advice that names the containers there are.
fn names(definition: TaskDefinition<'_>) -> String {
    let names = definition.containers().into_iter().filter_map(|container| container.get("Name").text().known());
    let names: Vec<_> = names.map(|name| format!("`{name}`")).gather();
    format!("name one that it has: {}", names.join(" or "))
}

/// Whether a port mapping has a port, or might have it.
fn may_map(mapping: &Node<'_>, port: i64) -> bool {
    let one = mapping.get("ContainerPort").int();
    let range = mapping.get("ContainerPortRange").text();
    let in_range = |range: std::borrow::Cow<'_, str>| {
        let bounds =
            range.split_once('-').and_then(|(from, to)| Some(from.trim().parse().ok()?..=to.trim().parse().ok()?));
        bounds.is_none_or(|bounds: std::ops::RangeInclusive<i64>| bounds.contains(&port))
    };
    mapping.because().is_some()
        || one.is_unknown()
        || range.is_unknown()
        || one.is_known_and(|mapped| mapped == port)
        || range.is_known_and(in_range)
}

/// A target group for datagrams needs a port that takes them, and one without a port that does not take them alone.
fn datagrams<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (service, index, entry, group) in registrations(model) {
        let Some(protocol) = group.network_protocol() else { continue };
        let (wrong, sent) = match protocol {
            Protocol::Tcp | Protocol::Tls => ("udp", "TCP"),
            protocol if !protocol.carries_tcp() => ("tcp", "UDP"),
            _ => continue,
        };
        let Some(definition) = service.definition() else { continue };
        let container = entry.get("ContainerName").text().known().and_then(|name| definition.container(&name));
        let (Some(container), Some(port)) = (container, entry.get("ContainerPort").int().known()) else { continue };
        let mappings = container.get("PortMappings").known_items();
        let same: Vec<_> = mappings.iter().filter(|mapping| may_map(mapping, port)).gather();
        let is_wrong =
            |mapping: &&Node<'_>| mapping.get("Protocol").text().or("tcp".into()).is_known_and(|name| name == wrong);
        if !same.is_empty() && same.iter().all(is_wrong) {
            let taken = wrong.to_ascii_uppercase();
            findings
                .report(
                    service.id(),
                    format!("LoadBalancers/{index}/ContainerPort"),
                    format!("port {port} of the container takes {taken}, the target group sends {sent}"),
                )
                .help(format!("set `Protocol: {}` in the port mapping", sent.to_ascii_lowercase()))
                .mention(group.id(), "Protocol", "this is the target group")
                .mention(definition.id(), "ContainerDefinitions", "this is the task definition");
        }
    }
}

/// Names the container that maps a port, or lets the one that is named map it.
fn mend(definition: TaskDefinition<'_>, index: usize, name: &str, port: i64) -> Option<Mend> {
    let maps = |container: &Container<'_>| {
        container.property("PortMappings").known_items().iter().any(|mapping| may_map(mapping, port))
    };
    if let Some(other) = definition.placed_containers().find(maps) {
        let other = other.property("Name").text().known()?.into_owned();
        return Some(Mend::setting(false, &format!("LoadBalancers/{index}/ContainerName"), other.into()));
    }
    let mut containers = definition.placed_containers();
    let container = containers.find(|one| one.property("Name").text().is_known_and(|known| known == name))?;
    let mend = Mend::suggested(format!("map port {port}")).on(definition.id());
    Some(mend.add(&container.place_of("PortMappings"), vec![mends::map(vec![("ContainerPort", port.into())])]))
}
