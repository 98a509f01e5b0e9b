//! The dashboard: what whoever runs a private service wants to see at a glance.

use crate::aws::cloudwatch::{CONTAINER_INSIGHTS, ECS, NETWORK_LOAD_BALANCER, PRIVATE_LINK_SERVICES, Statistic};
use crate::cfn::{Gather as _, GatherMore as _};
use crate::cfn::{LogicalId, Value};
use crate::resources::cloudwatch;
use crate::spec;

use super::flow_log_queries::queries;
use super::watched::{Dimensions, Watched, of_endpoint_service, of_load_balancer, of_service, transports};
use super::widgets::{Line, Widget, body};
use super::{Alarms, EndpointService, FargateService, FlowLogs, LoadBalancer, Scope};

/// A dashboard.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dashboard {
    /// The resource, when there is one.
    pub logical_id: Option<LogicalId>,
}

/// How many alarms one widget shows, and how many services: graphs with more lines cannot be read.
const ALARMS_OF_A_WIDGET: usize = 100;
const SERVICES_OF_A_WIDGET: usize = 20;

impl Dashboard {
    /// Makes the dashboard over everything that is `watched`, with the states of `alarms` on top. It has no name of its own.
    ///
    /// The scope's origin is the member `dashboard` of the spec.
    pub fn new(scope: &mut Scope<'_>, props: &spec::Dashboard, watched: &Watched<'_>, alarms: &Alarms) -> Self {
        if !props.enabled {
            return Self::default();
        }
        let mut scope = scope.construct("Dashboard", "ringfence.Dashboard");
        let arns: Vec<Value> = alarms.arns().gather();
        let mut rows: Vec<Vec<Widget>> =
            arns.chunks(ALARMS_OF_A_WIDGET).map(|arns| vec![Widget::alarms("Alarms", arns)]).gather();
        rows.gather_more(watched.load_balancer.into_iter().flat_map(balancer_rows));
        rows.gather_more(watched.services.chunks(SERVICES_OF_A_WIDGET).map(service_row));
        rows.gather_more(watched.endpoint_service.map(sharing_row));
        rows.gather_more(flow_log_rows(watched.flow_logs));
        let dashboard = cloudwatch::Dashboard::new().dashboard_body(body(rows));
        Self { logical_id: Some(scope.add("Resource", dashboard)) }
    }
}

fn line(
    namespace: &'static str,
    metric: impl Into<String>,
    dimensions: Dimensions,
    statistic: Statistic,
    label: impl Into<String>,
) -> Line {
    Line { namespace, metric: metric.into(), dimensions, statistic, label: label.into() }
}

fn balancer_rows(load_balancer: &LoadBalancer) -> Vec<Vec<Widget>> {
    let of = |metric: String, statistic, label: &str| {
        line(NETWORK_LOAD_BALANCER, metric, of_load_balancer(load_balancer), statistic, label)
    };
    let sum = |metric: &str, label| of(metric.to_owned(), Statistic::Sum, label);
    let traffic = vec![sum("ProcessedBytes", "bytes")];
    let flows =
        vec![of("ActiveFlowCount".to_owned(), Statistic::Average, "active"), sum("NewFlowCount", "new per minute")];
    let resets = vec![
        sum("TCP_Target_Reset_Count", "by tasks"),
        sum("TCP_Client_Reset_Count", "by clients"),
        sum("TCP_ELB_Reset_Count", "by the load balancer"),
    ];
    let mut refused = vec![
        sum("RejectedFlowCount_TCP", "rejected by the load balancer"),
        sum("PortAllocationErrorCount", "without a port"),
    ];
    for transport in transports(load_balancer) {
        for way in ["Inbound", "Outbound"] {
            let metric = format!("SecurityGroupBlockedFlowCount_{way}_{transport}");
            let label = format!("{} {transport} blocked by the security group", way.to_ascii_lowercase());
            refused.push(of(metric, Statistic::Sum, &label));
        }
    }
    vec![
        vec![
            Widget::graph("Traffic through the load balancer", 60, traffic),
            Widget::graph("Connections", 60, flows),
            Widget::search("Healthy tasks by zone", 60, hosts_by_zone(load_balancer, "HealthyHostCount", "Minimum")),
        ],
        vec![
            Widget::graph("Resets", 60, resets),
            Widget::graph("Refused connections", 60, refused),
            Widget::search(
                "Unhealthy tasks by zone",
                60,
                hosts_by_zone(load_balancer, "UnHealthyHostCount", "Maximum"),
            ),
        ],
    ]
}

/// Which zones there are is known at deployment only, so that they are searched for. Source:
/// `AmazonCloudWatch/latest/monitoring/search-expression-syntax`.
fn hosts_by_zone(load_balancer: &LoadBalancer, metric: &str, statistic: &str) -> Value {
    Value::join([
        Value::from(format!(
            "SEARCH('{{{NETWORK_LOAD_BALANCER},AvailabilityZone,LoadBalancer,TargetGroup}} MetricName=\"{metric}\" \
             LoadBalancer=\""
        )),
        load_balancer.full_name.clone(),
        Value::from(format!("\"', '{statistic}', 60)")),
    ])
}

fn service_row(services: &[FargateService]) -> Vec<Widget> {
    let lines = |namespace, metric: &'static str, statistic, wanted: fn(&FargateService) -> bool| -> Vec<Line> {
        let services = services.iter().filter(|service| wanted(service));
        services
            .map(|service| line(namespace, metric, of_service(service), statistic, service.service.clone()))
            .gather()
    };
    let average = Statistic::Average;
    let mut row = vec![
        Widget::graph("CPU of tasks (%)", 60, lines(ECS, "CPUUtilization", average, |_| true)),
        Widget::graph("Memory of tasks (%)", 60, lines(ECS, "MemoryUtilization", average, |_| true)),
    ];
    let running =
        lines(CONTAINER_INSIGHTS, "RunningTaskCount", Statistic::Minimum, |service| service.has_container_insights);
    if !running.is_empty() {
        row.push(Widget::graph("Running tasks", 60, running));
    }
    row
}

fn sharing_row(service: &EndpointService) -> Vec<Widget> {
    let count = line(
        PRIVATE_LINK_SERVICES,
        "EndpointsCount",
        of_endpoint_service(service),
        Statistic::Maximum,
        "connected endpoints",
    );
    vec![
        Widget::search("New connections by endpoint", 300, by_endpoint(service, "NewConnections")),
        Widget::search("Bytes by endpoint", 300, by_endpoint(service, "BytesProcessed")),
        Widget::search("Resets by endpoint", 300, by_endpoint(service, "RstPacketsSent")),
        Widget::graph("Endpoints", 300, vec![count]),
    ]
}

fn by_endpoint(service: &EndpointService, metric: &str) -> Value {
    Value::join([
        Value::from(format!(
            "SEARCH('{{{PRIVATE_LINK_SERVICES},\"Service Id\",\"VPC Endpoint Id\"}} MetricName=\"{metric}\" \""
        )),
        service.id.clone(),
        Value::from("\"', 'Sum', 300)"),
    ])
}

fn flow_log_rows(flow_logs: &FlowLogs) -> Vec<Vec<Widget>> {
    let Some(group) = &flow_logs.log_group else { return Vec::new() };
    let widget = |query: &super::flow_log_queries::Query| {
        Widget::query(format!("Flow logs: {}", query.title), query.view.word(), group, query.text())
    };
    queries(flow_logs.traffic).chunks(2).map(|pair| pair.iter().map(widget).gather()).gather()
}
