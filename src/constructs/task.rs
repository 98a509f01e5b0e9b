//! A task: containers with their roles, log and security group.

use crate::cfn::{LogicalId, Value};

use super::security_group::SecurityGroup;

/// A task definition with what belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The name of the service, as the spec has it.
    pub name: String,
    /// The ARN of the task definition.
    pub definition: Value,
    /// The name of the main container.
    pub container: String,
    /// The port on which the main container listens, when it does.
    pub port: Option<Value>,
    /// The group in which the tasks are.
    pub security_group: SecurityGroup,
    /// The role that the containers have.
    pub task_role: LogicalId,
    /// The role with which ECS starts the task.
    pub execution_role: LogicalId,
    /// The log group.
    pub log_group: LogicalId,
    /// The policies, which must exist before a task starts.
    pub ready: Vec<LogicalId>,
}
