//! A role that the service to which it is given may not assume.

use crate::model::{FlowLog, Model, ResourceId, Role, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::mends::trust;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1506", "role-trusted-by-another-service", Error {
        pitfalls: [73, 93],
        summary: "A role that the service to which it is given may not assume",
        why: "A role names in its trust policy who may assume it: `ecs-tasks.amazonaws.com` for tasks, `vpc-flow-logs.amazonaws.com` for flow logs, `lambda.amazonaws.com` for functions. What is given a role that trusts somebody else does nothing.",
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
        source: "Amazon ECS developer guide, task IAM role; Amazon VPC user guide, IAM role for publishing flow logs to CloudWatch Logs; AWS Lambda developer guide, execution role; Amazon EventBridge user guide, IAM roles for targets; Amazon EventBridge Scheduler user guide, execution role",
        check: check,
    }
}

/// The properties that give roles to services: the type of resource, the property, through lists on the way, the service and
/// what it is called.
const USES: [(&str, &str, &str, &str); 7] = [
    (TaskDefinition::TYPE, "ExecutionRoleArn", "ecs-tasks.amazonaws.com", "task definition"),
    (TaskDefinition::TYPE, "TaskRoleArn", "ecs-tasks.amazonaws.com", "task definition"),
    (FlowLog::TYPE, "DeliverLogsPermissionArn", "vpc-flow-logs.amazonaws.com", "flow log"),
    ("AWS::Lambda::Function", "Role", "lambda.amazonaws.com", "function"),
    ("AWS::Events::Rule", "Targets/RoleArn", "events.amazonaws.com", "rule"),
    ("AWS::Scheduler::Schedule", "Target/RoleArn", "scheduler.amazonaws.com", "schedule"),
    ("AWS::IAM::InstanceProfile", "Roles", "ec2.amazonaws.com", "instance profile"),
];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (type_name, path, service, name) in USES {
        let (property, rest) = path.split_once('/').unwrap_or((path, ""));
        for id in model.of_type(type_name) {
            for item in model.property(id, property).known_items() {
                let given = if rest.is_empty() { item } else { item.get(rest) };
                let role = given.resource().and_then(|id| model.view::<Role<'a>>(id));
                role.into_iter().for_each(|role| judge(role, service, (id, property, name), findings));
            }
        }
    }
}

/// A role, the service that needs it, and where it is given.
fn judge<'a>(
    role: Role<'a>,
    service: &'static str,
    (id, property, name): (ResourceId, &str, &str),
    findings: &mut Findings<'_>,
) {
    // In China, instances are known by a name of their own too.
    let is_of_china = service == "ec2.amazonaws.com" && !role.is_trusted_by("ec2.amazonaws.com.cn").is_no();
    if role.is_trusted_by(service).is_no() && !is_of_china {
        findings
            .report(
                role.id(),
                "AssumeRolePolicyDocument",
                format!("the role is not trusted by `{service}`, which needs it"),
            )
            .mend_by(trust(role, service, role.model().type_of(id)))
            .help(format!("let `{service}` do `sts:AssumeRole` in the role's trust policy"))
            .mention(id, property, format!("this {name} is given the role"));
    }
}
