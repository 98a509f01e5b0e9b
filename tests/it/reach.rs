//! What traffic passes: every rule of the semantics has a case that is named after it.

#![expect(clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use ringfence::cfn::eval::{App, Evaluation, Template, worlds};
use ringfence::cfn::{Format, SourceText, read};
use ringfence::model::{
    Because, Endpoint, Field, Identity, Listener, LoadBalancer, Model, NatGateway, Service, Subnet, View,
};
use ringfence::reach::{
    Addresses, Answer, Cause, Family, Groups, Party, Protocol, Reach, Reason, TargetTraffic, Traffic,
};

mod services;

const NETWORK: &str = "
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  A: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a } }
  B: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24, AvailabilityZone: eu-west-1b } }
  Table: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Vpc } }
  TableOfA: { Type: AWS::EC2::SubnetRouteTableAssociation, Properties: { SubnetId: !Ref A, RouteTableId: !Ref Table } }
  TableOfB: { Type: AWS::EC2::SubnetRouteTableAssociation, Properties: { SubnetId: !Ref B, RouteTableId: !Ref Table } }
";

const GATEWAY: &str = "
  Igw: { Type: AWS::EC2::InternetGateway }
  Attached: { Type: AWS::EC2::VPCGatewayAttachment, Properties: { VpcId: !Ref Vpc, InternetGatewayId: !Ref Igw } }
";

const DEFAULT_ROUTE: &str = "
  Default: { Type: AWS::EC2::Route, Properties: { RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw } }
";

/// Looks at the first world of a template.
fn look<T>(resources: &[&str], question: impl FnOnce(&Reach<'_>) -> T) -> T {
    let text = format!("Parameters:\n  Given: {{ Type: String }}\nResources:\n{}", resources.concat());
    let document = read(&SourceText::new("template.yaml", &text), Format::Yaml)
        .unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    let app = App::new(vec![Template::new(&document.value)]);
    let worlds = worlds(&app);
    let evaluation = Evaluation::new(&app, &worlds.all[0]);
    let model = Model::new(&evaluation);
    question(&Reach::new(&model))
}

fn group(name: &str, more: &str) -> String {
    format!(
        "\n  {name}: {{ Type: AWS::EC2::SecurityGroup, Properties: {{ GroupDescription: x, VpcId: !Ref Vpc{more} }} }}\n"
    )
}

fn service(more: &str) -> String {
    format!(
        "
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{{ Name: api, Image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1 }}]
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      {more}
"
    )
}

fn in_both(groups: &str) -> String {
    service(&format!("NetworkConfiguration: {{ AwsvpcConfiguration: {{ Subnets: [!Ref A, !Ref B]{groups} }} }}"))
}

fn interface(service: &str, more: &str) -> String {
    format!(
        "
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      VpcEndpointType: Interface
      ServiceName: com.amazonaws.eu-west-1.{service}
      SubnetIds: [!Ref A]
{more}"
    )
}

fn s3_gateway(more: &str) -> String {
    format!(
        "\n  S3: {{ Type: AWS::EC2::VPCEndpoint, Properties: {{ VpcId: !Ref Vpc, ServiceName: com.amazonaws.eu-west-1.s3{more} }} }}\n"
    )
}

fn acl(entries: &[(i32, bool, i32, &str, &str, &str)]) -> String {
    let mut text = "
  Acl: { Type: AWS::EC2::NetworkAcl, Properties: { VpcId: !Ref Vpc } }
  AclOfB: { Type: AWS::EC2::SubnetNetworkAclAssociation, Properties: { SubnetId: !Ref B, NetworkAclId: !Ref Acl } }
"
    .to_owned();
    for (index, (number, egress, protocol, action, cidr, ports)) in entries.iter().enumerate() {
        let egress = if *egress { "Egress: true, " } else { "" };
        text.push_str(&format!(
            "  Entry{index}: {{ Type: AWS::EC2::NetworkAclEntry, Properties: {{ NetworkAclId: !Ref Acl, {egress}RuleNumber: {number}, Protocol: {protocol}, RuleAction: {action}, CidrBlock: {cidr}{ports} }} }}\n"
        ));
    }
    text
}

fn first<'a, V: View<'a>>(reach: &Reach<'a>) -> V {
    reach.model().all::<V>().next().expect("one is in the template")
}

fn subnet<'a>(reach: &Reach<'a>, name: &str) -> Party<'a> {
    let found = reach.model().all::<Subnet<'a>>().find(|subnet| subnet.logical_id() == name).expect("a subnet");
    reach.in_subnet(&found.identity())
}

/// A party in a subnet with the security groups of these logical IDs.
fn member<'a>(reach: &Reach<'a>, place: &str, groups: &[&str]) -> Party<'a> {
    let of = |name: &&str| {
        let model = reach.model();
        model.of_type("AWS::EC2::SecurityGroup").find(|id| model.logical_id(*id) == *name).map(Identity::Resource)
    };
    Party { groups: Groups::Of(groups.iter().filter_map(of).collect()), ..subnet(reach, place) }
}

fn causes(answer: &Answer<'_>) -> Vec<Cause> {
    answer.blockers().iter().map(|blocker| blocker.cause).collect()
}

fn reason<'a>(answer: &Answer<'a>) -> Option<Reason<'a>> {
    match answer {
        Answer::Unknown(doubts) => doubts.first().map(|doubt| doubt.reason),
        _ => None,
    }
}

/// The answer for TCP from a member of `From` in A to a member of `To` in B.
fn between_groups(from: &str, to: &str, more: &str, port: u16) -> (bool, bool, Vec<Cause>) {
    look(&[NETWORK, &group("From", from), &group("To", to), more], |reach| {
        let answer = reach.between(&member(reach, "A", &["From"]), &member(reach, "B", &["To"]), Traffic::tcp(port));
        (answer.is_admitted(), answer.is_blocked(), causes(&answer))
    })
}

const ADMITTED: (bool, bool, Vec<Cause>) = (true, false, Vec::new());
const UNKNOWN: (bool, bool, Vec<Cause>) = (false, false, Vec::new());

fn blocked(cause: Cause) -> (bool, bool, Vec<Cause>) {
    (false, true, vec![cause])
}

fn ingress(rule: &str) -> String {
    format!(", SecurityGroupIngress: [{{ {rule} }}]")
}

#[test]
fn g1_the_groups_of_both_ends_have_to_admit_and_rules_add_up() {
    let two = ", SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 10.0.1.0/25 }, { IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 10.0.1.128/25 }]";
    assert_eq!(between_groups("", two, "", 80), ADMITTED);
    assert_eq!(between_groups("", two, "", 81), blocked(Cause::GroupRules));
    assert_eq!(between_groups("", "", "", 80), blocked(Cause::GroupWithoutRules));
    let half = ingress("IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 10.0.1.0/25");
    assert_eq!(between_groups("", &half, "", 80), UNKNOWN);
    let none_out =
        ", SecurityGroupEgress: [{ IpProtocol: icmp, FromPort: 252, ToPort: 86, CidrIp: 255.255.255.255/32 }]";
    assert_eq!(between_groups(none_out, two, "", 80), blocked(Cause::GroupRules));
}

#[test]
fn g2_everything_leaves_a_group_without_egress_rules_and_a_rule_that_stands_by_itself_makes_it_doubtful() {
    let open = ingress("IpProtocol: -1, CidrIp: 10.0.0.0/8");
    assert_eq!(between_groups("", &open, "", 80), ADMITTED);
    let standalone = "  Out: { Type: AWS::EC2::SecurityGroupEgress, Properties: { GroupId: !Ref From, IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 10.0.0.0/8 } }\n";
    assert_eq!(between_groups("", &open, standalone, 80), ADMITTED);
    assert_eq!(between_groups("", &open, standalone, 81), UNKNOWN);
}

#[test]
fn g3_a_rule_without_a_peer_does_not_count_and_other_protocols_have_no_ports() {
    let no_peer = ingress("IpProtocol: tcp, FromPort: 80, ToPort: 80");
    assert_eq!(between_groups("", &no_peer, "", 80), blocked(Cause::GroupWithoutRules));
    let all = ingress("IpProtocol: -1, FromPort: 1, ToPort: 1, CidrIp: 10.0.0.0/8");
    assert_eq!(between_groups("", &all, "", 80), ADMITTED);
    let by_number = ingress("IpProtocol: 6, FromPort: 80, ToPort: 80, CidrIp: 10.0.0.0/8");
    assert_eq!(between_groups("", &by_number, "", 80), ADMITTED);
    let udp = ingress("IpProtocol: udp, FromPort: 80, ToPort: 80, CidrIp: 10.0.0.0/8");
    assert_eq!(between_groups("", &udp, "", 80), blocked(Cause::GroupRules));
    let given = ingress("IpProtocol: tcp, FromPort: !Ref Given, ToPort: 80, CidrIp: 10.0.0.0/8");
    assert_eq!(between_groups("", &given, "", 80), UNKNOWN);
}

#[test]
fn g4_a_group_means_its_members_and_nobody_without_groups() {
    let by_group = ingress("IpProtocol: tcp, FromPort: 80, ToPort: 80, SourceSecurityGroupId: !GetAtt From.GroupId");
    assert_eq!(between_groups("", &by_group, "", 80), ADMITTED);
    let given = ingress("IpProtocol: tcp, FromPort: 80, ToPort: 80, SourceSecurityGroupId: !Ref Given");
    assert_eq!(
        between_groups("", &given, "", 80),
        blocked(Cause::GroupRules),
        "a parameter was there before the group"
    );
    look(&[NETWORK, &group("From", ""), &group("To", &by_group)], |reach| {
        let to = member(reach, "B", &["To"]);
        assert!(reach.between(&subnet(reach, "A"), &to, Traffic::tcp(80)).is_blocked());
        let somebody = Party { groups: Groups::Unknown(Because::Token), ..subnet(reach, "A") };
        assert_eq!(reason(&reach.between(&somebody, &to, Traffic::tcp(80))), Some(Reason::Value(Because::Token)));
    });
}

#[test]
fn g5_prefix_lists_of_ones_own_are_read_and_those_of_aws_mean_their_service() {
    let own = "  List: { Type: AWS::EC2::PrefixList, Properties: { PrefixListName: x, AddressFamily: IPv4, MaxEntries: 2, Entries: [{ Cidr: 10.0.1.0/24 }] } }\n";
    let by_list = ingress("IpProtocol: tcp, FromPort: 80, ToPort: 80, SourcePrefixListId: !Ref List");
    assert_eq!(between_groups("", &by_list, own, 80), ADMITTED);
    let foreign = ingress("IpProtocol: tcp, FromPort: 80, ToPort: 80, SourcePrefixListId: pl-0123456789abcdef0");
    assert_eq!(between_groups("", &foreign, "", 80), UNKNOWN);
    let to_s3 = ", SecurityGroupEgress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, DestinationPrefixListId: pl-6da54004 }]";
    look(&[NETWORK, &group("From", to_s3)], |reach| {
        let from = member(reach, "A", &["From"]);
        assert!(reach.between(&from, &Party::public_service("s3"), Traffic::tcp(443)).is_admitted());
        assert!(reach.between(&from, &Party::public_service("logs"), Traffic::tcp(443)).is_blocked());
        assert!(reach.between(&from, &subnet(reach, "B"), Traffic::tcp(443)).is_blocked());
    });
}

#[test]
fn g6_without_groups_it_is_in_the_default_group_of_the_vpc() {
    let endpoint = interface("logs", "      PrivateDnsEnabled: true\n");
    look(&[NETWORK, &endpoint, &group("Tasks", ""), &in_both(", SecurityGroups: [!Ref Tasks]")], |reach| {
        let answer = reach.task_to_aws_service(first(reach), "logs");
        assert!(causes(&answer).contains(&Cause::DefaultGroup), "{answer:?}");
    });
    look(&[NETWORK, &endpoint, &in_both("")], |reach| {
        assert!(reach.task_to_aws_service(first(reach), "logs").is_admitted(), "both are members of it");
    });
}

#[test]
fn g8_a_group_is_known_by_itself_and_not_by_its_vpc() {
    let by_group = ingress("IpProtocol: tcp, FromPort: 80, ToPort: 80, SourceSecurityGroupId: !Ref Other");
    let other = "  Other: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of another VPC, VpcId: !Ref Given } }\n";
    look(&[NETWORK, other, &group("To", &by_group)], |reach| {
        let from = member(reach, "A", &["Other"]);
        assert!(reach.between(&from, &member(reach, "B", &["To"]), Traffic::tcp(80)).is_admitted());
    });
}

/// The answer for TCP from A to B, whose network ACL has these entries.
fn through_acl(entries: &[(i32, bool, i32, &str, &str, &str)]) -> (bool, bool, Vec<Cause>) {
    look(&[NETWORK, &acl(entries)], |reach| {
        let answer = reach.between(&subnet(reach, "A"), &subnet(reach, "B"), Traffic::tcp(443));
        (answer.is_admitted(), answer.is_blocked(), causes(&answer))
    })
}

#[test]
fn n1_an_acl_without_entries_refuses_everything_and_the_one_of_the_vpc_nothing() {
    assert_eq!(through_acl(&[]), (false, true, vec![Cause::NetworkAcl, Cause::NetworkAclReplies]));
    look(&[NETWORK], |reach| {
        assert!(reach.between(&subnet(reach, "A"), &subnet(reach, "B"), Traffic::tcp(443)).is_admitted());
    });
}

#[test]
fn n2_the_lowest_number_decides_and_egress_is_off_unless_it_is_said() {
    let out = (1, true, -1, "allow", "0.0.0.0/0", "");
    let allow = (100, false, 6, "allow", "10.0.0.0/16", "");
    let deny = (50, false, 6, "deny", "10.0.1.0/24", ", PortRange: { From: 443, To: 443 }");
    assert_eq!(through_acl(&[allow, out]), ADMITTED);
    assert_eq!(through_acl(&[allow, deny, out]), blocked(Cause::NetworkAcl));
    assert_eq!(through_acl(&[allow, later(deny), out]), ADMITTED);
    assert_eq!(through_acl(&[allow, (50, false, 6, "deny", "!Ref Given", ""), out]), UNKNOWN);
}

fn later<'t>(entry: (i32, bool, i32, &'t str, &'t str, &'t str)) -> (i32, bool, i32, &'t str, &'t str, &'t str) {
    (150, entry.1, entry.2, entry.3, entry.4, entry.5)
}

#[test]
fn n3_within_a_subnet_no_acl_is_asked() {
    look(&[NETWORK, &acl(&[])], |reach| {
        assert!(reach.between(&subnet(reach, "B"), &subnet(reach, "B"), Traffic::tcp(443)).is_admitted());
    });
}

#[test]
fn n4_replies_need_the_whole_range_of_client_ports() {
    let into = (1, false, 6, "allow", "10.0.0.0/16", ", PortRange: { From: 443, To: 443 }");
    let replies = |from, to| {
        let ports = format!(", PortRange: {{ From: {from}, To: {to} }}");
        through_acl(&[into, (1, true, 6, "allow", "10.0.0.0/16", &ports)])
    };
    assert_eq!(replies(1024, 65_535), ADMITTED);
    assert_eq!(replies(443, 443), blocked(Cause::NetworkAclReplies));
    assert_eq!(replies(32_768, 65_535), UNKNOWN, "some replies pass and some do not");
}

/// What is in the way of tasks in A and B, without security groups to speak of, to the public addresses of a service.
fn way_out(more: &[&str], public: bool) -> Answer<'static> {
    let groups =
        if public { ", SecurityGroups: [!Ref Open], AssignPublicIp: ENABLED" } else { ", SecurityGroups: [!Ref Open]" };
    let (open, tasks) = (group("Open", ""), in_both(groups));
    let mut parts = vec![NETWORK, open.as_str(), tasks.as_str()];
    parts.extend(more);
    look(&parts, |reach| {
        let service: Service<'_> = first(reach);
        let tasks = reach.tasks(service).expect("subnets");
        let answers = tasks.iter().map(|task| reach.to_internet(task, Traffic::tcp(443)));
        match answers.reduce(Answer::and).expect("two") {
            Answer::Admitted => Answer::Admitted,
            Answer::Blocked(blockers) => Answer::Blocked(
                blockers
                    .into_iter()
                    .map(|one| ringfence::reach::Blocker::new(one.cause, one.end, one.resource))
                    .collect(),
            ),
            Answer::Unknown(doubts) => Answer::Unknown(
                doubts
                    .iter()
                    .map(|doubt| match doubt.reason {
                        Reason::ForeignNetwork => ringfence::reach::Doubt::about(Reason::ForeignNetwork),
                        Reason::Inspected => ringfence::reach::Doubt::about(Reason::Inspected),
                        Reason::Undocumented => ringfence::reach::Doubt::about(Reason::Undocumented),
                        _ => ringfence::reach::Doubt::about(Reason::Outside),
                    })
                    .collect(),
            ),
        }
    })
}

fn only(cause: Cause, answer: &Answer<'_>) {
    assert!(!causes(answer).is_empty() && causes(answer).iter().all(|found| *found == cause), "{answer:?}");
}

#[test]
fn r1_a_subnet_without_a_table_of_its_own_leads_nowhere() {
    let lone = "  C: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.3.0/24 } }\n";
    look(&[NETWORK, GATEWAY, DEFAULT_ROUTE, lone], |reach| {
        let from = Party { is_public: Some(true), ..subnet(reach, "C") };
        only(Cause::NoRoute, &reach.to_internet(&from, Traffic::tcp(443)));
        let from = Party { is_public: Some(true), ..subnet(reach, "A") };
        assert!(reach.to_internet(&from, Traffic::tcp(443)).is_admitted());
    });
}

#[test]
fn r2_the_longest_prefix_wins() {
    let half = "  Half: { Type: AWS::EC2::Route, Properties: { RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/1, TransitGatewayId: tgw-1 } }\n  Rest: { Type: AWS::EC2::Route, Properties: { RouteTableId: !Ref Table, DestinationCidrBlock: 128.0.0.0/1, TransitGatewayId: tgw-1 } }\n";
    let answer = way_out(&[GATEWAY, DEFAULT_ROUTE, half], true);
    assert_eq!(reason(&answer), Some(Reason::ForeignNetwork), "nothing is left for the default route");
}

#[test]
fn r3_a_default_route_of_one_family_says_nothing_of_the_other() {
    look(&[NETWORK, GATEWAY, DEFAULT_ROUTE], |reach| {
        let mut from = Party { is_public: Some(true), ..subnet(reach, "A") };
        from.addresses.extend(Addresses::of_cidr("2001:db8::/64"));
        let v6 = Traffic { family: Family::V6, ..Traffic::tcp(443) };
        only(Cause::NoRoute, &reach.to_internet(&from, v6));
    });
}

#[test]
fn r5_a_gateway_has_to_be_attached_and_routed_to() {
    only(Cause::NoRoute, &way_out(&[GATEWAY], true));
    let loose = "  Igw: { Type: AWS::EC2::InternetGateway }\n";
    only(Cause::GatewayNotAttached, &way_out(&[loose, DEFAULT_ROUTE], true));
    assert!(way_out(&[GATEWAY, DEFAULT_ROUTE], true).is_admitted());
}

#[test]
fn r6_private_addresses_do_not_pass_an_internet_gateway() {
    only(Cause::NoPublicAddress, &way_out(&[GATEWAY, DEFAULT_ROUTE], false));
}

#[test]
fn r7_what_arrives_and_cannot_be_answered_is_unknown() {
    let open = group("Open", &ingress("IpProtocol: -1, CidrIp: 0.0.0.0/0"));
    let tasks = in_both(", SecurityGroups: [!Ref Open], AssignPublicIp: ENABLED");
    let ask = |parts: &[&str]| {
        look(parts, |reach| {
            let task = reach.tasks(first(reach)).expect("subnets").first().expect("one").clone();
            let answer = reach.from_internet(&task, Traffic::any(Family::V4, Protocol::TCP));
            (answer.is_admitted(), answer.is_blocked())
        })
    };
    assert_eq!(ask(&[NETWORK, GATEWAY, DEFAULT_ROUTE, &open, &tasks]), (true, false));
    assert_eq!(ask(&[NETWORK, GATEWAY, &open, &tasks]), (false, false));
    assert_eq!(ask(&[NETWORK, &open, &tasks]), (false, true));
    assert_eq!(ask(&[NETWORK, GATEWAY, DEFAULT_ROUTE, &group("Open", ""), &tasks]), (false, true));
}

const NAT: &str = "
  Nat: { Type: AWS::EC2::NatGateway, Properties: { SubnetId: !Ref Public } }
  Out: { Type: AWS::EC2::Route, Properties: { RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat } }
  Public: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.9.0/24 } }
  PublicTable: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Vpc } }
  PublicTableOf: { Type: AWS::EC2::SubnetRouteTableAssociation, Properties: { SubnetId: !Ref Public, RouteTableId: !Ref PublicTable } }
";

const NAT_ROUTE: &str = "
  NatOut: { Type: AWS::EC2::Route, Properties: { RouteTableId: !Ref PublicTable, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw } }
";

#[test]
fn r8_a_nat_gateway_leads_out_when_it_is_public_and_has_a_way_itself() {
    assert!(way_out(&[NAT, NAT_ROUTE, GATEWAY], false).is_admitted());
    only(Cause::NatWithoutWayOut, &way_out(&[NAT, GATEWAY], false));
    let private = NAT.replace("SubnetId: !Ref Public }", "SubnetId: !Ref Public, ConnectivityType: private }");
    only(Cause::PrivateNat, &way_out(&[&private, NAT_ROUTE, GATEWAY], false));
    let outside = "  Out: { Type: AWS::EC2::Route, Properties: { RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Given } }\n";
    assert_eq!(reason(&way_out(&[outside], false)), Some(Reason::Outside));
    look(&[NETWORK, NAT], |reach| {
        assert!(first::<NatGateway<'_>>(reach).connectivity() == Field::Known("public".into()))
    });
}

#[test]
fn r9_an_egress_only_gateway_leads_out_over_ipv6() {
    let egress = "  Eigw: { Type: AWS::EC2::EgressOnlyInternetGateway, Properties: { VpcId: !Ref Vpc } }\n  Out: { Type: AWS::EC2::Route, Properties: { RouteTableId: !Ref Table, DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: !Ref Eigw } }\n";
    look(&[NETWORK, egress], |reach| {
        let mut from = subnet(reach, "A");
        from.addresses.extend(Addresses::of_cidr("2001:db8::/64"));
        assert!(reach.to_internet(&from, Traffic { family: Family::V6, ..Traffic::tcp(443) }).is_admitted());
        assert!(reach.to_internet(&from, Traffic::tcp(443)).is_blocked());
    });
}

#[test]
fn r10_a_gateway_endpoint_counts_in_the_tables_that_it_names() {
    let ask = |more: &[&str]| {
        let tasks = in_both(", SecurityGroups: [!Ref Open]");
        let open = group("Open", "");
        let mut parts = vec![NETWORK, &open, &tasks];
        parts.extend(more);
        look(&parts, |reach| causes(&reach.task_to_aws_service(first(reach), "s3")))
    };
    assert_eq!(ask(&[&s3_gateway(", RouteTableIds: [!Ref Table]")]), []);
    assert!(ask(&[&s3_gateway("")]).contains(&Cause::GatewayNotInTable));
    assert!(ask(&[]).contains(&Cause::NoEndpoint));
    assert_eq!(ask(&[&s3_gateway(""), NAT, NAT_ROUTE, GATEWAY]), [], "there is another way");
}

#[test]
fn r11_r12_r13_r14_other_networks_and_appliances_are_not_known() {
    let route = |target: &str| {
        format!(
            "  Out: {{ Type: AWS::EC2::Route, Properties: {{ RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, {target} }} }}\n"
        )
    };
    for (target, wanted) in [
        ("VpcPeeringConnectionId: pcx-1", Reason::ForeignNetwork),
        ("TransitGatewayId: tgw-1", Reason::ForeignNetwork),
        ("GatewayId: vgw-1", Reason::ForeignNetwork),
        ("CarrierGatewayId: cagw-1", Reason::ForeignNetwork),
        ("VpcEndpointId: vpce-1", Reason::Inspected),
        ("InstanceId: i-1", Reason::Inspected),
    ] {
        assert_eq!(reason(&way_out(&[&route(target)], false)), Some(wanted), "{target}");
    }
}

#[test]
fn r16_public_access_that_may_be_blocked_is_not_admitted() {
    let block = "  Bpa: { Type: AWS::EC2::VPCBlockPublicAccessOptions, Properties: { InternetGatewayBlockMode: block-bidirectional } }\n";
    assert_eq!(reason(&way_out(&[GATEWAY, DEFAULT_ROUTE, block], true)), Some(Reason::Undocumented));
}

#[test]
fn r4_within_a_vpc_a_route_to_an_appliance_comes_before_the_local_one() {
    let groups = group("One", "")
        + &group("Other", &ingress("IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16"));
    let route = |destination: &str, target: &str| {
        format!(
            "  Detour: {{ Type: AWS::EC2::Route, Properties: {{ RouteTableId: !Ref Table, DestinationCidrBlock: {destination}, {target} }} }}\n"
        )
    };
    let asked = |route: &str| {
        look(&[NETWORK, &groups, route], |reach| {
            let (from, to) = (member(reach, "A", &["One"]), member(reach, "B", &["Other"]));
            let answer = reach.between(&from, &to, Traffic::tcp(443));
            (answer.is_admitted(), matches!(reason(&answer), Some(Reason::Inspected)))
        })
    };
    assert_eq!(asked(""), (true, false));
    assert_eq!(asked(&route("0.0.0.0/0", "NetworkInterfaceId: eni-0123456789abcdef0")), (true, false));
    assert_eq!(asked(&route("10.0.0.0/8", "VpcEndpointId: vpce-0123456789abcdef0")), (true, false), "wider than local");
    for destination in ["10.0.0.0/16", "10.0.2.0/24"] {
        let route = route(destination, "VpcEndpointId: vpce-0123456789abcdef0");
        assert_eq!(asked(&route), (false, true), "{destination}");
    }
}

#[test]
fn r12_a_transit_gateway_leads_on_as_its_own_tables_say() {
    let transit = |more: &str| {
        format!(
            "
  Hub: {{ Type: AWS::EC2::TransitGateway, Properties: {{ DefaultRouteTableAssociation: disable, DefaultRouteTablePropagation: disable }} }}
  Spoke: {{ Type: AWS::EC2::TransitGatewayAttachment, Properties: {{ TransitGatewayId: !Ref Hub, VpcId: !Ref Vpc, SubnetIds: [!Ref A, !Ref B] }} }}
  Default: {{ Type: AWS::EC2::Route, Properties: {{ RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, TransitGatewayId: !Ref Hub }} }}
  Routes: {{ Type: AWS::EC2::TransitGatewayRouteTable, Properties: {{ TransitGatewayId: !Ref Hub }} }}
{more}"
        )
    };
    const USED: &str = "  Used: { Type: AWS::EC2::TransitGatewayRouteTableAssociation, Properties: { TransitGatewayAttachmentId: !Ref Spoke, TransitGatewayRouteTableId: !Ref Routes } }\n";
    let onward = |more: &str| {
        format!(
            "{USED}  Onward: {{ Type: AWS::EC2::TransitGatewayRoute, Properties: {{ TransitGatewayRouteTableId: !Ref Routes, {more} }} }}\n"
        )
    };
    let asked = |more: &str| way_out(&[transit(more).as_str()], false);
    only(Cause::NoRoute, &asked(""));
    only(Cause::NoRoute, &asked(USED));
    only(Cause::NoRoute, &asked(&onward("DestinationCidrBlock: 10.0.0.0/8, TransitGatewayAttachmentId: !Ref Spoke")));
    only(Cause::NoRoute, &asked(&onward("DestinationCidrBlock: 0.0.0.0/0, Blackhole: true")));
    let leads_on =
        asked(&onward("DestinationCidrBlock: 0.0.0.0/0, TransitGatewayAttachmentId: tgw-attach-0123456789abcdef0"));
    assert_eq!(reason(&leads_on), Some(Reason::ForeignNetwork));
    let propagated = format!(
        "{USED}  Brought: {{ Type: AWS::EC2::TransitGatewayRouteTablePropagation, Properties: {{ TransitGatewayAttachmentId: tgw-attach-0123456789abcdef0, TransitGatewayRouteTableId: !Ref Routes }} }}\n"
    );
    assert_eq!(reason(&asked(&propagated)), Some(Reason::ForeignNetwork));
}

#[test]
fn a_budget_that_is_used_up_is_told() {
    // Every other address refused, so that what is left is in more pieces than are looked at.
    let entries: String = (0..300)
        .map(|at| {
            let cidr = format!("10.0.1.{}/32", at % 250);
            let ports = format!("{{ From: {}, To: {} }}", 40_000 + at * 7, 40_003 + at * 7);
            format!("  Refused{at}: {{ Type: AWS::EC2::NetworkAclEntry, Properties: {{ NetworkAclId: !Ref Acl, RuleNumber: {}, Protocol: 6, RuleAction: deny, CidrBlock: {cidr}, PortRange: {ports} }} }}\n", at + 1)
        })
        .collect();
    let acl = acl(&[(900, false, -1, "allow", "0.0.0.0/0", ""), (900, true, -1, "allow", "0.0.0.0/0", "")]);
    let groups = group("One", "") + &group("Other", &ingress("IpProtocol: '-1', CidrIp: 10.0.0.0/16"));
    let asked = |traffic: Traffic, entries: &str| {
        look(&[NETWORK, &groups, &acl, entries], |reach| {
            let (from, to) = (member(reach, "A", &["One"]), member(reach, "B", &["Other"]));
            let answer = reach.between(&from, &to, traffic);
            (answer.is_admitted(), reach.is_exhausted())
        })
    };
    let all = Traffic::any(Family::V4, Protocol::TCP);
    assert_eq!(asked(all, ""), (true, false));
    assert_eq!(asked(all, &entries), (false, true));
}
