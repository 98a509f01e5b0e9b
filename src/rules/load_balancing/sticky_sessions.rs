//! Sticky sessions where they cannot be, or where they do harm.

use super::{attribute_path, is_on};
use crate::aws::load_balancer::Protocol;
use crate::diagnostics::{Mend, Severity};
use crate::model::{Model, TargetGroup, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1112", "sticky-sessions", Error {
        pitfalls: [26],
        summary: "Sticky sessions with a TLS listener, or through PrivateLink",
        why: "A Network Load Balancer keeps clients with a target by their address. It cannot do so where it ends TLS, and AWS \
              refuses the setting there. Through PrivateLink all connections have addresses of the load balancer, so that most \
              of them end up with few targets.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 443
      Protocol: TLS
      Certificates: [{ CertificateArn: arn:aws:acm:eu-west-1:111122223333:certificate/0f6f3f4e-6b0d-4b52-9d5e-0e0c5a7a1c11 }]
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Protocol: TCP
      Port: 8080
      VpcId: vpc-0123456789abcdef0
      TargetType: ip
      TargetGroupAttributes: [{ Key: stickiness.enabled, Value: \"true\" }, { Key: stickiness.type, Value: source_ip }]
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
      Protocol: TLS
      Certificates: [{ CertificateArn: arn:aws:acm:eu-west-1:111122223333:certificate/0f6f3f4e-6b0d-4b52-9d5e-0e0c5a7a1c11 }]
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8080, VpcId: vpc-0123456789abcdef0, TargetType: ip }
",
        source: "Network Load Balancers, target group attributes, sticky sessions",
        check: check,
    }
}

const SETTING: &str = "stickiness.enabled";

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for group in model.all::<TargetGroup<'a>>().filter(|group| group.network_protocol().is_some()) {
        if !is_on(group.attribute(SETTING)) {
            continue;
        }
        let path = attribute_path(group, "TargetGroupAttributes", SETTING);
        let value = path.rsplit_once('/').map(|(entry, _)| format!("{entry}/Value"));
        let mend = value.map(|value| Mend::safe(format!("set `{SETTING}` to `false`")).set(value, "false"));
        let suggested = mend.clone().map(|mend| Mend { safe: false, ..mend });
        let tls = group.listeners().find(|listener| listener.network_protocol() == Some(Protocol::Tls));
        if group.network_protocol() == Some(Protocol::Tls) || tls.is_some() {
            let found =
                findings.report(group.id(), path, "sticky sessions are not possible where the load balancer ends TLS");
            found.help("leave them out, or end TLS in the tasks behind a TCP listener");
            if let Some(mend) = mend {
                found.mend(mend);
            }
            if let Some(listener) = tls {
                found.mention(listener.id(), "Protocol", "this listener ends TLS");
            }
        } else if let Some(service) =
            group.balancers().into_iter().find_map(|balancer| balancer.endpoint_services().next())
        {
            findings
                .report(group.id(), path, "sticky sessions go by the client's address, which through PrivateLink is one of the load balancer's own")
                .mend_by(suggested)
                .help("leave them out, or keep what belongs to a session elsewhere than in a task")
                .severity(Severity::Warning)
                .mention(service.id(), "NetworkLoadBalancerArns", "it is shared through PrivateLink here");
        }
    }
}
