//! UDP on a dual-stack load balancer that is not ready for it.

use super::network_listeners;
use crate::diagnostics::Mend;
use crate::model::{Field, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1150", "datagrams-on-dual-stack", Error {
        pitfalls: [25, 46],
        summary: "A UDP listener on a dual-stack load balancer without prefixes for IPv6 source NAT, or with IPv4 targets",
        why: "A dual-stack load balancer translates the addresses of UDP, for which it needs a prefix of each subnet: \
              `EnablePrefixForIpv6SourceNat: on`. The target group of such a listener has IPv6 addresses.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Type: network
      Scheme: internal
      IpAddressType: dualstack
      Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref Balancer, Port: 53, Protocol: UDP, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }] }
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: UDP, Port: 53, VpcId: vpc-0123456789abcdef0, TargetType: ip, IpAddressType: ipv6 }
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
    Properties: { LoadBalancerArn: !Ref Balancer, Port: 53, Protocol: UDP, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }] }
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: UDP, Port: 53, VpcId: vpc-0123456789abcdef0, TargetType: ip, IpAddressType: ipv6 }
",
        source: "Network Load Balancers, create a listener",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (listener, balancer) in network_listeners(model) {
        let is_udp = listener
            .network_protocol()
            .is_some_and(|protocol| protocol.carries_datagrams() && !protocol.carries_quic());
        if !is_udp || !balancer.ip_address_type().is_known_and(|kind| kind == "dualstack") {
            continue;
        }
        // YAML takes `on` for a boolean, which CloudFormation then writes as `true`.
        if matches!(balancer.ipv6_source_nat(), Field::Known(setting) if setting != "on" && setting != "true") {
            let property = if balancer.property("EnablePrefixForIpv6SourceNat").is_absent() {
                ""
            } else {
                "EnablePrefixForIpv6SourceNat"
            };
            findings
                .report(
                    balancer.id(),
                    property,
                    "a dual-stack load balancer needs prefixes for IPv6 source NAT to listen with UDP",
                )
                .help("set `EnablePrefixForIpv6SourceNat: \"on\"`")
                .mend(
                    Mend::safe("set `EnablePrefixForIpv6SourceNat` to `on`").set("EnablePrefixForIpv6SourceNat", "on"),
                )
                .mention(listener.id(), "Protocol", "this listener takes UDP");
        }
        for group in
            listener.target_groups().filter(|group| group.ip_address_type().is_known_and(|kind| kind == "ipv4"))
        {
            findings
                .report(
                    group.id(),
                    "",
                    "the target group of a UDP listener of a dual-stack load balancer cannot have IPv4 addresses",
                )
                .help("set `IpAddressType: ipv6`, and give the tasks IPv6 addresses")
                .mention(listener.id(), "", "this is the listener");
        }
    }
}
