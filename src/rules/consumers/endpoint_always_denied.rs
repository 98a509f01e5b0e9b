//! A permission to make endpoints that never applies.

use super::identity::{Together, documents, needs_service};
use crate::diagnostics::Severity;
use crate::model::Model;
use crate::model::policy::{PolicyDocument, Statement};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1331", "endpoint-always-denied", Error {
        pitfalls: [98],
        summary: "A permission to make endpoints that never applies",
        why: "To make an endpoint, `ec2:CreateVpcEndpoint` has to be allowed both for the endpoint and for the VPC, \
              subnets and security groups. The keys that tell the service are there for the endpoint only: one \
              statement with such a condition for everything allows nothing.",
        example: "Resources:
  Consumer:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - { Effect: Allow, Action: \"ec2:CreateVpcEndpoint\", Resource: \"*\", Condition: { StringEquals: { \"ec2:VpceServiceOwner\": \"111122223333\" } } }
",
        instead: "Resources:
  Consumer:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - { Effect: Allow, Action: \"ec2:CreateVpcEndpoint\", Resource: [\"arn:aws:ec2:*:*:vpc/*\", \"arn:aws:ec2:*:*:subnet/*\", \"arn:aws:ec2:*:*:security-group/*\"] }
          - { Effect: Allow, Action: \"ec2:CreateVpcEndpoint\", Resource: \"arn:aws:ec2:*:*:vpc-endpoint/*\", Condition: { StringEquals: { \"ec2:VpceServiceOwner\": \"111122223333\" } } }
",
        source: "AWS PrivateLink guide, identity-based policy examples",
        check: check,
    }
}

const ACTION: &str = "ec2:CreateVpcEndpoint";

/// What has to be allowed, and whether the keys that tell the service are there for it.
const PARTS: [(&str, &str, bool); 2] = [("the VPC", "vpc/", false), ("the endpoint", "vpc-endpoint/", true)];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let mut together = Together::new(model, |document| PARTS.map(|part| allows(document, part)));
    for (id, path, document) in documents(model) {
        let document = PolicyDocument::read(model, &document);
        let Some(statement) = document.known_statements().find(|statement| speaks_of_it(statement)) else { continue };
        if document.statements.is_unknown() {
            continue;
        }
        let allowed = together.ask(id, &document);
        let mut parts = PARTS.iter().zip(allowed.parts);
        let Some(((what, ..), _)) = parts.find(|(_, is_allowed)| !is_allowed) else { continue };
        findings
            .report(id, format!("{path}/{}", statement.place), format!("an endpoint can never be made: nothing allows `{ACTION}` for {what}"))
            .help("allow it without the condition for `vpc/*`, `subnet/*`, `security-group/*` and `route-table/*`, and with it for `vpc-endpoint/*`")
            .severity(if allowed.is_all { Severity::Error } else { Severity::Warning });
    }
}

fn speaks_of_it(statement: &Statement<'_>) -> bool {
    let is_it = |action: &str| action.eq_ignore_ascii_case(ACTION);
    statement.allows.is_yes() && statement.actions.listed().iter().any(|(_, action)| is_it(&action.shown()))
}

/// Whether a document may allow it for a part.
fn allows(document: &PolicyDocument<'_>, (_, kind, has_keys): (&str, &str, bool)) -> bool {
    if document.statements.is_unknown() {
        return true;
    }
    document.known_statements().any(|statement| {
        let resources = statement.resources.listed();
        !statement.allows.is_no()
            && !statement.is_about_action(ACTION).is_no()
            && (resources.is_empty() || resources.iter().any(|(_, resource)| may_be_of(&resource.shown(), kind)))
            && (has_keys || !needs_service(statement))
    })
}

/// Whether an ARN may be of a kind of resource, such as `vpc/`.
fn may_be_of(arn: &str, kind: &str) -> bool {
    const OPEN: [char; 3] = ['*', '?', '…'];
    match arn.splitn(6, ':').nth(5) {
        None => arn.contains(OPEN),
        Some(resource) => {
            let begins = resource.split_once(OPEN).is_some_and(|(begin, _)| kind.starts_with(begin));
            begins || resource.starts_with(kind)
        }
    }
}
