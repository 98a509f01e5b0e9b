//! Plain text where TLS is possible.

use super::network_listeners;
use super::tls_to_plain_targets::{PLAIN_PORTS, is_checked_where_it_serves};
use crate::aws::load_balancer::Protocol;
use crate::diagnostics::Severity;
use crate::model::Gather as _;
use crate::model::{Field, Listener, Model, TargetGroup, View};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1128", "plain-text-through-private-link", Warning {
        pitfalls: [49],
        summary: "A TCP listener that is shared through PrivateLink, and nothing behind it that ends TLS",
        why: "PrivateLink keeps traffic off the internet, but it does not encrypt it between the consumer's client and the \
              task. TLS may end at the load balancer, or in the task.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 80
      Protocol: TCP
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8080, VpcId: vpc-0123456789abcdef0, TargetType: ip, HealthCheckProtocol: HTTP }
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
",
        instead: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 443
      Protocol: TCP
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip, HealthCheckProtocol: HTTPS }
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
",
        source: "Network Load Balancers, TLS listeners",
        check: check,
    }
}

/// What a target group says of what its targets speak.
#[derive(PartialEq)]
enum Speech {
    Tls,
    Plain,
    Open,
}

/// Ports on which by convention TLS is spoken.
const TLS_PORTS: [i64; 4] = [443, 4443, 8443, 9443];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (listener, balancer) in network_listeners(model) {
        let Some(service) = balancer.endpoint_services().next() else { continue };
        if !matches!(listener.network_protocol(), Some(Protocol::Tcp)) {
            continue;
        }
        let speech = speech_of(listener);
        if speech == Speech::Tls {
            continue;
        }
        let found =
            findings.report(listener.id(), "Protocol", "what consumers send through PrivateLink is not encrypted");
        found.help("set `Protocol: TLS` with a certificate, or let the tasks end TLS").mention(
            service.id(),
            "NetworkLoadBalancerArns",
            "it is shared through PrivateLink here",
        );
        found.in_spec(InSpec::Help("give the listener `tls` with a certificate, or let the tasks end TLS"));
        if speech == Speech::Open {
            found.severity(Severity::Info);
        }
    }
}

fn speech_of(listener: Listener<'_>) -> Speech {
    let groups: Vec<_> = listener.target_groups().gather();
    let port = listener.port().known();
    if groups.is_empty() || groups.iter().any(|group| group_speech(*group) == Speech::Open) {
        return match port {
            Some(port) if TLS_PORTS.contains(&port) && groups.is_empty() => Speech::Tls,
            Some(port) if PLAIN_PORTS.contains(&port) => Speech::Plain,
            _ => Speech::Open,
        };
    }
    if groups.iter().all(|group| group_speech(*group) == Speech::Tls) { Speech::Tls } else { Speech::Plain }
}

fn group_speech(group: TargetGroup<'_>) -> Speech {
    let over = group.health_check_protocol();
    let where_it_serves = is_checked_where_it_serves(group);
    match (over, group.port()) {
        (Field::Known(protocol), _) if protocol == "HTTPS" && where_it_serves => Speech::Tls,
        (Field::Known(protocol), _) if protocol == "HTTP" && where_it_serves => Speech::Plain,
        (_, Field::Known(port)) if TLS_PORTS.contains(&port) => Speech::Tls,
        (_, Field::Known(port)) if PLAIN_PORTS.contains(&port) => Speech::Plain,
        _ => Speech::Open,
    }
}
