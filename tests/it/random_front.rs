//! Random load balancers, listeners, endpoint services and consumers that are right together.

use serde_json::{Map, Value, json};

use crate::random_spec::{Choices, Members, flag};

const CERTIFICATE: &str = "arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012";
const CERTIFICATE_TWO: &str = "arn:aws:acm:eu-west-1:111122223333:certificate/22345678-1234-1234-1234-123456789012";

/// What the parts in front of the services must agree about.
pub(crate) struct Front {
    /// Whether the account and Region of the provider are known.
    placed: bool,
    /// Whether there is an endpoint service.
    pub(crate) shared: bool,
    /// Whether its security group is enforced on PrivateLink.
    enforced: bool,
    /// Whether the load balancer has IPv6 addresses.
    dualstack: bool,
    /// The kinds of addresses that endpoints may have, where the spec says it.
    ip_types: Option<&'static [&'static str]>,
    /// Whether consumers of another Region may connect.
    abroad: bool,
}

impl Front {
    pub(crate) fn new(choices: &mut Choices, placed: bool, ipv6: bool, zones: usize) -> Self {
        let shared = choices.flip();
        let dualstack = ipv6 && choices.pick(4) != 1;
        let kinds: &[Option<&'static [&'static str]>] = if dualstack {
            &[None, Some(&["ipv4", "ipv6"]), Some(&["ipv6"]), Some(&["ipv4"])]
        } else {
            &[None, Some(&["ipv4"])]
        };
        Self {
            placed,
            shared,
            enforced: shared && choices.flip(),
            dualstack,
            ip_types: choices.one(kinds),
            abroad: shared && placed && zones > 1 && choices.pick(3) == 1,
        }
    }

    /// UDP gets through PrivateLink only while the load balancer has IPv6 addresses.
    pub(crate) fn may_carry_datagrams(&self) -> bool {
        self.dualstack || !self.shared
    }

    /// The kinds of endpoints that a consumer may ask for; nothing stands for leaving it open.
    fn endpoint_types(&self) -> Vec<Option<&'static str>> {
        let kinds = match (self.ip_types, self.dualstack) {
            (Some(kinds), _) => kinds,
            (None, true) => &["ipv4", "ipv6"],
            (None, false) => &["ipv4"],
        };
        let both = kinds.contains(&"ipv4") && kinds.contains(&"ipv6");
        let single = kinds.iter().copied().map(Some);
        std::iter::once(None).chain(single).chain(both.then_some(Some("dualstack"))).collect()
    }
}

pub(crate) fn listener(choices: &mut Choices, port: usize, service: &str, datagrams: bool, front: &Front) -> Value {
    let mut listener = Members::default();
    listener.set("port", port);
    listener.set("to", service);
    // A port that speaks UDP may speak TCP too.
    let kind = if datagrams { choices.one(&["udp", "tcp_udp"]) } else { choices.one(&["tcp", "tls"]) };
    if kind == "tls" {
        listener.set("tls", tls(choices));
        listener.maybe(choices, "protocol", &[json!("tls")]);
    } else if kind == "tcp_udp" {
        listener.set("protocol", kind);
    } else {
        listener.maybe(choices, "protocol", &[json!(kind)]);
        if kind == "tcp" && !front.abroad {
            listener.maybe(choices, "idleTimeout", &[json!(600)]);
        }
    }
    listener.maybe(choices, "targetPort", &[json!(8080)]);
    if choices.flip() {
        listener.set("target", target(choices, kind));
    }
    listener.into()
}

fn tls(choices: &mut Choices) -> Value {
    let mut tls = Members::default();
    tls.set("certificate", CERTIFICATE);
    tls.maybe(choices, "additionalCertificates", &[json!([CERTIFICATE_TWO]), json!([])]);
    tls.maybe(choices, "policy", &[json!("ELBSecurityPolicy-TLS13-1-2-Res-2021-06")]);
    let policies = ["HTTP2Preferred", "None", "HTTP1Only", "HTTP2Only", "HTTP2Optional"];
    tls.maybe(choices, "alpn", &policies.map(Value::from));
    tls.maybe(choices, "toTasks", &flag());
    tls.into()
}

fn target(choices: &mut Choices, kind: &str) -> Value {
    let datagrams = ["udp", "tcp_udp"].contains(&kind);
    let mut target = Members::default();
    target.maybe(choices, "deregistrationDelay", &[json!(0), json!(3600)]);
    target.maybe(choices, "connectionTermination", &flag());
    target.maybe(choices, "preserveClientIp", &[json!(true), json!(datagrams)]);
    target.maybe(choices, "proxyProtocol", &flag());
    target.maybe(choices, "sticky", &[json!(kind != "tls"), json!(false)]);
    target.maybe(choices, "crossZone", &flag());
    match choices.pick(3) {
        1 if !datagrams => {
            target.set("unhealthyTermination", false);
            target.set("unhealthyDrainingSeconds", 60);
        }
        2 => target.set("unhealthyTermination", true),
        _ => {}
    }
    match choices.pick(3) {
        1 => {
            target.set("dnsFailoverCount", 2);
            target.set("routingFailoverCount", 1);
        }
        2 => {
            target.set("dnsFailoverPercent", 50);
            target.set("routingFailoverPercent", 50);
        }
        _ => {}
    }
    target.into()
}

pub(crate) fn load_balancer(choices: &mut Choices, front: &Front) -> Value {
    let mut balancer = Members::default();
    balancer.set("enforcePrivateLink", front.enforced);
    balancer.maybe(choices, "crossZone", &flag());
    balancer.maybe(choices, "deletionProtection", &flag());
    if front.dualstack {
        balancer.set("ipAddressType", "dualstack");
        balancer.maybe(choices, "dualStackTasks", &flag());
    } else {
        balancer.maybe(choices, "ipAddressType", &[json!("ipv4")]);
        balancer.maybe(choices, "dualStackTasks", &[json!(false)]);
    }
    let ipv6 = if front.dualstack { "fd00:30::/64" } else { "10.32.0.0/16" };
    balancer.maybe(choices, "clients", &[json!(["10.0.0.0/8"]), json!(["10.30.0.0/16", "10.31.0.0/16", ipv6])]);
    balancer.maybe(choices, "zonalShift", &flag());
    let routing = ["any_availability_zone", "partial_availability_zone_affinity", "availability_zone_affinity"];
    balancer.maybe(choices, "clientRouting", &routing.map(Value::from));
    balancer.maybe(choices, "secondaryIps", &[json!(0), json!(2)]);
    balancer.maybe(choices, "minimumCapacity", &[json!(2750)]);
    if choices.flip() {
        let mut logs = Members::default();
        logs.maybe(choices, "enabled", &flag());
        match choices.pick(3) {
            1 => logs.set("bucket", "records-of-connections"),
            2 => logs.set("retentionDays", 30),
            _ => {}
        }
        logs.maybe(choices, "prefix", &[json!("payments")]);
        balancer.set("accessLogs", logs);
    }
    balancer.into()
}

pub(crate) fn private_link(choices: &mut Choices, front: &Front) -> Value {
    let mut link = Members::default();
    let held = choices.flip();
    link.set("allow", principals(choices, front, held));
    // Only somebody who accepts each endpoint can tell the VPCs of an account apart.
    if held {
        link.set("acceptance", "manual");
    } else {
        link.maybe(choices, "acceptance", &[json!("automatic"), json!("manual")]);
    }
    if choices.flip() {
        link.set("privateDns", private_dns(choices));
    }
    if front.abroad {
        link.set("regions", json!(["eu-central-1"]));
    } else {
        link.maybe(choices, "regions", &[json!([])]);
    }
    if let Some(kinds) = front.ip_types {
        link.set("ipTypes", json!(kinds));
    }
    let topic = "arn:aws:sns:eu-west-1:111122223333:connections";
    link.maybe(
        choices,
        "notifications",
        &[
            json!({ "enabled": true, "topic": topic }),
            json!({ "emails": ["platform@example.com"] }),
            json!({ "enabled": false }),
        ],
    );
    link.maybe(choices, "contributorInsights", &flag());
    link.maybe(choices, "payer", &[json!("consumer"), json!("provider")]);
    link.into()
}

/// Who may connect; each with its ranges while the security group is enforced, `held` from certain VPCs alone.
fn principals(choices: &mut Choices, front: &Front, held: bool) -> Value {
    let mut account = Members::default();
    account.set("account", "222233334444");
    let mut role = Members::default();
    role.set("arn", "arn:aws:iam::333344445555:role/caller");
    if front.enforced || choices.flip() {
        account.set("cidrs", json!(["10.30.0.0/16"]));
        role.set("cidrs", json!(["10.40.0.0/16"]));
    }
    if held {
        role.set("vpcs", json!(["vpc-0123456789abcdef1"]));
    }
    let mut list = vec![Value::from(account), Value::from(role)];
    if !front.enforced {
        list.push(json!("444455556666"));
    }
    list.into()
}

fn private_dns(choices: &mut Choices) -> Value {
    let mut dns = Members::default();
    dns.set("name", "payments.example.com");
    if choices.flip() {
        dns.set("hostedZone", "Z0123456789ABCDEFGHIJ");
        dns.maybe(choices, "verify", &flag());
    }
    dns.maybe(choices, "verified", &flag());
    dns.into()
}

pub(crate) fn consumers(choices: &mut Choices, front: &Front) -> Value {
    let mut consumers = Map::new();
    consumers.insert("orders".to_owned(), consumer(choices, front, None));
    if front.abroad {
        consumers.insert("desk".to_owned(), consumer(choices, front, Some("eu-central-1")));
    }
    consumers.into()
}

fn consumer(choices: &mut Choices, front: &Front, region: Option<&str>) -> Value {
    let mut consumer = Members::default();
    consumer.set("account", "222233334444");
    if let Some(region) = region {
        consumer.set("region", region);
    } else if front.placed {
        consumer.maybe(choices, "region", &[json!("eu-west-1")]);
    }
    consumer.maybe(
        choices,
        "vpc",
        &[
            json!({
                "id": "vpc-0123456789abcdef0", "cidrs": ["10.30.0.0/16"],
                "subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
            }),
            json!({ "id": "vpc-0123456789abcdef0", "cidrs": "10.30.0.0/16", "subnets": ["subnet-0123456789abcdef0"] }),
        ],
    );
    if consumer.0.contains_key("vpc") {
        consumer.maybe(choices, "clients", &[json!(["10.30.0.0/16"])]);
    }
    if let Some(kind) = choices.one(&front.endpoint_types()) {
        consumer.set("ipType", kind);
    }
    consumer.maybe(choices, "alias", &[json!("payments.orders.internal")]);
    consumer.maybe(choices, "creatorRoles", &[json!(["network-admin"]), json!([])]);
    let name = if region.is_some() { "desk-endpoint" } else { "orders-endpoint" };
    consumer.maybe(choices, "stackName", &[json!(name)]);
    if front.placed && choices.flip() {
        consumer.set("serviceName", "stack-output");
        consumer.maybe(choices, "readerRole", &[json!("arn:aws:iam::111122223333:role/reader")]);
    } else {
        consumer.maybe(choices, "serviceName", &[json!("parameter")]);
    }
    consumer.into()
}
