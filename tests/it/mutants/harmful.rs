//! Edits that break something.

use ringfence::cfn::Value;

use super::tree::Tree;

/// The rule that an edit is named for.
#[derive(Clone, Copy)]
pub(super) enum By {
    /// Whichever decides a numbered pitfall.
    Pitfall(u8),
    /// The one with a name.
    #[expect(dead_code, reason = "for rules that decide no numbered pitfall")]
    Name(&'static str),
}

/// An edit.
pub(super) struct Edit {
    pub(super) name: &'static str,
    pub(super) rule: By,
    /// Changes the template and says which resource is to blame; nothing when the template has nothing to change.
    pub(super) apply: fn(&mut Tree) -> Option<String>,
}

const BALANCER: &str = "AWS::ElasticLoadBalancingV2::LoadBalancer";
const LISTENER: &str = "AWS::ElasticLoadBalancingV2::Listener";
const GROUP: &str = "AWS::ElasticLoadBalancingV2::TargetGroup";
const SERVICE: &str = "AWS::ECS::Service";
const TASK: &str = "AWS::ECS::TaskDefinition";
const ENDPOINT: &str = "AWS::EC2::VPCEndpoint";
const SHARED: &str = "AWS::EC2::VPCEndpointService";
const PERMISSIONS: &str = "AWS::EC2::VPCEndpointServicePermissions";
const TCP_HEALTH: &str = "TCP";

const fn edit(name: &'static str, pitfall: u8, apply: fn(&mut Tree) -> Option<String>) -> Edit {
    Edit { name, rule: By::Pitfall(pitfall), apply }
}

pub(super) const EDITS: &[Edit] = &[
    edit("tasks that admit nobody", 1, |tree| {
        let service = tree.first(SERVICE)?;
        let group = tree.target(&service, "NetworkConfiguration/AwsvpcConfiguration/SecurityGroups/0")?;
        tree.all("AWS::ElasticLoadBalancingV2::TargetGroup").first()?;
        tree.get(&service, "LoadBalancers/0")?;
        tree.remove(&group, "SecurityGroupIngress");
        for rule in tree.all("AWS::EC2::SecurityGroupIngress") {
            if tree.target(&rule, "GroupId").as_deref() == Some(&group) {
                tree.delete(&rule);
            }
        }
        Some(group)
    }),
    edit("enforcement without the consumers", 2, |tree| {
        tree.first(SHARED)?;
        let balancer = tree.with(BALANCER, "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "off")?;
        let group = tree.target(&balancer, "SecurityGroups/0")?;
        tree.set(&balancer, "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "on");
        tree.remove(&group, "SecurityGroupIngress");
        Some(balancer)
    }),
    edit("enforcement without security groups", 3, |tree| {
        let balancer = tree.first(BALANCER)?;
        tree.get(&balancer, "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic")?;
        tree.remove(&balancer, "SecurityGroups").then_some(balancer)
    }),
    edit("target group of instances", 6, |tree| {
        let group = tree.first(GROUP)?;
        tree.remove(&group, "TargetType").then_some(group)
    }),
    edit("target group with the protocol of an application", 7, |tree| {
        let group = tree.with(GROUP, "Protocol", "TCP")?;
        tree.set(&group, "Protocol", "HTTP");
        Some(group)
    }),
    edit("TLS listener without certificate", 9, |tree| {
        let listener = tree.with(LISTENER, "Protocol", "TLS")?;
        tree.remove(&listener, "Certificates").then_some(listener)
    }),
    edit("TCP listener with a TLS policy", 9, |tree| {
        let listener = tree.with(LISTENER, "Protocol", "TLS")?;
        tree.set(&listener, "Protocol", "TCP");
        Some(listener)
    }),
    edit("one load balancer in two services", 13, |tree| {
        let service = tree.first(SHARED)?;
        let balancers = tree.get(&service, "NetworkLoadBalancerArns")?.clone();
        tree.add(
            "Second",
            "AWS::EC2::VPCEndpointService",
            Value::map([("NetworkLoadBalancerArns", balancers), ("AcceptanceRequired", Value::from(true))]),
        );
        Some(service)
    }),
    edit("load balancer in one zone", 16, |tree| {
        let balancer = tree.first(BALANCER)?;
        let first = tree.get(&balancer, "Subnets/0")?.clone();
        tree.get(&balancer, "Subnets/1")?;
        tree.set(&balancer, "Subnets", Value::List(vec![first]));
        Some(balancer)
    }),
    edit("health check that takes longer than its interval", 17, |tree| {
        let group = tree.first(GROUP)?;
        tree.set(&group, "HealthCheckIntervalSeconds", 10);
        tree.set(&group, "HealthCheckTimeoutSeconds", 11);
        Some(group)
    }),
    edit("path for a health check that opens a connection only", 17, |tree| {
        let group = tree.with(GROUP, "HealthCheckProtocol", TCP_HEALTH)?;
        tree.set(&group, "HealthCheckPath", "/healthz");
        Some(group)
    }),
    edit("health check threshold out of range", 17, |tree| {
        let group = tree.first(GROUP)?;
        tree.set(&group, "HealthyThresholdCount", 11);
        Some(group)
    }),
    edit("load balancer without a scheme", 24, |tree| {
        let balancer = tree.first(BALANCER)?;
        tree.remove(&balancer, "Scheme").then_some(balancer)
    }),
    edit("load balancer that faces the internet", 24, |tree| {
        let balancer = tree.first(BALANCER)?;
        tree.set(&balancer, "Scheme", "internet-facing");
        Some(balancer)
    }),
    edit("stickiness by cookie", 26, |tree| {
        let group = tree.first(GROUP)?;
        tree.set_attribute(&group, "TargetGroupAttributes", "stickiness.enabled", "true");
        tree.set_attribute(&group, "TargetGroupAttributes", "stickiness.type", "lb_cookie");
        Some(group)
    }),
    edit("attribute that does not exist", 27, |tree| {
        let group = tree.first(GROUP)?;
        tree.push(&group, "TargetGroupAttributes", Value::map([("Key", "preserve_client_ips"), ("Value", "true")]));
        Some(group)
    }),
    edit("attribute out of range", 27, |tree| {
        let group = tree.first(GROUP)?;
        tree.set_attribute(&group, "TargetGroupAttributes", "deregistration_delay.timeout_seconds", "3601");
        Some(group)
    }),
    edit("service that does not wait for its listener", 28, |tree| {
        let service = tree.first(SERVICE)?;
        tree.get(&service, "LoadBalancers/0")?;
        tree.declaration(&service).remove("DependsOn")?;
        Some(service)
    }),
    edit("container port that the task does not have", 29, |tree| {
        let service = tree.first(SERVICE)?;
        tree.get(&service, "LoadBalancers/0")?;
        tree.set(&service, "LoadBalancers/0/ContainerPort", 9);
        Some(service)
    }),
    edit("container that the task does not have", 29, |tree| {
        let service = tree.first(SERVICE)?;
        tree.get(&service, "LoadBalancers/0")?;
        tree.set(&service, "LoadBalancers/0/ContainerName", "another");
        Some(service)
    }),
    edit("service for anybody", 30, |tree| {
        let (service, permissions) = (tree.first(SHARED)?, tree.first(PERMISSIONS)?);
        tree.set(&permissions, "AllowedPrincipals", Value::list(["*"]));
        tree.set(&service, "AcceptanceRequired", false);
        Some(permissions)
    }),
    edit("service for nobody", 31, |tree| {
        let (service, permissions) = (tree.first(SHARED)?, tree.first(PERMISSIONS)?);
        // A custom resource that has the service may allow somebody.
        if tree.json().contains("\"Custom::") || tree.first("AWS::CloudFormation::CustomResource").is_some() {
            return None;
        }
        tree.delete(&permissions);
        Some(service)
    }),
    edit("principal of a session", 32, |tree| {
        let permissions = tree.first(PERMISSIONS)?;
        tree.push(&permissions, "AllowedPrincipals", "arn:aws:sts::222233334444:assumed-role/caller/session");
        Some(permissions)
    }),
    edit("principal with a path", 32, |tree| {
        let permissions = tree.first(PERMISSIONS)?;
        tree.push(&permissions, "AllowedPrincipals", "arn:aws:iam::222233334444:role/team/caller");
        Some(permissions)
    }),
    edit("principals in two places", 34, |tree| {
        let permissions = tree.first(PERMISSIONS)?;
        let copy = tree.value.get("Resources")?.get(&permissions)?.get("Properties")?.clone();
        tree.add("Again", "AWS::EC2::VPCEndpointServicePermissions", copy);
        Some(permissions)
    }),
    edit("notification of an event that does not exist", 37, |tree| {
        let notification = tree.first("AWS::EC2::VPCEndpointConnectionNotification")?;
        tree.push(&notification, "ConnectionEvents", "Connected");
        Some(notification)
    }),
    edit("topic that PrivateLink may not use", 37, |tree| {
        let notification = tree.first("AWS::EC2::VPCEndpointConnectionNotification")?;
        let policy = tree.first("AWS::SNS::TopicPolicy")?;
        tree.delete(&policy);
        Some(notification)
    }),
    edit("private DNS name with an underscore at its end", 41, |tree| {
        let service = tree.first(SHARED)?;
        tree.set(&service, "PrivateDnsName", "-payments_.example.com");
        Some(service)
    }),
    edit("IPv6 for a load balancer without", 42, |tree| {
        let balancer = tree.with(BALANCER, "IpAddressType", "ipv4")?;
        let service = tree.first(SHARED)?;
        tree.set(&service, "SupportedIpAddressTypes", Value::list(["ipv6"]));
        let _ = balancer;
        Some(service)
    }),
    edit("endpoint with two subnets of one zone", 54, |tree| {
        let endpoint = tree.with(ENDPOINT, "VpcEndpointType", "Interface")?;
        let (one, other) = (tree.target(&endpoint, "SubnetIds/0")?, tree.target(&endpoint, "SubnetIds/1")?);
        let zone = tree.get(&one, "AvailabilityZone")?.clone();
        tree.set(&other, "AvailabilityZone", zone);
        Some(endpoint)
    }),
    edit("endpoint without security group", 56, |tree| {
        let endpoint = tree.with(ENDPOINT, "VpcEndpointType", "Interface")?;
        tree.remove(&endpoint, "SecurityGroupIds").then_some(endpoint)
    }),
    edit("VPC without DNS hostnames", 57, |tree| {
        let vpc = tree.first("AWS::EC2::VPC")?;
        tree.with(ENDPOINT, "VpcEndpointType", "Interface")?;
        tree.remove(&vpc, "EnableDnsHostnames").then_some(vpc)
    }),
    edit("no endpoint for the registry", 62, |tree| without_endpoint(tree, ".ecr.api")),
    edit("no endpoint for images", 63, |tree| without_endpoint(tree, ".ecr.dkr")),
    edit("no endpoint for image layers", 63, |tree| without_endpoint(tree, ".s3")),
    edit("no endpoint for logs", 67, |tree| without_endpoint(tree, ".logs")),
    edit("no endpoint for secrets", 62, |tree| without_endpoint(tree, ".secretsmanager")),
    edit("image layers for one zone only", 63, |tree| {
        let endpoint = gateway(tree, ".s3")?;
        tree.get(&endpoint, "RouteTableIds/1")?;
        tree.remove(&endpoint, "RouteTableIds/0").then_some(endpoint)
    }),
    edit("policy that leaves out image layers", 64, |tree| {
        let endpoint = gateway(tree, ".s3")?;
        tree.first(TASK)?;
        tree.set(
            &endpoint,
            "PolicyDocument/Statement",
            Value::list([Value::map([
                ("Effect", "Allow"),
                ("Principal", "*"),
                ("Action", "s3:GetObject"),
                ("Resource", "arn:aws:s3:::another-bucket/*"),
            ])]),
        );
        Some(endpoint)
    }),
    edit("endpoints that admit nobody", 66, |tree| {
        let _ = (tree.first(SERVICE)?, tree.first("AWS::EC2::VPC")?);
        let endpoint = tree.all(ENDPOINT).into_iter().find(|id| named(tree, id, ".ecr.api"))?;
        let group = tree.target(&endpoint, "SecurityGroupIds/0")?;
        tree.remove(&group, "SecurityGroupIngress");
        for rule in tree.all("AWS::EC2::SecurityGroupIngress") {
            if tree.target(&rule, "GroupId").as_deref() == Some(&group) {
                tree.delete(&rule);
            }
        }
        Some(group)
    }),
    edit("endpoint without private DNS", 66, |tree| {
        let _ = (tree.first(SERVICE)?, tree.first("AWS::EC2::VPC")?);
        let endpoint = tree.all(ENDPOINT).into_iter().find(|id| named(tree, id, ".ecr.dkr"))?;
        tree.set(&endpoint, "PrivateDnsEnabled", false);
        Some(endpoint)
    }),
    edit("image from a public registry", 65, |tree| {
        tree.first("AWS::EC2::VPC")?;
        let task = tree.first(TASK)?;
        tree.set(&task, "ContainerDefinitions/0/Image", "docker.io/library/nginx:1.27");
        Some(task)
    }),
    edit("ECS Exec without its endpoint", 68, |tree| {
        let service = tree.first(SERVICE)?;
        tree.first("AWS::EC2::VPC")?;
        if tree.all(ENDPOINT).iter().any(|id| named(tree, id, ".ssmmessages")) {
            return None;
        }
        tree.set(&service, "EnableExecuteCommand", true);
        Some(service)
    }),
    edit("execution role that may do nothing", 73, |tree| {
        let task = tree.all(TASK).into_iter().find(|id| tree.get(id, "ContainerDefinitions/0/Secrets").is_some())?;
        let role = tree.target(&task, "ExecutionRoleArn")?;
        tree.remove(&role, "Policies").then_some(role)
    }),
    edit("malformed reference to a secret", 74, |tree| {
        let task = tree.all(TASK).into_iter().find(|id| tree.get(id, "ContainerDefinitions/0/Secrets/0").is_some())?;
        let broken = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf:password";
        tree.set(&task, "ContainerDefinitions/0/Secrets/0/ValueFrom", broken);
        Some(task)
    }),
    edit("log lines without a stream prefix", 75, |tree| {
        let task = tree.first(TASK)?;
        tree.remove(&task, "ContainerDefinitions/0/LogConfiguration/Options/awslogs-stream-prefix").then_some(task)
    }),
    edit("size that Fargate does not have", 77, |tree| {
        let task = tree.first(TASK)?;
        tree.set(&task, "Cpu", "256");
        tree.set(&task, "Memory", "4096");
        Some(task)
    }),
    edit("container larger than its task", 78, |tree| {
        let task = tree.first(TASK)?;
        tree.set(&task, "ContainerDefinitions/0/Memory", 1_000_000);
        Some(task)
    }),
    edit("ephemeral storage that is too small", 79, |tree| {
        let task = tree.first(TASK)?;
        tree.set(&task, "EphemeralStorage/SizeInGiB", 20);
        Some(task)
    }),
    edit("public address", 81, |tree| {
        let service = tree.first(SERVICE)?;
        tree.set(&service, "NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp", "ENABLED");
        Some(service)
    }),
    edit("deployment that stops everything", 83, |tree| {
        let service = tree.first(SERVICE)?;
        tree.set(&service, "DesiredCount", 1);
        tree.set(&service, "DeploymentConfiguration/MinimumHealthyPercent", 0);
        tree.set(&service, "DeploymentConfiguration/MaximumPercent", 100);
        Some(service)
    }),
    edit("deployment without circuit breaker", 84, |tree| {
        let service = tree.first(SERVICE)?;
        tree.remove(&service, "DeploymentConfiguration/DeploymentCircuitBreaker").then_some(service)
    }),
    edit("too many security groups", 91, |tree| {
        let service = tree.first(SERVICE)?;
        let groups = ["sg-1", "sg-2", "sg-3", "sg-4", "sg-5", "sg-6"].map(|id| format!("{id}0123456789abcdef"));
        tree.set(&service, "NetworkConfiguration/AwsvpcConfiguration/SecurityGroups", Value::list(groups.to_vec()));
        Some(service)
    }),
    edit("flow log without a role", 93, |tree| {
        let flow_log = tree.with("AWS::EC2::FlowLog", "LogDestinationType", "cloud-watch-logs")?;
        tree.remove(&flow_log, "DeliverLogsPermissionArn").then_some(flow_log)
    }),
    edit("tasks that may read every secret", 99, |tree| {
        let task = tree.first(TASK)?;
        let role = tree.target(&task, "TaskRoleArn")?;
        let statement =
            Value::map([("Effect", "Allow"), ("Action", "secretsmanager:GetSecretValue"), ("Resource", "*")]);
        let document = Value::map([("Version", Value::from("2012-10-17")), ("Statement", Value::list([statement]))]);
        tree.push(&role, "Policies", Value::map([("PolicyName", Value::from("All")), ("PolicyDocument", document)]));
        Some(role)
    }),
    edit("payer that does not exist", 101, |tree| {
        let service = tree.first(SHARED)?;
        tree.set(&service, "PayerResponsibility", "ServiceConsumer");
        Some(service)
    }),
    edit("name that begins with internal", 102, |tree| {
        let balancer = tree.first(BALANCER)?;
        tree.set(&balancer, "Name", "internal-payments");
        Some(balancer)
    }),
];

/// Whether an endpoint is for an AWS service.
fn named(tree: &Tree, id: &str, suffix: &str) -> bool {
    match tree.get(id, "ServiceName") {
        Some(Value::String(name)) => name.ends_with(suffix),
        Some(other) => ringfence::cfn::write::to_json(other).contains(&format!("{suffix}\"")),
        None => false,
    }
}

fn gateway(tree: &Tree, suffix: &str) -> Option<String> {
    let _ = (tree.first(SERVICE)?, tree.first("AWS::EC2::VPC")?);
    tree.all(ENDPOINT).into_iter().find(|id| {
        named(tree, id, suffix) && tree.get(id, "VpcEndpointType").and_then(Value::as_str) == Some("Gateway")
    })
}

/// Takes away the endpoint for a service that tasks need, when the network is known and all else is there.
fn without_endpoint(tree: &mut Tree, suffix: &str) -> Option<String> {
    let (service, _) = (tree.first(SERVICE)?, tree.first("AWS::EC2::VPC")?);
    let endpoint = tree.all(ENDPOINT).into_iter().find(|id| named(tree, id, suffix))?;
    tree.delete(&endpoint);
    Some(service)
}
