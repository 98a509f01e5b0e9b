//! The load balancer speaks TLS to targets that do not.

use crate::aws::load_balancer::Protocol;
use crate::diagnostics::Mend;
use crate::model::{Field, Model, TargetGroup, View};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1121", "tls-to-plain-targets", Warning {
        pitfalls: [8],
        summary: "A target group with TLS whose targets seem to speak plain text",
        why: "A target group with the protocol TLS makes the load balancer begin a second TLS connection to each target. A \
              container that speaks plain HTTP does not understand it: connections open, and then fail. When the load balancer \
              ends TLS, plain targets need a target group with TCP.",
        example: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TLS, Port: 8080, VpcId: vpc-0123456789abcdef0, TargetType: ip, HealthCheckProtocol: HTTP }
",
        instead: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8080, VpcId: vpc-0123456789abcdef0, TargetType: ip, HealthCheckProtocol: HTTP }
",
        source: "Network Load Balancers, TLS listeners",
        check: check,
    }
}

/// Ports on which by convention plain HTTP is spoken.
pub(super) const PLAIN_PORTS: [i64; 6] = [80, 3000, 5000, 8000, 8080, 9000];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for group in model.all::<TargetGroup<'a>>() {
        if group.network_protocol() != Some(Protocol::Tls) {
            continue;
        }
        let says = match group.health_check_protocol().or("TCP".into()) {
            Field::Known(protocol) if protocol == "HTTP" && is_checked_where_it_serves(group) => Some((
                "HealthCheckProtocol",
                "the health check asks over plain HTTP on the port to which the load balancer speaks TLS",
            )),
            Field::Known(protocol)
                if protocol != "HTTPS" && group.port().is_known_and(|port| PLAIN_PORTS.contains(&port)) =>
            {
                Some(("Port", "the load balancer speaks TLS to a port that usually takes plain HTTP"))
            }
            _ => None,
        };
        if let Some((property, message)) = says {
            let found = findings.report(group.id(), property, message);
            found.help("set `Protocol: TCP` when containers speak plain text, or `HealthCheckProtocol: HTTPS` when they speak TLS");
            found.in_spec(InSpec::Help(
                "leave `toTasks` out when the tasks speak plain text, or set `health.protocol` to `https` when they speak TLS",
            ));
            found.mend(Mend::suggested("set `Protocol` to `TCP`").set("Protocol", "TCP"));
            if let Some(listener) = group.listeners().next() {
                found.mention(listener.id(), "Protocol", "this listener forwards to it");
            }
        }
    }
}

/// Whether health is asked on the port that takes traffic.
pub(super) fn is_checked_where_it_serves(group: TargetGroup<'_>) -> bool {
    let port = group.port().known().map(|port| port.to_string());
    group.health_check_port().is_known_and(|asked| asked == "traffic-port" || port.is_some_and(|port| asked == port))
}
