//! An existing VPC, by IDs, imports or tokens, and what can be said about it without looking at it.

use std::str::FromStr as _;

use ipnet::Ipv4Net;

use crate::cfn::Gather as _;
use crate::cfn::{Text, Value};
use crate::diagnostics::codes;
use crate::spec::{ExistingNetwork, ExistingSubnet, Input};

use super::network::{Network, Subnet};
use super::{Scope, zones};

/// The network that `props` names. The scope's origin is `props`.
pub(super) fn network(scope: &mut Scope<'_>, props: &ExistingNetwork) -> Network {
    check_id(scope, "vpcId", &props.vpc_id, "vpc");
    if props.subnets.is_empty() {
        let help = "name the subnets for load balancer, tasks and endpoints, one per Availability Zone";
        scope.error(codes::network::NO_SUBNETS, "subnets", "the network has no subnets", help);
    }
    if props.cidrs.is_empty() {
        let help = "name the IPv4 ranges of the VPC: security groups admit clients and endpoints by them";
        scope.error(codes::BAD_VALUE, "cidrs", "the VPC has no range", help);
    }
    let ranges = vpc_ranges(props);
    for (index, subnet) in props.subnets.iter().enumerate() {
        let at = format!("subnets/{index}");
        check_id(scope, &format!("{at}/id"), &subnet.id, "subnet");
        check_id(scope, &format!("{at}/routeTable"), &subnet.route_table, "rtb");
        check_range(scope, &at, subnet, &ranges);
        if let Some(zone) = subnet.availability_zone.as_ref().and_then(Input::known) {
            zones::check_zone(scope, &format!("{at}/availabilityZone"), zone);
        }
        for earlier in props.subnets.iter().take(index) {
            check_pair(scope, &at, earlier, subnet);
        }
    }
    Network {
        vpc_id: props.vpc_id.to_value(),
        cidrs: props.cidrs.iter().map(Input::to_value).gather(),
        ipv6_cidr: None,
        ipv6_block: None,
        subnets: props.subnets.iter().map(subnet).gather(),
        is_new: false,
    }
}

fn subnet(props: &ExistingSubnet) -> Subnet {
    Subnet {
        id: props.id.to_value(),
        cidr: props.cidr.as_ref().map(Input::to_value),
        prefix_length: None,
        ipv6_cidr: None,
        availability_zone: props.availability_zone.as_ref().map(Input::to_value),
        route_table: props.route_table.to_value(),
        ready: Vec::new(),
    }
}

/// The ranges of the VPC, or nothing when one of them is not known: any subnet might lie in that one.
fn vpc_ranges(props: &ExistingNetwork) -> Vec<Ipv4Net> {
    let ranges = props.cidrs.iter().map(|cidr| cidr.known().and_then(|cidr| Ipv4Net::from_str(cidr.as_str()).ok()));
    ranges.gather::<Option<Vec<Ipv4Net>>>().unwrap_or_default()
}

fn check_range(scope: &mut Scope<'_>, at: &str, subnet: &ExistingSubnet, vpc: &[Ipv4Net]) {
    let Some(range) = known_range(subnet) else { return };
    if !vpc.is_empty() && !vpc.iter().any(|whole| whole.contains(&range)) {
        let message = format!("the subnet's range `{range}` is not in the ranges of the VPC");
        let help = "correct the range, or add the VPC's other ranges to `cidrs`";
        scope.error(codes::network::SUBNET_RANGE, &format!("{at}/cidr"), message, help);
    }
}

fn check_pair(scope: &mut Scope<'_>, at: &str, earlier: &ExistingSubnet, later: &ExistingSubnet) {
    if earlier.id == later.id {
        let message = format!("the subnet {} is named twice", shown(&later.id.to_value()));
        scope.error(codes::network::DUPLICATE_ZONE, &format!("{at}/id"), message, "name each subnet once");
        return;
    }
    let zones = (earlier.availability_zone.as_ref(), later.availability_zone.as_ref());
    if let (Some(before), Some(zone)) = zones
        && before == zone
    {
        let message = format!("two subnets are in the zone {}", shown(&zone.to_value()));
        let help = "load balancers and endpoints take one subnet per zone: keep one of them";
        scope.error(codes::network::DUPLICATE_ZONE, &format!("{at}/availabilityZone"), message, help);
    }
    if let (Some(before), Some(range)) = (known_range(earlier), known_range(later))
        && (before.contains(&range) || range.contains(&before))
    {
        let message = format!("the ranges `{before}` and `{range}` of two subnets overlap");
        let help = "subnets of one VPC never overlap: correct one of them";
        scope.error(codes::network::SUBNET_RANGE, &format!("{at}/cidr"), message, help);
    }
}

fn known_range(subnet: &ExistingSubnet) -> Option<Ipv4Net> {
    let cidr = subnet.cidr.as_ref().and_then(Input::known)?;
    Ipv4Net::from_str(cidr.as_str()).ok()
}

/// A value as a message shows it.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| "that a token stands for".to_owned(), |text| format!("`{text}`"))
}

fn check_id(scope: &mut Scope<'_>, at: &str, id: &Input<Text>, prefix: &str) {
    if let Some(text) = id.known()
        && !is_resource_id(text, prefix)
        && !text.starts_with("{{resolve:")
    {
        let message = format!("`{text}` is not an ID that begins with `{prefix}-`");
        let help = format!("write it like `{prefix}-0123456789abcdef0`");
        scope.error(codes::network::BAD_RESOURCE_ID, at, message, help);
    }
}

/// Whether `text` is written like an ID of EC2: the prefix, `-`, and 8 or 17 hexadecimal digits.
pub(super) fn is_resource_id(text: &str, prefix: &str) -> bool {
    let Some(digits) = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-')) else { return false };
    matches!(digits.len(), 8 | 17) && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_a_prefix_and_eight_or_seventeen_hexadecimal_digits() {
        assert!(is_resource_id("vpc-0123456789abcdef0", "vpc"));
        assert!(is_resource_id("subnet-1a2b3c4d", "subnet"));
        for text in ["vpc", "vpc-", "vpc-main", "subnet-0123456789abcdef0", "vpc-0123456789ABCDEF0"] {
            assert!(!is_resource_id(text, "vpc"), "{text}");
        }
    }
}
