//! A load balancer whose security groups do not let it reach its targets.

use super::{TargetBlock, report_target};
use crate::model::Gather as _;
use crate::model::{Listener, LoadBalancer, OrderedSet, View};
use crate::reach::{End, Protocol, Reach, TargetTraffic};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1003", "load-balancer-cannot-send", Error {
        pitfalls: [1, 5],
        summary: "A load balancer whose security groups do not let it reach its targets",
        why: "The outbound rules of a load balancer hold for what it sends to targets and for health checks. One that has none, or only the \
              rule that CDK writes in place of none, forwards nothing.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Front: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupEgress: [{ IpProtocol: icmp, FromPort: 252, ToPort: 86, CidrIp: 255.255.255.255/32 }] } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: !Ref Front }] } }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref Subnet], SecurityGroups: [!Ref Front] }
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
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8080, TargetGroupArn: !Ref Targets }]
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Front: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupEgress: [{ IpProtocol: tcp, FromPort: 8080, ToPort: 8080, CidrIp: 10.0.0.0/16 }] } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: !Ref Front }] } }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref Subnet], SecurityGroups: [!Ref Front] }
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
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8080, TargetGroupArn: !Ref Targets }]
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
",
        source: "Elastic Load Balancing user guide for Network Load Balancers, security groups for load balancers",
        traffic: check,
    }
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    check_registrations(reach, findings);
    for carries in [TargetTraffic::Clients, TargetTraffic::HealthChecks] {
        super::report_static(reach, findings, carries, End::Source);
    }
    let registered: OrderedSet<_> = reach.balancer_legs().iter().map(|leg| leg.registration.balancer.id()).gather();
    for balancer in reach.model().all::<LoadBalancer<'a>>() {
        if !registered.contains(&balancer.id()) && balancer.listeners().next().is_some() && !calls_functions(balancer) {
            check_alone(reach, balancer, findings);
        }
    }
}

/// Whether all that a load balancer forwards to are functions, which it calls without a packet through its network.
fn calls_functions(balancer: LoadBalancer<'_>) -> bool {
    let forwards = balancer.listeners().flat_map(Listener::forwards_to).count();
    let groups = balancer.listeners().flat_map(Listener::target_groups);
    let functions = groups.filter(|group| group.property("TargetType").text().is_known_and(|kind| kind == "lambda"));
    forwards > 0 && functions.count() == forwards
}

/// A load balancer whose targets are not here, and that could send nothing to whichever there are.
fn check_alone<'a>(reach: &Reach<'a>, balancer: LoadBalancer<'a>, findings: &mut Findings<'_>) {
    let answers = [Protocol::TCP, Protocol::UDP].map(|protocol| reach.from_balancer(balancer, protocol, None));
    let [tcp, udp] = &answers;
    let Some(blocker) = tcp.blockers().first().filter(|_| udp.is_blocked()) else {
        return check_health_checks(reach, balancer, findings);
    };
    let message = format!(
        "the security groups of `{}` let nothing out, neither traffic nor health checks",
        balancer.logical_id()
    );
    findings
        .report(blocker.resource.unwrap_or(balancer.id()), blocker.property.clone(), message)
        .help("add an egress rule for the port of the targets, and of the health check if that is another one, to their security group")
        .mention(balancer.id(), "SecurityGroups", "this load balancer has the security group");
}

fn check_registrations<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    let legs = reach.balancer_legs();
    for (index, leg) in legs.iter().enumerate() {
        for blocker in leg.answer.blockers().iter().filter(|blocker| super::is_group(blocker, End::Source)) {
            // The legs of one registration stand side by side, that of traffic first.
            let before = index.checked_sub(1).and_then(|index| legs.get(index));
            let said = leg.carries == TargetTraffic::HealthChecks
                && before
                    .is_some_and(|leg| leg.answer.blockers().iter().any(|other| super::is_group(other, End::Source)));
            if !said {
                let block = TargetBlock { leg, blocker };
                report_target(reach, findings, &block, "let out").help("add an egress rule for the port of the container, and of the health check if that is another one, to the security group of the tasks");
            }
        }
    }
}

/// Health checks on a port of their own, which whatever targets there are have to answer.
fn check_health_checks<'a>(reach: &Reach<'a>, balancer: LoadBalancer<'a>, findings: &mut Findings<'_>) {
    // Targets that stand in the template are asked one by one.
    let groups = balancer.listeners().flat_map(Listener::target_groups);
    for group in groups.filter(|group| group.property("Targets").is_absent()) {
        let port = group.property("HealthCheckPort").int().known().and_then(|port| u16::try_from(port).ok());
        let Some(port) = port else { continue };
        let answer = reach.from_balancer(balancer, Protocol::TCP, Some(port));
        let Some(blocker) = answer.blockers().first() else { continue };
        let message =
            format!("the security groups of `{}` let no health checks out on port {port}", balancer.logical_id());
        findings
            .report(blocker.resource.unwrap_or(balancer.id()), blocker.property.clone(), message)
            .help("add an egress rule for the port of the health check to the security group")
            .mention(group.id(), "HealthCheckPort", "this is the target group")
            .mention(balancer.id(), "SecurityGroups", "this load balancer has the security group");
        return;
    }
}
