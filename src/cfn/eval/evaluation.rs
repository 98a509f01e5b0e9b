//! An app in one world.

use std::cell::Cell;

use super::app::Supply;
use super::node::{self, Shape};
use super::pieces::Piece;
use super::world::Variable;
use super::{
    App, Attribute, Because, Field, Identity, Node, Output, Parameter, Resource, ResourceId, World, functions,
    is_custom_type,
};
use crate::cfn::Gather as _;
use crate::cfn::{Function, Number, Value};

/// How many functions are worked out before the rest counts as unknown: so many, and so many more for each resource. A budget
/// of ours.
const STEPS: u32 = 100_000;
const STEPS_A_RESOURCE: u32 = 500;

/// How deep functions may be inside one another, through parameters, imports and conditions too.
const MAX_DEPTH: u32 = 100;

/// An app in one world: answers what a property comes to.
#[derive(Debug)]
pub struct Evaluation<'a> {
    app: &'a App<'a>,
    world: &'a World<'a>,
    /// How many functions may still be worked out.
    steps: Cell<u32>,
    depth: Cell<u32>,
}

impl<'a> Evaluation<'a> {
    /// The app in a world.
    #[must_use]
    pub fn new(app: &'a App<'a>, world: &'a World<'a>) -> Self {
        let resources: usize = app.templates().iter().map(|template| template.resources().len()).sum();
        let more = u32::try_from(resources).unwrap_or(u32::MAX).saturating_mul(STEPS_A_RESOURCE);
        Self { app, world, steps: Cell::new(STEPS.saturating_add(more)), depth: Cell::new(0) }
    }

    /// The app.
    #[must_use]
    pub fn app(&self) -> &'a App<'a> {
        self.app
    }

    /// The world.
    #[must_use]
    pub fn world(&self) -> &'a World<'a> {
        self.world
    }

    /// Whether so much was asked that the last answers were [`Because::Limit`].
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        self.steps.get() == 0
    }

    /// The resources that are made in this world.
    pub fn resources(&'a self) -> impl Iterator<Item = ResourceId> {
        let templates = (0..).zip(self.app.templates());
        templates.filter(|(template, _)| self.is_template_used(*template)).flat_map(move |(template, content)| {
            let all = (0..).zip(content.resources());
            all.filter(move |(_, resource)| self.is_made(template, resource))
                .map(move |(index, _)| ResourceId { template, resource: index })
        })
    }

    /// The declaration of a resource.
    #[must_use]
    pub fn resource(&self, id: ResourceId) -> Option<&'a Resource<'a>> {
        self.app.template(id.template)?.resource(id.resource)
    }

    /// A property of a resource, by its key at the top.
    #[must_use]
    pub fn property(&'a self, id: ResourceId, key: &str) -> Node<'a> {
        let properties = self.resource(id).and_then(|resource| resource.properties);
        match properties.and_then(|properties| properties.get(key)) {
            Some(value) => self.node(id.template, value),
            None if self.hides_properties(id) => self.unknown(id.template, Because::Transform),
            None => Node::new(self, id.template, Shape::Absent),
        }
    }

    /// Whether a macro may add properties to a resource.
    fn hides_properties(&self, id: ResourceId) -> bool {
        let written = self.resource(id).and_then(|resource| resource.declaration.get("Properties"));
        match written {
            Some(Value::Intrinsic(_)) => true,
            Some(Value::Map(map)) => map.contains_key("Fn::Transform"),
            _ => false,
        }
    }

    /// What a value in a template comes to.
    #[must_use]
    pub fn node(&'a self, template: u32, value: &'a Value) -> Node<'a> {
        let Value::Intrinsic(intrinsic) = value else { return Node::new(self, template, node::of_literal(value)) };
        if self.steps.get() == 0 || self.depth.get() >= MAX_DEPTH {
            return self.unknown(template, Because::Limit);
        }
        self.steps.set(self.steps.get().saturating_sub(1));
        self.depth.set(self.depth.get() + 1);
        let node = functions::call(self, template, intrinsic);
        self.depth.set(self.depth.get() - 1);
        node
    }

    pub(super) fn unknown(&'a self, template: u32, because: Because<'a>) -> Node<'a> {
        Node::new(self, template, Shape::Unknown(because))
    }

    /// Whether a resource is made, as its condition says.
    pub(super) fn is_made(&'a self, template: u32, resource: &Resource<'a>) -> bool {
        resource.condition().is_none_or(|name| self.holds(template, name).unwrap_or(true))
    }

    /// Whether the nested stack whose template this is is made.
    fn is_template_used(&'a self, template: u32) -> bool {
        let Some(parent) = self.app.parent_of(template) else { return true };
        self.resource(parent).is_some_and(|resource| self.is_made(parent.template, resource))
            && self.is_template_used(parent.template)
    }

    /// The value of a parameter.
    pub(super) fn parameter(&'a self, template: u32, parameter: Parameter<'a>) -> Node<'a> {
        let unknown = Because::Parameter { template, name: parameter.name };
        match self.world.value_of(&Variable::Parameter { template, name: parameter.name }) {
            Some(Some(value)) => return self.typed(template, parameter, value),
            Some(None) => return self.unknown(template, unknown),
            None => {}
        }
        match self.app.supply(template, parameter.name) {
            Some(Supply::Output { template, output }) => return self.output(template, output),
            Some(Supply::Parent) => {
                let given = self.given_by_parent(template, parameter.name);
                if !given.is_absent() {
                    return self.listed(template, parameter, given);
                }
            }
            None => {}
        }
        match (parameter.default(), parameter.allowed_values()) {
            _ if parameter.is_looked_up() => self.unknown(template, unknown),
            (Some(value), _) => self.typed(template, parameter, value),
            (None, [only]) => self.typed(template, parameter, only),
            _ => self.unknown(template, unknown),
        }
    }

    /// A parameter's value as its type has it: a list is written with commas.
    fn typed(&'a self, template: u32, parameter: Parameter<'a>, value: &'a Value) -> Node<'a> {
        match value {
            Value::String(text) if parameter.is_list() => {
                let items = text.split(',').map(|item| Node::new(self, template, Shape::Text(item.trim().to_owned())));
                Node::new(self, template, Shape::List(items.gather()))
            }
            _ => Node::new(self, template, node::of_literal(value)),
        }
    }

    fn is_custom(&self, id: ResourceId) -> bool {
        self.resource(id).is_none_or(|resource| is_custom_type(resource.type_name))
    }

    /// What was given to a parameter, as its type has it: a list comes as one text with commas.
    fn listed(&'a self, template: u32, parameter: Parameter<'a>, given: Node<'a>) -> Node<'a> {
        if !parameter.is_list() || given.is_list() {
            return given;
        }
        let pieces = match given.shape() {
            Shape::Text(_) | Shape::Plain(_) | Shape::Pieces(_) => given.pieces(),
            // What `Ref` gives of a resource is one name or ID, but for those whose provider may give anything.
            Shape::Attribute(attribute) if attribute.name.is_empty() && !self.is_custom(attribute.resource) => {
                return Node::new(self, template, Shape::List(vec![given]));
            }
            _ => return given,
        };
        match super::pieces::split(&pieces, ",") {
            Some(items) => {
                let items = items.into_iter().map(|item| Node::new(self, template, item));
                Node::new(self, template, Shape::List(items.gather()))
            }
            None => match given.text() {
                Field::Unknown(because) => self.unknown(template, because),
                _ => given,
            },
        }
    }

    /// What the resource of a nested stack gives to a parameter of its template.
    fn given_by_parent(&'a self, template: u32, name: &str) -> Node<'a> {
        match self.app.parent_of(template) {
            Some(parent) => self.property(parent, "Parameters").get(name),
            None => Node::new(self, template, Shape::Absent),
        }
    }

    /// The value of an output.
    pub(super) fn output(&'a self, template: u32, name: &'a str) -> Node<'a> {
        let output = self.app.template(template).and_then(|found| found.output(name));
        match output.and_then(|output| output.value) {
            Some(value) => self.node(template, value),
            None => self.unknown(template, Because::Output(name)),
        }
    }

    /// What a template's export under this name comes to.
    pub(super) fn import(&'a self, template: u32, name: &Node<'a>) -> Node<'a> {
        let wanted = name.pieces();
        let found = match wanted.as_slice() {
            [Piece::Text(text)] => self.world.export(text).or_else(|| self.export_of_a_stack(&wanted)),
            _ => self.open_export(&wanted),
        };
        if let Some((exporter, value)) = found.and_then(|place| self.exported(place)) {
            return self.node(exporter, value);
        }
        let shown = match name.written() {
            Some(Value::String(text)) => text.as_ref(),
            _ => "",
        };
        self.unknown(template, Because::Import(shown))
    }

    /// The output that is exported under a name with holes.
    fn open_export(&'a self, wanted: &[Piece<'a>]) -> Option<(u32, u32)> {
        let same = |place: &&(u32, u32)| {
            let output = self.output_at(**place);
            let export = output.and_then(|output| output.export);
            export.is_some_and(|export| self.node(place.0, export).pieces() == wanted)
        };
        let exports = self.world.open_exports();
        let found = exports.iter().find(same).copied().or_else(|| self.export_alike(wanted));
        found.or_else(|| self.export_of_a_stack(wanted))
    }

    /// The output whose export has parameters in its name that are called as those of the import: stacks of one environment
    /// are given the same. Only one that no other could be is taken.
    fn export_alike(&'a self, wanted: &[Piece<'a>]) -> Option<(u32, u32)> {
        let fits = |place: &&(u32, u32)| {
            let export = self.output_at(**place).and_then(|output| output.export);
            export.is_some_and(|export| is_name_alike(&self.node(place.0, export).pieces(), wanted))
        };
        let mut found = self.world.open_exports().iter().filter(fits);
        found.next().filter(|_| found.next().is_none()).copied()
    }

    /// The output whose export has the name of its stack in it, which is not known here, and otherwise the name that is
    /// wanted. Only one that no other could be is taken: stacks are called as it suits those who deploy them.
    fn export_of_a_stack(&'a self, wanted: &[Piece<'a>]) -> Option<(u32, u32)> {
        let fits = |place: &&(u32, u32)| {
            let export = self.output_at(**place).and_then(|output| output.export);
            export.is_some_and(|export| is_name_with_stack(&self.node(place.0, export).pieces(), wanted))
        };
        let mut found = self.world.open_exports().iter().filter(fits);
        found.next().filter(|_| found.next().is_none()).copied()
    }

    fn output_at(&self, (template, output): (u32, u32)) -> Option<&'a Output<'a>> {
        self.app.template(template)?.outputs().get(usize::try_from(output).ok()?)
    }

    fn exported(&self, place: (u32, u32)) -> Option<(u32, &'a Value)> {
        self.output_at(place)?.value.map(|value| (place.0, value))
    }

    /// What an attribute of a resource comes to: a value when it follows from the template.
    pub(super) fn attribute(&'a self, template: u32, attribute: Attribute<'a>) -> Node<'a> {
        let id = attribute.resource;
        if let Some(output) = attribute.name.strip_prefix("Outputs.") {
            return match self.app.child_of(id) {
                Some(child) => self.output(child, output),
                None => self.unknown(template, Because::Attribute(attribute)),
            };
        }
        let type_name = self.resource(id).map_or("", |resource| resource.type_name);
        let property = match property_of(type_name, attribute.name) {
            Some(property) => self.property(id, property),
            None => Node::new(self, template, Shape::Absent),
        };
        match property.text() {
            Field::Known(_) => property,
            _ => Node::new(self, template, Shape::Attribute(attribute)),
        }
    }

    /// Which thing an attribute names: mostly the resource itself.
    pub(super) fn identity_of(&self, attribute: Attribute<'a>) -> Identity<'a> {
        match attribute.name {
            "DefaultSecurityGroup" | "DefaultNetworkAcl" | "PrivateDnsNameConfiguration.Name" => {
                Identity::Attribute(attribute)
            }
            _ => Identity::Resource(attribute.resource),
        }
    }

    /// What `Fn::If` chooses in this world, as it is written; the value itself where nothing is to be chosen, or not known.
    #[must_use]
    pub fn chosen(&'a self, template: u32, value: &'a Value) -> &'a Value {
        let Some(call) = value.as_intrinsic().filter(|call| call.function == Function::If) else { return value };
        let Some([Value::String(name), then, otherwise]) = call.argument.as_list() else { return value };
        match self.holds(template, name) {
            Some(true) => self.chosen(template, then),
            Some(false) => self.chosen(template, otherwise),
            None => value,
        }
    }

    /// Whether a condition of a template holds in this world; nothing for one that the template does not have.
    #[must_use]
    pub fn holds(&'a self, template: u32, name: &str) -> Option<bool> {
        if let Some(truth) = self.world.truth_of(template) {
            let index = self.app.template(template)?.condition_index(name)?;
            return truth.get(index).copied();
        }
        self.guarded(|| super::condition::named(self, template, name))
    }

    /// Goes one level deeper, unless that is too deep.
    fn guarded<T>(&self, work: impl FnOnce() -> Option<T>) -> Option<T> {
        if self.depth.get() >= MAX_DEPTH || self.steps.get() == 0 {
            return None;
        }
        self.steps.set(self.steps.get().saturating_sub(1));
        self.depth.set(self.depth.get() + 1);
        let result = work();
        self.depth.set(self.depth.get() - 1);
        result
    }
}

/// The properties whose values are attributes as well. Source: the return values of each type in the CloudFormation
/// template reference.
fn property_of(type_name: &str, attribute: &str) -> Option<&'static str> {
    match (type_name, attribute) {
        ("AWS::EC2::VPC" | "AWS::EC2::Subnet", "CidrBlock") => Some("CidrBlock"),
        ("AWS::EC2::Subnet", "AvailabilityZone") => Some("AvailabilityZone"),
        ("AWS::EC2::Subnet", "VpcId") | ("AWS::EC2::SecurityGroup", "VpcId") => Some("VpcId"),
        ("AWS::Logs::LogGroup", "") => Some("LogGroupName"),
        ("AWS::ECS::Cluster", "") => Some("ClusterName"),
        ("AWS::S3::Bucket", "") => Some("BucketName"),
        _ => None,
    }
}

/// Whether two scalars are the same to CloudFormation, which compares them as text.
pub(super) fn equal_literals(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(Number::Int(one)), Value::Number(Number::Int(other))) => one == other,
        _ => super::pieces::scalar(one).zip(super::pieces::scalar(other)).is_some_and(|(one, other)| one == other),
    }
}

/// Whether two names are the same but for the templates whose parameters are in them.
fn is_name_alike(export: &[Piece<'_>], wanted: &[Piece<'_>]) -> bool {
    let alike = |(one, other): (&Piece<'_>, &Piece<'_>)| match (one, other) {
        (Piece::Hole(Because::Parameter { name: one, .. }), Piece::Hole(Because::Parameter { name: other, .. })) => {
            one == other
        }
        _ => one == other,
    };
    export.len() == wanted.len() && export.iter().zip(wanted).all(alike)
}

/// Whether a name of which the stack's own is a part may read like another one.
fn is_name_with_stack(name: &[Piece<'_>], wanted: &[Piece<'_>]) -> bool {
    let is_stack = |piece: &Piece<'_>| matches!(piece, Piece::Hole(Because::Pseudo("AWS::StackName")));
    match (name, wanted) {
        ([stack, Piece::Text(rest)], [Piece::Text(wanted)]) if is_stack(stack) => {
            is_part(rest) && wanted.strip_suffix(rest.as_ref()).is_some_and(|before| !before.is_empty())
        }
        ([stack, Piece::Text(rest)], [Piece::Hole(_), Piece::Text(wanted)]) if is_stack(stack) => {
            is_part(rest) && wanted == rest
        }
        ([Piece::Text(before), stack], [Piece::Text(wanted)]) if is_stack(stack) => {
            is_part(before) && wanted.strip_prefix(before.as_ref()).is_some_and(|rest| !rest.is_empty())
        }
        _ => false,
    }
}

/// Whether a part of a name says which of a stack's exports it is.
fn is_part(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_alphanumeric).count() >= 3
}
