//! A role of tasks that may do something with all resources, though it could be limited to some.

use super::task_roles;
use crate::aws::iam::{self, Access, Action};
use crate::diagnostics::Severity;
use crate::model::Model;
use crate::model::glob::Pattern;
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1512", "permission-on-everything", Warning {
        pitfalls: [99],
        summary: "A role of tasks that may do something with all resources, though it could be limited to some",
        why: "A container that may read one secret needs no permission to read them all. Actions that take resources should name those that are meant.",
        example: "Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: { Service: ecs-tasks.amazonaws.com }
            Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } }
      Policies:
        - PolicyName: worker
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: '*' }
",
        instead: "Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: { Service: ecs-tasks.amazonaws.com }
            Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } }
      Policies:
        - PolicyName: worker
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-??????' }
",
        source: "Service Authorization Reference; IAM user guide, security best practices",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for grant in task_roles::grants(model).filter(|grant| grant.statement.is_unconditional()) {
        for (place, resource) in grant.statement.resources.listed() {
            let mut actions = grant.statement.actions.listed().iter().filter_map(|(_, action)| limitable(action));
            let is_everything = resource.is_anything();
            let name = resource.after_colon(5);
            let Some(action) = actions.find(|action| is_everything || is_unlimited(&name, action)) else { continue };
            let found = findings.report(
                grant.resource,
                grant.place(place),
                format!("the role may do `{}` with everything", action.name),
            );
            found.help("name the resources that are meant");
            // The managed policy for task execution roles does so as well.
            if action.name.starts_with("logs:") || iam::PULL_FROM_REPOSITORY.contains(&action.name) {
                found.severity(Severity::Info);
            }
        }
    }
}

/// The first action that a pattern allows and that could be limited; nothing for whole services, which are worse.
fn limitable(action: &Pattern<'_>) -> Option<&'static Action> {
    let shown = action.shown();
    if !action.has_wildcard() {
        return iam::find(&shown).filter(|action| !action.resources.is_empty());
    }
    let (service, rest) = shown.split_once(':')?;
    if rest == "*" {
        return None;
    }
    let of_service =
        iam::ACTIONS.iter().filter(|action| action.name.split_once(':').is_some_and(|(prefix, _)| prefix == service));
    let mut limitable = of_service.filter(|action| !action.resources.is_empty() && action.access != Access::List);
    limitable.find(|known| action.covers(&Pattern::literal(known.name), true).is_yes())
}

/// Whether the last part of an ARN takes in all resources of a kind.
fn is_unlimited(name: &Pattern<'_>, action: &Action) -> bool {
    action.resources.iter().any(|arn| {
        let all = with_wildcards(arn);
        // Only what takes any length takes in what has no end.
        let all = all.splitn(6, ':').nth(5).unwrap_or_default();
        (name.is_open_ended() || !all.contains('*')) && name.covers(&Pattern::literal(all), false).is_yes()
    })
}

/// An ARN with `*` for each of its holes.
fn with_wildcards(arn: &str) -> String {
    let mut parts = arn.split("${");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push('*');
        text.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    text
}
