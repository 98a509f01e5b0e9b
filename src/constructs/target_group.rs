//! The target group of a listener: its health check and its attributes.

use crate::aws::load_balancer::{HealthCheckProtocol, Protocol, health_check};
use crate::cfn::{LogicalId, Value};
use crate::diagnostics::codes::load_balancer as codes;
use crate::resources::Builder as _;
use crate::resources::elasticloadbalancingv2::{self as elb, target_group};
use crate::spec::{HealthCheck, HealthProtocol, Input, Target, Whole};

use super::Scope;
use super::listener::Route;

/// Adds the target group of a listener. `shared` says whether connections come through PrivateLink too.
pub(super) fn add(scope: &mut Scope<'_>, route: &Route<'_>, vpc_id: &Value, shared: bool) -> LogicalId {
    let mut scope = scope.made_from(&route.origin);
    check_target(&mut scope, route, shared);
    let group = elb::TargetGroup::new()
        .target_type("ip")
        .protocol(route.target_protocol.name())
        .port(route.target_port.clone())
        .vpc_id(vpc_id)
        .maybe(route.ipv6.then_some("ipv6"), elb::TargetGroup::ip_address_type);
    let group = with_health_check(group, &route.backend.service.health)
        .target_group_attributes(attributes(&route.spec.target, route.target_protocol));
    scope.child(&route.id).add("TargetGroup", group)
}

/// What the load balancer asks tasks with.
pub(super) fn health_protocol(health: &HealthCheck) -> HealthCheckProtocol {
    match (health.protocol, &health.path) {
        (Some(HealthProtocol::Tcp), _) | (None, None) => HealthCheckProtocol::Tcp,
        (Some(HealthProtocol::Https), _) => HealthCheckProtocol::Https,
        (Some(HealthProtocol::Http), _) | (None, Some(_)) => HealthCheckProtocol::Http,
    }
}

fn with_health_check(group: elb::TargetGroup, health: &HealthCheck) -> elb::TargetGroup {
    let protocol = health_protocol(health);
    let port = health.port.as_ref().map_or(Value::from(health_check::PORT_DEFAULT), Input::to_text);
    let group = group
        .health_check_enabled(true)
        .health_check_protocol(protocol.name())
        .health_check_port(port)
        .health_check_interval_seconds(health.interval.to_value())
        .health_check_timeout_seconds(health.timeout.to_value())
        .healthy_threshold_count(health.healthy.to_value())
        .unhealthy_threshold_count(health.unhealthy.to_value());
    if !protocol.asks_for_a_path() {
        return group;
    }
    let path = health.path.as_ref().map_or(Value::from(health_check::PATH_DEFAULT), Input::to_value);
    let codes = health.codes.as_ref().map_or(Value::from(health_check::MATCHER_DEFAULT), Input::to_value);
    group.health_check_path(path).matcher(target_group::Matcher::new().http_code(codes))
}

/// The attributes of a target group. Those that can be switched off again are always written, because AWS keeps an
/// attribute that a template no longer has.
fn attributes(target: &Target, protocol: Protocol) -> Vec<target_group::TargetGroupAttribute> {
    let mut list = Vec::new();
    let mut push = |key: &'static str, value: Value| {
        list.push(target_group::TargetGroupAttribute::new().key(key).value(value));
    };
    push("deregistration_delay.timeout_seconds", target.deregistration_delay.to_text());
    push("deregistration_delay.connection_termination.enabled", flag(target.connection_termination));
    if !protocol.carries_datagrams() {
        push("preserve_client_ip.enabled", flag(target.preserve_client_ip.unwrap_or(false)));
    }
    push("proxy_protocol_v2.enabled", flag(target.proxy_protocol));
    push("stickiness.enabled", flag(target.sticky));
    push("stickiness.type", Value::from("source_ip"));
    let cross_zone = target.cross_zone.map_or(Value::from("use_load_balancer_configuration"), flag);
    push("load_balancing.cross_zone.enabled", cross_zone);
    if !protocol.carries_datagrams() {
        push("target_health_state.unhealthy.connection_termination.enabled", flag(target.unhealthy_termination));
        if !target.unhealthy_termination {
            let seconds = target.unhealthy_draining_seconds.to_text();
            push("target_health_state.unhealthy.draining_interval_seconds", seconds);
        }
    }
    for (key, value, default) in thresholds(target) {
        push(key, value.unwrap_or(Value::from(default)));
    }
    list
}

/// The thresholds of target group health with what AWS has when they are not set.
fn thresholds(target: &Target) -> [(&'static str, Option<Value>, &'static str); 4] {
    [
        (
            "target_group_health.dns_failover.minimum_healthy_targets.count",
            target.dns_failover_count.as_ref().map(Input::to_text),
            "1",
        ),
        (
            "target_group_health.dns_failover.minimum_healthy_targets.percentage",
            target.dns_failover_percent.as_ref().map(Input::to_text),
            "off",
        ),
        (
            "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count",
            target.routing_failover_count.as_ref().map(Input::to_text),
            "1",
        ),
        (
            "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
            target.routing_failover_percent.as_ref().map(Input::to_text),
            "off",
        ),
    ]
}

fn flag(value: bool) -> Value {
    Value::from(if value { "true" } else { "false" })
}

fn check_target(scope: &mut Scope<'_>, route: &Route<'_>, shared: bool) {
    let target = &route.spec.target;
    if target.preserve_client_ip == Some(false) && route.target_protocol.carries_datagrams() {
        let message = format!("`{}` always preserves the client's address", route.target_protocol.name());
        scope.error(codes::CLIENT_IP_ALWAYS_PRESERVED, "target/preserveClientIp", message, "remove it");
    }
    check_stickiness(scope, route, shared);
    check_draining(scope, route);
    check_thresholds(scope, target);
    check_health_of_route(scope, route);
}

fn check_stickiness(scope: &mut Scope<'_>, route: &Route<'_>, shared: bool) {
    if !route.spec.target.sticky {
        return;
    }
    if route.protocol == Protocol::Tls {
        let help = "remove `sticky`, or end TLS in the task with `protocol: tcp`";
        scope.error(codes::STICKY_WITH_TLS, "target/sticky", "a TLS listener cannot keep clients at one task", help);
    } else if shared {
        let message = "through PrivateLink all consumers of a zone have the same few source addresses";
        let help = "remove `sticky`, or expect the load to be uneven";
        scope.warn(codes::STICKY_THROUGH_PRIVATE_LINK, "target/sticky", message, help);
    }
}

fn check_draining(scope: &mut Scope<'_>, route: &Route<'_>) {
    let target = &route.spec.target;
    if target.unhealthy_draining_seconds.number() == Some(0) {
        return;
    }
    let at = "target/unhealthyDrainingSeconds";
    if route.target_protocol.carries_datagrams() {
        let message = format!("a target group with `{}` does not have this", route.target_protocol.name());
        scope.error(codes::DRAINING_WITH_TERMINATION, at, message, "remove it");
    } else if target.unhealthy_termination {
        let message = "connections to an unhealthy task are closed at once";
        scope.error(codes::DRAINING_WITH_TERMINATION, at, message, "set `unhealthyTermination: false`");
    }
}

/// AWS compares like with like; a count that is left out is 1, and a percentage that is left out is off.
fn check_thresholds(scope: &mut Scope<'_>, target: &Target) {
    let count = |count: &Option<Input<Whole<1, 5000>>>| count.as_ref().map_or(Some(1), Input::number);
    let percentage = |percent: &Option<Input<Whole<1, 100>>>| percent.as_ref().and_then(Input::number);
    if let (Some(dns), Some(routing)) = (count(&target.dns_failover_count), count(&target.routing_failover_count))
        && dns < routing
    {
        let message = format!("DNS leaves a zone out below {dns} healthy tasks, routing fails over below {routing}");
        let help = format!("set `dnsFailoverCount` to {routing} or more");
        scope.error(codes::FAILOVER_THRESHOLDS, "target/routingFailoverCount", message, help);
    }
    let percentages = (percentage(&target.dns_failover_percent), percentage(&target.routing_failover_percent));
    if let (Some(dns), Some(routing)) = percentages
        && dns < routing
    {
        let message = format!("DNS leaves a zone out below {dns} %, routing fails over below {routing} %");
        let help = format!("set `dnsFailoverPercent` to {routing} or more");
        scope.error(codes::FAILOVER_THRESHOLDS, "target/routingFailoverPercent", message, help);
    }
}

fn check_health_of_route(scope: &mut Scope<'_>, route: &Route<'_>) {
    let health = &route.backend.service.health;
    if route.target_protocol == Protocol::Udp && health.port.is_none() && route.is_spoken() {
        let message = format!("the health of `{}` is asked for over TCP on its UDP port", route.name);
        let help = format!("set `services.{}.health.port` to a TCP port that tells whether the task works", route.name);
        scope.warn(codes::UDP_HEALTH_CHECK, "to", message, help);
    }
    if route.spec.target.proxy_protocol && health_protocol(health).asks_for_a_path() {
        let message = "HTTP health checks begin with a PROXY protocol header too";
        let help = format!("let the server read it, or check the health of `{}` over TCP", route.name);
        scope.warn(codes::PROXY_PROTOCOL_HEALTH, "target/proxyProtocol", message, help);
    }
}

/// Checks the health check of a service; the origin of `scope` is that health check.
pub(super) fn check_health(scope: &mut Scope<'_>, health: &HealthCheck) {
    if let (Some(timeout), Some(interval)) = (health.timeout.number(), health.interval.number())
        && timeout > interval
    {
        let message = format!("a check may take {timeout} seconds, but the next comes after {interval}");
        scope.error(codes::HEALTH_CHECK_TIMEOUT, "timeout", message, "give a timeout of at most the interval");
    }
    let has_path = health_protocol(health).asks_for_a_path();
    if let Some(path) = &health.path {
        check_path(scope, path.known().map(AsRef::as_ref), has_path);
    }
    let Some(codes) = &health.codes else { return };
    if !has_path {
        let help = "set `path`, or remove `codes`";
        scope.error(codes::HEALTH_CHECK_PATH, "codes", "a TCP health check has no status codes", help);
    } else if let Some((codes, Err(why))) = codes.known().map(|codes| (codes, check_codes(codes))) {
        let message = format!("`{codes}` are no status codes: {why}");
        scope.error(codes::HEALTH_CHECK_CODES, "codes", message, "write them like `200`, `200,204` or `200-299`");
    }
}

fn check_path(scope: &mut Scope<'_>, path: Option<&str>, has_path: bool) {
    if !has_path {
        let help = "set `protocol` to `http` or `https`, or remove `path`";
        scope.error(codes::HEALTH_CHECK_PATH, "path", "a TCP health check has no path", help);
        return;
    }
    let Some(path) = path else { return };
    if !path.starts_with('/') || !health_check::PATH_LENGTH.contains(&path.chars().count()) {
        let message = format!("`{path}` is no path for a health check");
        scope.error(codes::HEALTH_CHECK_PATH, "path", message, "begin it with `/`, with at most 1024 characters");
    }
}

/// Source of the form: Elastic Load Balancing API reference, Matcher.
fn check_codes(codes: &str) -> Result<(), String> {
    for part in codes.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (status(first)?, status(last)?);
        if first > last {
            return Err(format!("`{part}` runs backwards"));
        }
    }
    Ok(())
}

fn status(text: &str) -> Result<u32, String> {
    let code = text.parse::<u32>().ok().filter(|_| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit()));
    let code = code.filter(|code| health_check::STATUS_CODES.contains(code));
    code.ok_or_else(|| format!("`{text}` is not a number from 200 to 599"))
}

#[cfg(test)]
mod tests {
    use crate::aws::load_balancer_attributes::{self as facts, AttributeError};

    use super::*;

    const PROTOCOLS: [Protocol; 4] = [Protocol::Tcp, Protocol::Tls, Protocol::Udp, Protocol::TcpUdp];

    fn written(target: &Target, protocol: Protocol) -> Vec<(String, String)> {
        let text = |value: &Value, key| value.get(key).and_then(Value::as_str).unwrap().to_owned();
        let list = attributes(target, protocol).into_iter().map(Value::from);
        list.map(|attribute| (text(&attribute, "Key"), text(&attribute, "Value"))).collect()
    }

    fn judge(target: &Target, protocol: Protocol) -> Vec<(String, AttributeError)> {
        let checked = written(target, protocol).into_iter().filter_map(|(key, value)| {
            facts::check(facts::Scope::TargetGroup, &key, &value, Some(protocol)).err().map(|error| (key, error))
        });
        checked.collect()
    }

    #[test]
    fn every_attribute_exists_for_its_protocol_with_its_value() {
        let everything = Target {
            preserve_client_ip: Some(true),
            proxy_protocol: true,
            sticky: true,
            cross_zone: Some(false),
            unhealthy_termination: false,
            unhealthy_draining_seconds: 60.into(),
            dns_failover_count: Some(3.into()),
            dns_failover_percent: Some(50.into()),
            routing_failover_count: Some(2.into()),
            routing_failover_percent: Some(25.into()),
            ..Target::default()
        };
        for protocol in PROTOCOLS {
            assert_eq!(judge(&Target::default(), protocol), [], "{protocol:?}");
            assert_eq!(judge(&everything, protocol), [], "{protocol:?}");
        }
    }

    #[test]
    fn every_attribute_of_a_target_group_is_written() {
        let target = Target { unhealthy_termination: false, ..Target::default() };
        let keys: Vec<String> = written(&target, Protocol::Tcp).into_iter().map(|(key, _)| key).collect();
        for attribute in facts::TARGET_GROUP {
            assert!(keys.iter().any(|key| key == attribute.key), "{}", attribute.key);
        }
    }

    #[test]
    fn a_path_makes_the_health_check_http() {
        let with_path = HealthCheck { path: Some("/healthz".into()), ..HealthCheck::default() };
        assert_eq!(health_protocol(&with_path), HealthCheckProtocol::Http);
        assert_eq!(health_protocol(&HealthCheck::default()), HealthCheckProtocol::Tcp);
        let over_tls = HealthCheck { protocol: Some(HealthProtocol::Https), ..with_path };
        assert_eq!(health_protocol(&over_tls), HealthCheckProtocol::Https);
    }

    #[test]
    fn status_codes_are_single_or_ranges() {
        for codes in ["200", "200,204", "200-299", "200,300-399"] {
            assert_eq!(check_codes(codes), Ok(()), "{codes}");
        }
        for codes in ["", "2xx", "199", "600", "300-200", "200,", "+200", "200-299-301"] {
            assert!(check_codes(codes).is_err(), "{codes}");
        }
    }
}
