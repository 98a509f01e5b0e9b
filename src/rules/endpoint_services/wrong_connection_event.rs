//! A connection notification with events that do not exist.

use crate::aws::private_link::CONNECTION_EVENTS;
use crate::diagnostics::Mend;
use crate::model::{ConnectionNotification, Field, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1210", "wrong-connection-event", Error {
        pitfalls: [37],
        summary: "A notification of an event that does not exist",
        why: "A notification tells of `Accept`, `Connect`, `Delete` and `Reject`, written like this. Anything else is \
              refused at deployment.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties:
      ServiceId: !Ref Service
      ConnectionNotificationArn: arn:aws:sns:eu-west-1:111122223333:connections
      ConnectionEvents: [Connected]
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
      ConnectionEvents: [Connect]
",
        source: "Amazon EC2 API reference, CreateVpcEndpointConnectionNotification",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    const HELP: &str = "the events are `Accept`, `Connect`, `Delete` and `Reject`";
    for notification in model.all::<ConnectionNotification<'a>>() {
        let Field::Known(events) = notification.events().items() else { continue };
        if events.is_empty() {
            findings.report(notification.id(), "ConnectionEvents", "the notification tells of nothing").help(HELP);
        }
        for (index, event) in events.iter().enumerate() {
            let Field::Known(event) = event.text() else { continue };
            if !CONNECTION_EVENTS.contains(&event.as_ref()) {
                let path = format!("ConnectionEvents/{index}");
                let found = findings.report(notification.id(), path.clone(), format!("there is no event `{event}`"));
                found.help(HELP);
                if let Some(meant) = meant(&event) {
                    found.mend(Mend::safe(format!("write `{meant}`")).set(path, *meant));
                }
            }
        }
    }
}

/// The event that is meant, when it is only inflected or written with other capitals.
fn meant(event: &str) -> Option<&'static &'static str> {
    let written = event.to_ascii_lowercase();
    let endings = ["", "s", "d", "ed", "ing", "ion"];
    CONNECTION_EVENTS.iter().find(|known| {
        let known = known.to_ascii_lowercase();
        endings.iter().any(|ending| written.strip_suffix(ending) == Some(known.as_str()))
    })
}
