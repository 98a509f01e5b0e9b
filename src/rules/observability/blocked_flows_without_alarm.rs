//! A Network Load Balancer whose security group may drop connections without anybody being told.

use super::health_without_alarm::Watched;
use crate::model::{LoadBalancer, Model, Template, View};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1613", "blocked-flows-without-alarm", Info {
        pitfalls: [97],
        summary: "A Network Load Balancer with security groups, and no alarm on the connections that they drop",
        why: "Connections through PrivateLink that the security group of the load balancer drops time out without a word. The load balancer counts them.",
        example: "Resources:
  Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: network, Scheme: internal, SecurityGroups: [sg-0123456789abcdef0] } }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref Balancer, Protocol: TCP, Port: 443, DefaultActions: [{ Type: forward, TargetGroupArn: targets }] }
",
        instead: "Resources:
  Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: network, Scheme: internal, SecurityGroups: [sg-0123456789abcdef0] } }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref Balancer, Protocol: TCP, Port: 443, DefaultActions: [{ Type: forward, TargetGroupArn: targets }] }
  Blocked:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/NetworkELB
      MetricName: SecurityGroupBlockedFlowCount_Inbound_TCP
      Dimensions: [{ Name: LoadBalancer, Value: !GetAtt Balancer.LoadBalancerFullName }]
      Statistic: Sum
      Period: 300
      EvaluationPeriods: 3
      ComparisonOperator: GreaterThanThreshold
      Threshold: 0
      TreatMissingData: notBreaching
",
        source: "Elastic Load Balancing user guide for Network Load Balancers, CloudWatch metrics",
        check: check,
    }
}

/// The metrics of connections that come in, by protocol.
const COUNTED: [&str; 2] = ["SecurityGroupBlockedFlowCount_Inbound_TCP", "SecurityGroupBlockedFlowCount_Inbound_UDP"];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let watched = Watched::of(model);
    for balancer in model.all::<LoadBalancer<'a>>().filter(|balancer| balancer.is_network()) {
        let has_macros = model.template_of(balancer.id()).is_none_or(Template::has_macros);
        let has_groups = balancer.security_groups().is_known_and(|groups| !groups.is_empty());
        let is_watched = COUNTED.iter().any(|name| watched.has(name, balancer.id()));
        if !has_macros && has_groups && !is_watched && balancer.listeners().next().is_some() {
            findings
                .report(balancer.id(), "SecurityGroups", "no alarm tells of connections that the security groups drop")
                .help("alarm on `SecurityGroupBlockedFlowCount_Inbound_TCP` of the load balancer")
                .in_spec(InSpec::Help("leave `alarms` on"));
        }
    }
}
