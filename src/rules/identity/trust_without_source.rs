//! A task role that does not say on whose behalf ECS may assume it.

use super::task_roles::TASKS;
use crate::model::policy::{Caller, PolicyDocument};
use crate::model::{Model, Role, View};
use crate::rules::Findings;
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
            if trusts_tasks && statement.is_unconditional() {
                findings
                    .report(
                        role.id(),
                        format!("AssumeRolePolicyDocument/{}", statement.place),
                        "ECS may assume the role on behalf of any account",
                    )
                    .help("add the condition `StringEquals: { aws:SourceAccount: !Ref AWS::AccountId }`");
            }
        }
    }
}
