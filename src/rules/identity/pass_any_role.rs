//! A role that may pass any other role on.

use super::task_roles;
use crate::model::glob::Pattern;
use crate::model::{Model, Role};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1514", "pass-any-role", Warning {
        pitfalls: [],
        summary: "A role that may pass any other role on",
        why: "Whoever may pass any role, and start something with it, can do whatever the most powerful role of the account may do.",
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
              - { Effect: Allow, Action: iam:PassRole, Resource: '*' }
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
              - { Effect: Allow, Action: iam:PassRole, Resource: !GetAtt Other.Arn }
  Other:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: { Service: ecs-tasks.amazonaws.com }
            Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } }
      Policies:
        - PolicyName: other
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::receipts/*' }
",
        source: "IAM user guide, granting permissions to pass a role to an AWS service",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for grant in task_roles::grants_of(model.all::<Role<'a>>()) {
        let statement = &grant.statement;
        let passes = statement.actions.listed().iter().any(|(_, action)| {
            !action.is_anything() && action.covers(&Pattern::literal("iam:PassRole"), true).is_yes()
        });
        if !passes
            || statement.conditions_on("iam:PassedToService").next().is_some()
            || statement.conditions.is_unknown()
        {
            continue;
        }
        let every_role = Pattern::literal("role/*");
        let is_any = |resource: &Pattern<'a>| {
            resource.is_anything() || resource.after_colon(5).covers(&every_role, false).is_yes()
        };
        for (place, _) in statement.resources.listed().iter().filter(|(_, resource)| is_any(resource)) {
            findings
                .report(grant.resource, grant.place(place), "the role may pass any role on")
                .help("name the roles, and the service in a condition on `iam:PassedToService`");
        }
    }
}
