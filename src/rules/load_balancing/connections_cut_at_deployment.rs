//! Tasks are gone while the load balancer still sends them connections.

use super::attribute_path;
use crate::aws::fargate::{STOP_TIMEOUT, STOP_TIMEOUT_DEFAULT};
use crate::diagnostics::{Mend, Severity};
use crate::model::{Field, Model, Node, Service, TargetGroup, TaskDefinition, View};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1111", "connections-cut-at-deployment", Warning {
        pitfalls: [20],
        summary: "Targets that are given too little time between their deregistration and their end",
        why: "A Network Load Balancer goes on sending new connections to a target for a while after it was deregistered: \
              AWS advises a deregistration delay of at least 120 seconds. Tasks that end before that lose connections at \
              every deployment.",
        example: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Protocol: TCP
      Port: 8443
      VpcId: vpc-0123456789abcdef0
      TargetType: ip
      TargetGroupAttributes: [{ Key: deregistration_delay.timeout_seconds, Value: \"0\" }]
",
        instead: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Protocol: TCP
      Port: 8443
      VpcId: vpc-0123456789abcdef0
      TargetType: ip
      TargetGroupAttributes: [{ Key: deregistration_delay.timeout_seconds, Value: \"120\" }]
",
        source: "Network Load Balancers, target group attributes, deregistration delay",
        check: check,
    }
}

const DELAY: &str = "deregistration_delay.timeout_seconds";

/// What AWS advises, in seconds. Source: `elasticloadbalancing/latest/network/edit-target-group-attributes` (2026).
const ADVISED: i64 = 120;

/// Seconds that a container should have to finish its connections.
const LEAST_STOP_TIMEOUT: i64 = 60;

/// Below this, in seconds, connections are surely lost at every deployment: the load balancer's own data plane takes longer.
const LEAST: i64 = 30;

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for group in model.all::<TargetGroup<'a>>().filter(|group| group.network_protocol().is_some()) {
        let Some(delay) = delay_of(group).filter(|delay| *delay < ADVISED) else { continue };
        let found = findings.report(
            group.id(),
            attribute_path(group, "TargetGroupAttributes", DELAY),
            format!("targets have {delay} seconds to finish, while the load balancer may send new connections for up to {ADVISED}"),
        );
        found
            .mend(
                Mend::suggested(format!("set `{DELAY}` to {ADVISED}"))
                    .set(attribute_path(group, "TargetGroupAttributes", DELAY), ADVISED.to_string()),
            )
            .help(format!("set `{DELAY}` to {ADVISED} or more"))
            .in_spec(InSpec::Help("set `target.deregistrationDelay` to 120 or more"));
        if delay >= LEAST {
            found.severity(Severity::Info);
        }
    }
    for service in model.all::<Service<'a>>() {
        for entry in service.load_balancers() {
            container(model, findings, service, &entry);
        }
    }
}

/// Looks at how long the container of an entry of `LoadBalancers` has to stop.
fn container<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>, service: Service<'a>, entry: &Node<'a>) {
    let group = entry.get("TargetGroupArn").resource().and_then(|id| model.view::<TargetGroup<'a>>(id));
    let is_other = group.is_some_and(|group| group.protocol().is_known() && group.network_protocol().is_none());
    let Some(definition) = service.definition().filter(|_| !is_other) else { return };
    let Field::Known(name) = entry.get("ContainerName").text() else { return };
    let Some(container) = definition.container(&name) else { return };
    let Field::Known(seconds) = container.get("StopTimeout").int().or(STOP_TIMEOUT_DEFAULT.into()) else { return };
    let longest = i64::from(*STOP_TIMEOUT.end());
    if seconds > longest && definition.is_for_fargate() {
        findings
            .report(
                definition.id(),
                "ContainerDefinitions",
                format!("the container `{name}` is to have {seconds} seconds to stop, more than Fargate gives"),
            )
            .mend_by(stopping_after(definition, &name, longest))
            .help(format!("set `StopTimeout` to {longest} seconds at most"))
            .severity(Severity::Error);
    }
    if seconds >= LEAST_STOP_TIMEOUT {
        return;
    }
    let found = findings.report(
        definition.id(),
        "ContainerDefinitions",
        format!("the container `{name}` is killed {seconds} seconds after it was asked to stop, with connections open"),
    );
    found
        .mend_by(stopping_after(definition, &name, LEAST_STOP_TIMEOUT))
        .help("set `StopTimeout` to 60 seconds or more, and let the application finish its connections on SIGTERM")
        .in_spec(InSpec::Help(
            "set `stopTimeout` to 60 or more, and let the application finish its connections on SIGTERM",
        ))
        .mention(service.id(), "LoadBalancers", "it is registered with a load balancer here");
    // What nobody has set is good to know: ECS deregisters tasks before it stops them when it replaces them.
    if container.get("StopTimeout").is_absent() {
        found.severity(Severity::Info);
    }
}

fn delay_of(group: TargetGroup<'_>) -> Option<i64> {
    match group.attribute(DELAY) {
        Field::Known(seconds) => seconds.parse().ok(),
        _ => None,
    }
}

/// Gives a container so many seconds to stop.
fn stopping_after(definition: TaskDefinition<'_>, name: &str, seconds: i64) -> Option<Mend> {
    let mut containers = definition.placed_containers();
    let container = containers.find(|one| one.property("Name").text().is_known_and(|known| known == name))?;
    Some(Mend::setting(false, &container.place_of("StopTimeout"), seconds.into()))
}
