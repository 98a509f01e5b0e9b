//! A role that the service to which it is given may not assume.

use crate::model::{FlowLog, Model, Role, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::mends::trust;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1506", "role-trusted-by-another-service", Error {
        pitfalls: [73, 93],
        summary: "A role that the service to which it is given may not assume",
        why: "A role names in its trust policy who may assume it: `ecs-tasks.amazonaws.com` for tasks, `vpc-flow-logs.amazonaws.com` for flow logs. What is given a role that trusts somebody else does nothing.",
        example: "Resources:
  Starter:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: { Service: ec2.amazonaws.com }
            Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ExecutionRoleArn: !GetAtt Starter.Arn
      ContainerDefinitions: [{ Name: api, Image: api }]
",
        instead: "Resources:
  Starter:
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
      ExecutionRoleArn: !GetAtt Starter.Arn
      ContainerDefinitions: [{ Name: api, Image: api }]
",
        source: "Amazon ECS developer guide, task IAM role; Amazon VPC user guide, IAM role for publishing flow logs to CloudWatch Logs",
        check: check,
    }
}

/// The properties that give roles to services: the type of resource, the property, the service and what it is called.
const USES: [(&str, &str, &str, &str); 3] = [
    (TaskDefinition::TYPE, "ExecutionRoleArn", "ecs-tasks.amazonaws.com", "task definition"),
    (TaskDefinition::TYPE, "TaskRoleArn", "ecs-tasks.amazonaws.com", "task definition"),
    (FlowLog::TYPE, "DeliverLogsPermissionArn", "vpc-flow-logs.amazonaws.com", "flow log"),
];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (type_name, property, service, name) in USES {
        for id in model.of_type(type_name) {
            let role = model.property(id, property).resource().and_then(|id| model.view::<Role<'a>>(id));
            let Some(role) = role else { continue };
            if role.is_trusted_by(service).is_no() {
                findings
                    .report(
                        role.id(),
                        "AssumeRolePolicyDocument",
                        format!("the role is not trusted by `{service}`, which needs it"),
                    )
                    .mend_by(trust(role, service, type_name))
                    .help(format!("let `{service}` do `sts:AssumeRole` in the role's trust policy"))
                    .mention(id, property, format!("this {name} is given the role"));
            }
        }
    }
}
