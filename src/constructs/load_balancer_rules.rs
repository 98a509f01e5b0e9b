//! The security group rules around the load balancer: who may reach it, and how it and the tasks admit each other.

use crate::aws::load_balancer::Protocol;
use crate::cfn::Gather as _;
use crate::cfn::{LogicalId, OrderedMap, Value};
use crate::diagnostics::codes::load_balancer as codes;
use crate::spec::text::AnyCidr;
use crate::spec::{self, Input, IpAddressType};

use super::Scope;
use super::listener::Route;
use super::network::{Network, Subnet};
use super::security_group::{Peer, SecurityGroup, Traffic};

/// Rules of one direction and one kind of address that a group has by default. Source: Amazon VPC user guide, quotas.
const RULES_PER_GROUP: usize = 60;

/// Adds the group of the load balancer with exactly the listeners in.
pub(super) fn security_group(
    scope: &mut Scope<'_>,
    settings: &spec::LoadBalancer,
    routes: &[Route<'_>],
    network: &Network,
    private_link: Option<&spec::PrivateLink>,
) -> SecurityGroup {
    let enforced = private_link.filter(|_| settings.enforce_private_link);
    let mut ranges = clients(scope, settings, network);
    if ranges.is_empty() && private_link.is_none() {
        let message = "nobody can reach the load balancer";
        let help = "name address ranges in `clients`, or share the service with `privateLink`";
        scope.warn(codes::NO_CLIENTS, "loadBalancer/clients", message, help);
    }
    for range in enforced.map(|enforced| principals(scope, enforced)).unwrap_or_default() {
        if !ranges.iter().any(|(peer, _)| *peer == range) {
            ranges.push((range, "consumers through PrivateLink"));
        }
    }
    check_count(scope, &ranges, routes);
    let mut scope = scope.made_from("loadBalancer");
    let group = SecurityGroup::new(&mut scope, "SecurityGroup", network, "Load balancer: listeners in, tasks out");
    // The VPC does not tell its IPv6 range before that is there.
    let of_vpc = |peer: &Peer| matches!(peer, Peer::Ipv6(range) if network.ipv6_cidr.as_ref() == Some(range));
    if ranges.iter().any(|(peer, _)| of_vpc(peer)) {
        scope.depend(&group.logical_id, &network.ipv6_block);
    }
    for route in routes {
        for traffic in traffic(route.protocol, &route.spec.port.to_value()) {
            for (peer, description) in &ranges {
                group.allow_from(&mut scope, peer, &traffic, *description);
            }
        }
    }
    group
}

/// The ranges of the clients that connect directly, with what the rule says about them.
fn clients(scope: &mut Scope<'_>, settings: &spec::LoadBalancer, network: &Network) -> Vec<(Peer, &'static str)> {
    const WITHIN: &str = "clients in the VPC";
    let Some(clients) = &settings.clients else {
        let ipv6 = network.ipv6_cidr.iter().filter(|_| settings.ip_address_type == IpAddressType::Dualstack);
        let ipv4 = network.cidrs.iter().map(|range| (Peer::Ipv4(range.clone()), WITHIN));
        return ipv4.chain(ipv6.map(|range| (Peer::Ipv6(range.clone()), WITHIN))).gather();
    };
    for (index, range) in clients.iter().enumerate() {
        let Some(text) = range.known().map(AnyCidr::as_str).filter(|text| text.ends_with("/0")) else { continue };
        let message = format!("`{text}` admits whatever is ever routed to the VPC");
        let at = format!("loadBalancer/clients/{index}");
        scope.warn(codes::OPEN_CLIENTS, &at, message, "name the ranges from which clients connect");
    }
    clients.iter().map(|range| (peer(range), "clients")).gather()
}

/// The ranges of all principals. While the group is enforced on PrivateLink, the address that a client has in its own VPC
/// is what the rules are compared with.
fn principals(scope: &mut Scope<'_>, private_link: &spec::PrivateLink) -> Vec<Peer> {
    for (index, principal) in private_link.allow.iter().enumerate() {
        if principal.cidrs.is_empty() {
            let shown = principal.principal.known().map_or("…", AsRef::as_ref);
            let message = format!("no connection of `{shown}` passes the security group of the load balancer");
            let help =
                "add `cidrs` with the address ranges of its VPCs, or set `loadBalancer.enforcePrivateLink: false`";
            scope.error(codes::ENFORCED_WITHOUT_CIDR, &format!("privateLink/allow/{index}"), message, help);
        }
    }
    private_link.allow.iter().flat_map(|principal| &principal.cidrs).map(peer).gather()
}

/// A range as the other side of a rule. One that is known at deployment only is taken for IPv4.
pub(super) fn peer(range: &Input<AnyCidr>) -> Peer {
    let is_ipv6 = range.known().is_some_and(|range| range.as_str().contains(':'));
    if is_ipv6 { Peer::Ipv6(range.to_value()) } else { Peer::Ipv4(range.to_value()) }
}

/// The kinds of traffic that a protocol of the load balancer is on the network.
pub(super) fn traffic(protocol: Protocol, port: &Value) -> Vec<Traffic> {
    let tcp = protocol.carries_tcp().then(|| Traffic::tcp(port.clone()));
    let udp = protocol.carries_datagrams().then(|| Traffic::udp(port.clone()));
    tcp.into_iter().chain(udp).gather()
}

fn check_count(scope: &mut Scope<'_>, ranges: &[(Peer, &'static str)], routes: &[Route<'_>]) {
    let per_range: usize = routes.iter().map(|route| traffic(route.protocol, &Value::Null).len()).sum();
    let ipv6 = ranges.iter().filter(|(peer, _)| matches!(peer, Peer::Ipv6(_))).count();
    let most = per_range * ipv6.max(ranges.len() - ipv6);
    if most > RULES_PER_GROUP {
        let message = format!("the security group would have {most} rules, and may have {RULES_PER_GROUP} by default");
        let help = "name fewer and larger ranges, or have the quota of rules per security group raised";
        scope.warn(codes::TOO_MANY_RULES, "loadBalancer/clients", message, help);
    }
}

/// One way from the load balancer into a task.
struct Way<'a> {
    id: String,
    route: &'a Route<'a>,
    traffic: Traffic,
    purpose: &'static str,
}

/// Lets the load balancer out to the ports of the tasks, and the tasks admit it there. Gives the rules of the tasks.
///
/// What a task sees as the source depends on the way of a connection, and so does the rule that AWS asks for (Elastic Load
/// Balancing user guide for Network Load Balancers, "Register targets"):
/// - Clients in the VPC and health checks: the rule that names the load balancer's group matches, whether or not the
///   client's address is preserved.
/// - PrivateLink while the group is enforced on it: the same rule matches.
/// - PrivateLink otherwise (`needs_addresses`): the source is a private address of the load balancer, which preserving the
///   client's address does not change; so the ranges of the load balancer's subnets are admitted too.
pub(super) fn admit_to_tasks(
    scope: &mut Scope<'_>,
    routes: &[Route<'_>],
    group: &SecurityGroup,
    network: &Network,
    needs_addresses: bool,
) -> Vec<LogicalId> {
    if needs_addresses {
        check_subnets(scope, routes, network);
    }
    ways(routes).iter().map(|way| admit(scope, way, group, network, needs_addresses)).gather()
}

fn admit(
    scope: &mut Scope<'_>,
    way: &Way<'_>,
    group: &SecurityGroup,
    network: &Network,
    needs_addresses: bool,
) -> LogicalId {
    let mut scope = scope.made_from(&way.route.origin);
    let task = &way.route.backend.task.security_group;
    let out = format!("{} to {}", way.purpose, way.route.name);
    group.allow_to(&mut scope, &Peer::Group(task.group_id.clone()), &way.traffic, out);
    let subnets = network.subnets.iter().filter(|_| needs_addresses);
    for range in subnets.filter_map(|subnet| range(subnet, way.route.ipv6)) {
        task.allow_from(&mut scope, &range, &way.traffic, "load balancer, for PrivateLink");
    }
    let inward = format!("{} from the load balancer", way.purpose);
    task.allow_from_group(&mut scope, &way.id, group, &way.traffic, inward)
}

fn range(subnet: &Subnet, ipv6: bool) -> Option<Peer> {
    if ipv6 { subnet.ipv6_cidr.clone().map(Peer::Ipv6) } else { subnet.cidr.clone().map(Peer::Ipv4) }
}

fn check_subnets(scope: &mut Scope<'_>, routes: &[Route<'_>], network: &Network) {
    for (index, subnet) in network.subnets.iter().enumerate() {
        let lacks = |ipv6| routes.iter().any(|route| route.ipv6 == ipv6) && range(subnet, ipv6).is_none();
        let Some(member) = [(false, "cidr"), (true, "ipv6Cidr")].into_iter().find(|(ipv6, _)| lacks(*ipv6)) else {
            continue;
        };
        let shown = subnet.id.as_str().unwrap_or("…");
        let message = format!("the address range of the subnet `{shown}` is unknown, and tasks must admit it");
        let help = format!(
            "add `{}` to the subnet: connections through PrivateLink come from the load balancer's addresses there",
            member.1
        );
        scope.error(codes::SUBNET_WITHOUT_CIDR, &format!("network/existing/subnets/{index}"), message, help);
    }
}

/// All distinct ways, in the order of the listeners. The ID of a way comes from the service and port, so that neither the
/// order nor the number of listeners renames one.
fn ways<'a>(routes: &'a [Route<'a>]) -> Vec<Way<'a>> {
    let mut ways: Vec<Way<'a>> = Vec::new();
    let mut unnamed: OrderedMap<String, usize> = OrderedMap::new();
    for route in routes {
        let traffic =
            traffic(route.target_protocol, &route.target_port).into_iter().map(|traffic| (traffic, "traffic"));
        let health = health_port(route).map(|port| (Traffic::tcp(port), "health checks"));
        for (traffic, purpose) in traffic.chain(health) {
            if ways.iter().any(|way| way.route.name == route.name && way.traffic == traffic) {
                continue;
            }
            let id = way_id(route.name, &traffic, &mut unnamed);
            ways.push(Way { id, route, traffic, purpose });
        }
    }
    ways
}

/// The port of the health checks, which are TCP for every protocol.
fn health_port(route: &Route<'_>) -> Option<Value> {
    match &route.backend.service.health.port {
        Some(port) => Some(port.to_value()),
        None => (!route.target_protocol.carries_tcp()).then(|| route.target_port.clone()),
    }
}

fn way_id(name: &str, traffic: &Traffic, unnamed: &mut OrderedMap<String, usize>) -> String {
    let start = format!("To-{name}-{}", traffic.protocol);
    if let Some(port) = traffic.port.as_int() {
        return format!("{start}-{port}");
    }
    let count = unnamed.or_default(start.clone());
    *count += 1;
    if *count == 1 { start } else { format!("{start}-number{count}") }
}
