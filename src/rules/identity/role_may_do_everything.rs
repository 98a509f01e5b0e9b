//! A role of tasks that may do everything, or everything but something.

use super::task_roles;
use crate::model::Model;
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1510", "role-may-do-everything", Warning {
        pitfalls: [99],
        summary: "A role of tasks that may do everything, or everything but something",
        why: "Whoever gets into a container can do whatever its role may do. `*`, and `NotAction` in what is allowed, take in actions that nobody thought of.",
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
              - { Effect: Allow, Action: '*', Resource: '*' }
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
              - { Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::receipts/*' }
",
        source: "IAM user guide, security best practices; AWS JSON policy elements: NotAction",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for grant in task_roles::grants(model) {
        let actions = &grant.statement.actions;
        if actions.is_negated {
            findings
                .report(grant.resource, grant.place(&actions.key), "the role may do everything but what is listed")
                .help("list what the tasks need under `Action`");
        }
        for (place, _) in actions.listed().iter().filter(|(_, action)| action.is_anything()) {
            findings
                .report(grant.resource, grant.place(place), "the role may do everything")
                .help("list what the tasks need");
        }
    }
}
