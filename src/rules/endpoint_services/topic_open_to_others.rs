//! A topic to which the endpoint services of anybody can publish.

use super::TopicPolicies;
use crate::aws::private_link::NOTIFICATION_PRINCIPAL;
use crate::diagnostics::Mend;
use crate::model::policy::{Caller, PolicyDocument, Statement};
use crate::model::{ConnectionNotification, Model, View};
use crate::rules::Findings;
use crate::rules::mends::for_own_account;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1212", "topic-open-to-other-endpoints", Warning {
        pitfalls: [37],
        summary: "A topic for connection notifications to which the endpoint services of anybody can publish",
        why: "PrivateLink acts for every account. Without a condition on whom it acts for, the endpoint service of a \
              stranger can publish to the topic, and its requests look like those of yours.",
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
  Topic: { Type: AWS::SNS::Topic }
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: { Service: vpce.amazonaws.com }
            Action: sns:Publish
            Resource: !Ref Topic
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
  Topic: { Type: AWS::SNS::Topic }
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: { Service: vpce.amazonaws.com }
            Action: sns:Publish
            Resource: !Ref Topic
            Condition: { ArnLike: { \"aws:SourceArn\": \"arn:aws:ec2:eu-west-1:111122223333:vpc-endpoint-service/*\" } }
",
        source: "AWS PrivateLink guide, receive alerts for endpoint service events",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let known = TopicPolicies::of(model);
    for notification in model.all::<ConnectionNotification<'a>>() {
        let Some((_, policies)) = known.told(notification) else { continue };
        for (id, document) in policies {
            for statement in PolicyDocument::read(model, &document).known_statements().filter(|one| is_open(one)) {
                let path = format!("PolicyDocument/{}", statement.place);
                let mend = Mend::suggested("let it publish for the account of the stack only");
                let mend = mend.set(format!("{path}/Condition"), for_own_account());
                findings
                    .report(id, path, "the endpoint services of anybody can publish to the topic")
                    .mend(mend)
                    .help("add conditions on `aws:SourceArn` (the ARN of the endpoint service) and `aws:SourceAccount`")
                    .mention(notification.id(), "ConnectionNotificationArn", "this publishes to the topic");
            }
        }
    }
}

fn is_open(statement: &Statement<'_>) -> bool {
    statement.allows.is_yes()
        && statement.is_unconditional()
        && statement.is_about_action("sns:Publish").is_yes()
        && !statement.excepts_principals
        && statement.is_about_caller(Caller::Service(NOTIFICATION_PRINCIPAL)).is_yes()
}
