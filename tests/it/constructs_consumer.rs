//! Consumers: their stacks, the policy of those who create the endpoint, the hand-off sheet, and every mistake.

use ringfence::cfn::{Function, Value};
use ringfence::constructs::{ParameterBinding, Stack, StackResource, deploy_command};
use ringfence::diagnostics::codes::consumer as codes;

use crate::building::{findings, json, of_type, only, property};
use crate::sharing::{Built, assert_examples, build};

const ENDPOINT: &str = "AWS::EC2::VPCEndpoint";
const VPC: &str = "vpc: { id: vpc-0123456789abcdef0, cidrs: 10.30.0.0/16, subnets: [subnet-0123456789abcdef0, subnet-0fedcba9876543210] }";
const ALLOW: &str = "privateLink: { allow: [\"222233334444\"] }";

fn orders(text: &str) -> Built {
    let built = build(text);
    assert!(built.consumers.contains_key("orders"));
    built
}

fn stack(built: &Built) -> &Stack {
    built.consumers.get("orders").expect("the consumer has a stack")
}

/// A consumer with these settings of a service that its account may connect to.
fn consumer(settings: &str) -> Built {
    orders(&format!("{ALLOW}\nconsumers: {{ orders: {{ account: \"222233334444\", {settings} }} }}"))
}

#[test]
fn a_consumer_with_a_known_vpc() {
    let built = consumer(VPC);
    assert_eq!(findings(stack(&built)), [] as [&str; 0]);
    insta::assert_snapshot!(json(&stack(&built).template()));
}

#[test]
fn a_consumer_of_whom_only_the_account_is_known() {
    let built = consumer("stackName: payments-endpoint");
    assert_eq!(findings(stack(&built)), [] as [&str; 0]);
    insta::assert_snapshot!(json(&stack(&built).template()));
}

#[test]
fn a_consumer_with_everything_on() {
    let built = orders(&format!(
        "network: {{ ipv6: true }}
loadBalancer: {{ ipAddressType: dualstack }}
listeners: [{{ port: 443, to: api, tls: {{ certificate: 'arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d' }} }}, {{ port: 8443, to: api }}]
privateLink:
  allow: [{{ account: \"222233334444\", vpcs: [vpc-0123456789abcdef0] }}]
  privateDns: {{ name: payments.example.com, verified: true }}
  regions: [eu-central-1]
consumers:
  orders: {{ account: \"222233334444\", region: eu-central-1, {VPC}, clients: [10.30.4.0/24, 'fd00:30::/64'], alias: payments.orders.internal, ipType: dualstack, creatorRoles: [deployer, admin], serviceName: stack-output }}"
    ));
    assert_eq!(findings(stack(&built)), [] as [&str; 0]);
    assert_eq!(findings(&built.provider), [] as [&str; 0]);
    insta::assert_snapshot!(json(&stack(&built).template()));
}

#[test]
fn every_page_of_consumers_shows_what_it_says() {
    assert_examples(codes::PAGES);
}

/// Port, protocol and source of each rule of the endpoint's group.
fn admitted(stack: &Stack) -> Vec<String> {
    let group = only(stack, "AWS::EC2::SecurityGroup");
    let rules = property(group, "SecurityGroupIngress").as_list().expect("a list");
    let source = |rule: &Value| rule.get("CidrIp").or(rule.get("CidrIpv6")).map(json).unwrap_or_default();
    let line = |rule: &Value| {
        let port = rule.get("FromPort").and_then(Value::as_int).unwrap_or_default();
        let protocol = rule.get("IpProtocol").and_then(Value::as_str).unwrap_or_default();
        format!("{protocol} {port} from {}", source(rule).replace(['"', '\n', ' '], ""))
    };
    rules.iter().map(line).collect()
}

#[test]
fn the_service_name_is_a_parameter_without_a_default_bound_to_the_output_of_the_provider() {
    let built = consumer(VPC);
    let stack = stack(&built);
    let parameter = stack.parameters().get("EndpointServiceName").expect("a parameter");
    assert_eq!(parameter.get("Default"), None);
    assert_eq!(property(only(stack, ENDPOINT), "ServiceName"), &Value::reference("EndpointServiceName"));
    assert_eq!(
        stack.bindings(),
        [ParameterBinding {
            parameter: "EndpointServiceName".to_owned(),
            producer: "payments".to_owned(),
            output: "EndpointServiceName".to_owned()
        }]
    );
    assert!(built.provider.outputs().contains_key("EndpointServiceName"));
}

#[test]
fn nothing_is_imported_from_the_provider() {
    for settings in [VPC, "serviceName: stack-output"] {
        let built = consumer(settings);
        assert!(!json(&stack(&built).template()).contains("Fn::ImportValue"));
    }
}

#[test]
fn the_pattern_of_the_service_name_takes_the_name_and_not_the_id() {
    let built = consumer(VPC);
    let parameter = stack(&built).parameters().get("EndpointServiceName").expect("a parameter");
    let pattern = parameter.get("AllowedPattern").and_then(Value::as_str);
    assert_eq!(pattern, Some("^com\\.amazonaws\\.vpce\\.eu-west-1\\.vpce-svc-[0-9a-f]{8,17}$"));
}

#[test]
fn a_consumer_is_deployed_after_the_provider_whose_allow_list_it_needs() {
    let built = consumer(VPC);
    assert_eq!(stack(&built).dependencies(), ["payments"]);
    // The output is there only once the whole provider stack is, its allow-list included.
    assert_eq!(of_type(&built.provider, "AWS::EC2::VPCEndpointServicePermissions").len(), 1);
}

#[test]
fn the_stack_is_in_the_account_and_region_of_the_consumer() {
    let built = orders(
        "privateLink: { allow: [\"222233334444\"], regions: [eu-central-1] }
consumers: { orders: { account: \"222233334444\", region: eu-central-1 } }",
    );
    let env = &stack(&built).props().env;
    assert_eq!(env.account.as_ref().map(|account| account.as_str()), Some("222233334444"));
    assert_eq!(env.region.as_ref().map(|region| region.as_str()), Some("eu-central-1"));
    let built = consumer(VPC);
    let region = stack(&built).props().env.region.clone();
    assert_eq!(region.as_ref().map(|region| region.as_str()), Some("eu-west-1"));
}

#[test]
fn the_endpoint_admits_the_clients_on_the_ports_of_the_listeners_and_nothing_else() {
    let listeners = "listeners: [{ port: 443, to: api }, { port: 53, to: api, protocol: tcp_udp }]";
    let built =
        orders(&format!("{listeners}\n{ALLOW}\nconsumers: {{ orders: {{ account: \"222233334444\", {VPC} }} }}"));
    assert_eq!(
        admitted(stack(&built)),
        ["tcp 443 from 10.30.0.0/16", "tcp 53 from 10.30.0.0/16", "udp 53 from 10.30.0.0/16"]
    );
    let built = consumer(&format!("{VPC}, clients: [10.30.4.0/24]"));
    assert_eq!(admitted(stack(&built)), ["tcp 8080 from 10.30.4.0/24"]);
}

#[test]
fn a_vpc_that_is_not_known_is_asked_for_by_typed_parameters() {
    let built = consumer("");
    let parameters = stack(&built).parameters();
    let kind = |name: &str| parameters.get(name).and_then(|parameter| parameter.get("Type")).and_then(Value::as_str);
    assert_eq!(kind("VpcId"), Some("AWS::EC2::VPC::Id"));
    assert_eq!(kind("SubnetIds"), Some("List<AWS::EC2::Subnet::Id>"));
    assert_eq!(kind("ClientCidr"), Some("String"));
    assert_eq!(admitted(stack(&built)), ["tcp 8080 from {Ref:ClientCidr}"]);
    let named = consumer("clients: [10.30.4.0/24]");
    assert!(!stack(&named).parameters().contains_key("ClientCidr"));
}

#[test]
fn the_vpc_parameter_takes_only_vpcs_that_may_connect() {
    let built = orders(
        "privateLink: { allow: [{ account: \"222233334444\", vpcs: [vpc-0123456789abcdef0, vpc-0fedcba9876543210] }] }
consumers: { orders: { account: \"222233334444\" } }",
    );
    let parameter = stack(&built).parameters().get("VpcId").expect("a parameter");
    assert_eq!(parameter.get("AllowedValues"), Some(&Value::list(["vpc-0123456789abcdef0", "vpc-0fedcba9876543210"])));
}

#[test]
fn private_dns_is_on_only_once_the_name_is_verified() {
    for (verified, expected) in [(false, false), (true, true)] {
        let built = orders(&format!(
            "privateLink: {{ allow: [\"222233334444\"], privateDns: {{ name: payments.example.com, verified: {verified} }} }}
consumers: {{ orders: {{ account: \"222233334444\", {VPC} }} }}"
        ));
        let endpoint = only(stack(&built), ENDPOINT);
        assert_eq!(property(endpoint, "PrivateDnsEnabled"), &Value::from(expected));
    }
    let built = consumer(VPC);
    assert_eq!(property(only(stack(&built), ENDPOINT), "PrivateDnsEnabled"), &Value::from(false));
}

#[test]
fn only_an_endpoint_to_another_region_names_it() {
    let built = consumer(VPC);
    assert_eq!(only(stack(&built), ENDPOINT).resource.property("ServiceRegion"), None);
    let built = orders(
        "privateLink: { allow: [\"222233334444\"], regions: [eu-central-1] }
consumers: { orders: { account: \"222233334444\", region: eu-central-1 } }",
    );
    assert_eq!(property(only(stack(&built), ENDPOINT), "ServiceRegion"), &Value::from("eu-west-1"));
}

#[test]
fn an_alias_is_in_a_hosted_zone_of_the_vpc_and_leads_to_the_name_that_is_good_in_all_zones() {
    let built = consumer(&format!("{VPC}, alias: payments.orders.internal"));
    let zone = only(stack(&built), "AWS::Route53::HostedZone");
    assert_eq!(property(zone, "VPCs/0/VPCId"), &Value::from("vpc-0123456789abcdef0"));
    let record = only(stack(&built), "AWS::Route53::RecordSet");
    assert_eq!(property(record, "Type"), &Value::from("A"));
    let entry = Value::select(0, only(stack(&built), ENDPOINT).logical_id.attribute("DnsEntries"));
    let parts = Value::call(Function::Split, Value::list([Value::from(":"), entry]));
    assert_eq!(property(record, "AliasTarget/HostedZoneId"), &Value::select(0, parts.clone()));
    assert_eq!(property(record, "AliasTarget/DNSName"), &Value::select(1, parts));
}

fn statements(built: &Built) -> Vec<Value> {
    let policy: &StackResource = only(stack(built), "AWS::IAM::ManagedPolicy");
    property(policy, "PolicyDocument/Statement").as_list().expect("a list").to_vec()
}

fn statement(built: &Built, sid: &str) -> Value {
    let found =
        statements(built).into_iter().find(|statement| statement.get("Sid") == Some(&Value::from(sid.to_owned())));
    found.unwrap_or_else(|| panic!("no statement `{sid}`"))
}

#[test]
fn creators_may_create_the_endpoint_of_this_service_only() {
    let built = consumer(&format!("{VPC}, creatorRoles: [deployer]"));
    let endpoint = statement(&built, "Endpoint");
    assert_eq!(
        endpoint.get("Condition"),
        Some(&Value::map([(
            "StringEquals",
            Value::map([("ec2:VpceServiceName", Value::reference("EndpointServiceName"))])
        )]))
    );
    assert!(json(&endpoint).contains(":vpc-endpoint/*"));
}

#[test]
fn creators_may_create_it_in_this_vpc_and_these_subnets_with_this_group_only() {
    let built = consumer(&format!("{VPC}, creatorRoles: [deployer]"));
    let place = json(&statement(&built, "Place"));
    assert!(place.contains(":vpc/vpc-0123456789abcdef0") && place.contains(":security-group/"), "{place}");
    assert!(!place.contains("\"Condition\"") && !place.contains("/*"), "{place}");
    let subnets = json(&statement(&built, "Subnets"));
    assert!(
        subnets.contains(":subnet/subnet-0123456789abcdef0") && subnets.contains(":subnet/subnet-0fedcba9876543210")
    );
    assert!(!subnets.contains("/*"), "{subnets}");
}

#[test]
fn subnets_that_are_not_known_are_limited_by_a_condition() {
    let built = consumer("creatorRoles: [deployer]");
    let subnets = statement(&built, "Subnets");
    let condition = subnets.get("Condition").and_then(|condition| condition.get("StringEquals"));
    assert_eq!(condition.and_then(|keys| keys.get("ec2:SubnetID")), Some(&Value::reference("SubnetIds")));
    assert!(json(&statement(&built, "Place")).contains("\"Ref\": \"VpcId\""));
}

#[test]
fn only_actions_without_resources_are_allowed_on_everything() {
    let built = consumer(&format!("{VPC}, creatorRoles: [deployer]"));
    for statement in statements(&built) {
        if statement.get("Resource") == Some(&Value::from("*")) {
            let actions = statement.get("Action").and_then(Value::as_list).expect("a list");
            assert!(
                actions.iter().all(|action| action.as_str().is_some_and(|action| action.starts_with("ec2:Describe")))
            );
        }
    }
}

#[test]
fn creators_across_regions_need_a_permission_of_its_own() {
    let built = orders(
        "privateLink: { allow: [\"222233334444\"], regions: [eu-central-1] }
consumers: { orders: { account: \"222233334444\", region: eu-central-1, creatorRoles: [deployer] } }",
    );
    let across = statement(&built, "AcrossRegions");
    assert_eq!(across.get("Action"), Some(&Value::from("vpce:AllowMultiRegion")));
    assert!(json(&across).contains(":ec2:eu-west-1:111122223333:vpc-endpoint-service/*"));
    assert!(json(&statement(&built, "Endpoint")).contains("\"ec2:VpceServiceRegion\": \"eu-west-1\""));
    let near = consumer(&format!("{VPC}, creatorRoles: [deployer]"));
    assert!(!json(&stack(&near).template()).contains("AllowMultiRegion"));
}

#[test]
fn no_policy_is_made_without_roles() {
    let built = consumer(VPC);
    assert!(of_type(stack(&built), "AWS::IAM::ManagedPolicy").is_empty());
}

#[test]
fn a_service_name_from_the_stack_output_is_read_by_a_role_that_only_reads_this_stack() {
    let built = consumer(&format!("{VPC}, serviceName: stack-output"));
    let stack = stack(&built);
    assert!(stack.bindings().is_empty() && !stack.parameters().contains_key("EndpointServiceName"));
    let name = property(only(stack, ENDPOINT), "ServiceName").as_intrinsic().expect("a function");
    assert_eq!(name.function, Function::GetStackOutput);
    assert_eq!(name.argument.get("StackName"), Some(&Value::from("payments")));
    assert_eq!(name.argument.get("OutputName"), Some(&Value::from("EndpointServiceName")));
    assert_eq!(name.argument.get("Region"), Some(&Value::from("eu-west-1")));
    let role = only(&built.provider, "AWS::IAM::Role");
    let role_name = property(role, "RoleName").as_str().expect("a name").to_owned();
    let arn = json(name.argument.get("RoleArn").expect("a role"));
    assert!(arn.contains(&format!(":iam::111122223333:role/{role_name}")), "{arn}");
    let trust = json(property(role, "AssumeRolePolicyDocument"));
    assert!(trust.contains(":iam::222233334444:root"), "{trust}");
    let allowed = property(role, "Policies/0/PolicyDocument/Statement/0");
    assert_eq!(allowed.get("Action"), Some(&Value::from("cloudformation:DescribeStacks")));
    assert_eq!(allowed.get("Resource"), Some(&Value::reference("AWS::StackId")));
}

#[test]
fn within_one_account_no_role_is_needed_to_read_the_output() {
    let built = orders(
        "privateLink: { allow: [\"111122223333\"] }
consumers: { orders: { account: \"111122223333\", serviceName: stack-output } }",
    );
    assert!(of_type(&built.provider, "AWS::IAM::Role").is_empty());
    assert!(!json(&stack(&built).template()).contains("RoleArn"));
}

#[test]
fn a_reader_role_of_the_spec_takes_the_place_of_a_new_one() {
    let role = "arn:aws:iam::111122223333:role/reader";
    let built = consumer(&format!("{VPC}, serviceName: stack-output, readerRole: '{role}'"));
    assert!(of_type(&built.provider, "AWS::IAM::Role").is_empty());
    assert!(json(&stack(&built).template()).contains(role));
}

#[test]
fn outputs_tell_the_endpoint_and_the_name_that_clients_call() {
    let value = |built: &Built, output: &str| {
        stack(built).outputs().get(output).and_then(|output| output.get("Value")).cloned()
    };
    let built = consumer(VPC);
    assert_eq!(value(&built, "EndpointId"), Some(only(stack(&built), ENDPOINT).logical_id.reference()));
    assert!(value(&built, "ServiceDnsName").is_some_and(|name| json(&name).contains("DnsEntries")));
    let built = consumer(&format!("{VPC}, alias: payments.orders.internal"));
    assert_eq!(value(&built, "ServiceDnsName"), Some(Value::from("payments.orders.internal")));
}

#[test]
fn mistakes_of_all_consumers_are_reported_at_once() {
    let built = build(
        "privateLink: { allow: [{ account: \"222233334444\", vpcs: [vpc-0123456789abcdef0] }] }
consumers:
  billing: { account: \"333344445555\", region: us-east-1 }
  orders: { account: \"222233334444\", vpc: { id: main, cidrs: 10.30.0.0/16, subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef0, a] } }",
    );
    let all: Vec<String> = built.consumers.values().flat_map(findings).collect();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn the_sheet_of_a_near_consumer() {
    insta::assert_snapshot!(consumer(VPC).sheets["orders"]);
}

#[test]
fn the_sheet_of_a_distant_consumer_with_much_to_know() {
    let built = orders(
        "listeners: [{ port: 443, to: api, tls: { certificate: 'arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d' } }, { port: 53, to: api, protocol: tcp_udp }]
loadBalancer: { enforcePrivateLink: true }
privateLink:
  allow: [{ account: \"222233334444\", vpcs: [vpc-0123456789abcdef0], cidrs: [10.30.0.0/16] }]
  privateDns: { name: payments.example.com }
  regions: [eu-south-1]
consumers: { orders: { account: \"222233334444\", region: eu-south-1, creatorRoles: [deployer] } }",
    );
    insta::assert_snapshot!(built.sheets["orders"]);
}

#[test]
fn the_sheet_says_nothing_about_what_is_not_asked_for() {
    let built = orders(
        "privateLink: { allow: [\"222233334444\"], acceptance: automatic, payer: provider }
consumers: { orders: { account: \"222233334444\", serviceName: stack-output } }",
    );
    let sheet = &built.sheets["orders"];
    assert!(sheet.contains("Nobody has to accept the connection."));
    assert!(sheet.contains("The provider pays for the endpoint."));
    assert!(!sheet.contains("accept-vpc-endpoint-connections") && !sheet.contains("=SERVICE_NAME"), "{sheet}");
}

#[test]
fn the_deploy_command_gives_every_parameter_without_a_default() {
    let built = consumer("");
    assert_eq!(
        deploy_command(stack(&built)),
        "cdk deploy payments-orders \\
  --parameters payments-orders:EndpointServiceName=SERVICE_NAME \\
  --parameters payments-orders:VpcId=VPC_ID \\
  --parameters payments-orders:SubnetIds=SUBNET_IDS \\
  --parameters payments-orders:ClientCidr=CLIENT_CIDR"
    );
}
