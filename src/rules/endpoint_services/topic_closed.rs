//! A topic to which PrivateLink may not publish.

use super::TopicPolicies;
use crate::aws::private_link::NOTIFICATION_PRINCIPAL;
use crate::diagnostics::Mend;
use crate::model::glob::Pattern;
use crate::model::policy::{Caller, PolicyDocument, Truth};
use crate::model::{Attribute, ConnectionNotification, Model, Node, ResourceId, Topic, View, may_have_more};
use crate::rules::Findings;
use crate::rules::mends::{for_own_account, reference, statement};
use crate::rules::registry::rule;

rule! {
    RULE = "RF1211", "topic-closed-to-notifications", Error {
        pitfalls: [37],
        summary: "A topic for connection notifications to which PrivateLink may not publish",
        why: "The policy of a topic lets nobody but its own account publish unless it says so. PrivateLink publishes \
              as `vpce.amazonaws.com`, and its messages are lost where that is not allowed.",
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
            Principal: { Service: events.amazonaws.com }
            Action: sns:Publish
            Resource: !Ref Topic
            Condition: { ArnLike: { \"aws:SourceArn\": \"arn:aws:ec2:eu-west-1:111122223333:vpc-endpoint-service/*\" } }
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
        let Some((topic, policies)) = known.told(notification) else { continue };
        if !is_closed(model, topic, &policies) {
            continue;
        }
        let found = findings.report(topic.id(), "", "PrivateLink may not publish to the topic");
        found
            .mend_by(policies.first().and_then(|(policy, _)| mend(model, *policy, topic)))
            .help("allow `sns:Publish` to the service `vpce.amazonaws.com` in an `AWS::SNS::TopicPolicy`, on the condition of `aws:SourceArn` and `aws:SourceAccount`")
            .mention(notification.id(), "ConnectionNotificationArn", "this publishes to the topic");
        for (id, _) in policies {
            found.mention(id, "PolicyDocument", "this is the policy of the topic");
        }
    }
}

fn is_closed<'a>(model: &'a Model<'a>, topic: Topic<'a>, policies: &[(ResourceId, Node<'a>)]) -> bool {
    if policies.is_empty() && may_have_more(model, topic.id()) {
        return false;
    }
    let arn = Pattern::of_attribute(model, Attribute { resource: topic.id(), name: "" });
    let caller = Caller::Service(NOTIFICATION_PRINCIPAL);
    let allowed = policies.iter().fold(Truth::No, |allowed, (_, document)| {
        allowed.or(PolicyDocument::read(model, document).allows(caller, "sns:Publish", &arn))
    });
    allowed.is_no()
}

/// Lets PrivateLink publish, in the policy that is there.
fn mend<'a>(model: &'a Model<'a>, policy: ResourceId, topic: Topic<'a>) -> Option<Mend> {
    let name = reference(model, policy, topic.id(), "")?;
    let statement = statement(NOTIFICATION_PRINCIPAL.into(), &["sns:Publish"], name, for_own_account());
    Some(Mend::suggested("let PrivateLink publish").on(policy).add("PolicyDocument/Statement", vec![statement]))
}
