//! What templates mean: VPCs, subnets, security groups, load balancers, services, endpoints, in one world.
//!
//! A view of a resource is its identity and nothing else; its properties are read when they are asked for, with
//! CloudFormation's defaults applied here and nowhere else. What is not known says why ([`Field::Unknown`]). Who refers to
//! whom is collected once, when the model is made.
//!
//! ```
//! use ringfence::cfn::eval::{App, Evaluation, Field, Template, worlds};
//! use ringfence::cfn::{Format, SourceText, read};
//! use ringfence::model::{LoadBalancer, Model};
//!
//! let text = "Resources: { Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: network } } }";
//! let document = read(&SourceText::new("template.yaml", text), Format::Yaml).unwrap();
//! let app = App::new(vec![Template::new(&document.value)]);
//! let worlds = worlds(&app);
//! let evaluation = Evaluation::new(&app, &worlds.all[0]);
//! let model = Model::new(&evaluation);
//! let balancer = model.all::<LoadBalancer<'_>>().next().unwrap();
//! assert_eq!(balancer.scheme(), Field::Known("internet-facing".into()));
//! ```

pub mod glob;
pub mod policy;

mod dependencies;
mod kept;
mod relations;
mod startup_permissions;
mod views;

mod identity_and_access;
mod load_balancing;
mod needs;
mod network;
mod observability;
mod private_link;
mod tasks;
mod written;
mod zones;

pub use dependencies::{Dependencies, Missing, Referrer, WrongAttribute};
pub use identity_and_access::*;
pub(crate) use kept::{Kept, number_of};
pub use load_balancing::*;
pub use needs::{Destination, Need, Purpose, needs_of, runs_on_fargate};
pub use network::*;
pub use observability::*;
pub use private_link::*;
pub use relations::Relation;
pub use startup_permissions::StartupPermission;
pub use tasks::*;
pub use views::View;
pub(crate) use written::contains_text;
pub use written::{custom_resources, exports, is_imported, is_put_out, may_have_more, mentions, starts};
pub use zones::{Homes, Zone};

use std::cell::OnceCell;
use std::rc::Rc;

use crate::cfn::eval::Evaluation;
use crate::cfn::eval::first_step;
pub use crate::cfn::eval::{
    Attribute, Because, Field, Identity, Node, Parameter, Piece, Resource, ResourceId, Template,
};
pub use crate::cfn::ordered::{OrderedMap, OrderedSet, sort, sort_by};
pub use crate::cfn::{Function, Gather, GatherMore, Map, Value, each_attribute};

/// An app in one world, as things that know one another.
#[derive(Debug)]
pub struct Model<'a> {
    evaluation: &'a Evaluation<'a>,
    /// The resources that are made, in order of their types.
    by_type: Vec<(&'a str, ResourceId)>,
    relations: relations::Relations<'a>,
    dependencies: OnceCell<Dependencies<'a>>,
    /// The resources of IAM that speak of endpoints.
    speaking_of_endpoints: OnceCell<Vec<ResourceId>>,
    /// Policy documents by where they are written; those of roles, what they may do, and what they must be allowed.
    documents: Kept<policy::PolicyDocument<'a>>,
    placed: Kept<Rc<[PlacedDocument<'a>]>>,
    permissions: Kept<Rc<Permissions<'a>>>,
    startup_permissions: Kept<Rc<[StartupPermission<'a>]>>,
}

impl<'a> Model<'a> {
    /// The things in an evaluation.
    #[must_use]
    pub fn new(evaluation: &'a Evaluation<'a>) -> Self {
        let mut by_type: Vec<(&str, ResourceId)> = Vec::new();
        for id in evaluation.resources() {
            by_type.push((evaluation.resource(id).map_or("", |resource| resource.type_name), id));
        }
        sort(&mut by_type);
        let relations = relations::Relations::of(evaluation, &by_type);
        Self {
            evaluation,
            by_type,
            relations,
            dependencies: OnceCell::new(),
            speaking_of_endpoints: OnceCell::new(),
            documents: Kept::default(),
            placed: Kept::default(),
            permissions: Kept::default(),
            startup_permissions: Kept::default(),
        }
    }

    /// The evaluation that this is made from.
    #[must_use]
    pub fn evaluation(&self) -> &'a Evaluation<'a> {
        self.evaluation
    }

    /// Which resources wait for which, inside of each template. Collected when it is first asked for.
    pub fn dependencies(&self) -> &Dependencies<'a> {
        self.dependencies.get_or_init(|| Dependencies::of(self.evaluation))
    }

    /// Whether a resource of IAM speaks of `VpcEndpoint`, which the names of all actions on endpoints have in them.
    pub(crate) fn speaks_of_endpoints(&self, id: ResourceId) -> bool {
        let speaking = self.speaking_of_endpoints.get_or_init(|| {
            let types = self.types().filter(|name| name.starts_with("AWS::IAM::"));
            let all = types.flat_map(|name| self.of_type(name));
            let mut speaking: Vec<ResourceId> = all.filter(|id| mentions(self, *id, "VpcEndpoint")).collect();
            sort(&mut speaking);
            speaking
        });
        speaking.binary_search(&id).is_ok()
    }

    /// What stands for a template as a whole where a resource is asked for.
    #[must_use]
    pub fn whole(template: u32) -> ResourceId {
        ResourceId { template, resource: u32::MAX }
    }

    /// The resources of a type, in the order of the templates.
    pub fn of_type(&self, type_name: &str) -> impl Iterator<Item = ResourceId> {
        let start = self.by_type.partition_point(|(known, _)| *known < type_name);
        let from = self.by_type.get(start..).unwrap_or_default();
        let end = from.partition_point(|(known, _)| *known == type_name);
        from.get(..end).unwrap_or_default().iter().map(|(_, id)| *id)
    }

    /// The types of which there are resources, each once.
    pub fn types(&self) -> impl Iterator<Item = &'a str> {
        self.by_type.chunk_by(|(one, _), (other, _)| one == other).filter_map(|group| Some(group.first()?.0))
    }

    /// All resources that are made, in order of their types.
    pub fn resources(&self) -> impl Iterator<Item = ResourceId> {
        self.by_type.iter().map(|(_, id)| *id)
    }

    /// All things of a kind.
    pub fn all<V: View<'a>>(&'a self) -> impl Iterator<Item = V> {
        self.of_type(V::TYPE).map(move |id| V::new(self, id))
    }

    /// A resource as a thing of a kind, when it is one.
    #[must_use]
    pub fn view<V: View<'a>>(&'a self, id: ResourceId) -> Option<V> {
        (self.type_of(id) == V::TYPE).then(|| V::new(self, id))
    }

    /// What is referred to as a thing of a kind, when it is one of the app.
    #[must_use]
    pub fn find<V: View<'a>>(&'a self, identity: &Identity<'a>) -> Option<V> {
        match identity {
            Identity::Resource(id) => self.view(*id),
            _ => None,
        }
    }

    /// The resources whose property refers to something, in the order of the templates.
    pub fn referring<'m>(
        &'m self,
        relation: Relation,
        target: &Identity<'a>,
    ) -> impl Iterator<Item = ResourceId> + use<'m, 'a> {
        self.relations.referring(relation, target)
    }

    /// The things of a kind whose property refers to something.
    pub fn related<V: View<'a>>(
        &'a self,
        relation: Relation,
        target: &Identity<'a>,
    ) -> impl Iterator<Item = V> + use<'a, V> {
        self.referring(relation, target).map(move |id| V::new(self, id))
    }

    /// The type of a resource.
    #[must_use]
    pub fn type_of(&self, id: ResourceId) -> &'a str {
        self.declaration(id).map_or("", |resource| resource.type_name)
    }

    /// The logical ID of a resource.
    #[must_use]
    pub fn logical_id(&self, id: ResourceId) -> &'a str {
        self.declaration(id).map_or("", |resource| resource.logical_id)
    }

    /// What is written of a resource.
    #[must_use]
    pub fn declaration(&self, id: ResourceId) -> Option<&'a Resource<'a>> {
        self.evaluation.resource(id)
    }

    /// The template in which a resource is.
    #[must_use]
    pub fn template_of(&self, id: ResourceId) -> Option<&'a Template<'a>> {
        self.evaluation.app().template(id.template)
    }

    /// The Region to which the stack of a resource goes, when it is known.
    #[must_use]
    pub fn region_of(&self, id: ResourceId) -> Option<&'a str> {
        self.template_of(id)?.environment().region.as_deref()
    }

    /// A property of a resource, by the path of its keys, separated by `/`.
    #[must_use]
    pub fn property(&self, id: ResourceId, path: &str) -> Node<'a> {
        property(self.evaluation, id, path)
    }
}

/// A property of a resource, by the path of its keys.
fn property<'a>(evaluation: &'a Evaluation<'a>, id: ResourceId, path: &str) -> Node<'a> {
    match first_step(path) {
        None => evaluation.property(id, path),
        Some((first, rest)) => evaluation.property(id, first).at(rest),
    }
}
