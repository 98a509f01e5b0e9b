//! Tasks that admit the group of a load balancer but not its addresses, while PrivateLink passes by that group.

use crate::model::{EndpointService, Field, Relation, View};
use crate::reach::{End, Protocol, Reach, TargetTraffic};
use crate::rules::Findings;
use crate::rules::mends::{opening, ranges};
use crate::rules::registry::rule;

rule! {
    RULE = "RF1008", "targets-admit-group-only", Info {
        pitfalls: [1],
        summary: "Tasks that admit the group of a load balancer but not its addresses, while PrivateLink passes by that group",
        why: "Where inbound rules are switched off for PrivateLink, AWS says to admit the addresses of the load balancer, and does not \
              say that a rule which names its security group admits that traffic too.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Front: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: !Ref Front }] } }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref Subnet], SecurityGroups: [!Ref Front], EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: \"off\" }
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
  Shared: { Type: AWS::EC2::VPCEndpointService, Properties: { NetworkLoadBalancerArns: [!Ref Balancer] } }
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Front: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: !Ref Front }, { IpProtocol: tcp, FromPort: 8080, ToPort: 8080, CidrIp: 10.0.0.0/24 }] } }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref Subnet], SecurityGroups: [!Ref Front], EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: \"off\" }
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
  Shared: { Type: AWS::EC2::VPCEndpointService, Properties: { NetworkLoadBalancerArns: [!Ref Balancer] } }
",
        source: "Elastic Load Balancing user guide for Network Load Balancers, target security groups",
        traffic: check,
    }
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    for leg in reach.balancer_legs().iter().filter(|leg| leg.carries == TargetTraffic::Clients) {
        let (balancer, service) = (leg.registration.balancer, leg.registration.service);
        let shared = Relation::EndpointServiceLoadBalancer;
        let is_off = balancer.enforces_private_link() == Field::Known("off".into());
        let mut services = reach.model().related::<EndpointService<'a>>(shared, &balancer.identity());
        let Some(shared) = services.next().filter(|_| is_off && leg.answer.is_admitted()) else { continue };
        let answer = reach.private_link_to_targets(&leg.registration);
        if let Some(blocker) = answer.blockers().iter().find(|blocker| super::is_group(blocker, End::Destination)) {
            let message = format!(
                "tasks of `{}` admit the security group of `{}`, but not its addresses, and inbound rules are off for PrivateLink",
                service.logical_id(),
                balancer.logical_id()
            );
            findings
                .report(blocker.resource.unwrap_or(service.id()), blocker.property.clone(), message)
                .mend_by(opening(
                    reach.model(),
                    blocker,
                    Protocol::TCP,
                    leg.registration.port.known(),
                    &ranges(balancer),
                ))
                .help("add ingress rules for the subnets of the load balancer beside the one for its security group")
                .mention(balancer.id(), "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "this is off")
                .mention(shared.id(), "", "consumers come through this endpoint service");
        }
    }
}
