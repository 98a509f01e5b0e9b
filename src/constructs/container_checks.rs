//! What may be wrong with the containers of a task, each by itself and all together.

use crate::aws::fargate;
use crate::cfn::{Gather as _, GatherMore as _};
use crate::cfn::{OrderedMap, OrderedSet, Text};
use crate::diagnostics::codes::{OUT_OF_RANGE, service as codes};
use crate::spec::decode::closest;
use crate::spec::{ContainerCondition, Input, Whole};

use super::container::ContainerProps;
use super::problem::Problem;

/// Everything that is wrong with the containers of a task, the main one first.
pub(super) fn check(containers: &[ContainerProps<'_>]) -> Vec<Problem> {
    let mut problems = names(containers);
    problems.gather_more(ports(containers));
    problems.gather_more(dependencies(containers));
    problems.gather_more(circle(containers));
    for container in containers {
        let found = variables(container).into_iter().chain(paths(container)).chain(health(container));
        problems.gather_more(found.map(|problem| problem.within(&container.at)));
    }
    problems
}

/// ECS tells containers apart by name.
fn names(containers: &[ContainerProps<'_>]) -> Vec<Problem> {
    let mut seen = OrderedSet::new();
    let mut problems = Vec::new();
    if containers.len() > fargate::MOST_CONTAINERS {
        let message = format!("a task cannot have {} containers", containers.len());
        let help = format!("give it at most {} sidecars beside its main container", fargate::MOST_CONTAINERS - 1);
        problems.push(Problem::error(OUT_OF_RANGE, "sidecars", message, help));
    }
    for container in containers {
        if !seen.insert(container.name) {
            let message = format!("`{}` is the name of the service, and so of its main container", container.name);
            let help = "give the sidecar another name";
            problems.push(Problem::error(codes::BAD_CONTAINER_NAME, container.at.clone(), message, help));
        } else if !fargate::is_name(container.name) {
            let message = format!("`{}` cannot be the name of a container", container.name);
            let help = "use letters, digits, `-` and `_`";
            problems.push(Problem::error(codes::BAD_CONTAINER_NAME, container.at.clone(), message, help));
        }
    }
    problems
}

/// The containers of a task have one network interface in common.
fn ports(containers: &[ContainerProps<'_>]) -> Vec<Problem> {
    let mut taken: OrderedMap<(i64, &str), &str> = OrderedMap::new();
    let mut problems = Vec::new();
    for container in containers {
        let Some(Whole(port)) = container.port.and_then(Input::known) else { continue };
        let place = (*port, container.protocol.word());
        if let Some(other) = taken.get(&place) {
            let message = format!("`{}` listens on port {port}, and so does `{other}`", container.name);
            let help = "give one of them another port: the containers of a task share one network interface";
            problems.push(Problem::error(codes::SHARED_PORT, "port", message, help).within(&container.at));
        } else {
            taken.insert(place, container.name);
        }
    }
    problems
}

/// Source: Amazon ECS API reference, ContainerDependency.
fn dependencies(containers: &[ContainerProps<'_>]) -> Vec<Problem> {
    let by_name: OrderedMap<&str, &ContainerProps<'_>> = containers.iter().map(|one| (one.name, one)).gather();
    let mut problems = Vec::new();
    for container in containers {
        for (name, condition) in container.depends_on {
            let found = match by_name.get(name.as_ref()) {
                None => Some(unknown_dependency(name, &by_name)),
                Some(other) => check_condition(other, *condition),
            };
            let place = format!("dependsOn/{name}");
            problems.gather_more(found.map(|problem| problem.within(&place).within(&container.at)));
        }
    }
    problems
}

fn unknown_dependency(name: &Text, by_name: &OrderedMap<&str, &ContainerProps<'_>>) -> Problem {
    let help = match closest(name, by_name.keys().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name the service, or one of its sidecars".to_owned(),
    };
    Problem::error(codes::UNKNOWN_CONTAINER, "", format!("the task has no container `{name}`"), help)
}

fn check_condition(other: &ContainerProps<'_>, condition: ContainerCondition) -> Option<Problem> {
    let name = other.name;
    let (message, help) = match condition {
        ContainerCondition::Healthy if other.health.is_none() => {
            let member = if other.at.is_empty() { "containerHealth" } else { "health" };
            (format!("`{name}` never becomes healthy, since it has no health check"), format!("give it `{member}`"))
        }
        ContainerCondition::Complete | ContainerCondition::Success if other.essential => (
            format!("the task stops when `{name}` ends, since it is essential"),
            "set `essential: false` for it, or wait for `start` or `healthy`".to_owned(),
        ),
        _ => return None,
    };
    Some(Problem::error(codes::IMPOSSIBLE_CONDITION, "", message, help))
}

/// Containers that wait for each other never start.
fn circle(containers: &[ContainerProps<'_>]) -> Option<Problem> {
    let stuck = in_circles(containers);
    let first = stuck.first()?;
    let names: Vec<String> = stuck.iter().map(|container| format!("`{}`", container.name)).gather();
    let message = match names.as_slice() {
        [only] => format!("{only} waits for itself and never starts"),
        several => format!("{} wait for each other and never start", several.join(", ")),
    };
    let help = "take one of the dependencies away";
    Some(Problem::error(codes::DEPENDENCY_CIRCLE, "dependsOn", message, help).within(&first.at))
}

/// The containers that wait for one that waits for them. Whoever waits for nobody, and whomever nobody waits for, is in no
/// circle; taking those away leaves others of the kind, until only circles are left.
fn in_circles<'a, 'b>(containers: &'b [ContainerProps<'a>]) -> Vec<&'b ContainerProps<'a>> {
    let mut left: Vec<&ContainerProps<'_>> = containers.iter().gather();
    loop {
        let count = left.len();
        let names: OrderedSet<&str> = left.iter().map(|container| container.name).gather();
        let awaited: OrderedSet<&str> =
            left.iter().flat_map(|container| container.depends_on.keys()).map(AsRef::as_ref).gather();
        left.retain(|container| {
            awaited.contains(container.name) && container.depends_on.keys().any(|name| names.contains(name.as_ref()))
        });
        if left.len() == count {
            return left;
        }
    }
}

/// Source: Amazon ECS API reference, Secret: its name must differ from those of the environment.
fn variables(container: &ContainerProps<'_>) -> Vec<Problem> {
    let mut seen: OrderedMap<&Text, &str> = OrderedMap::new();
    let mut problems = Vec::new();
    let environment = container.environment.0.keys().map(|name| ("environment", name));
    let secrets = container.secrets.0.keys().map(|name| ("secrets", name));
    let parameters = container.parameters.0.keys().map(|name| ("parameters", name));
    for (member, name) in environment.chain(secrets).chain(parameters) {
        if let Some(other) = seen.insert(name, member) {
            let message = format!("the variable `{name}` is set under `{other}` too");
            let help = "keep one of them, or give them different names";
            problems.push(Problem::error(codes::BAD_VARIABLE, format!("{member}/{name}"), message, help));
        }
        if name.is_empty() || name.contains('=') {
            let message = format!("`{name}` cannot be the name of an environment variable");
            let help = "use a name without `=`";
            problems.push(Problem::error(codes::BAD_VARIABLE, member, message, help));
        }
    }
    problems
}

fn paths(container: &ContainerProps<'_>) -> Vec<Problem> {
    let mut seen = OrderedSet::new();
    let mut problems = Vec::new();
    for (index, path) in container.writable_paths.iter().enumerate() {
        let Some(path) = path.known() else { continue };
        let why = if !path.starts_with('/') {
            "it does not begin with `/`"
        } else if path.split('/').all(|step| step.is_empty() || step == ".") {
            "it is the whole file system; set `readOnlyRootFilesystem: false` for that"
        } else if path.split('/').any(|step| step == "..") {
            "it leads up with `..`"
        } else if !seen.insert(path.trim_end_matches('/')) {
            "it stands here twice"
        } else {
            continue;
        };
        let message = format!("`{path}` cannot be a writable folder: {why}");
        let help = "give each folder once, by its path inside the container, such as `/var/cache`";
        problems.push(Problem::error(codes::BAD_WRITABLE_PATH, format!("writablePaths/{index}"), message, help));
    }
    problems
}

fn health(container: &ContainerProps<'_>) -> Vec<Problem> {
    let Some(check) = container.health else { return Vec::new() };
    let member = if container.at.is_empty() { "containerHealth" } else { "health" };
    let first = check.command.first().and_then(Input::known).map(AsRef::as_ref);
    let is_bare =
        check.command.len() == 1 && first.is_some_and(|word: &str| fargate::health_check::COMMANDS.contains(&word));
    let mut problems = Vec::new();
    if check.command.is_empty() || is_bare {
        let help = "write it like `command: [\"curl -f http://localhost:8080/healthz || exit 1\"]`";
        let message = "the health check has no command";
        problems.push(Problem::error(codes::BAD_CONTAINER_HEALTH, format!("{member}/command"), message, help));
    }
    if let (Some(timeout), Some(interval)) = (check.timeout.number(), check.interval.number())
        && timeout >= interval
    {
        let message = format!("a check may take {timeout} s, and the next one begins after {interval} s");
        let help = "make `timeout` shorter than `interval`";
        problems.push(Problem::warning(codes::SLOW_CONTAINER_HEALTH, format!("{member}/timeout"), message, help));
    }
    problems
}
