//! The endpoints through which tasks reach AWS services.

use std::collections::BTreeMap;

use crate::cfn::{LogicalId, Text, Value};

use super::iam::Statement;
use super::security_group::SecurityGroup;

/// What tasks need of AWS services: for each endpoint, by its name such as `ecr.api`, the statements that its policy must
/// allow. An endpoint without statements is needed, and its policy is left at what the service offers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Needs {
    /// The statements by endpoint.
    pub by_endpoint: BTreeMap<Text, Vec<Statement>>,
}

impl Needs {
    /// Adds a statement that the policy of `endpoint` must allow.
    pub fn add(&mut self, endpoint: impl Into<Text>, statement: Statement) {
        let statements = self.by_endpoint.entry(endpoint.into()).or_default();
        if !statements.contains(&statement) {
            statements.push(statement);
        }
    }

    /// Adds an endpoint.
    pub fn need(&mut self, endpoint: impl Into<Text>) {
        self.by_endpoint.entry(endpoint.into()).or_default();
    }

    /// Adds everything that `others` need.
    pub fn extend(&mut self, others: Self) {
        for (endpoint, statements) in others.by_endpoint {
            self.need(endpoint.clone());
            for statement in statements {
                self.add(endpoint.clone(), statement);
            }
        }
    }
}

/// The endpoints of a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Endpoints {
    /// The group in which the interface endpoints are; nothing when there are none.
    pub security_group: Option<SecurityGroup>,
    /// The prefix lists of the gateway endpoints that tasks must be let out to, by endpoint name (`s3`, `dynamodb`).
    pub prefix_lists: BTreeMap<Text, Value>,
    /// The endpoints, which must exist before a task starts.
    pub ready: Vec<LogicalId>,
}
