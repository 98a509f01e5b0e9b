//! What a service needs of AWS. One list of calls says who makes each, through which endpoint, and on what: the policies of
//! the two roles of a task and those of the endpoints are both made of it, so that neither allows what the other does not
//! need.

use crate::aws::endpoints::{EndpointService, SERVICES};
use crate::aws::{Arn, ecr, iam};
use crate::cfn::{Gather as _, GatherMore as _};
use crate::cfn::{LogicalId, Text, Value};
use crate::diagnostics::codes::service as codes;
use crate::resources::logs;
use crate::spec::{self, Input, Permission};

use super::container::ContainerProps;
use super::endpoints::check_endpoint;
use super::iam::{Statement, arn};
use super::problem::Problem;
use super::{Cluster, ManagedSecrets, Needs, Scope, Stack, StackProps, images, references, task};

/// Who of a task makes a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// The agent of ECS that starts the task, with the execution role.
    Agent,
    /// The containers, with the task role.
    Containers,
    /// Whoever has credentials of the account: for calls whose permissions the spec does not tell.
    Account,
}

/// A call that a task makes to AWS.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    /// Who makes it.
    pub(super) caller: Caller,
    /// The endpoints through which it goes; none when another service makes it in the caller's name.
    pub(super) endpoints: Vec<Text>,
    /// What must be allowed.
    pub(super) statement: Statement,
}

/// What is known about a service when its calls are listed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surroundings<'a> {
    /// The path of the place in which the service is made.
    pub(super) path: &'a str,
    /// The name of the service.
    pub(super) name: &'a str,
    /// The service.
    pub(super) service: &'a spec::Service,
    /// The cluster.
    pub(super) cluster: &'a Cluster,
    /// The secrets of the stack.
    pub(super) secrets: &'a ManagedSecrets,
}

/// What the service `name` needs of AWS: the endpoints, and what their policies must allow.
///
/// It is asked before the endpoints exist, hence before the task does. `scope` must be the place in which the task is made
/// later, because the policy of the endpoint for logs names the log group that is made there. What is wrong with the
/// service is reported when its task is made, except for names of services that no endpoint has.
pub fn of(
    scope: &mut Scope<'_>,
    name: &str,
    service: &spec::Service,
    cluster: &Cluster,
    secrets: &ManagedSecrets,
) -> Needs {
    let path = scope.path().to_owned();
    let surroundings = Surroundings { path: &path, name, service, cluster, secrets };
    let mut needs = Needs::default();
    for call in calls(scope.stack(), surroundings) {
        let statement = by_this_account(call.statement);
        for endpoint in call.endpoints {
            needs.add(endpoint, statement.clone());
        }
    }
    for (index, key) in service.aws.iter().enumerate() {
        check_endpoint(scope, &format!("aws/{index}"), key);
    }
    needs
}

/// What is needed of the services of AWS that `keys` name, when nothing else is known: everything, for this account. The
/// origin of `scope` is the list.
pub fn of_services(scope: &mut Scope<'_>, keys: &[Text]) -> Needs {
    let mut needs = Needs::default();
    for (index, key) in keys.iter().enumerate() {
        if check_endpoint(scope, &index.to_string(), key)
            && let Some(prefix) = iam_prefix(key)
        {
            needs.add(key.clone(), by_this_account(everything(prefix)));
        }
    }
    needs
}

/// All calls to a service.
fn everything(prefix: &str) -> Statement {
    Statement::allow([format!("{prefix}:*")]).on("*")
}

/// Only credentials of this account go through: nobody brings others to carry data away with.
pub(super) fn by_this_account(statement: Statement) -> Statement {
    statement.anybody().when("StringEquals", "aws:PrincipalAccount", Value::reference("AWS::AccountId"))
}

/// The calls that a service makes, in a stable order. What cannot be made out is left out; the task reports it.
pub(super) fn calls(stack: &Stack, at: Surroundings<'_>) -> Vec<Call> {
    let mut calls = Vec::new();
    let containers = ContainerProps::all(at.name, at.service);
    pull_calls(stack, &containers, &mut calls);
    calls.push(log_call(&at));
    injection_calls(stack.props(), at.secrets, &containers, &mut calls);
    if at.service.exec {
        exec_calls(&at, &mut calls);
    }
    if at.service.tracing {
        calls.push(tracing_call());
    }
    let reachable = reachable(&at.service.aws, &calls);
    calls.gather_more(at.service.permissions.iter().flat_map(|permission| permission_calls(permission, &reachable)));
    let undescribed = undescribed_calls(&at.service.aws, &calls);
    calls.gather_more(undescribed);
    calls
}

fn call<I>(caller: Caller, endpoints: I, statement: Statement) -> Call
where
    I: IntoIterator,
    I::Item: Into<Text>,
{
    Call { caller, endpoints: endpoints.into_iter().map(Into::into).gather(), statement }
}

fn allow(actions: &'static [&'static str]) -> Statement {
    Statement::allow(actions.iter().copied())
}

/// Pulling images. A token for the registry is not bound to a repository, so its action has no resource. The layers come
/// from a bucket of ECR by addresses that it signs; the endpoints see to that.
fn pull_calls(stack: &Stack, containers: &[ContainerProps<'_>], calls: &mut Vec<Call>) {
    let mut repositories: Vec<Value> = Vec::new();
    for container in containers {
        if let Ok(image) = images::pulled_image(stack, container.name, container.image) {
            push_new(&mut repositories, image.repository);
        }
    }
    if repositories.is_empty() {
        return;
    }
    let endpoints = ecr::PULL_ENDPOINTS.iter().copied();
    calls.push(call(Caller::Agent, endpoints.clone(), allow(iam::PULL_FROM_ANYWHERE).on("*")));
    calls.push(call(Caller::Agent, endpoints, allow(iam::PULL_FROM_REPOSITORY).on_all(repositories)));
}

fn push_new(values: &mut Vec<Value>, value: Value) {
    if !values.contains(&value) {
        values.push(value);
    }
}

/// Writing the log.
fn log_call(at: &Surroundings<'_>) -> Call {
    call(Caller::Agent, ["logs"], allow(iam::WRITE_LOGS).on(own_log_group(at).attribute(LOG_GROUP_ARN)))
}

/// The attribute of a log group that has the form which policies want: with `:*` at its end.
const LOG_GROUP_ARN: &str = logs::LogGroup::ATTR_ARN;

/// The log group of the service, which the task makes.
fn own_log_group(at: &Surroundings<'_>) -> LogicalId {
    LogicalId::from_path(task::log_group_path(at.path, at.name).split('/'))
}

/// Reading what becomes environment variables. What is encrypted with a key of one's own is decrypted by the service that
/// keeps it, in the caller's name: that takes a permission, and no endpoint for KMS.
fn injection_calls(
    stack: &StackProps,
    secrets: &ManagedSecrets,
    containers: &[ContainerProps<'_>],
    calls: &mut Vec<Call>,
) {
    let (mut secret_arns, mut parameter_arns, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    for container in containers {
        for reference in container.secrets.0.values() {
            let Ok(secret) = references::secret(stack, secrets, reference) else { continue };
            secret.resources.into_iter().for_each(|arn| push_new(&mut secret_arns, arn));
            secret.key.into_iter().for_each(|key| push_new(&mut keys, key));
        }
        for reference in container.parameters.0.values() {
            let Ok(parameter) = references::parameter(stack, reference) else { continue };
            parameter.resources.into_iter().for_each(|arn| push_new(&mut parameter_arns, arn));
            parameter.key.into_iter().for_each(|key| push_new(&mut keys, key));
        }
    }
    if !secret_arns.is_empty() {
        let statement = Statement::allow(["secretsmanager:GetSecretValue"]).on_all(secret_arns);
        calls.push(call(Caller::Agent, ["secretsmanager"], statement));
    }
    if !parameter_arns.is_empty() {
        let statement = Statement::allow(["ssm:GetParameters"]).on_all(parameter_arns);
        calls.push(call(Caller::Agent, ["ssm"], statement));
    }
    if !keys.is_empty() {
        let statement = Statement::allow(["kms:Decrypt"]).on_all(keys);
        calls.push(call(Caller::Agent, Vec::<Text>::new(), statement));
    }
}

/// Opening a shell: the agent of Systems Manager runs inside the container, with the task role, and decrypts and records
/// the session itself. Sources: Amazon ECS developer guide, "ECS Exec permissions" and "Logging using ECS Exec".
fn exec_calls(at: &Surroundings<'_>, calls: &mut Vec<Call>) {
    calls.push(call(Caller::Containers, ["ssmmessages"], allow(iam::EXECUTE_COMMANDS).on("*")));
    if let Some(key) = &at.cluster.exec_key {
        calls.push(call(Caller::Containers, ["kms"], Statement::allow(["kms:Decrypt"]).on(key.clone())));
    }
    let group = match (at.cluster.exec_log, &at.cluster.exec_log_group) {
        (spec::ExecLog::Off, _) => return,
        (spec::ExecLog::Separate, Some(group)) => group.clone(),
        (spec::ExecLog::Separate | spec::ExecLog::Service, _) => own_log_group(at),
    };
    let find = Statement::allow(["logs:DescribeLogGroups"]).on(arn("logs", "log-group:*"));
    calls.push(call(Caller::Containers, ["logs"], find));
    let write = Statement::allow(["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"])
        .on(group.attribute(LOG_GROUP_ARN));
    calls.push(call(Caller::Containers, ["logs"], write));
}

/// Sending traces.
fn tracing_call() -> Call {
    call(Caller::Containers, ["xray"], allow(iam::SEND_TRACES).on("*"))
}

/// The endpoints that the task can reach: those that it declares, and those that it needs anyway.
fn reachable(declared: &[Text], calls: &[Call]) -> Vec<Text> {
    let mut reachable: Vec<Text> = declared.to_vec();
    for endpoint in calls.iter().flat_map(|call| &call.endpoints).filter(|endpoint| *endpoint != "ecr.dkr") {
        if !reachable.contains(endpoint) {
            reachable.push(endpoint.clone());
        }
    }
    reachable
}

/// What the spec lets the tasks do, one statement for each service of AWS that a permission names.
fn permission_calls(permission: &Permission, reachable: &[Text]) -> Vec<Call> {
    let mut prefixes: Vec<&str> = Vec::new();
    for prefix in permission.actions.0.iter().map(|action| prefix_of(action)) {
        if !prefixes.contains(&prefix) {
            prefixes.push(prefix);
        }
    }
    let to_call = |prefix: &str| {
        let actions: Vec<Text> =
            permission.actions.0.iter().filter(|action| prefix_of(action) == prefix).cloned().gather();
        let statement = Statement::allow(actions).on_all(permission.resources.0.iter().map(Input::to_value));
        let statement = match &permission.conditions {
            Some(Value::Map(conditions)) => statement.conditions(conditions.clone()),
            _ => statement,
        };
        let endpoints = reachable.iter().filter(|key| iam_prefix(key) == Some(prefix)).cloned();
        call(Caller::Containers, endpoints.gather::<Vec<Text>>(), statement)
    };
    prefixes.into_iter().map(to_call).gather()
}

/// The declared services of which no permission tells what is called: everything of this account.
fn undescribed_calls(declared: &[Text], calls: &[Call]) -> Vec<Call> {
    let is_described = |key: &Text| calls.iter().any(|call| call.endpoints.contains(key));
    let open = declared.iter().filter(|key| !is_described(key)).filter_map(|key| Some((key, iam_prefix(key)?)));
    open.map(|(key, prefix)| call(Caller::Account, [key.clone()], everything(prefix))).gather()
}

/// What stands before the colon of an action.
pub(super) fn prefix_of(action: &str) -> &str {
    action.split_once(':').map_or(action, |(prefix, _)| prefix)
}

/// The prefix of the actions that go through an endpoint.
pub(super) fn iam_prefix(key: &str) -> Option<&'static str> {
    let service = EndpointService::find(key).or_else(|| EndpointService::find(key.strip_suffix("-fips")?))?;
    Some(service.iam_prefix)
}

/// What is wrong with the permissions of a service.
pub(super) fn check_permissions(stack: &Stack, at: Surroundings<'_>) -> Vec<Problem> {
    let calls = calls(stack, at);
    let mut problems = Vec::new();
    for (index, permission) in at.service.permissions.iter().enumerate() {
        let place = format!("permissions/{index}");
        let refused = check_resources(stack, permission);
        // Whether anything leads there is idle while nothing is named.
        let actions = permission.actions.0.iter().filter(|_| refused.is_none());
        let found: Vec<Problem> = actions.filter_map(|action| check_action(action, permission, &calls)).gather();
        problems.gather_more(refused.into_iter().chain(found).map(|problem| problem.within(&place)));
        if !matches!(permission.conditions, None | Some(Value::Map(_))) {
            let help = "write them as IAM does: `{ StringEquals: { \"aws:ResourceTag/team\": payments } }`";
            let message = "conditions are not a map of operators";
            problems.push(Problem::error(codes::BAD_PERMISSION, "conditions", message, help).within(&place));
        }
    }
    problems
}

fn check_action(action: &str, permission: &Permission, calls: &[Call]) -> Option<Problem> {
    let is_word =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-*?".contains(&b));
    let well_formed = action.split_once(':').is_some_and(|(prefix, name)| is_word(prefix) && is_word(name));
    if !well_formed || action.starts_with('*') {
        let message = format!("`{action}` is not an action of a service");
        return Some(Problem::error(codes::BAD_PERMISSION, "actions", message, "write it like `s3:GetObject`"));
    }
    let is_everything = |resource: &Input<Text>| resource.known().is_some_and(|resource| resource == "*");
    if permission.resources.0.iter().any(is_everything) && takes_resources(action) {
        let message = format!("`{action}` is allowed on everything that there is");
        let help = "name the resources by ARN; `*` may stand for parts of them";
        return Some(Problem::warning(codes::BROAD_PERMISSION, "resources", message, help));
    }
    let prefix = prefix_of(action);
    let has_way = calls.iter().flat_map(|call| &call.endpoints).any(|key| iam_prefix(key) == Some(prefix));
    let key = SERVICES.iter().find(|service| service.iam_prefix == prefix).map(|service| service.key)?;
    (!has_way).then(|| {
        let message = format!("`{action}` is allowed, and no endpoint leads to its service");
        let help = format!("add `{key}` to `aws`, unless another endpoint of the VPC leads there");
        Problem::warning(codes::PERMISSION_WITHOUT_ENDPOINT, "actions", message, help)
    })
}

/// What is wrong with the first resource that IAM would not take.
fn check_resources(stack: &Stack, permission: &Permission) -> Option<Problem> {
    let help = "write it like `arn:aws:s3:::bucket/*`; IAM refuses policies with anything else";
    permission.resources.0.iter().filter_map(Input::known).find_map(|text| {
        let why = match Arn::split(text) {
            _ if text == "*" || text.contains("${") => return None,
            Ok(arn) => stack.props().refusal(&arn)?,
            Err(error) => error.to_string(),
        };
        let message = format!("`{text}` cannot be the resource of a permission: {why}");
        Some(Problem::error(codes::BAD_PERMISSION, "resources", message, help))
    })
}

/// Whether an action can be limited to resources. One that is not known, or stands for several, is taken to be.
fn takes_resources(action: &str) -> bool {
    iam::takes_resources(action).unwrap_or(true)
}
