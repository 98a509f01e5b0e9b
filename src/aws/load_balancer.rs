//! Network Load Balancers: protocols, health checks, names and quotas.

use std::ops::RangeInclusive;

/// A protocol of a listener or target group of a Network Load Balancer.
///
/// Source: `elasticloadbalancing/latest/network/load-balancer-listeners` (2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// TCP, passed on as it is.
    Tcp,
    /// TLS, ended at the load balancer.
    Tls,
    /// UDP.
    Udp,
    /// TCP and UDP on the same port.
    TcpUdp,
    /// QUIC version 1, passed on as it is.
    Quic,
    /// TCP and QUIC on the same port.
    TcpQuic,
}

use Protocol::{Quic, Tcp, TcpQuic, TcpUdp, Tls, Udp};

impl Protocol {
    /// All protocols.
    pub const ALL: &[Self] = &[Tcp, Tls, Udp, TcpUdp, Quic, TcpQuic];

    /// Its name in the API and in templates.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Tcp => "TCP",
            Tls => "TLS",
            Udp => "UDP",
            TcpUdp => "TCP_UDP",
            Quic => "QUIC",
            TcpQuic => "TCP_QUIC",
        }
    }

    /// The protocol with this name, which is written in capitals.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|protocol| protocol.name() == name)
    }

    /// The protocols that a target group may have behind a listener with this one.
    ///
    /// Source: `elasticloadbalancing/latest/network/load-balancer-target-groups` (2026), the table under "Routing
    /// configuration". Targets of type `alb` are left out: they take TCP only.
    #[must_use]
    pub const fn target_group_protocols(self) -> &'static [Self] {
        match self {
            Tcp => &[Tcp, TcpUdp, TcpQuic],
            Tls => &[Tcp, Tls],
            Udp => &[Udp, TcpUdp],
            TcpUdp => &[TcpUdp],
            Quic => &[Quic, TcpQuic],
            TcpQuic => &[TcpQuic],
        }
    }

    /// Whether it carries UDP datagrams, QUIC's included.
    #[must_use]
    pub const fn carries_datagrams(self) -> bool {
        !matches!(self, Tcp | Tls)
    }

    /// Whether it carries TCP connections.
    #[must_use]
    pub const fn carries_tcp(self) -> bool {
        !matches!(self, Udp | Quic)
    }

    /// Whether it carries QUIC. Such a listener cannot be on a load balancer that has security groups or is dual-stack,
    /// nor beside UDP listeners, nor be a second one. Source: `elasticloadbalancing/latest/network/create-listener`
    /// (2026).
    #[must_use]
    pub const fn carries_quic(self) -> bool {
        matches!(self, Quic | TcpQuic)
    }

    /// The protocol that target groups have by nature behind this listener: TLS ends at the load balancer, so plain TCP.
    #[must_use]
    pub const fn usual_target_group_protocol(self) -> Self {
        match self {
            Tls => Tcp,
            other => other,
        }
    }
}

/// What a load balancer asks targets with to see whether they are healthy.
///
/// Source: botocore 1.44.5, shape `CreateTargetGroupInput`; there is no health check over TLS, UDP or QUIC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HealthCheckProtocol {
    /// Opens a connection. The default.
    Tcp,
    /// Asks for a path.
    Http,
    /// Asks for a path over TLS; the target must take TLS 1.2, not 1.3 alone. Source:
    /// `elasticloadbalancing/latest/network/target-group-health-checks` (2026).
    Https,
}

impl HealthCheckProtocol {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Tcp, Self::Http, Self::Https];

    /// Its name in the API and in templates.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Http => "HTTP",
            Self::Https => "HTTPS",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|protocol| protocol.name() == name)
    }

    /// Whether it has a path and a matcher.
    #[must_use]
    pub const fn asks_for_a_path(self) -> bool {
        matches!(self, Self::Http | Self::Https)
    }

    /// Seconds until a check has failed when not set. Source: botocore 1.44.5, shape `CreateTargetGroupInput`.
    #[must_use]
    pub const fn timeout_default(self) -> u32 {
        match self {
            Self::Http => 6,
            Self::Tcp | Self::Https => 10,
        }
    }
}

/// The limits of health checks of target groups. Source: botocore 1.44.5, shape `CreateTargetGroupInput`.
pub mod health_check {
    use std::ops::RangeInclusive;

    /// Seconds between checks of one target by one node.
    pub const INTERVAL: RangeInclusive<u32> = 5..=300;
    /// The same when not set.
    pub const INTERVAL_DEFAULT: u32 = 30;
    /// Seconds until a check has failed; no longer than the interval.
    pub const TIMEOUT: RangeInclusive<u32> = 2..=120;
    /// Successes in a row until a target is healthy.
    pub const HEALTHY_THRESHOLD: RangeInclusive<u32> = 2..=10;
    /// The same when not set.
    pub const HEALTHY_THRESHOLD_DEFAULT: u32 = 5;
    /// Failures in a row until a target is unhealthy.
    pub const UNHEALTHY_THRESHOLD: RangeInclusive<u32> = 2..=10;
    /// The same when not set.
    pub const UNHEALTHY_THRESHOLD_DEFAULT: u32 = 2;
    /// How many characters a path has.
    pub const PATH_LENGTH: RangeInclusive<usize> = 1..=1024;
    /// The path when not set.
    pub const PATH_DEFAULT: &str = "/";
    /// The port when not set: the one that the target takes traffic on.
    pub const PORT_DEFAULT: &str = "traffic-port";
    /// The status codes that a matcher may have.
    pub const STATUS_CODES: RangeInclusive<u32> = 200..=599;
    /// The matcher of a target group of a Network Load Balancer when not set. Source:
    /// `elasticloadbalancing/latest/network/target-group-health-checks` (2026).
    pub const MATCHER_DEFAULT: &str = "200-399";
}

/// Ports of listeners and target groups. Source: botocore 1.44.5, shape `Port` of ELBv2.
pub const PORTS: RangeInclusive<u32> = 1..=65535;

/// Weights of target groups in one action. Source: `elasticloadbalancing/latest/network/load-balancer-listeners` (2026).
pub const TARGET_GROUP_WEIGHT: RangeInclusive<u32> = 0..=999;

/// Seconds that an idle UDP flow is kept; fixed. Source: `elasticloadbalancing/latest/network/network-load-balancers`
/// (2026).
pub const UDP_IDLE_TIMEOUT: u32 = 120;

/// Seconds that an idle TLS connection is kept; fixed. Same source.
pub const TLS_IDLE_TIMEOUT: u32 = 350;

/// Connections at the same time, and roughly per minute, that one node can hold to one target (address and port) while
/// client addresses are not preserved, as for all that comes through PrivateLink. Source:
/// `elasticloadbalancing/latest/network/edit-target-group-attributes` (2026).
pub const CONNECTIONS_PER_TARGET: u32 = 55_000;

/// How many characters the name of a load balancer or target group has. Source: botocore 1.44.5, shapes
/// `CreateLoadBalancerInput` and `CreateTargetGroupInput`.
pub const NAME_LENGTH: RangeInclusive<usize> = 1..=32;

/// What is wrong with the name of a load balancer or target group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// It is empty or longer than 32 characters.
    Length,
    /// It has a character other than letters, digits and hyphens.
    Character(char),
    /// It begins or ends with a hyphen.
    Hyphen,
    /// It begins with `internal-`, which only target groups may.
    Internal,
}

/// Checks the name of a load balancer.
///
/// # Errors
///
/// The first thing that AWS would refuse. Source: botocore 1.44.5, shape `CreateLoadBalancerInput`.
pub fn check_load_balancer_name(name: &str) -> Result<(), NameError> {
    check_target_group_name(name)?;
    if name.starts_with("internal-") { Err(NameError::Internal) } else { Ok(()) }
}

/// Checks the name of a target group.
///
/// # Errors
///
/// The first thing that AWS would refuse. Source: botocore 1.44.5, shape `CreateTargetGroupInput`.
pub fn check_target_group_name(name: &str) -> Result<(), NameError> {
    if !NAME_LENGTH.contains(&name.chars().count()) {
        return Err(NameError::Length);
    }
    if let Some(stray) = name.chars().find(|character| !character.is_ascii_alphanumeric() && *character != '-') {
        return Err(NameError::Character(stray));
    }
    if name.starts_with('-') || name.ends_with('-') { Err(NameError::Hyphen) } else { Ok(()) }
}

/// The Application-Layer Protocol Negotiation policies of TLS listeners; `None` is the default. Source:
/// `elasticloadbalancing/latest/network/load-balancer-listeners` (2026).
pub const ALPN_POLICIES: &[&str] = &["HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None"];

/// Default quotas. Source: `elasticloadbalancing/latest/network/load-balancer-limits` (2026).
pub mod quotas {
    /// Network Load Balancers per Region; adjustable.
    pub const LOAD_BALANCERS_PER_REGION: u32 = 50;
    /// Listeners of one load balancer; fixed. PrivateLink takes no load balancer with more.
    pub const LISTENERS: u32 = 50;
    /// Certificates of one load balancer, over all listeners, the default ones not counted; adjustable.
    pub const CERTIFICATES: u32 = 25;
    /// Targets of one load balancer in one Availability Zone; adjustable. A target counts once for each target group.
    pub const TARGETS_PER_ZONE: u32 = 500;
    /// Targets of one load balancer; adjustable.
    pub const TARGETS: u32 = 3_000;
    /// Targets of one load balancer that balances across zones, in all zones together.
    pub const TARGETS_ACROSS_ZONES: u32 = 500;
    /// Targets of one target group; adjustable.
    pub const TARGETS_PER_TARGET_GROUP: u32 = 1_000;
    /// Target groups per Region, Application Load Balancers' included; adjustable.
    pub const TARGET_GROUPS_PER_REGION: u32 = 3_000;
    /// Network interfaces of Network Load Balancers in one VPC, one for each zone of each; adjustable.
    pub const NETWORK_INTERFACES_PER_VPC: u32 = 1_200;
    /// Reserved capacity units of one load balancer in one zone; adjustable.
    pub const RESERVED_CAPACITY_UNITS_PER_ZONE: u32 = 45_000;
}

/// The smallest capacity that can be reserved, in capacity units per zone. Source: the checks of
/// `NetworkLoadBalancer` in aws-cdk-lib 2.276.0.
pub const LEAST_RESERVED_CAPACITY_UNITS: u32 = 2_750;

/// Free IPv4 addresses that a subnet needs for a node whose address AWS chooses. Source:
/// `elasticloadbalancing/latest/network/availability-zones` (2026).
pub const FREE_ADDRESSES_PER_SUBNET: u32 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_protocols() {
        for protocol in Protocol::ALL {
            assert_eq!(Protocol::from_name(protocol.name()), Some(*protocol));
        }
        assert_eq!(Protocol::from_name("tcp"), None);
        assert_eq!(Protocol::from_name("HTTP"), None);
        for protocol in HealthCheckProtocol::ALL {
            assert_eq!(HealthCheckProtocol::from_name(protocol.name()), Some(*protocol));
        }
    }

    #[test]
    fn a_target_group_carries_what_its_listener_carries() {
        for listener in Protocol::ALL {
            let groups = listener.target_group_protocols();
            assert!(groups.contains(&listener.usual_target_group_protocol()));
            for group in groups {
                assert!(group.carries_tcp() >= listener.carries_tcp(), "{listener:?} {group:?}");
                assert!(group.carries_datagrams() >= listener.carries_datagrams(), "{listener:?} {group:?}");
            }
        }
        assert!(!Udp.target_group_protocols().contains(&Tcp));
        assert!(!TcpUdp.target_group_protocols().contains(&Udp));
        assert!(!Tcp.target_group_protocols().contains(&Tls));
    }

    #[test]
    fn names_of_32_characters_are_the_longest() {
        assert_eq!(check_load_balancer_name(&"a".repeat(32)), Ok(()));
        assert_eq!(check_load_balancer_name(&"a".repeat(33)), Err(NameError::Length));
        assert_eq!(check_load_balancer_name(""), Err(NameError::Length));
        assert_eq!(check_load_balancer_name("pay_ments"), Err(NameError::Character('_')));
        assert_eq!(check_load_balancer_name("-a"), Err(NameError::Hyphen));
        assert_eq!(check_load_balancer_name("internal-a"), Err(NameError::Internal));
        assert_eq!(check_target_group_name("internal-a"), Ok(()));
    }
}
