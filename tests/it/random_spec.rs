//! Random specs that are right: every member of the spec is set in some of them.

#![expect(clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Bytes that decide. When they run out every choice is the first one, so a failure shrinks to a small spec.
struct Choices {
    bytes: std::vec::IntoIter<u8>,
}

impl Choices {
    fn pick(&mut self, count: usize) -> usize {
        usize::from(self.bytes.next().unwrap_or(0)) % count
    }

    fn flip(&mut self) -> bool {
        self.pick(2) == 1
    }

    fn one<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.pick(choices.len())].clone()
    }
}

/// A map in the making.
#[derive(Default)]
struct Members(Map<String, Value>);

impl Members {
    fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.to_owned(), value.into());
    }

    /// Sets a member to one of `values`, or leaves it out.
    fn maybe(&mut self, choices: &mut Choices, key: &str, values: &[Value]) {
        if choices.flip() {
            self.set(key, choices.one(values));
        }
    }
}

impl From<Members> for Value {
    fn from(members: Members) -> Self {
        Value::Object(members.0)
    }
}

/// Random specs, as JSON.
pub(crate) fn specs() -> impl Strategy<Value = Value> {
    prop::collection::vec(any::<u8>(), 0..600).prop_map(|bytes| spec(&mut Choices { bytes: bytes.into_iter() }))
}

const IMAGE: &str = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/api:1";
const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012";
const CERTIFICATE: &str = "arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012";
const CERTIFICATE_TWO: &str = "arn:aws:acm:eu-west-1:111122223333:certificate/22345678-1234-1234-1234-123456789012";

fn flag() -> [Value; 2] {
    [json!(true), json!(false)]
}

fn spec(choices: &mut Choices) -> Value {
    let mut spec = Members::default();
    spec.set("name", choices.one(&["payments", "a", "Shop-2"]));
    spec.set("env", json!({ "account": "111122223333", "region": "eu-west-1" }));
    spec.maybe(choices, "description", &[json!("a private service")]);
    spec.maybe(choices, "tags", &[json!({ "team": "platform", "cost-centre": "4711" }), json!({})]);
    spec.maybe(choices, "dashboard", &[json!({ "enabled": false }), json!({ "enabled": true })]);
    if choices.flip() {
        spec.set("stack", stack(choices));
    }
    spec.set("network", network(choices));
    if choices.flip() {
        spec.set("cluster", cluster(choices));
    }
    if choices.flip() {
        spec.set("alarms", alarms(choices));
    }
    spec.set("secrets", json!({ "database": managed_secret(choices) }));
    let mut services = Map::new();
    for name in ["api", "orders", "stock_2"].into_iter().take(1 + choices.pick(3)) {
        services.insert(name.to_owned(), service(choices));
    }
    let shared = choices.flip();
    let enforced = shared && choices.flip();
    let listeners: Vec<Value> =
        services.keys().enumerate().map(|(index, name)| listener(choices, 443 + index, name, shared)).collect();
    spec.set("services", services);
    spec.set("listeners", listeners);
    spec.set("loadBalancer", load_balancer(choices, enforced));
    if shared {
        spec.set("privateLink", private_link(choices));
        if choices.flip() {
            spec.set("consumers", json!({ "orders": consumer(choices) }));
        }
    }
    spec.into()
}

fn stack(choices: &mut Choices) -> Value {
    let mut stack = Members::default();
    stack.maybe(choices, "name", &[json!("payments-production")]);
    stack.maybe(choices, "terminationProtection", &flag());
    stack.maybe(choices, "synthesizer", &[json!("default"), json!("bootstrapless")]);
    stack.maybe(choices, "qualifier", &[json!("abc123")]);
    stack.maybe(choices, "permissionsBoundary", &[json!("arn:aws:iam::111122223333:policy/boundary")]);
    stack.into()
}

fn network(choices: &mut Choices) -> Value {
    let mut network = Members::default();
    if choices.pick(4) == 1 {
        network.set("existing", existing_network());
    } else {
        network.maybe(choices, "cidr", &[json!("10.20.0.0/16"), json!("192.168.0.0/20")]);
        network.maybe(choices, "azs", &[json!(2), json!(3), json!(["eu-west-1a", "eu-west-1c"])]);
        network.maybe(choices, "ipv6", &flag());
    }
    if choices.flip() {
        let mut logs = Members::default();
        logs.maybe(choices, "enabled", &flag());
        logs.maybe(choices, "traffic", &[json!("all"), json!("accept"), json!("reject")]);
        logs.maybe(choices, "retentionDays", &[json!(30), json!(365)]);
        logs.maybe(choices, "aggregationSeconds", &[json!(60), json!(600)]);
        match choices.pick(3) {
            0 => logs.maybe(choices, "queries", &flag()),
            1 => logs.set("destination", "cloudwatch"),
            _ => {
                logs.set("destination", "s3");
                logs.maybe(choices, "bucket", &[json!("arn:aws:s3:::records-of-connections")]);
            }
        }
        if !logs.0.contains_key("bucket") {
            logs.maybe(choices, "kmsKey", &[json!(KEY)]);
        }
        network.set("flowLogs", logs);
    }
    if choices.flip() {
        let mut endpoints = Members::default();
        endpoints.maybe(choices, "restrict", &flag());
        endpoints.maybe(choices, "s3PrefixList", &[json!("pl-6da54004")]);
        endpoints.maybe(choices, "dynamodbPrefixList", &[json!("pl-6fa54006")]);
        if network.0.contains_key("existing") {
            endpoints.maybe(choices, "create", &flag());
            endpoints.maybe(choices, "existing", &[json!(["logs"]), json!(["logs", "s3"])]);
            endpoints.maybe(choices, "existingSecurityGroup", &[json!("sg-0123456789abcdef0")]);
        }
        network.set("endpoints", endpoints);
    }
    network.into()
}

fn existing_network() -> Value {
    json!({
        "vpcId": "vpc-0123456789abcdef0",
        "cidrs": ["10.60.0.0/16"],
        "subnets": [
            { "id": "subnet-0123456789abcdef0", "availabilityZone": "eu-west-1a", "cidr": "10.60.0.0/24",
              "routeTable": "rtb-0123456789abcdef0" },
            { "id": "subnet-0123456789abcdef1", "availabilityZone": "eu-west-1b", "cidr": "10.60.1.0/24",
              "routeTable": "rtb-0123456789abcdef1" }
        ]
    })
}

fn cluster(choices: &mut Choices) -> Value {
    let mut cluster = Members::default();
    if choices.pick(3) == 1 {
        cluster.set("existing", choices.one(&["shared", "arn:aws:ecs:eu-west-1:111122223333:cluster/shared"]));
        return cluster.into();
    }
    cluster.maybe(choices, "containerInsights", &[json!("enabled"), json!("enhanced"), json!("disabled")]);
    cluster.maybe(choices, "storageKey", &[json!(KEY)]);
    cluster.maybe(choices, "execKey", &[json!(KEY)]);
    cluster.maybe(choices, "execLog", &[json!("service"), json!("separate"), json!("off")]);
    cluster.into()
}

fn alarms(choices: &mut Choices) -> Value {
    let mut alarms = Members::default();
    alarms.maybe(choices, "enabled", &flag());
    alarms.maybe(choices, "actions", &[json!(["arn:aws:sns:eu-west-1:111122223333:alerts"]), json!([])]);
    alarms.maybe(choices, "cpu", &[json!(70)]);
    alarms.maybe(choices, "memory", &[json!(90)]);
    alarms.maybe(choices, "targetResets", &[json!(10)]);
    alarms.into()
}

fn managed_secret(choices: &mut Choices) -> Value {
    let mut secret = Members::default();
    secret.maybe(choices, "description", &[json!("of the database")]);
    secret.set("template", "{\"username\":\"admin\"}");
    secret.maybe(choices, "generateKey", &[json!("password")]);
    secret.maybe(choices, "length", &[json!(40)]);
    secret.maybe(choices, "exclude", &[json!("\"@/"), json!("")]);
    secret.maybe(choices, "kmsKey", &[json!(KEY)]);
    secret.maybe(choices, "keep", &flag());
    if choices.flip() {
        let mut rotation = Members::default();
        rotation.set("function", "arn:aws:lambda:eu-west-1:111122223333:function:rotate");
        match choices.pick(3) {
            1 => rotation.set("days", 30),
            2 => rotation.set("schedule", "rate(10 days)"),
            _ => {}
        }
        rotation.maybe(choices, "windowHours", &[json!(3)]);
        rotation.maybe(choices, "restartServices", &flag());
        secret.set("rotation", rotation);
    }
    secret.into()
}

fn service(choices: &mut Choices) -> Value {
    let mut service = Members::default();
    service.set("image", choices.one(&[json!(IMAGE), json!({ "Ref": "AWS::NoValue" })][..1]));
    let (cpu, memory) = choices.one(&[(512, 2048), (1024, 4096), (16384, 32768)]);
    service.set("cpu", cpu);
    service.set("memory", memory);
    service.set("port", 8080);
    service.maybe(choices, "architecture", &[json!("x86_64"), json!("arm64")]);
    service.maybe(choices, "ephemeralStorage", &[json!(21), json!(200)]);
    service.maybe(choices, "protocol", &[json!("tcp")]);
    service.maybe(choices, "user", &[json!("1000")]);
    service.maybe(choices, "command", &[json!(["serve", "--port", "8080"]), json!([])]);
    service.maybe(choices, "entryPoint", &[json!(["/entry"])]);
    service.maybe(choices, "environment", &[json!({ "LOG_LEVEL": "info", "EMPTY": "" })]);
    service.maybe(
        choices,
        "secrets",
        &[
            json!({ "DB_PASSWORD": { "secret": "database", "key": "password" } }),
            json!({ "DB_PASSWORD": "prod/db", "TOKEN": { "secret": "prod/token", "key": "value", "kmsKey": KEY } }),
        ],
    );
    service.maybe(
        choices,
        "parameters",
        &[json!({ "FEATURES": "/features" }), json!({ "FEATURES": { "parameter": "/features", "kmsKey": KEY } })],
    );
    service.maybe(choices, "readOnlyRootFilesystem", &flag());
    service.maybe(choices, "writablePaths", &[json!(["/tmp", "/var/cache"]), json!([])]);
    service.maybe(choices, "stopTimeout", &[json!(30)]);
    service.maybe(choices, "exec", &flag());
    service.maybe(choices, "initProcess", &flag());
    service.maybe(choices, "tracing", &flag());
    service.maybe(choices, "aws", &[json!(["sqs"]), json!(["dynamodb", "sns"])]);
    service.maybe(
        choices,
        "permissions",
        &[json!([{
            "actions": ["sqs:SendMessage"], "resources": "arn:aws:sqs:eu-west-1:111122223333:orders",
            "conditions": { "StringEquals": { "aws:ResourceAccount": "111122223333" } }
        }])],
    );
    if choices.flip() {
        service.set("health", health(choices));
    }
    service.maybe(
        choices,
        "containerHealth",
        &[json!({
            "command": ["CMD", "/health"], "interval": 20, "timeout": 4, "retries": 2, "startPeriod": 10
        })],
    );
    if choices.flip() {
        service.set("sidecars", json!({ "proxy": sidecar(choices) }));
        service.maybe(choices, "dependsOn", &[json!({ "proxy": "start" })]);
    }
    if choices.flip() {
        service.set("scale", scale(choices));
    }
    service.maybe(choices, "spot", &[json!({ "weight": 3, "onDemandWeight": 1, "base": 2 })]);
    if choices.flip() {
        service.set("logs", logs(choices));
    }
    if choices.flip() {
        service.set("deployment", deployment(choices));
    }
    service.into()
}

fn logs(choices: &mut Choices) -> Value {
    let mut logs = Members::default();
    logs.maybe(choices, "retentionDays", &[json!(7), json!(3653)]);
    logs.maybe(choices, "kmsKey", &[json!(KEY)]);
    logs.maybe(choices, "mode", &[json!("blocking"), json!("non-blocking")]);
    if logs.0.get("mode") != Some(&json!("blocking")) {
        logs.maybe(choices, "bufferMib", &[json!(10)]);
    }
    logs.maybe(choices, "keep", &flag());
    logs.into()
}

fn deployment(choices: &mut Choices) -> Value {
    let mut deployment = Members::default();
    deployment.maybe(choices, "minHealthyPercent", &[json!(50), json!(100)]);
    deployment.maybe(choices, "maxPercent", &[json!(200), json!(150)]);
    deployment.maybe(choices, "circuitBreaker", &flag());
    deployment.maybe(choices, "rollback", &[json!(true)]);
    deployment.maybe(choices, "azRebalancing", &flag());
    deployment.maybe(choices, "gracePeriod", &[json!(0), json!(600)]);
    deployment.maybe(choices, "platformVersion", &[json!("1.4.0"), json!("LATEST")]);
    deployment.into()
}

fn health(choices: &mut Choices) -> Value {
    let mut health = Members::default();
    match choices.pick(3) {
        0 => health.set("protocol", "tcp"),
        1 => health.set("path", "/healthz"),
        _ => {
            health.set("protocol", "https");
            health.set("path", "/healthz");
            health.maybe(choices, "codes", &[json!("200"), json!("200-299"), json!("200,204")]);
        }
    }
    health.maybe(choices, "port", &[json!(8080), json!(9000)]);
    health.maybe(choices, "interval", &[json!(15), json!(300)]);
    health.maybe(choices, "timeout", &[json!(2), json!(9)]);
    health.maybe(choices, "healthy", &[json!(3)]);
    health.maybe(choices, "unhealthy", &[json!(3)]);
    health.into()
}

fn sidecar(choices: &mut Choices) -> Value {
    let mut sidecar = Members::default();
    sidecar.set("image", IMAGE);
    sidecar.maybe(choices, "cpu", &[json!(64)]);
    sidecar.maybe(choices, "memory", &[json!(256)]);
    sidecar.maybe(choices, "essential", &[json!(true), json!(false)]);
    sidecar.maybe(choices, "port", &[json!(9000)]);
    sidecar.maybe(choices, "command", &[json!(["run"])]);
    sidecar.maybe(choices, "entryPoint", &[json!(["/entry"])]);
    sidecar.maybe(choices, "user", &[json!("nobody")]);
    sidecar.maybe(choices, "environment", &[json!({ "MODE": "proxy" })]);
    sidecar.maybe(choices, "secrets", &[json!({ "TOKEN": "prod/token" })]);
    sidecar.maybe(choices, "parameters", &[json!({ "FEATURES": "/features" })]);
    sidecar.maybe(choices, "health", &[json!({ "command": ["/health"] })]);
    sidecar.maybe(choices, "readOnlyRootFilesystem", &flag());
    sidecar.maybe(choices, "writablePaths", &[json!(["/run"])]);
    sidecar.maybe(choices, "stopTimeout", &[json!(2)]);
    sidecar.maybe(choices, "dependsOn", &[json!({})]);
    sidecar.into()
}

fn scale(choices: &mut Choices) -> Value {
    let mut scale = Members::default();
    scale.set("min", 3);
    if choices.flip() {
        scale.set("max", 12);
        scale.set("cpu", 60);
        scale.maybe(choices, "memory", &[json!(70)]);
        scale.maybe(choices, "outCooldown", &[json!(0), json!(30)]);
        scale.maybe(choices, "inCooldown", &[json!(600)]);
        let evening = json!({ "when": "cron(0 20 * * ? *)", "timeZone": "Europe/Dublin", "min": 2, "max": 6 });
        scale.maybe(choices, "schedules", &[json!({ "evening": evening })]);
    }
    scale.into()
}

fn listener(choices: &mut Choices, port: usize, service: &str, shared: bool) -> Value {
    let mut listener = Members::default();
    listener.set("port", port);
    listener.set("to", service);
    let tls = choices.flip();
    if tls {
        let mut tls = Members::default();
        tls.set("certificate", CERTIFICATE);
        tls.maybe(choices, "additionalCertificates", &[json!([CERTIFICATE_TWO]), json!([])]);
        tls.maybe(choices, "policy", &[json!("ELBSecurityPolicy-TLS13-1-2-Res-2021-06")]);
        tls.maybe(choices, "alpn", &[json!("HTTP2Preferred"), json!("None")]);
        tls.maybe(choices, "toTasks", &flag());
        listener.set("tls", tls);
        listener.maybe(choices, "protocol", &[json!("tls")]);
    } else {
        listener.maybe(choices, "protocol", &[json!("tcp")]);
        listener.maybe(choices, "idleTimeout", &[json!(600)]);
    }
    listener.maybe(choices, "targetPort", &[json!(8080)]);
    if choices.flip() {
        listener.set("target", target(choices, tls, shared));
    }
    listener.into()
}

fn target(choices: &mut Choices, tls: bool, shared: bool) -> Value {
    let mut target = Members::default();
    target.maybe(choices, "deregistrationDelay", &[json!(0), json!(3600)]);
    target.maybe(choices, "connectionTermination", &flag());
    target.maybe(choices, "preserveClientIp", &flag());
    target.maybe(choices, "proxyProtocol", &flag());
    target.maybe(choices, "sticky", &[json!(!tls && !shared), json!(false)]);
    target.maybe(choices, "crossZone", &flag());
    if choices.flip() {
        target.set("unhealthyTermination", false);
        target.set("unhealthyDrainingSeconds", 60);
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

fn load_balancer(choices: &mut Choices, enforced: bool) -> Value {
    let mut balancer = Members::default();
    balancer.set("enforcePrivateLink", enforced);
    balancer.maybe(choices, "crossZone", &flag());
    balancer.maybe(choices, "deletionProtection", &flag());
    balancer.maybe(choices, "ipAddressType", &[json!("ipv4")]);
    balancer.maybe(choices, "dualStackTasks", &[json!(false)]);
    balancer.maybe(choices, "clients", &[json!(["10.0.0.0/8"]), json!(["10.30.0.0/16", "10.31.0.0/16"])]);
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

fn private_link(choices: &mut Choices) -> Value {
    let mut link = Members::default();
    link.set(
        "allow",
        json!([
            { "account": "222233334444", "cidrs": ["10.30.0.0/16"] },
            { "arn": "arn:aws:iam::333344445555:role/caller", "cidrs": ["10.40.0.0/16"],
              "vpcs": choices.one(&[json!([]), json!(["vpc-0123456789abcdef1"])]) }
        ]),
    );
    link.set("acceptance", "manual");
    if choices.flip() {
        let mut dns = Members::default();
        dns.set("name", "payments.example.com");
        dns.set("hostedZone", "Z0123456789ABCDEFGHIJ");
        dns.maybe(choices, "verify", &flag());
        dns.maybe(choices, "verified", &flag());
        link.set("privateDns", dns);
    }
    link.maybe(choices, "regions", &[json!([])]);
    link.maybe(choices, "ipTypes", &[json!(["ipv4"])]);
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

fn consumer(choices: &mut Choices) -> Value {
    let mut consumer = Members::default();
    consumer.set("account", "222233334444");
    consumer.maybe(choices, "region", &[json!("eu-west-1")]);
    consumer.maybe(
        choices,
        "vpc",
        &[json!({
            "id": "vpc-0123456789abcdef0", "cidrs": ["10.30.0.0/16"],
            "subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
        })],
    );
    if consumer.0.contains_key("vpc") {
        consumer.maybe(choices, "clients", &[json!(["10.30.0.0/16"])]);
    }
    consumer.maybe(choices, "ipType", &[json!("ipv4")]);
    consumer.maybe(choices, "alias", &[json!("payments.orders.internal")]);
    consumer.maybe(choices, "creatorRoles", &[json!(["network-admin"]), json!([])]);
    consumer.maybe(choices, "stackName", &[json!("orders-endpoint")]);
    if choices.flip() {
        consumer.set("serviceName", "stack-output");
        consumer.maybe(choices, "readerRole", &[json!("arn:aws:iam::111122223333:role/reader")]);
    }
    consumer.into()
}
