//! Health of a service of datagrams is asked where nobody answers.

use super::registrations;
use crate::model::Gather as _;
use crate::model::{Model, Node, View};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1141", "health-check-of-datagrams", Warning {
        pitfalls: [17],
        summary: "A target group with UDP whose health is asked over TCP on a port that takes UDP only",
        why: "There is no health check over UDP. Targets must answer over TCP, HTTP or HTTPS on some port, which by default is \
              the one that takes the traffic; a container that does not listen there over TCP is never healthy.",
        example: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: UDP, Port: 53, VpcId: vpc-0123456789abcdef0, TargetType: ip }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{ Name: dns, Image: dns, PortMappings: [{ ContainerPort: 53, Protocol: udp }] }]
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Task
      LoadBalancers: [{ ContainerName: dns, ContainerPort: 53, TargetGroupArn: !Ref Group }]
",
        instead: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: UDP, Port: 53, VpcId: vpc-0123456789abcdef0, TargetType: ip, HealthCheckPort: 8080 }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - { Name: dns, Image: dns, PortMappings: [{ ContainerPort: 53, Protocol: udp }, { ContainerPort: 8080 }] }
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Task
      LoadBalancers: [{ ContainerName: dns, ContainerPort: 53, TargetGroupArn: !Ref Group }]
",
        source: "Network Load Balancers, target group health checks",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (service, _, entry, group) in registrations(model) {
        if group.network_protocol().is_none_or(|protocol| protocol.carries_tcp()) {
            continue;
        }
        let Some(definition) = service.definition() else { continue };
        let container_port = entry.get("ContainerPort").int().known();
        let asked = match group.health_check_port().known().as_deref() {
            Some("traffic-port") => container_port,
            Some(port) => port.parse().ok(),
            None => None,
        };
        let Some(port) = asked else { continue };
        let containers = definition.containers();
        let mappings: Vec<Node<'a>> =
            containers.iter().flat_map(|container| container.get("PortMappings").known_items()).gather();
        let same =
            mappings.iter().filter(|mapping| !mapping.get("ContainerPort").int().is_known_and(|mapped| mapped != port));
        let protocols: Vec<_> = same.map(|mapping| mapping.get("Protocol").text().or("tcp".into())).gather();
        if !protocols.is_empty() && protocols.into_iter().all(|protocol| protocol.is_known_and(|name| name == "udp")) {
            findings
                .report(
                    group.id(),
                    "HealthCheckPort",
                    format!("health is asked over TCP on port {port}, which takes UDP only"),
                )
                .help("let a container answer over TCP, and name its port in `HealthCheckPort`")
                .in_spec(InSpec::Help("let a container answer over TCP, and name its port in `health.port`"))
                .mention(definition.id(), "ContainerDefinitions", "this is the task definition");
        }
    }
}
