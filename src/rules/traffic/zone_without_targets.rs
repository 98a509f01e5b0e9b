//! A load balancer with more zones than targets that does not cross zones.

use crate::model::Gather as _;
use crate::model::{Because, Field, Identity, Service, Subnet, View};
use crate::reach::{Reach, Registration};
use crate::rules::Findings;
use crate::rules::mends::across_zones;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1006", "zone-without-targets", Warning {
        pitfalls: [15],
        summary: "A load balancer with more zones than targets that does not cross zones",
        why: "The nodes of a Network Load Balancer forward to targets in their own zone alone unless cross-zone load balancing is on. An \
              endpoint of a consumer reaches the node of its zone: where that zone has no task, connections are reset.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, AvailabilityZone: eu-west-1a } }
  Two: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, AvailabilityZone: eu-west-1b } }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref One, !Ref Two] }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 443
      Protocol: TCP
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Targets }]
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8080, VpcId: !Ref Vpc, TargetType: ip }
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      DesiredCount: 1
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8080, TargetGroupArn: !Ref Targets }]
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref One, !Ref Two] } }
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  One: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, AvailabilityZone: eu-west-1a } }
  Two: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, AvailabilityZone: eu-west-1b } }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref One, !Ref Two] }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 443
      Protocol: TCP
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Targets }]
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8080, VpcId: !Ref Vpc, TargetType: ip }
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      DesiredCount: 2
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8080, TargetGroupArn: !Ref Targets }]
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref One, !Ref Two] } }
",
        source: "Elastic Load Balancing user guide for Network Load Balancers, cross-zone load balancing",
        traffic: check,
    }
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    for leg in reach.balancer_legs().iter().step_by(2) {
        let registration = &leg.registration;
        if registration.crosses_zones == Some(false) {
            check_count(reach, registration, findings);
            check_zones(reach, registration, findings);
        }
    }
}

const HELP: &str = "run at least one task per zone, or set the attribute `load_balancing.cross_zone.enabled` to `true`";

fn check_count<'a>(reach: &Reach<'a>, registration: &Registration<'a>, findings: &mut Findings<'_>) {
    let (balancer, service) = (registration.balancer, registration.service);
    let (Ok(nodes), Some(tasks)) = (reach.nodes(balancer), least_tasks(service)) else { return };
    let zones = i64::try_from(nodes.len()).unwrap_or(i64::MAX);
    if 0 < tasks && tasks < zones {
        let what = if tasks == 1 { "one task".to_owned() } else { format!("{tasks} tasks") };
        let message = format!(
            "the service may have {what}, but `{}` has nodes in {zones} zones and does not cross zones",
            balancer.logical_id()
        );
        let found = findings.report(service.id(), "DesiredCount", message);
        found.mend_by(across_zones(balancer, registration.group)).help(HELP).mention(
            balancer.id(),
            "LoadBalancerAttributes",
            "this load balancer forwards to it",
        );
    }
}

/// How many tasks there are at least. Without a number it is one.
fn least_tasks(service: Service<'_>) -> Option<i64> {
    if !service.property("SchedulingStrategy").is_absent() {
        return None;
    }
    let mut count = service.desired_count().or(1).known()?;
    for target in service.scalable_targets() {
        count = target.minimum().known()?;
    }
    Some(count)
}

fn check_zones<'a>(reach: &Reach<'a>, registration: &Registration<'a>, findings: &mut Findings<'_>) {
    let (balancer, service) = (registration.balancer, registration.service);
    let (Ok(nodes), Ok(tasks)) = (reach.nodes(balancer), reach.tasks(service)) else { return };
    let zone = |subnet: &Option<Identity<'a>>| {
        let view = reach.model().find::<Subnet<'a>>(subnet.as_ref()?)?;
        zone_of(view)
    };
    let own: Option<Vec<_>> = tasks.iter().map(|task| zone(&task.subnet)).gather();
    let Some(own) = own else { return };
    for node in nodes.iter() {
        let Some(found) = zone(&node.subnet) else { return };
        let is_same_kind = own.iter().all(|other| other.0.is_empty() == found.0.is_empty());
        if is_same_kind && !own.contains(&found) {
            let message = format!(
                "the load balancer has a node in a zone where `{}` runs no task, and does not cross zones",
                service.logical_id()
            );
            let found = findings.report(balancer.id(), "Subnets", message);
            found.mend_by(across_zones(balancer, registration.group)).help(HELP).mention(
                service.id(),
                "NetworkConfiguration/AwsvpcConfiguration/Subnets",
                "its tasks run in these subnets alone",
            );
            return;
        }
    }
}

/// The zone of a subnet: its name, or its place in the list of the account's.
fn zone_of(subnet: Subnet<'_>) -> Option<(String, u32)> {
    let node = subnet.availability_zone();
    match (node.text(), node.because()) {
        (Field::Known(name), _) => Some((name.into_owned(), 0)),
        (_, Some(Because::Zone(place))) => Some((String::new(), place)),
        _ => None,
    }
}
