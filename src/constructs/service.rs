//! An ECS service on Fargate.

use crate::cfn::Gather as _;
use crate::cfn::{LogicalId, Value};
use crate::diagnostics::codes::scaling as codes;
use crate::resources::Builder as _;
use crate::resources::ecs::{self, service};
use crate::spec;

use super::{Cluster, Listener, Network, Scope, Task, scaling};

/// How many target groups a service takes. Source: `AmazonECS/latest/developerguide/service-quotas`.
const MOST_TARGET_GROUPS: usize = 5;

/// A service that is kept running.
#[derive(Clone, Debug, PartialEq)]
pub struct FargateService {
    /// The name of the service, as the spec has it.
    pub service: String,
    /// The resource.
    pub logical_id: LogicalId,
    /// The name that ECS gave it.
    pub name: Value,
    /// The name of its cluster.
    pub cluster_name: Value,
    /// The smallest number of tasks.
    pub min_tasks: Value,
    /// The smallest number of tasks at any time of day, schedules included.
    pub fewest_tasks: Value,
    /// Whether the number of its running tasks is recorded.
    pub has_container_insights: bool,
    /// The largest number of tasks that may run at a time, a deployment included; nothing when it is not known.
    pub most_tasks: Option<u64>,
}

/// What a service is made of, and where.
#[derive(Clone, Copy, Debug)]
pub struct FargateServiceProps<'a> {
    /// What the spec says.
    pub service: &'a spec::Service,
    /// What runs.
    pub task: &'a Task,
    /// The cluster.
    pub cluster: &'a Cluster,
    /// The network.
    pub network: &'a Network,
    /// The listeners that lead to it.
    pub listeners: &'a [&'a Listener],
    /// Whether each zone of the load balancer sends to the tasks of all zones.
    pub cross_zone: bool,
    /// What must exist before its first task can start and be found healthy: endpoints, the rules that let tasks to them,
    /// the routes of the subnets, the policies of the roles, the listeners.
    pub after: &'a [LogicalId],
}

impl FargateService {
    /// Adds the service at `id`. The scope's origin is the service in the spec.
    ///
    /// With scaling, the template says nothing about the number of tasks: CloudFormation would set it back at every update,
    /// in the middle of the day's load. ECS then starts with one task, and the smallest number of the scaling follows.
    pub fn new(scope: &mut Scope<'_>, id: &str, props: &FargateServiceProps<'_>) -> Self {
        let mut scope = scope.construct(id, "ringfence.FargateService");
        check(&mut scope, props);
        let spec = props.service;
        let zones = i64::try_from(props.network.subnets.len()).unwrap_or(i64::MAX);
        let min_tasks = spec.scale.min.as_ref().map_or_else(|| Value::from(zones), spec::Input::to_value);
        let resource = with_capacity(service_of(props), &spec.spot, props.cluster);
        let resource = if spec.scale.max.is_some() { resource } else { resource.desired_count(min_tasks.clone()) };
        let logical_id = scope.add("Resource", with_load_balancers(resource, props));
        scope.depend(&logical_id, props.after);
        let made = Self {
            service: props.task.name.clone(),
            fewest_tasks: fewest_tasks(spec, &min_tasks),
            has_container_insights: props.cluster.has_container_insights,
            name: logical_id.attribute(ecs::Service::ATTR_NAME),
            cluster_name: props.cluster.name.clone(),
            most_tasks: most_tasks(spec, zones),
            min_tasks,
            logical_id,
        };
        let mut scope = scope.made_from("scale");
        scaling::add(&mut scope, &spec.scale, &made.min_tasks, &made);
        made
    }
}

/// The smallest number of tasks that `min` and the schedules leave. When it cannot be known, one task is expected.
fn fewest_tasks(spec: &spec::Service, min: &Value) -> Value {
    let scheduled: Vec<Value> =
        spec.scale.schedules.values().filter_map(|schedule| Some(schedule.min.as_ref()?.to_value())).gather();
    if scheduled.is_empty() {
        return min.clone();
    }
    let all = scheduled.iter().chain([min]).map(Value::as_int).gather::<Option<Vec<i64>>>();
    Value::from(all.and_then(|all| all.into_iter().min()).unwrap_or(1))
}

fn service_of(props: &FargateServiceProps<'_>) -> ecs::Service {
    let deployment = &props.service.deployment;
    let vpc = service::AwsVpcConfiguration::new()
        .assign_public_ip("DISABLED")
        .security_groups([props.task.security_group.group_id.clone()])
        .subnets(props.network.subnet_ids());
    let breaker = service::DeploymentCircuitBreaker::new()
        .enable(deployment.circuit_breaker)
        .rollback(deployment.circuit_breaker && deployment.rollback);
    let percentages = service::DeploymentConfiguration::new()
        .minimum_healthy_percent(deployment.min_healthy_percent.to_value())
        .maximum_percent(deployment.max_percent.to_value())
        .deployment_circuit_breaker(breaker);
    ecs::Service::new()
        .cluster(props.cluster.name.clone())
        .task_definition(props.task.definition.clone())
        .platform_version(deployment.platform_version.word())
        .network_configuration(service::NetworkConfiguration::new().awsvpc_configuration(vpc))
        .deployment_configuration(percentages)
        .availability_zone_rebalancing(if deployment.az_rebalancing { "ENABLED" } else { "DISABLED" })
        .enable_execute_command(props.service.exec)
        .enable_ecs_managed_tags(true)
        .propagate_tags("SERVICE")
}

/// On Fargate alone, or shared between Fargate and Fargate Spot.
///
/// A new cluster has both capacity providers, and a strategy is used from the beginning: a service that begins with a
/// launch type cannot be given a strategy later without being replaced. An existing cluster may have none, so that only
/// Spot takes a strategy there. Source: AWS::ECS::Service, "LaunchType", in the CloudFormation template reference.
fn with_capacity(resource: ecs::Service, spot: &spec::Spot, cluster: &Cluster) -> ecs::Service {
    let uses_spot = spot.weight.number() != Some(0);
    if !cluster.is_new && !uses_spot {
        return resource.launch_type("FARGATE");
    }
    let on_demand = service::CapacityProviderStrategyItem::new()
        .capacity_provider("FARGATE")
        .maybe(
            (spot.base.number() != Some(0)).then(|| spot.base.to_value()),
            service::CapacityProviderStrategyItem::base,
        )
        .weight(spot.on_demand_weight.to_value());
    let interruptible = uses_spot.then(|| {
        service::CapacityProviderStrategyItem::new().capacity_provider("FARGATE_SPOT").weight(spot.weight.to_value())
    });
    resource.capacity_provider_strategy(std::iter::once(on_demand).chain(interruptible))
}

fn with_load_balancers(resource: ecs::Service, props: &FargateServiceProps<'_>) -> ecs::Service {
    if props.listeners.is_empty() {
        return resource;
    }
    let registrations = props.listeners.iter().map(|listener| {
        service::LoadBalancer::new()
            .container_name(listener.container.clone())
            .container_port(listener.target_port.clone())
            .target_group_arn(listener.target_group.reference())
    });
    resource
        .load_balancers(registrations.gather::<Vec<_>>())
        .health_check_grace_period_seconds(props.service.deployment.grace_period.to_value())
}

/// As many tasks as a deployment runs at the height of the load.
fn most_tasks(spec: &spec::Service, zones: i64) -> Option<u64> {
    let largest = match (&spec.scale.max, &spec.scale.min) {
        (Some(max), _) => max.known()?.0,
        (None, Some(min)) => min.known()?.0,
        (None, None) => zones,
    };
    let percent = u64::try_from(spec.deployment.max_percent.number()?).ok()?;
    Some(u64::try_from(largest).ok()?.saturating_mul(percent) / 100)
}

fn check(scope: &mut Scope<'_>, props: &FargateServiceProps<'_>) {
    let zones = props.network.subnets.len();
    scaling::check(&mut scope.made_from("scale"), &props.service.scale, zones);
    check_deployment(scope, props.service, props.network.subnets.len());
    check_zones(scope, props);
    let spot = &props.service.spot;
    let none = Some(0);
    if spot.weight.number() == none && spot.on_demand_weight.number() == none {
        let message = "neither Fargate nor Fargate Spot has a weight above zero";
        scope.error(codes::NO_CAPACITY, "spot", message, "give `weight` or `onDemandWeight` at least `1`");
    } else if spot.on_demand_weight.number() == none && spot.base.number() == none {
        let message = "every task is on Spot, and all of them may be interrupted at the same time";
        scope.warn(codes::ALL_ON_SPOT, "spot", message, "let some stay on demand with `base` or `onDemandWeight`");
    }
    if props.listeners.len() > MOST_TARGET_GROUPS {
        let message = format!(
            "{} listeners lead to `{}`, and a service takes {MOST_TARGET_GROUPS}",
            props.listeners.len(),
            props.task.name
        );
        scope.error(codes::TOO_MANY_TARGET_GROUPS, "", message, "share the ports among several services");
    }
}

fn check_deployment(scope: &mut Scope<'_>, service: &spec::Service, zones: usize) {
    let mut scope = scope.made_from("deployment");
    let deployment = &service.deployment;
    if let Some((tasks, min, max)) = tasks_that_cannot_be_replaced(service, zones) {
        let message =
            format!("of {tasks} tasks, {min} % must keep running and at most {max} % may run: none can be replaced");
        let help = "raise `maxPercent`, or lower `minHealthyPercent`";
        scope.error(codes::STUCK_DEPLOYMENT, "maxPercent", message, help);
    } else if deployment.az_rebalancing && deployment.max_percent.number().is_some_and(|percent| percent <= 100) {
        let message = "rebalancing over the zones needs `maxPercent` above 100";
        scope.error(codes::NO_ROOM_TO_REBALANCE, "maxPercent", message, "raise it, or turn `azRebalancing` off");
    }
}

/// The smallest number of tasks, when no task can be replaced while there are so many, with the percentages that must and may
/// run: what must keep running is rounded up, what may run is rounded down. Source: Amazon ECS API reference,
/// DeploymentConfiguration.
fn tasks_that_cannot_be_replaced(service: &spec::Service, zones: usize) -> Option<(i64, i64, i64)> {
    let deployment = &service.deployment;
    let tasks = match &service.scale.min {
        Some(min) => min.known()?.0,
        None => i64::try_from(zones).ok()?,
    };
    let (min, max) = (deployment.min_healthy_percent.number()?, deployment.max_percent.number()?);
    let must_run = (tasks * min + 99) / 100;
    let may_run = tasks * max / 100;
    (tasks > 0 && may_run <= must_run).then_some((tasks, min, max))
}

fn check_zones(scope: &mut Scope<'_>, props: &FargateServiceProps<'_>) {
    let Some(min) = props.service.scale.min.as_ref().and_then(spec::Input::known).map(|min| min.0) else { return };
    let zones = i64::try_from(props.network.subnets.len()).unwrap_or(i64::MAX);
    if min < zones && !props.cross_zone && !props.listeners.is_empty() {
        let message = format!("`{min}` tasks cannot be in all {zones} zones, and each zone serves only itself");
        let help = format!("give at least `{zones}`, or turn `loadBalancer.crossZone` on");
        scope.warn(codes::FEWER_TASKS_THAN_ZONES, "scale/min", message, help);
    }
}
