//! Parts of the pattern that stand alone are made as they are in the whole.

use serde_json::{Value, json};

use super::{asked, at, context, plan, said, service};

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON")
}

/// Path and type of each resource.
fn paths(plan: &Value) -> String {
    let resources = plan["resources"].as_array().expect("resources").iter();
    resources
        .map(|resource| {
            format!("{} {}\n", resource["path"].as_str().expect("text"), resource["type"].as_str().expect("text"))
        })
        .collect()
}

/// The resources below `start`, without their place in the properties.
fn below(plan: &Value, start: &str) -> Vec<Value> {
    let resources = plan["resources"].as_array().expect("resources").iter();
    let of = resources.filter(|resource| resource["path"].as_str().expect("text").starts_with(start));
    of.cloned()
        .map(|mut resource| {
            resource.as_object_mut().expect("a map").remove("origin");
            resource
        })
        .collect()
}

#[test]
fn a_network_alone_is_that_of_the_whole() {
    let settings = json!({ "cidr": "10.20.0.0/16", "azs": 3, "ipv6": true });
    let mut props = service(json!({}));
    props["network"] = settings.clone();
    let whole = plan("service", props);
    let mut alone = settings;
    alone["aws"] = json!(["ecr.api", "ecr.dkr", "logs", "sqs"]);
    let alone = plan("network", alone);
    assert_eq!(said(&alone), "");
    assert_eq!(below(&alone, "Network/"), below(&whole, "Network/"));
    insta::assert_snapshot!(format!("{}{}", paths(&alone), pretty(&alone["handles"])));
    insta::assert_snapshot!(pretty(&json!([at(&alone, "Endpoints/SecurityGroup"), at(&alone, "Endpoints/Sqs")])));
}

#[test]
fn endpoints_of_a_network_alone_are_reached_by_whom_it_says() {
    let ingress = |clients: Value| {
        let plan = plan("network", json!({ "aws": ["sqs"], "clients": clients }));
        at(&plan, "Endpoints/SecurityGroup")["properties"]["SecurityGroupIngress"].clone()
    };
    assert_eq!(ingress(json!([])), Value::Null);
    assert_eq!(ingress(json!(["10.0.4.0/24"]))[0]["CidrIp"], "10.0.4.0/24");
    assert_eq!(ingress(Value::Null)[0]["CidrIp"], "10.0.0.0/16");
}

#[test]
fn sharing_alone_is_that_of_the_whole() {
    let settings = json!({
        "allow": ["222233334444", { "arn": "arn:aws:iam::333344445555:role/caller", "cidrs": ["10.9.0.0/16"] }],
        "acceptance": "automatic",
        "privateDns": { "name": "payments.example.com", "hostedZone": "Z0123456789ABCDEFGHIJ", "verify": true },
        "notifications": { "emails": ["team@example.com"] },
    });
    let mut props = service(json!({}));
    props["privateLink"] = settings.clone();
    let whole = plan("service", props);
    let mut alone = settings;
    alone["loadBalancer"] = json!({ "arn": { "Ref": whole["handles"]["loadBalancer"] } });
    let alone = plan("privateLink", alone);
    assert_eq!(below(&alone, ""), below(&whole, "EndpointService/"));
    insta::assert_snapshot!(format!("{}{}{}", said(&alone), paths(&alone), pretty(&alone["handles"])));
}

#[test]
fn a_consumer_is_connected() {
    let props = json!({
        "serviceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0",
        "ports": [443, { "port": 53, "protocol": "udp" }],
        "vpc": { "id": "vpc-0123456789abcdef0", "cidrs": "10.30.0.0/16", "subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"] },
        "alias": "payments.orders.internal",
        "creatorRoles": ["deployer"],
    });
    let plan = plan("consumer", props);
    insta::assert_snapshot!(format!("{}{}{}", said(&plan), paths(&plan), pretty(&plan["handles"])));
    insta::assert_snapshot!(pretty(&json!([at(&plan, "Consumer/Endpoint"), at(&plan, "Consumer/SecurityGroup")])));
}

#[test]
fn a_consumer_may_know_everything_at_deployment_only() {
    let props = json!({
        "serviceName": "${Token[TOKEN.1]}",
        "ports": [-1.8881545897087576e+289],
        "serviceRegion": "us-east-1",
        "vpc": { "id": "${Token[TOKEN.2]}", "cidrs": "${Token[TOKEN.3]}", "subnets": ["#{Token[TOKEN.4]}"] },
        "creatorRoles": ["${Token[TOKEN.5]}"],
    });
    let anywhere = asked(&json!({ "kind": "consumer", "props": props, "context": { "path": "Orders/Endpoint" } }));
    assert_eq!(at(&anywhere, "Consumer/Endpoint")["properties"]["ServiceRegion"], "us-east-1");
    assert_eq!(at(&anywhere, "Consumer/Endpoint")["properties"]["SubnetIds"], json!(["#{Token[TOKEN.4]}"]));
    let policy = at(&anywhere, "Consumer/CreatorPolicy")["properties"]["PolicyDocument"].to_string();
    assert!(policy.contains(r##""ec2:SubnetID":["#{Token[TOKEN.4]}"]"##), "{policy}");
    let remote = asked(&json!({ "kind": "consumer", "props": props, "context": context() }));
    insta::assert_snapshot!(said(&remote));
}

#[test]
fn what_is_wrong_with_parts_is_told() {
    let wrong = [
        ("network", json!({ "azs": 9, "client": ["10.0.0.0/8"], "aws": ["sqss"], "cird": "10.0.0.0/16", "colour": 1 })),
        ("network", json!({ "aws": ["sqss", "s3"], "cidr": "10.0.0.0/27" })),
        ("network", json!({ "existing": { "vpcId": "${Token[A.1]}", "cidrs": ["#{Token[A.2]}"], "subnets": [] } })),
        (
            "privateLink",
            json!({ "allow": ["vpc-0123456789abcdef0"], "loadBalancer": { "arn": "nlb" }, "loadBalancr": {} }),
        ),
        (
            "privateLink",
            json!({ "allow": ["222233334444"], "ipTypes": ["ipv6"], "regions": ["us-east-1"], "loadBalancer": { "arn": "${Token[A.1]}", "enforcePrivateLink": true } }),
        ),
        ("privateLink", json!([])),
        ("consumer", json!({ "serviceName": "vpce-svc-0123456789abcdef0", "ports": [] })),
        (
            "consumer",
            json!({ "serviceName": "${Token[A.1]}", "ports": [99999, "443"], "vpc": { "id": "vpc", "cidrs": "10.0.0.0/8", "subnets": [] } }),
        ),
        (
            "consumer",
            json!({ "serviceName": "${Token[A.1]}", "ports": [443], "ipType": "ipv6", "serviceRegion": "cn-north-1", "clients": ["#{Token[A.2]}"] }),
        ),
    ];
    let all: String =
        wrong.iter().map(|(kind, props)| format!("{kind} {props}\n{}\n", said(&plan(kind, props.clone())))).collect();
    insta::assert_snapshot!(all);
}
