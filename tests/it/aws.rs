//! The facts about AWS: that the tables fit together, and that nothing anybody writes upsets what reads them.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use proptest::prelude::*;
use ringfence::aws::ecr::{ImageReference, PULL_ENDPOINTS, layer_bucket_arn};
use ringfence::aws::endpoints::{self, EndpointKind, EndpointService, SERVICES};
use ringfence::aws::load_balancer::{ALPN_POLICIES, HealthCheckProtocol, Protocol, health_check};
use ringfence::aws::load_balancer_attributes::Scope;
use ringfence::aws::principal::{Principal, PrincipalError};
use ringfence::aws::private_link::{self, ServiceName};
use ringfence::aws::region::{self, REGIONS};
use ringfence::aws::{
    Arn, Partition, Region, cloudformation, fargate, flow_logs, iam, logs, prefix_lists, subnets, tls_policies,
};
use serde_json::{Value, json};

/// The tables as JSON, one row a line. `tests/aws_facts` compares them with the sources that a program can read.
#[test]
fn the_tables_are_those_that_were_compared_with_their_sources() {
    let tables = [
        ("partitions", partitions()),
        ("regions", regions()),
        ("endpoint_services", endpoint_services()),
        ("actions", actions()),
        ("fargate_sizes", fargate_sizes()),
        ("attributes", attributes()),
        ("words", words()),
        ("ranges", ranges()),
    ];
    let tables = tables.map(|(name, rows)| {
        let rows: Vec<String> = rows.iter().map(Value::to_string).collect();
        format!("\"{name}\": [\n{}\n]", rows.join(",\n"))
    });
    insta::assert_snapshot!("facts", format!("{{\n{}\n}}", tables.join(",\n")));
}

fn partitions() -> Vec<Value> {
    let row = |partition: &Partition| json!({"id": partition.id(), "dns": partition.dns_suffix(), "dual_stack": partition.dual_stack_dns_suffix()});
    Partition::ALL.iter().map(row).collect()
}

fn regions() -> Vec<Value> {
    let row = |region: &Region| {
        json!({
            "name": region.name,
            "partition": region.partition.id(),
            "description": region.description,
            "opt_in": region.opt_in,
            "needs_all_ecs_endpoints": region.needs_all_ecs_endpoints,
            "zones": region.zone_ids().collect::<Vec<_>>(),
        })
    };
    REGIONS.iter().map(row).collect()
}

fn endpoint_services() -> Vec<Value> {
    let own_prefixes = |service: &EndpointService| -> BTreeMap<&str, String> {
        let named = REGIONS.iter().map(|region| {
            let name = service.service_name(region.name, EndpointKind::Interface);
            let end = format!(".{}.{}", region.name, service.key);
            (region.name, name.strip_suffix(&end).unwrap_or(&name).to_owned())
        });
        named.filter(|(_, prefix)| prefix != "com.amazonaws").collect()
    };
    let row = |service: &EndpointService| {
        json!({
            "key": service.key,
            "dns_name": service.dns_name("eu-west-1"),
            "no_dns_name_in": regions_without_name(service),
            "iam": service.iam_prefix,
            "port": service.port(),
            "fips": service.has_fips(),
            "policy": service.takes_policy,
            "dual_stack": service.dual_stack,
            "own_prefixes": own_prefixes(service),
        })
    };
    SERVICES.iter().map(row).collect()
}

fn regions_without_name(service: &EndpointService) -> Vec<&'static str> {
    REGIONS.iter().map(|region| region.name).filter(|region| service.dns_name(region).is_none()).collect()
}

fn actions() -> Vec<Value> {
    let row = |action: &iam::Action| {
        json!({
            "name": action.name,
            "access": format!("{:?}", action.access),
            "resources": action.resources,
            "condition": iam::condition_key(action.name),
        })
    };
    iam::ACTIONS.iter().map(row).collect()
}

fn fargate_sizes() -> Vec<Value> {
    let row = |size: &fargate::Size| json!({"cpu": size.cpu, "memory": size.memory().collect::<Vec<_>>()});
    fargate::SIZES.iter().map(row).collect()
}

fn attributes() -> Vec<Value> {
    let scopes = [Scope::LoadBalancer, Scope::TargetGroup, Scope::Listener];
    let rows = scopes.iter().flat_map(|scope| scope.attributes().iter().map(move |attribute| (scope, attribute)));
    let row = |(scope, attribute): (&Scope, &ringfence::aws::load_balancer_attributes::Attribute)| {
        json!({
            "scope": format!("{scope:?}"),
            "key": attribute.key,
            "values": attribute.values.describe(),
            "default": attribute.default,
        })
    };
    rows.map(row).collect()
}

fn words() -> Vec<Value> {
    let row = |name: &str, words: Vec<&str>| json!({"name": name, "words": words});
    vec![
        row("tls_policies", tls_policies::TLS_POLICIES.iter().map(|policy| policy.name).collect()),
        row("alpn_policies", ALPN_POLICIES.to_vec()),
        row("protocols", Protocol::ALL.iter().map(|protocol| protocol.name()).collect()),
        row("health_check_protocols", HealthCheckProtocol::ALL.iter().map(|protocol| protocol.name()).collect()),
        row("log_classes", logs::CLASSES.to_vec()),
        row("awslogs_options", logs::AWSLOGS_OPTIONS.iter().map(|option| option.key).collect()),
        row("flow_log_resource_types", flow_logs::RESOURCE_TYPES.to_vec()),
        row("flow_log_traffic_types", flow_logs::TRAFFIC_TYPES.to_vec()),
        row("flow_log_destinations", flow_logs::DESTINATIONS.to_vec()),
        row("flow_log_file_formats", flow_logs::FILE_FORMATS.to_vec()),
        row("connection_events", private_link::CONNECTION_EVENTS.to_vec()),
        row("service_states", private_link::SERVICE_STATES.to_vec()),
        row("private_dns_name_states", private_link::PRIVATE_DNS_NAME_STATES.to_vec()),
        row("service_address_types", private_link::SERVICE_ADDRESS_TYPES.to_vec()),
        row("endpoint_address_types", private_link::ENDPOINT_ADDRESS_TYPES.to_vec()),
        row("payer_responsibilities", private_link::PAYER_RESPONSIBILITIES.to_vec()),
        row("cpu_architectures", fargate::CPU_ARCHITECTURES.to_vec()),
        row("operating_systems", fargate::OPERATING_SYSTEMS.to_vec()),
        row("capacity_providers", fargate::CAPACITY_PROVIDERS.to_vec()),
    ]
}

fn ranges() -> Vec<Value> {
    let row = |name: &str, range: &RangeInclusive<u32>| json!({"name": name, "from": range.start(), "to": range.end()});
    let mut rows = vec![
        row("health_check.interval", &health_check::INTERVAL),
        row("health_check.timeout", &health_check::TIMEOUT),
        row("health_check.healthy_threshold", &health_check::HEALTHY_THRESHOLD),
        row("health_check.unhealthy_threshold", &health_check::UNHEALTHY_THRESHOLD),
        row("fargate.capacity_provider_base", &fargate::CAPACITY_PROVIDER_BASE),
        row("fargate.capacity_provider_weight", &fargate::CAPACITY_PROVIDER_WEIGHT),
    ];
    rows.extend(logs::RETENTION_DAYS.iter().map(|days| json!({"name": "logs.retention", "from": days, "to": days})));
    rows
}

#[test]
fn prefix_lists_are_named_like_the_gateway_endpoints_that_route_to_them() {
    for (key, lists) in [("s3", prefix_lists::S3), ("dynamodb", prefix_lists::DYNAMODB)] {
        for list in lists {
            let gateway = endpoints::service_name(list.region, key).expect("both keys are services");
            assert_eq!(prefix_lists::prefix_list_name(list.region, key), gateway);
        }
    }
}

#[test]
fn no_two_services_answer_to_the_same_private_name() {
    let mut owners = BTreeMap::new();
    for service in SERVICES {
        let name = service.dns_name("eu-west-1").expect("the Region is known");
        assert!(name.ends_with(".eu-west-1.amazonaws.com"), "{name}");
        let other = owners.insert(name, service.key);
        assert_eq!(other, None, "{} answers to the same name", service.key);
    }
    assert!(PULL_ENDPOINTS.iter().all(|key| owners.values().any(|owner| owner == key)));
}

#[test]
fn an_image_of_ecr_can_be_pulled_in_every_region_of_the_partition_aws() {
    for region in REGIONS.iter().filter(|region| region.partition == Partition::Aws) {
        let bucket = layer_bucket_arn(region.name).expect("the bucket is known in this partition");
        assert!(Arn::parse(&bucket).is_ok(), "{bucket}");
        assert!(PULL_ENDPOINTS.iter().all(|key| endpoints::service_name(region.name, key).is_some()));
    }
}

#[test]
fn every_region_that_denies_zones_across_regions_still_has_two_others() {
    for region in REGIONS {
        let denied = |zone: &String| region::ZONES_WITHOUT_CROSS_REGION_ACCESS.contains(&zone.as_str());
        let zones: Vec<String> = region.zone_ids().collect();
        let left = zones.iter().filter(|zone| !denied(zone)).count();
        assert!(zones.is_empty() || left >= usize::from(region::ZONES_IN_EVERY_ACCOUNT), "{}", region.name);
    }
}

/// Words that parsers look at, so that generated text gets further than the first character.
fn like_aws() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("arn:".to_owned()),
        Just(":".to_owned()),
        Just("::".to_owned()),
        Just("/".to_owned()),
        Just("${AWS::AccountId}".to_owned()),
        Just("${".to_owned()),
        Just("111122223333".to_owned()),
        Just("iam".to_owned()),
        Just("role/".to_owned()),
        Just("assumed-role/".to_owned()),
        Just("eu-west-1".to_owned()),
        Just(".dkr.ecr.".to_owned()),
        Just(".amazonaws.com".to_owned()),
        Just("com.amazonaws.vpce.".to_owned()),
        Just("vpce-svc-0123456789abcdef0".to_owned()),
        Just("@sha256:".to_owned()),
        Just("aws".to_owned()),
        Just("é".to_owned()),
        "[a-z0-9.@:/_-]{0,6}",
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_or_refused(text in like_aws()) {
        let _ = (Arn::parse(&text), ImageReference::parse(&text), ServiceName::parse(&text));
        let _ = (Region::parse(&text), Partition::of_region(&text), Partition::from_id(&text));
        let _ = (region::did_you_mean(&text), endpoints::did_you_mean(&text), endpoints::of_service_name(&text));
        let _ = (fargate::parse_cpu(&text), fargate::parse_memory(&text), flow_logs::parse_format(&text));
        let _ = (private_link::check_private_dns_name(&text), logs::check_log_group_name(&text));
        let _ = (cloudformation::is_stack_name(&text), prefix_lists::is_prefix_list_id(&text));
        let _ = (tls_policies::tls_policy(&text), iam::takes_resources(&text), layer_bucket_arn(&text));
        if let Err(error) = Principal::parse(&text) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn an_arn_is_made_of_its_parts(text in like_aws()) {
        if let Ok(arn) = Arn::parse(&text) {
            let parts = [arn.partition, arn.service, arn.region, arn.account, arn.resource].map(|part| part.text());
            prop_assert_eq!(format!("arn:{}", parts.join(":")), text);
        }
    }

    #[test]
    fn what_a_principal_becomes_is_the_same_principal(text in like_aws(), account in "[0-9]{12}", name in "[\\w+=,.@-]{1,64}") {
        let role = format!("arn:aws:iam::{account}:role/{name}");
        for text in [text.as_str(), account.as_str(), role.as_str()] {
            let Ok(principal) = Principal::parse(text) else { continue };
            let written = principal.arn("aws");
            let again = Principal::parse(&written);
            prop_assert_eq!(again.as_ref().map(|again| (again.kind, again.account)), Ok((principal.kind, principal.account)));
            prop_assert_eq!(again.map(|again| again.arn("aws")), Ok(written.clone()));
        }
    }

    #[test]
    fn what_a_session_is_replaced_by_can_be_allowed(account in "[0-9]{12}", role in "[a-zA-Z0-9_]{1,20}", session in "[a-z]{2,8}") {
        let text = format!("arn:aws:sts::{account}:assumed-role/{role}/{session}");
        let Err(PrincipalError::Session { role }) = Principal::parse(&text) else {
            return Err(TestCaseError::fail(format!("{text} was not seen to be a session")));
        };
        prop_assert!(Principal::parse(&role).is_ok(), "{}", role);
    }

    #[test]
    fn the_nearest_size_of_fargate_is_a_size(cpu in 0_u32..40_000, memory in 0_u32..300_000) {
        match fargate::check_size(cpu, memory) {
            Ok(size) => prop_assert!(size.cpu == cpu && size.takes(memory)),
            Err(fargate::SizeError::Cpu { nearest }) => prop_assert!(fargate::Size::with_cpu(nearest).is_some()),
            Err(fargate::SizeError::Memory { nearest, cpu_for_memory }) => {
                prop_assert!(fargate::check_size(cpu, nearest).is_ok());
                prop_assert!(cpu_for_memory.is_none_or(|cpu| fargate::check_size(cpu, memory).is_ok()));
            }
        }
    }

    #[test]
    fn the_name_of_an_endpoint_service_is_read_back(index in 0..REGIONS.len(), id in "[0-9a-f]{17}") {
        let region = &REGIONS[index];
        let id = format!("vpce-svc-{id}");
        let name = private_link::service_name(region.name, region.partition, &id);
        let read = ServiceName::parse(&name).map_err(|error| TestCaseError::fail(format!("{name}: {error}")))?;
        prop_assert_eq!((read.region, read.service_id), (region.name, id.as_str()));
    }

    #[test]
    fn a_longer_retention_is_never_shorter(days in 0_u32..5_000) {
        let retention = logs::retention_of_at_least(days);
        prop_assert!(logs::is_retention(retention));
        prop_assert!(retention >= days || retention == 3653);
    }

    #[test]
    fn a_subnet_has_as_many_addresses_as_its_length_says(prefix in subnets::PREFIX_LENGTHS) {
        let range = ipnet::Ipv4Net::new_assert(std::net::Ipv4Addr::new(10, 0, 0, 0), prefix);
        prop_assert_eq!(subnets::usable_addresses(range) + subnets::RESERVED_ADDRESSES, 1 << (32 - prefix));
    }
}
