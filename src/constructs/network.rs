//! The network in which tasks run: a new VPC without any way to or from the internet, or an existing one.

use std::str::FromStr as _;

use ipnet::Ipv4Net;

use crate::aws::subnets::{IPV6_SUBNET_PREFIX_LENGTH, RangeError, check_vpc_range, usable_addresses};
use crate::cfn::Gather as _;
use crate::cfn::{Function, LogicalId, Value};
use crate::diagnostics::codes;
use crate::resources::{Tag, ec2};
use crate::spec::text::Cidr;
use crate::spec::{self, Input};

use super::zones::{SLOTS, Zone, zones};
use super::{Scope, existing_network};

/// A network, new or existing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    /// The VPC.
    pub vpc_id: Value,
    /// The IPv4 ranges of the VPC.
    pub cidrs: Vec<Value>,
    /// The IPv6 range of the VPC, when it has one.
    pub ipv6_cidr: Option<Value>,
    /// What must exist before the IPv6 range of the VPC is known.
    pub ipv6_block: Option<LogicalId>,
    /// The subnets, one per Availability Zone.
    pub subnets: Vec<Subnet>,
    /// Whether the VPC was made by this construct.
    pub is_new: bool,
}

/// A subnet of a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subnet {
    /// The subnet.
    pub id: Value,
    /// Its IPv4 range, when it is known.
    pub cidr: Option<Value>,
    /// The prefix length of its IPv4 range, where that is decided here and the range is not.
    pub prefix_length: Option<u8>,
    /// Its IPv6 range, when it has one.
    pub ipv6_cidr: Option<Value>,
    /// Its Availability Zone, when it is known.
    pub availability_zone: Option<Value>,
    /// Its route table.
    pub route_table: Value,
    /// What must exist before anything in the subnet can reach anything: the association with the route table.
    pub ready: Vec<LogicalId>,
}

/// By how many bits a part's prefix is longer than that of the whole.
const SLOT_BITS: u8 = 3;

/// The prefix lengths that a new VPC may have. AWS takes /16 to /28, and each of the eight parts must hold the smallest
/// subnet, /28. Source: `vpc/latest/userguide/vpc-cidr-blocks` and `subnet-sizing`.
const VPC_PREFIXES: std::ops::RangeInclusive<u8> = 16..=25;

/// The prefix length of the subnets of a VPC whose range is known at deployment only, so that nobody can say what an eighth of
/// it is: three of them fit into a /22, and each has room for some 240 tasks.
const LATE_SUBNET_PREFIX: u8 = 24;

/// What a range falls back to when the one given cannot be used, so that the rest can be checked too.
const FALLBACK_RANGE: (u8, u8, u8, u8) = (10, 0, 0, 0);

/// How many free addresses a Network Load Balancer needs in each subnet. Source:
/// `elasticloadbalancing/latest/network/availability-zones`.
const LOAD_BALANCER_ADDRESSES: u64 = 8;

/// How many bits of an IPv6 address a subnet leaves for hosts.
const IPV6_HOST_BITS: u8 = 128 - IPV6_SUBNET_PREFIX_LENGTH;

impl Network {
    /// Makes the network that `props` describes, with its flow logs.
    ///
    /// A new VPC gets one isolated subnet per zone, each with a route table of its own that knows only the VPC, and no
    /// gateway to anywhere. Its default security group stays as AWS makes it: members may talk to each other and out, but
    /// nothing of this library is ever a member, and there is nowhere to go.
    ///
    /// The scope's origin is the member `network` of the spec.
    pub fn new(scope: &mut Scope<'_>, props: &spec::Network) -> Self {
        let mut scope = scope.construct("Network", "ringfence.Network");
        let network = match &props.existing {
            Some(existing) => {
                warn_of_ignored_settings(&mut scope, props);
                existing_network::network(&mut scope.made_from("existing"), existing)
            }
            None => new_network(&mut scope, props),
        };
        // Of several that were named, the others are wrong, which was said.
        let names_several = matches!(&props.azs, spec::Zones::Named(names) if names.len() > 1);
        if network.subnets.len() == 1 && !(network.is_new && names_several) {
            scope.warn(
                codes::network::SINGLE_ZONE,
                if network.is_new { "azs" } else { "existing/subnets" },
                "the network has a single availability zone, and is lost with it",
                "use at least two zones",
            );
        }
        network
    }

    /// The subnets' IDs.
    #[must_use]
    pub fn subnet_ids(&self) -> Vec<Value> {
        self.subnets.iter().map(|subnet| subnet.id.clone()).gather()
    }

    /// The route tables of the subnets, each once.
    #[must_use]
    pub fn route_tables(&self) -> Vec<Value> {
        let mut tables: Vec<Value> = Vec::new();
        for subnet in &self.subnets {
            if !tables.contains(&subnet.route_table) {
                tables.push(subnet.route_table.clone());
            }
        }
        tables
    }

    /// What must exist before anything in the network can reach anything.
    pub fn ready(&self) -> impl Iterator<Item = &LogicalId> {
        self.subnets.iter().flat_map(|subnet| &subnet.ready)
    }

    /// How many addresses the smallest subnet has for load balancer, endpoints and tasks; `None` when no range is known.
    #[must_use]
    pub fn usable_addresses(&self) -> Option<u64> {
        self.subnets.iter().filter_map(Subnet::usable_addresses).min()
    }

    /// Checks that every subnet whose range is known has room for the load balancer, for so many interface endpoints, and
    /// for its share of `tasks`: as many as may run at a time, those of a deployment included.
    ///
    /// The scope's origin is the member `network` of the spec.
    pub fn check_room(&self, scope: &mut Scope<'_>, interface_endpoints: usize, tasks: u64) {
        let Some(usable) = self.usable_addresses() else { return };
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let fixed = LOAD_BALANCER_ADDRESSES.saturating_add(count(interface_endpoints));
        let share = tasks.div_ceil(count(self.subnets.len()).max(1)).max(1);
        if fixed.saturating_add(share) <= usable {
            return;
        }
        let at = if self.is_new { "cidr" } else { "existing/subnets" };
        let message = format!(
            "the smallest subnet has {usable} addresses, and needs {LOAD_BALANCER_ADDRESSES} for the load balancer, \
             {interface_endpoints} for endpoints and {share} for tasks"
        );
        let help = if self.subnets.iter().any(|subnet| subnet.prefix_length.is_some()) {
            "write the range here, which is then cut into eight parts, or use fewer tasks and endpoints"
        } else {
            "use a larger range, or fewer tasks and endpoints"
        };
        if fixed < usable {
            scope.warn(codes::network::SUBNET_TOO_SMALL, at, message, help);
        } else {
            scope.error(codes::network::SUBNET_TOO_SMALL, at, message, help);
        }
    }
}

impl Subnet {
    /// How many of its IPv4 addresses can be given away; `None` when its range is not known.
    #[must_use]
    pub fn usable_addresses(&self) -> Option<u64> {
        let known = || Ipv4Net::from_str(self.cidr.as_ref()?.as_str()?).ok();
        let like = |length| Ipv4Net::new(std::net::Ipv4Addr::UNSPECIFIED, length).ok();
        let range = self.prefix_length.map_or_else(known, like)?;
        Some(u64::from(usable_addresses(range)))
    }
}

fn warn_of_ignored_settings(scope: &mut Scope<'_>, props: &spec::Network) {
    let defaults = spec::Network::default();
    let ignored = [("cidr", props.cidr != defaults.cidr), ("azs", props.azs != defaults.azs), ("ipv6", props.ipv6)];
    for (at, _) in ignored.into_iter().filter(|(_, is_set)| *is_set) {
        let message = format!("`{at}` has no effect on a network that exists already");
        let help = "remove it: what the network has is said under `existing`";
        scope.warn(codes::network::IGNORED_NETWORK_SETTING, at, message, help);
    }
}

fn new_network(scope: &mut Scope<'_>, props: &spec::Network) -> Network {
    let range = Range::of(scope, &props.cidr);
    let zones = zones(scope, &props.azs);
    let name = Value::from(format!("{}/{}", scope.stack().name(), scope.path()));
    let vpc = ec2::Vpc::new()
        .cidr_block(range.of_vpc())
        .enable_dns_support(true)
        .enable_dns_hostnames(true)
        .tags([name_tag(name)]);
    let vpc = scope.add("Vpc", vpc);
    let ipv6_block = props.ipv6.then(|| {
        let block = ec2::VpcCidrBlock::new().vpc_id(vpc.reference()).amazon_provided_ipv6_cidr_block(true);
        scope.add("Ipv6Block", block)
    });
    let subnets = zones.iter().map(|zone| new_subnet(scope, &vpc, &range, zone, ipv6_block.as_ref())).gather();
    Network {
        vpc_id: vpc.reference(),
        cidrs: vec![range.by_reference(&vpc)],
        ipv6_cidr: ipv6_block.is_some().then(|| vpc_ipv6_range(&vpc)),
        ipv6_block,
        subnets,
        is_new: true,
    }
}

/// The IPv4 range of a new VPC.
enum Range {
    /// One that is known now.
    Known(Ipv4Net),
    /// One that is known at deployment only.
    Late(Value),
}

impl Range {
    fn of(scope: &mut Scope<'_>, cidr: &Input<Cidr>) -> Self {
        match cidr {
            Input::Known(cidr) => Self::Known(vpc_range(scope, cidr)),
            Input::Token(token) => Self::Late(token.clone()),
        }
    }

    fn of_vpc(&self) -> Value {
        match self {
            Self::Known(range) => Value::from(range.to_string()),
            Self::Late(token) => token.clone(),
        }
    }

    /// The range for whatever names the addresses of the VPC.
    fn by_reference(&self, vpc: &LogicalId) -> Value {
        match self {
            Self::Known(range) => Value::from(range.to_string()),
            Self::Late(_) => vpc.attribute(ec2::Vpc::ATTR_CIDR_BLOCK),
        }
    }

    /// The part that belongs to the zone with this number.
    fn part(&self, vpc: &LogicalId, slot: u8) -> Value {
        match self {
            Self::Known(range) => Value::from(slot_range(*range, slot).to_string()),
            Self::Late(_) => {
                // No more parts than are needed, so that the range need not have room for eight. Which part is which does
                // not depend on their number.
                let count = Value::from(slot.saturating_add(1));
                let arguments = vec![self.by_reference(vpc), count, Value::from(32 - LATE_SUBNET_PREFIX)];
                Value::select(usize::from(slot), Value::call(Function::Cidr, Value::List(arguments)))
            }
        }
    }
}

/// The IPv4 range of a new VPC, or one that stands in for it when it is wrong.
fn vpc_range(scope: &mut Scope<'_>, cidr: &Cidr) -> Ipv4Net {
    let (a, b, c, d) = FALLBACK_RANGE;
    let fallback = Ipv4Net::new_assert(std::net::Ipv4Addr::new(a, b, c, d), *VPC_PREFIXES.start());
    let Ok(range) = Ipv4Net::from_str(cidr.as_str()) else {
        let message = format!("`{}` is not a range of IPv4 addresses", cidr.as_str());
        scope.error(codes::BAD_VALUE, "cidr", message, "write it like `10.0.0.0/16`");
        return fallback;
    };
    if let Err(RangeError::Forbidden(reserved)) = check_vpc_range(range.trunc()) {
        let message = format!("no VPC can have the range `{range}`: AWS reserves `{reserved}`");
        scope.error(codes::network::RESERVED_RANGE, "cidr", message, "use a private range, such as `10.0.0.0/16`");
    }
    if !VPC_PREFIXES.contains(&range.prefix_len()) {
        let message = format!("the range `{range}` cannot be cut into eight subnets");
        let help = "use a range from /16 (8,187 usable addresses in each subnet) to /25 (11 of them)";
        scope.error(codes::network::VPC_SIZE, "cidr", message, help);
        return fallback;
    }
    range.trunc()
}

/// The part of the VPC's range that belongs to the zone with this number.
fn slot_range(range: Ipv4Net, slot: u8) -> Ipv4Net {
    let parts = range.subnets(range.prefix_len().saturating_add(SLOT_BITS));
    parts.ok().and_then(|mut parts| parts.nth(usize::from(slot % SLOTS))).unwrap_or(range)
}

fn new_subnet(
    scope: &mut Scope<'_>,
    vpc: &LogicalId,
    range: &Range,
    zone: &Zone,
    ipv6_block: Option<&LogicalId>,
) -> Subnet {
    let mut scope = scope.child(&zone.id());
    let name = Value::from(format!("{}/{}", scope.stack().name(), scope.path()));
    let cidr = range.part(vpc, zone.slot);
    let subnet = ec2::Subnet::new()
        .vpc_id(vpc.reference())
        .cidr_block(&cidr)
        .map_public_ip_on_launch(false)
        .tags([name_tag(name.clone())]);
    let subnet = scope.add("Subnet", zone.place(subnet));
    if let Some(block) = ipv6_block {
        scope.set(&subnet, "Ipv6CidrBlock", subnet_ipv6_range(vpc, zone.slot));
        scope.set(&subnet, "AssignIpv6AddressOnCreation", true);
        scope.depend(&subnet, [block]);
    }
    let table = scope.add("RouteTable", ec2::RouteTable::new().vpc_id(vpc.reference()).tags([name_tag(name)]));
    let association =
        ec2::SubnetRouteTableAssociation::new().subnet_id(subnet.reference()).route_table_id(table.reference());
    let association = scope.add("RouteTableAssociation", association);
    let is_late = matches!(range, Range::Late(_));
    Subnet {
        id: subnet.reference(),
        cidr: Some(if is_late { subnet.attribute(ec2::Subnet::ATTR_CIDR_BLOCK) } else { cidr }),
        prefix_length: is_late.then_some(LATE_SUBNET_PREFIX),
        ipv6_cidr: ipv6_block.map(|_| Value::select(0, subnet.attribute(ec2::Subnet::ATTR_IPV6_CIDR_BLOCKS))),
        availability_zone: Some(subnet.attribute(ec2::Subnet::ATTR_AVAILABILITY_ZONE)),
        route_table: table.reference(),
        ready: vec![association],
    }
}

fn name_tag(name: Value) -> Tag {
    Tag::new().key("Name").value(name)
}

/// The IPv6 range that Amazon gave to the VPC.
fn vpc_ipv6_range(vpc: &LogicalId) -> Value {
    Value::select(0, vpc.attribute(ec2::Vpc::ATTR_IPV6_CIDR_BLOCKS))
}

/// The IPv6 range of the zone with this number. The number of ranges is always the same, so that adding a zone changes no
/// other subnet.
fn subnet_ipv6_range(vpc: &LogicalId, slot: u8) -> Value {
    let arguments = vec![vpc_ipv6_range(vpc), Value::from(SLOTS), Value::from(IPV6_HOST_BITS)];
    Value::select(usize::from(slot), Value::call(Function::Cidr, Value::List(arguments)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Any range that a new VPC may have.
    fn ranges() -> impl Strategy<Value = Ipv4Net> {
        (any::<u32>(), VPC_PREFIXES).prop_map(|(address, prefix)| Ipv4Net::new(address.into(), prefix).unwrap().trunc())
    }

    proptest! {
        #[test]
        fn subnets_lie_in_the_range_and_never_overlap(range in ranges()) {
            let subnets: Vec<Ipv4Net> = (0..SLOTS).map(|slot| slot_range(range, slot)).collect();
            for (index, subnet) in subnets.iter().enumerate() {
                prop_assert!(range.contains(subnet));
                prop_assert!(subnet.prefix_len() <= 28);
                for other in subnets.iter().skip(index + 1) {
                    prop_assert!(!subnet.contains(other) && !other.contains(subnet));
                }
            }
        }
    }

    #[test]
    fn five_addresses_of_a_subnet_belong_to_aws() {
        let subnet = |cidr: &'static str| Subnet { cidr: Some(cidr.into()), ..Subnet::default() };
        assert_eq!(subnet("10.0.0.0/28").usable_addresses(), Some(11));
        assert_eq!(subnet("10.0.0.0/19").usable_addresses(), Some(8187));
        assert_eq!(Subnet::default().usable_addresses(), None);
    }
}
