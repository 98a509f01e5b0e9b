//! Settings with one of a few values, and values that are none of them.

use crate::diagnostics::{Mend, Severity};
use crate::model::{Field, Gather as _, Model, Node, ResourceId, ScalableTarget, Service, TaskDefinition, View as _};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1707", "value-not-taken", Error {
        pitfalls: [9, 93],
        summary: "A value that is none of those that a setting takes",
        why: "Many settings take one of a few words or numbers. CloudFormation passes others on, and the service refuses \
              them in the middle of the deployment.",
        example: "Resources:
  Log: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 100 } }
",
        instead: "Resources:
  Log: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 90 } }
",
        source: "CloudFormation template reference, the properties of each type",
        check: check,
    }
}

/// A setting: its type, its property, its values, and whether new ones may well come.
type Setting = (&'static str, &'static str, &'static [&'static str], bool);

const SWITCH: &[&str] = &["ENABLED", "DISABLED"];
/// Values by which something can be reached that could not be before: somebody should look at that.
const OPEN: &[&str] = &["ENABLED", "allow", "internet-facing", "public"];

const LAUNCH_TYPES: &[&str] = &["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"];
const RETENTION: &[&str] = &[
    "1", "3", "5", "7", "14", "30", "60", "90", "120", "150", "180", "365", "400", "545", "731", "1096", "1827",
    "2192", "2557", "2922", "3288", "3653",
];

const COMPARISONS: &[&str] = &[
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
];

/// How Application Auto Scaling decides, and by which metrics of a service it does.
const POLICIES: &[&str] = &["StepScaling", "TargetTrackingScaling", "PredictiveScaling"];
const METRICS: Setting = (
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "TargetTrackingScalingPolicyConfiguration/PredefinedMetricSpecification/PredefinedMetricType",
    &[
        "ECSServiceAverageCPUUtilization",
        "ECSServiceAverageMemoryUtilization",
        "ALBRequestCountPerTarget",
        "ECSServiceAverageCPUUtilizationHighResolution",
        "ECSServiceAverageMemoryUtilizationHighResolution",
    ],
    true,
);

/// What Application Auto Scaling scales.
const SCALED: &[&str] = &[
    "appstream",
    "cassandra",
    "comprehend",
    "custom-resource",
    "dynamodb",
    "ec2",
    "ecs",
    "elasticache",
    "elasticmapreduce",
    "kafka",
    "lambda",
    "neptune",
    "rds",
    "sagemaker",
    "workspaces",
];

/// The one thing of an ECS service that is scaled, and how its containers log.
const COUNT: Setting =
    ("AWS::ApplicationAutoScaling::ScalableTarget", "ScalableDimension", &["ecs:service:DesiredCount"], false);
const MODE: Setting =
    ("AWS::ECS::TaskDefinition", "LogConfiguration/Options/mode", &["blocking", "non-blocking"], false);

/// Source: Elastic Load Balancing API reference, `RuleCondition`.
const CONDITION: Setting = (
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "Conditions",
    &["host-header", "http-header", "http-request-method", "path-pattern", "query-string", "source-ip"],
    true,
);

/// Source: Amazon ECS API reference, `FirelensConfiguration`.
const ROUTER: Setting = ("AWS::ECS::TaskDefinition", "FirelensConfiguration/Type", &["fluentd", "fluentbit"], false);

const INSIGHTS: Setting = ("AWS::ECS::Cluster", "ClusterSettings", &["enabled", "disabled", "enhanced"], false);

/// The numbers of the health check of a container, and their ends. Source: Amazon ECS API reference, HealthCheck.
const HEALTH_CHECK: [(&str, f64, f64); 4] =
    [("Interval", 5.0, 300.0), ("Timeout", 2.0, 120.0), ("Retries", 1.0, 10.0), ("StartPeriod", 0.0, 300.0)];

/// The numbers of deployments that shift traffic, and their ends. Source: Amazon ECS API reference,
/// `DeploymentConfiguration`, `CanaryConfiguration` and `LinearConfiguration`.
const SHIFTS: [(&str, f64, f64); 5] = [
    ("BakeTimeInMinutes", 0.0, 1440.0),
    ("CanaryConfiguration/CanaryBakeTimeInMinutes", 0.0, 1440.0),
    ("CanaryConfiguration/CanaryPercent", 0.1, 100.0),
    ("LinearConfiguration/StepBakeTimeInMinutes", 0.0, 1440.0),
    ("LinearConfiguration/StepPercent", 3.0, 100.0),
];

/// Numbers and their ends. Source: CloudFormation template reference (2026), and the API references of ECS, Application Auto
/// Scaling and SQS.
const NUMBERS: &[(&str, &str, f64, f64)] = &[
    ("AWS::ApplicationAutoScaling::ScalableTarget", "MaxCapacity", 0.0, 2_147_483_647.0),
    ("AWS::ApplicationAutoScaling::ScalableTarget", "MinCapacity", 0.0, 2_147_483_647.0),
    ("AWS::ECS::CapacityProvider", "AutoScalingGroupProvider/ManagedScaling/TargetCapacity", 1.0, 100.0),
    ("AWS::ECS::Service", "DesiredCount", 0.0, 2_147_483_647.0),
    ("AWS::ECS::Service", "HealthCheckGracePeriodSeconds", 0.0, 2_147_483_647.0),
    ("AWS::SQS::Queue", "DelaySeconds", 0.0, 900.0),
    ("AWS::SQS::Queue", "MessageRetentionPeriod", 60.0, 1_209_600.0),
    ("AWS::SQS::Queue", "ReceiveMessageWaitTimeSeconds", 0.0, 20.0),
    ("AWS::SQS::Queue", "VisibilityTimeout", 0.0, 43_200.0),
];

/// Settings of what private services are made of. Source: the CloudFormation template reference (2026) and the API
/// references of the services. In order of the types, of which the first is looked up.
const SETTINGS: &[Setting] = &[
    ("AWS::ApplicationAutoScaling::ScalableTarget", "ServiceNamespace", SCALED, true),
    ("AWS::ApplicationAutoScaling::ScalingPolicy", "PolicyType", POLICIES, true),
    ("AWS::CloudWatch::Alarm", "ComparisonOperator", COMPARISONS, false),
    ("AWS::CloudWatch::Alarm", "Statistic", &["SampleCount", "Average", "Sum", "Minimum", "Maximum"], false),
    ("AWS::CloudWatch::Alarm", "TreatMissingData", &["breaching", "notBreaching", "ignore", "missing"], false),
    ("AWS::EC2::FlowLog", "LogDestinationType", &["cloud-watch-logs", "s3", "kinesis-data-firehose"], true),
    ("AWS::EC2::FlowLog", "MaxAggregationInterval", &["60", "600"], false),
    ("AWS::EC2::FlowLog", "ResourceType", crate::aws::flow_logs::RESOURCE_TYPES, true),
    ("AWS::EC2::FlowLog", "TrafficType", &["ACCEPT", "REJECT", "ALL"], false),
    ("AWS::EC2::NatGateway", "ConnectivityType", &["public", "private"], false),
    ("AWS::EC2::NetworkAclEntry", "RuleAction", &["allow", "deny"], false),
    ("AWS::EC2::VPCEndpoint", "IpAddressType", &["ipv4", "ipv6", "dualstack"], true),
    (
        "AWS::EC2::VPCEndpoint",
        "VpcEndpointType",
        &["Interface", "Gateway", "GatewayLoadBalancer", "Resource", "ServiceNetwork", "Tunnel"],
        true,
    ),
    ("AWS::EC2::VPCEndpointService", "SupportedIpAddressTypes", &["ipv4", "ipv6"], false),
    ("AWS::ECS::Service", "AvailabilityZoneRebalancing", SWITCH, false),
    ("AWS::ECS::Service", "DeploymentConfiguration/Strategy", &["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"], true),
    ("AWS::ECS::Service", "DeploymentController/Type", &["ECS", "CODE_DEPLOY", "EXTERNAL"], true),
    ("AWS::ECS::Service", "LaunchType", LAUNCH_TYPES, true),
    ("AWS::ECS::Service", "NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp", SWITCH, false),
    ("AWS::ECS::Service", "PropagateTags", &["SERVICE", "TASK_DEFINITION", "NONE"], true),
    ("AWS::ECS::Service", "SchedulingStrategy", &["REPLICA", "DAEMON"], true),
    ("AWS::ECS::TaskDefinition", "NetworkMode", &["awsvpc", "bridge", "host", "none"], false),
    ("AWS::ECS::TaskDefinition", "RequiresCompatibilities", LAUNCH_TYPES, true),
    ("AWS::ECS::TaskDefinition", "RuntimePlatform/CpuArchitecture", &["X86_64", "ARM64"], false),
    (
        "AWS::ElasticLoadBalancingV2::Listener",
        "AlpnPolicy",
        &["HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None"],
        false,
    ),
    (
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic",
        &["on", "off"],
        false,
    ),
    (
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "IpAddressType",
        &["ipv4", "dualstack", "dualstack-without-public-ipv4"],
        true,
    ),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "Scheme", &["internal", "internet-facing"], false),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "Type", &["application", "network", "gateway"], false),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "IpAddressType", &["ipv4", "ipv6"], false),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "TargetType", &["instance", "ip", "lambda", "alb"], true),
    ("AWS::Logs::LogGroup", "RetentionInDays", RETENTION, false),
    (
        "AWS::SNS::Subscription",
        "Protocol",
        &["application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs"],
        true,
    ),
];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    elsewhere(model, findings);
    super::refused_texts::check(model, findings);
    for setting in SETTINGS {
        let (type_name, property, ..) = setting;
        for id in model.of_type(type_name) {
            let node = model.property(id, property);
            if !node.is_list() {
                value(findings, id, setting, property, &node);
                continue;
            }
            for (index, item) in node.known_items().iter().enumerate() {
                value(findings, id, setting, &format!("{property}/{index}"), item);
            }
        }
    }
}

/// Settings that are others in other services, or of each container.
fn elsewhere<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for target in model.all::<ScalableTarget<'a>>() {
        if target.property("ServiceNamespace").text().is_known_and(|name| name == "ecs") {
            value(findings, target.id(), &COUNT, COUNT.1, &target.property(COUNT.1));
        }
    }
    for id in model.of_type(METRICS.0) {
        let target =
            model.property(id, "ScalingTargetId").resource().and_then(|id| model.view::<ScalableTarget<'a>>(id));
        let namespaces = [
            model.property(id, "ServiceNamespace").text(),
            target.map_or(Field::Absent, |target| target.property("ServiceNamespace").text()),
        ];
        if namespaces.into_iter().any(|name| name.is_known_and(|name| name == "ecs")) {
            value(findings, id, &METRICS, METRICS.1, &model.property(id, METRICS.1));
        }
    }
    for definition in model.all::<TaskDefinition<'a>>() {
        for container in definition.placed_containers() {
            if container.logs_to_cloudwatch() {
                value(findings, definition.id(), &MODE, &container.place_of(MODE.1), &container.log_option("mode"));
            }
            let router = "FirelensConfiguration/Type";
            value(findings, definition.id(), &ROUTER, &container.place_of(router), &container.property(router));
            for (key, least, most) in HEALTH_CHECK {
                let place = container.place_of(&format!("HealthCheck/{key}"));
                number(findings, definition.id(), &place, &container.property("HealthCheck").get(key), (least, most));
            }
        }
    }
    for service in model.all::<Service<'a>>() {
        for (key, least, most) in SHIFTS {
            let place = format!("DeploymentConfiguration/{key}");
            number(findings, service.id(), &place, &service.property(&place), (least, most));
        }
    }
    for (type_name, key, least, most) in NUMBERS {
        for id in model.of_type(type_name) {
            let node = model.property(id, key);
            number(findings, id, key, &node, (*least, *most));
            if node.text().is_known_and(|text| text.trim().parse::<f64>().is_err()) {
                findings.report(id, *key, "this is no number").help(format!("set a number from {least} to {most}"));
            }
        }
    }
    for id in model.of_type("AWS::CloudWatch::Alarm") {
        let Field::Known(period) = model.property(id, "Period").int() else { continue };
        if !matches!(period, 10 | 20 | 30) && (period < 60 || period % 60 != 0) {
            findings
                .report(id, "Period", format!("`{period}` seconds are no period of an alarm"))
                .help("set 10, 20, 30, or a multiple of 60");
        }
    }
    for id in model.of_type("AWS::SecretsManager::RotationSchedule") {
        let days = "RotationRules/AutomaticallyAfterDays";
        number(findings, id, days, &model.property(id, days), (1.0, 1000.0));
        let rate = "RotationRules/ScheduleExpression";
        if model.property(id, rate).text().is_known_and(|rate| hours_of(&rate).is_some_and(|hours| hours < 4)) {
            findings
                .report(id, rate, "a secret is rotated every four hours at most")
                .help("set `rate(4 hours)` or more");
        }
    }
    for id in model.of_type("AWS::ElasticLoadBalancingV2::ListenerRule") {
        for (index, condition) in model.property(id, "Conditions").known_items().iter().enumerate() {
            value(findings, id, &CONDITION, &format!("Conditions/{index}/Field"), &condition.get("Field"));
        }
    }
    for id in model.of_type("AWS::ECS::Cluster") {
        for (index, setting) in model.property(id, "ClusterSettings").known_items().iter().enumerate() {
            if setting.get("Name").text().is_known_and(|name| name == "containerInsights") {
                value(findings, id, &INSIGHTS, &format!("ClusterSettings/{index}/Value"), &setting.get("Value"));
            }
        }
    }
}

/// The hours of a rate that is given in hours. Source: AWS Secrets Manager API reference, `RotationRulesType`.
fn hours_of(rate: &str) -> Option<u32> {
    let inside = rate.trim().strip_prefix("rate(")?.strip_suffix(')')?;
    let (count, unit) = inside.trim().split_once(' ')?;
    unit.trim().starts_with("hour").then(|| count.parse().ok()).flatten()
}

/// A number that has to be in a range, both ends included.
fn number(findings: &mut Findings<'_>, id: ResourceId, place: &str, node: &Node<'_>, (least, most): (f64, f64)) {
    let Some(number) = node.text().known().and_then(|number| number.parse().ok()) else { return };
    if !(least..=most).contains(&number) {
        findings
            .report(id, place, format!("`{number}` is out of range"))
            .help(format!("set a number from {least} to {most}"));
    }
}

fn value(findings: &mut Findings<'_>, id: ResourceId, setting: &Setting, place: &str, node: &Node<'_>) {
    let (_, _, values, may_grow) = setting;
    let Field::Known(text) = node.text() else { return };
    // YAML takes `on` and `off` for booleans, and CloudFormation writes those out.
    let is_switch = values.contains(&"on") && matches!(text.as_ref(), "true" | "false");
    if is_switch || values.contains(&text.as_ref()) {
        return;
    }
    let like = |known: &&&str| known.eq_ignore_ascii_case(&text);
    let meant = values.iter().find(like);
    let found = findings.report(id, place, format!("`{text}` is no value of this setting"));
    match meant {
        Some(meant) => {
            let is_safe = !OPEN.contains(meant);
            found.mend(Mend::setting(is_safe, place, (*meant).into())).help(format!("did you mean `{meant}`?"))
        }
        None => found.help(format!(
            "set one of {}",
            values.iter().map(|known| format!("`{known}`")).gather::<Vec<_>>().join(", ")
        )),
    };
    if *may_grow && meant.is_none() {
        found.severity(Severity::Warning);
    }
}
