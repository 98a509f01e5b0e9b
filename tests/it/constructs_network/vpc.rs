//! A new VPC.

use proptest::prelude::*;

use ringfence::cfn::Value;
use ringfence::constructs::{Network, Stack, StackProps};
use ringfence::spec::{self, Environment, Input, Zones};

use crate::building::{at, errors, findings, json, of_type, paths, property, stack};

fn named(names: &[&'static str]) -> Zones {
    Zones::Named(names.iter().map(|name| Input::from(*name)).collect())
}

fn in_zones(azs: Zones) -> spec::Network {
    spec::Network { azs, ..spec::Network::default() }
}

fn build(stack: &mut Stack, props: &spec::Network) -> Network {
    Network::new(&mut stack.scope().made_from("network"), props)
}

/// A stack that can be deployed anywhere.
fn anywhere() -> Stack {
    Stack::new("Test", StackProps::default())
}

fn in_region(region: &'static str) -> Stack {
    let env = Environment { account: None, region: Some(region.into()) };
    Stack::new("Test", StackProps { env, ..StackProps::default() })
}

fn said(mut stack: Stack, azs: Zones) -> Vec<String> {
    build(&mut stack, &in_zones(azs));
    findings(&stack)
}

#[test]
fn a_vpc_has_isolated_subnets_with_a_route_table_each() {
    let mut stack = stack();
    build(&mut stack, &spec::Network::default());
    insta::assert_snapshot!(json(&stack.template()));
}

#[test]
fn a_dual_stack_vpc_has_a_block_for_each_subnet() {
    let mut stack = stack();
    let network = build(&mut stack, &spec::Network { ipv6: true, ..spec::Network::default() });
    let subnet = at(&stack, "Network/Zone2/Subnet");
    assert_eq!(property(subnet, "AssignIpv6AddressOnCreation"), &Value::from(true));
    insta::assert_snapshot!(json(property(subnet, "Ipv6CidrBlock")));
    assert_eq!(subnet.depends_on, [at(&stack, "Network/Ipv6Block").logical_id.clone()]);
    assert!(network.ipv6_cidr.is_some() && network.subnets.iter().all(|subnet| subnet.ipv6_cidr.is_some()));
}

#[test]
fn nothing_leads_to_or_from_the_internet() {
    let mut stack = stack();
    build(&mut stack, &spec::Network { azs: Zones::Count(3), ipv6: true, ..spec::Network::default() });
    for type_name in ["InternetGateway", "NatGateway", "Route", "EgressOnlyInternetGateway", "VPCGatewayAttachment"] {
        assert!(of_type(&stack, &format!("AWS::EC2::{type_name}")).is_empty(), "{type_name}");
    }
    for subnet in of_type(&stack, "AWS::EC2::Subnet") {
        assert_eq!(property(subnet, "MapPublicIpOnLaunch"), &Value::from(false));
    }
}

#[test]
fn what_starts_in_the_network_can_wait_for_its_routes() {
    let mut stack = stack();
    let network = build(&mut stack, &spec::Network::default());
    let ready: Vec<&str> = network.ready().map(|id| id.as_str()).collect();
    let associations: Vec<&str> =
        of_type(&stack, "AWS::EC2::SubnetRouteTableAssociation").iter().map(|one| one.logical_id.as_str()).collect();
    assert_eq!(ready, associations);
    assert_eq!(network.route_tables().len(), 2);
    assert_eq!(network.usable_addresses(), Some(8187));
}

#[test]
fn the_order_of_zones_means_nothing() {
    let (mut first, mut second) = (stack(), stack());
    build(&mut first, &in_zones(named(&["eu-west-1a", "eu-west-1c"])));
    build(&mut second, &in_zones(named(&["eu-west-1c", "eu-west-1a"])));
    assert_eq!(first.template(), second.template());
    assert_eq!(property(at(&first, "Network/Zone3/Subnet"), "CidrBlock"), &Value::from("10.0.64.0/19"));
}

#[test]
fn naming_the_zones_that_were_counted_renames_nothing() {
    let (mut counted, mut by_name) = (stack(), stack());
    build(&mut counted, &in_zones(Zones::Count(2)));
    build(&mut by_name, &in_zones(named(&["eu-west-1a", "eu-west-1b"])));
    assert_eq!(paths(&counted), paths(&by_name));
}

#[test]
fn zones_can_be_given_by_their_ids_or_by_tokens() {
    let mut stack = stack();
    build(&mut stack, &in_zones(named(&["euw1-az3", "euw1-az1"])));
    assert_eq!(property(at(&stack, "Network/Zone1/Subnet"), "AvailabilityZoneId"), &Value::from("euw1-az1"));
    assert!(findings(&stack).is_empty());

    let mut stack = anywhere();
    let zone = |index| Input::Token(Value::select(index, Value::reference("Zones")));
    build(&mut stack, &in_zones(Zones::Named(vec![zone(0), zone(1)])));
    assert_eq!(
        property(at(&stack, "Network/Zone2/Subnet"), "AvailabilityZone"),
        &Value::select(1, Value::reference("Zones"))
    );
    assert!(findings(&stack).is_empty());
}

#[test]
fn only_zones_that_every_account_sees_are_counted_on() {
    assert!(said(stack(), Zones::Count(3)).is_empty());
    assert!(said(anywhere(), Zones::Count(2)).is_empty());
    insta::assert_debug_snapshot!([
        said(stack(), Zones::Count(4)),
        said(anywhere(), Zones::Count(3)),
        said(in_region("us-west-1"), Zones::Count(3)),
        said(in_region("cn-north-1"), Zones::Count(3)),
        said(stack(), Zones::Count(0)),
        said(stack(), Zones::Count(7)),
    ]);
}

#[test]
fn wrong_zones_are_refused() {
    insta::assert_debug_snapshot!([
        said(stack(), named(&["eu-west-1a", "eu-west-1b", "eu-west-1a"])),
        said(stack(), named(&["eu-west-1a", "euw1-az2"])),
        said(stack(), named(&["us-east-1a", "use1-az2"])),
        said(anywhere(), named(&["eu-west-1a", "us-east-1b"])),
        said(in_region("us-west-2"), named(&["us-west-2a", "us-west-2-lax-1a"])),
        said(stack(), named(&["a", "b"])),
        said(stack(), named(&[])),
    ]);
}

#[test]
fn a_range_that_is_known_later_is_cut_by_cloudformation() {
    let mut stack = anywhere();
    let props = spec::Network {
        cidr: Input::Token(Value::reference("Range")),
        azs: named(&["eu-west-1a", "eu-west-1c"]),
        ..spec::Network::default()
    };
    let network = build(&mut stack, &props);
    assert_eq!(errors(&stack), Vec::<String>::new());
    let ranges: Vec<String> =
        of_type(&stack, "AWS::EC2::Subnet").iter().map(|subnet| json(property(subnet, "CidrBlock"))).collect();
    insta::assert_snapshot!(ranges.join("\n"));
    insta::assert_snapshot!(json(&Value::from(network.cidrs.clone())));
    assert_eq!(network.usable_addresses(), Some(251));
    network.check_room(&mut stack.scope().made_from("network"), 12, 1000);
    insta::assert_snapshot!(findings(&stack).join("\n"));
}

/// The rulebook computes the parts of the default of a parameter, and finds none that overlaps another or lies elsewhere.
#[test]
fn parts_of_a_range_that_is_known_later_lie_in_it() {
    use ringfence::cfn::SourceText;
    use ringfence::engine::{CheckOptions, check_texts};

    let mut stack = in_region("eu-west-1");
    build(
        &mut stack,
        &spec::Network {
            cidr: Input::Token(Value::reference("Range")),
            azs: Zones::Count(3),
            ..spec::Network::default()
        },
    );
    let said = |range: &str| -> Vec<String> {
        let mut template = serde_json::to_value(stack.template()).expect("JSON");
        template["Parameters"] = serde_json::json!({ "Range": { "Type": "String", "Default": range } });
        let source = SourceText::new("template.json", template.to_string());
        let findings = check_texts(vec![source], &CheckOptions::default()).findings;
        findings.iter().map(|finding| format!("{} {}", finding.code.0, finding.message)).collect()
    };
    let without_flow_logs = ["RF1603 nobody records the traffic of the network"];
    assert_eq!(said("10.20.0.0/22"), without_flow_logs);
    assert_eq!(said("10.20.0.0/16"), without_flow_logs);
}

#[test]
fn a_single_zone_is_warned_about() {
    insta::assert_debug_snapshot!(said(stack(), Zones::Count(1)));
}

#[test]
fn ranges_that_no_vpc_can_have_are_refused() {
    let said = |cidr: &'static str| {
        let mut stack = stack();
        build(&mut stack, &spec::Network { cidr: cidr.into(), ..spec::Network::default() });
        assert_eq!(of_type(&stack, "AWS::EC2::Subnet").len(), 2, "the rest is made all the same");
        findings(&stack)
    };
    assert!(said("10.0.0.0/25").is_empty());
    insta::assert_debug_snapshot!([
        said("10.0.0.0/26"),
        said("10.0.0.0/8"),
        said("169.254.0.0/16"),
        said("224.1.0.0/16"),
        said("10.0.0"),
    ]);
}

/// The IPv4 and IPv6 ranges of each subnet, by construct path.
fn ranges(stack: &Stack) -> Vec<(String, Value, Option<Value>)> {
    let range = |name: &str, subnet: &ringfence::constructs::StackResource| subnet.resource.property(name).cloned();
    of_type(stack, "AWS::EC2::Subnet")
        .into_iter()
        .map(|subnet| (subnet.path.clone(), property(subnet, "CidrBlock").clone(), range("Ipv6CidrBlock", subnet)))
        .collect()
}

proptest! {
    #[test]
    fn adding_a_zone_changes_no_other_subnet(prefix in 16_u8..=25, octet: u8, count in 1_i64..6, ipv6: bool) {
        let built = |count| {
            let cidr = Input::Known(spec::text::Cidr(format!("10.{octet}.0.0/{prefix}").into()));
            let mut stack = in_region("us-east-1");
            build(&mut stack, &spec::Network { cidr, azs: Zones::Count(count), ipv6, ..spec::Network::default() });
            prop_assert!(errors(&stack).is_empty());
            Ok(ranges(&stack))
        };
        let (before, after) = (built(count)?, built(count + 1)?);
        prop_assert_eq!(after.len(), before.len() + 1);
        prop_assert!(after.starts_with(&before));
    }

    #[test]
    fn naming_zones_in_another_order_or_leaving_some_out_changes_no_other_subnet(
        all in Just(["a", "b", "c", "d", "e", "f"]).prop_shuffle(),
        count in 1_usize..=6,
        ipv6: bool,
    ) {
        let built = |letters: &[&str]| {
            let azs = Zones::Named(letters.iter().map(|letter| format!("us-east-1{letter}").into()).collect());
            let mut stack = in_region("us-east-1");
            build(&mut stack, &spec::Network { azs, ipv6, ..spec::Network::default() });
            prop_assert!(errors(&stack).is_empty());
            Ok(ranges(&stack))
        };
        let whole = built(&all)?;
        let part = built(all.get(..count).unwrap_or_default())?;
        prop_assert_eq!(part.len(), count);
        prop_assert!(part.iter().all(|subnet| whole.contains(subnet)));
    }
}
