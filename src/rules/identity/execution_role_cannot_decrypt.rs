//! An execution role that may read a secret but not use the key that encrypts it.

use crate::aws::arn::is_account_id;
use crate::model::glob::Pattern;
use crate::model::policy::{PolicyDocument, Principal};
use crate::model::{Attribute, Field, Key, Model, Role, Secret, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::mends::allow;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1503", "execution-role-cannot-decrypt", Error {
        pitfalls: [73],
        summary: "An execution role that may read a secret but not use the key that encrypts it",
        why: "Secrets Manager decrypts a secret on behalf of whoever reads it. With a key of your own, the reader needs `kms:Decrypt` on it, otherwise no task starts.",
        example: "Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - { Effect: Allow, Principal: { AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' }, Action: 'kms:*', Resource: '*' }
  Secret: { Type: AWS::SecretsManager::Secret, Properties: { KmsKeyId: !GetAtt Key.Arn } }
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
        instead: "Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - { Effect: Allow, Principal: { AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' }, Action: 'kms:*', Resource: '*' }
  Secret: { Type: AWS::SecretsManager::Secret, Properties: { KmsKeyId: !GetAtt Key.Arn } }
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
              - { Effect: Allow, Action: kms:Decrypt, Resource: !GetAtt Key.Arn }
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
        source: "Amazon ECS developer guide, task execution IAM role; AWS Secrets Manager user guide, secret encryption and decryption",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>() {
        let Some(role) = definition.execution_role_view() else { continue };
        let permissions = role.permissions();
        for injected in definition.placed_containers().flat_map(|container| container.secrets()) {
            let secret = injected.value_from.resource().and_then(|id| model.view::<Secret<'a>>(id));
            let key = secret.and_then(|secret| model.find::<Key<'a>>(&secret.key().known()?));
            let (Some(secret), Some(key)) = (secret, key) else { continue };
            let arn = Pattern::of_attribute(model, Attribute { resource: key.id(), name: "Arn" });
            if permissions.allow("kms:Decrypt", &arn).is_no() && !names(key, role) {
                findings
                    .report(
                        definition.id(),
                        injected.place,
                        "the execution role may not decrypt the secret, and no task starts",
                    )
                    .mend_by(allow(role, &arn, &["kms:Decrypt"]))
                    .help("allow the role `kms:Decrypt` on the key")
                    .mention(role.id(), "", "this is the role with which ECS starts the tasks")
                    .mention(key.id(), "", "this key encrypts the secret")
                    .mention(secret.id(), "KmsKeyId", "this is the secret");
            }
        }
    }
}

/// Whether the policy of a key itself may let a role decrypt, by its name or as anybody.
fn names<'a>(key: Key<'a>, role: Role<'a>) -> bool {
    let document = PolicyDocument::read(key.model(), &key.policy());
    let may_be_role = |principal: &Principal<'a>| {
        let is_other = principal.name.of_resource().is_some_and(|id| id != role.id());
        let is_account =
            principal.name.shown().rsplit(':').next().is_some_and(|last| last == "root" || is_account_id(last));
        principal.is_everybody() || principal.kind == "AWS" && !is_other && !is_account
    };
    document.statements.is_unknown()
        || document.known_statements().any(|statement| {
            let is_named = match &statement.principals {
                Field::Known(principals) => principals.iter().any(may_be_role),
                _ => true,
            };
            is_named && !statement.allows.and(statement.is_about_action("kms:Decrypt")).is_no()
        })
}
