//! The roles of tasks, and what they are allowed.

use std::rc::Rc;

use crate::model::Gather as _;
use crate::model::policy::{Statement, Truth};
use crate::model::{Model, OrderedSet, ResourceId, Role, TaskDefinition};

/// The service as which ECS assumes the roles of tasks.
pub(super) const TASKS: &str = "ecs-tasks.amazonaws.com";

/// A statement that allows something, and where it is written.
pub(super) struct Grant<'a> {
    /// The resource that holds it.
    pub(super) resource: ResourceId,
    document: String,
    /// The statement.
    pub(super) statement: Rc<Statement<'a>>,
}

impl Grant<'_> {
    /// The place of something in the statement, as a property of the resource.
    pub(super) fn place(&self, inner: &dyn std::fmt::Display) -> String {
        format!("{}/{}/{inner}", self.document, self.statement.place)
    }
}

/// The roles that task definitions are given or that ECS may assume for tasks, each once.
pub(super) fn all<'a>(model: &'a Model<'a>) -> impl Iterator<Item = Role<'a>> {
    let definitions = model.all::<TaskDefinition<'a>>();
    let given: OrderedSet<ResourceId> = definitions
        .flat_map(|definition| [definition.execution_role().resource(), definition.task_role().resource()])
        .flatten()
        .gather();
    model.all::<Role<'a>>().filter(move |role| {
        given.contains(&crate::model::View::id(*role))
            || matches!(role.is_trusted_by(TASKS), Truth::Yes | Truth::Maybe(None)) && !role.trust().is_absent()
    })
}

/// What the roles of tasks are allowed, each statement once.
pub(super) fn grants<'a>(model: &'a Model<'a>) -> impl Iterator<Item = Grant<'a>> {
    grants_of(all(model))
}

/// What roles are allowed, each statement once.
pub(super) fn grants_of<'a>(roles: impl Iterator<Item = Role<'a>>) -> impl Iterator<Item = Grant<'a>> {
    let mut seen = OrderedSet::new();
    let documents = roles.flat_map(|role| role.documents().to_vec());
    let new = documents.filter(move |placed| seen.insert((placed.resource, placed.place.clone())));
    new.flat_map(|placed| {
        let statements = placed.document.shared_statements().iter();
        let statements: Vec<_> = statements.filter(|one| one.allows.is_yes()).map(Rc::clone).gather();
        statements.into_iter().map(move |statement| Grant {
            resource: placed.resource,
            document: placed.place.clone(),
            statement,
        })
    })
}
