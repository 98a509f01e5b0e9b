//! A FIFO topic for connection notifications.

use crate::model::{ConnectionNotification, Field, Identity, Model, Topic, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1215", "fifo-topic-for-notifications", Warning {
        pitfalls: [37],
        summary: "A FIFO topic for connection notifications",
        why: "No page of the documentation says that PrivateLink can publish to FIFO topics, and other services of AWS \
              cannot.",
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
    Properties: { FifoTopic: true, TopicName: connections.fifo }
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
    Properties: { TopicName: connections }
",
        source: "AWS PrivateLink guide, receive alerts for endpoint service events",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for notification in model.all::<ConnectionNotification<'a>>() {
        let Field::Known(identity) = notification.topic() else { continue };
        let is_fifo = match &identity {
            Identity::Outside(arn) => arn.ends_with(".fifo"),
            topic => model
                .find::<Topic<'a>>(topic)
                .is_some_and(|topic| topic.property("FifoTopic").bool() == Field::Known(true)),
        };
        if is_fifo {
            findings
                .report(
                    notification.id(),
                    "ConnectionNotificationArn",
                    "it is not known that PrivateLink can publish to a FIFO topic",
                )
                .help("use a standard topic");
        }
    }
}
