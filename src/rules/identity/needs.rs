//! What the execution role of a task needs before the first container runs.

use crate::aws::ecr::{ImageReference, Registry};
use crate::aws::iam;
use crate::model::GatherMore as _;
use crate::model::glob::{self, Pattern};
use crate::model::{Container, InjectedSecret, Model, Node, Piece, Secret, TaskDefinition, View};

/// Something that the role must be allowed: one of these actions, on this resource.
pub(super) struct Need<'a> {
    /// Where the definition asks for it.
    pub(super) place: String,
    /// What it is, after “may not”.
    pub(super) what: &'static str,
    /// The actions, of which one is enough.
    pub(super) actions: &'static [&'static str],
    /// What it is done with.
    pub(super) resource: Pattern<'a>,
    /// As what else IAM may see it: sources disagree about secrets by the beginning of their ARN.
    pub(super) or: Option<Pattern<'a>>,
}

const READ_SECRET: &[&str] = &["secretsmanager:GetSecretValue"];
const READ_PARAMETER: &[&str] = &["ssm:GetParameters"];
const READ_EITHER: &[&str] = &["secretsmanager:GetSecretValue", "ssm:GetParameters"];

/// What the role of a definition needs, as far as it is known.
pub(super) fn of<'a>(definition: TaskDefinition<'a>) -> Vec<Need<'a>> {
    let model = definition.model();
    let mut needs = Vec::new();
    // Elsewhere than on Fargate, images and logs are the business of the instance, which has a role of its own.
    let is_for_fargate = definition.is_for_fargate();
    for container in definition.placed_containers() {
        needs.gather_more(container.secrets().into_iter().filter_map(|secret| secret_need(model, secret)));
        if is_for_fargate {
            needs.gather_more(image_needs(&container));
            needs.gather_more(log_needs(model, &container));
        }
    }
    needs
}

/// A secret may let the role in by a policy of its own.
fn secret_need<'a>(model: &'a Model<'a>, injected: InjectedSecret<'a>) -> Option<Need<'a>> {
    let pieces = injected.value_from.pieces();
    let place = injected.place;
    let need = |what, actions, resource| Some(Need { place, what, actions, resource, or: None });
    let whole = glob::pattern(model, &injected.value_from);
    match pieces.first()? {
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
                need.map(|need| Need { or: Some(found), ..need })
            } else if is_for(":ssm:") {
                need("read this parameter", READ_PARAMETER, whole)
            } else {
                None
            }
        }
        Piece::Text(text) => {
            let separator = if text.starts_with('/') { "" } else { "/" };
            let mut arn = Pattern::literal(&format!(
                "arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:${{AWS::AccountId}}:parameter{separator}"
            ));
            arn.extend(&whole);
            need("read this parameter", READ_PARAMETER, arn)
        }
    }
}

fn image_needs<'a>(container: &Container<'a>) -> Vec<Need<'a>> {
    let text = container.image();
    let Ok(image) = ImageReference::parse(&text) else { return Vec::new() };
    let Registry::Ecr { account, region, .. } = image.registry else { return Vec::new() };
    let place = container.place_of("Image");
    let repository =
        Pattern::literal(&format!("arn:${{AWS::Partition}}:ecr:{region}:{account}:repository/{}", image.repository));
    let token = Need {
        place: place.clone(),
        what: "sign in to ECR",
        actions: iam::PULL_FROM_ANYWHERE,
        resource: Pattern::anything(),
        or: None,
    };
    let pull =
        Need { place, what: "fetch this image", actions: &["ecr:BatchGetImage"], resource: repository, or: None };
    vec![token, pull]
}

fn log_needs<'a>(model: &'a Model<'a>, container: &Container<'a>) -> Vec<Need<'a>> {
    if !container.logs_to_cloudwatch() {
        return Vec::new();
    }
    let group = container.log_option("awslogs-group");
    if group.is_absent() {
        return Vec::new();
    }
    let need = |actions| Need {
        place: container.place_of("LogConfiguration/Options/awslogs-group"),
        what: "write to this log group",
        actions,
        resource: log_group(model, &group),
        or: None,
    };
    let mut needs = vec![need(&["logs:PutLogEvents"])];
    if container.log_option("awslogs-create-group").bool().is_known_and(|creates| creates) {
        needs.push(Need { what: "create this log group", ..need(&["logs:CreateLogGroup"]) });
    }
    needs
}

/// Everything in a log group, by its name.
fn log_group<'a>(model: &'a Model<'a>, name: &Node<'a>) -> Pattern<'a> {
    let mut arn = Pattern::literal("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:");
    arn.extend(&glob::pattern(model, name));
    arn.append("*");
    arn
}
