//! Roles and policies, keys and secrets.

use std::rc::Rc;

use super::glob::Pattern;
use super::policy::{Caller, PolicyDocument, Truth};
use super::views::views;
use super::{Because, Identity, Node, Piece, Relation, ResourceId, Template, View, number_of, sort};
use crate::aws::iam;
use crate::cfn::{Gather as _, GatherMore as _};

views! {
    /// A role.
    Role = "AWS::IAM::Role" {
        name: text "RoleName",
        trust: node "AssumeRolePolicyDocument",
        inline_policies: list "Policies",
        managed_policies: list "ManagedPolicyArns",
        boundary: node "PermissionsBoundary",
    }
    /// A policy of roles, users or groups.
    Policy = "AWS::IAM::Policy" { document: node "PolicyDocument", roles: many "Roles", }
    /// A policy that stands by itself.
    ManagedPolicy = "AWS::IAM::ManagedPolicy" { document: node "PolicyDocument", roles: many "Roles", }
    /// A policy of one role.
    RolePolicy = "AWS::IAM::RolePolicy" { document: node "PolicyDocument", role: one "RoleName", }
    /// A key.
    Key = "AWS::KMS::Key" { policy: node "KeyPolicy", rotates: bool "EnableKeyRotation" or false, }
    /// A secret.
    Secret = "AWS::SecretsManager::Secret" { name: text "Name", key: one "KmsKeyId", }
    /// How a secret is rotated.
    RotationSchedule = "AWS::SecretsManager::RotationSchedule" {
        secret: one "SecretId",
        hosted: node "HostedRotationLambda",
        function: one "RotationLambdaARN",
    }
    /// A topic.
    Topic = "AWS::SNS::Topic" { key: node "KmsMasterKeyId", }
    /// Who may use topics.
    TopicPolicy = "AWS::SNS::TopicPolicy" { topics: many "Topics", document: node "PolicyDocument", }
    /// A bucket.
    Bucket = "AWS::S3::Bucket" { name: text "BucketName", }
    /// Who may use a bucket.
    BucketPolicy = "AWS::S3::BucketPolicy" { bucket: one "Bucket", document: node "PolicyDocument", }
}

/// A policy document of a role, and where it is written.
#[derive(Clone, Debug)]
pub struct PlacedDocument<'a> {
    /// The resource that holds it.
    pub resource: ResourceId,
    /// The property in it, such as `Policies/0/PolicyDocument`.
    pub place: String,
    /// What it says.
    pub document: PolicyDocument<'a>,
}

/// What a role may do, as far as the app says.
#[derive(Clone, Debug)]
pub struct Permissions<'a> {
    /// Its documents.
    pub documents: Vec<PlacedDocument<'a>>,
    /// Why there may be more of them.
    more: Option<Option<Because<'a>>>,
    /// What the role may do at most, when the app says it.
    boundary: Option<PolicyDocument<'a>>,
}

impl<'a> Role<'a> {
    /// The policy documents of the role that the app holds: inline ones and those of policies that name the role.
    #[must_use]
    pub fn documents(self) -> Rc<[PlacedDocument<'a>]> {
        self.model().placed.get_or(number_of(self.id()), || self.collected_documents().into())
    }

    fn collected_documents(self) -> Vec<PlacedDocument<'a>> {
        let (model, identity) = (self.model(), self.identity());
        let read = |resource: ResourceId, place: String, node: &Node<'a>| PlacedDocument {
            resource,
            place,
            document: PolicyDocument::read(model, node),
        };
        let inline = self.inline_policies().into_iter().enumerate();
        let mut documents: Vec<_> = inline
            .map(|(index, policy)| {
                read(self.id(), format!("Policies/{index}/PolicyDocument"), &policy.get("PolicyDocument"))
            })
            .gather();
        let name = self.name().known().map(Identity::Outside);
        let mut attached = Vec::new();
        for relation in [Relation::PolicyRole, Relation::ManagedPolicyRole, Relation::RolePolicyRole] {
            attached.gather_more(model.referring(relation, &identity));
            attached.gather_more(name.iter().flat_map(|name| model.referring(relation, name)));
        }
        attached.gather_more(self.managed_policies().iter().filter_map(Node::resource));
        sort(&mut attached);
        attached.dedup();
        let place = "PolicyDocument";
        documents.gather_more(attached.into_iter().map(|id| read(id, place.to_owned(), &model.property(id, place))));
        documents
    }

    /// What it may do.
    #[must_use]
    pub fn permissions(self) -> Rc<Permissions<'a>> {
        self.model().permissions.get_or(number_of(self.id()), || Rc::new(self.collected_permissions()))
    }

    fn collected_permissions(self) -> Permissions<'a> {
        let model = self.model();
        let mut documents = self.documents().to_vec();
        let mut more = None;
        let hidden = [self.property("Policies").because(), self.property("ManagedPolicyArns").because()];
        if let Some(because) = hidden.into_iter().flatten().next() {
            more = Some(Some(because));
        }
        for (index, managed) in self.managed_policies().iter().enumerate() {
            if managed.resource().is_some() {
                continue;
            }
            match aws_managed_policy(managed).and_then(|name| iam::managed_policy(&name)) {
                Some(actions) => documents.push(PlacedDocument {
                    resource: self.id(),
                    place: format!("ManagedPolicyArns/{index}"),
                    document: PolicyDocument::allowing(actions),
                }),
                None => more = more.or(Some(managed.because())),
            }
        }
        if model.template_of(self.id()).is_none_or(Template::has_macros) {
            more = more.or(Some(Some(Because::Transform)));
        }
        let boundary = self.boundary().resource().and_then(|id| model.view::<ManagedPolicy<'a>>(id));
        let boundary = boundary.map(|policy| PolicyDocument::read(model, &policy.document()));
        Permissions { documents, more, boundary }
    }

    /// Whether a service of AWS may take on the role.
    #[must_use]
    pub fn is_trusted_by(self, service: &str) -> Truth<'a> {
        let document = PolicyDocument::read(self.model(), &self.trust());
        if document.statements.is_absent() {
            return Truth::Maybe(None);
        }
        document.allows(Caller::Service(service), "sts:AssumeRole", &Pattern::anything())
    }
}

/// The name of a managed policy of AWS in an ARN, with its path, whatever the partition.
#[must_use]
pub fn aws_managed_policy(arn: &Node<'_>) -> Option<String> {
    let last = match arn.pieces().pop()? {
        Piece::Text(text) => text.into_owned(),
        Piece::Hole(_) => return None,
    };
    last.split_once(":iam::aws:policy/").map(|(_, name)| name.to_owned())
}

impl<'a> Permissions<'a> {
    /// Whether the role may do something with something: never for sure when there may be further policies that deny it.
    #[must_use]
    pub fn allow(&self, action: &str, resource: &Pattern<'a>) -> Truth<'a> {
        let any = |holds: &dyn Fn(&PolicyDocument<'a>) -> Truth<'a>| {
            self.documents.iter().fold(Truth::No, |truth, placed| truth.or(holds(&placed.document)))
        };
        let granted = any(&|document| document.grants(Caller::Attached, action, resource));
        let granted = self.more.map_or(granted, |because| granted.or(Truth::Maybe(because)));
        let allowed = granted.and(!any(&|document| document.denies(Caller::Attached, action, resource)));
        match &self.boundary {
            Some(boundary) if !allowed.is_no() => allowed.and(boundary.allows(Caller::Attached, action, resource)),
            _ => allowed,
        }
    }
}
