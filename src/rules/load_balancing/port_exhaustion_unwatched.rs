//! Nobody hears of it when a shared load balancer runs out of ports.

use super::network_load_balancers;
use crate::model::{Model, View};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1119", "port-exhaustion-unwatched", Info {
        pitfalls: [22],
        summary: "A shared load balancer without an alarm on port allocation errors",
        why: "Through PrivateLink each node of the load balancer holds about 55,000 connections to one target, and no more. \
              What is refused beyond that shows in the metric `PortAllocationErrorCount` alone.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
",
        instead: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Ports:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/NetworkELB
      MetricName: PortAllocationErrorCount
      Dimensions: [{ Name: LoadBalancer, Value: !GetAtt Balancer.LoadBalancerFullName }]
      Statistic: Sum
      Period: 60
      EvaluationPeriods: 1
      ComparisonOperator: GreaterThanThreshold
      Threshold: 0
",
        source: "Network Load Balancers, target group attributes, client IP preservation",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    // Any alarm on it will do, one whose metric is not known included.
    let is_watched = model.of_type("AWS::CloudWatch::Alarm").any(|alarm| {
        let metric = model.property(alarm, "MetricName").text();
        !metric.is_known_and(|name| name != "PortAllocationErrorCount")
    });
    for balancer in network_load_balancers(model).filter(|balancer| !is_watched && balancer.is_shared()) {
        findings
            .report(balancer.id(), "", "no alarm tells when the load balancer has no ports left for connections to its targets")
            .help("set an alarm on `PortAllocationErrorCount`, and if it rings add tasks or set `secondary_ips.auto_assigned.per_subnet`")
.in_spec(InSpec::Help("leave `alarms` on"));
    }
}
