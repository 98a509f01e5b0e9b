//! An ECS service on Fargate.

use crate::cfn::{LogicalId, Value};

/// A service that is kept running.
#[derive(Clone, Debug, PartialEq)]
pub struct FargateService {
    /// The resource.
    pub logical_id: LogicalId,
    /// The name that ECS gave it.
    pub name: Value,
    /// The name of its cluster.
    pub cluster_name: Value,
}
