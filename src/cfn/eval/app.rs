//! Several templates that belong together: stacks that import from one another, and nested stacks.

use super::{Parameter, Template};

/// A resource of an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId {
    /// The template, as an index into the app.
    pub template: u32,
    /// The resource, as an index into the template.
    pub resource: u32,
}

/// Where the value of a parameter comes from when it is not the deployment that chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Supply<'a> {
    /// The properties of the nested stack's resource in the template around it.
    Parent,
    /// An output of another template.
    Output { template: u32, output: &'a str },
}

/// The way from a consumer's parameter to what fills it.
#[derive(Clone, Copy, Debug)]
struct Binding<'a> {
    consumer: u32,
    parameter: &'a str,
    producer: u32,
    output: &'a str,
}

/// Where a nested stack stands.
#[derive(Clone, Copy, Debug)]
struct Nesting {
    parent: ResourceId,
    child: u32,
}

/// Templates that belong together.
#[derive(Debug, Default)]
pub struct App<'a> {
    templates: Vec<Template<'a>>,
    nestings: Vec<Nesting>,
    bindings: Vec<Binding<'a>>,
}

impl<'a> App<'a> {
    /// Templates that may import from one another.
    #[must_use]
    pub fn new(templates: Vec<Template<'a>>) -> Self {
        Self { templates, nestings: Vec::new(), bindings: Vec::new() }
    }

    /// Says that the template `child` is that of the nested stack `logical_id` in `parent`. Without effect when there is no
    /// such resource, and for a nesting that goes round in a circle.
    pub fn nest(&mut self, parent: u32, logical_id: &str, child: u32) {
        let resource = self.template(parent).and_then(|template| template.resource_index(logical_id));
        let Some(resource) = resource else { return };
        if self.parent_of(child).is_none() && !self.is_inside(parent, child) {
            self.nestings.push(Nesting { parent: ResourceId { template: parent, resource }, child });
        }
    }

    /// Says that whoever deploys gives the output of `producer` to the parameter of `consumer`.
    pub fn bind(&mut self, consumer: u32, parameter: &'a str, producer: u32, output: &'a str) {
        self.bindings.push(Binding { consumer, parameter, producer, output });
    }

    /// The templates.
    #[must_use]
    pub fn templates(&self) -> &[Template<'a>] {
        &self.templates
    }

    /// A template.
    #[must_use]
    pub fn template(&self, index: u32) -> Option<&Template<'a>> {
        self.templates.get(usize::try_from(index).ok()?)
    }

    /// The resource of a nested stack whose template is `child`.
    #[must_use]
    pub fn parent_of(&self, child: u32) -> Option<ResourceId> {
        self.nestings.iter().find(|nesting| nesting.child == child).map(|nesting| nesting.parent)
    }

    /// The template of the nested stack that a resource is, when it is here.
    #[must_use]
    pub fn child_of(&self, parent: ResourceId) -> Option<u32> {
        self.nestings.iter().find(|nesting| nesting.parent == parent).map(|nesting| nesting.child)
    }

    /// The templates in pairs of which one depends on the other by nesting or binding.
    pub fn links(&self) -> impl Iterator<Item = (u32, u32)> {
        let nested = self.nestings.iter().map(|nesting| (nesting.parent.template, nesting.child));
        nested.chain(self.bindings.iter().map(|binding| (binding.consumer, binding.producer)))
    }

    /// The parameter that a deployment sets for one of a template: itself, or that of a parent which is handed on; nothing when
    /// another value is given.
    #[must_use]
    pub fn source_of(&self, template: u32, parameter: &str) -> Option<Parameter<'a>> {
        super::world::source_of(self, template, parameter)
    }

    pub(super) fn supply(&self, template: u32, parameter: &str) -> Option<Supply<'a>> {
        let bound = self.bindings.iter().find(|bound| bound.consumer == template && bound.parameter == parameter);
        match bound {
            Some(bound) => Some(Supply::Output { template: bound.producer, output: bound.output }),
            None => self.parent_of(template).map(|_| Supply::Parent),
        }
    }

    /// Whether `inner` is `outer` or nested in it.
    fn is_inside(&self, inner: u32, outer: u32) -> bool {
        inner == outer || self.parent_of(inner).is_some_and(|parent| self.is_inside(parent.template, outer))
    }
}
