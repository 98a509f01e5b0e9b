//! Client addresses are expected through PrivateLink.

use super::{attribute_path, is_on};
use crate::aws::load_balancer::Protocol;
use crate::diagnostics::Severity;
use crate::model::{Model, TargetGroup, View};
use crate::rules::Findings;
use crate::rules::mends::without_attribute;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1114", "client-address-not-preserved", Warning {
        pitfalls: [19],
        summary: "Client addresses are to be preserved in a target group that is reached through PrivateLink",
        why: "What comes through PrivateLink has the addresses of the load balancer, whatever the attribute says: tasks cannot \
              tell consumers apart by address, nor limit or admit them by it. Proxy protocol v2 carries the ID of the \
              consumer's endpoint.",
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
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Protocol: TCP
      Port: 8443
      VpcId: vpc-0123456789abcdef0
      TargetType: ip
      TargetGroupAttributes: [{ Key: preserve_client_ip.enabled, Value: \"true\" }]
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
    Properties:
      Protocol: TCP
      Port: 8443
      VpcId: vpc-0123456789abcdef0
      TargetType: ip
      TargetGroupAttributes: [{ Key: proxy_protocol_v2.enabled, Value: \"true\" }]
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
",
        source: "AWS PrivateLink guide, create an endpoint service",
        check: check,
    }
}

const SETTING: &str = "preserve_client_ip.enabled";

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for group in model.all::<TargetGroup<'a>>() {
        let can_do_without = group.network_protocol().is_some_and(|protocol| !Protocol::carries_datagrams(protocol));
        if !can_do_without || !is_on(group.attribute(SETTING)) {
            continue;
        }
        let service = group.balancers().into_iter().find_map(|balancer| balancer.endpoint_services().next());
        if let Some(service) = service {
            let found = findings.report(
                group.id(),
                attribute_path(group, "TargetGroupAttributes", SETTING),
                "client addresses are not preserved for what comes through PrivateLink",
            );
            found
                .mend_by(without_attribute(&attribute_path(group, "TargetGroupAttributes", SETTING)))
                .help(
                    "leave the attribute out; `proxy_protocol_v2.enabled` passes on the ID of the consumer's endpoint",
                )
                .mention(service.id(), "NetworkLoadBalancerArns", "it is shared through PrivateLink here");
            // With proxy protocol somebody has thought of it: the attribute is for clients inside of the VPC.
            if is_on(group.attribute("proxy_protocol_v2.enabled")) {
                found.severity(Severity::Info);
            }
        }
    }
}
