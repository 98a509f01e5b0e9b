//! Parts of the pattern that stand alone: a network with its endpoints, sharing for any load balancer, and the connection of
//! a consumer. The constructs are those of the whole pattern; what the rest of a spec would have said is asked for instead.

use crate::aws::Region;
use crate::aws::load_balancer::Protocol;
use crate::cfn::Gather as _;
use crate::cfn::Text;
use crate::diagnostics::codes::{BAD_VALUE, plan as codes};
use crate::spec::text::RegionName;
use crate::spec::{
    self, Acceptance, ConsumerProps, Environment, Input, IpAddressType, ListenerProtocol, NetworkProps, PrivateDns,
    PrivateLink, PrivateLinkProps, ServicePort,
};

use super::load_balancer_rules::peer;
use super::{
    Consumer, EndpointService, Endpoints, FlowLogs, Listener, LoadBalancer, Network, Peer, Provider, Scope, Stack,
    StackProps, task_needs,
};

/// Makes a network with its flow logs, and endpoints of the services that it is to reach. The origin of `scope` is the
/// network's properties.
pub fn network(scope: &mut Scope<'_>, props: &spec::Network, more: &NetworkProps) -> (Network, Endpoints) {
    let network = Network::new(scope, props);
    FlowLogs::new(&mut scope.made_from("flowLogs"), &network, &props.flow_logs);
    let needs = task_needs::of_services(&mut scope.made_from("aws"), &more.aws);
    let region = scope.stack().props().region().map(str::to_owned);
    let mut origin = scope.made_from("endpoints");
    let endpoints = Endpoints::new(&mut origin, &network, &props.endpoints, &needs, region.as_deref());
    let clients: Vec<Peer> = match &more.clients {
        Some(clients) => clients.iter().map(peer).gather(),
        None => network.cidrs.iter().cloned().map(Peer::Ipv4).gather(),
    };
    if let Some(group) = &endpoints.security_group {
        origin.set(&group.logical_id, "GroupDescription", "endpoints of AWS services: reached by clients");
    }
    endpoints.admit_ranges(&mut origin, &clients);
    network.check_room(scope, endpoints.interface_count, 0);
    (network, endpoints)
}

/// Shares a load balancer. The origin of `scope` is the properties of the sharing.
pub fn private_link(scope: &mut Scope<'_>, props: &PrivateLink, more: &PrivateLinkProps) -> EndpointService {
    let shared = &more.load_balancer;
    if shared.zones.is_none() && !props.regions.is_empty() {
        let message = "it is not known in how many Availability Zones the load balancer is";
        let help = "other Regions can use a service in two zones or more; `zones` says how many there are";
        scope.info(codes::VALUE_NOT_KNOWN, "loadBalancer/zones", message, help);
    }
    let zones = shared.zones.as_ref().and_then(Input::number).and_then(|zones| usize::try_from(zones).ok());
    let load_balancer = LoadBalancer {
        arn: shared.arn.to_value(),
        dualstack: shared.ip_address_type == IpAddressType::Dualstack,
        enforces_private_link: shared.enforce_private_link,
        zones: zones.unwrap_or(usize::MAX),
        ..LoadBalancer::default()
    };
    EndpointService::new(scope, props, &load_balancer)
}

/// Connects to a service. The origin of `scope` is the consumer's properties.
pub fn consumer(scope: &mut Scope<'_>, props: &ConsumerProps) -> Consumer {
    let region = scope.stack().props().env.region.clone();
    let service_region = match &props.service_region {
        Some(told) => told.known().cloned(),
        None => region_of(&props.service_name),
    };
    let late_region = props.service_region.as_ref().filter(|told| told.known().is_none()).map(Input::to_value);
    let is_remote = service_region.is_some() && region.is_some() && region != service_region;
    if is_remote && props.supported_regions.is_none() {
        let message = "it is not known whether the service can be used from other Regions";
        let help = "`supportedRegions` says from which; its owner chooses them";
        scope.info(codes::VALUE_NOT_KNOWN, "supportedRegions", message, help);
    }
    let supported = props.supported_regions.clone().or_else(|| Some(vec![region.clone()?.into()])).unwrap_or_default();
    // What a spec would know of the provider, as far as it is told.
    let env = Environment { account: None, region: service_region.clone() };
    let provider_stack = Stack::new("provider", StackProps { env, ..StackProps::default() });
    let private_dns =
        props.private_dns.clone().map(|name| PrivateDns { name, verified: true, ..PrivateDns::default() });
    let settings = PrivateLink {
        acceptance: Acceptance::Manual,
        private_dns,
        regions: supported,
        ip_types: Some(props.ip_types.clone()),
        ..PrivateLink::default()
    };
    let load_balancer =
        LoadBalancer { listeners: props.ports.iter().map(listener).gather(), ..LoadBalancer::default() };
    let consumer = spec::Consumer {
        region: region.filter(|_| service_region.is_some()),
        vpc: props.vpc.clone(),
        clients: props.clients.clone(),
        alias: props.alias.clone(),
        ip_type: props.ip_type,
        creator_roles: props.creator_roles.clone(),
        ..spec::Consumer::default()
    };
    check(scope, props);
    let service_name = props.service_name.to_value();
    let provider = Provider {
        stack: &provider_stack,
        settings: &settings,
        load_balancer: &load_balancer,
        service_name: Some(&service_name),
        service_region: late_region.as_ref(),
    };
    Consumer::connect(scope, "", &consumer, &provider)
}

/// The Region that the name of a service says it is in.
fn region_of(service_name: &Input<Text>) -> Option<RegionName> {
    let region = service_name.known()?.rsplit('.').nth(1)?;
    Region::parse(region).is_ok().then(|| RegionName(region.to_owned().into()))
}

fn listener(port: &ServicePort) -> Listener {
    let protocol = match port.protocol {
        ListenerProtocol::Tcp => Protocol::Tcp,
        ListenerProtocol::Tls => Protocol::Tls,
        ListenerProtocol::Udp => Protocol::Udp,
        ListenerProtocol::TcpUdp => Protocol::TcpUdp,
    };
    Listener { port: port.port.to_value(), protocol: protocol.name(), ..Listener::default() }
}

fn check(scope: &mut Scope<'_>, props: &ConsumerProps) {
    if props.ports.is_empty() {
        let help = "name the ports of the service: `[443]`";
        scope.error(BAD_VALUE, "ports", "nothing could be reached through the endpoint", help);
    }
    let Input::Known(name) = &props.service_name else { return };
    if !name.contains(".vpce-svc-") {
        let message = format!("`{name}` is not the name of an endpoint service");
        let help = "write it like `com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0`; its owner knows it";
        scope.error(BAD_VALUE, "serviceName", message, help);
    }
}
