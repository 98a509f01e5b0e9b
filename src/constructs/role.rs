//! IAM roles that AWS services assume: who may assume them, what they may do, and what bounds them.

use crate::cfn::{LogicalId, Text, Value};
use crate::resources::{Builder as _, iam};

use super::Scope;
use super::iam::{Statement, arn, document};
use super::stack::end_of;

/// Which AWS service may assume a role, and on whose behalf.
///
/// A service acts for all its customers, so a role that trusts it unconditionally can be used for a stranger's resource
/// (the confused deputy). The conditions here limit it to the stack's own account and, where the service passes it on, to
/// the resource. Source: IAM user guide, "The confused deputy problem".
#[derive(Clone, Debug, PartialEq)]
pub struct Trust {
    statement: Statement,
}

impl Trust {
    /// Trusts a service by its principal, such as `vpc-flow-logs.amazonaws.com`, acting for the stack's account.
    ///
    /// Which services pass `aws:SourceAccount` on is in each service's own documentation.
    #[must_use]
    pub fn service(principal: &'static str) -> Self {
        Self { statement: Statement::allow(["sts:AssumeRole"]).service(principal).from_this_account() }
    }

    /// Limits the trust to resources whose ARN is like `arn`, in which `*` and `?` are wildcards.
    #[must_use]
    pub fn from_source(self, arn: impl Into<Value>) -> Self {
        Self { statement: self.statement.when("ArnLike", "aws:SourceArn", arn) }
    }

    /// Trusts the tasks of Amazon ECS in the stack's account and Region. ECS takes no narrower ARN here: not even that of
    /// a cluster. Source: Amazon ECS developer guide, "Amazon ECS task IAM role".
    #[must_use]
    pub fn ecs_tasks() -> Self {
        Self::service("ecs-tasks.amazonaws.com").from_source(arn("ecs", "*"))
    }

    /// Trusts another account, which decides itself who of it may assume the role.
    #[must_use]
    pub fn account(account: &str) -> Self {
        let root = Value::join([
            Value::from("arn:"),
            Value::reference("AWS::Partition"),
            Value::from(format!(":iam::{account}:root")),
        ]);
        Self { statement: Statement::allow(["sts:AssumeRole"]).principal(Value::map([("AWS", root)])) }
    }

    /// Trusts the Lambda functions of the stack's account.
    #[must_use]
    pub fn lambda() -> Self {
        Self::service("lambda.amazonaws.com")
    }
}

/// A role in a stack. The permissions boundary of the stack bounds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    /// The resource.
    pub logical_id: LogicalId,
    /// Its ARN.
    pub arn: Value,
    /// Its name.
    pub name: Value,
}

impl Role {
    /// Adds a role that may do nothing yet. `description` says what it is for, in at most 1000 characters.
    pub fn new(scope: &mut Scope<'_>, id: &str, trust: &Trust, description: impl Into<Text>) -> Self {
        let boundary = scope.stack().props().permissions_boundary.clone();
        let role = iam::Role::new()
            .assume_role_policy_document(document([trust.statement.clone()]))
            .description(description.into())
            .maybe(boundary, iam::Role::permissions_boundary);
        Self::of(&scope.add(id, role))
    }

    /// The role that was added as `logical_id`.
    #[must_use]
    pub fn of(logical_id: &LogicalId) -> Self {
        Self {
            arn: logical_id.attribute(iam::Role::ATTR_ARN),
            name: logical_id.reference(),
            logical_id: logical_id.clone(),
        }
    }

    /// Lets the role do what `statements` say, by a policy inside the role: it exists as soon as the role does, so nobody
    /// has to wait for it. A policy without statements is none.
    ///
    /// The statements must not lead back to something that needs the role: use [`Role::attach`] for those.
    pub fn allow(&self, scope: &mut Scope<'_>, name: impl Into<Text>, statements: Vec<Statement>) {
        if statements.is_empty() {
            return;
        }
        let policy = iam::role::Policy::new().policy_name(name.into()).policy_document(document(statements));
        let Some(role) = scope.stack_mut().resource_mut(&self.logical_id) else { return };
        let properties = role.resource.properties_mut();
        match properties.get_mut("Policies") {
            Some(Value::List(policies)) => policies.push(policy.into()),
            _ => properties.insert("Policies", vec![Value::from(policy)]),
        }
    }

    /// Lets the role do what `statements` say, by a policy of its own at `id`. Whoever uses the role must wait for the
    /// policy, since nothing else in the template says so.
    pub fn attach(&self, scope: &mut Scope<'_>, id: &str, statements: Vec<Statement>) -> LogicalId {
        let policy = iam::Policy::new().policy_document(document(statements)).roles([self.name.clone()]);
        let logical_id = scope.add(id, policy);
        scope.set(&logical_id, "PolicyName", policy_name(logical_id.as_str()));
        logical_id
    }
}

/// A logical ID as the name of a policy. What is too long loses its beginning: the end has the hash that tells two apart.
/// Source: IAM API reference, PutRolePolicy.
fn policy_name(logical_id: &str) -> String {
    const LONGEST: usize = 128;
    end_of(logical_id, LONGEST)
}
