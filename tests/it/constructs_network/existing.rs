//! An existing VPC.

use ringfence::cfn::{Function, Value};
use ringfence::constructs::{Network, Stack};
use ringfence::spec::{self, ExistingNetwork, ExistingSubnet, Input};

use crate::building::{findings, stack};

fn subnet(id: &'static str) -> ExistingSubnet {
    ExistingSubnet { id: id.into(), route_table: "rtb-0123456789abcdef0".into(), ..ExistingSubnet::default() }
}

fn existing(subnets: Vec<ExistingSubnet>) -> ExistingNetwork {
    ExistingNetwork { vpc_id: "vpc-0123456789abcdef0".into(), cidrs: vec!["10.0.0.0/16".into()], subnets }
}

fn build(stack: &mut Stack, existing: ExistingNetwork) -> Network {
    let props = spec::Network { existing: Some(existing), ..spec::Network::default() };
    Network::new(&mut stack.scope().made_from("network"), &props)
}

fn said(existing: ExistingNetwork) -> Vec<String> {
    let mut stack = stack();
    build(&mut stack, existing);
    findings(&stack)
}

#[test]
fn an_existing_network_adds_no_resources() {
    let mut stack = stack();
    let network = build(&mut stack, existing(vec![subnet("subnet-0123456789abcdef0"), subnet("subnet-1a2b3c4d")]));
    assert!(stack.resources().is_empty() && findings(&stack).is_empty());
    assert!(!network.is_new);
    assert_eq!(network.subnet_ids(), [Value::from("subnet-0123456789abcdef0"), Value::from("subnet-1a2b3c4d")]);
    assert_eq!(network.route_tables(), [Value::from("rtb-0123456789abcdef0")]);
    assert_eq!(network.usable_addresses(), None);
}

#[test]
fn imports_and_tokens_pass_through_untouched() {
    let import = |name: &'static str| Input::Token(Value::call(Function::ImportValue, Value::from(name)));
    let token = Input::Token(Value::from("${Token[Subnet.12]}"));
    let mut stack = stack();
    let subnets = [import("first"), token.clone()].map(|id| ExistingSubnet {
        availability_zone: Some(Input::Token(Value::select(0, Value::reference("Zones")))),
        route_table: import("table"),
        id,
        ..ExistingSubnet::default()
    });
    let props = ExistingNetwork {
        vpc_id: import("vpc"),
        cidrs: vec![Input::Token(Value::reference("Range"))],
        subnets: subnets.into(),
    };
    let network = build(&mut stack, props);
    assert_eq!(network.vpc_id, Value::call(Function::ImportValue, Value::from("vpc")));
    assert_eq!(network.subnet_ids().last(), Some(&Value::from("${Token[Subnet.12]}")));
    assert_eq!(network.cidrs, [Value::reference("Range")]);
}

#[test]
fn subnets_are_in_different_zones() {
    let in_zone = |id, zone: &'static str| ExistingSubnet { availability_zone: Some(zone.into()), ..subnet(id) };
    insta::assert_debug_snapshot!([
        said(existing(vec![
            in_zone("subnet-0123456789abcdef0", "eu-west-1a"),
            in_zone("subnet-0123456789abcdef1", "eu-west-1b"),
            in_zone("subnet-0123456789abcdef2", "eu-west-1a"),
        ])),
        said(existing(vec![subnet("subnet-0123456789abcdef0"), subnet("subnet-0123456789abcdef0")])),
        said(existing(Vec::new())),
        said(existing(vec![subnet("subnet-0123456789abcdef0")])),
    ]);
}

#[test]
fn ranges_of_subnets_fit_together() {
    let with_range = |id, cidr: &'static str| ExistingSubnet { cidr: Some(cidr.into()), ..subnet(id) };
    insta::assert_debug_snapshot!([
        said(existing(vec![
            with_range("subnet-0123456789abcdef0", "10.1.0.0/24"),
            with_range("subnet-0123456789abcdef1", "10.0.1.0/24"),
        ])),
        said(existing(vec![
            with_range("subnet-0123456789abcdef0", "10.0.0.0/20"),
            with_range("subnet-0123456789abcdef1", "10.0.1.0/24"),
        ])),
    ]);
}

#[test]
fn a_vpc_with_a_range_that_is_not_known_may_hold_any_subnet() {
    let subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"].map(subnet).into_iter();
    let ranges: [&'static str; 2] = ["10.0.1.0/24", "172.16.0.0/24"];
    let subnets =
        subnets.zip(ranges).map(|(subnet, range)| ExistingSubnet { cidr: Some(range.into()), ..subnet }).collect();
    let mut props = existing(subnets);
    props.cidrs.push(Input::Token(Value::reference("Second")));
    assert_eq!(said(props), Vec::<String>::new());
}

#[test]
fn ids_of_another_kind_are_refused() {
    let wrong = ExistingSubnet { route_table: "acl-0123456789abcdef0".into(), ..subnet("vpc-0123456789abcdef0") };
    let mut props = existing(vec![wrong, subnet("subnet-0123456789abcdef0")]);
    props.vpc_id = "main".into();
    insta::assert_debug_snapshot!(said(props));
}

#[test]
fn an_id_can_come_from_the_parameter_store() {
    let mut props = existing(vec![subnet("{{resolve:ssm:/network/a}}"), subnet("{{resolve:ssm:/network/b}}")]);
    props.vpc_id = "{{resolve:ssm:/network/vpc}}".into();
    assert_eq!(said(props), Vec::<String>::new());
}
