//! Faces of mistakes in load balancing that no page shows, and neighbours of them that are right.

use super::{found, of_rule};

/// A load balancer with a listener and a target group, and more resources after them.
fn front(balancer: &str, listener: &str, group: &str, more: &str) -> String {
    format!(
        "Parameters: {{ A: {{ Type: AWS::EC2::Subnet::Id }}, B: {{ Type: AWS::EC2::Subnet::Id }}, Vpc: {{ Type: String }} }}
Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {{ Type: network, Scheme: internal, Subnets: [!Ref A, !Ref B], SecurityGroups: [sg-0123456789abcdef0]{balancer} }}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      {{ LoadBalancerArn: !Ref Balancer, Port: 443, DefaultActions: [{{ Type: forward, TargetGroupArn: !Ref Group }}], {listener} }}
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {{ VpcId: !Ref Vpc, TargetType: ip, Port: 8443, {group} }}
{more}"
    )
}

const SHARE: &str = "  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
";

fn service(properties: &str) -> String {
    format!(
        "  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      LaunchType: FARGATE
      LoadBalancers: [{{ ContainerName: api, ContainerPort: 8443, TargetGroupArn: !Ref Group }}]
      {properties}
"
    )
}

#[test]
fn a_whole_front_has_nothing_wrong() {
    let text = front("", "Protocol: TCP", "Protocol: TCP, HealthCheckProtocol: HTTPS", &service("DesiredCount: 2"));
    let found: Vec<_> = found(&text).into_iter().filter(|code| code.starts_with("RF11")).collect();
    assert_eq!(found, ["RF1140"], "only what is good to know");
}

#[test]
fn zones_are_balanced_by_the_target_group_or_the_load_balancer() {
    let cross = ", LoadBalancerAttributes: [{ Key: load_balancing.cross_zone.enabled, Value: \"true\" }]";
    let off = "Protocol: TCP, TargetGroupAttributes: [{ Key: load_balancing.cross_zone.enabled, Value: \"false\" }]";
    let one = service("DesiredCount: 1");
    assert!(found(&front("", "Protocol: TCP", "Protocol: TCP", &one)).contains("RF1107"));
    assert!(!found(&front(cross, "Protocol: TCP", "Protocol: TCP", &one)).contains("RF1107"));
    assert!(found(&front(cross, "Protocol: TCP", off, &one)).contains("RF1107"), "the target group decides");
    let daemon = service("SchedulingStrategy: DAEMON");
    assert!(!found(&front("", "Protocol: TCP", "Protocol: TCP", &daemon)).contains("RF1107"));
}

#[test]
fn a_service_may_wait_for_its_listener_through_others() {
    let waits = |way: &str| {
        format!(
            "  Service:
    Type: AWS::ECS::Service
    DependsOn: Role
    Properties: {{ LoadBalancers: [{{ ContainerName: api, ContainerPort: 8443, TargetGroupArn: !Ref Group }}] }}
  Role:
    Type: AWS::IAM::Role
    {way}
"
        )
    };
    let through = |way: &str| found(&front("", "Protocol: TCP", "Protocol: TCP", &waits(way))).contains("RF1137");
    assert!(!through("DependsOn: [Listener]"));
    assert!(!through("Properties: { Description: !Sub \"for ${Listener}\", AssumeRolePolicyDocument: {} }"));
    assert!(through("Properties: { Description: !Sub \"for ${!Listener}\", AssumeRolePolicyDocument: {} }"));
    assert!(through("DependsOn: [Balancer]"));
}

#[test]
fn target_groups_are_forwarded_to_in_several_ways() {
    let used = |listener: &str| !found(&front("", listener, "Protocol: TCP", &service(""))).contains("RF1135");
    assert!(used("Protocol: TCP"));
    let weighted = "Parameters: { Vpc: { Type: String }, Balancer: { Type: String } }
Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 443
      Protocol: TCP
      DefaultActions: [{ Type: forward, ForwardConfig: { TargetGroups: [{ TargetGroupArn: !Ref Group, Weight: 1000 }] } }]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { VpcId: !Ref Vpc, TargetType: ip, Port: 8443, Protocol: TCP }
";
    assert!(!found(weighted).contains("RF1135"));
    let internal = weighted.replace(
        "Resources:\n",
        "Resources:\n  Own: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: network, Scheme: internal } }\n",
    );
    let internal = internal.replace("!Ref Balancer", "!Ref Own");
    assert_eq!(of_rule(&internal, "RF1132"), ["Listener"]);
    assert!(!found(&internal.replace("1000", "999")).contains("RF1132"));
    assert!(found(&internal.replace("1000", "0")).contains("RF1132"));
}

#[test]
fn what_is_a_parameter_is_no_mistake() {
    let open = "Parameters: { P: { Type: String }, N: { Type: Number } }
Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: !Ref P, Name: !Ref P, IpAddressType: !Ref P, Subnets: !Ref P, SecurityGroups: !Ref P }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref Balancer, Port: !Ref N, Protocol: !Ref P, SslPolicy: !Ref P, DefaultActions: !Ref P }
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Name: !Ref P
      Port: !Ref N
      Protocol: !Ref P
      TargetType: !Ref P
      HealthCheckProtocol: !Ref P
      HealthCheckIntervalSeconds: !Ref N
      HealthCheckTimeoutSeconds: !Ref N
      HealthCheckPort: !Ref P
      TargetGroupAttributes: [{ Key: !Ref P, Value: !Ref P }, { Key: proxy_protocol_v2.enabled, Value: !Ref P }]
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true, PrivateDnsName: !Ref P }
";
    let loud: Vec<_> = found(open).into_iter().filter(|code| code.starts_with("RF11")).collect();
    assert_eq!(loud, ["RF1119"], "only what is good to know");
}

#[test]
fn the_region_of_a_certificate_is_compared_with_that_of_the_zones() {
    let subnet = |zone: &str| {
        format!(
            "  S:
    Type: AWS::EC2::Subnet
    Properties: {{ VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: {zone} }}
"
        )
    };
    let listener = "Protocol: TLS, Certificates: [{ CertificateArn: \
        arn:aws:acm:eu-west-1:111122223333:certificate/0f6f3f4e-6b0d-4b52-9d5e-0e0c5a7a1c11 }]";
    let text = |zone: &str| {
        front("", listener, "Protocol: TCP", &subnet(zone)).replace("[!Ref A, !Ref B]", "[!Ref S, !Ref B]")
    };
    assert!(found(&text("eu-central-1a")).contains("RF1126"));
    assert!(!found(&text("eu-west-1b")).contains("RF1126"));
    assert!(!found(&text("!Select [0, !GetAZs \"\"]")).contains("RF1126"));
}

#[test]
fn tls_in_the_tasks_is_no_plain_text() {
    let shared = |listener: &str, group: &str| found(&front("", listener, group, SHARE)).contains("RF1128");
    assert!(!shared("Protocol: TCP", "Protocol: TCP, HealthCheckProtocol: HTTPS"));
    assert!(!shared("Protocol: TCP", "Protocol: TCP"), "8443 is a port of TLS");
    assert!(shared("Protocol: TCP", "Protocol: TCP, HealthCheckProtocol: HTTP"));
    assert!(!shared("Protocol: TLS", "Protocol: TCP, HealthCheckProtocol: HTTP"));
}

#[test]
fn health_checks_may_take_as_long_as_they_once_had_to() {
    let refused =
        |group: &str| found(&front("", "Protocol: TCP", &format!("Protocol: TCP, {group}"), "")).contains("RF1140");
    assert!(!refused("HealthCheckIntervalSeconds: 10"));
    assert!(!refused("HealthCheckIntervalSeconds: 10, HealthCheckTimeoutSeconds: 10"));
    assert!(refused("HealthCheckIntervalSeconds: 5"), "the timeout is ten seconds when nothing is said");
    assert!(!refused("HealthCheckIntervalSeconds: 7, HealthCheckProtocol: HTTP"), "it is six over HTTP");
    assert!(refused("HealthCheckIntervalSeconds: 15, HealthCheckTimeoutSeconds: 15"));
    assert!(!refused("Matcher: { HttpCode: \"200,204-299\" }, HealthCheckProtocol: HTTP, HealthCheckPath: /"));
    assert!(refused("Matcher: { HttpCode: \"199\" }, HealthCheckProtocol: HTTP"));
}

#[test]
fn elements_of_a_list_that_is_not_known_are_not_taken_for_one_thing() {
    let text = "Parameters: { Subnets: { Type: List<AWS::EC2::Subnet::Id> }, Arns: { Type: CommaDelimitedList } }
Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      { Type: network, Scheme: internal, SecurityGroups: [sg-1], Subnets: [!Select [0, !Ref Subnets], !Select [1, !Ref Subnets]] }
  One:
    Type: AWS::EC2::VPCEndpointService
    Properties: { AcceptanceRequired: true, NetworkLoadBalancerArns: [!Select [0, !Ref Arns]] }
  Two:
    Type: AWS::EC2::VPCEndpointService
    Properties: { AcceptanceRequired: true, NetworkLoadBalancerArns: [!Select [1, !Ref Arns]] }
  First:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Select [0, !Ref Arns], Port: 443, Protocol: TCP, DefaultActions: [] }
  Second:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Select [1, !Ref Arns], Port: 443, Protocol: TCP, DefaultActions: [] }
";
    let loud: Vec<_> = ["RF1104", "RF1130", "RF1160"].into_iter().filter(|code| found(text).contains(code)).collect();
    assert!(loud.is_empty(), "{loud:?}");
    let same = text.replace("[1, !Ref Arns]", "[0, !Ref Arns]").replace("!Select [0, !Ref Arns]", "!Ref Arn");
    let same = same.replace("Arns: { Type: CommaDelimitedList }", "Arn: { Type: String }");
    assert!(found(&same).is_superset(&["RF1130", "RF1160"].into()));
}
