//! Load balancers, endpoints and tasks: the cases of the semantics that begin with `l`, `p` and `f`.

use super::*;

fn balanced(balancer: &str, group: &str, service: &str) -> String {
    format!(
        "
  Balancer: {{ Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {{ Type: network, Scheme: internal, Subnets: [!Ref A, !Ref B]{balancer} }} }}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: {{ LoadBalancerArn: !Ref Balancer, Port: 443, Protocol: TCP, DefaultActions: [{{ Type: forward, TargetGroupArn: !Ref Targets }}] }}
  Targets: {{ Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {{ Protocol: TCP, Port: 80, VpcId: !Ref Vpc, TargetType: ip{group} }} }}
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      LoadBalancers: [{{ ContainerName: api, ContainerPort: 8080, TargetGroupArn: !Ref Targets }}]
      NetworkConfiguration: {{ AwsvpcConfiguration: {{ Subnets: [!Ref A, !Ref B], SecurityGroups: [!Ref Tasks]{service} }} }}
"
    )
}

/// Whether traffic and health checks are admitted, unless they are blocked by these.
fn to_targets(parts: &[&str]) -> [(bool, Vec<Cause>); 2] {
    look(parts, |reach| {
        let of = |wanted| {
            let leg = reach.balancer_legs().iter().find(|leg| leg.carries == wanted).expect("a leg");
            (leg.answer.is_admitted(), causes(&leg.answer))
        };
        [of(TargetTraffic::Clients), of(TargetTraffic::HealthChecks)]
    })
}

#[test]
fn l1_a_load_balancer_is_open_to_the_internet_unless_it_says_internal() {
    let text = "  Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: network, Subnets: [!Ref A] } }\n";
    look(&[NETWORK, text], |reach| assert_eq!(reach.nodes(first(reach)).expect("subnets")[0].is_public, Some(true)));
}

#[test]
fn l2_without_groups_everything_passes_the_load_balancer_and_with_them_what_they_admit() {
    let tasks = group("Tasks", &ingress("IpProtocol: tcp, FromPort: 8080, ToPort: 8080, CidrIp: 10.0.0.0/16"));
    assert!(to_targets(&[NETWORK, &tasks, &balanced("", "", "")]).iter().all(|(is_admitted, _)| *is_admitted));
    let shut = group(
        "Front",
        ", SecurityGroupEgress: [{ IpProtocol: icmp, FromPort: 252, ToPort: 86, CidrIp: 255.255.255.255/32 }]",
    );
    let found = to_targets(&[NETWORK, &tasks, &shut, &balanced(", SecurityGroups: [!Ref Front]", "", "")]);
    assert!(found.iter().all(|(_, causes)| *causes == [Cause::GroupRules]), "{found:?}");
}

#[test]
fn l3_inbound_rules_hold_for_clients_by_their_own_addresses() {
    let front = group("Front", &ingress("IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.50.0.0/16"));
    look(&[NETWORK, &front, &group("Tasks", ""), &balanced(", SecurityGroups: [!Ref Front]", "", "")], |reach| {
        let (balancer, listener): (LoadBalancer<'_>, Listener<'_>) = (first(reach), first(reach));
        assert_eq!(listener.balancer().map(View::id), Some(balancer.id()));
        let from = |cidr: &str| Party::at(Addresses::of_cidr(cidr).into_iter().collect());
        assert!(reach.to_listener(&from("10.50.3.0/24"), balancer, Traffic::tcp(443)).is_admitted());
        assert!(reach.to_listener(&from("10.51.0.0/24"), balancer, Traffic::tcp(443)).is_blocked());
        assert!(reach.to_listener(&from("10.50.3.0/24"), balancer, Traffic::tcp(80)).is_blocked());
    });
}

#[test]
fn l4_members_of_the_load_balancers_group_are_admitted_by_it_even_where_clients_keep_their_addresses() {
    let tasks =
        group("Tasks", &ingress("IpProtocol: tcp, FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: !Ref Front"));
    let keeps = ", TargetGroupAttributes: [{ Key: preserve_client_ip.enabled, Value: 'true' }]";
    let parts = |group: &str| balanced(", SecurityGroups: [!Ref Front]", group, "");
    for attribute in ["", keeps] {
        let found = to_targets(&[NETWORK, &tasks, &group("Front", ""), &parts(attribute)]);
        assert!(found.iter().all(|(is_admitted, _)| *is_admitted), "{found:?}");
    }
}

#[test]
fn l5_where_clients_keep_their_addresses_ranges_of_the_vpc_do_not_admit_all_of_them() {
    let tasks = group("Tasks", &ingress("IpProtocol: tcp, FromPort: 8080, ToPort: 8080, CidrIp: 10.0.0.0/16"));
    let keeps = ", TargetGroupAttributes: [{ Key: preserve_client_ip.enabled, Value: 'true' }]";
    let [traffic, checks] = to_targets(&[NETWORK, &tasks, &balanced("", keeps, "")]);
    assert_eq!((traffic, checks), ((false, vec![]), (true, vec![])), "health checks come from the nodes");
}

#[test]
fn l6_health_checks_go_to_their_own_port() {
    let tasks = group("Tasks", &ingress("IpProtocol: tcp, FromPort: 8080, ToPort: 8080, CidrIp: 10.0.0.0/16"));
    let [traffic, checks] = to_targets(&[NETWORK, &tasks, &balanced("", ", HealthCheckPort: '9000'", "")]);
    assert!(traffic.0 && checks.1.iter().all(|cause| *cause == Cause::GroupRules) && !checks.1.is_empty());
}

#[test]
fn l7_without_crossing_zones_only_targets_in_the_subnet_of_a_node_matter() {
    let tasks = group("Tasks", &ingress("IpProtocol: tcp, FromPort: 8080, ToPort: 8080, CidrIp: 10.0.0.0/16"));
    let off = balanced("", "", "");
    let on = balanced(", LoadBalancerAttributes: [{ Key: load_balancing.cross_zone.enabled, Value: 'true' }]", "", "");
    assert!(to_targets(&[NETWORK, &tasks, &acl(&[]), &off])[0].0);
    assert!(to_targets(&[NETWORK, &tasks, &acl(&[]), &on])[0].1.contains(&Cause::NetworkAcl));
}

#[test]
fn l8_the_port_of_the_container_is_what_is_registered() {
    let tasks = group("Tasks", &ingress("IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 10.0.0.0/16"));
    assert!(
        !to_targets(&[NETWORK, &tasks, &balanced("", "", "")])[0].1.is_empty(),
        "80 is that of the target group only"
    );
}

/// What is in the way of tasks in A and B to CloudWatch Logs, through an endpoint with a group of its own.
fn to_logs(endpoint: &str, endpoint_group: &str, more: &[&str]) -> (bool, Vec<Cause>) {
    let endpoint = interface("logs", &format!("      SecurityGroupIds: [!Ref Own]\n{endpoint}"));
    let (own, tasks) = (group("Own", endpoint_group), in_both(", SecurityGroups: [!Ref Tasks]"));
    let members = group("Tasks", "");
    let mut parts = vec![NETWORK, &endpoint, &own, &tasks, &members];
    parts.extend(more);
    look(&parts, |reach| {
        let answer = reach.task_to_aws_service(first(reach), "logs");
        (answer.is_admitted(), causes(&answer))
    })
}

const PRIVATE_DNS: &str = "      PrivateDnsEnabled: true\n";

#[test]
fn p1_the_groups_of_an_endpoint_have_to_admit_its_clients_from_every_zone() {
    let from_tasks = ingress("IpProtocol: tcp, FromPort: 443, ToPort: 443, SourceSecurityGroupId: !Ref Tasks");
    assert_eq!(to_logs(PRIVATE_DNS, &from_tasks, &[]), (true, vec![]));
    let on_80 = ingress("IpProtocol: tcp, FromPort: 80, ToPort: 80, SourceSecurityGroupId: !Ref Tasks");
    assert_eq!(to_logs(PRIVATE_DNS, &on_80, &[]), (false, vec![Cause::GroupRules]));
    let from_a = ingress("IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.1.0/24");
    assert_eq!(to_logs(PRIVATE_DNS, &from_a, &[]), (false, vec![Cause::GroupRules]), "tasks in B are not admitted");
}

#[test]
fn p2_private_dns_has_to_be_on_in_the_endpoint_and_the_vpc() {
    let open = ingress("IpProtocol: -1, CidrIp: 10.0.0.0/16");
    let (is_admitted, causes) = to_logs("", &open, &[]);
    assert!(!is_admitted && causes.contains(&Cause::PrivateDnsOff), "{causes:?}");
    assert_eq!(to_logs("", &open, &[NAT, NAT_ROUTE, GATEWAY]), (true, vec![]), "the public name leads out");
    let endpoint = interface("logs", PRIVATE_DNS);
    let plain = NETWORK.replace(", EnableDnsHostnames: true", "");
    look(&[&plain, &endpoint, &in_both("")], |reach| {
        assert!(causes_of_logs(reach).contains(&Cause::DnsOff));
    });
    let zone = "  Zone: { Type: AWS::Route53::HostedZone, Properties: { Name: logs.eu-west-1.amazonaws.com, VPCs: [{ VPCId: !Ref Vpc, VPCRegion: eu-west-1 }] } }\n";
    assert_eq!(to_logs("", &open, &[zone]), (false, vec![]), "the zone may lead to the endpoint");
}

fn causes_of_logs(reach: &Reach<'_>) -> Vec<Cause> {
    causes(&reach.task_to_aws_service(first(reach), "logs"))
}

#[test]
fn p2_with_private_dns_no_other_way_is_taken() {
    let shut = to_logs(PRIVATE_DNS, "", &[NAT, NAT_ROUTE, GATEWAY]);
    assert_eq!(shut, (false, vec![Cause::GroupWithoutRules]));
}

#[test]
fn p3_the_policy_of_an_endpoint_has_to_allow_what_is_needed_of_it() {
    let policy = |bucket: &str| {
        s3_gateway(&format!(
            ", RouteTableIds: [!Ref Table], PolicyDocument: {{ Statement: [{{ Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::{bucket}/*' }}] }}"
        ))
    };
    let ask = |bucket: &str| {
        look(&[NETWORK, &group("Open", ""), &policy(bucket), &in_both(", SecurityGroups: [!Ref Open]")], |reach| {
            let leg =
                reach.task_legs().iter().find(|leg| leg.need.what == ringfence::model::Destination::Service("s3"));
            let answer = &leg.expect("layers").answer;
            (answer.is_admitted(), causes(answer))
        })
    };
    assert_eq!(ask("prod-eu-west-1-starport-layer-bucket"), (true, vec![]));
    assert_eq!(ask("mine"), (false, vec![Cause::EndpointPolicy]));
}

#[test]
fn f1_a_task_has_a_public_address_only_when_the_service_says_so() {
    for (more, wanted) in
        [("", Some(false)), (", AssignPublicIp: ENABLED", Some(true)), (", AssignPublicIp: !Ref Given", None)]
    {
        look(&[NETWORK, &in_both(more)], |reach| {
            assert_eq!(reach.tasks(first(reach)).expect("subnets")[0].is_public, wanted);
        });
    }
}

#[test]
fn f2_a_task_has_an_ipv6_address_when_its_subnet_may_give_one() {
    let network = NETWORK.replace("CidrBlock: 10.0.1.0/24,", "CidrBlock: 10.0.1.0/24, Ipv6CidrBlock: !Ref Given,");
    look(&[&network, &in_both("")], |reach| {
        let families: Vec<_> =
            reach.tasks(first(reach)).expect("subnets")[0].addresses.iter().map(|one| one.family).collect();
        assert_eq!(families, [Family::V4, Family::V6]);
    });
}

#[test]
fn f3_f4_tasks_need_what_their_definition_says() {
    use ringfence::model::{Destination, needs_of};
    let ask = |container: &str, more: &str| {
        let text = service(more).replace("Image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1", container);
        look(&[&text], |reach| {
            let service: Service<'_> = first(reach);
            let needs = needs_of(service.definition().expect("a definition"), service);
            needs
                .into_iter()
                .map(|need| match need.what {
                    Destination::Service(key) => key.to_owned(),
                    Destination::Registry(host) => host,
                    Destination::OtherRegion { region, service } => format!("{service} in {region}"),
                    Destination::Unknown(_) => "?".to_owned(),
                })
                .collect::<Vec<_>>()
                .join(" ")
        })
    };
    let ecr = "Image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1";
    assert_eq!(ask(ecr, ""), "ecr.api ecr.dkr s3");
    assert_eq!(ask(ecr, "PlatformVersion: 1.3.0"), "ecr.dkr s3");
    assert_eq!(ask(ecr, "EnableExecuteCommand: true"), "ecr.api ecr.dkr s3 ssmmessages");
    assert_eq!(ask("Image: nginx:1", ""), "docker.io");
    assert_eq!(ask("Image: public.ecr.aws/nginx/nginx:1", ""), "public.ecr.aws");
    assert_eq!(ask("Image: registry.corp.example/api:1", ""), "?");
    assert_eq!(ask("Image: !Ref Given", ""), "?");
    let secrets = "Image: nginx:1, Secrets: [{ Name: A, ValueFrom: arn:aws:secretsmanager:eu-west-1:111122223333:secret:a }, { Name: B, ValueFrom: /plain/name }, { Name: C, ValueFrom: !Ref Given }]";
    assert_eq!(ask(secrets, ""), "docker.io secretsmanager ssm");
    assert_eq!(ask("Image: nginx:1, LogConfiguration: { LogDriver: awslogs }", ""), "docker.io logs");
}

#[test]
fn what_is_outside_of_the_templates_is_unknown_and_never_blocked() {
    let tasks =
        service("NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Given], SecurityGroups: [sg-1] } }");
    look(&[&tasks], |reach| {
        assert_eq!(reach.task_legs().len(), 3);
        assert!(reach.task_legs().iter().all(|leg| matches!(leg.answer, Answer::Unknown(_))));
    });
    let nested = "  Others: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://example.com/x } }\n";
    look(&[NETWORK, nested, &in_both("")], |reach| {
        assert!(reach.task_legs().iter().all(|leg| reason(&leg.answer) == Some(Reason::MayBeElsewhere)));
    });
}

#[test]
fn an_endpoint_of_somebody_else_admits_what_its_groups_say() {
    let endpoint = interface("x", "      SecurityGroupIds: [!Ref Own]\n")
        .replace("com.amazonaws.eu-west-1.x", "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0");
    let own = group("Own", &ingress("IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16"));
    look(&[NETWORK, &endpoint, &own], |reach| {
        let endpoint: Endpoint<'_> = first(reach);
        assert!(reach.to_interfaces(&subnet(reach, "A"), endpoint, Traffic::tcp(443)).is_admitted());
        assert!(reach.to_interfaces(&subnet(reach, "A"), endpoint, Traffic::tcp(8080)).is_blocked());
    });
}
