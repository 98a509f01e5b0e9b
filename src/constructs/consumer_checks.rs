//! What can be wrong between a consumer and the provider it connects to.

use std::str::FromStr as _;

use ipnet::IpNet;

use crate::aws::load_balancer::Protocol;
use crate::aws::private_link::is_vpc_id;
use crate::aws::{Partition, Region};
use crate::cfn::Gather as _;
use crate::cfn::Text;
use crate::diagnostics::codes::consumer as codes;
use crate::spec::text::{AccountId, DnsName, RegionName};
use crate::spec::{self, ConsumerIpType, Input, Named};

use super::consumer::{Provider, ip_type, remote_region};
use super::endpoint_service::{carries_datagrams, supported_types, zones_without_access};
use super::principals::{self, Coverage};
use super::{Scope, output_reader};

/// Reports consumers of a spec that shares nothing. The origin of `scope` is the spec.
pub fn report_unshared(scope: &mut Scope<'_>, consumers: &Named<spec::Consumer>) {
    for name in consumers.keys() {
        let message = format!("the consumer `{name}` has nothing to connect to");
        let help = "add `privateLink` with the consumer's account in `allow`";
        scope.error(codes::NOTHING_SHARED, &format!("consumers/{name}"), message, help);
    }
}

/// Checks everything about one consumer; the origin of `scope` is the consumer.
pub(super) fn check(scope: &mut Scope<'_>, settings: &spec::Consumer, provider: &Provider<'_>) {
    check_account(scope, settings, provider);
    check_region(scope, settings, provider);
    if let Some(vpc) = &settings.vpc {
        check_vpc(scope, vpc);
    }
    check_ports(scope, provider);
    check_addresses(scope, settings, provider);
    check_clients(scope, settings, provider);
    check_names(scope, settings, provider);
    output_reader::check(scope, settings, provider);
}

fn check_account(scope: &mut Scope<'_>, settings: &spec::Consumer, provider: &Provider<'_>) {
    let Some(account) = settings.account.as_ref().map(AccountId::as_str) else { return };
    let allowed = match principals::coverage(provider.settings, account) {
        Coverage::Unknown => return,
        Coverage::From(allowed) => allowed,
        Coverage::No => {
            let message = format!("the account `{account}` may not connect");
            let help = format!("add `\"{account}\"` to `privateLink.allow`");
            return scope.error(codes::NOT_ALLOWED, "account", message, help);
        }
    };
    let vpc = settings.vpc.as_ref().map(|vpc| &vpc.id);
    let all_known = allowed.iter().all(|vpc| vpc.known().is_some());
    if let Some(Input::Known(id)) = vpc
        && all_known
        && !allowed.is_empty()
        && !allowed.iter().any(|allowed| allowed.known() == Some(id))
    {
        let names: Vec<&str> = allowed.iter().filter_map(|vpc| vpc.known().map(AsRef::as_ref)).gather();
        let message = format!("the account `{account}` may not connect from the VPC `{id}`");
        let help =
            format!("it may from {}; add the VPC to `vpcs` in `privateLink.allow`", spec::decode::quoted(&names));
        scope.error(codes::VPC_NOT_ALLOWED, "vpc/id", message, help);
    }
}

fn check_region(scope: &mut Scope<'_>, settings: &spec::Consumer, provider: &Provider<'_>) {
    let Some(ours) = settings.region.as_ref() else { return };
    let place = provider.place();
    let (ours, at) = (ours.as_str(), provider.region_at());
    if place.region.is_none() {
        let message = "it is not known whether the consumer is in the Region of the service";
        let help = "set `env.region`, or leave out the Region of the consumer";
        return scope.error(codes::REGION_UNKNOWN, "region", message, help);
    }
    let Some(theirs) = remote_region(settings, provider) else { return };
    let partitions = (Partition::of_region(ours), place.partition());
    if let (Some(our_partition), Some(their_partition)) = partitions
        && our_partition != their_partition
    {
        let (our_partition, their_partition) = (our_partition.id(), their_partition.id());
        let message = format!("`{ours}` is in the partition `{our_partition}`, the service in `{their_partition}`");
        return scope.error(codes::OTHER_PARTITION, at, message, "PrivateLink stays within a partition");
    }
    // A Region that is known at deployment only may be this one.
    let is_ours = |region: &Input<RegionName>| region.known().is_none_or(|region| region.as_str() == ours);
    if !provider.settings.regions.iter().any(is_ours) {
        let message = format!("the service in `{theirs}` cannot be used from `{ours}`");
        let help = format!("add `{ours}` to `{}`", provider.setting("regions", "supportedRegions"));
        return scope.error(codes::REGION_NOT_SUPPORTED, at, message, help);
    }
    warn_of_zones(scope, ours, at);
}

fn warn_of_zones(scope: &mut Scope<'_>, region: &str, at: &str) {
    let zones = Region::find(region).map(|region| zones_without_access(region.name)).unwrap_or_default();
    if !zones.is_empty() {
        let message = format!("the endpoint cannot be in {zones}, which offer no access to other Regions");
        let help = "choose subnets in other zones; `aws ec2 describe-subnets` tells their zone IDs";
        scope.warn(codes::ZONES_WITHOUT_REGIONS, at, message, help);
    }
}

fn check_vpc(scope: &mut Scope<'_>, vpc: &spec::ConsumerVpc) {
    if let Some(id) = vpc.id.known().filter(|id| !is_vpc_id(id)) {
        let message = format!("`{id}` is no VPC ID");
        scope.error(codes::BAD_PLACE, "vpc/id", message, "write it like `vpc-0123456789abcdef0`");
    }
    if vpc.subnets.is_empty() {
        let help = "name one subnet for each Availability Zone, or leave out `vpc`";
        scope.error(codes::BAD_PLACE, "vpc/subnets", "an endpoint needs a subnet", help);
    }
    for (index, subnet) in vpc.subnets.iter().enumerate() {
        let at = format!("vpc/subnets/{index}");
        let Some(id) = subnet.known() else { continue };
        if vpc.subnets.iter().take(index).any(|earlier| earlier == subnet) {
            scope.error(codes::BAD_PLACE, &at, format!("the subnet `{id}` is in the list already"), "remove it");
        } else if !is_subnet_id(id) {
            let message = format!("`{id}` is no subnet ID");
            scope.error(codes::BAD_PLACE, &at, message, "write it like `subnet-0123456789abcdef0`");
        }
    }
}

/// Source of the form: Amazon EC2 user guide, resource IDs.
fn is_subnet_id(text: &str) -> bool {
    let number = text.strip_prefix("subnet-").unwrap_or_default();
    matches!(number.len(), 8 | 17) && number.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn check_ports(scope: &mut Scope<'_>, provider: &Provider<'_>) {
    let unknown = provider.load_balancer.listeners.iter().any(|listener| listener.port.as_int().is_none());
    if unknown && provider.service_name.is_none() {
        let message = "a port of the service is known only when its own stack is deployed";
        let help = "give every listener a port that is a number";
        scope.error(codes::PORT_UNKNOWN, "", message, help);
    }
}

fn check_addresses(scope: &mut Scope<'_>, settings: &spec::Consumer, provider: &Provider<'_>) {
    let supported = supported_types(provider.settings, provider.load_balancer.dualstack);
    let needed: &[&str] = match ip_type(settings, provider) {
        None | Some(ConsumerIpType::Ipv4) => &["ipv4"],
        Some(ConsumerIpType::Ipv6) => &["ipv6"],
        Some(ConsumerIpType::Dualstack) => &["ipv4", "ipv6"],
    };
    for missing in needed.iter().filter(|kind| !supported.contains(kind)) {
        let message = format!("the service takes no endpoints with {missing} addresses");
        let setting = provider.setting("ipTypes", "ipTypes");
        let help = format!("add `{missing}` to `{setting}`, or choose another `ipType`");
        scope.error(codes::ENDPOINT_ADDRESSES, "ipType", message, help);
    }
}

/// While the security group is enforced, it is compared with the client's own address.
fn check_clients(scope: &mut Scope<'_>, settings: &spec::Consumer, provider: &Provider<'_>) {
    let (true, Some(account)) = (provider.load_balancer.enforces_private_link, &settings.account) else { return };
    let admitted: Vec<_> = principals::ranges(provider.settings, account.as_str()).gather();
    let known: Option<Vec<IpNet>> = admitted.iter().map(|range| IpNet::from_str(range.known()?.as_str()).ok()).gather();
    let Some(known) = known.filter(|known| !known.is_empty()) else { return };
    for (at, client) in clients(settings) {
        if let Ok(net) = IpNet::from_str(&client)
            && !known.iter().any(|admitted| admitted.contains(&net))
        {
            let message = format!("the security group of the load balancer does not admit `{client}`");
            let help = format!("add it to the `cidrs` of `{}` in `privateLink.allow`", account.as_str());
            scope.error(codes::CLIENT_NOT_ADMITTED, &at, message, help);
        }
    }
}

/// The known ranges of the clients, with the place of each.
fn clients(settings: &spec::Consumer) -> Vec<(String, Text)> {
    if !settings.clients.is_empty() {
        let known = settings.clients.iter().enumerate();
        return known
            .filter_map(|(index, range)| Some((format!("clients/{index}"), range.known()?.0.clone())))
            .gather();
    }
    let ranges = settings.vpc.iter().flat_map(|vpc| &vpc.cidrs.0);
    ranges.filter_map(|range| Some(("vpc/cidrs".to_owned(), range.known()?.0.clone()))).gather()
}

fn check_names(scope: &mut Scope<'_>, settings: &spec::Consumer, provider: &Provider<'_>) {
    if let (Some(alias), Some(dns)) = (&settings.alias, provider.verified_name())
        && alias == &dns.name
    {
        let shown = alias.known().map_or("…", DnsName::as_str);
        let message = format!("`{shown}` is the private DNS name of the service already");
        let help = "remove `alias`: AWS makes a hosted zone for this name, and a VPC can have only one";
        scope.error(codes::ALIAS_TAKEN, "alias", message, help);
    }
    let alias = settings.alias.as_ref().and_then(Input::known);
    if alias.is_some_and(|alias| alias.as_str().starts_with("*.")) {
        let message = "an alias cannot be a wildcard";
        scope.error(codes::ALIAS_TAKEN, "alias", message, "give the name that clients call");
    }
    let ends_tls = |protocol: &str| Protocol::from_name(protocol) == Some(Protocol::Tls);
    let has_tls = provider.load_balancer.listeners.iter().any(|listener| ends_tls(listener.protocol));
    if has_tls && settings.alias.is_none() && provider.verified_name().is_none() {
        let message = "clients would call the service by a name of AWS, which its certificate cannot have";
        let setting = provider.setting("privateDns", "privateDns");
        let help = format!("give an `alias` that the certificate has, or set `{setting}` once that name is verified");
        scope.warn(codes::NAME_NOT_CERTIFIED, "alias", message, help);
    }
    let uses_udp = provider.load_balancer.listeners.iter().any(|listener| carries_datagrams(listener.protocol));
    if uses_udp && remote_region(settings, provider).is_some() {
        let message = "fragments of UDP datagrams do not get from one Region to another";
        scope.warn(codes::UDP_ACROSS_REGIONS, provider.region_at(), message, "keep datagrams small");
    }
}
