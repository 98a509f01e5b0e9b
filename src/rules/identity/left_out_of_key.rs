//! A log group, secret, topic or repository without the key that others of its template have.

use crate::model::Gather as _;
use crate::model::{Identity, Key, LogGroup, Model, OrderedMap, Relation, ResourceId, Secret, Topic, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1531", "left-out-of-key", Info {
        pitfalls: [],
        summary: "A log group, secret, topic or repository without the key that others of its template have",
        why: "Where a key of one's own is wanted for some of what a service writes down, it is mostly wanted for all. Secrets and log groups are encrypted with keys of AWS otherwise, topics not at all.",
        example: "Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - { Effect: Allow, Principal: { AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' }, Action: 'kms:*', Resource: '*' }
          - Effect: Allow
            Principal: { Service: !Sub 'logs.${AWS::Region}.amazonaws.com' }
            Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*']
            Resource: '*'
            Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': !Sub 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/api' } }
  Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /api, RetentionInDays: 90, KmsKeyId: !GetAtt Key.Arn } }
  Secret: { Type: AWS::SecretsManager::Secret }
",
        instead: "Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - { Effect: Allow, Principal: { AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' }, Action: 'kms:*', Resource: '*' }
          - Effect: Allow
            Principal: { Service: !Sub 'logs.${AWS::Region}.amazonaws.com' }
            Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*']
            Resource: '*'
            Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': !Sub 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/api' } }
  Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /api, RetentionInDays: 90, KmsKeyId: !GetAtt Key.Arn } }
  Secret: { Type: AWS::SecretsManager::Secret, Properties: { KmsKeyId: !GetAtt Key.Arn } }
",
        source: "AWS Secrets Manager user guide, secret encryption; Amazon SNS developer guide, server-side encryption",
        check: check,
    }
}

/// What can have a key, and in which property.
const KINDS: [(&str, &str, &str); 4] = [
    ("AWS::ECR::Repository", "EncryptionConfiguration/KmsKey", "repository"),
    (LogGroup::TYPE, "KmsKeyId", "log group"),
    (Secret::TYPE, "KmsKeyId", "secret"),
    (Topic::TYPE, "KmsMasterKeyId", "topic"),
];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let keys: OrderedMap<u32, ResourceId> =
        model.of_type(Key::TYPE).filter(|id| is_used(model, *id)).map(|id| (id.template, id)).gather();
    for (type_name, property, name) in KINDS {
        for id in model.of_type(type_name) {
            let Some(key) = keys.get(&id.template).filter(|_| model.property(id, property).is_absent()) else {
                continue;
            };
            findings
                .report(id, "", format!("the {name} is not encrypted with the key that is there"))
                .help(format!("set `{property}`, and let the service use the key in its policy"))
                .mention(*key, "", "this key encrypts others");
        }
    }
}

/// Whether a key encrypts what a service writes down: a topic needs one for messages of AWS services alone.
fn is_used<'a>(model: &'a Model<'a>, key: ResourceId) -> bool {
    let identity = Identity::Resource(key);
    [Relation::LogGroupKey, Relation::SecretKey]
        .into_iter()
        .any(|relation| model.referring(relation, &identity).next().is_some())
}
