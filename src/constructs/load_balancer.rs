//! The internal Network Load Balancer.

use crate::cfn::{LogicalId, Value};

use super::security_group::SecurityGroup;

/// A load balancer with its listeners.
#[derive(Clone, Debug, PartialEq)]
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
}

/// A listener with its target group.
#[derive(Clone, Debug, PartialEq)]
pub struct Listener {
    /// The listener.
    pub logical_id: LogicalId,
    /// Its port.
    pub port: Value,
    /// Its protocol: `TCP`, `TLS`, `UDP` or `TCP_UDP`.
    pub protocol: &'static str,
    /// The name of the service to which it leads.
    pub service: String,
    /// The target group.
    pub target_group: LogicalId,
    /// Its name as CloudWatch has it: `targetgroup/NAME/ID`.
    pub target_group_full_name: Value,
    /// The port of the tasks to which it leads.
    pub target_port: Value,
}
