//! The two ends of traffic, and the traffic.

use super::headers::{Addresses, Axis, Block, Family, Headers, Range};
use super::{Doubt, Reason};
use crate::model::Gather as _;
use crate::model::{Because, Identity, ResourceId};

/// A protocol above IP, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Protocol(pub u8);

impl Protocol {
    /// TCP.
    pub const TCP: Self = Self(6);
    /// UDP, and QUIC with it.
    pub const UDP: Self = Self(17);
    /// ICMP.
    pub const ICMP: Self = Self(1);
    /// ICMP for IPv6.
    pub const ICMPV6: Self = Self(58);

    /// Its place on the axis of protocols.
    #[must_use]
    pub const fn range(self) -> Range {
        Range::one(self.0 as u128)
    }

    /// Whether it has ports, or types of messages in their place.
    #[must_use]
    pub const fn has_ports(self) -> bool {
        matches!(self, Self::TCP | Self::UDP | Self::ICMP | Self::ICMPV6)
    }
}

/// One kind of traffic: what is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Traffic {
    /// The family of the addresses.
    pub family: Family,
    /// The protocol; all of them when there is none.
    pub protocol: Option<Protocol>,
    /// The destination ports.
    pub ports: Range,
}

impl Traffic {
    /// TCP over IPv4 to a port.
    #[must_use]
    pub const fn tcp(port: u16) -> Self {
        Self::new(Protocol::TCP, port)
    }

    /// A protocol over IPv4 to a port.
    #[must_use]
    pub const fn new(protocol: Protocol, port: u16) -> Self {
        Self { family: Family::V4, protocol: Some(protocol), ports: Range::one(port as u128) }
    }

    /// All of a protocol over a family.
    #[must_use]
    pub const fn any(family: Family, protocol: Protocol) -> Self {
        Self { family, protocol: Some(protocol), ports: Range::new(0, 65_535) }
    }

    /// The port, when it is one.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        (self.ports.first == self.ports.last).then(|| u16::try_from(self.ports.first).ok()).flatten()
    }

    /// Its headers from one end to the other.
    #[must_use]
    pub fn headers(&self, from: &Party<'_>, to: &Party<'_>) -> Headers {
        let base = Block::ALL.with(Axis::DestinationPort, self.ports).with(Axis::SourcePort, from.client_ports);
        let base = self.protocol.map_or(base, |protocol| base.protocol(protocol));
        let of = |addresses: &Addresses| addresses.family == self.family;
        let sources = from.addresses.iter().copied().filter(of);
        let pairs = sources.flat_map(|source| {
            let ends = to.addresses.iter().copied().filter(of);
            ends.map(move |destination| base.from(source).to(destination))
        });
        pairs.gather()
    }
}

/// The ports from which clients send, and to which replies go.
pub mod client_ports {
    use super::Range;

    /// Of Linux, which is what Fargate runs. Source: the kernel's default of `ip_local_port_range`.
    pub const LINUX: Range = Range::new(32_768, 60_999);
    /// Of load balancers, NAT gateways and functions, and of clients of which nothing is known. Source:
    /// `vpc/latest/userguide/custom-network-acl` (2026), on ephemeral ports.
    pub const ANY: Range = Range::new(1_024, 65_535);
}

/// The security groups of network interfaces.
#[derive(Clone, Debug, PartialEq)]
pub enum Groups<'a> {
    /// There are none: everything passes, and no rule that names a group means it.
    None,
    /// These.
    Of(Vec<Identity<'a>>),
    /// Some, but which is not known.
    Unknown(Because<'a>),
}

/// One end of traffic.
#[derive(Clone, Debug, PartialEq)]
pub struct Party<'a> {
    /// The resource whose network interfaces these are, when it is of the app.
    pub resource: Option<ResourceId>,
    /// The subnet in which they are.
    pub subnet: Option<Identity<'a>>,
    /// The VPC in which they are.
    pub vpc: Option<Identity<'a>>,
    /// The addresses that they may have: never too few, perhaps too many.
    pub addresses: Vec<Addresses>,
    /// Why the addresses may be too many.
    pub doubt: Option<Doubt<'a>>,
    /// Their security groups.
    pub groups: Groups<'a>,
    /// The service of AWS that they are, by the key of its endpoints: its public addresses are those of its prefix list.
    pub service: Option<&'static str>,
    /// Whether they have a public IPv4 address, when that is known.
    pub is_public: Option<bool>,
    /// The ports from which they send.
    pub client_ports: Range,
}

impl<'a> Party<'a> {
    /// Something at these addresses, of which nothing else is known.
    #[must_use]
    pub const fn at(addresses: Vec<Addresses>) -> Self {
        Self {
            resource: None,
            subnet: None,
            vpc: None,
            addresses,
            doubt: None,
            groups: Groups::None,
            service: None,
            is_public: None,
            client_ports: client_ports::ANY,
        }
    }

    /// The internet: all public addresses.
    #[must_use]
    pub fn internet() -> Self {
        Self::at(PUBLIC.to_vec())
    }

    /// The public addresses of a service of AWS: some of those of the internet.
    #[must_use]
    pub fn public_service(service: &'static str) -> Self {
        Self { service: Some(service), doubt: Some(Doubt::about(Reason::Opaque)), ..Self::internet() }
    }

    /// Public addresses that are not those of a service of AWS in the Region: other registries, other Regions.
    #[must_use]
    pub fn elsewhere() -> Self {
        Self { service: Some(""), ..Self::internet() }
    }

    /// Whether it may have a public address.
    #[must_use]
    pub fn may_be_public(&self) -> bool {
        self.addresses.iter().any(|one| PUBLIC.iter().any(|other| one.meets(*other)))
    }

    /// Whether all that decides about traffic is the same of both: everything but which resource it is.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let Self { resource: _, subnet, vpc, addresses, doubt, groups, service, is_public, client_ports } = self;
        *subnet == other.subnet
            && *groups == other.groups
            && *vpc == other.vpc
            && *addresses == other.addresses
            && *doubt == other.doubt
            && *service == other.service
            && *is_public == other.is_public
            && *client_ports == other.client_ports
    }

    /// Whether both are surely in the same subnet.
    #[must_use]
    pub fn shares_subnet_with(&self, other: &Self) -> bool {
        self.subnet.is_some() && self.subnet == other.subnet
    }
}

/// The public addresses: of IPv4 all but those for private networks, for carriers, for the host itself and for multicast; of
/// IPv6 `2000::/3`. Sources: RFC 6890, RFC 4291.
const PUBLIC: &[Addresses] = &[
    public(0x0100_0000, 0x09ff_ffff),
    public(0x0b00_0000, 0x643f_ffff),
    public(0x6480_0000, 0x7eff_ffff),
    public(0x8000_0000, 0xa9fd_ffff),
    public(0xa9ff_0000, 0xac0f_ffff),
    public(0xac20_0000, 0xc0a7_ffff),
    public(0xc0a9_0000, 0xdfff_ffff),
    Addresses { family: Family::V6, range: Range::new(1 << 125, (1 << 126) - 1) },
];

const fn public(first: u128, last: u128) -> Addresses {
    Addresses { family: Family::V4, range: Range::new(first, last) }
}
