//! A topic for connection notifications that is encrypted with the AWS managed key.

use crate::model::{ConnectionNotification, Model, Topic, View, text_with_holes};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1213", "topic-under-aws-managed-key", Error {
        pitfalls: [37],
        summary: "A topic for connection notifications is encrypted with the AWS managed key",
        why: "PrivateLink needs the key to publish. The policy of the AWS managed key `alias/aws/sns` does not let it \
              and cannot be changed, so no notification ever arrives.",
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
    Properties: { KmsMasterKeyId: alias/aws/sns }
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
    Properties: { KmsMasterKeyId: !ImportValue notifications-key }
",
        source: "AWS PrivateLink guide, receive alerts for endpoint service events",
        check: check,
    }
}

/// The alias of the key that AWS manages for topics.
const ALIAS: &str = "alias/aws/sns";

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for notification in model.all::<ConnectionNotification<'a>>() {
        let topic = notification.topic().known().and_then(|topic| model.find::<Topic<'a>>(&topic));
        let Some(topic) = topic else { continue };
        let key = text_with_holes(&topic.key());
        if key == ALIAS || key.ends_with(":alias/aws/sns") {
            findings
                .report(topic.id(), "KmsMasterKeyId", "PrivateLink cannot publish to a topic that is encrypted with the AWS managed key")
                .help("use a key of your own whose policy lets `vpce.amazonaws.com` use `kms:Decrypt` and `kms:GenerateDataKey*`")
                .mention(notification.id(), "ConnectionNotificationArn", "this publishes to the topic");
        }
    }
}
