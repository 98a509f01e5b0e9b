//! A topic that takes notifications from the endpoint service of another account.

use super::{TopicPolicies, principals};
use crate::aws::principal::Principal;
use crate::aws::private_link::NOTIFICATION_PRINCIPAL;
use crate::diagnostics::{Mend, Severity};
use crate::model::Gather as _;
use crate::model::glob::{self, Pattern};
use crate::model::policy::{Caller, PolicyDocument, Statement};
use crate::model::{Attribute, ConnectionNotification, EndpointService, Function, Model, Value, View, text_with_holes};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1216", "topic-policy-for-another-account", Warning {
        pitfalls: [37],
        summary: "A topic that takes notifications from the endpoint services of another account",
        why: "PrivateLink publishes on behalf of the account that owns the endpoint service. A condition on the \
              account of a consumer refuses the messages of your own service.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [\"arn:aws:iam::222233334444:root\"] }
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
            Condition: { StringEquals: { \"aws:SourceAccount\": \"222233334444\" } }
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [\"arn:aws:iam::222233334444:root\"] }
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
            Condition: { StringEquals: { \"aws:SourceAccount\": !Ref \"AWS::AccountId\" } }
",
        source: "AWS PrivateLink guide, receive alerts for endpoint service events",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let known = TopicPolicies::of(model);
    for notification in model.all::<ConnectionNotification<'a>>() {
        let service = notification.service().known().and_then(|service| model.find::<EndpointService<'a>>(&service));
        let (Some((_, policies)), Some(service)) = (known.told(notification), service) else { continue };
        for (id, document) in policies {
            for statement in PolicyDocument::read(model, &document).known_statements() {
                if is_for_other_things(model, service, statement) {
                    findings
                        .report(
                            id,
                            format!("PolicyDocument/{}/Condition", statement.place),
                            "no endpoint service has the ARN for which PrivateLink may publish",
                        )
                        .help(format!("compare `aws:SourceArn` with `!Sub \"arn:${{AWS::Partition}}:ec2:${{AWS::Region}}:${{AWS::AccountId}}:vpc-endpoint-service/${{{}}}\"`", service.logical_id()))
                        .mention(service.id(), "", "the service that publishes");
                }
                let Some((account, severity)) = wrong_account(service, statement) else { continue };
                let path = format!("PolicyDocument/{}/Condition", statement.place);
                let own = Value::call(Function::Ref, Value::from("AWS::AccountId"));
                let mut compared =
                    statement.conditions_on(KEY).map(|one| format!("{path}/{}/{}", one.operator, one.key));
                let mend = compared.next().map(|compared| Mend::setting(false, &compared, own));
                findings
                    .report(
                        id,
                        path,
                        format!("PrivateLink publishes for the account of the service, not for `{account}`"),
                    )
                    .mend_by(mend)
                    .help("compare `aws:SourceAccount` with `!Ref AWS::AccountId`")
                    .severity(severity)
                    .mention(service.id(), "", "the service that publishes");
            }
        }
    }
}

/// What is compared with the account.
const KEY: &str = "aws:SourceAccount";

/// Whether a statement lets PrivateLink publish only for what has an ARN that the service cannot have.
fn is_for_other_things<'a>(model: &'a Model<'a>, service: EndpointService<'a>, statement: &Statement<'a>) -> bool {
    let mut own = Pattern::literal("arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:vpc-endpoint-service/");
    own.extend(&Pattern::of_attribute(model, Attribute { resource: service.id(), name: "" }));
    let is_publisher =
        statement.allows.is_yes() && statement.is_about_caller(Caller::Service(NOTIFICATION_PRINCIPAL)).is_yes();
    is_publisher
        && statement.conditions_on("aws:SourceArn").any(|condition| {
            let values = condition.values.known_items();
            let compares = ["Arn", "String"].iter().any(|kind| condition.operator.starts_with(kind));
            compares
                && !condition.operator.contains("Not")
                && !values.is_empty()
                && values.iter().all(|value| glob::pattern(model, value).covers(&own, false).is_no())
        })
}

/// The account for which alone a statement lets PrivateLink publish, when that is not the service's own.
fn wrong_account(service: EndpointService<'_>, statement: &Statement<'_>) -> Option<(String, Severity)> {
    let is_for_publisher =
        statement.allows.is_yes() && statement.is_about_caller(Caller::Service(NOTIFICATION_PRINCIPAL)).is_yes();
    let condition = statement.conditions_on(KEY).find(|condition| condition.operator.starts_with("StringEquals"))?;
    let accounts = condition.values.items().known().filter(|_| is_for_publisher)?;
    let accounts: Option<Vec<_>> = accounts.iter().map(|account| account.text().known()).gather();
    let accounts = accounts?;
    let account = accounts.first()?.to_string();
    let template = service.model().template_of(service.id())?;
    match &template.environment().account {
        Some(own) => (!accounts.iter().any(|account| account == own)).then_some((account, Severity::Error)),
        // Who is let in is another account.
        None => {
            let is_consumer = service.permissions().flat_map(principals).any(|(_, principal)| {
                Principal::parse(&text_with_holes(&principal))
                    .is_ok_and(|principal| accounts.iter().any(|account| account == principal.account))
            });
            is_consumer.then_some((account, Severity::Warning))
        }
    }
}
