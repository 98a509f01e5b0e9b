//! Tasks whose security groups do not admit the health checks of the load balancer.

use super::{TargetBlock, report_target};
use crate::model::View;
use crate::reach::{End, Reach, TargetTraffic};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1002", "targets-refuse-health-checks", Error {
        pitfalls: [1],
        summary: "Tasks whose security groups do not admit the health checks of the load balancer",
        why: "Health checks come from the addresses of the load balancer and go to the port of the health check, which may be another \
              one than that of the traffic. Without a rule for them every target is unhealthy, and ECS replaces tasks without end.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Front: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
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
    Properties: { Protocol: TCP, Port: 8080, VpcId: !Ref Vpc, TargetType: ip, HealthCheckPort: \"8081\" }
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
  Front: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 8080, ToPort: 8081, SourceSecurityGroupId: !Ref Front }] } }
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
    Properties: { Protocol: TCP, Port: 8080, VpcId: !Ref Vpc, TargetType: ip, HealthCheckPort: \"8081\" }
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8080, TargetGroupArn: !Ref Targets }]
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
",
        source: "Elastic Load Balancing user guide for Network Load Balancers, health checks",
        traffic: check,
    }
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    super::report_static(reach, findings, TargetTraffic::HealthChecks, End::Destination);
    let legs = reach.balancer_legs();
    // Where the traffic is refused as well, the other rule has said it.
    let says_other = |block: &TargetBlock<'_, 'a>| {
        legs.iter().any(|leg| {
            leg.carries == TargetTraffic::Clients
                && leg.registration.group.id() == block.leg.registration.group.id()
                && leg.registration.service.id() == block.leg.registration.service.id()
                && leg.answer.blockers().iter().any(|other| super::is_group(other, End::Destination))
        })
    };
    for leg in legs.iter().filter(|leg| leg.carries == TargetTraffic::HealthChecks) {
        for blocker in leg.answer.blockers().iter().filter(|blocker| super::is_group(blocker, End::Destination)) {
            let block = TargetBlock { leg, blocker };
            if !says_other(&block) {
                report_target(reach, findings, &block, "admit").help("add an ingress rule for the port of the health check, with the security group of the load balancer as its source, or its subnets if it has none");
            }
        }
    }
}
