//! A load balancer whose security groups admit nobody to a listener.

use crate::model::{Because, EndpointService, Field, Listener, Relation, View};
use crate::reach::{Addresses, Family, Groups, Party, Reach, Traffic, protocols_of};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1004", "load-balancer-admits-nobody", Warning {
        pitfalls: [5],
        summary: "A load balancer whose security groups admit nobody to a listener",
        why: "A load balancer that was made with security groups admits only what their inbound rules name. Nobody reaches a listener whose \
              port no rule names.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Front: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
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
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Front: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8 }] } }
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
",
        source: "Elastic Load Balancing user guide for Network Load Balancers, security groups for load balancers",
        traffic: check,
    }
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    let model = reach.model();
    for listener in model.all::<Listener<'a>>() {
        let (Some(balancer), Field::Known(port)) = (listener.balancer(), listener.port()) else { continue };
        let Ok(port) = u16::try_from(port) else { continue };
        if balancer.is_network() {
            // What comes through PrivateLink may not need a rule, and is the subject of another rule where it does.
            let shared =
                model.related::<EndpointService<'a>>(Relation::EndpointServiceLoadBalancer, &balancer.identity());
            let may_skip = balancer.enforces_private_link() != Field::Known("on".into());
            if may_skip || shared.count() > 0 {
                continue;
            }
        }
        for protocol in protocols_of(listener) {
            let answers = [Family::V4, Family::V6].map(|family| {
                let anybody =
                    Party { groups: Groups::Unknown(Because::Malformed), ..Party::at(vec![Addresses::all(family)]) };
                reach.to_listener(&anybody, balancer, Traffic { family, ..Traffic::new(*protocol, port) })
            });
            if let [one, other] = &answers
                && other.is_blocked()
                && let Some(blocker) = one.blockers().first()
            {
                let message = format!(
                    "the load balancer `{}` listens on port {port}, and no rule of its security groups admits anybody",
                    balancer.logical_id()
                );
                findings
                    .report(blocker.resource.unwrap_or(balancer.id()), blocker.property.clone(), message)
                    .help(
                        "add an ingress rule for the port of the listener with the addresses or groups of its clients",
                    )
                    .mention(listener.id(), "Port", "this listener is meant")
                    .mention(balancer.id(), "SecurityGroups", "this load balancer has the security group");
            }
        }
    }
}
