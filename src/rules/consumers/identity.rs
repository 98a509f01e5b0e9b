//! Identity policies, wherever they are written, and what else holds for those who have them.

use crate::model::Gather as _;
use crate::model::policy::{PolicyDocument, Statement};
use crate::model::{Field, Model, Node, OrderedMap, ResourceId, Role, View as _};

/// The types that have one policy document.
const POLICIES: [&str; 5] = [
    "AWS::IAM::GroupPolicy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
];

/// The types that have policies in a list.
const HOLDERS: [&str; 3] = ["AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::User"];

/// All documents of identity policies that speak of endpoints: the resource, the path in it, and the document.
pub(super) fn documents<'a>(model: &'a Model<'a>) -> Vec<(ResourceId, String, Node<'a>)> {
    let mut documents = Vec::new();
    let speaks = |id: &ResourceId| model.speaks_of_endpoints(*id);
    for id in POLICIES.iter().flat_map(|name| model.of_type(name)).filter(speaks) {
        documents.push((id, "PolicyDocument".to_owned(), model.property(id, "PolicyDocument")));
    }
    for id in HOLDERS.iter().flat_map(|name| model.of_type(name)).filter(speaks) {
        for (index, policy) in model.property(id, "Policies").known_items().iter().enumerate() {
            documents.push((id, format!("Policies/{index}/PolicyDocument"), policy.get("PolicyDocument")));
        }
    }
    documents
}

/// What holds together for those who have a policy: what their roles allow, asked once for each role.
pub(super) struct Together<'a, const COUNT: usize> {
    model: &'a Model<'a>,
    /// Whether a document allows each part of what is asked for.
    allows: fn(&PolicyDocument<'a>) -> [bool; COUNT],
    known: OrderedMap<ResourceId, Allowed<COUNT>>,
}

/// What a role allows.
#[derive(Clone, Copy)]
pub(super) struct Allowed<const COUNT: usize> {
    /// Whether one of its documents allows each part.
    pub(super) parts: [bool; COUNT],
    /// Whether these are known to be all of its documents: there is no managed policy of AWS or of elsewhere.
    pub(super) is_all: bool,
}

impl<'a, const COUNT: usize> Together<'a, COUNT> {
    pub(super) fn new(model: &'a Model<'a>, allows: fn(&PolicyDocument<'a>) -> [bool; COUNT]) -> Self {
        Self { model, allows, known: OrderedMap::new() }
    }

    /// What all roles together allow that have the policy in a resource, `document` included.
    pub(super) fn ask(&mut self, id: ResourceId, document: &PolicyDocument<'a>) -> Allowed<COUNT> {
        let mut all = Allowed { parts: (self.allows)(document), is_all: true };
        for role in roles(self.model, id) {
            let allows = self.allows;
            let of_role = *self.known.or_insert_with(role.id(), || of_role(role, allows));
            for (part, more) in all.parts.iter_mut().zip(of_role.parts) {
                *part |= more;
            }
            all.is_all &= of_role.is_all;
        }
        all
    }
}

fn of_role<'a, const COUNT: usize>(role: Role<'a>, allows: fn(&PolicyDocument<'a>) -> [bool; COUNT]) -> Allowed<COUNT> {
    let mut parts = [false; COUNT];
    for placed in role.documents().iter() {
        for (part, more) in parts.iter_mut().zip(allows(&placed.document)) {
            *part |= more;
        }
    }
    let is_here = |policy: &Node<'a>| policy.attribute().is_some();
    let is_all = match role.property("ManagedPolicyArns").items() {
        Field::Absent => true,
        Field::Known(policies) => policies.iter().all(is_here),
        Field::Unknown(_) => false,
    };
    Allowed { parts, is_all }
}

fn roles<'a>(model: &'a Model<'a>, id: ResourceId) -> Vec<Role<'a>> {
    if let Some(role) = model.view(id) {
        return vec![role];
    }
    let named = ["Roles", "RoleName"].into_iter().flat_map(|path| model.property(id, path).known_items());
    named.filter_map(|role| model.view(role.resource()?)).gather()
}

/// Keys that tell which service an endpoint is for.
const SERVICE_KEYS: [&str; 4] =
    ["ec2:VpceMultiRegion", "ec2:VpceServiceName", "ec2:VpceServiceOwner", "ec2:VpceServiceRegion"];

/// Whether a statement is about requests only that tell which service an endpoint is for.
pub(super) fn needs_service(statement: &Statement<'_>) -> bool {
    let needs = |operator: &str| {
        !operator.ends_with("IfExists")
            && !operator.contains("Not")
            && !operator.starts_with("ForAllValues:")
            && operator != "Null"
    };
    SERVICE_KEYS.iter().any(|key| statement.conditions_on(key).any(|condition| needs(condition.operator)))
}
