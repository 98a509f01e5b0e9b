//! Starts services anew after a secret has changed, since tasks read secrets only when they start.

use crate::aws::iam::WRITE_LOGS;
use crate::cfn::Gather as _;
use crate::cfn::{LogicalId, Text, Value};
use crate::resources::lambda::{self, function};
use crate::resources::{events, logs};
use crate::spec;

use super::container::ContainerProps;
use super::iam::Statement;
use super::log_group::{self, LogGroupProps, log_group};
use super::{FargateService, ManagedSecrets, Role, Scope, Trust};

/// The code of the function, in the template itself: it needs nothing but what the runtime has.
const CODE: &str = include_str!("inline/restart_services.py");

/// How long the function may run, in seconds: several services, each asked a few times.
const TIMEOUT: u32 = 120;

/// For how many days the log of the function is kept.
const LOG_DAYS: i64 = 90;

/// The function that starts services anew, and the rules that call it.
#[derive(Clone, Debug, PartialEq)]
pub struct RestartOnRotation {
    /// The function.
    pub function: LogicalId,
    /// The rules, one for each secret.
    pub rules: Vec<LogicalId>,
}

impl RestartOnRotation {
    /// Watches the secrets that are changed regularly, and starts the services that use them anew. Nothing is added when
    /// there are none. `services` are those of the spec, with what was made of them.
    ///
    /// Secrets Manager tells EventBridge by itself when a version of a secret becomes the current one. The function that is
    /// then called is outside the VPC, which has no way to the API of ECS, and may update exactly these services.
    pub fn new(
        scope: &mut Scope<'_>,
        secrets: &ManagedSecrets,
        services: &[(&str, &spec::Service, &FargateService)],
    ) -> Option<Self> {
        let watched = watched(secrets, services);
        if watched.is_empty() {
            return None;
        }
        let mut scope = scope.construct("RestartOnRotation", "ringfence.RestartOnRotation");
        let mut all: Vec<&FargateService> = Vec::new();
        for service in watched.iter().flat_map(|(_, services)| services) {
            if !all.contains(service) {
                all.push(service);
            }
        }
        let function = restarting_function(&mut scope, &all);
        let rules = watched
            .iter()
            .filter_map(|(name, services)| {
                Some(rule(&mut scope, name, secrets.by_name.get(*name)?, services, &function))
            })
            .gather();
        Some(Self { function, rules })
    }
}

/// The secrets that are changed regularly, with the services that use each.
fn watched<'a>(
    secrets: &'a ManagedSecrets,
    services: &[(&str, &spec::Service, &'a FargateService)],
) -> Vec<(&'a Text, Vec<&'a FargateService>)> {
    let users = |secret: &Text| -> Vec<&'a FargateService> {
        let using = services.iter().filter(|(name, service, _)| uses(name, service, secret));
        using.map(|(_, _, made)| *made).gather()
    };
    let restarting = secrets.by_name.iter().filter(|(_, secret)| secret.restarts_services);
    restarting.map(|(name, _)| (name, users(name))).filter(|(_, users)| !users.is_empty()).gather()
}

fn uses(name: &str, service: &spec::Service, secret: &str) -> bool {
    let containers = ContainerProps::all(name, service);
    let mut references = containers.iter().flat_map(|container| container.secrets.0.values());
    references.any(|reference| reference.secret.known().is_some_and(|known| known == secret))
}

fn restarting_function(scope: &mut Scope<'_>, services: &[&FargateService]) -> LogicalId {
    let settings = LogGroupProps { retention_days: LOG_DAYS.into(), kms_key: None, keep: false };
    let group = log_group(scope, "Log", &settings);
    let role = Role::new(scope, "Role", &Trust::lambda(), "starts services anew after a secret has changed");
    let statements = vec![
        Statement::allow(["ecs:UpdateService"]).on_all(services.iter().map(|service| arn_of(service))),
        Statement::allow(WRITE_LOGS.iter().copied()).on(group.attribute(logs::LogGroup::ATTR_ARN)),
    ];
    role.allow(scope, "Restart", statements);
    let function = lambda::Function::new()
        .description("starts services anew after a secret has changed")
        .runtime("python3.13")
        .architectures(["arm64"])
        .handler("index.handler")
        .code(function::Code::new().zip_file(CODE))
        .role(role.arn)
        .timeout(TIMEOUT)
        .memory_size(128)
        .logging_config(function::LoggingConfig::new().log_group(log_group::name(&group)).log_format("JSON"));
    scope.add("Function", function)
}

/// The ARN of a service, in the form that has the name of the cluster whatever the age of the account.
fn arn_of(service: &FargateService) -> Value {
    Value::join([
        Value::from("arn:"),
        Value::reference("AWS::Partition"),
        Value::from(":ecs:"),
        Value::reference("AWS::Region"),
        Value::from(":"),
        Value::reference("AWS::AccountId"),
        Value::from(":service/"),
        service.cluster_name.clone(),
        Value::from("/"),
        service.name.clone(),
    ])
}

/// The rule for one secret. Its rotation waits for it, so that not even the first change goes by unseen.
fn rule(
    scope: &mut Scope<'_>,
    name: &str,
    secret: &super::ManagedSecret,
    services: &[&FargateService],
    function: &LogicalId,
) -> LogicalId {
    let target = events::rule::Target::new()
        .id("Restart")
        .arn(function.attribute(lambda::Function::ATTR_ARN))
        .input(input(services));
    let rule = events::Rule::new()
        .description(format!("starts the services that use the secret {name} anew"))
        .event_pattern(pattern(&secret.arn))
        .targets([target]);
    let rule = scope.add(&format!("Rule-{name}"), rule);
    let permission = lambda::Permission::new()
        .action("lambda:InvokeFunction")
        .function_name(function.reference())
        .principal("events.amazonaws.com")
        .source_arn(rule.attribute(events::Rule::ATTR_ARN));
    let permission = scope.add(&format!("Permission-{name}"), permission);
    if let Some(rotation) = &secret.rotation {
        scope.depend(rotation, [&rule, &permission]);
    }
    rule
}

/// A version of the secret has become the current one. Source: Secrets Manager user guide, "Match Secrets Manager events
/// with Amazon EventBridge".
fn pattern(secret: &Value) -> Value {
    Value::map([
        ("source", Value::list(["aws.secretsmanager"])),
        ("detail-type", Value::list(["Secret Label Updated"])),
        ("resources", Value::list([secret.clone()])),
        ("detail", Value::map([("labelUpdated", Value::list(["AWSCURRENT"]))])),
    ])
}

/// What the function is called with: JSON text in which the names are put at deployment. Names of clusters and services
/// have no character that JSON would have to escape.
fn input(services: &[&FargateService]) -> Value {
    let mut parts = vec![Value::from("{\"services\":[")];
    for (index, service) in services.iter().enumerate() {
        parts.push(Value::from(if index == 0 { "{\"cluster\":\"" } else { ",{\"cluster\":\"" }));
        parts.push(service.cluster_name.clone());
        parts.push(Value::from("\",\"service\":\""));
        parts.push(service.name.clone());
        parts.push(Value::from("\"}"));
    }
    parts.push(Value::from("]}"));
    Value::join(parts)
}
