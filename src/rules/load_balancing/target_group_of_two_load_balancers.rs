//! A target group that two load balancers forward to.

use crate::model::{Model, TargetGroup, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1134", "target-group-of-two-load-balancers", Error {
        pitfalls: [],
        summary: "A target group that listeners of two load balancers forward to",
        why: "A target group belongs to one load balancer. AWS refuses the second one; tasks of one service can be registered \
              in several target groups instead.",
        example: "Resources:
  One:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  Two:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  First:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref One, Port: 443, Protocol: TCP, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }] }
  Second:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref Two, Port: 443, Protocol: TCP, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }] }
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip }
",
        instead: "Resources:
  One:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  Two:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  First:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref One, Port: 443, Protocol: TCP, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }] }
  Second:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref Two, Port: 443, Protocol: TCP, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Other }] }
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip }
  Other:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip }
",
        source: "Network Load Balancers, target groups",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for group in model.all::<TargetGroup<'a>>() {
        let balancers = group.balancers();
        if balancers.len() > 1 {
            let found = findings.report(
                group.id(),
                "",
                "two load balancers forward to the target group, which can belong to one",
            );
            found.help("make a target group for each load balancer, and register the service's tasks in both");
            for balancer in balancers {
                found.mention(balancer.id(), "", "this load balancer forwards to it");
            }
        }
    }
}
