//! ECS Exec for tasks whose role may not open its sessions.

use crate::aws::iam;
use crate::model::glob::Pattern;
use crate::model::{Gather as _, Model, Service, View};
use crate::rules::Findings;
use crate::rules::mends::allow;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1408", "exec-without-permission", Warning {
        pitfalls: [68],
        summary: "ECS Exec for tasks whose role may not open its sessions",
        why: "A session of ECS Exec is opened from inside the task, with the permissions of the task role. Without them, or without a task role, there are no sessions.",
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
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      TaskRoleArn: !GetAtt Worker.Arn
      ContainerDefinitions: [{ Name: api, Image: api }]
  Service:
    Type: AWS::ECS::Service
    Properties: { LaunchType: FARGATE, TaskDefinition: !Ref Task, EnableExecuteCommand: true }
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
        - PolicyName: sessions
          PolicyDocument:
            Statement: [{ Effect: Allow, Action: ['ssmmessages:*'], Resource: '*' }]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      TaskRoleArn: !GetAtt Worker.Arn
      ContainerDefinitions: [{ Name: api, Image: api }]
  Service:
    Type: AWS::ECS::Service
    Properties: { LaunchType: FARGATE, TaskDefinition: !Ref Task, EnableExecuteCommand: true }
",
        source: "Amazon ECS developer guide, task IAM role, permissions for ECS Exec",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let help = "allow the task role `ssmmessages:CreateControlChannel`, `CreateDataChannel`, `OpenControlChannel` and `OpenDataChannel`";
    for service in model.all::<Service<'a>>().filter(|service| service.enables_exec().is_known_and(|enables| enables)) {
        let Some(definition) = service.definition() else { continue };
        if definition.task_role().is_absent() {
            findings
                .report(service.id(), "EnableExecuteCommand", "ECS Exec needs a task role, and the tasks have none")
                .help(help)
                .mention(definition.id(), "", "this is the definition of the tasks");
        }
        let Some(role) = definition.task_role_view() else { continue };
        let permissions = role.permissions();
        let is_denied = |action: &&&str| permissions.allow(action, &Pattern::anything()).is_no();
        let denied: Vec<&str> = iam::EXECUTE_COMMANDS.iter().filter(is_denied).copied().gather();
        if let Some(action) = denied.first() {
            findings
                .report(
                    service.id(),
                    "EnableExecuteCommand",
                    format!("ECS Exec needs `{action}`, which the task role may not do"),
                )
                .mend_by(allow(role, &Pattern::anything(), &denied))
                .help(help)
                .mention(role.id(), "", "this is the task role");
        }
    }
}
