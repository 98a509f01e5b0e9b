//! What the execution role of a task must be allowed before the first container runs.

use std::rc::Rc;

use super::glob::{self, Pattern};
use super::{
    Attribute, Because, Container, GatherMore as _, InjectedSecret, LogGroup, Node, Piece, Secret, TaskDefinition,
    View, number_of,
};
use crate::aws::ecr::{ImageReference, Registry};
use crate::aws::iam;

/// Something that the role must be allowed: one of these actions, on this resource.
#[derive(Clone, Debug)]
pub struct StartupPermission<'a> {
    /// Where the definition asks for it.
    pub place: String,
    /// What it is, after “may not”.
    pub what: &'static str,
    /// The actions, of which one is enough.
    pub actions: &'static [&'static str],
    /// What it is done with.
    pub resource: Pattern<'a>,
    /// As what else IAM may see it: sources disagree about secrets by the beginning of their ARN.
    pub or: Option<Pattern<'a>>,
}

impl StartupPermission<'_> {
    /// To get an image.
    pub const IMAGE: &'static str = "fetch this image";
    /// To get what is in an image.
    pub const LAYERS: &'static str = "fetch the layers of this image";
    /// To write logs.
    pub const WRITE: &'static str = "write to this log group";
    /// To make the stream for logs.
    pub const STREAM: &'static str = "make a stream in this log group";
}

const READ_SECRET: &[&str] = &["secretsmanager:GetSecretValue"];
const READ_PARAMETER: &[&str] = &["ssm:GetParameters"];
const READ_EITHER: &[&str] = &["secretsmanager:GetSecretValue", "ssm:GetParameters"];

impl<'a> TaskDefinition<'a> {
    /// What its execution role must be allowed, as far as it is known.
    #[must_use]
    pub fn startup_permissions(self) -> Rc<[StartupPermission<'a>]> {
        self.model().startup_permissions.get_or(number_of(self.id()), || collected(self).into())
    }
}

fn collected<'a>(definition: TaskDefinition<'a>) -> Vec<StartupPermission<'a>> {
    let mut needs = Vec::new();
    // Elsewhere than on Fargate, images and logs are the business of the instance, which has a role of its own.
    let is_for_fargate = definition.is_for_fargate();
    for container in definition.placed_containers() {
        needs.gather_more(container.secrets().into_iter().filter_map(|secret| secret_need(definition, secret)));
        if is_for_fargate {
            needs.gather_more(image_needs(definition, &container));
            needs.gather_more(log_needs(definition, &container));
        }
    }
    needs
}

/// A secret may let the role in by a policy of its own.
fn secret_need<'a>(definition: TaskDefinition<'a>, injected: InjectedSecret<'a>) -> Option<StartupPermission<'a>> {
    let model = definition.model();
    let pieces = injected.value_from.pieces();
    let place = injected.place;
    let need = |what, actions, resource| Some(StartupPermission { place, what, actions, resource, or: None });
    let whole = glob::pattern(model, &injected.value_from);
    match pieces.first()? {
        // `Ref` of a parameter gives its name.
        Piece::Hole(Because::Attribute(Attribute { resource, name: "" }))
            if model.type_of(*resource) == "AWS::SSM::Parameter" =>
        {
            let name = model.property(*resource, "Name").text().known()?;
            let mut arn = Pattern::in_environment_of(model, definition.id(), "arn:%p:ssm:%r:%a:parameter");
            arn.append(if name.starts_with('/') { "" } else { "/" });
            arn.append(&name);
            need("read this parameter", READ_PARAMETER, arn)
        }
        Piece::Hole(_) => {
            let secret = injected.value_from.resource().and_then(|id| model.view::<Secret<'a>>(id));
            match secret {
                Some(_) if model.of_type("AWS::SecretsManager::ResourcePolicy").next().is_some() => None,
                Some(_) => need("read this secret", READ_SECRET, whole.before_colon(7, 6)),
                None => need("read this secret", READ_EITHER, whole.before_colon(7, 6)),
            }
        }
        Piece::Text(text) if text.starts_with("arn:") => {
            let is_for = |service: &str| {
                let mut texts = pieces.iter();
                texts.any(|piece| matches!(piece, Piece::Text(text) if text.contains(service)))
            };
            if is_for(":secretsmanager:") {
                let mut found = whole.before_colon(7, 6);
                found.append("-AbCdEf");
                let need = need("read this secret", READ_SECRET, whole.before_colon(7, 6));
                need.map(|need| StartupPermission { or: Some(found), ..need })
            } else if is_for(":ssm:") {
                need("read this parameter", READ_PARAMETER, whole)
            } else {
                None
            }
        }
        Piece::Text(text) => {
            let mut arn = Pattern::in_environment_of(model, definition.id(), "arn:%p:ssm:%r:%a:parameter");
            arn.append(if text.starts_with('/') { "" } else { "/" });
            arn.extend(&whole);
            need("read this parameter", READ_PARAMETER, arn)
        }
    }
}

fn image_needs<'a>(definition: TaskDefinition<'a>, container: &Container<'a>) -> Vec<StartupPermission<'a>> {
    let model = definition.model();
    let Some(repository) = repository(definition, container) else { return Vec::new() };
    let need = |what, actions, resource| StartupPermission {
        place: container.place_of("Image"),
        what,
        actions,
        resource,
        or: None,
    };
    let mut needs = vec![need("sign in to ECR", iam::PULL_FROM_ANYWHERE, Pattern::anything())];
    // A repository may let the role in by a policy of its own.
    let is_open = |id| !model.property(id, "RepositoryPolicyText").is_absent();
    if !repository.of_resource().is_some_and(is_open) {
        needs.push(need(StartupPermission::IMAGE, &["ecr:BatchGetImage"], repository.clone()));
        needs.push(need(StartupPermission::LAYERS, &["ecr:GetDownloadUrlForLayer"], repository));
    }
    needs
}

/// The ARN of the private repository from which an image comes: one of the app by its URI, or one that its name says.
fn repository<'a>(definition: TaskDefinition<'a>, container: &Container<'a>) -> Option<Pattern<'a>> {
    let model = definition.model();
    match container.property("Image").pieces().first() {
        Some(Piece::Hole(Because::Attribute(attribute))) => {
            let is_one = model.type_of(attribute.resource) == "AWS::ECR::Repository";
            is_one.then(|| Pattern::of_attribute(model, Attribute { name: "Arn", ..*attribute }))
        }
        _ => {
            let text = container.image();
            let image = ImageReference::parse(&text).ok()?;
            let Registry::Ecr { account, region, .. } = image.registry else { return None };
            let mut arn = Pattern::in_environment_of(model, definition.id(), "arn:%p:ecr:");
            arn.append(&format!("{region}:{account}:repository/{}", image.repository));
            Some(arn)
        }
    }
}

fn log_needs<'a>(definition: TaskDefinition<'a>, container: &Container<'a>) -> Vec<StartupPermission<'a>> {
    if !container.logs_to_cloudwatch() {
        return Vec::new();
    }
    let group = container.log_option("awslogs-group");
    if group.is_absent() {
        return Vec::new();
    }
    let need = |what, actions, resource| StartupPermission {
        place: container.place_of("LogConfiguration/Options/awslogs-group"),
        what,
        actions,
        resource,
        or: None,
    };
    let streams = need(StartupPermission::WRITE, &["logs:PutLogEvents"], streams(definition, &group));
    // Policies name log groups with and without the end that stands for all that is in them.
    let mut any = log_group(definition, &group);
    any.append("*");
    let mut needs = vec![streams, need(StartupPermission::STREAM, &["logs:CreateLogStream"], any.clone())];
    if container.log_option("awslogs-create-group").bool().is_known_and(|creates| creates) {
        needs.push(need("create this log group", &["logs:CreateLogGroup"], any));
    }
    needs
}

/// The ARNs of all that is in a log group: as the app's own gives it, which no other one's is, or else by its name.
fn streams<'a>(definition: TaskDefinition<'a>, name: &Node<'a>) -> Pattern<'a> {
    let model = definition.model();
    let is_of_app = |named: &Attribute<'a>| named.name.is_empty() && model.type_of(named.resource) == LogGroup::TYPE;
    if let Some(named) = name.attribute().filter(is_of_app) {
        return Pattern::of_attribute(model, Attribute { name: "Arn", ..named });
    }
    let mut arn = log_group(definition, name);
    arn.append(":*");
    arn
}

/// The ARN of a log group, by its name.
fn log_group<'a>(definition: TaskDefinition<'a>, name: &Node<'a>) -> Pattern<'a> {
    let model = definition.model();
    let mut arn = Pattern::in_environment_of(model, definition.id(), "arn:%p:logs:%r:%a:log-group:");
    arn.extend(&glob::pattern(model, name));
    arn
}
