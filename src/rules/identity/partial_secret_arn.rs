//! A secret named without the six characters at the end of its ARN, which the role does not foresee.

use crate::model::glob::Pattern;
use crate::model::{Model, Node, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1505", "partial-secret-arn", Warning {
        pitfalls: [74],
        summary: "A secret named without the six characters at the end of its ARN, which the role does not foresee",
        why: "Secrets Manager appends a hyphen and six characters to the ARN of every secret. An ARN without them is searched for, and may be taken for another secret whose name looks like it; a role that is limited to the whole ARN, or to one with a wildcard, does not say that this is meant.",
        example: "Resources:
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
              - { Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-*' }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ExecutionRoleArn: !GetAtt Starter.Arn
      ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: PASSWORD, ValueFrom: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db' }] }]
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
      Policies:
        - PolicyName: starter
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-*' }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ExecutionRoleArn: !GetAtt Starter.Arn
      ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: PASSWORD, ValueFrom: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf' }] }]
",
        source: "Amazon ECS developer guide, pass Secrets Manager secrets through environment variables; AWS Secrets Manager API reference, GetSecretValue",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>() {
        let Some(role) = definition.execution_role_view() else { continue };
        let permissions = role.permissions();
        for injected in definition.placed_containers().flat_map(|container| container.secrets()) {
            let Some(arn) = partial_arn(&injected.value_from) else { continue };
            if permissions.allow("secretsmanager:GetSecretValue", &Pattern::literal(&arn)).is_no() {
                findings
                    .report(
                        definition.id(),
                        injected.place,
                        format!("`{arn}` lacks the six characters at the end of a secret's ARN"),
                    )
                    .help("write the whole ARN, or refer to the secret")
                    .mention(role.id(), "", "this role may not read what is named so");
            }
        }
    }
}

/// The ARN of a secret, without what follows it, when it does not end like one.
fn partial_arn(node: &Node<'_>) -> Option<String> {
    let text = node.text().known()?;
    let parts: Vec<&str> = text.split(':').take(7).collect();
    let [_, _, "secretsmanager", _, _, "secret", name] = parts.as_slice() else { return None };
    let is_whole = name
        .rsplit_once('-')
        .is_some_and(|(_, suffix)| suffix.len() == 6 && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    (!is_whole).then(|| parts.join(":"))
}
