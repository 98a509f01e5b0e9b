//! The endpoint service: who may connect, private DNS, Regions, notifications, and every mistake.

use ringfence::cfn::Value;
use ringfence::constructs::StackResource;
use ringfence::diagnostics::codes::private_link as codes;

use crate::building::{at, errors, findings, json, of_type, only, property};
use crate::sharing::{assert_examples, build};

const SERVICE: &str = "AWS::EC2::VPCEndpointService";
const PERMISSIONS: &str = "AWS::EC2::VPCEndpointServicePermissions";
const ZONE: &str = "privateDns: { name: payments.example.com, hostedZone: Z0123456789ABCDEFGHIJ";

#[test]
fn a_service_for_one_account() {
    let built = build(r#"privateLink: { allow: ["222233334444"] }"#);
    assert_eq!(findings(&built.provider), [] as [&str; 0]);
    insta::assert_snapshot!(json(&built.provider.template()));
}

#[test]
fn a_service_with_everything_on() {
    let built = build(
        r#"network: { ipv6: true }
loadBalancer: { ipAddressType: dualstack }
privateLink:
  allow: ["222233334444", "arn:aws:iam::333344445555:role/caller", { account: "444455556666", vpcs: [vpc-0123456789abcdef0] }]
  acceptance: manual
  privateDns: { name: "*.payments.example.com", hostedZone: Z0123456789ABCDEFGHIJ, verify: true, verified: true }
  regions: [eu-central-1, eu-north-1]
  notifications: { emails: [team@example.com] }
  contributorInsights: true
  payer: provider"#,
    );
    assert_eq!(findings(&built.provider), [] as [&str; 0]);
    insta::assert_snapshot!(json(&built.provider.template()));
}

#[test]
fn every_page_of_private_link_shows_what_it_says() {
    assert_examples(codes::PAGES);
}

fn allowed(text: &str) -> Value {
    let built = build(&format!("privateLink: {{ allow: {text} }}"));
    property(only(&built.provider, PERMISSIONS), "AllowedPrincipals").clone()
}

fn depends_on(resource: &StackResource, other: &StackResource) -> bool {
    resource.depends_on.contains(&other.logical_id)
}

#[test]
fn there_is_exactly_one_allow_list_of_the_service() {
    let built = build(r#"privateLink: { allow: ["222233334444", "333344445555"] }"#);
    let permissions = only(&built.provider, PERMISSIONS);
    assert_eq!(property(permissions, "ServiceId"), &only(&built.provider, SERVICE).logical_id.reference());
}

#[test]
fn an_account_number_becomes_the_root_of_the_account_in_the_partition_of_the_stack() {
    let root =
        Value::join([Value::from("arn:"), Value::reference("AWS::Partition"), Value::from(":iam::222233334444:root")]);
    assert_eq!(allowed(r#"["222233334444"]"#), Value::list([root]));
}

#[test]
fn documented_principals_and_tokens_stay_as_they_are() {
    let list = allowed(r#"["arn:aws:iam::222233334444:role/caller", "${Token[TOKEN.7]}", { Ref: Consumer }]"#);
    assert_eq!(
        list,
        Value::list([
            Value::from("arn:aws:iam::222233334444:role/caller"),
            Value::from("${Token[TOKEN.7]}"),
            Value::reference("Consumer")
        ])
    );
}

#[test]
fn what_cannot_be_allowed_is_reported_with_what_to_write_instead() {
    let built = build(
        r#"privateLink:
  allow:
    - vpc-0123456789abcdef0
    - arn:aws:ec2:eu-west-1:222233334444:vpc/vpc-0123456789abcdef0
    - arn:aws:sts::222233334444:assumed-role/caller/session
    - arn:aws:iam::222233334444:role/team/caller
    - arn:aws:iam::222233334444:group/callers
    - arn:aws-cn:iam::222233334444:root
    - 2222-3333-4444
    - arn:${AWS::Partition}:iam::222233334444:root
    - everyone"#,
    );
    insta::assert_snapshot!(findings(&built.provider).join("\n"));
    assert_eq!(property(only(&built.provider, PERMISSIONS), "AllowedPrincipals"), &Value::List(Vec::new()));
}

#[test]
fn acceptance_is_always_said() {
    for (word, required) in [("manual", true), ("automatic", false)] {
        let built = build(&format!(r#"privateLink: {{ allow: ["222233334444"], acceptance: {word} }}"#));
        assert_eq!(property(only(&built.provider, SERVICE), "AcceptanceRequired"), &Value::from(required));
    }
}

#[test]
fn an_account_and_its_role_are_two_principals() {
    let built = build(r#"privateLink: { allow: ["222233334444", "arn:aws:iam::222233334444:role/caller"] }"#);
    assert_eq!(errors(&built.provider), [] as [&str; 0]);
}

#[test]
fn the_service_name_is_an_output_in_the_form_of_its_partition() {
    for (region, prefix) in [("eu-west-1", "com.amazonaws.vpce."), ("cn-north-1", "cn.com.amazonaws.vpce.")] {
        let built = build(&format!(
            "env: {{ account: \"111122223333\", region: {region} }}\nprivateLink: {{ allow: [\"222233334444\"] }}"
        ));
        let service = built.endpoint_service.expect("a service");
        let name = Value::join([
            Value::from(prefix),
            Value::reference("AWS::Region"),
            Value::from("."),
            service.logical_id.reference(),
        ]);
        assert_eq!(service.service_name, name);
        let outputs = built.provider.outputs();
        assert_eq!(outputs.get("EndpointServiceName").and_then(|output| output.get("Value")), Some(&name));
        assert!(outputs.contains_key("EndpointServiceId") && outputs.contains_key("LoadBalancerDnsName"));
    }
}

#[test]
fn endpoints_have_the_addresses_of_the_load_balancer_unless_the_spec_says_otherwise() {
    let types = |text: &str| {
        let built = build(&format!("network: {{ ipv6: true }}\n{text}"));
        property(only(&built.provider, SERVICE), "SupportedIpAddressTypes").clone()
    };
    assert_eq!(types(r#"privateLink: { allow: ["222233334444"] }"#), Value::list(["ipv4"]));
    let dualstack = "loadBalancer: { ipAddressType: dualstack }\n";
    assert_eq!(
        types(&format!(r#"{dualstack}privateLink: {{ allow: ["222233334444"] }}"#)),
        Value::list(["ipv4", "ipv6"])
    );
    assert_eq!(
        types(&format!(r#"{dualstack}privateLink: {{ allow: ["222233334444"], ipTypes: [ipv6] }}"#)),
        Value::list(["ipv6"])
    );
}

#[test]
fn the_record_stands_below_the_domain_that_is_verified() {
    let built = build(&format!(r#"privateLink: {{ allow: ["222233334444"], {ZONE} }} }}"#));
    let record = only(&built.provider, "AWS::Route53::RecordSet");
    let service = &only(&built.provider, SERVICE).logical_id;
    let name =
        Value::join([service.attribute("PrivateDnsNameConfiguration.Name"), Value::from(".payments.example.com")]);
    assert_eq!(property(record, "Name"), &name);
    assert_eq!(property(record, "TTL"), &Value::from("1800"));
    let value = service.attribute("PrivateDnsNameConfiguration.Value");
    let quoted = Value::join([Value::from("\""), value, Value::from("\"")]);
    assert_eq!(property(record, "ResourceRecords/0"), &quoted);
}

#[test]
fn without_a_zone_outputs_tell_the_record() {
    let built = build(r#"privateLink: { allow: ["222233334444"], privateDns: { name: "*.example.com" } }"#);
    assert!(of_type(&built.provider, "AWS::Route53::RecordSet").is_empty());
    let outputs = built.provider.outputs();
    let name = outputs.get("PrivateDnsRecordName").and_then(|output| output.get("Value")).expect("an output");
    assert!(json(name).contains("\".example.com\""), "{}", json(name));
    assert!(outputs.contains_key("PrivateDnsRecordValue"));
}

#[test]
fn the_verification_is_opt_in_and_waits_for_the_record() {
    let without = build(&format!(r#"privateLink: {{ allow: ["222233334444"], {ZONE} }} }}"#));
    assert!(of_type(&without.provider, "AWS::Lambda::Function").is_empty());
    let built = build(&format!(r#"privateLink: {{ allow: ["222233334444"], {ZONE}, verify: true }} }}"#));
    let verification = only(&built.provider, "AWS::CloudFormation::CustomResource");
    assert!(depends_on(verification, only(&built.provider, "AWS::Route53::RecordSet")));
    assert_eq!(built.endpoint_service.expect("a service").verification, Some(verification.logical_id.clone()));
}

#[test]
fn cloudformation_waits_longer_than_the_function_may_run() {
    let built = build(&format!(r#"privateLink: {{ allow: ["222233334444"], {ZONE}, verify: true }} }}"#));
    let function = only(&built.provider, "AWS::Lambda::Function");
    let verification = only(&built.provider, "AWS::CloudFormation::CustomResource");
    let timeout = property(function, "Timeout").as_int();
    assert!(timeout < property(verification, "ServiceTimeout").as_int() && timeout == Some(900));
}

#[test]
fn the_function_is_outside_the_vpc_and_may_do_nothing_but_verify() {
    let built = build(&format!(r#"privateLink: {{ allow: ["222233334444"], {ZONE}, verify: true }} }}"#));
    let function = only(&built.provider, "AWS::Lambda::Function");
    assert_eq!(function.resource.property("VpcConfig"), None);
    let role = only(&built.provider, "AWS::IAM::Role");
    let statements = property(role, "Policies/0/PolicyDocument/Statement").as_list().expect("a list");
    let star: Vec<&Value> = statements
        .iter()
        .filter(|statement| statement.get("Resource") == Some(&Value::from("*")))
        .filter_map(|statement| statement.get("Action"))
        .collect();
    assert_eq!(star, [&Value::from("ec2:DescribeVpcEndpointServiceConfigurations")]);
    assert_eq!(statements.len(), 3);
}

#[test]
fn the_topic_is_encrypted_with_a_key_that_private_link_may_use() {
    let built = build(r#"privateLink: { allow: ["222233334444"] }"#);
    let key = only(&built.provider, "AWS::KMS::Key");
    let topic = only(&built.provider, "AWS::SNS::Topic");
    assert_eq!(property(topic, "KmsMasterKeyId"), &key.logical_id.attribute("Arn"));
    let policy = only(&built.provider, "AWS::SNS::TopicPolicy");
    let of_key = property(key, "KeyPolicy/Statement/1");
    let of_topic = property(policy, "PolicyDocument/Statement/0");
    assert_eq!(of_key.get("Action"), Some(&Value::list(["kms:Decrypt", "kms:GenerateDataKey*"])));
    assert_eq!(of_topic.get("Action"), Some(&Value::from("sns:Publish")));
    for statement in [of_key, of_topic] {
        let principal = Value::map([("Service", "vpce.amazonaws.com")]);
        assert_eq!(statement.get("Principal"), Some(&principal));
        let condition = json(statement.get("Condition").expect("a condition"));
        assert!(condition.contains("aws:SourceAccount") && condition.contains("vpc-endpoint-service/"), "{condition}");
    }
}

#[test]
fn the_notification_tells_of_all_events_and_waits_for_the_policy_of_its_topic() {
    let built = build(r#"privateLink: { allow: ["222233334444"] }"#);
    let notification = only(&built.provider, "AWS::EC2::VPCEndpointConnectionNotification");
    let events = property(notification, "ConnectionEvents");
    assert_eq!(events, &Value::list(["Accept", "Connect", "Delete", "Reject"]));
    assert!(depends_on(notification, only(&built.provider, "AWS::SNS::TopicPolicy")));
}

#[test]
fn an_existing_topic_is_used_as_it_is() {
    let topic = "arn:aws:sns:eu-west-1:111122223333:connections";
    let built = build(&format!(
        r#"privateLink: {{ allow: ["222233334444"], notifications: {{ topic: "{topic}", emails: [team@example.com] }} }}"#
    ));
    assert!(of_type(&built.provider, "AWS::SNS::Topic").is_empty());
    assert!(of_type(&built.provider, "AWS::KMS::Key").is_empty());
    let subscription = only(&built.provider, "AWS::SNS::Subscription");
    assert_eq!(property(subscription, "TopicArn"), &Value::from(topic));
}

#[test]
fn automatic_acceptance_needs_no_notification() {
    let built =
        build(r#"privateLink: { allow: ["222233334444"], acceptance: automatic, notifications: { enabled: false } }"#);
    assert_eq!(findings(&built.provider), [] as [&str; 0]);
    assert!(of_type(&built.provider, "AWS::EC2::VPCEndpointConnectionNotification").is_empty());
}

#[test]
fn a_subscription_keeps_its_name_when_others_come_and_go() {
    let path = |emails: &str| {
        let built =
            build(&format!(r#"privateLink: {{ allow: ["222233334444"], notifications: {{ emails: [{emails}] }} }}"#));
        at(&built.provider, "EndpointService/Notifications/Email-b@example.com").logical_id.clone()
    };
    assert_eq!(path("a@example.com, b@example.com"), path("b@example.com, c@example.com"));
}

#[test]
fn the_payer_is_the_consumer_unless_the_provider_wants_to_be() {
    let payer = |text: &str| {
        let built = build(&format!(r#"privateLink: {{ allow: ["222233334444"]{text} }}"#));
        only(&built.provider, SERVICE).resource.property("PayerResponsibility").cloned()
    };
    assert_eq!(payer(""), None);
    assert_eq!(payer(", payer: provider"), Some(Value::from("ServiceOwner")));
}

#[test]
fn every_wrong_region_is_reported() {
    let built = build(
        r#"privateLink: { allow: ["222233334444"], regions: [eu-west-1, eu-central-1, eu-central-1, us-gov-west-1, eu-west-11] }"#,
    );
    insta::assert_snapshot!(findings(&built.provider).join("\n"));
}
