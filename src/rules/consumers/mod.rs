//! Endpoints, as their consumers see them, and who may make them: codes RF13xx.

use super::Rule;
use crate::model::Gather as _;
use crate::model::{Field, Node};

mod identity;
mod policies;

mod across_regions_without_permission;
mod endpoint_always_denied;
mod endpoint_for_every_address;
mod endpoint_in_default_group;
mod endpoint_left_open;
mod endpoint_policy_wildcard;
mod endpoint_policy_without_principal;
mod endpoint_without_ipv6;
mod endpoints_without_limit;
mod gateway_policy_principal;
mod gateway_without_routes;
mod interface_without_subnets;
mod one_private_dns_name_twice;
mod policy_too_long;
mod policy_without_effect;
mod private_dns_against_hosted_zone;
mod private_dns_of_nameless_service;
mod private_dns_without_vpc_dns;
mod providers_key_for_consumers;
mod region_not_offered;
mod s3_private_dns_without_gateway;
mod service_region_missing;
mod two_subnets_in_one_zone;
mod wrong_endpoint_type;
mod wrong_service_name;
mod zone_without_remote_access;
mod zones_apart;

/// The rules of this subject, in order of their codes.
pub(super) const RULES: &[&Rule] = &[
    &wrong_service_name::RULE,
    &wrong_endpoint_type::RULE,
    &gateway_without_routes::RULE,
    &interface_without_subnets::RULE,
    &service_region_missing::RULE,
    &region_not_offered::RULE,
    &zone_without_remote_access::RULE,
    &zones_apart::RULE,
    &two_subnets_in_one_zone::RULE,
    &endpoint_in_default_group::RULE,
    &private_dns_without_vpc_dns::RULE,
    &one_private_dns_name_twice::RULE,
    &private_dns_against_hosted_zone::RULE,
    &s3_private_dns_without_gateway::RULE,
    &private_dns_of_nameless_service::RULE,
    &endpoint_without_ipv6::RULE,
    &endpoint_for_every_address::RULE,
    &policy_without_effect::RULE,
    &endpoint_left_open::RULE,
    &policy_too_long::RULE,
    &gateway_policy_principal::RULE,
    &endpoint_policy_wildcard::RULE,
    &endpoint_policy_without_principal::RULE,
    &endpoints_without_limit::RULE,
    &endpoint_always_denied::RULE,
    &providers_key_for_consumers::RULE,
    &across_regions_without_permission::RULE,
];

/// Whether a list is known to have nothing in it.
fn is_nothing(list: &Node<'_>) -> bool {
    match list.items() {
        Field::Absent => true,
        Field::Known(items) => items.is_empty(),
        Field::Unknown(_) => false,
    }
}

/// Names in backticks, with commas between them.
fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).gather::<Vec<_>>().join(", ")
}
