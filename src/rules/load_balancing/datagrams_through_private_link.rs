//! UDP or QUIC where PrivateLink does not surely carry it.

use super::network_listeners;
use crate::model::{Field, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1151", "datagrams-through-private-link", Warning {
        pitfalls: [46],
        summary: "A UDP listener that is shared through PrivateLink by a load balancer with IPv4 only, or a QUIC listener",
        why: "PrivateLink reaches a load balancer with translated addresses, which UDP got with IPv6 source NAT: it is carried \
              by dual-stack load balancers with IPv6 targets. Nothing in AWS's documentation says that it is carried over \
              IPv4, nor that QUIC is carried at all.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref Balancer, Port: 53, Protocol: UDP }
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
",
        instead: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Type: network
      Scheme: internal
      IpAddressType: dualstack
      EnablePrefixForIpv6SourceNat: \"on\"
      Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref Balancer, Port: 53, Protocol: UDP }
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
",
        source: "Network Load Balancers, listeners",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (listener, balancer) in network_listeners(model) {
        let Some(protocol) = listener.network_protocol().filter(|protocol| protocol.carries_datagrams()) else {
            continue;
        };
        let Some(service) = balancer.endpoint_services().next() else { continue };
        let is_ipv4 = matches!(balancer.ip_address_type(), Field::Known(kind) if kind == "ipv4");
        if !is_ipv4 && !protocol.carries_quic() {
            continue;
        }
        let name = protocol.name();
        findings
            .report(listener.id(), "Protocol", format!("PrivateLink may not carry `{name}` to this load balancer"))
            .help("for UDP make the load balancer `dualstack` with `EnablePrefixForIpv6SourceNat: \"on\"` and IPv6 targets; otherwise use TCP or TLS")
            .mention(balancer.id(), "IpAddressType", "this is the load balancer")
            .mention(service.id(), "NetworkLoadBalancerArns", "it is shared through PrivateLink here");
    }
}
