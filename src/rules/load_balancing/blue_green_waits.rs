//! Blue/green deployments behind a Network Load Balancer take longer.

use super::registrations;
use crate::model::{Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1172", "blue-green-waits", Info {
        pitfalls: [86],
        summary: "A blue/green, linear or canary deployment behind a Network Load Balancer",
        why: "ECS waits ten minutes more at each shift of test and of production traffic, because a Network Load Balancer takes \
              that long to follow a change of weights.",
        example: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip }
  Service:
    Type: AWS::ECS::Service
    Properties:
      DeploymentConfiguration: { Strategy: BLUE_GREEN, BakeTimeInMinutes: 10 }
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8443, TargetGroupArn: !Ref Group }]
",
        instead: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip }
  Service:
    Type: AWS::ECS::Service
    Properties:
      DeploymentConfiguration: { Strategy: ROLLING }
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8443, TargetGroupArn: !Ref Group }]
",
        source: "Amazon ECS developer guide, Network Load Balancer resources for blue/green deployments",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (service, index, entry, group) in registrations(model) {
        let shifts = service.strategy().is_known_and(|strategy| strategy != "ROLLING");
        if !shifts || group.network_protocol().is_none() {
            continue;
        }
        let stages = if entry.at("AdvancedConfiguration/TestListenerRule").is_absent() { 1 } else { 2 };
        let minutes = stages * 10;
        findings
            .report(
                service.id(),
                format!("LoadBalancers/{index}"),
                format!("every deployment waits at least {minutes} minutes for the Network Load Balancer"),
            )
            .help("reckon with it in `BakeTimeInMinutes` and in the time limits of pipelines")
            .mention(group.id(), "Protocol", "this target group is one of a Network Load Balancer");
    }
}
