//! Policies: statements and documents as IAM writes them.

use crate::cfn::{Gather as _, GatherMore as _};
use crate::cfn::{Map, Text, Value};

use super::StackProps;

/// A statement of a policy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    sid: Option<Text>,
    deny: bool,
    principal: Option<Value>,
    actions: Vec<Text>,
    resources: Vec<Value>,
    conditions: Map,
}

impl Statement {
    /// A statement that allows `actions`.
    #[must_use]
    pub fn allow<I>(actions: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Text>,
    {
        Self { actions: actions.into_iter().map(Into::into).gather(), ..Self::default() }
    }

    /// A statement that denies `actions`.
    #[must_use]
    pub fn deny<I>(actions: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Text>,
    {
        Self { deny: true, ..Self::allow(actions) }
    }

    /// Names the statement, in letters and digits.
    #[must_use]
    pub fn sid(mut self, sid: impl Into<Text>) -> Self {
        self.sid = Some(sid.into());
        self
    }

    /// Adds a resource.
    #[must_use]
    pub fn on(mut self, resource: impl Into<Value>) -> Self {
        self.resources.push(resource.into());
        self
    }

    /// Adds resources.
    #[must_use]
    pub fn on_all<I>(mut self, resources: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<Value>,
    {
        self.resources.gather_more(resources.into_iter().map(Into::into));
        self
    }

    /// Sets who the statement is about, in a policy that belongs to a resource.
    #[must_use]
    pub fn principal(mut self, principal: Value) -> Self {
        self.principal = Some(principal);
        self
    }

    /// Sets an AWS service as the one whom the statement is about.
    #[must_use]
    pub fn service(self, service: impl Into<Value>) -> Self {
        self.principal(Value::map([("Service", service.into())]))
    }

    /// Sets everybody as the one whom the statement is about; conditions or the place of the policy must narrow it.
    #[must_use]
    pub fn anybody(self) -> Self {
        self.principal(Value::from("*"))
    }

    /// Adds a condition: `key` compared by `operator` with `value`.
    #[must_use]
    #[inline]
    pub fn when(mut self, operator: impl Into<Text>, key: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.add_condition(operator.into(), key.into(), value.into());
        self
    }

    fn add_condition(&mut self, operator: Text, key: Text, value: Value) {
        let mut keys = match self.conditions.remove(&operator) {
            Some(Value::Map(keys)) => keys,
            _ => Map::new(),
        };
        keys.insert(key, value);
        self.conditions.insert(operator, keys);
    }

    /// Sets all conditions, as IAM writes them.
    #[must_use]
    pub fn conditions(mut self, conditions: Map) -> Self {
        self.conditions = conditions;
        self
    }

    /// Limits the statement to calls that an AWS service makes on behalf of the stack's account.
    #[must_use]
    pub fn from_this_account(self) -> Self {
        self.when("StringEquals", "aws:SourceAccount", Value::reference("AWS::AccountId"))
    }
}

impl From<Statement> for Value {
    fn from(statement: Statement) -> Self {
        let mut map = Map::with_capacity(6);
        if let Some(sid) = statement.sid {
            map.push("Sid", sid);
        }
        map.push("Effect", if statement.deny { "Deny" } else { "Allow" });
        if let Some(principal) = statement.principal {
            map.push("Principal", principal);
        }
        map.push("Action", one_or_list(statement.actions.into_iter().map(Self::from).gather()));
        if !statement.resources.is_empty() {
            map.push("Resource", one_or_list(statement.resources));
        }
        if !statement.conditions.is_empty() {
            map.push("Condition", statement.conditions);
        }
        map.into()
    }
}

/// As CDK writes it: a single element stands for itself, unless it is a token for a whole list.
fn one_or_list(mut values: Vec<Value>) -> Value {
    if values.len() == 1 && !values.iter().any(Value::is_list_token) {
        values.pop().unwrap_or_default()
    } else {
        Value::List(values)
    }
}

/// A policy document with these statements.
#[must_use]
pub fn document<I>(statements: I) -> Value
where
    I: IntoIterator<Item = Statement>,
{
    Value::map([("Version", Value::from("2012-10-17")), ("Statement", Value::list(statements))])
}

/// An ARN in the stack's partition, Region and account: `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`.
#[must_use]
#[inline]
pub fn arn(service: &'static str, resource: impl Into<Value>) -> Value {
    arn_of(service, resource.into())
}

fn arn_of(service: &'static str, resource: Value) -> Value {
    Value::join([
        Value::from("arn:"),
        Value::reference("AWS::Partition"),
        Value::from(format!(":{service}:")),
        Value::reference("AWS::Region"),
        Value::from(":"),
        Value::reference("AWS::AccountId"),
        Value::from(":"),
        resource,
    ])
}

/// An ARN as it was written, with the account left to CloudFormation where it is the stack's own: a template then names no
/// account that it is deployed to anyway.
#[must_use]
pub fn in_own_account(stack: &StackProps, arn: &str) -> Value {
    let account = stack.env.account.as_ref().map(|account| format!(":{}:", account.as_str()));
    match account.and_then(|account| arn.split_once(&account)) {
        Some((before, after)) => Value::join([
            Value::from(format!("{before}:")),
            Value::reference("AWS::AccountId"),
            Value::from(format!(":{after}")),
        ]),
        None => Value::from(arn.to_owned()),
    }
}
