//! VPCs and subnets: which address ranges they can have, how many addresses are left, and the quotas around them.

use std::fmt;
use std::ops::RangeInclusive;

use ipnet::Ipv4Net;

/// Addresses of a subnet that AWS keeps: the first four and the last. Source: `vpc/latest/userguide/subnet-sizing` (2026).
pub const RESERVED_ADDRESSES: u32 = 5;

/// Prefix lengths of IPv4 ranges of VPCs and of subnets. Source: `vpc/latest/userguide/vpc-cidr-blocks` and
/// `vpc/latest/userguide/subnet-sizing` (2026).
pub const PREFIX_LENGTHS: RangeInclusive<u8> = 16..=28;

/// The prefix length of an IPv6 range that Amazon gives a VPC. Source: `vpc/latest/userguide/vpc-cidr-blocks` (2026).
pub const IPV6_VPC_PREFIX_LENGTH: u8 = 56;

/// The prefix length of an IPv6 range of a subnet that load balancers and most services expect; AWS takes /44 to /64 in
/// steps of 4. Source: `vpc/latest/userguide/subnet-sizing` (2026).
pub const IPV6_SUBNET_PREFIX_LENGTH: u8 = 64;

/// How many addresses of a subnet with this IPv4 range can be given to network interfaces.
#[must_use]
pub fn usable_addresses(range: Ipv4Net) -> u32 {
    let bits = u32::from(32 - range.prefix_len());
    1_u32.checked_shl(bits).unwrap_or(u32::MAX).saturating_sub(RESERVED_ADDRESSES)
}

/// Ranges that no VPC can be in. Source: `vpc/latest/userguide/vpc-cidr-blocks` (2026).
const FORBIDDEN: &[(&str, Ipv4Net)] = &[
    ("0.0.0.0/8", net([0, 0, 0, 0], 8)),
    ("127.0.0.0/8", net([127, 0, 0, 0], 8)),
    ("169.254.0.0/16", net([169, 254, 0, 0], 16)),
    ("224.0.0.0/4", net([224, 0, 0, 0], 4)),
];

const TEN: Ipv4Net = net([10, 0, 0, 0], 8);
const TEN_LOW: Ipv4Net = net([10, 0, 0, 0], 15);
const TEN_ZERO: Ipv4Net = net([10, 0, 0, 0], 16);
const ONE_SEVENTY_TWO: Ipv4Net = net([172, 16, 0, 0], 12);
const DEFAULT_VPC: Ipv4Net = net([172, 31, 0, 0], 16);
const ONE_NINETY_TWO: Ipv4Net = net([192, 168, 0, 0], 16);
const BENCHMARK: Ipv4Net = net([198, 19, 0, 0], 16);

/// The range of Docker's bridge, which some services of AWS use inside of a VPC: a range to stay away from. Source:
/// `vpc/latest/userguide/vpc-cidr-blocks` (2026).
pub const DOCKER_BRIDGE: Ipv4Net = net([172, 17, 0, 0], 16);

const fn net(octets: [u8; 4], prefix_length: u8) -> Ipv4Net {
    let [first, second, third, fourth] = octets;
    Ipv4Net::new_assert(std::net::Ipv4Addr::new(first, second, third, fourth), prefix_length)
}

/// What is wrong with an IPv4 range of a VPC or subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeError {
    /// It is bigger than a /16.
    TooBig,
    /// It is smaller than a /28.
    TooSmall,
    /// It has bits behind the prefix; AWS would cut them off without a word.
    HostBits,
    /// It touches a range that no VPC can be in.
    Forbidden(&'static str),
    /// It overlaps another range of the VPC.
    Overlaps(Ipv4Net),
    /// A VPC that has the other range cannot get this one.
    Restricted(Ipv4Net),
    /// It is not inside of any range of the VPC.
    OutsideOfVpc,
}

impl fmt::Display for RangeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooBig => formatter.write_str("it is bigger than a /16"),
            Self::TooSmall => formatter.write_str("it is smaller than a /28"),
            Self::HostBits => formatter.write_str("it has bits behind its prefix"),
            Self::Forbidden(range) => write!(formatter, "it touches `{range}`, where no VPC can be"),
            Self::Overlaps(range) => write!(formatter, "it overlaps `{range}`"),
            Self::Restricted(range) => write!(formatter, "a VPC that has `{range}` cannot get it as well"),
            Self::OutsideOfVpc => formatter.write_str("it is outside of the ranges of the VPC"),
        }
    }
}

impl std::error::Error for RangeError {}

/// Checks the first IPv4 range of a VPC.
///
/// # Errors
///
/// The first thing that AWS would refuse.
pub fn check_vpc_range(range: Ipv4Net) -> Result<(), RangeError> {
    check_size(range)?;
    match FORBIDDEN.iter().find(|(_, forbidden)| overlap(*forbidden, range)) {
        Some((name, _)) => Err(RangeError::Forbidden(name)),
        None => Ok(()),
    }
}

/// Checks an IPv4 range that is to be added to a VPC that has others, its first one first.
///
/// Source: `vpc/latest/userguide/vpc-cidr-blocks` (2026), "IPv4 CIDR block association restrictions". The page does not say
/// what holds for a VPC whose ranges are of several families; only its first range is asked then, so that nothing is
/// refused that AWS may take.
///
/// # Errors
///
/// The first thing that AWS would refuse.
pub fn check_secondary_range(existing: &[Ipv4Net], range: Ipv4Net) -> Result<(), RangeError> {
    check_vpc_range(range)?;
    if let Some(other) = existing.iter().find(|other| overlap(**other, range)) {
        return Err(RangeError::Overlaps(*other));
    }
    let by_family = existing.first().filter(|first| is_restricted_by_family(**first, range));
    let by_low_ten = existing.iter().find(|other| TEN_LOW.contains(*other) && TEN_ZERO.contains(&range));
    match by_family.or(by_low_ten) {
        Some(other) => Err(RangeError::Restricted(*other)),
        None => Ok(()),
    }
}

/// Checks the IPv4 range of a subnet against the ranges of its VPC and its neighbours.
///
/// # Errors
///
/// The first thing that AWS would refuse.
pub fn check_subnet_range(vpc: &[Ipv4Net], neighbours: &[Ipv4Net], range: Ipv4Net) -> Result<(), RangeError> {
    check_size(range)?;
    if !vpc.iter().any(|other| other.contains(&range)) {
        return Err(RangeError::OutsideOfVpc);
    }
    match neighbours.iter().find(|other| overlap(**other, range)) {
        Some(other) => Err(RangeError::Overlaps(*other)),
        None => Ok(()),
    }
}

fn check_size(range: Ipv4Net) -> Result<(), RangeError> {
    if range.prefix_len() < *PREFIX_LENGTHS.start() {
        return Err(RangeError::TooBig);
    }
    if range.prefix_len() > *PREFIX_LENGTHS.end() {
        return Err(RangeError::TooSmall);
    }
    if range.trunc() == range { Ok(()) } else { Err(RangeError::HostBits) }
}

fn overlap(left: Ipv4Net, right: Ipv4Net) -> bool {
    left.contains(&right) || right.contains(&left)
}

/// The family of ranges that decides what can be added.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Ten,
    OneSeventyTwo,
    OneNinetyTwo,
    Benchmark,
    Other,
}

fn family(range: Ipv4Net) -> Family {
    let families = [
        (TEN, Family::Ten),
        (ONE_SEVENTY_TWO, Family::OneSeventyTwo),
        (ONE_NINETY_TWO, Family::OneNinetyTwo),
        (BENCHMARK, Family::Benchmark),
    ];
    families.iter().find(|(whole, _)| whole.contains(&range)).map_or(Family::Other, |(_, family)| *family)
}

fn is_restricted_by_family(first: Ipv4Net, added: Ipv4Net) -> bool {
    match (family(first), family(added)) {
        (_, Family::Other) | (Family::Ten, Family::Ten) => false,
        (Family::OneSeventyTwo, Family::OneSeventyTwo) => DEFAULT_VPC.contains(&added),
        (first, added) => first != added,
    }
}

/// Default quotas of VPCs. Source: `vpc/latest/userguide/amazon-vpc-limits` (2026).
pub mod quotas {
    /// VPCs in one Region; adjustable.
    pub const VPCS_PER_REGION: u32 = 5;
    /// Subnets of one VPC; adjustable.
    pub const SUBNETS_PER_VPC: u32 = 200;
    /// IPv4 ranges of one VPC, the first included; adjustable up to 50.
    pub const IPV4_RANGES_PER_VPC: u32 = 5;
    /// Route tables of one VPC; adjustable.
    pub const ROUTE_TABLES_PER_VPC: u32 = 200;
    /// Routes of one route table that are not propagated, for IPv4 and for IPv6 each; adjustable up to 1,000.
    pub const ROUTES_PER_ROUTE_TABLE: u32 = 500;
    /// Propagated routes of one route table; fixed.
    pub const PROPAGATED_ROUTES_PER_ROUTE_TABLE: u32 = 100;
    /// Network ACLs of one VPC; adjustable.
    pub const NETWORK_ACLS_PER_VPC: u32 = 200;
    /// Rules of one network ACL in each direction; adjustable up to 40.
    pub const RULES_PER_NETWORK_ACL: u32 = 20;
    /// Security groups in one Region; adjustable.
    pub const SECURITY_GROUPS_PER_REGION: u32 = 2_500;
    /// Rules of one security group, in each direction and for IPv4 and IPv6 each; adjustable. A prefix list counts as
    /// many rules as it can have entries; that of S3 counts as one.
    pub const RULES_PER_SECURITY_GROUP: u32 = 60;
    /// Security groups of one network interface; adjustable up to 16.
    pub const SECURITY_GROUPS_PER_NETWORK_INTERFACE: u32 = 5;
    /// What the two quotas before may be multiplied.
    pub const RULES_PER_NETWORK_INTERFACE: u32 = 1_000;
    /// Network interfaces in one Availability Zone; adjustable.
    pub const NETWORK_INTERFACES_PER_ZONE: u32 = 5_000;
    /// Units of Network Address Usage of one VPC; adjustable up to 256,000.
    pub const NETWORK_ADDRESS_USAGE: u32 = 64_000;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> Ipv4Net {
        text.parse().unwrap()
    }

    #[test]
    fn five_addresses_of_each_subnet_are_kept() {
        assert_eq!(usable_addresses(range("10.0.0.0/24")), 251);
        assert_eq!(usable_addresses(range("10.0.0.0/28")), 11);
        assert_eq!(usable_addresses(range("10.0.0.0/16")), 65_531);
        assert_eq!(usable_addresses(range("10.0.0.0/32")), 0);
        assert_eq!(usable_addresses(range("0.0.0.0/0")), u32::MAX - 5);
    }

    #[test]
    fn a_vpc_has_a_16_to_a_28_in_an_ordinary_range() {
        for text in ["10.0.0.0/16", "172.31.0.0/28", "192.168.0.0/20", "100.64.0.0/16", "203.0.112.0/20"] {
            assert_eq!(check_vpc_range(range(text)), Ok(()), "{text}");
        }
        assert_eq!(check_vpc_range(range("10.0.0.0/15")), Err(RangeError::TooBig));
        assert_eq!(check_vpc_range(range("10.0.0.0/29")), Err(RangeError::TooSmall));
        assert_eq!(check_vpc_range(range("10.0.0.1/16")), Err(RangeError::HostBits));
        assert_eq!(check_vpc_range(range("169.254.0.0/20")), Err(RangeError::Forbidden("169.254.0.0/16")));
        assert_eq!(check_vpc_range(range("239.0.0.0/16")), Err(RangeError::Forbidden("224.0.0.0/4")));
    }

    #[test]
    fn secondary_ranges_follow_the_table_of_aws() {
        let cases = [
            ("10.2.0.0/16", "10.3.0.0/16", Ok(())),
            ("10.2.0.0/16", "100.64.0.0/16", Ok(())),
            ("10.2.0.0/16", "10.0.0.0/16", Ok(())),
            ("10.1.0.0/16", "10.0.0.0/16", Err(())),
            ("10.2.0.0/16", "172.16.0.0/16", Err(())),
            ("10.2.0.0/16", "192.168.0.0/16", Err(())),
            ("10.2.0.0/16", "198.19.0.0/16", Err(())),
            ("172.16.0.0/16", "172.20.0.0/16", Ok(())),
            ("172.16.0.0/16", "172.31.0.0/16", Err(())),
            ("172.16.0.0/16", "10.0.0.0/16", Err(())),
            ("192.168.0.0/24", "192.168.1.0/24", Ok(())),
            ("192.168.0.0/24", "10.0.0.0/16", Err(())),
            ("198.19.0.0/17", "198.19.128.0/17", Ok(())),
            ("198.19.0.0/17", "10.0.0.0/16", Err(())),
            ("198.19.0.0/17", "100.64.0.0/16", Ok(())),
            ("100.64.0.0/16", "10.0.0.0/16", Err(())),
            ("100.64.0.0/16", "198.19.0.0/16", Err(())),
            ("100.64.0.0/16", "100.65.0.0/16", Ok(())),
        ];
        for (existing, added, expected) in cases {
            let result = check_secondary_range(&[range(existing)], range(added));
            let expected = expected.map_err(|()| RangeError::Restricted(range(existing)));
            assert_eq!(result, expected, "{existing} {added}");
        }
        let mixed = [range("10.2.0.0/16"), range("100.64.0.0/16")];
        assert_eq!(check_secondary_range(&mixed, range("10.3.0.0/16")), Ok(()));
        let low = [range("10.2.0.0/16"), range("10.1.0.0/20")];
        assert_eq!(
            check_secondary_range(&low, range("10.0.0.0/16")),
            Err(RangeError::Restricted(range("10.1.0.0/20")))
        );
        let overlapping = check_secondary_range(&[range("10.2.0.0/16")], range("10.2.128.0/17"));
        assert_eq!(overlapping, Err(RangeError::Overlaps(range("10.2.0.0/16"))));
    }

    #[test]
    fn a_subnet_is_inside_of_its_vpc_and_beside_its_neighbours() {
        let vpc = [range("10.2.0.0/20")];
        let neighbours = [range("10.2.0.0/24")];
        assert_eq!(check_subnet_range(&vpc, &neighbours, range("10.2.1.0/24")), Ok(()));
        assert_eq!(
            check_subnet_range(&vpc, &neighbours, range("10.2.0.128/25")),
            Err(RangeError::Overlaps(range("10.2.0.0/24")))
        );
        assert_eq!(check_subnet_range(&vpc, &neighbours, range("10.2.16.0/24")), Err(RangeError::OutsideOfVpc));
        assert_eq!(check_subnet_range(&vpc, &neighbours, range("10.2.0.0/19")), Err(RangeError::OutsideOfVpc));
    }
}
