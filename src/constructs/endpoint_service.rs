//! The endpoint service: what consumers connect to, and who may.

use crate::aws::load_balancer::Protocol;
use crate::aws::region::{self, RegionError, ZONES_WITHOUT_CROSS_REGION_ACCESS};
use crate::aws::{Partition, Region, private_link};
use crate::cfn::Gather as _;
use crate::cfn::{LogicalId, Value};
use crate::diagnostics::codes::private_link as codes;
use crate::resources::{Builder as _, ec2};
use crate::spec::text::RegionName;
use crate::spec::{Acceptance, EndpointIpType, Input, Payer, PrivateLink};

use super::location::Location;
use super::{LoadBalancer, Scope, notifications, principals, private_dns};

/// An endpoint service.
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointService {
    /// The resource.
    pub logical_id: LogicalId,
    /// Its ID: `vpce-svc-…`.
    pub id: Value,
    /// Its name, by which consumers find it: `com.amazonaws.vpce.REGION.vpce-svc-…`.
    pub service_name: Value,
    /// The allow-list: consumers find the service only once it is there.
    pub permissions: LogicalId,
    /// The topic that hears of connections, when there is one.
    pub topic: Option<Value>,
    /// The verification of the private DNS name, when the stack waits for it.
    pub verification: Option<LogicalId>,
}

/// The output of the provider stack that holds the service name.
pub const SERVICE_NAME_OUTPUT: &str = "EndpointServiceName";

/// The output of the provider stack that holds the service ID.
pub const SERVICE_ID_OUTPUT: &str = "EndpointServiceId";

impl EndpointService {
    /// Adds an endpoint service in front of a load balancer, its allow-list, the record that proves its private DNS name,
    /// and messages about its connections. The origin of `scope` is `settings`.
    pub fn new(scope: &mut Scope<'_>, settings: &PrivateLink, load_balancer: &LoadBalancer) -> Self {
        let mut scope = scope.construct("EndpointService", "ringfence.EndpointService");
        let scope = &mut scope;
        check_regions(scope, settings, load_balancer);
        let resource = ec2::VpcEndpointService::new()
            .network_load_balancer_arns([load_balancer.arn.clone()])
            // AWS documents no default, so it is always said.
            .acceptance_required(settings.acceptance == Acceptance::Manual)
            .supported_ip_address_types(ip_types(scope, settings, load_balancer.dualstack))
            .maybe(supported_regions(settings), ec2::VpcEndpointService::supported_regions)
            .maybe(
                settings.private_dns.as_ref().map(|dns| dns.name.to_value()),
                ec2::VpcEndpointService::private_dns_name,
            )
            .maybe(
                (settings.payer == Payer::Provider).then_some("ServiceOwner"),
                ec2::VpcEndpointService::payer_responsibility,
            )
            .maybe(contributor_insights(scope, settings), ec2::VpcEndpointService::contributor_insights_enabled);
        let logical_id = scope.add("Resource", resource);
        let allowed = principals::allowed(scope, settings, load_balancer.enforces_private_link);
        let permissions =
            ec2::VpcEndpointServicePermissions::new().service_id(logical_id.reference()).allowed_principals(allowed);
        let permissions = scope.add("Permissions", permissions);
        let topic = notifications::add(scope, settings, &logical_id);
        let verification = settings.private_dns.as_ref().and_then(|dns| {
            let mut scope = scope.made_from("privateDns");
            private_dns::add(&mut scope, dns, &logical_id)
        });
        let id = logical_id.reference();
        let service_name = service_name(scope, &id);
        let stack = scope.stack_mut();
        stack.add_output(SERVICE_NAME_OUTPUT, service_name.clone(), "The name of the endpoint service, for consumers");
        stack.add_output(SERVICE_ID_OUTPUT, id.clone(), "The ID of the endpoint service");
        Self { logical_id, id, service_name, permissions, topic, verification }
    }
}

/// The name has a prefix that differs between partitions; where the Region is not known it is that of `aws`.
fn service_name(scope: &Scope<'_>, id: &Value) -> Value {
    let partition = Location::of(&scope.stack().props().env).partition().unwrap_or(Partition::Aws);
    Value::join([
        Value::from(format!("{}.", private_link::service_name_prefix(partition))),
        Value::reference("AWS::Region"),
        Value::from("."),
        id.clone(),
    ])
}

/// The kinds of addresses that endpoints may have, each once: those of the load balancer unless the spec names them.
fn ip_types(scope: &mut Scope<'_>, settings: &PrivateLink, dualstack: bool) -> Vec<&'static str> {
    let Some(wanted) = &settings.ip_types else { return supported_types(settings, dualstack) };
    if wanted.is_empty() {
        let message = "endpoints must have some kind of address";
        scope.error(codes::ENDPOINT_ADDRESSES, "ipTypes", message, "name `ipv4`, or remove `ipTypes`");
    }
    if wanted.contains(&EndpointIpType::Ipv6) && !dualstack {
        let message = "endpoints with IPv6 addresses need a dual-stack load balancer";
        let help = "set `loadBalancer.ipAddressType: dualstack` and `network.ipv6: true`";
        scope.error(codes::ENDPOINT_ADDRESSES, "ipTypes", message, help);
    }
    supported_types(settings, dualstack)
}

/// The words for the kinds of addresses that endpoints may have, without judging them.
pub(super) fn supported_types(settings: &PrivateLink, dualstack: bool) -> Vec<&'static str> {
    let all = [EndpointIpType::Ipv4, EndpointIpType::Ipv6];
    let chosen = all.into_iter().filter(|kind| match &settings.ip_types {
        Some(wanted) => wanted.contains(kind),
        None => dualstack || *kind == EndpointIpType::Ipv4,
    });
    chosen.map(EndpointIpType::word).gather()
}

/// Said even when it is off, so that it can be switched off again.
fn contributor_insights(scope: &Scope<'_>, settings: &PrivateLink) -> Option<bool> {
    let exists = Location::of(&scope.stack().props().env).has_newer_settings();
    (exists || settings.contributor_insights).then_some(settings.contributor_insights)
}

fn supported_regions(settings: &PrivateLink) -> Option<Vec<Value>> {
    let regions: Vec<_> = settings.regions.iter().map(Input::to_value).gather();
    (!regions.is_empty()).then_some(regions)
}

fn check_regions(scope: &mut Scope<'_>, settings: &PrivateLink, load_balancer: &LoadBalancer) {
    if settings.regions.is_empty() {
        return;
    }
    let env = scope.stack().props().env.clone();
    let place = Location::of(&env);
    for (index, region) in settings.regions.iter().enumerate() {
        let Some(name) = region.known() else { continue };
        let earlier = settings.regions.iter().take(index).any(|earlier| earlier == region);
        check_region(scope, &format!("regions/{index}"), name, place, earlier);
    }
    if load_balancer.zones < 2 {
        let message = "other Regions cannot use a service in one Availability Zone";
        scope.error(codes::REGIONS_NEED_ZONES, "regions", message, "use two zones or more, or remove `regions`");
    }
    if load_balancer.listeners.iter().any(|listener| carries_datagrams(listener.protocol)) {
        let message = "fragments of UDP datagrams do not get from one Region to another";
        scope.warn(codes::UDP_ACROSS_REGIONS, "regions", message, "keep datagrams small, or remove `regions`");
    }
    let zones = place.region.map(zones_without_access).unwrap_or_default();
    if !zones.is_empty() {
        let message = format!("the load balancer cannot be reached from other Regions in {zones}");
        let help = "choose zones with other IDs; `aws ec2 describe-availability-zones` tells them";
        scope.warn(codes::ZONES_WITHOUT_REGIONS, "regions", message, help);
    }
}

pub(super) fn carries_datagrams(protocol: &str) -> bool {
    Protocol::from_name(protocol).is_some_and(Protocol::carries_datagrams)
}

/// The zones of a Region, in backticks, that offer no access across Regions.
pub(super) fn zones_without_access(region: &str) -> String {
    let of_region = |zone: &&&str| Region::of_zone_id(zone).is_some_and(|of_zone| of_zone.name == region);
    let zones: Vec<&str> = ZONES_WITHOUT_CROSS_REGION_ACCESS.iter().filter(of_region).copied().gather();
    crate::spec::decode::quoted(&zones)
}

fn check_region(scope: &mut Scope<'_>, at: &str, name: &RegionName, place: Location<'_>, repeated: bool) {
    let text = name.as_str();
    if place.region == Some(text) {
        let message = format!("`{text}` is the Region of the service, from which consumers can always connect");
        return scope.error(codes::BAD_REGION, at, message, "remove it");
    }
    if repeated {
        return scope.error(codes::BAD_REGION, at, format!("`{text}` is in the list already"), "remove it");
    }
    let theirs = Partition::of_region(text);
    if let (Some(theirs), Some(ours)) = (theirs, place.partition())
        && theirs != ours
    {
        let message = format!("`{text}` is in the partition `{}`, the service in `{}`", theirs.id(), ours.id());
        return scope.error(codes::BAD_REGION, at, message, "PrivateLink stays within a partition");
    }
    match Region::parse(text) {
        Ok(_) => {}
        Err(RegionError::Unknown(_)) => {
            scope.warn(codes::UNKNOWN_REGION, at, format!("the Region `{text}` is not known here"), meant(text));
        }
        Err(RegionError::Malformed) => {
            scope.error(codes::BAD_REGION, at, format!("`{text}` is no Region"), meant(text));
        }
    }
}

fn meant(text: &str) -> String {
    match region::did_you_mean(text).first() {
        Some(near) => format!("did you mean `{near}`?"),
        None => "see that it is written as AWS writes it".to_owned(),
    }
}
