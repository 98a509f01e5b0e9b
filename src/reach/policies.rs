//! Whether the policies of endpoints let tasks do what they have to (P3).

use std::rc::Rc;

use super::{Answer, Blocker, Cause, Doubt, End, Party, Reach, Reason};
use crate::aws::Partition;
use crate::aws::ecr::layer_bucket_arn;
use crate::aws::endpoints::{EndpointService, of_service_name};
use crate::model::Gather as _;
use crate::model::glob::Pattern;
use crate::model::policy::{Caller, Condition, PolicyDocument, Statement, Truth};
use crate::model::{Because, Endpoint, Field, Identity, Node, Piece, Purpose, ResourceId, Subnet, View};

/// Where CloudFormation waits for the answers of custom resources: the bucket has the Region in its name, in one of two ways.
/// Source: `AWSCloudFormation/latest/UserGuide/vpc-interface-endpoints` (2026).
const RESPONSES: &str = "arn:${AWS::Partition}:s3:::cloudformation-custom-resource-response-${AWS::Region}/*";

/// What is asked of a service for a purpose, as an action of IAM; nothing when it depends on more than the purpose.
fn action(key: &str, purpose: Purpose) -> Option<&'static str> {
    Some(match purpose {
        // Routers of logs send them to whatever they are told.
        Purpose::Logs if key != "logs" => return None,
        Purpose::SignIn => "ecr:GetAuthorizationToken",
        Purpose::Manifest => "ecr:BatchGetImage",
        Purpose::Layers | Purpose::EnvironmentFile => "s3:GetObject",
        Purpose::Response => "s3:PutObject",
        Purpose::Secret => "secretsmanager:GetSecretValue",
        Purpose::Parameter => "ssm:GetParameters",
        Purpose::Logs => "logs:PutLogEvents",
        Purpose::Exec => "ssmmessages:CreateControlChannel",
        Purpose::ExecKey | Purpose::ExecLog => return None,
    })
}

/// The statements that hold for the layers of images: they are fetched by an address that ECR has signed, so that no
/// organization of the caller is seen. Source: `AmazonECR/latest/userguide/vpc-endpoints` (2026).
fn without_organizations(document: PolicyDocument<'_>) -> PolicyDocument<'_> {
    let is_about_it =
        |key: &str| key.eq_ignore_ascii_case("aws:PrincipalOrgID") || key.eq_ignore_ascii_case("aws:PrincipalOrgPaths");
    let statements = document.statements.map(|statements| {
        let holds = |statement: &Statement<'_>| {
            let has_it = match &statement.conditions {
                Field::Known(conditions) => conditions.iter().any(|condition| is_about_it(condition.key)),
                _ => false,
            };
            !(statement.allows.is_yes() && has_it)
        };
        statements.iter().filter(|statement| holds(statement)).cloned().collect()
    });
    PolicyDocument { statements }
}

/// The statements that hold for what AWS owns, such as the layers of images, without the conditions about that.
fn of_another_account<'a>(document: &PolicyDocument<'a>, own: Option<&str>) -> PolicyDocument<'a> {
    let settled = |statement: &Rc<Statement<'a>>| {
        let Field::Known(conditions) = &statement.conditions else { return Some(Rc::clone(statement)) };
        let truths: Vec<_> = conditions.iter().map(|condition| holds_for_aws(condition, own)).gather();
        if truths.contains(&Some(false)) {
            return None;
        }
        if !truths.contains(&Some(true)) {
            return Some(Rc::clone(statement));
        }
        let open = conditions.iter().zip(truths).filter(|(_, truth)| truth.is_none());
        let conditions = Field::Known(open.map(|(condition, _)| condition.clone()).gather());
        Some(Rc::new(Statement { conditions, ..Statement::clone(statement) }))
    };
    let statements = document.statements.clone();
    PolicyDocument { statements: statements.map(|all| all.iter().filter_map(settled).collect()) }
}

/// Whether a condition about the account or the organization that owns the resource holds for what AWS owns, as far as that
/// is known: the account is never the own one, and the organization never that of a customer.
/// Source: `IAM/latest/UserGuide/reference_policies_condition-keys`, on resources that AWS services own (2026).
fn holds_for_aws(condition: &Condition<'_>, own: Option<&str>) -> Option<bool> {
    let is_key = |keys: &[&str]| keys.iter().any(|key| key.eq_ignore_ascii_case(condition.key));
    let is_own = |value: &Node<'_>| match value.pieces().as_slice() {
        [Piece::Hole(Because::Pseudo("AWS::AccountId"))] => true,
        [Piece::Text(text)] => own.is_some_and(|own| own == text),
        _ => false,
    };
    let Field::Known(values) = condition.values.items() else { return None };
    let is_elsewhere = is_key(&["aws:ResourceOrgID", "aws:ResourceOrgPaths"])
        || (is_key(&["aws:ResourceAccount", "s3:ResourceAccount"]) && values.iter().all(is_own));
    let operator = condition.operator.strip_suffix("IfExists").unwrap_or(condition.operator);
    match operator {
        _ if !is_elsewhere || values.is_empty() => None,
        "StringEquals" | "StringLike" => Some(false),
        "StringNotEquals" | "StringNotLike" => Some(true),
        _ => None,
    }
}

/// What decides whether the policy of an endpoint allows something: the endpoint, the purpose and, for the layers of images,
/// the subnet.
pub(super) type Asked<'a> = (ResourceId, Purpose, Option<Identity<'a>>);

impl<'a> Reach<'a> {
    /// Whether the policies of the endpoints through which something is reached allow it.
    pub(super) fn is_allowed_by_endpoints(&self, from: &Party<'a>, key: &'static str, purpose: Purpose) -> Answer<'a> {
        let Some(action) = action(key, purpose) else { return Answer::Admitted };
        if EndpointService::find(key).is_some_and(|service| service.takes_policy == Some(false)) {
            return Answer::Admitted;
        }
        let endpoints = self.endpoints_taken(from, key).into_iter();
        let answers = endpoints.map(|endpoint| self.is_allowed_by(from, endpoint, action, purpose));
        answers.reduce(Answer::or).unwrap_or(Answer::Admitted)
    }

    /// Without a policy everything is allowed.
    fn is_allowed_by(&self, from: &Party<'a>, endpoint: Endpoint<'a>, action: &str, purpose: Purpose) -> Answer<'a> {
        let document = endpoint.policy();
        if document.is_absent() {
            return Answer::Admitted;
        }
        // The layers of images lie in a bucket of the Region, which the subnet may say.
        let subnet = from.subnet.clone().filter(|_| purpose == Purpose::Layers);
        let key = (endpoint.id(), purpose, subnet);
        let known = self.allowed.borrow().get(&key).copied();
        let allowed = known.unwrap_or_else(|| {
            let document = PolicyDocument::read(self.model, &document);
            let allowed = self.is_allowed_to_party(&document, from, endpoint, action, purpose);
            self.allowed.borrow_mut().insert(key, allowed);
            allowed
        });
        match allowed {
            Truth::Yes => Answer::Admitted,
            Truth::No => Answer::Blocked(vec![Blocker {
                property: "PolicyDocument".into(),
                party: from.resource,
                service: endpoint.aws_service().map_or("", |service| service.key),
                ..Blocker::new(Cause::EndpointPolicy, End::Between, Some(endpoint.id()))
            }]),
            Truth::Maybe(Some(because)) => {
                Answer::Unknown(vec![Doubt::value(endpoint.id(), "PolicyDocument", because)])
            }
            Truth::Maybe(None) => Answer::Unknown(vec![Doubt::of(endpoint.id(), Reason::Partly)]),
        }
    }

    fn is_allowed_to_party(
        &self,
        document: &PolicyDocument<'a>,
        from: &Party<'a>,
        endpoint: Endpoint<'a>,
        action: &str,
        purpose: Purpose,
    ) -> Truth<'a> {
        let own = self.model.template_of(endpoint.id()).and_then(|template| template.environment().account.as_deref());
        let without =
            (purpose == Purpose::Layers).then(|| of_another_account(&without_organizations(document.clone()), own));
        let document = without.as_ref().unwrap_or(document);
        let resources = self.resources_of_purpose(from, endpoint, purpose).into_iter();
        let allowed = resources.map(|resource| document.allows(Caller::Somebody, action, &resource));
        // Where the partition is not known, one of them is meant.
        let allowed = allowed.reduce(|one, other| if one == other { one } else { Truth::Maybe(None) });
        allowed.unwrap_or(Truth::Maybe(None))
    }

    /// On what it is done: on anything, unless AWS says on what.
    fn resources_of_purpose(&self, from: &Party<'a>, endpoint: Endpoint<'a>, purpose: Purpose) -> Vec<Pattern<'a>> {
        if purpose == Purpose::Response {
            return vec![Pattern::literal(RESPONSES)];
        }
        if purpose != Purpose::Layers {
            return vec![Pattern::anything()];
        }
        let named = endpoint.service_name().text().known();
        let named = named.as_deref().and_then(of_service_name).map(|(_, region)| region.to_owned());
        let subnet = from.subnet.as_ref().and_then(|subnet| self.model.find::<Subnet<'a>>(subnet));
        match named.or_else(|| Some(subnet?.region()?.into_owned())) {
            Some(region) => {
                vec![layer_bucket_arn(&region).map_or_else(Pattern::anything, |arn| Pattern::literal(&arn))]
            }
            None => {
                // The Region is one word, whichever it is: a wildcard would stand for more.
                let bucket = |id: &str| {
                    Pattern::literal(&format!("arn:{id}:s3:::prod-${{AWS::Region}}-starport-layer-bucket/*"))
                };
                Partition::ALL.iter().map(|partition| bucket(partition.id())).gather()
            }
        }
    }
}
