//! Identity policies, wherever they are written, and what else holds for those who have them.

use crate::model::policy::{PolicyDocument, Statement};
use crate::model::{Field, Model, Node, ResourceId, Role, View as _};

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

/// All documents of identity policies: the resource, the path in it, and the document.
pub(super) fn documents<'a>(model: &'a Model<'a>) -> Vec<(ResourceId, String, Node<'a>)> {
    let mut documents = Vec::new();
    for id in POLICIES.iter().flat_map(|name| model.of_type(name)) {
        documents.push((id, "PolicyDocument".to_owned(), model.property(id, "PolicyDocument")));
    }
    for id in HOLDERS.iter().flat_map(|name| model.of_type(name)) {
        for (index, policy) in model.property(id, "Policies").known_items().iter().enumerate() {
            documents.push((id, format!("Policies/{index}/PolicyDocument"), policy.get("PolicyDocument")));
        }
    }
    documents
}

/// What else holds for whoever has a policy.
pub(super) struct Beside<'a> {
    /// The other documents of the roles that have it.
    pub(super) documents: Vec<PolicyDocument<'a>>,
    /// Whether these are known to be all: no managed policy of AWS or of elsewhere beside them.
    pub(super) is_all: bool,
}

/// What else holds for those who have the policy that is written in a resource.
pub(super) fn beside<'a>(model: &'a Model<'a>, id: ResourceId) -> Beside<'a> {
    let mut found = Beside { documents: Vec::new(), is_all: true };
    for role in roles(model, id) {
        found.documents.extend(role.documents().into_iter().map(|placed| placed.document));
        let is_here = |policy: &Node<'a>| policy.attribute().is_some();
        let managed = role.property("ManagedPolicyArns");
        found.is_all &= match managed.items() {
            Field::Absent => true,
            Field::Known(policies) => policies.iter().all(is_here),
            Field::Unknown(_) => false,
        };
    }
    found
}

fn roles<'a>(model: &'a Model<'a>, id: ResourceId) -> Vec<Role<'a>> {
    if let Some(role) = model.view(id) {
        return vec![role];
    }
    let named = ["Roles", "RoleName"].into_iter().flat_map(|path| model.property(id, path).known_items());
    named.filter_map(|role| model.view(role.resource()?)).collect()
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
