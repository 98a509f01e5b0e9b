//! Random specs that are right: every member of the spec is set in some of them.

#![expect(clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::random_front::{Front, consumers, listener, load_balancer, private_link};

/// Bytes that decide. When they run out every choice is the first one, so a failure shrinks to a small spec.
pub(crate) struct Choices {
    bytes: std::vec::IntoIter<u8>,
}

impl Choices {
    pub(crate) fn pick(&mut self, count: usize) -> usize {
        usize::from(self.bytes.next().unwrap_or(0)) % count
    }

    pub(crate) fn flip(&mut self) -> bool {
        self.pick(2) == 1
    }

    pub(crate) fn one<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.pick(choices.len())].clone()
    }
}

/// A map in the making.
#[derive(Default)]
pub(crate) struct Members(pub(crate) Map<String, Value>);

impl Members {
    pub(crate) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.to_owned(), value.into());
    }

    /// Sets a member to one of `values`, or leaves it out.
    pub(crate) fn maybe(&mut self, choices: &mut Choices, key: &str, values: &[Value]) {
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
pub(crate) const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012";

pub(crate) fn flag() -> [Value; 2] {
    [json!(true), json!(false)]
}

fn spec(choices: &mut Choices) -> Value {
    let mut spec = Members::default();
    spec.set("name", choices.one(&["payments", "a", "Shop-2"]));
    let placed = choices.pick(8) != 1;
    if placed {
        spec.set("env", json!({ "account": "111122223333", "region": "eu-west-1" }));
    }
    spec.maybe(choices, "description", &[json!("a private service")]);
    spec.maybe(choices, "tags", &[json!({ "team": "platform", "cost-centre": "4711" }), json!({})]);
    spec.maybe(choices, "dashboard", &[json!({ "enabled": false }), json!({ "enabled": true })]);
    if choices.flip() {
        spec.set("stack", stack(choices));
    }
    let network = network(choices, placed);
    let ipv6 = network.0.get("ipv6") == Some(&json!(true));
    let zones = if network.0.get("azs") == Some(&json!(1)) { 1 } else { 2 };
    spec.set("network", network);
    if choices.flip() {
        spec.set("cluster", cluster(choices));
    }
    if choices.flip() {
        spec.set("alarms", alarms(choices));
    }
    spec.set("secrets", json!({ "database": managed_secret(choices) }));
    let front = Front::new(choices, placed, ipv6, zones);
    let mut services = Map::new();
    let mut listeners = Vec::new();
    for (index, name) in ["api", "orders", "stock_2"].into_iter().take(1 + choices.pick(3)).enumerate() {
        let datagrams = front.may_carry_datagrams() && choices.pick(3) == 1;
        services.insert(name.to_owned(), service(choices, datagrams, zones));
        listeners.push(listener(choices, 443 + index, name, datagrams, &front));
    }
    spec.set("services", services);
    spec.set("listeners", listeners);
    spec.set("loadBalancer", load_balancer(choices, &front));
    if front.shared {
        spec.set("privateLink", private_link(choices, &front));
        if choices.flip() {
            spec.set("consumers", consumers(choices, &front));
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

fn network(choices: &mut Choices, placed: bool) -> Members {
    let mut network = Members::default();
    if choices.pick(4) == 1 {
        network.set("existing", existing_network());
    } else {
        network.maybe(choices, "cidr", &[json!("10.20.0.0/16"), json!("192.168.0.0/20")]);
        // More than two zones must be named, or the Region known.
        let named = json!(["eu-west-1a", "eu-west-1c", "eu-west-1b"]);
        network.maybe(choices, "azs", &[json!(2), json!(if placed { 3 } else { 2 }), named, json!(1)]);
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
    network
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

fn service(choices: &mut Choices, datagrams: bool, zones: usize) -> Value {
    let mut service = Members::default();
    service.set("image", IMAGE);
    let (cpu, memory) = choices.one(&[(512, 2048), (1024, 4096), (16384, 32768)]);
    service.set("cpu", cpu);
    service.set("memory", memory);
    service.set("port", 8080);
    service.maybe(choices, "architecture", &[json!("x86_64"), json!("arm64")]);
    service.maybe(choices, "ephemeralStorage", &[json!(21), json!(200)]);
    if datagrams {
        service.set("protocol", "udp");
    } else {
        service.maybe(choices, "protocol", &[json!("tcp")]);
    }
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
        }, { "actions": "sqs:ReceiveMessage", "resources": ["arn:aws:sqs:eu-west-1:111122223333:stock"] }])],
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
        containers(choices, &mut service);
    }
    if choices.flip() {
        service.set("scale", scale(choices));
    }
    service.maybe(choices, "spot", &[json!({ "weight": 3, "onDemandWeight": 1, "base": 2 })]);
    if choices.flip() {
        service.set("logs", logs(choices));
    }
    if choices.flip() {
        service.set("deployment", deployment(choices, zones));
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

fn deployment(choices: &mut Choices, zones: usize) -> Value {
    let mut deployment = Members::default();
    deployment.maybe(choices, "minHealthyPercent", &[json!(50), json!(100)]);
    // As many tasks as zones run by default, and one alone needs room for its successor.
    deployment.maybe(choices, "maxPercent", &[json!(200), json!(if zones > 1 { 150 } else { 300 })]);
    deployment.maybe(choices, "circuitBreaker", &flag());
    deployment.maybe(choices, "rollback", &flag());
    deployment.maybe(choices, "azRebalancing", &flag());
    deployment.maybe(choices, "gracePeriod", &[json!(0), json!(600)]);
    deployment.maybe(choices, "platformVersion", &[json!("1.4.0"), json!("LATEST")]);
    deployment.into()
}

fn health(choices: &mut Choices) -> Value {
    let mut health = Members::default();
    match choices.pick(4) {
        0 => health.set("protocol", "tcp"),
        1 => health.set("path", "/healthz"),
        2 => {
            health.set("protocol", "http");
            health.set("path", json!("/healthz"));
        }
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

/// Sidecars, and who waits for whom: the main container for either, the proxy for what prepares its folder.
fn containers(choices: &mut Choices, service: &mut Members) {
    let mut proxy = sidecar(choices);
    let proxied = if proxy.0.contains_key("health") { "healthy" } else { "start" };
    let mut awaited = vec![json!({ "proxy": proxied }), json!({ "proxy": "start" })];
    let mut sidecars = Map::new();
    if choices.flip() {
        let health = json!({ "command": ["/ready"] });
        sidecars.insert("prepare".to_owned(), json!({ "image": IMAGE, "essential": false, "health": health }));
        let conditions = ["success", "complete", "start", "healthy"];
        proxy.maybe(choices, "dependsOn", &conditions.map(|condition| json!({ "prepare": condition })));
        awaited.extend(conditions.map(|condition| json!({ "prepare": condition, "proxy": "start" })));
    }
    sidecars.insert("proxy".to_owned(), proxy.into());
    service.set("sidecars", sidecars);
    service.maybe(choices, "dependsOn", &awaited);
}

fn sidecar(choices: &mut Choices) -> Members {
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
    let token = json!({ "TOKEN": { "secret": "prod/token", "key": "value", "kmsKey": KEY } });
    sidecar.maybe(choices, "secrets", &[json!({ "TOKEN": "prod/token" }), token]);
    let features = json!({ "FEATURES": { "parameter": "/features", "kmsKey": KEY } });
    sidecar.maybe(choices, "parameters", &[json!({ "FEATURES": "/features" }), features]);
    sidecar.maybe(choices, "health", &[json!({ "command": ["/health"] })]);
    sidecar.maybe(choices, "readOnlyRootFilesystem", &flag());
    sidecar.maybe(choices, "writablePaths", &[json!(["/run"])]);
    sidecar.maybe(choices, "stopTimeout", &[json!(2)]);
    sidecar
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
