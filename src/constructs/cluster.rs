//! The ECS cluster.

use crate::cfn::{LogicalId, Value};

/// A cluster, new or existing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cluster {
    /// The name of the cluster.
    pub name: Value,
    /// Its ARN, or its name when that is all that is known.
    pub arn: Value,
    /// What must exist before a service can use its capacity providers.
    pub ready: Vec<LogicalId>,
}
