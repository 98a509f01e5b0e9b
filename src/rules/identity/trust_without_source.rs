//! A task role that does not say on whose behalf ECS may assume it.

use super::task_roles::TASKS;
use crate::diagnostics::{Mend, Severity};
use crate::model::policy::{Caller, PolicyDocument, Statement};
use crate::model::{Field, Model, Node, Role, View, text_with_holes};
use crate::rules::Findings;
use crate::rules::mends::for_own_account;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1507", "trust-without-source", Info {
        pitfalls: [100],
        summary: "A task role that does not say on whose behalf ECS may assume it",
        why: "A service of AWS can be made to use a role for somebody else: the confused deputy. A condition on the account, or on the ARN of what acts, closes that way.",
        example: "Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: { Service: ecs-tasks.amazonaws.com }
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
",
        source: "Amazon ECS developer guide, task IAM role; IAM user guide, the confused deputy problem",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for role in model.all::<Role<'a>>() {
        let document = PolicyDocument::read(model, &role.trust());
        for statement in document.known_statements() {
            let trusts_tasks = statement.allows.and(statement.is_about_caller(Caller::Service(TASKS))).is_yes();
            if trusts_tasks && is_of_a_cluster(model, statement) {
                findings
                    .report(
                        role.id(),
                        format!("AssumeRolePolicyDocument/{}/Condition", statement.place),
                        "ECS does not assume roles on behalf of a cluster, and this condition never holds",
                    )
                    .help("compare `aws:SourceArn` with `arn:aws:ecs:REGION:ACCOUNT:*`")
                    .severity(Severity::Warning);
            }
            if trusts_tasks && statement.is_unconditional() {
                let path = format!("AssumeRolePolicyDocument/{}", statement.place);
                // A condition would hold for all whom the statement names.
                let is_alone = matches!(&statement.principals, Field::Known(principals) if principals.len() == 1);
                let mend = Mend::suggested("let ECS assume it for the account of the stack only");
                let mend = mend.set(format!("{path}/Condition"), for_own_account());
                findings
                    .report(role.id(), path, "ECS may assume the role on behalf of any account")
                    .mend_by(is_alone.then_some(mend))
                    .help("add the condition `StringEquals: { aws:SourceAccount: !Ref AWS::AccountId }`");
            }
        }
    }
}

/// Whether a statement is for clusters alone, which are no source that ECS gives.
fn is_of_a_cluster<'a>(model: &'a Model<'a>, statement: &Statement<'a>) -> bool {
    let is_cluster = |value: &Node<'a>| match value.attribute() {
        Some(attribute) => model.type_of(attribute.resource) == "AWS::ECS::Cluster",
        None => text_with_holes(value).contains(":cluster/"),
    };
    statement.conditions_on("aws:SourceArn").any(|condition| {
        let values = condition.values.known_items();
        let compares = ["Arn", "String"].iter().any(|kind| condition.operator.starts_with(kind));
        let is_refused = condition.operator.contains("Not");
        compares && !is_refused && !values.is_empty() && values.iter().all(is_cluster)
    })
}
