//! Attributes of Network Load Balancers, their target groups and their listeners: the keys and values that AWS takes.

use std::ops::RangeInclusive;

use super::load_balancer::Protocol::{self, Quic, Tcp, TcpQuic, TcpUdp, Tls, Udp};

/// What an attribute belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// `LoadBalancerAttributes` of a load balancer.
    LoadBalancer,
    /// `TargetGroupAttributes` of a target group.
    TargetGroup,
    /// `ListenerAttributes` of a listener.
    Listener,
}

/// The values that an attribute takes. All are written as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// `true` or `false`.
    Flag,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A whole number.
    Number(RangeInclusive<u32>),
    /// `off` or a whole number.
    OffOr(RangeInclusive<u32>),
    /// Any text.
    Text,
}

/// An attribute that a Network Load Balancer knows.
#[derive(Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its key.
    pub key: &'static str,
    /// What it may be set to.
    pub values: Values,
    /// What it is when not set; `None` when that depends on the target type or protocol, or when it has no value.
    pub default: Option<&'static str>,
    /// The protocols (of the target group or listener) that it can be set for.
    pub protocols: &'static [Protocol],
}

const EVERY: &[Protocol] = Protocol::ALL;
const NOT_QUIC: &[Protocol] = &[Tcp, Tls, Udp, TcpUdp];

const fn attribute(
    key: &'static str,
    values: Values,
    default: Option<&'static str>,
    protocols: &'static [Protocol],
) -> Attribute {
    Attribute { key, values, default, protocols }
}

const fn flag(key: &'static str, default: Option<&'static str>, protocols: &'static [Protocol]) -> Attribute {
    attribute(key, Values::Flag, default, protocols)
}

/// More targets than one target group can have after every quota was raised.
const MANY_TARGETS: u32 = 100_000;

/// Attributes of a load balancer. Source: botocore 1.44.5, shape `LoadBalancerAttribute`; the default of
/// `dns_record.client_routing_policy` is in aws-cdk-lib 2.276.0, `NetworkLoadBalancerProps`.
pub static LOAD_BALANCER: &[Attribute] = &[
    attribute("access_logs.s3.bucket", Values::Text, None, EVERY),
    flag("access_logs.s3.enabled", Some("false"), EVERY),
    attribute("access_logs.s3.prefix", Values::Text, None, EVERY),
    flag("deletion_protection.enabled", Some("false"), EVERY),
    attribute(
        "dns_record.client_routing_policy",
        Values::OneOf(&["any_availability_zone", "availability_zone_affinity", "partial_availability_zone_affinity"]),
        Some("any_availability_zone"),
        EVERY,
    ),
    // True for an internal load balancer, false for an internet-facing one.
    flag("ipv6.deny_all_igw_traffic", None, EVERY),
    flag("load_balancing.cross_zone.enabled", Some("false"), EVERY),
    // Can only be raised once it is set.
    attribute("secondary_ips.auto_assigned.per_subnet", Values::Number(0..=7), Some("0"), EVERY),
    flag("zonal_shift.config.enabled", Some("false"), EVERY),
];

/// Attributes of a target group with targets of type `ip` or `instance`; those of type `alb` cannot be changed.
///
/// Source: botocore 1.44.5, shape `TargetGroupAttribute`, and
/// `elasticloadbalancing/latest/network/load-balancer-target-groups` (2026) for what QUIC takes away.
pub static TARGET_GROUP: &[Attribute] = &[
    // True for new target groups with UDP or TCP_UDP, otherwise false.
    flag("deregistration_delay.connection_termination.enabled", None, NOT_QUIC),
    attribute("deregistration_delay.timeout_seconds", Values::Number(0..=3600), Some("300"), NOT_QUIC),
    attribute(
        "load_balancing.cross_zone.enabled",
        Values::OneOf(&["true", "false", "use_load_balancer_configuration"]),
        Some("use_load_balancer_configuration"),
        EVERY,
    ),
    // False for `ip` with TCP or TLS, otherwise true; cannot be switched off where datagrams are carried.
    flag("preserve_client_ip.enabled", None, EVERY),
    flag("proxy_protocol_v2.enabled", Some("false"), NOT_QUIC),
    flag("stickiness.enabled", Some("false"), NOT_QUIC),
    attribute("stickiness.type", Values::OneOf(&["source_ip"]), Some("source_ip"), NOT_QUIC),
    attribute(
        "target_group_health.dns_failover.minimum_healthy_targets.count",
        Values::OffOr(1..=MANY_TARGETS),
        Some("1"),
        EVERY,
    ),
    attribute(
        "target_group_health.dns_failover.minimum_healthy_targets.percentage",
        Values::OffOr(1..=100),
        Some("off"),
        EVERY,
    ),
    attribute(
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count",
        Values::Number(1..=MANY_TARGETS),
        Some("1"),
        EVERY,
    ),
    attribute(
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
        Values::OffOr(1..=100),
        Some("off"),
        EVERY,
    ),
    flag("target_health_state.unhealthy.connection_termination.enabled", Some("true"), &[Tcp, Tls]),
    // Only beside `target_health_state.unhealthy.connection_termination.enabled: false`.
    attribute(
        "target_health_state.unhealthy.draining_interval_seconds",
        Values::Number(0..=360_000),
        Some("0"),
        &[Tcp, Tls],
    ),
];

/// Attributes of a listener. Source: botocore 1.44.5, shape `ListenerAttribute`; that a TLS listener cannot have it is in
/// `elasticloadbalancing/latest/network/update-idle-timeout` (2026).
pub static LISTENER: &[Attribute] =
    &[attribute("tcp.idle_timeout.seconds", Values::Number(60..=6000), Some("350"), &[Tcp, TcpUdp, TcpQuic])];

/// Attributes of a load balancer that another type of load balancer has. Source: botocore 1.44.5.
const OTHERS_OF_LOAD_BALANCER: &[&str] = &[
    "client_keep_alive.seconds",
    "connection_logs.s3.bucket",
    "connection_logs.s3.enabled",
    "connection_logs.s3.prefix",
    "health_check_logs.s3.bucket",
    "health_check_logs.s3.enabled",
    "health_check_logs.s3.prefix",
    "idle_timeout.timeout_seconds",
    "routing.http.desync_mitigation_mode",
    "routing.http.drop_invalid_header_fields.enabled",
    "routing.http.preserve_host_header.enabled",
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
    "routing.http.xff_client_port.enabled",
    "routing.http.xff_header_processing.mode",
    "routing.http2.enabled",
    "waf.fail_open.enabled",
];

/// Attributes of a target group that another type of load balancer has. Source: botocore 1.44.5.
const OTHERS_OF_TARGET_GROUP: &[&str] = &[
    "lambda.multi_value_headers.enabled",
    "load_balancing.algorithm.anomaly_mitigation",
    "load_balancing.algorithm.type",
    "send_tcp_reset.on_deregistration.enabled",
    "send_tcp_reset.on_unhealthy.enabled",
    "slow_start.duration_seconds",
    "stickiness.app_cookie.cookie_name",
    "stickiness.app_cookie.duration_seconds",
    "stickiness.lb_cookie.duration_seconds",
    "target_failover.on_deregistration",
    "target_failover.on_unhealthy",
];

/// Attributes of a listener that begin like this are of another type of load balancer. Source: botocore 1.44.5.
const OTHERS_OF_LISTENER: &[&str] = &["routing.http.", "send_tcp_reset.on_idle_timeout.enabled"];

impl Scope {
    /// The attributes that it has.
    #[must_use]
    pub fn attributes(self) -> &'static [Attribute] {
        match self {
            Self::LoadBalancer => LOAD_BALANCER,
            Self::TargetGroup => TARGET_GROUP,
            Self::Listener => LISTENER,
        }
    }

    fn is_of_another_load_balancer(self, key: &str) -> bool {
        match self {
            Self::LoadBalancer => OTHERS_OF_LOAD_BALANCER.contains(&key),
            Self::TargetGroup => OTHERS_OF_TARGET_GROUP.contains(&key),
            Self::Listener => OTHERS_OF_LISTENER.iter().any(|start| key.starts_with(start)),
        }
    }
}

impl Values {
    /// Whether `text` is one of these values, written as AWS writes them.
    #[must_use]
    pub fn contain(&self, text: &str) -> bool {
        match self {
            Self::Flag => matches!(text, "true" | "false"),
            Self::OneOf(words) => words.contains(&text),
            Self::Number(range) => is_number_in(text, range),
            Self::OffOr(range) => text == "off" || is_number_in(text, range),
            Self::Text => true,
        }
    }

    /// The values in words, such as ``a number from 60 to 6000``.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Flag => "`true` or `false`".to_owned(),
            Self::OneOf(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                words.join(" or ")
            }
            Self::Number(range) => format!("a number from {} to {}", range.start(), range.end()),
            Self::OffOr(range) if *range.end() >= MANY_TARGETS => format!("`off` or {} or more", range.start()),
            Self::OffOr(range) => format!("`off` or a number from {} to {}", range.start(), range.end()),
            Self::Text => "any text".to_owned(),
        }
    }
}

fn is_number_in(text: &str, range: &RangeInclusive<u32>) -> bool {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain && text.parse().is_ok_and(|number| range.contains(&number))
}

/// What is wrong with an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeError {
    /// No load balancer has it; the key of the same scope that is most alike, if one is.
    Unknown {
        /// A key to suggest.
        did_you_mean: Option<&'static str>,
    },
    /// An Application or Gateway Load Balancer has it.
    OfAnotherLoadBalancer,
    /// It exists, but not for this protocol.
    NotForProtocol(Protocol),
    /// The value is none of those that it takes.
    Value(&'static Attribute),
    /// It cannot be switched off where datagrams are carried.
    AlwaysOn,
}

/// The attribute with this key.
#[must_use]
pub fn find(scope: Scope, key: &str) -> Option<&'static Attribute> {
    scope.attributes().iter().find(|attribute| attribute.key == key)
}

/// Checks one attribute with its value, for a listener or target group of this protocol (`None` when it is not known, or
/// for a load balancer).
///
/// # Errors
///
/// The first thing that AWS would refuse.
pub fn check(scope: Scope, key: &str, value: &str, protocol: Option<Protocol>) -> Result<(), AttributeError> {
    let Some(attribute) = find(scope, key) else {
        if scope.is_of_another_load_balancer(key) {
            return Err(AttributeError::OfAnotherLoadBalancer);
        }
        return Err(AttributeError::Unknown { did_you_mean: most_alike(scope, key) });
    };
    if let Some(protocol) = protocol.filter(|protocol| !attribute.protocols.contains(protocol)) {
        return refuse_for_protocol(key, value, protocol);
    }
    if !attribute.values.contain(value) {
        return Err(AttributeError::Value(attribute));
    }
    let datagrams = protocol.is_some_and(Protocol::carries_datagrams);
    if key == "preserve_client_ip.enabled" && value == "false" && datagrams {
        return Err(AttributeError::AlwaysOn);
    }
    Ok(())
}

/// What AWS makes of an attribute that the protocol does not have: `false` for connection termination of UDP is what it
/// is anyway, and is taken.
fn refuse_for_protocol(key: &str, value: &str, protocol: Protocol) -> Result<(), AttributeError> {
    let is_what_it_is = key == "target_health_state.unhealthy.connection_termination.enabled"
        && matches!(protocol, Udp | TcpUdp | Quic | TcpQuic)
        && value == "false";
    if is_what_it_is { Ok(()) } else { Err(AttributeError::NotForProtocol(protocol)) }
}

fn most_alike(scope: Scope, key: &str) -> Option<&'static str> {
    const LEAST_ALIKE: f64 = 0.8;
    let wanted = key.to_ascii_lowercase();
    let scored = scope.attributes().iter().map(|attribute| (strsim::jaro(&wanted, attribute.key), attribute.key));
    let best = scored.max_by(|left, right| left.0.total_cmp(&right.0))?;
    (best.0 >= LEAST_ALIKE).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCOPES: [Scope; 3] = [Scope::LoadBalancer, Scope::TargetGroup, Scope::Listener];

    #[test]
    fn the_tables_are_sorted_and_defaults_are_values() {
        for scope in SCOPES {
            assert!(scope.attributes().is_sorted_by(|left, right| left.key < right.key));
            for attribute in scope.attributes() {
                assert!(attribute.default.is_none_or(|value| attribute.values.contain(value)), "{}", attribute.key);
                assert!(!scope.is_of_another_load_balancer(attribute.key), "{}", attribute.key);
            }
        }
    }

    #[test]
    fn values_are_held_to_their_range() {
        let seconds = "tcp.idle_timeout.seconds";
        for value in ["60", "6000", "350"] {
            assert_eq!(check(Scope::Listener, seconds, value, Some(Tcp)), Ok(()));
        }
        for value in ["59", "6001", "", "60s", "+60", "60.0", "99999999999"] {
            assert!(
                matches!(check(Scope::Listener, seconds, value, Some(Tcp)), Err(AttributeError::Value(_))),
                "{value}"
            );
        }
        let count = "target_group_health.dns_failover.minimum_healthy_targets.count";
        assert_eq!(check(Scope::TargetGroup, count, "off", None), Ok(()));
        assert!(check(Scope::TargetGroup, count, "0", None).is_err());
    }

    #[test]
    fn protocols_take_attributes_away() {
        assert_eq!(
            check(Scope::Listener, "tcp.idle_timeout.seconds", "350", Some(Tls)),
            Err(AttributeError::NotForProtocol(Tls))
        );
        assert_eq!(
            check(Scope::TargetGroup, "preserve_client_ip.enabled", "false", Some(Udp)),
            Err(AttributeError::AlwaysOn)
        );
        assert_eq!(check(Scope::TargetGroup, "preserve_client_ip.enabled", "false", Some(Tcp)), Ok(()));
        let terminate = "target_health_state.unhealthy.connection_termination.enabled";
        assert_eq!(
            check(Scope::TargetGroup, terminate, "true", Some(TcpUdp)),
            Err(AttributeError::NotForProtocol(TcpUdp))
        );
        assert_eq!(check(Scope::TargetGroup, terminate, "false", Some(TcpUdp)), Ok(()));
    }

    #[test]
    fn a_wrong_key_is_told_apart_from_one_of_another_load_balancer() {
        assert_eq!(
            check(Scope::TargetGroup, "deregistration_delay.timeout", "60", None),
            Err(AttributeError::Unknown { did_you_mean: Some("deregistration_delay.timeout_seconds") })
        );
        assert_eq!(
            check(Scope::LoadBalancer, "idle_timeout.timeout_seconds", "60", None),
            Err(AttributeError::OfAnotherLoadBalancer)
        );
        assert_eq!(
            check(Scope::Listener, "routing.http.response.server.enabled", "true", None),
            Err(AttributeError::OfAnotherLoadBalancer)
        );
        assert_eq!(check(Scope::Listener, "x", "true", None), Err(AttributeError::Unknown { did_you_mean: None }));
    }

    #[test]
    fn values_have_words() {
        assert_eq!(
            find(Scope::Listener, "tcp.idle_timeout.seconds").unwrap().values.describe(),
            "a number from 60 to 6000"
        );
        assert_eq!(Values::OffOr(1..=100).describe(), "`off` or a number from 1 to 100");
        assert_eq!(Values::OffOr(1..=MANY_TARGETS).describe(), "`off` or 1 or more");
    }
}
