//! Ranges of ports that end before they begin.

use crate::diagnostics::Mend;
use crate::model::{Gather as _, Model, Node, ResourceId, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1710", "ports-in-wrong-order", Error {
        pitfalls: [1],
        summary: "Ports that do not exist, or a range that ends before it begins",
        why: "A rule names its ports from the first to the last. EC2 refuses one whose last port is below its first, and ports \
              above 65535.",
        example: "Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of its own
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 8080, ToPort: 80, CidrIp: 10.0.0.0/8 }]
",
        instead: "Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of its own
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 80, ToPort: 8080, CidrIp: 10.0.0.0/8 }]
",
        source: "Amazon EC2 API reference, AuthorizeSecurityGroupIngress",
        check: check,
    }
}

/// Where a port stands alone.
const ALONE: &[(&str, &str)] =
    &[("AWS::ElasticLoadBalancingV2::Listener", "Port"), ("AWS::ElasticLoadBalancingV2::TargetGroup", "Port")];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (type_name, property) in ALONE {
        for id in model.of_type(type_name) {
            alone(findings, id, property, &model.property(id, property));
        }
    }
    for definition in model.all::<TaskDefinition<'a>>() {
        for container in definition.placed_containers() {
            for (index, mapping) in container.property("PortMappings").known_items().iter().enumerate() {
                let place = container.place_of(&format!("PortMappings/{index}/ContainerPort"));
                alone(findings, definition.id(), &place, &mapping.get("ContainerPort"));
            }
        }
    }
    for id in model.of_type("AWS::EC2::SecurityGroup") {
        for list in ["SecurityGroupIngress", "SecurityGroupEgress"] {
            for (index, rule) in model.property(id, list).known_items().iter().enumerate() {
                let port = |key: &str| rule.get(key);
                ports(
                    findings,
                    id,
                    &format!("{list}/{index}/"),
                    &rule.get("IpProtocol"),
                    [port("FromPort"), port("ToPort")],
                );
            }
        }
    }
    for type_name in ["AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"] {
        for id in model.of_type(type_name) {
            let port = |key: &str| model.property(id, key);
            ports(findings, id, "", &port("IpProtocol"), [port("FromPort"), port("ToPort")]);
        }
    }
}

fn alone(findings: &mut Findings<'_>, id: ResourceId, place: &str, port: &Node<'_>) {
    if let Some(port) = port.int().known().filter(|port| !(1..=65_535).contains(port)) {
        findings.report(id, place, format!("{port} is no port")).help("name a port from 1 to 65535");
    }
}

/// Protocols above TCP and UDP, and what load balancers call both.
const APPLICATIONS: [&str; 8] = ["dns", "grpc", "http", "https", "quic", "ssh", "tcp_udp", "tls"];

fn ports(findings: &mut Findings<'_>, id: ResourceId, place: &str, protocol: &Node<'_>, ports: [Node<'_>; 2]) {
    for (port, key) in ports.iter().zip(["FromPort", "ToPort"]) {
        if let Some(text) = port.text().known().filter(|_| !port.int().is_known()) {
            findings.report(id, format!("{place}{key}"), format!("`{text}` is no port")).help("name it by its number");
        }
    }
    if let Some(name) =
        protocol.text().known().filter(|name| APPLICATIONS.contains(&name.to_ascii_lowercase().as_str()))
    {
        findings
            .report(id, format!("{place}IpProtocol"), format!("`{name}` is no protocol of IP"))
            .help("write `tcp` or `udp`, and name the port");
    }
    // ICMP has types and codes in their place.
    let has_ports =
        protocol.text().is_known_and(|name| matches!(name.to_ascii_lowercase().as_str(), "tcp" | "udp" | "6" | "17"));
    let known: Vec<i64> = ports.iter().filter_map(|port| port.int().known()).gather();
    let missing = ["FromPort", "ToPort"].into_iter().zip(&ports).find(|(_, port)| port.is_absent());
    if let Some((missing, _)) = missing.filter(|_| has_ports) {
        findings
            .report(id, place.trim_end_matches('/'), format!("a rule about ports has no `{missing}`"))
            .help("name the first port and the last one, or set `IpProtocol: -1` for all traffic");
        return;
    }
    let message = match known.as_slice() {
        [first, last] if first > last => format!("the ports go from {first} down to {last}"),
        numbers => match numbers.iter().find(|port| !(-1..=65_535).contains(*port)) {
            Some(port) => format!("{port} is no port"),
            None => return,
        },
    };
    if has_ports {
        let swapped = match known.as_slice() {
            [first, last] if first > last => Some((*first, *last)),
            _ => None,
        };
        let place_of = |key: &str| format!("{place}{key}");
        let mend = swapped.map(|(first, last)| {
            Mend::suggested("swap the ports").set(place_of("FromPort"), last).set(place_of("ToPort"), first)
        });
        findings
            .report(id, place_of("ToPort"), message)
            .mend_by(mend)
            .help("name the first port and then the last, up to 65535");
    }
}
