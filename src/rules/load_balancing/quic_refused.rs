//! QUIC where a load balancer cannot have it.

use super::{network_listeners, network_load_balancers};
use crate::model::{Field, Listener, LoadBalancer, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1152", "quic-refused", Error {
        pitfalls: [46],
        summary: "A QUIC listener on a load balancer that cannot have one",
        why: "A load balancer with a QUIC listener has no security groups, is not dual-stack, has no UDP listener and no second \
              QUIC listener, and forwards QUIC to targets with IPv4 addresses.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Type: network
      Scheme: internal
      Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
      SecurityGroups: [sg-0123456789abcdef0]
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref Balancer, Port: 443, Protocol: QUIC }
",
        instead: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Type: network
      Scheme: internal
      Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref Balancer, Port: 443, Protocol: QUIC }
",
        source: "Network Load Balancers, create a listener",
        check: check,
    }
}

fn is_quic(listener: &Listener<'_>) -> bool {
    listener.network_protocol().is_some_and(|protocol| protocol.carries_quic())
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for balancer in network_load_balancers(model) {
        let mut quic = balancer.listeners().filter(is_quic);
        let Some(listener) = quic.next() else { continue };
        if let Some(second) = quic.next() {
            report(findings, second, balancer, "a load balancer has at most one QUIC listener");
        }
        let is_udp = |listener: &Listener<'_>| {
            listener.network_protocol().is_some_and(|protocol| protocol.carries_datagrams() && !protocol.carries_quic())
        };
        if balancer.listeners().any(|listener| is_udp(&listener)) {
            report(findings, listener, balancer, "a load balancer has no QUIC listener beside one for UDP");
        }
        if matches!(balancer.property("SecurityGroups").items(), Field::Known(groups) if !groups.is_empty()) {
            report(findings, listener, balancer, "a load balancer with security groups has no QUIC listener");
        }
        if balancer.ip_address_type().is_known_and(|kind| kind == "dualstack") {
            report(findings, listener, balancer, "a dual-stack load balancer has no QUIC listener");
        }
    }
    for (listener, balancer) in network_listeners(model).filter(|(listener, _)| is_quic(listener)) {
        if listener.target_groups().any(|group| group.ip_address_type().is_known_and(|kind| kind == "ipv6")) {
            report(findings, listener, balancer, "a QUIC listener forwards to targets with IPv4 addresses only");
        }
    }
}

fn report(findings: &mut Findings<'_>, listener: Listener<'_>, balancer: LoadBalancer<'_>, message: &str) {
    findings
        .report(listener.id(), "Protocol", message)
        .help("use a load balancer of its own for QUIC, or TCP and TLS instead")
        .mention(balancer.id(), "", "this is the load balancer");
}
