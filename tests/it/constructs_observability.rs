//! Alarms and the dashboard: what they watch, and what is refused.

mod alarms;
mod dashboard;

use ringfence::cfn::{LogicalId, Value};
use ringfence::constructs::{
    EndpointService, FargateService, FlowLogs, Listener, LoadBalancer, SecurityGroup, Watched,
};
use ringfence::spec::FlowLogTraffic;

/// Everything that can be watched.
struct Everything {
    load_balancer: LoadBalancer,
    services: Vec<FargateService>,
    endpoint_service: EndpointService,
    flow_logs: FlowLogs,
}

impl Everything {
    fn new() -> Self {
        Self {
            load_balancer: load_balancer(vec![listener(443, "TLS", "api")]),
            services: vec![service("api", 4)],
            endpoint_service: EndpointService {
                logical_id: LogicalId::new("Sharing"),
                id: Value::reference("Sharing"),
                service_name: Value::from("com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"),
                permissions: LogicalId::new("Permissions"),
                topic: None,
                verification: None,
            },
            flow_logs: FlowLogs {
                log_group: Some(Value::reference("Records")),
                bucket: None,
                traffic: FlowLogTraffic::All,
            },
        }
    }

    fn watched(&self) -> Watched<'_> {
        Watched {
            load_balancer: Some(&self.load_balancer),
            services: &self.services,
            endpoint_service: Some(&self.endpoint_service),
            flow_logs: &self.flow_logs,
        }
    }
}

fn load_balancer(listeners: Vec<Listener>) -> LoadBalancer {
    let id = LogicalId::new("Balancer");
    LoadBalancer {
        arn: id.reference(),
        full_name: id.attribute("LoadBalancerFullName"),
        dns_name: id.attribute("DNSName"),
        hosted_zone: id.attribute("CanonicalHostedZoneID"),
        security_group: SecurityGroup { logical_id: LogicalId::new("Group"), group_id: Value::reference("Group") },
        listeners,
        dualstack: false,
        enforces_private_link: false,
        zones: 2,
        ready: Vec::new(),
        logical_id: id,
    }
}

fn listener(port: u16, protocol: &'static str, service: &str) -> Listener {
    let target_group = LogicalId::new(format!("Targets{port}"));
    Listener {
        logical_id: LogicalId::new(format!("Listener{port}")),
        port: Value::from(port),
        protocol,
        service: service.to_owned(),
        container: service.to_owned(),
        target_group_full_name: target_group.attribute("TargetGroupFullName"),
        target_group,
        target_port: Value::from(8080),
    }
}

fn service(name: &str, min_tasks: i64) -> FargateService {
    let id = LogicalId::new(format!("Service{name}"));
    FargateService {
        service: name.to_owned(),
        name: id.attribute("Name"),
        cluster_name: Value::reference("Cluster"),
        min_tasks: Value::from(min_tasks),
        fewest_tasks: Value::from(min_tasks),
        has_container_insights: true,
        most_tasks: None,
        logical_id: id,
    }
}
