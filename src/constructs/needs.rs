//! What tasks need of AWS services, collected from all services of a spec before any endpoint is made.

use crate::cfn::{OrderedMap, OrderedSet, Text};

use super::iam::Statement;

/// What tasks need of AWS services: for each endpoint, by its key such as `ecr.api`, the statements that its policy must
/// allow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Needs {
    /// The statements by endpoint.
    pub by_endpoint: OrderedMap<Text, Vec<Statement>>,
    /// The endpoints of which it is not known what is called through them; their policies stay open, whatever statements
    /// there are.
    pub open: OrderedSet<Text>,
}

impl Needs {
    /// Adds a statement that the policy of `endpoint` must allow.
    pub fn add(&mut self, endpoint: impl Into<Text>, statement: Statement) {
        let statements = self.by_endpoint.or_default(endpoint.into());
        if !statements.contains(&statement) {
            statements.push(statement);
        }
    }

    /// Adds an endpoint without saying what is called through it, so that its policy stays open. Use [`Needs::add`]
    /// wherever that is known.
    pub fn need(&mut self, endpoint: impl Into<Text>) {
        let endpoint = endpoint.into();
        self.by_endpoint.or_default(endpoint.clone());
        self.open.insert(endpoint);
    }

    /// Adds everything that `others` need.
    pub fn extend(&mut self, others: Self) {
        for (endpoint, statements) in others.by_endpoint {
            self.by_endpoint.or_default(endpoint.clone());
            for statement in statements {
                self.add(endpoint.clone(), statement);
            }
        }
        self.open.extend(others.open);
    }

    /// Whether an endpoint is needed.
    #[must_use]
    pub fn contains(&self, endpoint: &str) -> bool {
        self.by_endpoint.contains_key(endpoint)
    }

    /// The statements to which the policy of `endpoint` can be limited; nothing when it must stay open.
    #[must_use]
    pub fn limits(&self, endpoint: &str) -> Option<&[Statement]> {
        let statements = self.by_endpoint.get(endpoint).filter(|statements| !statements.is_empty())?;
        (!self.open.contains(endpoint)).then_some(statements)
    }
}
