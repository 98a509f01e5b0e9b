//! Long connections that end when nobody speaks for a while.

use super::registrations;
use crate::aws::load_balancer::Protocol;
use crate::model::{Model, Node, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1117", "long-connections-without-keepalive", Warning {
        pitfalls: [21],
        summary: "gRPC behind a TCP listener, with neither keepalives nor an idle timeout of its own",
        why: "A connection on which nobody speaks for 350 seconds is forgotten by the load balancer, and its next packet is \
              answered with a reset. Clients of gRPC keep connections open for hours. Keepalives more often than every 350 \
              seconds hold them; the timeout of the listener can be raised, but that of PrivateLink on the way cannot.",
        example: "Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 443
      Protocol: TCP
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - { Name: api, Image: api, PortMappings: [{ ContainerPort: 8443, Name: api, AppProtocol: grpc }] }
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      TaskDefinition: !Ref Task
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8443, TargetGroupArn: !Ref Group }]
",
        instead: "Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 443
      Protocol: TCP
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api
          PortMappings: [{ ContainerPort: 8443, Name: api, AppProtocol: grpc }]
          SystemControls: [{ Namespace: net.ipv4.tcp_keepalive_time, Value: \"300\" }]
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      TaskDefinition: !Ref Task
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8443, TargetGroupArn: !Ref Group }]
",
        source: "Network Load Balancers, update the idle timeout",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (service, _, entry, group) in registrations(model) {
        let name = entry.get("ContainerName").text().known();
        let Some(definition) = service.definition() else { continue };
        let Some(container) = name.and_then(|name| definition.container(&name)) else { continue };
        if !speaks_grpc(&container) || has_keepalive(&container) {
            continue;
        }
        let quiet = group.listeners().find(|listener| {
            listener.network_protocol() == Some(Protocol::Tcp)
                && listener.attribute("tcp.idle_timeout.seconds").is_absent()
        });
        if let Some(listener) = quiet {
            findings
                .report(listener.id(), "", "connections of gRPC that are idle for 350 seconds are cut off")
                .help("let clients or the container (`net.ipv4.tcp_keepalive_time`) send keepalives more often than every 350 seconds, or set `tcp.idle_timeout.seconds`")
                .mention(definition.id(), "ContainerDefinitions", "this container speaks gRPC");
        }
    }
}

fn speaks_grpc(container: &Node<'_>) -> bool {
    let mappings = container.get("PortMappings").known_items();
    mappings.iter().any(|mapping| mapping.get("AppProtocol").text().is_known_and(|protocol| protocol == "grpc"))
}

fn has_keepalive(container: &Node<'_>) -> bool {
    let controls = container.get("SystemControls").items();
    let is_keepalive = |control: &Node<'_>| {
        !control.get("Namespace").text().is_known_and(|name| name != "net.ipv4.tcp_keepalive_time")
    };
    controls.is_unknown() || controls.is_known_and(|controls| controls.iter().any(is_keepalive))
}
