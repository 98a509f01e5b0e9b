//! Roles and policies, keys and secrets.

use super::views::views;
use super::{Node, Relation, View};

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

impl<'a> Role<'a> {
    /// The policy documents of the role that the app holds: inline ones and those of policies that name the role. With each
    /// comes the resource in which it is written.
    #[must_use]
    pub fn documents(self) -> Vec<(super::ResourceId, Node<'a>)> {
        let (model, identity) = (self.model(), self.identity());
        let inline = self.inline_policies().into_iter().map(|policy| (self.id(), policy.get("PolicyDocument")));
        let mut documents: Vec<_> = inline.collect();
        for relation in [Relation::PolicyRole, Relation::ManagedPolicyRole, Relation::RolePolicyRole] {
            documents.extend(model.referring(relation, &identity).map(|id| (id, model.property(id, "PolicyDocument"))));
        }
        for managed in self.managed_policies() {
            let policy = managed.resource().and_then(|id| model.view::<ManagedPolicy<'a>>(id));
            documents.extend(policy.map(|policy| (policy.id(), policy.document())));
        }
        documents
    }
}
