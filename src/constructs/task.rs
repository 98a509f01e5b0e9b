//! A task: containers with their roles, log and security group.

use crate::aws::fargate::{self, SizeError};
use crate::cfn::{Gather as _, GatherMore as _};
use crate::cfn::{LogicalId, Value};
use crate::diagnostics::codes::service as codes;
use crate::resources::{Builder as _, ecs};
use crate::spec::{self, Architecture, Input, Transport, Whole};

use super::container::{self, ContainerProps, TaskSettings, Volumes};
use super::iam::Statement;
use super::log_group::{self, LogGroupProps, log_group};
use super::problem::Problem;
use super::security_group::SecurityGroup;
use super::task_needs::{Caller, Surroundings};
use super::{Cluster, Endpoints, ManagedSecrets, Network, Role, Scope, Trust, container_checks, task_needs};

use ecs::task_definition;

/// A task definition with what belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The name of the service, as the spec has it.
    pub name: String,
    /// The ARN of the task definition.
    pub definition: Value,
    /// The name of the main container.
    pub container: String,
    /// The port on which the main container listens, when it does.
    pub port: Option<Value>,
    /// The transport of that port.
    pub protocol: Transport,
    /// The group in which the tasks are.
    pub security_group: SecurityGroup,
    /// The role that the containers have.
    pub task_role: LogicalId,
    /// The role with which ECS starts the task.
    pub execution_role: LogicalId,
    /// The log group.
    pub log_group: LogicalId,
    /// What must exist before a task starts and nothing else in the template waits for: rules that let the tasks reach
    /// the endpoints, and policies of their own.
    pub ready: Vec<LogicalId>,
}

/// The construct ID of a task below the service's name.
const ID: &str = "Task";

/// The construct ID of the log group below the task.
const LOG_GROUP: &str = "LogGroup";

/// The path of the log group that the task of the service `name` makes in the place `scope_path`.
pub(super) fn log_group_path(scope_path: &str, name: &str) -> String {
    let separator = if scope_path.is_empty() { "" } else { "/" };
    format!("{scope_path}{separator}{name}/{ID}/{LOG_GROUP}")
}

impl Task {
    /// Makes the task of the service `name` below the construct `name`.
    ///
    /// The two roles may do what the service needs and no more: the execution role pulls from exactly the repositories,
    /// writes to the log group, and reads and decrypts exactly the secrets and parameters; the task role has what the
    /// permissions of the spec, ECS Exec and tracing need. Both hold their policies inside, so they are complete as soon as
    /// they exist.
    ///
    /// The scope's origin is the member of `services` that describes the service.
    pub fn new(
        scope: &mut Scope<'_>,
        name: &str,
        service: &spec::Service,
        network: &Network,
        endpoints: &Endpoints,
        cluster: &Cluster,
        secrets: &ManagedSecrets,
    ) -> Self {
        let path = scope.path().to_owned();
        let surroundings = Surroundings { path: &path, name, service, cluster, secrets };
        let mut scope = scope.child(name);
        let mut scope = scope.construct(ID, "ringfence.Task");
        report_problems(&mut scope, surroundings);
        let group = log_group(&mut scope.made_from("logs"), LOG_GROUP, &LogGroupProps::from(&service.logs));
        let (task_role, execution_role) = roles(&mut scope, surroundings);
        let security_group =
            SecurityGroup::new(&mut scope, "SecurityGroup", network, format!("tasks of the service {name}"));
        let ready = endpoints.admit(&mut scope, "ToEndpoints", &security_group);
        let definition = definition(&mut scope, surroundings, &group, (&task_role, &execution_role));
        Self {
            name: name.to_owned(),
            definition: definition.reference(),
            container: name.to_owned(),
            port: service.port.as_ref().map(Input::to_value),
            protocol: service.protocol,
            security_group,
            task_role: task_role.logical_id,
            execution_role: execution_role.logical_id,
            log_group: group,
            ready,
        }
    }

    /// Lets the containers do what `statements` say, by a policy of its own at `id` for which the service waits: for what
    /// is known only after the task was made. Endpoints are not told of it.
    pub fn grant(&mut self, scope: &mut Scope<'_>, id: &str, statements: Vec<Statement>) {
        let role = Role::of(&self.task_role);
        self.ready.push(role.attach(scope, id, statements));
    }
}

fn report_problems(scope: &mut Scope<'_>, at: Surroundings<'_>) {
    let containers = ContainerProps::all(at.name, at.service);
    let mut problems = container_checks::check(&containers);
    problems.gather_more(check_size(at.service));
    problems.gather_more(check_reservations(at.service, &containers));
    problems.gather_more(check_exec(at.service, &containers));
    problems.gather_more(check_stop(at.service));
    problems.gather_more(check_buffers(at.service, containers.len()));
    problems.gather_more(task_needs::check_permissions(scope.stack(), at));
    for problem in problems {
        problem.report(scope);
    }
}

/// The role of the containers and that of the agent.
fn roles(scope: &mut Scope<'_>, at: Surroundings<'_>) -> (Role, Role) {
    let name = at.name;
    let task_role = Role::new(scope, "TaskRole", &Trust::ecs_tasks(), format!("containers of the service {name}"));
    let description = format!("starts tasks of the service {name}: image, log, secrets");
    let execution_role = Role::new(scope, "ExecutionRole", &Trust::ecs_tasks(), description);
    let calls = task_needs::calls(scope.stack(), at);
    let statements = |caller: Caller| {
        calls.iter().filter(|call| call.caller == caller).map(|call| call.statement.clone()).gather::<Vec<_>>()
    };
    task_role.allow(scope, "Task", statements(Caller::Containers));
    execution_role.allow(scope, "Start", statements(Caller::Agent));
    (task_role, execution_role)
}

fn definition(
    scope: &mut Scope<'_>,
    at: Surroundings<'_>,
    group: &LogicalId,
    (task_role, execution_role): (&Role, &Role),
) -> LogicalId {
    let service = at.service;
    let containers = ContainerProps::all(at.name, service);
    let volumes = Volumes::of(&containers, service.exec);
    let log_group = log_group::name(group);
    let settings =
        TaskSettings { name: at.name, service, secrets: at.secrets, log_group: &log_group, volumes: &volumes };
    let definitions: Vec<_> =
        containers.iter().map(|container| container::definition(scope, container, settings)).gather();
    let volumes = Some(volumes.definitions()).filter(|volumes| !volumes.is_empty());
    let storage = service
        .ephemeral_storage
        .as_ref()
        .map(|size| task_definition::EphemeralStorage::new().size_in_gib(size.to_value()));
    // A family collects the revisions of one definition. Without it each revision would get a family of its own.
    let family = scope.stack().name_within('-', at.name);
    let definition = ecs::TaskDefinition::new()
        .family(family)
        .requires_compatibilities(["FARGATE"])
        .network_mode("awsvpc")
        .cpu(service.cpu.to_text())
        .memory(service.memory.to_text())
        .maybe(storage, ecs::TaskDefinition::ephemeral_storage)
        .runtime_platform(platform(service.architecture))
        .task_role_arn(task_role.arn.clone())
        .execution_role_arn(execution_role.arn.clone())
        .container_definitions(definitions)
        .maybe(volumes, ecs::TaskDefinition::volumes);
    scope.add("Definition", definition)
}

fn platform(architecture: Architecture) -> task_definition::RuntimePlatform {
    let cpu = match architecture {
        Architecture::X86 => "X86_64",
        Architecture::Arm => "ARM64",
    };
    task_definition::RuntimePlatform::new().cpu_architecture(cpu).operating_system_family("LINUX")
}

fn check_size(service: &spec::Service) -> Option<Problem> {
    let (Some(Whole(cpu)), Some(Whole(memory))) = (service.cpu.known(), service.memory.known()) else { return None };
    let (cpu, memory) = (u32::try_from(*cpu).ok()?, u32::try_from(*memory).ok()?);
    match fargate::check_size(cpu, memory) {
        Ok(_) => None,
        Err(SizeError::Cpu { nearest }) => {
            let sizes: Vec<String> = fargate::SIZES.iter().map(|size| size.cpu.to_string()).gather();
            let help = format!("the nearest is {nearest}; there are {}", sizes.join(", "));
            let message = format!("fargate has no tasks with `{cpu}` CPU units");
            Some(Problem::error(codes::BAD_TASK_SIZE, "cpu", message, help))
        }
        Err(SizeError::Memory { nearest, cpu_for_memory }) => {
            let bigger = cpu_for_memory.map(|cpu| format!(", and `cpu: {cpu}` goes with {memory} MiB"));
            let help = format!("the nearest that goes with {cpu} CPU units is {nearest}{}", bigger.unwrap_or_default());
            let message = format!("fargate has no tasks with {cpu} CPU units and `{memory}` MiB of memory");
            Some(Problem::error(codes::BAD_TASK_SIZE, "memory", message, help))
        }
    }
}

/// What containers reserve is part of the task.
fn check_reservations(service: &spec::Service, containers: &[ContainerProps<'_>]) -> Vec<Problem> {
    let cpu = containers.iter().filter_map(|container| container.cpu?.known()).map(|cpu| cpu.0).sum::<i64>();
    let memory = containers.iter().filter_map(|container| container.memory?.known()).map(|size| size.0).sum::<i64>();
    let totals = [
        ("cpu", "CPU units", cpu, service.cpu.known().map(|cpu| cpu.0)),
        ("memory", "MiB of memory", memory, service.memory.known().map(|memory| memory.0)),
    ];
    let exceeds = |(at, unit, sum, whole): (&'static str, &str, i64, Option<i64>)| {
        let whole = whole.filter(|whole| sum > *whole)?;
        let message = format!("the sidecars are given {sum} {unit}, and the task has {whole}");
        let help = format!("give the task more, or the sidecars less `{at}`; the main container needs some too");
        let of = |container: &ContainerProps<'_>| match at {
            "cpu" => container.cpu.and_then(Input::known).map_or(0, |cpu| cpu.0),
            _ => container.memory.and_then(Input::known).map_or(0, |memory| memory.0),
        };
        let largest = containers.iter().max_by_key(|container| of(container))?;
        Some(Problem::error(codes::CONTAINERS_EXCEED_TASK, at, message, help).within(&largest.at))
    };
    totals.into_iter().filter_map(exceeds).gather()
}

/// What of the log waits to be sent is in the memory of the task.
fn check_buffers(service: &spec::Service, containers: usize) -> Option<Problem> {
    let whole = service.memory.known()?.0;
    let each = service.logs.buffer_mib.number().filter(|_| service.logs.mode == spec::LogMode::NonBlocking)?;
    let all = each.saturating_mul(i64::try_from(containers).ok()?);
    (all >= whole).then(|| {
        let message = format!("what waits to be logged may take {all} MiB of memory, and the task has {whole}");
        let help = "give the task more memory, or each of its containers a smaller `bufferMib`";
        Problem::warning(codes::CONTAINERS_EXCEED_TASK, "logs/bufferMib", message, help)
    })
}

fn check_exec(service: &spec::Service, containers: &[ContainerProps<'_>]) -> Option<Problem> {
    let read_only = containers.iter().filter(|container| service.exec && container.read_only);
    let names: Vec<String> = read_only.map(|container| format!("`{}`", container.name)).gather();
    (!names.is_empty()).then(|| {
        let names = names.join(", ");
        let message = format!("AWS does not support ECS Exec where the root file system is read-only, as in {names}");
        let help = "the folders that its agent writes to are made writable, which works as far as is known; \
                    to be sure, set `readOnlyRootFilesystem: false` while you need `exec`";
        Problem::warning(codes::EXEC_WITH_READ_ONLY_ROOT, "exec", message, help)
    })
}

/// How many seconds a load balancer may go on sending to a task that was told to stop: it has to be told, and so have its
/// nodes. Source: aws/containers-roadmap, issue 470; Network Load Balancers guide, deregistration delay.
const SLOW_TO_STOP_SENDING: i64 = 60;

fn check_stop(service: &spec::Service) -> Option<Problem> {
    let Whole(seconds) = service.stop_timeout.known().filter(|_| service.port.is_some())?;
    (*seconds < SLOW_TO_STOP_SENDING).then(|| {
        let message = format!("tasks are killed after {seconds} s, and the load balancer may send to them for longer");
        let help = format!("give at least `{SLOW_TO_STOP_SENDING}`, and go on answering after SIGTERM");
        Problem::warning(codes::SHORT_STOP_TIMEOUT, "stopTimeout", message, help)
    })
}
