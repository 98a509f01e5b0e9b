//! Health checks that AWS refuses.

use std::ops::RangeInclusive;

use crate::aws::load_balancer::{HealthCheckProtocol, PORTS, health_check};
use crate::diagnostics::{Mend, Severity};
use crate::model::{Field, Model, TargetGroup, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1140", "health-check-not-taken", Error {
        pitfalls: [17],
        summary: "A health check of a Network Load Balancer's target group that AWS refuses",
        why: "Health is asked over TCP, HTTP or HTTPS: never over TLS, UDP or QUIC. A path and a matcher go with HTTP and HTTPS \
              only. Intervals have 5 to 300 seconds, timeouts 2 to 120 and less than the interval, thresholds 2 to 10, matchers \
              status codes from 200 to 599. The timeout is 6 seconds for HTTP and 10 otherwise when it is not set.",
        example: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Protocol: TCP
      Port: 8443
      VpcId: vpc-0123456789abcdef0
      TargetType: ip
      HealthCheckIntervalSeconds: 10
      HealthCheckTimeoutSeconds: 20
",
        instead: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Protocol: TCP
      Port: 8443
      VpcId: vpc-0123456789abcdef0
      TargetType: ip
      HealthCheckIntervalSeconds: 10
      HealthCheckTimeoutSeconds: 5
",
        source: "Elastic Load Balancing API reference, CreateTargetGroup",
        check: check,
    }
}

/// The members that are numbers, with their ranges.
const RANGES: [(&str, RangeInclusive<u32>); 4] = [
    ("HealthCheckIntervalSeconds", health_check::INTERVAL),
    ("HealthCheckTimeoutSeconds", health_check::TIMEOUT),
    ("HealthyThresholdCount", health_check::HEALTHY_THRESHOLD),
    ("UnhealthyThresholdCount", health_check::UNHEALTHY_THRESHOLD),
];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for group in model.all::<TargetGroup<'a>>().filter(|group| group.network_protocol().is_some()) {
        for (property, range) in RANGES {
            let Field::Known(number) = group.property(property).int() else { continue };
            if !u32::try_from(number).is_ok_and(|number| range.contains(&number)) {
                let (start, end) = (range.start(), range.end());
                findings
                    .report(group.id(), property, format!("`{property}` is {number}"))
                    .suggest(property, number.clamp((*start).into(), (*end).into()))
                    .help(format!("choose a number from {start} to {end}"));
            }
        }
        timing(findings, group);
        asking(findings, group);
        port(findings, group);
        if group.health_check_enabled().is_known_and(|is_on| !is_on) {
            findings
                .report(group.id(), "HealthCheckEnabled", "health checks cannot be switched off for this target type")
                .mend(Mend::leaving_out(true, "HealthCheckEnabled"))
                .help("leave `HealthCheckEnabled` out");
        }
    }
}

fn timing(findings: &mut Findings<'_>, group: TargetGroup<'_>) {
    let protocol = group.health_check_protocol().or("TCP".into()).known();
    let Some(protocol) = protocol.and_then(|name| HealthCheckProtocol::from_name(&name)) else { return };
    let interval = group.health_check_interval().or(health_check::INTERVAL_DEFAULT.into());
    let timeout = group.health_check_timeout().or(protocol.timeout_default().into());
    let (Field::Known(interval), Field::Known(timeout)) = (interval, timeout) else { return };
    let is_written = !group.health_check_timeout().is_absent();
    // What nobody could change once, six seconds for HTTP and ten for the others, is taken with an interval as long.
    let is_as_long = timeout == interval;
    if timeout < interval || is_as_long && timeout == i64::from(protocol.timeout_default()) {
        return;
    }
    let property = if is_written { "HealthCheckTimeoutSeconds" } else { "HealthCheckIntervalSeconds" };
    let message = match is_written {
        true => format!("a health check may take {timeout} seconds, but the next begins after {interval}"),
        false => format!(
            "a health check may take {timeout} seconds when nothing is said, but the next begins after {interval}"
        ),
    };
    // Sources disagree about a check that may take all of the interval.
    let severity = if is_as_long { Severity::Warning } else { Severity::Error };
    findings
        .report(group.id(), property, message)
        .severity(severity)
        .help("set `HealthCheckTimeoutSeconds` below `HealthCheckIntervalSeconds`");
}

fn asking(findings: &mut Findings<'_>, group: TargetGroup<'_>) {
    let Field::Known(name) = group.health_check_protocol().or("TCP".into()) else { return };
    let Some(protocol) = HealthCheckProtocol::from_name(&name) else {
        let alike = ["TCP", "HTTP", "HTTPS"].into_iter().find(|known| known.eq_ignore_ascii_case(&name));
        findings
            .report(group.id(), "HealthCheckProtocol", format!("health cannot be asked over `{name}`"))
            .mend_by(alike.map(|known| Mend::setting(true, "HealthCheckProtocol", known.into())))
            .help("use `TCP`, `HTTP` or `HTTPS`, on whichever port answers it");
        return;
    };
    if protocol.asks_for_a_path() {
        path(findings, group);
        matcher(findings, group);
        if protocol == HealthCheckProtocol::Https {
            findings
                .report(
                    group.id(),
                    "HealthCheckProtocol",
                    "health checks over HTTPS fail with targets that take TLS 1.3 only",
                )
                .help("let the targets take TLS 1.2 as well")
                .severity(Severity::Info);
        }
        return;
    }
    for property in ["HealthCheckPath", "Matcher"] {
        if !group.property(property).is_absent() {
            findings
                .report(group.id(), property, format!("a health check over TCP has no `{property}`"))
                .help("set `HealthCheckProtocol` to `HTTP` or `HTTPS`, or leave it out")
                .mend(Mend::suggested(format!("leave `{property}` out")).remove(property));
        }
    }
}

fn path(findings: &mut Findings<'_>, group: TargetGroup<'_>) {
    let Field::Known(path) = group.health_check_path() else { return };
    if !path.starts_with('/') || !health_check::PATH_LENGTH.contains(&path.chars().count()) {
        let is_bare = !path.starts_with('/') && !path.is_empty() && !path.contains(':');
        findings
            .report(group.id(), "HealthCheckPath", format!("`{path}` is no path"))
            .mend_by(is_bare.then(|| Mend::setting(false, "HealthCheckPath", format!("/{path}").into())))
            .help("begin it with `/`, and let it have at most 1024 characters");
    }
}

fn matcher(findings: &mut Findings<'_>, group: TargetGroup<'_>) {
    if !group.property("Matcher/GrpcCode").is_absent() {
        findings
            .report(group.id(), "Matcher/GrpcCode", "a Network Load Balancer does not ask over gRPC")
            .help("use `HttpCode`");
    }
    let Field::Known(codes) = group.property("Matcher/HttpCode").text() else { return };
    let is_code = |text: &str| text.trim().parse().is_ok_and(|code| health_check::STATUS_CODES.contains(&code));
    let are_codes =
        |part: &str| part.split_once('-').map_or_else(|| is_code(part), |(from, to)| is_code(from) && is_code(to));
    if !codes.split(',').all(are_codes) {
        findings
            .report(group.id(), "Matcher/HttpCode", format!("`{codes}` are not status codes from 200 to 599"))
            .help("write one code, several with commas, or a range such as `200-299`");
    }
}

fn port(findings: &mut Findings<'_>, group: TargetGroup<'_>) {
    let Field::Known(port) = group.health_check_port() else { return };
    if port != health_check::PORT_DEFAULT && !port.parse().is_ok_and(|port| PORTS.contains(&port)) {
        findings
            .report(group.id(), "HealthCheckPort", format!("`{port}` is no port"))
            .help("use `traffic-port` or a number from 1 to 65535");
    }
}
