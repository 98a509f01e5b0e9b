//! Metrics in CloudWatch: names, statistics, dimensions, and when they are reported at all.

/// The namespace of metrics of Network Load Balancers.
pub const NETWORK_LOAD_BALANCER: &str = "AWS/NetworkELB";

/// The namespace of metrics of endpoint services, for their provider.
pub const PRIVATE_LINK_SERVICES: &str = "AWS/PrivateLinkServices";

/// The namespace of metrics of endpoints, for the consumer.
pub const PRIVATE_LINK_ENDPOINTS: &str = "AWS/PrivateLinkEndpoints";

/// The namespace of metrics that ECS reports of itself.
pub const ECS: &str = "AWS/ECS";

/// The namespace of metrics of Container Insights.
pub const CONTAINER_INSIGHTS: &str = "ECS/ContainerInsights";

/// A statistic that is useful for a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Statistic {
    /// The mean.
    Average,
    /// The biggest value that a node reported.
    Maximum,
    /// The smallest value that a node reported.
    Minimum,
    /// All reported values added up.
    Sum,
}

impl Statistic {
    /// Its name in alarms and widgets.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Average => "Average",
            Self::Maximum => "Maximum",
            Self::Minimum => "Minimum",
            Self::Sum => "Sum",
        }
    }
}

/// When a metric is reported: what missing data means for an alarm depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reported {
    /// Always. For a load balancer, the same page says in its introduction that nothing is reported while no requests
    /// flow.
    Always,
    /// In minutes in which its value is not zero: missing data is good news for a count of errors.
    WhenNonzero,
    /// While targets are registered: missing data means that there are none.
    WithTargets,
    /// While the load balancer takes part in zonal shift.
    WithZonalShift,
    /// In minutes in which traffic flowed.
    WithTraffic,
    /// While tasks are running: missing data means that none is.
    WithRunningTasks,
}

/// A metric.
#[derive(Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// The statistics that are useful.
    pub statistics: &'static [Statistic],
    /// The sets of dimensions under which it is published, each sorted; another set finds nothing. Empty when the page
    /// names none.
    pub dimensions: &'static [&'static [&'static str]],
    /// When it is reported; `None` when no source says.
    pub reported: Option<Reported>,
}

const ALWAYS: Option<Reported> = Some(Reported::Always);
const NONZERO: Option<Reported> = Some(Reported::WhenNonzero);
const TARGETS: Option<Reported> = Some(Reported::WithTargets);
const ZONAL_SHIFT: Option<Reported> = Some(Reported::WithZonalShift);
const TRAFFIC: Option<Reported> = Some(Reported::WithTraffic);
const RUNNING: Option<Reported> = Some(Reported::WithRunningTasks);

use Statistic::{Average, Maximum, Minimum, Sum};

const AVERAGE_EXTREMES: &[Statistic] = &[Average, Maximum, Minimum];
const AVERAGE_MAXIMUM: &[Statistic] = &[Average, Maximum];
const AVERAGE_SUM_EXTREMES: &[Statistic] = &[Average, Sum, Maximum, Minimum];
const AVERAGE_SUM_MAXIMUM: &[Statistic] = &[Average, Sum, Maximum];
const EVERY: &[Statistic] = &[Average, Maximum, Minimum, Sum];
const EXTREMES: &[Statistic] = &[Maximum, Minimum];
const MAXIMUM: &[Statistic] = &[Maximum];
const SUM: &[Statistic] = &[Sum];

type Dimensions = &'static [&'static [&'static str]];

const UNKNOWN: Dimensions = &[];
const BY_LOAD_BALANCER: Dimensions = &[&["LoadBalancer"]];
const BY_ZONE: Dimensions = &[&["LoadBalancer"], &["AvailabilityZone", "LoadBalancer"]];
const BY_TARGET_GROUP: Dimensions =
    &[&["LoadBalancer", "TargetGroup"], &["AvailabilityZone", "LoadBalancer", "TargetGroup"]];
const BY_ENDPOINT_SERVICE: Dimensions = &[&["Service Id"]];
const BY_PART_OF_SERVICE: Dimensions = &[
    &["Service Id"],
    &["Az", "Service Id"],
    &["Load Balancer Arn", "Service Id"],
    &["Az", "Load Balancer Arn", "Service Id"],
    &["Service Id", "VPC Endpoint Id"],
];
const BY_ENDPOINT: Dimensions = &[
    &["Endpoint Type", "Service Name", "VPC Endpoint Id", "VPC Id"],
    &["Endpoint Type", "Service Name", "Subnet Id", "VPC Endpoint Id", "VPC Id"],
];
const BY_SERVICE: Dimensions = &[&["ClusterName", "ServiceName"]];
const BY_CLUSTER_SERVICE_AND_FAMILY: Dimensions =
    &[&["ClusterName"], &["ClusterName", "ServiceName"], &["ClusterName", "TaskDefinitionFamily"]];

const fn metric(
    name: &'static str,
    statistics: &'static [Statistic],
    dimensions: Dimensions,
    reported: Option<Reported>,
) -> Metric {
    Metric { name, statistics, dimensions, reported }
}

/// Metrics of Network Load Balancers, sorted by name; every minute. `ZonalHealthStatus` is reported while health checks
/// are on, which they are for all targets that are not functions.
///
/// Source: `elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics` (2026).
pub static NETWORK_LOAD_BALANCER_METRICS: &[Metric] = &[
    metric("ActiveFlowCount", AVERAGE_EXTREMES, BY_ZONE, ALWAYS),
    metric("ActiveFlowCount_TCP", AVERAGE_EXTREMES, BY_ZONE, NONZERO),
    metric("ActiveFlowCount_TLS", AVERAGE_EXTREMES, BY_ZONE, NONZERO),
    metric("ActiveFlowCount_UDP", AVERAGE_EXTREMES, BY_ZONE, NONZERO),
    metric("ActiveZonalShiftHostCount", EXTREMES, BY_TARGET_GROUP, ZONAL_SHIFT),
    metric("ClientTLSNegotiationErrorCount", SUM, BY_LOAD_BALANCER, NONZERO),
    metric("ConsumedLCUs", EVERY, BY_LOAD_BALANCER, ALWAYS),
    metric("ConsumedLCUs_TCP", EVERY, BY_LOAD_BALANCER, NONZERO),
    metric("ConsumedLCUs_TLS", EVERY, BY_LOAD_BALANCER, NONZERO),
    metric("ConsumedLCUs_UDP", EVERY, BY_LOAD_BALANCER, NONZERO),
    metric("HealthyHostCount", EXTREMES, BY_TARGET_GROUP, TARGETS),
    metric("NewFlowCount", SUM, BY_ZONE, ALWAYS),
    metric("NewFlowCount_TCP", SUM, BY_ZONE, NONZERO),
    metric("NewFlowCount_TLS", SUM, BY_ZONE, NONZERO),
    metric("NewFlowCount_UDP", SUM, BY_ZONE, NONZERO),
    metric("PeakBytesPerSecond", MAXIMUM, BY_ZONE, ALWAYS),
    metric("PeakPacketsPerSecond", MAXIMUM, BY_ZONE, ALWAYS),
    metric("PortAllocationErrorCount", SUM, BY_ZONE, ALWAYS),
    metric("ProcessedBytes", SUM, BY_ZONE, ALWAYS),
    metric("ProcessedBytes_TCP", SUM, BY_ZONE, NONZERO),
    metric("ProcessedBytes_TLS", SUM, BY_ZONE, NONZERO),
    metric("ProcessedBytes_UDP", SUM, BY_ZONE, NONZERO),
    metric("ProcessedPackets", SUM, BY_ZONE, ALWAYS),
    metric("RejectedFlowCount", AVERAGE_EXTREMES, BY_ZONE, ALWAYS),
    metric("RejectedFlowCount_TCP", SUM, BY_ZONE, NONZERO),
    metric("ReservedLCUs", EVERY, BY_LOAD_BALANCER, NONZERO),
    metric("SecurityGroupBlockedFlowCount_Inbound_ICMP", SUM, BY_ZONE, NONZERO),
    metric("SecurityGroupBlockedFlowCount_Inbound_TCP", SUM, BY_ZONE, NONZERO),
    metric("SecurityGroupBlockedFlowCount_Inbound_UDP", SUM, BY_ZONE, NONZERO),
    metric("SecurityGroupBlockedFlowCount_Outbound_ICMP", SUM, BY_ZONE, NONZERO),
    metric("SecurityGroupBlockedFlowCount_Outbound_TCP", SUM, BY_ZONE, NONZERO),
    metric("SecurityGroupBlockedFlowCount_Outbound_UDP", SUM, BY_ZONE, NONZERO),
    metric("TCP_Client_Reset_Count", SUM, BY_ZONE, ALWAYS),
    metric("TCP_ELB_Reset_Count", SUM, BY_ZONE, ALWAYS),
    metric("TCP_Target_Reset_Count", SUM, BY_ZONE, ALWAYS),
    metric("TargetTLSNegotiationErrorCount", SUM, BY_LOAD_BALANCER, NONZERO),
    metric("UnHealthyHostCount", EXTREMES, BY_TARGET_GROUP, TARGETS),
    metric("UnhealthyRoutingFlowCount", SUM, UNKNOWN, NONZERO),
    metric("ZonalHealthStatus", EXTREMES, BY_ZONE, ALWAYS),
];

/// Metrics of endpoint services, sorted by name; every minute, `EndpointsCount` every five.
///
/// Source: `vpc/latest/privatelink/privatelink-cloudwatch-metrics` (2026).
pub static PRIVATE_LINK_SERVICE_METRICS: &[Metric] = &[
    metric("ActiveConnections", AVERAGE_MAXIMUM, BY_PART_OF_SERVICE, TRAFFIC),
    metric("BytesProcessed", AVERAGE_SUM_MAXIMUM, BY_PART_OF_SERVICE, TRAFFIC),
    metric("EndpointsCount", AVERAGE_MAXIMUM, BY_ENDPOINT_SERVICE, NONZERO),
    metric("NewConnections", AVERAGE_SUM_MAXIMUM, BY_PART_OF_SERVICE, TRAFFIC),
    metric("RstPacketsSent", AVERAGE_SUM_MAXIMUM, BY_PART_OF_SERVICE, TRAFFIC),
];

/// Metrics of interface endpoints, sorted by name; every minute. There are none of gateway endpoints, and none for
/// consumers in another Region than the service.
///
/// Source: `vpc/latest/privatelink/privatelink-cloudwatch-metrics` (2026).
pub static PRIVATE_LINK_ENDPOINT_METRICS: &[Metric] = &[
    metric("ActiveConnections", AVERAGE_EXTREMES, BY_ENDPOINT, TRAFFIC),
    metric("BytesProcessed", AVERAGE_SUM_EXTREMES, BY_ENDPOINT, TRAFFIC),
    metric("NewConnections", AVERAGE_SUM_EXTREMES, BY_ENDPOINT, TRAFFIC),
    metric("PacketsDropped", AVERAGE_SUM_MAXIMUM, BY_ENDPOINT, TRAFFIC),
    metric("RstPacketsReceived", AVERAGE_SUM_MAXIMUM, BY_ENDPOINT, TRAFFIC),
];

/// Metrics of ECS itself for services on Fargate, sorted by name; every minute, in percent of what the tasks have.
///
/// Source: `AmazonECS/latest/developerguide/available-metrics` (2026).
pub static ECS_METRICS: &[Metric] = &[
    metric("CPUUtilization", AVERAGE_EXTREMES, BY_SERVICE, RUNNING),
    metric("MemoryUtilization", AVERAGE_EXTREMES, BY_SERVICE, RUNNING),
];

/// Metrics of Container Insights for services on Fargate, sorted by name; every minute, while Container Insights is on for
/// the cluster. The page names no statistics and does not say when they are missing.
///
/// Source: `AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS` (2026).
pub static CONTAINER_INSIGHTS_METRICS: &[Metric] = &[
    metric("CpuReserved", &[], BY_CLUSTER_SERVICE_AND_FAMILY, None),
    metric("CpuUtilized", &[], BY_CLUSTER_SERVICE_AND_FAMILY, None),
    metric("DeploymentCount", &[], BY_SERVICE, None),
    metric("DesiredTaskCount", &[], BY_SERVICE, None),
    metric("EphemeralStorageReserved", &[], BY_CLUSTER_SERVICE_AND_FAMILY, None),
    metric("EphemeralStorageUtilized", &[], BY_CLUSTER_SERVICE_AND_FAMILY, None),
    metric("MemoryReserved", &[], BY_CLUSTER_SERVICE_AND_FAMILY, None),
    metric("MemoryUtilized", &[], BY_CLUSTER_SERVICE_AND_FAMILY, None),
    metric("NetworkRxBytes", &[], BY_CLUSTER_SERVICE_AND_FAMILY, None),
    metric("NetworkTxBytes", &[], BY_CLUSTER_SERVICE_AND_FAMILY, None),
    metric("PendingTaskCount", &[], BY_SERVICE, None),
    metric("RestartCount", &[], BY_CLUSTER_SERVICE_AND_FAMILY, None),
    metric("RunningTaskCount", &[], BY_SERVICE, None),
];

/// The metrics of a namespace; none for a namespace that is not here.
#[must_use]
pub fn metrics_of(namespace: &str) -> &'static [Metric] {
    match namespace {
        NETWORK_LOAD_BALANCER => NETWORK_LOAD_BALANCER_METRICS,
        PRIVATE_LINK_SERVICES => PRIVATE_LINK_SERVICE_METRICS,
        PRIVATE_LINK_ENDPOINTS => PRIVATE_LINK_ENDPOINT_METRICS,
        ECS => ECS_METRICS,
        CONTAINER_INSIGHTS => CONTAINER_INSIGHTS_METRICS,
        _ => &[],
    }
}

/// The metric of this name in a namespace.
#[must_use]
pub fn find(namespace: &str, name: &str) -> Option<&'static Metric> {
    metrics_of(namespace).iter().find(|metric| metric.name == name)
}

impl Metric {
    /// Whether it is published under exactly these dimensions, in any order; `None` when no source says.
    #[must_use]
    pub fn has_dimensions(&self, names: &[&str]) -> Option<bool> {
        let is_known = !self.dimensions.is_empty();
        is_known.then(|| {
            self.dimensions
                .iter()
                .any(|known| known.len() == names.len() && known.iter().all(|name| names.contains(name)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMESPACES: [&str; 5] =
        [NETWORK_LOAD_BALANCER, PRIVATE_LINK_SERVICES, PRIVATE_LINK_ENDPOINTS, ECS, CONTAINER_INSIGHTS];

    #[test]
    fn the_tables_are_sorted_and_so_are_the_dimensions() {
        for namespace in NAMESPACES {
            let metrics = metrics_of(namespace);
            assert!(!metrics.is_empty() && metrics.is_sorted_by(|left, right| left.name < right.name), "{namespace}");
            for metric in metrics {
                assert!(metric.dimensions.iter().all(|set| set.is_sorted()), "{}", metric.name);
                assert_eq!(find(namespace, metric.name), Some(metric));
            }
        }
        assert!(metrics_of("AWS/EC2").is_empty());
    }

    #[test]
    fn a_metric_is_published_under_some_sets_of_dimensions_only() {
        let healthy = find(NETWORK_LOAD_BALANCER, "HealthyHostCount").unwrap();
        assert_eq!(healthy.has_dimensions(&["TargetGroup", "LoadBalancer"]), Some(true));
        assert_eq!(healthy.has_dimensions(&["LoadBalancer"]), Some(false));
        assert_eq!(healthy.reported, Some(Reported::WithTargets));
        let endpoints = find(PRIVATE_LINK_SERVICES, "EndpointsCount").unwrap();
        assert_eq!(endpoints.has_dimensions(&["Service Id"]), Some(true));
        let failed_open = find(NETWORK_LOAD_BALANCER, "UnhealthyRoutingFlowCount").unwrap();
        assert_eq!(failed_open.has_dimensions(&["LoadBalancer"]), None);
    }

    #[test]
    fn names_that_documentation_shortens_are_whole_here() {
        assert!(find(NETWORK_LOAD_BALANCER, "SecurityGroupBlockedFlowCount_Inbound_TCP").is_some());
        assert!(find(NETWORK_LOAD_BALANCER, "SecurityGroupBlockedFlowCount_Inbound").is_none());
    }

    #[test]
    fn errors_that_are_counted_only_when_there_are_some_are_summed() {
        for metric in NETWORK_LOAD_BALANCER_METRICS.iter().filter(|metric| metric.name.contains("Blocked")) {
            assert_eq!((metric.statistics, metric.reported), (SUM, NONZERO), "{}", metric.name);
        }
        assert_eq!(Statistic::Sum.name(), "Sum");
    }
}
