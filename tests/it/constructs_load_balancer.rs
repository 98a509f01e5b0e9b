//! The load balancer: what a spec turns into, and every mistake.

use ringfence::cfn::Value;
use ringfence::diagnostics::codes::load_balancer as codes;

use crate::building::{at, errors, findings, json, of_type, only, paths, property};
use crate::sharing::{assert_examples, build};

const CERTIFICATE: &str = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000";
const OTHER: &str = "arn:aws:acm:eu-west-1:111122223333:certificate/4d3c2b1a-0000-4000-8000-000000000000";
const SHARED: &str = r#"privateLink: { allow: ["222233334444"] }"#;

#[test]
fn a_spec_without_listeners_gets_one_for_its_service() {
    let built = build("{}");
    assert_eq!(findings(&built.provider), [] as [&str; 0]);
    insta::assert_snapshot!(json(&built.provider.template()));
}

#[test]
fn a_shared_service_with_tls_and_access_logs() {
    let built = build(&format!(
        "listeners:
  - port: 443
    to: api
    tls: {{ certificate: '{CERTIFICATE}', additionalCertificates: ['{OTHER}'], alpn: HTTP2Preferred }}
loadBalancer: {{ accessLogs: {{ enabled: true, prefix: payments }}, deletionProtection: true, secondaryIps: 2 }}
{SHARED}"
    ));
    assert_eq!(findings(&built.provider), [] as [&str; 0]);
    insta::assert_snapshot!(json(&built.provider.template()));
}

#[test]
fn udp_behind_private_link_over_ipv6() {
    let built = build(&format!(
        "network: {{ ipv6: true }}
loadBalancer: {{ ipAddressType: dualstack, dualStackTasks: true }}
services: {{ api: {{ image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 5000, protocol: udp, health: {{ port: 8080 }} }} }}
{SHARED}"
    ));
    assert_eq!(findings(&built.provider), [] as [&str; 0]);
    insta::assert_snapshot!(json(&built.provider.template()));
}

#[test]
fn every_page_of_the_load_balancer_shows_what_it_says() {
    assert_examples(codes::PAGES);
}

fn attribute<'a>(list: &'a Value, key: &str) -> Option<&'a str> {
    let found = list.as_list()?.iter().find(|entry| entry.get("Key").and_then(Value::as_str) == Some(key))?;
    found.get("Value")?.as_str()
}

/// Port, protocol and source of each inline rule of a security group.
fn inward(group: &ringfence::constructs::StackResource) -> Vec<String> {
    let rules = group.resource.property("SecurityGroupIngress").and_then(Value::as_list).unwrap_or_default();
    let text = |rule: &Value, key: &str| rule.get(key).map(json).unwrap_or_default().replace('"', "");
    let lines = rules.iter().map(|rule| {
        let source = format!("{}{}", text(rule, "CidrIp"), text(rule, "CidrIpv6"));
        format!("{} {} from {source}", text(rule, "IpProtocol"), text(rule, "FromPort"))
    });
    lines.collect()
}

#[test]
fn the_load_balancer_is_internal() {
    let built = build("{}");
    let resource = only(&built.provider, "AWS::ElasticLoadBalancingV2::LoadBalancer");
    assert_eq!(property(resource, "Type"), &Value::from("network"));
    assert_eq!(property(resource, "Scheme"), &Value::from("internal"));
}

#[test]
fn the_load_balancer_admits_the_clients_of_the_vpc_on_its_listeners_and_nothing_else() {
    let built = build("listeners: [{ port: 443, to: api }, { port: 8443, to: api, protocol: tcp_udp }]");
    let group = at(&built.provider, "LoadBalancer/SecurityGroup");
    assert_eq!(inward(group), ["tcp 443 from 10.0.0.0/16", "tcp 8443 from 10.0.0.0/16", "udp 8443 from 10.0.0.0/16"]);
}

#[test]
fn named_clients_take_the_place_of_the_vpc() {
    let built = build("loadBalancer: { clients: [10.9.0.0/16, 'fd00:1234::/32'] }");
    let group = at(&built.provider, "LoadBalancer/SecurityGroup");
    assert_eq!(inward(group), ["tcp 8080 from 10.9.0.0/16", "tcp 8080 from fd00:1234::/32"]);
}

#[test]
fn the_load_balancer_is_let_out_to_the_ports_of_the_tasks_and_nowhere_else() {
    let built = build(
        "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, health: { port: 9090 } } }",
    );
    let group = at(&built.provider, "LoadBalancer/SecurityGroup");
    let rules = property(group, "SecurityGroupEgress").as_list().expect("a list");
    let tasks = at(&built.provider, "Service-api/SecurityGroup").logical_id.attribute("GroupId");
    let ports: Vec<Option<i64>> = rules.iter().map(|rule| rule.get("FromPort")?.as_int()).collect();
    assert_eq!(ports, [Some(8080), Some(9090)]);
    assert!(rules.iter().all(|rule| rule.get("DestinationSecurityGroupId") == Some(&tasks)));
}

#[test]
fn the_tasks_admit_the_group_of_the_load_balancer_on_traffic_and_health_check_ports() {
    let built = build(
        "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, health: { port: 9090 } } }",
    );
    let rules = of_type(&built.provider, "AWS::EC2::SecurityGroupIngress");
    let tasks = at(&built.provider, "Service-api/SecurityGroup").logical_id.attribute("GroupId");
    let group = at(&built.provider, "LoadBalancer/SecurityGroup").logical_id.attribute("GroupId");
    let ports: Vec<Option<i64>> = rules.iter().map(|rule| property(rule, "FromPort").as_int()).collect();
    assert_eq!(ports, [Some(8080), Some(9090)]);
    for rule in rules {
        assert_eq!(property(rule, "GroupId"), &tasks);
        assert_eq!(property(rule, "SourceSecurityGroupId"), &group);
    }
}

#[test]
fn without_private_link_tasks_admit_no_addresses() {
    let built = build("{}");
    assert_eq!(inward(at(&built.provider, "Service-api/SecurityGroup")), [] as [&str; 0]);
}

#[test]
fn behind_private_link_tasks_admit_the_addresses_of_the_load_balancer_too() {
    let built = build(SHARED);
    assert_eq!(
        inward(at(&built.provider, "Service-api/SecurityGroup")),
        ["tcp 8080 from 10.0.1.0/24", "tcp 8080 from 10.0.2.0/24"]
    );
}

#[test]
fn with_enforcement_the_group_is_enough_and_admits_every_principal() {
    let built = build(
        "loadBalancer: { enforcePrivateLink: true }
privateLink: { allow: [{ account: \"222233334444\", cidrs: [10.30.0.0/16] }] }",
    );
    assert_eq!(errors(&built.provider), [] as [&str; 0]);
    let resource = only(&built.provider, "AWS::ElasticLoadBalancingV2::LoadBalancer");
    assert_eq!(property(resource, "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"), &Value::from("on"));
    assert_eq!(inward(at(&built.provider, "Service-api/SecurityGroup")), [] as [&str; 0]);
    assert_eq!(
        inward(at(&built.provider, "LoadBalancer/SecurityGroup")),
        ["tcp 8080 from 10.0.0.0/16", "tcp 8080 from 10.30.0.0/16"]
    );
}

#[test]
fn enforcement_is_off_unless_asked_for() {
    let built = build(SHARED);
    let resource = only(&built.provider, "AWS::ElasticLoadBalancingV2::LoadBalancer");
    assert_eq!(property(resource, "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"), &Value::from("off"));
}

#[test]
fn every_principal_without_ranges_is_reported_when_the_group_is_enforced() {
    let built = build(
        "loadBalancer: { enforcePrivateLink: true }
privateLink: { allow: [\"222233334444\", { account: \"333344445555\", cidrs: [10.40.0.0/16] }, \"444455556666\"] }",
    );
    let places: Vec<String> = built
        .provider
        .findings()
        .iter()
        .filter_map(|finding| finding.address.spec.as_ref())
        .map(ToString::to_string)
        .collect();
    assert_eq!(places, ["/privateLink/allow/0", "/privateLink/allow/2"]);
}

#[test]
fn a_subnet_without_a_range_is_named() {
    let built =
        build(codes::PAGES.iter().find(|page| page.code == codes::SUBNET_WITHOUT_CIDR).expect("a page").example);
    assert_eq!(
        findings(&built.provider),
        [
            "error RF0329 /network/existing/subnets/0: the address range of the subnet `subnet-0123456789abcdef0` is unknown, and tasks must admit it (add `cidr` to the subnet: connections through PrivateLink come from the load balancer's addresses there)"
        ]
    );
}

#[test]
fn a_dualstack_load_balancer_admits_the_ipv6_range_of_the_vpc() {
    let built = build("network: { ipv6: true }\nloadBalancer: { ipAddressType: dualstack }");
    assert_eq!(
        inward(at(&built.provider, "LoadBalancer/SecurityGroup")),
        ["tcp 8080 from 10.0.0.0/16", "tcp 8080 from 2001:db8::/56"]
    );
}

#[test]
fn tls_ends_at_the_load_balancer_unless_the_tasks_speak_it_too() {
    for (to_tasks, protocol) in [(false, "TCP"), (true, "TLS")] {
        let built = build(&format!(
            "listeners: [{{ port: 443, to: api, tls: {{ certificate: '{CERTIFICATE}', toTasks: {to_tasks} }} }}]"
        ));
        let group = only(&built.provider, "AWS::ElasticLoadBalancingV2::TargetGroup");
        assert_eq!(property(group, "Protocol"), &Value::from(protocol));
        assert_eq!(built.load_balancer.listeners[0].protocol, "TLS");
    }
}

#[test]
fn targets_are_addresses() {
    let built = build("{}");
    let group = only(&built.provider, "AWS::ElasticLoadBalancingV2::TargetGroup");
    assert_eq!(property(group, "TargetType"), &Value::from("ip"));
}

#[test]
fn a_health_check_with_a_path_is_http_with_status_codes() {
    let built = build(
        "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, health: { path: /healthz, codes: 200-299, interval: 20, timeout: 15 } } }",
    );
    let group = only(&built.provider, "AWS::ElasticLoadBalancingV2::TargetGroup");
    assert_eq!(property(group, "HealthCheckProtocol"), &Value::from("HTTP"));
    assert_eq!(property(group, "HealthCheckPath"), &Value::from("/healthz"));
    assert_eq!(property(group, "Matcher/HttpCode"), &Value::from("200-299"));
    assert_eq!(property(group, "HealthCheckIntervalSeconds"), &Value::from(20));
    assert_eq!(property(group, "HealthCheckTimeoutSeconds"), &Value::from(15));
}

#[test]
fn an_idle_timeout_is_an_attribute_of_the_listener() {
    let built = build("listeners: [{ port: 443, to: api, idleTimeout: 600 }]");
    let listener = only(&built.provider, "AWS::ElasticLoadBalancingV2::Listener");
    assert_eq!(attribute(property(listener, "ListenerAttributes"), "tcp.idle_timeout.seconds"), Some("600"));
}

#[test]
fn attributes_of_the_load_balancer_follow_the_spec() {
    let built = build(
        "loadBalancer: { crossZone: false, deletionProtection: true, zonalShift: true, clientRouting: availability_zone_affinity, secondaryIps: 3, minimumCapacity: 3000 }",
    );
    let resource = only(&built.provider, "AWS::ElasticLoadBalancingV2::LoadBalancer");
    let list = property(resource, "LoadBalancerAttributes");
    for (key, value) in [
        ("load_balancing.cross_zone.enabled", "false"),
        ("deletion_protection.enabled", "true"),
        ("zonal_shift.config.enabled", "true"),
        ("dns_record.client_routing_policy", "availability_zone_affinity"),
        ("secondary_ips.auto_assigned.per_subnet", "3"),
        ("access_logs.s3.enabled", "false"),
    ] {
        assert_eq!(attribute(list, key), Some(value), "{key}");
    }
    assert_eq!(property(resource, "MinimumLoadBalancerCapacity/CapacityUnits"), &Value::from(3000));
}

#[test]
fn attributes_that_a_partition_may_not_have_are_written_there_only_on_request() {
    let china = "env: { account: \"111122223333\", region: cn-north-1 }";
    let keys = |text: &str| {
        let built = build(text);
        let resource = only(&built.provider, "AWS::ElasticLoadBalancingV2::LoadBalancer");
        let list = property(resource, "LoadBalancerAttributes");
        attribute(list, "zonal_shift.config.enabled").map(str::to_owned)
    };
    assert_eq!(keys(china), None);
    assert_eq!(keys(&format!("{china}\nloadBalancer: {{ zonalShift: true }}")).as_deref(), Some("true"));
}

#[test]
fn the_load_balancer_waits_for_the_policy_of_its_log_bucket() {
    let built = build(&format!(
        "loadBalancer: {{ accessLogs: {{ enabled: true }} }}
listeners: [{{ port: 443, to: api, tls: {{ certificate: '{CERTIFICATE}' }} }}]"
    ));
    let resource = only(&built.provider, "AWS::ElasticLoadBalancingV2::LoadBalancer");
    assert_eq!(resource.depends_on, [only(&built.provider, "AWS::S3::BucketPolicy").logical_id.clone()]);
}

#[test]
fn an_existing_log_bucket_is_used_as_it_is() {
    let built = build(&format!(
        "loadBalancer: {{ accessLogs: {{ enabled: true, bucket: logs-of-payments }} }}
listeners: [{{ port: 443, to: api, tls: {{ certificate: '{CERTIFICATE}' }} }}]"
    ));
    assert!(of_type(&built.provider, "AWS::S3::Bucket").is_empty());
    let resource = only(&built.provider, "AWS::ElasticLoadBalancingV2::LoadBalancer");
    let list = property(resource, "LoadBalancerAttributes");
    assert_eq!(attribute(list, "access_logs.s3.bucket"), Some("logs-of-payments"));
}

#[test]
fn a_service_waits_for_listeners_and_for_the_rules_of_its_tasks() {
    let built = build("listeners: [{ port: 443, to: api }]");
    let mut expected = vec![only(&built.provider, "AWS::ElasticLoadBalancingV2::Listener").logical_id.clone()];
    expected.push(only(&built.provider, "AWS::EC2::SecurityGroupIngress").logical_id.clone());
    assert_eq!(built.load_balancer.ready, expected);
}

#[test]
fn a_target_port_of_a_sidecar_leads_to_that_container() {
    let built = build(
        "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, sidecars: { proxy: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/proxy:1\", port: 8443 } } } }
listeners: [{ port: 443, to: api, targetPort: 8443 }]",
    );
    assert_eq!(errors(&built.provider), [] as [&str; 0]);
    let listener = &built.load_balancer.listeners[0];
    assert_eq!((listener.container.as_str(), &listener.target_port), ("proxy", &Value::from(8443)));
}

#[test]
fn listeners_keep_their_names_when_others_come_and_go() {
    let before = build("listeners: [{ port: 443, to: api }, { port: 8443, to: api }]");
    let after = build("listeners: [{ port: 80, to: api }, { port: 8443, to: api }, { port: 443, to: api }]");
    let kept = paths(&after.provider);
    for resource in before.provider.resources() {
        let same = after.provider.resource(&resource.logical_id);
        assert!(same.is_some_and(|same| same.path == resource.path), "{} not in {kept:?}", resource.path);
    }
}

#[test]
fn tokens_pass_through_untouched() {
    let built = build(
        "services: { api: { image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: { Ref: Port } } }
loadBalancer: { clients: ['${Token[TOKEN.1]}', { Ref: Clients }] }
listeners: [{ port: { Ref: Front }, to: api, idleTimeout: { Ref: Seconds } }, { port: { Ref: Back }, to: api }]",
    );
    assert_eq!(findings(&built.provider), [] as [&str; 0]);
    let front = at(&built.provider, "LoadBalancer/Listener-api/Resource");
    assert_eq!(property(front, "Port"), &Value::reference("Front"));
    assert_eq!(property(front, "ListenerAttributes/0/Value"), &Value::reference("Seconds"));
    assert_eq!(
        property(at(&built.provider, "LoadBalancer/Listener-api-2/Resource"), "Port"),
        &Value::reference("Back")
    );
    let group = at(&built.provider, "LoadBalancer/SecurityGroup");
    assert_eq!(property(group, "SecurityGroupIngress/0/CidrIp"), &Value::from("${Token[TOKEN.1]}"));
    assert_eq!(property(group, "SecurityGroupIngress/1/CidrIp"), &Value::reference("Clients"));
}

#[test]
fn findings_stand_at_the_member_that_is_to_blame() {
    let built = build(&format!(
        "listeners:
  - {{ port: 443, to: apo }}
  - {{ port: 444, to: api, tls: {{ certificate: '{CERTIFICATE}', policy: ELBSecurityPolicy-TLS13-1-2 }} }}
  - {{ port: 445, to: api, targetPort: 9 }}
services: {{ api: {{ image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\", port: 8080, health: {{ codes: '200', interval: 5, timeout: 6 }} }} }}"
    ));
    insta::assert_snapshot!(findings(&built.provider).join("\n"));
}
