//! An execution role that may not do what its tasks need to start.

use crate::model::{Gather as _, Model, StartupPermission, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::mends::allow;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1502", "execution-role-without-permission", Error {
        pitfalls: [73],
        summary: "An execution role that may not do what its tasks need to start",
        why: "ECS fetches images, secrets and parameters and writes logs as the execution role, not as the task role. Where it may not, no task starts.",
        example: "Resources:
  Secret: { Type: AWS::SecretsManager::Secret }
  Starter:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: { Service: ecs-tasks.amazonaws.com }
            Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } }
      Policies:
        - PolicyName: starter
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: ecr:GetAuthorizationToken, Resource: '*' }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ExecutionRoleArn: !GetAtt Starter.Arn
      ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: PASSWORD, ValueFrom: !Ref Secret }] }]
",
        instead: "Resources:
  Secret: { Type: AWS::SecretsManager::Secret }
  Starter:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: { Service: ecs-tasks.amazonaws.com }
            Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } }
      Policies:
        - PolicyName: starter
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: !Ref Secret }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ExecutionRoleArn: !GetAtt Starter.Arn
      ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: PASSWORD, ValueFrom: !Ref Secret }] }]
",
        source: "Amazon ECS developer guide, task execution IAM role",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>() {
        let Some(role) = definition.execution_role_view() else { continue };
        let permissions = role.permissions();
        let is_missing = |need: &&StartupPermission<'a>| {
            let mut resources = std::iter::once(&need.resource).chain(&need.or);
            resources.all(|resource| need.actions.iter().all(|action| permissions.allow(action, resource).is_no()))
        };
        let needed = definition.startup_permissions();
        let mut missing: Vec<&StartupPermission<'a>> = needed.iter().filter(is_missing).gather();
        // Who may not fetch an image need not hear of its layers too, nor who may not write logs of streams for them.
        let pairs = [
            (StartupPermission::IMAGE, StartupPermission::LAYERS),
            (StartupPermission::WRITE, StartupPermission::STREAM),
        ];
        missing.dedup_by(|next, need| next.place == need.place && pairs.contains(&(need.what, next.what)));
        for need in missing {
            let action = need.actions.first().copied().unwrap_or_default();
            let has_boundary = !role.boundary().is_absent();
            let mend = if has_boundary { None } else { allow(role, &need.resource, &[action]) };
            let where_else = if has_boundary { ", and in its permissions boundary" } else { "" };
            findings
                .report(
                    definition.id(),
                    need.place.clone(),
                    format!("the execution role may not {}, and no task starts", need.what),
                )
                .mend_by(mend)
                .help(format!("allow the role `{action}` on it{where_else}"))
                .mention(role.id(), "", "this is the role with which ECS starts the tasks");
        }
    }
}
