//! Fewer tasks than Availability Zones, without balancing across zones.

use super::{registrations, task_counts};
use crate::model::{Model, View};
use crate::rules::Findings;
use crate::rules::mends::across_zones;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1107", "fewer-tasks-than-zones", Warning {
        pitfalls: [15],
        summary: "Fewer tasks than the Network Load Balancer has Availability Zones, and no balancing across zones",
        why: "Unless it balances across zones, a node of a Network Load Balancer sends only to targets in its own zone. An \
              endpoint of a consumer connects to the node of its own zone, so that consumers in a zone without a task find \
              nobody, while others are served.",
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
    Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip }
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      DesiredCount: 1
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8443, TargetGroupArn: !Ref Group }]
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
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      DesiredCount: 2
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8443, TargetGroupArn: !Ref Group }]
",
        source: "AWS PrivateLink guide, create an endpoint service",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (service, _, _, group) in registrations(model) {
        let is_daemon =
            !service.property("SchedulingStrategy").text().or("REPLICA".into()).is_known_and(|kind| kind == "REPLICA");
        let (Some(fewest), false) = (task_counts(service).0, is_daemon) else { continue };
        for balancer in group.balancers().into_iter().filter(|balancer| balancer.is_network()) {
            // A list that is not known is of two at least, or the load balancer is in one zone alone.
            let known = balancer.node_subnets().known().map(|subnets| i64::try_from(subnets.len()).unwrap_or(i64::MAX));
            let zones = known.unwrap_or(2);
            let shown = known.map_or_else(|| "the".to_owned(), |zones| zones.to_string());
            if fewest < 1 || fewest >= zones || group.is_cross_zone(balancer) != Some(false) {
                continue;
            }
            let scaled = service.scalable_targets().next();
            let (id, property) = scaled.map_or((service.id(), "DesiredCount"), |target| (target.id(), "MinCapacity"));
            let property = if model.property(id, property).is_absent() { "" } else { property };
            let found = findings.report(
                id,
                property,
                format!("there may be {fewest} of the service's tasks for {shown} Availability Zones of the load balancer, which does not balance across zones"),
            );
            found.mend_by(across_zones(balancer, group));
            found.help("run at least one task per zone, or set `load_balancing.cross_zone.enabled` to `true`").mention(
                balancer.id(),
                "",
                "this load balancer",
            );
            if scaled.is_some() {
                found.mention(service.id(), "", "this is the service");
            }
        }
    }
}
