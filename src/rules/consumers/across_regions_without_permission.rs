//! Permission to use services of other Regions that lacks a part.

use super::identity::{Allowed, Together, documents};
use crate::diagnostics::Mend;
use crate::model::policy::{PolicyDocument, Statement};
use crate::model::{EndpointService, Model, View};
use crate::rules::Findings;
use crate::rules::endpoint_services::serves_other_regions;
use crate::rules::mends::map;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1333", "across-regions-without-permission", Warning {
        pitfalls: [43],
        summary: "Permission to use services of other Regions that lacks a part",
        why: "To use or offer a service across Regions, `vpce:AllowMultiRegion` has to be allowed as well. Without it \
              the service does not exist for the caller.",
        example: "Resources:
  Consumer:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - { Effect: Allow, Action: \"ec2:CreateVpcEndpoint\", Resource: [\"arn:aws:ec2:*:*:vpc/*\", \"arn:aws:ec2:*:*:subnet/*\", \"arn:aws:ec2:*:*:security-group/*\"] }
          - { Effect: Allow, Action: \"ec2:CreateVpcEndpoint\", Resource: \"arn:aws:ec2:*:*:vpc-endpoint/*\", Condition: { StringEquals: { \"ec2:VpceServiceRegion\": \"eu-west-1\" } } }
",
        instead: "Resources:
  Consumer:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - { Effect: Allow, Action: \"ec2:CreateVpcEndpoint\", Resource: [\"arn:aws:ec2:*:*:vpc/*\", \"arn:aws:ec2:*:*:subnet/*\", \"arn:aws:ec2:*:*:security-group/*\"] }
          - { Effect: Allow, Action: \"ec2:CreateVpcEndpoint\", Resource: \"arn:aws:ec2:*:*:vpc-endpoint/*\", Condition: { StringEquals: { \"ec2:VpceServiceRegion\": \"eu-west-1\" } } }
          - { Effect: Allow, Action: \"vpce:AllowMultiRegion\", Resource: \"*\" }
",
        source: "AWS PrivateLink guide, how PrivateLink works with IAM",
        check: check,
    }
}

const ACTION: &str = "vpce:AllowMultiRegion";

/// The keys that only requests across Regions are asked for.
const KEYS: [&str; 3] = ["ec2:VpceMultiRegion", "ec2:VpceServiceRegion", "ec2:VpceSupportedRegion"];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let mut services = model.all::<EndpointService<'a>>();
    let offers = services.find(|service| serves_other_regions(*service)).map(View::id);
    let mut together = Together::new(model, |document| [allows(document)]);
    for (id, path, document) in documents(model) {
        let document = PolicyDocument::read(model, &document);
        let reason = document.known_statements().find_map(|statement| {
            let said = key_of(statement).map(|key| format!("`{key}` is about other Regions"));
            let offered = offers.filter(|_| makes_services(statement));
            let why = offered.map(|id| format!("`{}` is offered to other Regions", model.logical_id(id)));
            Some((statement, said.or(why)?))
        });
        let Some((statement, reason)) = reason else { continue };
        if let Allowed { parts: [false], is_all: true } = together.ask(id, &document) {
            let allowing = map(vec![("Effect", "Allow".into()), ("Action", ACTION.into()), ("Resource", "*".into())]);
            findings
                .report(id, format!("{path}/{}", statement.place), format!("{reason}, and `{ACTION}` is not allowed"))
                .mend(Mend::suggested(format!("allow `{ACTION}`")).add(&format!("{path}/Statement"), vec![allowing]))
                .help(format!("allow `{ACTION}` as well"));
        }
    }
}

/// Whether a statement names what makes or changes endpoint services.
fn makes_services(statement: &Statement<'_>) -> bool {
    let listed = statement.actions.listed();
    let mut actions = listed.iter().map(|(_, action)| action.shown().to_ascii_lowercase());
    statement.allows.is_yes() && actions.any(|action| action.ends_with("vpcendpointserviceconfiguration"))
}

fn key_of(statement: &Statement<'_>) -> Option<&'static str> {
    let is_about_endpoints = statement
        .actions
        .listed()
        .iter()
        .any(|(_, action)| action.shown().to_ascii_lowercase().contains("vpcendpoint"));
    let key = KEYS.iter().find(|key| {
        statement.conditions_on(key).any(|condition| !condition.values.text().is_known_and(|value| value == "false"))
    })?;
    (statement.allows.is_yes() && is_about_endpoints).then_some(*key)
}

fn allows(document: &PolicyDocument<'_>) -> bool {
    document.statements.is_unknown()
        || document
            .known_statements()
            .any(|statement| !statement.allows.is_no() && !statement.is_about_action(ACTION).is_no())
}
