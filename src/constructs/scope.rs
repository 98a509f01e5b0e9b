//! The place in a stack where a construct is made.

use crate::cfn::GatherMore as _;
use crate::cfn::{LogicalId, Map, Text, Value};
use crate::diagnostics::{Code, Finding, Pointer, Severity, codes};
use crate::resources::Resource;

use super::stack::ConstructNode;
use super::{RemovalPolicy, Stack, StackResource};

/// A place in the construct tree of a stack, and the place in the spec that it comes from.
///
/// Scopes are cheap and borrowed: `scope.child("Network")` gives the place one step down for as long as it is used.
#[derive(Debug)]
pub struct Scope<'a> {
    stack: &'a mut Stack,
    path: String,
    origin: Pointer,
}

impl<'a> Scope<'a> {
    pub(super) const fn root(stack: &'a mut Stack) -> Self {
        Self { stack, path: String::new(), origin: Pointer::root() }
    }

    /// The stack that this place is in, to change it.
    pub const fn stack_mut(&mut self) -> &mut Stack {
        self.stack
    }

    /// The stack that this place is in.
    #[must_use]
    pub const fn stack(&self) -> &Stack {
        self.stack
    }

    /// The path below the stack.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The place in the spec that this place comes from.
    #[must_use]
    pub const fn origin(&self) -> &Pointer {
        &self.origin
    }

    /// The place one step down.
    pub fn child(&mut self, id: &str) -> Scope<'_> {
        let path = join(&self.path, id);
        Scope { stack: self.stack, path, origin: self.origin.clone() }
    }

    /// The place one step down where a construct of the class `class` (such as `ringfence.Network`) is made.
    pub fn construct(&mut self, id: &str, class: &'static str) -> Scope<'_> {
        let child = self.child(id);
        child.stack.add_construct(ConstructNode { path: child.path.clone(), class });
        child
    }

    /// The same place, made from the member `path` of the spec below its origin, its steps separated by `/`.
    pub fn made_from(&mut self, path: &str) -> Scope<'_> {
        let origin = self.origin.join(path);
        Scope { path: self.path.clone(), stack: self.stack, origin }
    }

    /// Adds a resource one step down.
    #[inline]
    pub fn add(&mut self, id: &str, resource: impl Into<Resource>) -> LogicalId {
        self.add_resource(id, resource.into())
    }

    fn add_resource(&mut self, id: &str, resource: Resource) -> LogicalId {
        let path = join(&self.path, id);
        let logical_id = LogicalId::from_path(path.split('/'));
        let added = self.stack.push(StackResource {
            path,
            logical_id: logical_id.clone(),
            resource,
            depends_on: Vec::new(),
            condition: None,
            removal_policy: None,
            metadata: Map::new(),
            origin: self.origin.clone(),
        });
        if !added {
            let message = format!("there is a construct `{}` already", join(&self.path, id));
            self.error(codes::DUPLICATE_CONSTRUCT, "", message, "give each construct an ID of its own");
        }
        logical_id
    }

    /// Says that `resource` needs `others` before it although none of its properties says so.
    pub fn depend<'b>(&mut self, resource: &LogicalId, others: impl IntoIterator<Item = &'b LogicalId>) {
        if let Some(resource) = self.stack.resource_mut(resource) {
            resource.depends_on.gather_more(others.into_iter().cloned());
        }
    }

    /// Says what happens when a resource is taken out of the stack.
    pub fn remove_by(&mut self, resource: &LogicalId, policy: RemovalPolicy) {
        if let Some(resource) = self.stack.resource_mut(resource) {
            resource.removal_policy = Some(policy);
        }
    }

    /// Sets a property of a resource that was added before.
    pub fn set(&mut self, resource: &LogicalId, property: &'static str, value: impl Into<Value>) {
        if let Some(resource) = self.stack.resource_mut(resource) {
            resource.resource.set(property, value);
        }
    }

    /// Reports an error in the member `at` of the spec below this place (its steps separated by `/`; empty for the
    /// place itself).
    pub fn error(&mut self, code: Code, at: &str, message: impl Into<Text>, help: impl Into<Text>) {
        self.report(code, Severity::Error, at, message.into(), help.into());
    }

    /// Reports a warning, as [`Scope::error`] does.
    pub fn warn(&mut self, code: Code, at: &str, message: impl Into<Text>, help: impl Into<Text>) {
        self.report(code, Severity::Warning, at, message.into(), help.into());
    }

    /// Reports something that is good to know, as [`Scope::error`] does.
    pub fn info(&mut self, code: Code, at: &str, message: impl Into<Text>, help: impl Into<Text>) {
        self.report(code, Severity::Info, at, message.into(), help.into());
    }

    fn report(&mut self, code: Code, severity: Severity, at: &str, message: Text, help: Text) {
        let mut finding = Finding::new(code, severity, message).with_help(help);
        finding.address.spec = Some(self.origin.join(at));
        finding.address.stack = Some(self.stack.id().to_owned());
        finding.address.construct_path = Some(join(self.stack.id(), &self.path));
        self.stack.report(finding);
    }
}

fn join(path: &str, id: &str) -> String {
    if path.is_empty() {
        id.to_owned()
    } else if id.is_empty() {
        path.to_owned()
    } else {
        [path, "/", id].concat()
    }
}
