//! A key with which PrivateLink cannot publish.

use crate::aws::private_link::NOTIFICATION_PRINCIPAL;
use crate::diagnostics::Mend;
use crate::model::glob::Pattern;
use crate::model::policy::{Caller, PolicyDocument};
use crate::model::{Attribute, ConnectionNotification, Key, Model, Topic, View};
use crate::rules::Findings;
use crate::rules::mends::{for_own_account, statement};
use crate::rules::registry::rule;

rule! {
    RULE = "RF1214", "key-closed-to-notifications", Error {
        pitfalls: [37],
        summary: "A topic for connection notifications is encrypted with a key that PrivateLink may not use",
        why: "To publish to an encrypted topic, PrivateLink needs `kms:Decrypt` and `kms:GenerateDataKey*` in the \
              policy of its key. Without them the messages are lost.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties:
      ServiceId: !Ref Service
      ConnectionNotificationArn: !Ref Topic
      ConnectionEvents: [Connect]
  Topic:
    Type: AWS::SNS::Topic
    Properties: { KmsMasterKeyId: !Ref Key }
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - { Effect: Allow, Principal: { AWS: \"arn:aws:iam::111122223333:root\" }, Action: \"kms:*\", Resource: \"*\" }
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties:
      ServiceId: !Ref Service
      ConnectionNotificationArn: !Ref Topic
      ConnectionEvents: [Connect]
  Topic:
    Type: AWS::SNS::Topic
    Properties: { KmsMasterKeyId: !Ref Key }
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - { Effect: Allow, Principal: { AWS: \"arn:aws:iam::111122223333:root\" }, Action: \"kms:*\", Resource: \"*\" }
          - { Effect: Allow, Principal: { Service: vpce.amazonaws.com }, Action: [\"kms:Decrypt\", \"kms:GenerateDataKey*\"], Resource: \"*\" }
",
        source: "AWS PrivateLink guide, receive alerts for endpoint service events",
        check: check,
    }
}

const ACTIONS: [&str; 2] = ["kms:Decrypt", "kms:GenerateDataKey"];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for notification in model.all::<ConnectionNotification<'a>>() {
        let topic = notification.topic().known().and_then(|topic| model.find::<Topic<'a>>(&topic));
        let Some(topic) = topic else { continue };
        let Some(key) = key_of(model, topic) else { continue };
        let policy = PolicyDocument::read(model, &key.policy());
        let arn = Pattern::of_attribute(model, Attribute { resource: key.id(), name: "Arn" });
        let caller = Caller::Service(NOTIFICATION_PRINCIPAL);
        if let Some(action) = ACTIONS.iter().find(|action| policy.refuses(caller, action, &arn)) {
            let service = NOTIFICATION_PRINCIPAL.into();
            let statement = statement(service, &["kms:Decrypt", "kms:GenerateDataKey*"], "*".into(), for_own_account());
            findings
                .report(key.id(), "KeyPolicy", format!("PrivateLink has no `{action}` for the key of the topic to which it publishes"))
                .mend(Mend::suggested("let PrivateLink use the key").add("KeyPolicy/Statement", vec![statement]))
                .help("allow `kms:Decrypt` and `kms:GenerateDataKey*` to the service `vpce.amazonaws.com`, on the condition of `aws:SourceArn` and `aws:SourceAccount`")
                .mention(topic.id(), "KmsMasterKeyId", "the topic")
                .mention(notification.id(), "ConnectionNotificationArn", "this publishes to the topic");
        }
    }
}

/// The key of a topic, by itself or through an alias, when it is of the app.
fn key_of<'a>(model: &'a Model<'a>, topic: Topic<'a>) -> Option<Key<'a>> {
    let id = topic.key().resource()?;
    match model.type_of(id) {
        "AWS::KMS::Alias" => model.view(model.property(id, "TargetKeyId").resource()?),
        _ => model.view(id),
    }
}
