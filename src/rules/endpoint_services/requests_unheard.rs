//! Connections that wait for acceptance while nobody hears of them.

use crate::model::Gather as _;
use crate::model::{ConnectionNotification, EndpointService, Field, Identity, Model, View, may_have_more, starts};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1208", "requests-unheard", Warning {
        pitfalls: [36],
        summary: "Connections wait for acceptance, and nobody hears of them",
        why: "The endpoint of a consumer stays in `pendingAcceptance` until somebody accepts it. Without a \
              notification nobody knows that there is something to accept.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties:
      ServiceId: !Ref Service
      ConnectionNotificationArn: arn:aws:sns:eu-west-1:111122223333:connections
      ConnectionEvents: [Connect, Accept, Reject, Delete]
",
        source: "AWS PrivateLink guide, receive alerts for endpoint service events",
        check: check,
    }
}

/// What accepts connections, when something does it by itself.
const ACCEPTS: &str = "AcceptVpcEndpointConnections";

/// The event that tells of a request.
const REQUEST: &str = "Connect";

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let waiting: Vec<_> = model
        .all::<EndpointService<'a>>()
        .filter(|service| service.acceptance_required() == Field::Known(true))
        .filter(|service| !service.notifications().any(hears_requests))
        .gather();
    let is_open = |notification: ConnectionNotification<'a>| match notification.service() {
        Field::Known(Identity::Resource(_) | Identity::Outside(_)) => false,
        Field::Absent => notification.property("VPCEndpointId").is_absent(),
        _ => true,
    };
    if waiting.is_empty() || model.all().any(is_open) || starts(model, ACCEPTS) {
        return;
    }
    for service in waiting {
        if may_have_more(model, service.id()) {
            continue;
        }
        let help = "add an `AWS::EC2::VPCEndpointConnectionNotification` with the event `Connect` to a topic that somebody reads";
        let found = findings.report(
            service.id(),
            "AcceptanceRequired",
            "connections wait for acceptance, and nobody hears of them",
        );
        found
            .help(help)
            .in_spec(InSpec::Help("leave `privateLink.notifications` on, and name who gets them in `emails`"));
        for notification in service.notifications() {
            found.mention(notification.id(), "ConnectionEvents", "this does not tell of `Connect`");
        }
    }
}

/// Whether a notification may tell of requests.
fn hears_requests(notification: ConnectionNotification<'_>) -> bool {
    match notification.events().items() {
        Field::Known(events) => events.iter().any(|event| match event.text() {
            Field::Known(event) => event == REQUEST,
            _ => true,
        }),
        Field::Absent => false,
        Field::Unknown(_) => true,
    }
}
