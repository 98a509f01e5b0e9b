//! Endpoints of AWS services.

use ringfence::aws::endpoints::SERVICES;
use ringfence::cfn::Value;
use ringfence::constructs::iam::{Statement, arn};
use ringfence::constructs::{Endpoints, Needs, Network, SecurityGroup, Stack, StackProps};
use ringfence::spec;

use crate::building::{REGION, at, errors, findings, json, of_type, only, paths, property, stack};

/// What a task needs that is pulled from ECR, writes a log and reads a secret.
fn needs() -> Needs {
    let mut needs = Needs::default();
    needs.add("ecr.api", Statement::allow(["ecr:GetAuthorizationToken"]).on("*"));
    needs.add("ecr.dkr", Statement::allow(["ecr:BatchGetImage"]).on(arn("ecr", "repository/api")));
    needs.add("logs", Statement::allow(["logs:PutLogEvents"]).on(arn("logs", "log-group:api:*")));
    needs.add(
        "secretsmanager",
        Statement::allow(["secretsmanager:GetSecretValue"]).on(arn("secretsmanager", "secret:db")),
    );
    needs
}

fn only_needs(keys: &[&'static str]) -> Needs {
    let mut needs = Needs::default();
    keys.iter().for_each(|key| needs.need(*key));
    needs
}

fn build(stack: &mut Stack, props: &spec::Endpoints, needs: &Needs) -> Endpoints {
    let region = stack.props().env.region.as_ref().map(|region| region.as_str().to_owned());
    let network = Network::new(&mut stack.scope().made_from("network"), &spec::Network::default());
    Endpoints::new(&mut stack.scope().made_from("network/endpoints"), &network, props, needs, region.as_deref())
}

fn task(stack: &mut Stack) -> SecurityGroup {
    let network = Network { vpc_id: Value::reference("Vpc"), ..Network::default() };
    SecurityGroup::new(&mut stack.scope(), "TaskGroup", &network, "tasks")
}

fn endpoint_paths(stack: &Stack) -> Vec<&str> {
    of_type(stack, "AWS::EC2::VPCEndpoint").into_iter().map(|endpoint| endpoint.path.as_str()).collect()
}

fn in_region(region: &'static str) -> Stack {
    let env = spec::Environment { account: None, region: Some(region.into()) };
    Stack::new("Test", StackProps { env, ..StackProps::default() })
}

fn anywhere() -> Stack {
    Stack::new("Test", StackProps::default())
}

#[test]
fn exactly_the_endpoints_that_are_needed_are_made() {
    let mut stack = stack();
    let endpoints = build(&mut stack, &spec::Endpoints::default(), &needs());
    assert_eq!(
        endpoint_paths(&stack),
        ["Endpoints/EcrApi", "Endpoints/EcrDkr", "Endpoints/Logs", "Endpoints/S3", "Endpoints/Secretsmanager"]
    );
    assert_eq!(endpoints.interface_count, 4);
    let all: Vec<_> = of_type(&stack, "AWS::EC2::VPCEndpoint").iter().map(|one| one.logical_id.clone()).collect();
    assert_eq!(endpoints.ready().cloned().collect::<Vec<_>>(), all, "a task waits for all of them");
    let shown = ["Endpoints/EcrDkr", "Endpoints/S3"].map(|path| {
        let resource = &at(&stack, path).resource;
        json(&resource.properties().clone().into())
    });
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn without_needs_there_is_nothing() {
    let mut stack = stack();
    let before = build(&mut stack, &spec::Endpoints::default(), &Needs::default());
    assert_eq!(before, Endpoints::default());
    assert!(paths(&stack).iter().all(|path| !path.starts_with("Endpoints")));
}

#[test]
fn an_endpoint_security_group_admits_only_the_tasks() {
    let mut stack = stack();
    let task = task(&mut stack);
    let endpoints = build(&mut stack, &spec::Endpoints::default(), &needs());
    let rules = endpoints.admit(&mut stack.scope(), "FromApi", &task);

    let group = at(&stack, "Endpoints/SecurityGroup");
    assert!(group.resource.property("SecurityGroupIngress").is_none());
    let rule = only(&stack, "AWS::EC2::SecurityGroupIngress");
    assert_eq!(rules, std::slice::from_ref(&rule.logical_id), "a task waits for its rule");
    assert_eq!(property(rule, "SourceSecurityGroupId"), &task.group_id);
    assert_eq!(property(rule, "FromPort"), &Value::from(443));
    assert_eq!(property(rule, "ToPort"), &Value::from(443));
    insta::assert_snapshot!(json(property(at(&stack, "TaskGroup"), "SecurityGroupEgress")));
}

#[test]
fn two_services_are_admitted_beside_each_other() {
    let mut stack = stack();
    let task = task(&mut stack);
    let endpoints = build(&mut stack, &spec::Endpoints::default(), &needs());
    endpoints.admit(&mut stack.scope(), "FromApi", &task);
    endpoints.admit(&mut stack.scope(), "FromWorker", &task);
    assert_eq!(of_type(&stack, "AWS::EC2::SecurityGroupIngress").len(), 2);
    assert!(errors(&stack).is_empty());
}

#[test]
fn an_endpoint_that_listens_elsewhere_is_reached_there() {
    let mut stack = stack();
    let task = task(&mut stack);
    let endpoints = build(&mut stack, &spec::Endpoints::default(), &only_needs(&["cassandra", "sqs"]));
    endpoints.admit(&mut stack.scope(), "FromApi", &task);
    assert_eq!(property(at(&stack, "FromApi9142"), "FromPort"), &Value::from(9142));
    assert_eq!(property(at(&stack, "FromApi"), "FromPort"), &Value::from(443));
}

#[test]
fn a_policy_allows_what_is_needed_and_no_more() {
    let mut stack = stack();
    build(&mut stack, &spec::Endpoints::default(), &needs());
    insta::assert_snapshot!(json(property(at(&stack, "Endpoints/Secretsmanager"), "PolicyDocument")));
}

#[test]
fn a_policy_stays_open_where_it_must() {
    let has_policy = |props: &spec::Endpoints, needs: &Needs, key: &str| {
        let mut stack = stack();
        build(&mut stack, props, needs);
        let name = Value::from(format!("com.amazonaws.{REGION}.{key}"));
        let endpoints = of_type(&stack, "AWS::EC2::VPCEndpoint");
        let endpoint = endpoints.iter().find(|endpoint| property(endpoint, "ServiceName") == &name);
        endpoint.expect("the endpoint is made").resource.property("PolicyDocument").is_some()
    };
    let unsure =
        SERVICES.iter().find(|service| service.takes_policy.is_none()).expect("sources are silent on some").key;
    let restricted = spec::Endpoints::default();
    let mut with_more = needs();
    with_more.need("logs");
    with_more.add(unsure, Statement::allow(["kms:Decrypt"]).on(arn("kms", "key/1")));
    assert!(has_policy(&restricted, &needs(), "logs"));
    assert!(!has_policy(&restricted, &with_more, "logs"), "what is called through it is not known");
    assert!(!has_policy(&restricted, &with_more, unsure), "no source says that it takes a policy");
    let open = spec::Endpoints { restrict: false, ..restricted };
    assert!(!has_policy(&open, &needs(), "logs"));
}

#[test]
fn services_that_are_put_together_keep_each_others_needs_open() {
    let mut all = only_needs(&["s3"]);
    let mut other = Needs::default();
    other.add("s3", Statement::allow(["s3:GetObject"]).on("arn:aws:s3:::assets/*"));
    all.extend(other.clone());
    assert!(all.limits("s3").is_none() && other.limits("s3").is_some());
    other.extend(all);
    assert!(other.limits("s3").is_none());
}

#[test]
fn what_exists_already_is_not_made_again_and_still_reached() {
    let mut stack = stack();
    let task = task(&mut stack);
    let props = spec::Endpoints {
        existing: vec!["ecr.api".into(), "ecr.dkr".into(), "s3".into()],
        existing_security_group: Some("sg-0123456789abcdef0".into()),
        ..spec::Endpoints::default()
    };
    let endpoints = build(&mut stack, &props, &needs());
    assert_eq!(endpoint_paths(&stack), ["Endpoints/Logs", "Endpoints/Secretsmanager"]);
    endpoints.admit(&mut stack.scope(), "FromApi", &task);
    insta::assert_snapshot!(json(property(at(&stack, "TaskGroup"), "SecurityGroupEgress")));
}

#[test]
fn without_a_known_group_tasks_are_let_out_to_the_ranges_of_the_vpc() {
    let mut stack = stack();
    let props = spec::Endpoints { create: false, ..spec::Endpoints::default() };
    let endpoints = build(&mut stack, &props, &needs());
    assert!(endpoint_paths(&stack).is_empty() && endpoints.security_group.is_none());
    let task = task(&mut stack);
    assert!(endpoints.admit(&mut stack.scope(), "FromApi", &task).is_empty());
    let rules = property(at(&stack, "TaskGroup"), "SecurityGroupEgress").as_list().unwrap_or_default();
    assert_eq!(rules.first().and_then(|rule| rule.get("CidrIp")), Some(&Value::from("10.0.0.0/16")));
    assert_eq!(rules.len(), 2, "and to S3");
}

#[test]
fn a_stack_without_a_region_looks_the_prefix_list_up() {
    let mut stack = anywhere();
    let endpoints = build(&mut stack, &spec::Endpoints::default(), &needs());
    assert!(findings(&stack).is_empty());
    let template = stack.template();
    let known = template.get("Mappings").and_then(|mappings| mappings.get("S3PrefixLists")?.get(REGION)?.get("id"));
    assert_eq!(known, Some(&Value::from("pl-6da54004")));
    let name = property(at(&stack, "Endpoints/S3"), "ServiceName");
    let list = endpoints.prefix_lists.get("s3").map(json).unwrap_or_default();
    insta::assert_snapshot!(format!("{list}\n{}", json(name)));
}

#[test]
fn names_follow_the_partition() {
    let mut stack = in_region("cn-north-1");
    let props = spec::Endpoints { s3_prefix_list: Some("pl-0123456789abcdef0".into()), ..spec::Endpoints::default() };
    build(&mut stack, &props, &needs());
    let name = |path| property(at(&stack, path), "ServiceName").as_str().unwrap_or_default().to_owned();
    assert_eq!(name("Endpoints/EcrApi"), "cn.com.amazonaws.cn-north-1.ecr.api");
    assert_eq!(name("Endpoints/Logs"), "com.amazonaws.cn-north-1.logs");
    assert_eq!(name("Endpoints/S3"), "com.amazonaws.cn-north-1.s3");
    assert!(at(&stack, "Endpoints/S3").resource.property("PolicyDocument").is_none(), "no source names the bucket");
}

#[test]
fn endpoints_with_fips_cryptography_have_names_of_their_own() {
    let mut stack = stack();
    build(&mut stack, &spec::Endpoints::default(), &only_needs(&["kms-fips"]));
    let endpoint = at(&stack, "Endpoints/KmsFips");
    assert_eq!(property(endpoint, "ServiceName"), &Value::from("com.amazonaws.eu-west-1.kms-fips"));
}

#[test]
fn a_newer_region_has_all_endpoints_of_ecs_or_none() {
    let mut newer = in_region("ca-west-1");
    build(&mut newer, &spec::Endpoints::default(), &only_needs(&["ecs"]));
    assert_eq!(endpoint_paths(&newer), ["Endpoints/Ecs", "Endpoints/EcsAgent", "Endpoints/EcsTelemetry"]);
    let mut older = stack();
    build(&mut older, &spec::Endpoints::default(), &only_needs(&["ecs"]));
    assert_eq!(endpoint_paths(&older), ["Endpoints/Ecs"]);
}

#[test]
fn what_is_wrong_is_said() {
    let said = |mut stack: Stack, props: &spec::Endpoints, needs: &Needs| {
        build(&mut stack, props, needs);
        findings(&stack)
    };
    let list = |id: &'static str| spec::Endpoints { s3_prefix_list: Some(id.into()), ..spec::Endpoints::default() };
    let existing = spec::Endpoints { existing: vec!["ecr-api".into()], ..spec::Endpoints::default() };
    let mut long = Needs::default();
    for number in 0..600 {
        long.add("kms", Statement::allow(["kms:Decrypt"]).on(arn("kms", format!("key/{number:036}"))));
    }
    insta::assert_debug_snapshot!([
        said(stack(), &spec::Endpoints::default(), &only_needs(&["secretmanager", "quux"])),
        said(stack(), &existing, &Needs::default()),
        said(in_region("me-west-1"), &spec::Endpoints::default(), &needs()),
        said(in_region("me-west-1"), &list("pl-0123456789abcdef0"), &needs()),
        said(stack(), &list("com.amazonaws.eu-west-1.s3"), &needs()),
        said(stack(), &spec::Endpoints::default(), &long),
    ]);
}

#[test]
fn a_vpc_has_at_most_fifty_interface_endpoints() {
    let keys: Vec<&'static str> =
        SERVICES.iter().filter(|service| service.kinds().len() == 1).map(|service| service.key).collect();
    let count = |most: usize| {
        let mut stack = stack();
        build(&mut stack, &spec::Endpoints::default(), &only_needs(keys.get(..most).unwrap_or_default()));
        findings(&stack)
    };
    assert_eq!(count(50), Vec::<String>::new());
    insta::assert_debug_snapshot!(count(51));
}

#[test]
fn subnets_have_room_for_what_is_in_them() {
    let said = |cidr: &'static str, endpoints, tasks| {
        let mut stack = stack();
        let props = spec::Network { cidr: cidr.into(), ..spec::Network::default() };
        let network = Network::new(&mut stack.scope().made_from("network"), &props);
        network.check_room(&mut stack.scope().made_from("network"), endpoints, tasks);
        findings(&stack)
    };
    assert_eq!(said("10.0.0.0/24", 4, 20), Vec::<String>::new());
    insta::assert_debug_snapshot!([said("10.0.0.0/25", 3, 2), said("10.0.0.0/24", 4, 40)]);
}
