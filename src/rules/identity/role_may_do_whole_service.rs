//! A role of tasks that may do everything with a service.

use super::task_roles;
use crate::model::Model;
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1511", "role-may-do-whole-service", Warning {
        pitfalls: [99],
        summary: "A role of tasks that may do everything with a service",
        why: "Every action of a service includes deleting things and changing who may use them. Tasks need a few actions, whose names are known.",
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
              - { Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::receipts/*' }
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
        source: "IAM user guide, security best practices, least-privilege permissions",
        check: check,
    }
}

/// Services that have nothing but what tasks need of them.
const SMALL_SERVICES: &[&str] = &["ec2messages", "ssmmessages"];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for grant in task_roles::grants(model) {
        for (place, action) in grant.statement.actions.listed() {
            let shown = action.shown();
            let Some((service, "*")) = shown.split_once(':') else { continue };
            if !SMALL_SERVICES.contains(&service) {
                findings
                    .report(grant.resource, grant.place(place), format!("the role may do everything with `{service}`"))
                    .help("list the actions that the tasks need");
            }
        }
    }
}
