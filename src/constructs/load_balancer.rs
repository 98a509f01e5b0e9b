//! The internal Network Load Balancer with its listeners, in a security group of its own.

use crate::aws::load_balancer::{Protocol, quotas};
use crate::cfn::{Gather as _, GatherMore as _};
use crate::cfn::{LogicalId, OrderedSet, Value};
use crate::diagnostics::codes::load_balancer as codes;
use crate::resources::Builder as _;
use crate::resources::elasticloadbalancingv2::{self as elb, load_balancer};
use crate::spec::{self, IpAddressType};

use super::access_logs::AccessLogs;
use super::listener::{self, Backends, Listener, Route, Router};
use super::load_balancer_rules as rules;
use super::location::Location;
use super::network::Network;
use super::security_group::SecurityGroup;
use super::{Scope, target_group};

/// A load balancer with its listeners.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoadBalancer {
    /// The resource.
    pub logical_id: LogicalId,
    /// Its ARN.
    pub arn: Value,
    /// Its name as CloudWatch has it: `net/NAME/ID`.
    pub full_name: Value,
    /// Its DNS name.
    pub dns_name: Value,
    /// The hosted zone of its DNS name.
    pub hosted_zone: Value,
    /// The group in which it is.
    pub security_group: SecurityGroup,
    /// Its listeners in the order of the spec.
    pub listeners: Vec<Listener>,
    /// Whether it has IPv6 addresses beside IPv4 ones.
    pub dualstack: bool,
    /// Whether its security group is applied to connections through PrivateLink too.
    pub enforces_private_link: bool,
    /// In how many Availability Zones it is.
    pub zones: usize,
    /// What must exist before a service registers tasks: the listeners, since ECS refuses a target group without one, and
    /// the rules by which the tasks admit the load balancer, or the first health checks fail.
    pub ready: Vec<LogicalId>,
}

/// The output of the provider stack that holds the DNS name.
pub const DNS_NAME_OUTPUT: &str = "LoadBalancerDnsName";

impl LoadBalancer {
    /// Adds an internal Network Load Balancer over all subnets of the network, with its listeners, target groups, and the
    /// rules by which it and the tasks admit each other.
    ///
    /// The origin of `scope` is the spec: mistakes are reported in its members `loadBalancer`, `listeners`, `services`,
    /// `network` and `privateLink`. Without listeners, one leads to the only service that has a port. `private_link` says
    /// who is to connect through PrivateLink; the endpoint service itself is made by
    /// [`EndpointService`](super::EndpointService).
    pub fn new(
        scope: &mut Scope<'_>,
        settings: &spec::LoadBalancer,
        listeners: &[spec::Listener],
        network: &Network,
        backends: &Backends<'_>,
        private_link: Option<&spec::PrivateLink>,
    ) -> Self {
        let mut scope = scope.construct("LoadBalancer", "ringfence.LoadBalancer");
        let scope = &mut scope;
        let default = default_listener(scope, listeners, backends);
        let routes = find_routes(scope, settings, listeners, default.as_ref(), backends);
        check(scope, settings, &routes, network, private_link);
        let group = rules::security_group(scope, settings, &routes, network, private_link);
        let logical_id = add_load_balancer(scope, settings, &routes, network, &group);
        let arn = logical_id.reference();
        let listeners: Vec<Listener> =
            routes.iter().map(|route| listener::add(scope, route, &arn, &network.vpc_id, private_link)).gather();
        let needs_addresses = private_link.is_some() && !settings.enforce_private_link;
        let mut ready: Vec<LogicalId> = listeners.iter().map(|listener| listener.logical_id.clone()).gather();
        ready.gather_more(rules::admit_to_tasks(scope, &routes, &group, network, needs_addresses));
        let dns_name = logical_id.attribute(elb::LoadBalancer::ATTR_DNS_NAME);
        let description = "The DNS name of the load balancer, for clients inside the network";
        scope.stack_mut().add_output(DNS_NAME_OUTPUT, dns_name.clone(), description);
        Self {
            arn,
            full_name: logical_id.attribute(elb::LoadBalancer::ATTR_LOAD_BALANCER_FULL_NAME),
            dns_name,
            hosted_zone: logical_id.attribute(elb::LoadBalancer::ATTR_CANONICAL_HOSTED_ZONE_ID),
            security_group: group,
            listeners,
            dualstack: is_dualstack(settings),
            enforces_private_link: settings.enforce_private_link,
            zones: network.subnets.len(),
            ready,
            logical_id,
        }
    }
}

/// Whether a load balancer has IPv6 addresses too.
fn is_dualstack(settings: &spec::LoadBalancer) -> bool {
    settings.ip_address_type == IpAddressType::Dualstack
}

/// The listener that stands for none: on the port of the only service that has one.
fn default_listener(
    scope: &mut Scope<'_>,
    listeners: &[spec::Listener],
    backends: &Backends<'_>,
) -> Option<spec::Listener> {
    if !listeners.is_empty() {
        return None;
    }
    let with_port: Vec<_> =
        backends.iter().filter_map(|(name, backend)| Some((name, backend.service.port.as_ref()?))).gather();
    if let [(name, port)] = with_port.as_slice() {
        return Some(spec::Listener { port: (*port).clone(), to: (*name).clone(), ..spec::Listener::default() });
    }
    let (message, help) = if with_port.is_empty() {
        ("there is no listener, and no service has a port".to_owned(), "add `port` to a service")
    } else {
        let names: Vec<&str> = with_port.iter().map(|(name, _)| name.as_ref()).gather();
        let names = spec::decode::quoted(&names);
        (
            format!("there is no listener, and several services have a port: {names}"),
            "say what leads where: `listeners: [{ port: …, to: … }]`",
        )
    };
    scope.error(codes::NO_LISTENER, "listeners", message, help);
    None
}

fn find_routes<'a>(
    scope: &mut Scope<'_>,
    settings: &spec::LoadBalancer,
    listeners: &'a [spec::Listener],
    default: Option<&'a spec::Listener>,
    backends: &'a Backends<'a>,
) -> Vec<Route<'a>> {
    let mut router = Router::new(backends, is_dualstack(settings));
    let declared = listeners.iter().enumerate().map(|(index, listener)| (format!("listeners/{index}"), listener));
    let default = default.map(|listener| ("listeners".to_owned(), listener));
    declared.chain(default).filter_map(|(origin, listener)| router.route(scope, origin, listener)).gather()
}

fn check(
    scope: &mut Scope<'_>,
    settings: &spec::LoadBalancer,
    routes: &[Route<'_>],
    network: &Network,
    private_link: Option<&spec::PrivateLink>,
) {
    check_count(scope, routes);
    let mut services = OrderedSet::new();
    for route in routes.iter().filter(|route| services.insert(route.name)) {
        let mut scope = scope.made_from(&format!("services/{}/health", route.name));
        target_group::check_health(&mut scope, &route.backend.service.health);
    }
    check_addresses(scope, settings, routes, network, private_link.is_some());
}

fn check_count(scope: &mut Scope<'_>, routes: &[Route<'_>]) {
    let most = usize::try_from(quotas::LISTENERS).unwrap_or(usize::MAX);
    if routes.len() > most {
        let message = format!("{} listeners are more than the {most} that a load balancer may have", routes.len());
        let help = "spread them over several apps; the quota cannot be raised";
        scope.error(codes::TOO_MANY_LISTENERS, "listeners", message, help);
    }
}

/// UDP is what IPv6 is needed for: only with it can the load balancer translate source addresses of UDP, as PrivateLink
/// requires. Source: Elastic Load Balancing user guide for Network Load Balancers, listeners and create a listener.
fn check_addresses(
    scope: &mut Scope<'_>,
    settings: &spec::LoadBalancer,
    routes: &[Route<'_>],
    network: &Network,
    shared: bool,
) {
    let lacks_ipv6 = network.is_new && network.ipv6_cidr.is_none();
    if is_dualstack(settings) && lacks_ipv6 {
        let message = "a dual-stack load balancer needs a network with IPv6";
        let at = "loadBalancer/ipAddressType";
        scope.error(codes::DUALSTACK_WITHOUT_IPV6, at, message, "set `network.ipv6: true`");
    }
    for route in routes.iter().filter(|route| route.protocol.carries_datagrams() && route.is_spoken()) {
        let mut scope = scope.made_from(&route.origin);
        if shared && !is_dualstack(settings) {
            let message = "UDP does not get through PrivateLink while the load balancer has IPv4 addresses only";
            let help = "set `network.ipv6: true` and `loadBalancer.ipAddressType: dualstack`";
            scope.error(codes::UDP_THROUGH_PRIVATE_LINK, "", message, help);
        }
        if route.ipv6 && !settings.dual_stack_tasks {
            let message =
                format!("the tasks of `{}` must have IPv6 addresses, which depends on the account", route.name);
            let help = "run `aws ecs put-account-setting-default --name dualStackIPv6 --value enabled`, then set \
                        `loadBalancer.dualStackTasks: true`";
            scope.warn(codes::IPV6_TASKS_UNCONFIRMED, "to", message, help);
        }
    }
}

fn add_load_balancer(
    scope: &mut Scope<'_>,
    settings: &spec::LoadBalancer,
    routes: &[Route<'_>],
    network: &Network,
    group: &SecurityGroup,
) -> LogicalId {
    let has_tls = routes.iter().any(|route| route.protocol == Protocol::Tls);
    let logs = {
        let mut scope = scope.made_from("loadBalancer/accessLogs");
        AccessLogs::new(&mut scope, &settings.access_logs, has_tls)
    };
    let translates_ipv6 = routes.iter().any(|route| route.ipv6);
    let mut scope = scope.made_from("loadBalancer");
    let mut attributes = attributes(&scope, settings);
    attributes.gather_more(logs.attributes);
    let attributes =
        attributes.into_iter().map(|(key, value)| load_balancer::LoadBalancerAttribute::new().key(key).value(value));
    let capacity = settings
        .minimum_capacity
        .as_ref()
        .map(|units| load_balancer::MinimumLoadBalancerCapacity::new().capacity_units(units.to_value()));
    let resource = elb::LoadBalancer::new()
        .r#type("network")
        .scheme("internal")
        .ip_address_type(settings.ip_address_type.word())
        .maybe(translates_ipv6.then_some("on"), elb::LoadBalancer::enable_prefix_for_ipv6_source_nat)
        .subnets(network.subnet_ids())
        .security_groups([group.group_id.clone()])
        .enforce_security_group_inbound_rules_on_private_link_traffic(on_or_off(settings.enforce_private_link))
        .load_balancer_attributes(attributes)
        .maybe(capacity, elb::LoadBalancer::minimum_load_balancer_capacity);
    let logical_id = scope.add("Resource", resource);
    scope.depend(&logical_id, &logs.ready);
    logical_id
}

const fn on_or_off(value: bool) -> &'static str {
    if value { "on" } else { "off" }
}

const fn true_or_false(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

/// The attributes. Those that can be switched off again are always written, because AWS keeps an attribute that a template
/// no longer has; the newer ones only where no partition is known that might not have them yet.
fn attributes(scope: &Scope<'_>, settings: &spec::LoadBalancer) -> Vec<(&'static str, Value)> {
    let has_all = Location::of(&scope.stack().props().env).has_newer_settings();
    let mut list = vec![
        ("deletion_protection.enabled", Value::from(true_or_false(settings.deletion_protection))),
        ("load_balancing.cross_zone.enabled", Value::from(true_or_false(settings.cross_zone))),
    ];
    if has_all || settings.client_routing != spec::ClientRouting::AnyZone {
        list.push(("dns_record.client_routing_policy", Value::from(settings.client_routing.word())));
    }
    if has_all || settings.zonal_shift {
        list.push(("zonal_shift.config.enabled", Value::from(true_or_false(settings.zonal_shift))));
    }
    if settings.secondary_ips.number() != Some(0) {
        list.push(("secondary_ips.auto_assigned.per_subnet", settings.secondary_ips.to_text()));
    }
    list
}
