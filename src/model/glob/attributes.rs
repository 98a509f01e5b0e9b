//! The ARNs that AWS gives as attributes of resources, written out as far as they are known.

use std::borrow::Cow;

use super::super::{Attribute, Because, Field, Model, Piece, ResourceId, Template};
use super::Pattern;

/// The ARNs that attributes give: type, attribute, ARN with `%p` for the partition, `%r` for the Region, `%a` for the
/// account, `%n` for the name and `%s` for what AWS appends, and the property that gives the name. Source: the return values
/// of each type in the CloudFormation template reference, and the Service Authorization Reference.
const ARNS: &[(&str, &str, &str, &str)] = &[
    ("AWS::DynamoDB::Table", "Arn", "arn:%p:dynamodb:%r:%a:table/%n", "TableName"),
    ("AWS::ECR::Repository", "Arn", "arn:%p:ecr:%r:%a:repository/%n", "RepositoryName"),
    ("AWS::ECS::Cluster", "Arn", "arn:%p:ecs:%r:%a:cluster/%n", "ClusterName"),
    ("AWS::IAM::Role", "Arn", "arn:%p:iam::%a:role%s", ""),
    ("AWS::KMS::Key", "Arn", "arn:%p:kms:%r:%a:key/%n", ""),
    ("AWS::Kinesis::Stream", "Arn", "arn:%p:kinesis:%r:%a:stream/%n", "Name"),
    ("AWS::Lambda::Function", "Arn", "arn:%p:lambda:%r:%a:function:%n", "FunctionName"),
    ("AWS::Logs::LogGroup", "Arn", "arn:%p:logs:%r:%a:log-group:%n:*", "LogGroupName"),
    ("AWS::S3::Bucket", "Arn", "arn:%p:s3:::%n", "BucketName"),
    ("AWS::SNS::Topic", "", "arn:%p:sns:%r:%a:%n", "TopicName"),
    ("AWS::SNS::Topic", "TopicArn", "arn:%p:sns:%r:%a:%n", "TopicName"),
    ("AWS::SQS::Queue", "Arn", "arn:%p:sqs:%r:%a:%n", "QueueName"),
    ("AWS::SSM::Parameter", "Arn", "arn:%p:ssm:%r:%a:parameter%s", ""),
    ("AWS::SecretsManager::Secret", "", "arn:%p:secretsmanager:%r:%a:secret:%n-%s", "Name"),
    ("AWS::SecretsManager::Secret", "Id", "arn:%p:secretsmanager:%r:%a:secret:%n-%s", "Name"),
];

/// The types whose `Ref` gives the name that stands in their ARN.
const CALLED_BY_REF: &[&str] = &[
    "AWS::DynamoDB::Table",
    "AWS::ECR::Repository",
    "AWS::ECS::Cluster",
    "AWS::Kinesis::Stream",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
];

/// The name that CloudFormation makes up: of the stack, the logical ID and random letters, so that it has neither a colon
/// nor a slash. Source: AWS CloudFormation template reference, name type.
pub(super) const GENERATED: &str = "generated name";

/// A name that AWS gives, as one that CloudFormation makes up when the template gives none.
pub(super) fn as_generated<'a>(model: &'a Model<'a>, attribute: Attribute<'a>) -> Attribute<'a> {
    let type_name = model.type_of(attribute.resource);
    let is_name = attribute.name.is_empty() && CALLED_BY_REF.contains(&type_name);
    let property = ARNS.iter().find(|(of_type, ..)| is_name && *of_type == type_name).map(|(.., property)| *property);
    match property {
        Some(property) if model.property(attribute.resource, property).is_absent() => {
            Attribute { name: GENERATED, ..attribute }
        }
        _ => attribute,
    }
}

impl<'a> Pattern<'a> {
    /// Writes out the ARN that an attribute gives.
    pub(super) fn attribute(&mut self, model: &'a Model<'a>, attribute: Attribute<'a>) {
        let type_name = model.type_of(attribute.resource);
        let known = ARNS.iter().find(|(of_type, name, ..)| *of_type == type_name && *name == attribute.name);
        let Some((_, _, arn, name)) = known else {
            return self.pieces.push(Piece::Hole(Because::Attribute(as_generated(model, attribute))));
        };
        self.written_out(model, attribute, arn, name);
    }

    /// The beginning of an ARN in the environment of a resource, with `%p`, `%r` and `%a` for partition, Region and account.
    #[must_use]
    pub fn in_environment_of(model: &'a Model<'a>, resource: ResourceId, arn: &'static str) -> Self {
        let mut pattern = Self::default();
        pattern.written_out(model, Attribute { resource, name: "" }, arn, "");
        pattern
    }

    fn written_out(&mut self, model: &'a Model<'a>, attribute: Attribute<'a>, arn: &'static str, name: &str) {
        let mut parts = arn.split('%');
        self.push(Cow::Borrowed(parts.next().unwrap_or_default()));
        for part in parts {
            let mut letters = part.chars();
            match letters.next() {
                Some('n') => self.name(model, attribute, name),
                Some('s') => {
                    self.pieces.push(Piece::Hole(Because::Attribute(Attribute { name: "suffix", ..attribute })))
                }
                place => self.place(model, attribute, place),
            }
            self.push(Cow::Borrowed(letters.as_str()));
        }
    }

    fn name(&mut self, model: &'a Model<'a>, attribute: Attribute<'a>, property: &str) {
        match model.property(attribute.resource, property).text() {
            Field::Known(name) if !property.is_empty() => self.push(name),
            Field::Absent if !property.is_empty() => {
                self.pieces.push(Piece::Hole(Because::Attribute(Attribute { name: GENERATED, ..attribute })));
            }
            _ => self.pieces.push(Piece::Hole(Because::Attribute(Attribute { name: "", ..attribute }))),
        }
    }

    fn place(&mut self, model: &'a Model<'a>, attribute: Attribute<'a>, place: Option<char>) {
        let environment = model.template_of(attribute.resource).map(Template::environment);
        let (known, pseudo) = match place {
            Some('p') => (environment.and_then(|known| known.partition.as_deref()), "AWS::Partition"),
            Some('r') => (environment.and_then(|known| known.region.as_deref()), "AWS::Region"),
            _ => (environment.and_then(|known| known.account.as_deref()), "AWS::AccountId"),
        };
        match known {
            Some(known) => self.push(Cow::Borrowed(known)),
            None => self.pieces.push(Piece::Hole(Because::Pseudo(pseudo))),
        }
    }
}
