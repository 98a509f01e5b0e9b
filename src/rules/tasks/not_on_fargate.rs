//! Settings that Fargate does not have.

use crate::model::{Field, Model, Service, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1421", "not-on-fargate", Error {
        pitfalls: [],
        summary: "A setting of a task or service that Fargate does not have",
        why: "On Fargate tasks have network interfaces of their own and share no host with anybody. What asks for a host, such as \
              another network mode, a port of the host or privileges, is refused.",
        example: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: bridge
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
      Cpu: '256'
      Memory: '512'
      ContainerDefinitions: [{ Name: api, Image: api }]
",
        source: "Amazon ECS developer guide, task definition differences for Fargate",
        check: check,
    }
}

/// Properties of a container that Fargate does not take. Source: the same page (2026).
const OF_HOSTS: &[&str] = &[
    "DisableNetworking",
    "DnsSearchDomains",
    "DnsServers",
    "DockerSecurityOptions",
    "ExtraHosts",
    "Links",
    "Privileged",
];

/// Properties of a volume that Fargate does not take. Source: Amazon ECS developer guide, bind mounts, and the same page.
const VOLUMES_OF_HOSTS: &[&str] = &["DockerVolumeConfiguration", "Host/SourcePath"];

/// Where containers on Fargate can write their logs. Source: the ECS API reference, LogConfiguration (2026).
const LOG_DRIVERS: &[&str] = &["awsfirelens", "awslogs", "splunk"];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>() {
        // A definition may be for several; one that says Fargate has to fit it.
        if is_for_fargate(definition) {
            of_definition(definition, findings);
        }
        if definition.network_mode().is_known_and(|mode| mode == "awsvpc") {
            ports(definition, findings);
        }
    }
    for service in model.all::<Service<'a>>().filter(|service| service.is_on_fargate()) {
        if service.property("SchedulingStrategy").text().is_known_and(|strategy| strategy == "DAEMON") {
            findings
                .report(service.id(), "SchedulingStrategy", "Fargate has no instances of which each could run a task")
                .suggest_removal("SchedulingStrategy")
                .help("leave it out, and set `DesiredCount`");
        }
        let version =
            service.platform_version().known().filter(|version| version != "LATEST" && !version.starts_with("1.4"));
        let is_windows = service.definition().is_some_and(|definition| {
            !definition
                .property("RuntimePlatform/OperatingSystemFamily")
                .text()
                .or("LINUX".into())
                .is_known_and(|name| name == "LINUX")
        });
        let has_exec = service.property("EnableExecuteCommand").bool().is_known_and(|is_on| is_on);
        if let Some(version) = version.filter(|_| has_exec && !is_windows) {
            findings
                .report(service.id(), "PlatformVersion", format!("platform version {version} has no ECS Exec"))
                .help("leave `PlatformVersion` out, or set `LATEST`");
        }
        let controller = service.controller();
        let definition = service.definition();
        let has_addresses =
            definition.is_some_and(|definition| definition.network_mode().is_known_and(|mode| mode == "awsvpc"));
        if let Some(definition) = definition.filter(|definition| !is_for_fargate(*definition))
            && let Some(mode) = definition.network_mode().known().filter(|mode| mode != "awsvpc")
        {
            findings
                .report(service.id(), "TaskDefinition", format!("Fargate runs no task with the network mode `{mode}`"))
                .help("set `NetworkMode: awsvpc` in the task definition, or run the service on EC2")
                .mention(definition.id(), "NetworkMode", "this is the task definition");
        }
        let is_told = !service.property("NetworkConfiguration").is_absent();
        if has_addresses && !is_told && !controller.is_known_and(|kind| kind == "EXTERNAL") {
            findings
                .report(service.id(), "", "a service on Fargate has to say in which subnets its tasks run")
                .help("set `NetworkConfiguration/AwsvpcConfiguration`");
        }
    }
}

fn is_for_fargate(definition: TaskDefinition<'_>) -> bool {
    definition.compatibilities().iter().any(|kind| kind.text().is_known_and(|kind| kind == "FARGATE"))
}

fn of_definition(definition: TaskDefinition<'_>, findings: &mut Findings<'_>) {
    match definition.network_mode() {
        Field::Known(mode) if mode != "awsvpc" => {
            findings
                .report(definition.id(), "NetworkMode", format!("Fargate has no network mode `{mode}`"))
                .suggest("NetworkMode", "awsvpc")
                .help("set `NetworkMode: awsvpc`");
        }
        Field::Absent => {
            findings
                .report(definition.id(), "", "a task on Fargate has to say `NetworkMode: awsvpc`")
                .mend_setting("NetworkMode", "awsvpc")
                .help("set `NetworkMode: awsvpc`");
        }
        _ => {}
    }
    for (index, volume) in definition.property("Volumes").known_items().iter().enumerate() {
        for name in VOLUMES_OF_HOSTS {
            if !volume.at(name).is_absent() {
                let place = format!("Volumes/{index}/{name}");
                findings.report(definition.id(), place, format!("Fargate does not take `{name}` of a volume")).help(
                    "use `EFSVolumeConfiguration`, or a volume with a name alone, which lasts as long as the task",
                );
            }
        }
    }
    for container in definition.placed_containers() {
        for name in OF_HOSTS {
            let value = container.property(name);
            let is_set = match value.bool() {
                Field::Known(is_on) => is_on,
                _ => value.items().is_known_and(|items| !items.is_empty()),
            };
            if is_set {
                findings
                    .report(definition.id(), container.place_of(name), format!("Fargate does not take `{name}`"))
                    .suggest_removal(&container.place_of(name))
                    .help("leave it out");
            }
        }
        let driver = container.property("LogConfiguration/LogDriver").text();
        if let Some(driver) = driver.known().filter(|driver| !LOG_DRIVERS.contains(&driver.as_ref())) {
            findings
                .report(
                    definition.id(),
                    container.place_of("LogConfiguration/LogDriver"),
                    format!("Fargate has no log driver `{driver}`"),
                )
                .help("use `awslogs`, `awsfirelens` or `splunk`");
        }
    }
}

/// In the mode `awsvpc` a port of the host is that of the container.
fn ports(definition: TaskDefinition<'_>, findings: &mut Findings<'_>) {
    for container in definition.placed_containers() {
        for (index, mapping) in container.property("PortMappings").known_items().iter().enumerate() {
            let (Field::Known(host), Field::Known(own)) =
                (mapping.get("HostPort").int(), mapping.get("ContainerPort").int())
            else {
                continue;
            };
            if host != own {
                let place = container.place_of(&format!("PortMappings/{index}/HostPort"));
                findings
                    .report(
                        definition.id(),
                        place.clone(),
                        format!("in the network mode `awsvpc` the port of the host is that of the container, {own}"),
                    )
                    .suggest_removal(&place)
                    .help("leave out `HostPort`");
            }
        }
    }
}
