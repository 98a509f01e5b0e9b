//! A secret named without the six characters at the end of its ARN, which may name another one.

use crate::model::Gather as _;
use crate::model::glob;
use crate::model::{Model, Node, Role, TaskDefinition, View, text_with_holes};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1505", "partial-secret-arn", Warning {
        pitfalls: [74],
        summary: "A secret named without the six characters at the end of its ARN, which may name another one",
        why: "Secrets Manager appends a hyphen and six characters to the ARN of every secret. An ARN without them is searched for: one whose name itself ends with a hyphen and six characters is taken for a whole one and not found, and IAM weighs the whole ARN, which a role that names only the beginning does not allow.",
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
        for injected in definition.placed_containers().flat_map(|container| container.secrets()) {
            let Some(arn) = partial_arn(&injected.value_from) else { continue };
            let role = definition.execution_role_view();
            if role.is_some_and(|role| foresees(role, &arn)) {
                continue;
            }
            let found = findings.report(
                definition.id(),
                injected.place,
                format!("`{arn}` lacks the six characters at the end of a secret's ARN"),
            );
            found.help("write the whole ARN, or refer to the secret");
            let mut whole = glob::pattern(model, &injected.value_from).before_colon(7, 6);
            whole.append("-AbCdEf");
            // IAM sees the whole ARN, also when the secret is found by the beginning of it.
            let is_closed = |role: &Role<'a>| role.permissions().allow("secretsmanager:GetSecretValue", &whole).is_no();
            if let Some(role) = role.filter(is_closed) {
                found.mention(role.id(), "", "this role may not read the secret by its whole ARN");
            }
        }
    }
}

/// Whether a role is allowed this name with any six characters after it: whoever wrote that knows what is left out.
fn foresees(role: Role<'_>, arn: &str) -> bool {
    let name = arn.rsplit_once(":secret:").map_or(arn, |(_, name)| name);
    let whole = format!(":secret:{name}-??????");
    role.documents().iter().any(|placed| {
        let mut statements = placed.document.known_statements();
        statements.any(|statement| {
            let mut resources = statement.resources.listed().iter();
            resources.any(|(_, resource)| resource.shown().ends_with(&whole))
        })
    })
}

/// The ARN of a secret, without what follows it, when it does not end like one.
fn partial_arn(node: &Node<'_>) -> Option<String> {
    let text = text_with_holes(node);
    if text.starts_with("${") {
        return None;
    }
    // The places of Region and account may be open, and what stands in braces has colons of its own.
    let plain = text.replace("${AWS::", "${AWS..");
    let parts: Vec<&str> = plain.split(':').take(7).gather();
    let [_, _, "secretsmanager", _, _, "secret", name] = parts.as_slice() else { return None };
    let is_whole = name
        .rsplit_once('-')
        .is_some_and(|(_, suffix)| suffix.len() == 6 && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    (!is_whole && !name.contains("${")).then(|| parts.join(":").replace("${AWS..", "${AWS::"))
}
