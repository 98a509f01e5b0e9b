//! Listeners and target groups whose protocols do not go together.

use crate::aws::load_balancer::Protocol;
use crate::model::Gather as _;
use crate::model::{Field, Listener, LoadBalancer, Model, TargetGroup, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1120", "incompatible-protocols", Error {
        pitfalls: [7],
        summary: "A listener whose protocol its load balancer or its target group does not go with",
        why: "Network Load Balancers listen with TCP, TLS, UDP, TCP_UDP, QUIC or TCP_QUIC, Application Load Balancers with HTTP \
              or HTTPS. A TCP listener forwards to targets of TCP, TCP_UDP or TCP_QUIC, a TLS listener to TCP or TLS, a UDP \
              listener to UDP or TCP_UDP, a TCP_UDP listener to TCP_UDP only. AWS refuses anything else.",
        example: "Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 443
      Protocol: TCP
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: HTTP, Port: 8080, VpcId: vpc-0123456789abcdef0, TargetType: ip }
",
        instead: "Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 443
      Protocol: TCP
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8080, VpcId: vpc-0123456789abcdef0, TargetType: ip }
",
        source: "Network Load Balancers, target groups, routing configuration",
        check: check,
    }
}

const APPLICATION: [&str; 2] = ["HTTP", "HTTPS"];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for listener in model.all::<Listener<'a>>() {
        let Field::Known(protocol) = listener.protocol() else { continue };
        if let Some(balancer) = listener.balancer() {
            with_balancer(findings, listener, balancer, &protocol);
        }
        for group in listener.target_groups() {
            with_group(findings, listener, group, &protocol);
        }
    }
}

fn with_balancer(findings: &mut Findings<'_>, listener: Listener<'_>, balancer: LoadBalancer<'_>, protocol: &str) {
    let Field::Known(kind) = balancer.kind() else { return };
    let is_taken = match kind.as_ref() {
        "network" => Protocol::from_name(protocol).is_some(),
        "application" => APPLICATION.contains(&protocol),
        _ => true,
    };
    if !is_taken {
        let help = match kind.as_ref() {
            "network" => "use `TCP`, or `TLS` to let the load balancer end TLS",
            _ => "set `Type: network` on the load balancer, or use `HTTP` or `HTTPS`",
        };
        findings
            .report(
                listener.id(),
                "Protocol",
                format!("the load balancer is of type `{kind}`, which does not listen with `{protocol}`"),
            )
            .help(help)
            .mention(balancer.id(), "Type", "this is the load balancer");
    }
}

fn with_group(findings: &mut Findings<'_>, listener: Listener<'_>, group: TargetGroup<'_>, protocol: &str) {
    let Field::Known(behind) = group.protocol() else { return };
    let taken: Vec<&str> = match Protocol::from_name(protocol) {
        _ if group.target_type().is_known_and(|kind| kind == "alb") => vec!["TCP"],
        Some(known) => known.target_group_protocols().iter().map(|known| known.name()).gather(),
        None if APPLICATION.contains(&protocol) => APPLICATION.to_vec(),
        None => return,
    };
    let is_listener_of_alb = group.target_type().is_known_and(|kind| kind == "alb") && protocol != "TCP";
    if !taken.contains(&behind.as_ref()) || is_listener_of_alb {
        findings
            .report(
                listener.id(),
                "Protocol",
                format!("a listener with `{protocol}` cannot forward to a target group with `{behind}`"),
            )
            .help(format!("the protocol of the target group may be {}", taken.join(" or ")))
            .mention(group.id(), "Protocol", "this is the target group");
    }
}
