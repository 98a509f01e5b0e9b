//! Idle timeouts of TCP listeners, and who they shut out.

use super::{attribute_path, network_listeners};
use crate::model::Gather as _;
use crate::model::{EndpointService, Field, Listener, Model, View};
use crate::rules::Findings;
use crate::rules::mends::without_attribute;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1116", "idle-timeout-across-regions", Error {
        pitfalls: [21],
        summary: "An idle timeout of its own on a listener that other Regions are to reach",
        why: "An endpoint service whose load balancer has a custom TCP idle timeout cannot be reached from other Regions.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 443
      Protocol: TCP
      ListenerAttributes: [{ Key: tcp.idle_timeout.seconds, Value: \"900\" }]
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip }
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties:
      NetworkLoadBalancerArns: [!Ref Balancer]
      AcceptanceRequired: true
      SupportedRegions: [eu-central-1]
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
    Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip }
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties:
      NetworkLoadBalancerArns: [!Ref Balancer]
      AcceptanceRequired: true
      SupportedRegions: [eu-central-1]
",
        source: "AWS PrivateLink guide, share your services",
        check: check,
    }
}

const SETTING: &str = "tcp.idle_timeout.seconds";
const DEFAULT: &str = "350";

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (listener, balancer) in network_listeners(model) {
        let Field::Known(seconds) = listener.attribute(SETTING) else { continue };
        if seconds == DEFAULT {
            continue;
        }
        for service in balancer.endpoint_services().filter(|service| reaches_other_regions(*service)) {
            report(findings, listener, service, &seconds);
        }
    }
}

/// Whether a Region is named that is surely not the one of the service itself.
fn reaches_other_regions(service: EndpointService<'_>) -> bool {
    let own = service.home_region();
    let regions = service.regions().known_items();
    let named: Vec<_> = regions.iter().filter_map(|region| region.text().known()).gather();
    match own {
        Some(own) => named.iter().any(|region| *region != own),
        None => !named.is_empty(),
    }
}

fn report(findings: &mut Findings<'_>, listener: Listener<'_>, service: EndpointService<'_>, seconds: &str) {
    findings
        .report(
            listener.id(),
            attribute_path(listener, "ListenerAttributes", SETTING),
            format!("an idle timeout of {seconds} seconds makes the endpoint service unreachable from other Regions"),
        )
        .mend_by(without_attribute(&attribute_path(listener, "ListenerAttributes", SETTING)))
        .help("leave the attribute out, and let clients send keepalives more often than every 350 seconds")
        .mention(service.id(), "SupportedRegions", "other Regions are named here");
}
