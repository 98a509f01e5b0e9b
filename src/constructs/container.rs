//! The containers of a task, as its definition has them.

use crate::cfn::ordered::sort_by;
use crate::cfn::{Gather as _, GatherMore as _};
use crate::cfn::{OrderedMap, Text, Value};
use crate::resources::{Builder as _, ecs};
use crate::spec::text::Port;
use crate::spec::{
    Container, ContainerCondition, ContainerHealthCheck, FreeMap, Input, LogMode, Named, ParameterReference,
    SecretReference, Service, Transport, Whole,
};

use super::images::ImageSource;
use super::problem::Problem;
use super::{ManagedSecrets, Scope, StackProps, images, references};

use ecs::task_definition::{self, ContainerDefinition};

/// What the spec says about a container, be it the main one or a sidecar.
#[derive(Clone, Debug)]
pub(super) struct ContainerProps<'a> {
    pub(super) name: &'a str,
    /// The member of the service that describes it; empty for the main container.
    pub(super) at: String,
    pub(super) image: ImageSource<'a>,
    pub(super) essential: bool,
    pub(super) cpu: Option<&'a Input<Whole<0, 32_768>>>,
    pub(super) memory: Option<&'a Input<Whole<6, 249_856>>>,
    pub(super) port: Option<&'a Input<Port>>,
    pub(super) protocol: Transport,
    pub(super) command: &'a [Input<Text>],
    pub(super) entry_point: &'a [Input<Text>],
    pub(super) user: Option<&'a Input<Text>>,
    pub(super) environment: &'a FreeMap<Input<Text>>,
    pub(super) secrets: &'a FreeMap<SecretReference>,
    pub(super) parameters: &'a FreeMap<ParameterReference>,
    pub(super) health: Option<&'a ContainerHealthCheck>,
    pub(super) read_only: bool,
    pub(super) writable_paths: &'a [Input<Text>],
    pub(super) depends_on: &'a Named<ContainerCondition>,
    pub(super) stop_timeout: Option<&'a Input<Whole<2, 120>>>,
}

impl<'a> ContainerProps<'a> {
    /// All containers of a service, the main one first.
    pub(super) fn all(name: &'a str, service: &'a Service) -> Vec<Self> {
        let sidecars = service.sidecars.iter().map(|(name, sidecar)| Self::sidecar(name, sidecar, service));
        std::iter::once(Self::main(name, service)).chain(sidecars).gather()
    }

    fn main(name: &'a str, service: &'a Service) -> Self {
        Self {
            name,
            at: String::new(),
            image: ImageSource {
                image: service.image.as_ref(),
                repository: service.repository.as_ref(),
                build: service.build.as_ref(),
                architecture: service.architecture,
            },
            essential: true,
            cpu: None,
            memory: None,
            port: service.port.as_ref(),
            protocol: service.protocol,
            command: &service.command,
            entry_point: &service.entry_point,
            user: service.user.as_ref(),
            environment: &service.environment,
            secrets: &service.secrets,
            parameters: &service.parameters,
            health: service.container_health.as_ref(),
            read_only: service.read_only_root_filesystem,
            writable_paths: &service.writable_paths,
            depends_on: &service.depends_on,
            stop_timeout: Some(&service.stop_timeout),
        }
    }

    fn sidecar(name: &'a str, sidecar: &'a Container, service: &'a Service) -> Self {
        Self {
            name,
            at: format!("sidecars/{name}"),
            image: ImageSource {
                image: Some(&sidecar.image),
                repository: sidecar.repository.as_ref(),
                build: None,
                architecture: service.architecture,
            },
            essential: sidecar.essential,
            cpu: sidecar.cpu.as_ref(),
            memory: sidecar.memory.as_ref(),
            port: sidecar.port.as_ref(),
            protocol: Transport::Tcp,
            command: &sidecar.command,
            entry_point: &sidecar.entry_point,
            user: sidecar.user.as_ref(),
            environment: &sidecar.environment,
            secrets: &sidecar.secrets,
            parameters: &sidecar.parameters,
            health: sidecar.health.as_ref(),
            read_only: sidecar.read_only_root_filesystem,
            writable_paths: &sidecar.writable_paths,
            depends_on: &sidecar.depends_on,
            stop_timeout: sidecar.stop_timeout.as_ref(),
        }
    }

    /// The folders that get a volume of their own: those that the spec names and those that ECS Exec writes to. A root
    /// file system that can be written to needs none.
    pub(super) fn volume_paths(&self, exec: bool) -> Vec<Value> {
        if !self.read_only {
            return Vec::new();
        }
        let mut paths: Vec<Value> = self.writable_paths.iter().map(Input::to_value).gather();
        for path in EXEC_PATHS.iter().filter(|_| exec) {
            if !paths.iter().any(|given| given.as_str() == Some(path)) {
                paths.push(Value::from(*path));
            }
        }
        paths
    }
}

/// The folders in which the agent behind ECS Exec keeps its state and log. AWS does not support ECS Exec with a read-only
/// root file system; with these folders writable it works. Sources: Amazon ECS developer guide, "Monitor Amazon ECS
/// containers with ECS Exec"; the issue 1359 of the AWS containers roadmap.
const EXEC_PATHS: &[&str] = &["/var/lib/amazon", "/var/log/amazon"];

/// What all containers of a task have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct TaskSettings<'a> {
    /// The name of the service.
    pub(super) name: &'a str,
    /// The service.
    pub(super) service: &'a Service,
    /// The secrets of the stack.
    pub(super) secrets: &'a ManagedSecrets,
    /// The log group.
    pub(super) log_group: &'a Value,
    /// The volumes, by container and path.
    pub(super) volumes: &'a Volumes,
}

/// The volumes of a task, in the order of their containers and paths.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Volumes {
    all: Vec<Volume>,
}

/// A volume for a folder of a container.
#[derive(Clone, Debug, PartialEq)]
struct Volume {
    name: String,
    container: String,
    path: Value,
}

impl Volumes {
    /// Names a volume for each folder of each container, so that containers do not share any.
    pub(super) fn of(containers: &[ContainerProps<'_>], exec: bool) -> Self {
        let mut volumes = Self::default();
        for container in containers {
            for path in container.volume_paths(exec) {
                let folder = path.as_str().filter(|_| path.is_literal()).map_or(LATE_FOLDER.to_owned(), slug);
                let name = volumes.unused_name(&format!("{}-{folder}", container.name));
                volumes.all.push(Volume { name, container: container.name.to_owned(), path });
            }
        }
        volumes
    }

    fn unused_name(&self, wanted: &str) -> String {
        let is_used = |name: &str| self.all.iter().any(|used| used.name == name);
        let numbered = (2_usize..).map(|number| format!("{wanted}-{number}"));
        std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !is_used(name)).unwrap_or_default()
    }

    /// The volumes as a task definition lists them.
    pub(super) fn definitions(&self) -> Vec<task_definition::Volume> {
        let mut names: Vec<&String> = self.all.iter().map(|volume| &volume.name).gather();
        sort_by(&mut names, Ord::cmp);
        names.into_iter().map(|name| task_definition::Volume::new().name(name.clone())).gather()
    }

    fn mounts(&self, container: &ContainerProps<'_>) -> Vec<task_definition::MountPoint> {
        let mount = |volume: &Volume| {
            let mount = task_definition::MountPoint::new().container_path(&volume.path);
            mount.source_volume(volume.name.clone()).read_only(false)
        };
        self.all.iter().filter(|volume| volume.container == container.name).map(mount).gather()
    }
}

/// What stands in a name for a path that is known at deployment only.
const LATE_FOLDER: &str = "folder";

/// A path as part of a name.
fn slug(path: &str) -> String {
    let letters = path.trim_matches('/').chars();
    letters.map(|letter| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '-' }).gather()
}

/// The definition of a container. What is wrong with its image, secrets and parameters is reported.
pub(super) fn definition(
    scope: &mut Scope<'_>,
    container: &ContainerProps<'_>,
    task: TaskSettings<'_>,
) -> ContainerDefinition {
    let exec = task.service.exec;
    let init = task.service.init_process.unwrap_or(exec);
    let mounts = task.volumes.mounts(container);
    let secrets = injected(scope, container, task.secrets);
    ContainerDefinition::new()
        .name(container.name.to_owned())
        .image(image(scope, container))
        .essential(container.essential)
        .maybe(container.cpu.map(Input::to_value), ContainerDefinition::cpu)
        .maybe(container.memory.map(Input::to_value), ContainerDefinition::memory)
        .maybe(ports(container), ContainerDefinition::port_mappings)
        .maybe(texts(container.entry_point), ContainerDefinition::entry_point)
        .maybe(texts(container.command), ContainerDefinition::command)
        .maybe(container.user.map(Input::to_value), ContainerDefinition::user)
        .maybe(environment(container), ContainerDefinition::environment)
        .maybe(non_empty(secrets), ContainerDefinition::secrets)
        .readonly_root_filesystem(container.read_only)
        .maybe(non_empty(mounts), ContainerDefinition::mount_points)
        .maybe(dependencies(container), ContainerDefinition::depends_on)
        .maybe(container.health.map(health_check), ContainerDefinition::health_check)
        .maybe(container.stop_timeout.map(Input::to_value), ContainerDefinition::stop_timeout)
        .maybe(
            init.then(|| task_definition::LinuxParameters::new().init_process_enabled(true)),
            ContainerDefinition::linux_parameters,
        )
        .log_configuration(log_configuration(task))
}

fn non_empty<T>(items: Vec<T>) -> Option<Vec<T>> {
    Some(items).filter(|items| !items.is_empty())
}

fn texts(texts: &[Input<Text>]) -> Option<Vec<Value>> {
    non_empty(texts.iter().map(Input::to_value).gather())
}

/// What the image is pulled by. An image that the CDK CLI builds goes to the assets of the stack.
fn image(scope: &mut Scope<'_>, container: &ContainerProps<'_>) -> Value {
    match images::pulled_image(scope.stack(), container.name, container.image) {
        Ok(image) => {
            if let Some(asset) = image.asset {
                scope.stack_mut().add_image(asset);
            }
            image.uri
        }
        Err(problem) => {
            problem.within(&container.at).report(scope);
            container.image.image.map_or_else(|| Value::from("unknown"), Input::to_value)
        }
    }
}

fn ports(container: &ContainerProps<'_>) -> Option<[task_definition::PortMapping; 1]> {
    let port = container.port?.to_value();
    Some([task_definition::PortMapping::new().container_port(port).protocol(container.protocol.word())])
}

fn environment(container: &ContainerProps<'_>) -> Option<Vec<task_definition::KeyValuePair>> {
    let pair = |(name, value): (&Text, &Input<Text>)| {
        task_definition::KeyValuePair::new().name(name.clone()).value(value.to_value())
    };
    non_empty(container.environment.0.iter().map(pair).gather())
}

/// The secrets and parameters of a container, as it gets them.
fn injected(
    scope: &mut Scope<'_>,
    container: &ContainerProps<'_>,
    secrets: &ManagedSecrets,
) -> Vec<task_definition::Secret> {
    let (found, problems) = resolved(scope.stack().props(), container, secrets);
    for problem in problems {
        problem.within(&container.at).report(scope);
    }
    found.into_iter().map(|(name, value)| task_definition::Secret::new().name(name.clone()).value_from(value)).gather()
}

/// By the names of their variables: what the agent reads them by, and what is wrong with them.
fn resolved<'a>(
    stack: &StackProps,
    container: &ContainerProps<'a>,
    secrets: &ManagedSecrets,
) -> (OrderedMap<&'a Text, Value>, Vec<Problem>) {
    let mut found = OrderedMap::new();
    let mut problems = Vec::new();
    let of_secrets = container
        .secrets
        .0
        .iter()
        .map(|(name, reference)| ("secrets", name, references::secret(stack, secrets, reference)));
    let of_parameters = container
        .parameters
        .0
        .iter()
        .map(|(name, reference)| ("parameters", name, references::parameter(stack, reference)));
    for (member, name, result) in of_secrets.chain(of_parameters) {
        let place = format!("{member}/{name}");
        match result {
            Ok(injected) => {
                problems.gather_more(injected.doubt.map(|doubt| doubt.within(&place)));
                found.insert(name, injected.value_from);
            }
            Err(problem) => problems.push(problem.within(&place)),
        }
    }
    let keys = container.secrets.0.iter().map(|(name, reference)| ("secrets", name, &reference.kms_key));
    let keys =
        keys.chain(container.parameters.0.iter().map(|(name, reference)| ("parameters", name, &reference.kms_key)));
    for (member, name, key) in keys {
        let checked = key.as_ref().map_or(Ok(()), |key| references::check_key(stack, key, "kmsKey"));
        problems.gather_more(checked.err().map(|problem| problem.within(&format!("{member}/{name}"))));
    }
    (found, problems)
}

fn dependencies(container: &ContainerProps<'_>) -> Option<Vec<task_definition::ContainerDependency>> {
    let dependency = |(name, condition): (&Text, &ContainerCondition)| {
        let condition = condition.word().to_ascii_uppercase();
        task_definition::ContainerDependency::new().container_name(name.clone()).condition(condition)
    };
    non_empty(container.depends_on.iter().map(dependency).gather())
}

fn health_check(check: &ContainerHealthCheck) -> task_definition::HealthCheck {
    let start_period = Some(&check.start_period).filter(|seconds| seconds.number() != Some(0)).map(Input::to_value);
    task_definition::HealthCheck::new()
        .command(health_command(&check.command))
        .interval(check.interval.to_value())
        .timeout(check.timeout.to_value())
        .retries(check.retries.to_value())
        .maybe(start_period, task_definition::HealthCheck::start_period)
}

/// The command with the word before it that says who runs it. Source: Amazon ECS API reference, HealthCheck.
fn health_command(command: &[Input<Text>]) -> Vec<Value> {
    let words: Vec<Value> = command.iter().map(Input::to_value).gather();
    let first = match (words.first().and_then(Value::as_str), words.len()) {
        (Some("CMD" | "CMD-SHELL"), _) => None,
        // A whole list that is known at deployment only has the word in it.
        _ if words.first().is_some_and(Value::is_list_token) => None,
        (_, 1) => Some("CMD-SHELL"),
        _ => Some("CMD"),
    };
    first.map(Value::from).into_iter().chain(words).gather()
}

/// Source: Amazon ECS API reference, LogConfiguration.
fn log_configuration(task: TaskSettings<'_>) -> task_definition::LogConfiguration {
    let logs = &task.service.logs;
    let mut options = vec![
        ("awslogs-group", task.log_group.clone()),
        ("awslogs-region", Value::reference("AWS::Region")),
        ("awslogs-stream-prefix", Value::from(task.name.to_owned())),
        ("mode", Value::from(logs.mode.word())),
    ];
    if logs.mode == LogMode::NonBlocking {
        options.push(("max-buffer-size", Value::join([logs.buffer_mib.to_text(), Value::from("m")])));
    }
    task_definition::LogConfiguration::new().log_driver("awslogs").options(options)
}
