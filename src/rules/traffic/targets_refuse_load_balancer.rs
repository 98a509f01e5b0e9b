//! Tasks whose security groups do not admit the load balancer.

use super::{TargetBlock, report_target};
use crate::reach::{End, Reach, TargetTraffic};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1001", "targets-refuse-load-balancer", Error {
        pitfalls: [1],
        summary: "Tasks whose security groups do not admit the load balancer",
        why: "Nothing is admitted that no rule of a security group names. The load balancer cannot connect, its health checks fail, and \
              ECS replaces tasks without end.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Front: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
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
    Properties: { Protocol: TCP, Port: 8080, VpcId: !Ref Vpc, TargetType: ip }
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8080, TargetGroupArn: !Ref Targets }]
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
",
        source: "Elastic Load Balancing user guide for Network Load Balancers, security groups for load balancers and for targets",
        traffic: check,
    }
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    super::report_static(reach, findings, TargetTraffic::Clients, End::Destination);
    for leg in reach.balancer_legs().iter().filter(|leg| leg.carries == TargetTraffic::Clients) {
        for blocker in leg.answer.blockers().iter().filter(|blocker| super::is_group(blocker, End::Destination)) {
            let block = TargetBlock { leg, blocker };
            report_target(reach, findings, &block, "admit").help("add an ingress rule for the port of the container, with the security group of the load balancer as its source, or its subnets if it has none");
        }
    }
}
