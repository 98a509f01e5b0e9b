//! What alarms and the dashboard watch.

use crate::cfn::Gather as _;
use crate::cfn::Value;

use super::{EndpointService, FargateService, FlowLogs, Listener, LoadBalancer};

/// What alarms and the dashboard watch.
#[derive(Clone, Copy, Debug)]
pub struct Watched<'a> {
    /// The load balancer, when there is one.
    pub load_balancer: Option<&'a LoadBalancer>,
    /// The services.
    pub services: &'a [FargateService],
    /// The endpoint service, when something is shared.
    pub endpoint_service: Option<&'a EndpointService>,
    /// The records of connections.
    pub flow_logs: &'a FlowLogs,
}

/// Names and values of dimensions, in the order in which CloudWatch shows them.
pub(super) type Dimensions = Vec<(&'static str, Value)>;

/// The dimensions of metrics of a load balancer.
pub(super) fn of_load_balancer(load_balancer: &LoadBalancer) -> Dimensions {
    vec![("LoadBalancer", load_balancer.full_name.clone())]
}

/// The dimensions of metrics of the tasks to which a listener leads.
pub(super) fn of_targets(load_balancer: &LoadBalancer, listener: &Listener) -> Dimensions {
    vec![("TargetGroup", listener.target_group_full_name.clone()), ("LoadBalancer", load_balancer.full_name.clone())]
}

/// The dimensions of metrics of a service.
pub(super) fn of_service(service: &FargateService) -> Dimensions {
    vec![("ClusterName", service.cluster_name.clone()), ("ServiceName", service.name.clone())]
}

/// The dimensions of metrics of an endpoint service.
pub(super) fn of_endpoint_service(service: &EndpointService) -> Dimensions {
    vec![("Service Id", service.id.clone())]
}

/// The transports of flows that a load balancer counts apart, of those that its listeners take.
pub(super) fn transports(load_balancer: &LoadBalancer) -> Vec<&'static str> {
    let takes =
        |protocols: &[&str]| load_balancer.listeners.iter().any(|listener| protocols.contains(&listener.protocol));
    let transports = [("TCP", takes(&["TCP", "TLS", "TCP_UDP"])), ("UDP", takes(&["UDP", "TCP_UDP"]))];
    transports.into_iter().filter(|(_, taken)| *taken).map(|(transport, _)| transport).gather()
}
