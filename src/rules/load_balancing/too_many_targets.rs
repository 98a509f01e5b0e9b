//! More targets or listeners than a load balancer takes.

use super::{network_load_balancers, registrations, task_counts};
use crate::aws::load_balancer::quotas;
use crate::diagnostics::Severity;
use crate::model::{Field, LoadBalancer, Model, ResourceId, View, sort};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1118", "too-many-targets", Warning {
        pitfalls: [23],
        summary: "More targets or listeners than a Network Load Balancer takes",
        why: "A Network Load Balancer takes 500 targets in each of its Availability Zones, and 500 in all when it balances \
              across zones; a task counts once for each target group. What is more than that is not registered, unless the \
              quota was raised. Listeners are 50 at most; that quota is fixed, and PrivateLink takes no load balancer with \
              more.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Type: network
      Scheme: internal
      Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
      LoadBalancerAttributes: [{ Key: load_balancing.cross_zone.enabled, Value: \"true\" }]
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
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      DesiredCount: 600
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8443, TargetGroupArn: !Ref Group }]
",
        instead: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Type: network
      Scheme: internal
      Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
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
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      DesiredCount: 600
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8443, TargetGroupArn: !Ref Group }]
",
        source: "Network Load Balancers, quotas",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let mut counts: Vec<(ResourceId, i64, ResourceId)> = Vec::new();
    for (service, _, _, group) in registrations(model) {
        let Some(most) = task_counts(service).1 else { continue };
        for balancer in group.balancers() {
            counts.push((balancer.id(), most, service.id()));
        }
    }
    sort(&mut counts);
    for balancer in network_load_balancers(model) {
        listeners(findings, balancer);
        let start = counts.partition_point(|(id, _, _)| *id < balancer.id());
        let own = counts.get(start..).unwrap_or_default().iter().take_while(|(id, _, _)| *id == balancer.id());
        let count = own.clone().fold(0_i64, |sum, (_, most, _)| sum.saturating_add(*most));
        let Some(limit) = limit_of(balancer).filter(|limit| count > *limit) else { continue };
        let found =
            findings.report(balancer.id(), "", format!("the load balancer may get {count} targets, but takes {limit}"));
        found.help("let services have fewer tasks or load balancers of their own, or have the quota raised");
        for (_, _, service) in own {
            found.mention(*service, "", "this service registers tasks");
        }
    }
}

fn listeners(findings: &mut Findings<'_>, balancer: LoadBalancer<'_>) {
    let limit = usize::try_from(quotas::LISTENERS).unwrap_or(usize::MAX);
    let count = balancer.listeners().count();
    if count > limit {
        let found =
            findings.report(balancer.id(), "", format!("the load balancer has {count} listeners, but takes {limit}"));
        found.help("spread them over several load balancers").severity(Severity::Error);
        for listener in balancer.listeners().skip(limit) {
            found.mention(listener.id(), "", "this is one too many");
        }
    }
}

/// How many targets a load balancer takes, when its zones are known.
fn limit_of(balancer: LoadBalancer<'_>) -> Option<i64> {
    if balancer.is_cross_zone()? {
        return Some(quotas::TARGETS_ACROSS_ZONES.into());
    }
    let Field::Known(subnets) = balancer.node_subnets() else { return None };
    let zones = i64::try_from(subnets.len()).ok()?;
    Some(zones.saturating_mul(quotas::TARGETS_PER_ZONE.into()).min(quotas::TARGETS.into()))
}
