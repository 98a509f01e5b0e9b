//! Alarms on what matters for a private service behind a load balancer, each with advice for whoever it wakes.

use crate::aws::Arn;
use crate::aws::cloudwatch::{CONTAINER_INSIGHTS, ECS, NETWORK_LOAD_BALANCER, PRIVATE_LINK_SERVICES, Statistic};
use crate::cfn::Gather as _;
use crate::cfn::{LogicalId, Value};
use crate::diagnostics::codes::network as codes;
use crate::resources::cloudwatch::{self, alarm};
use crate::spec::{self, Input, Whole};

use super::watched::{Dimensions, Watched, of_endpoint_service, of_load_balancer, of_service, of_targets, transports};
use super::{EndpointService, FargateService, Listener, LoadBalancer, Scope};

/// The alarms of a stack.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alarms {
    /// The alarms.
    pub alarms: Vec<LogicalId>,
}

/// How many actions an alarm can have for each of its states. Source:
/// `AmazonCloudWatch/latest/monitoring/cloudwatch_limits`.
const MOST_ACTIONS: usize = 5;

/// What an alarm is about.
struct Watch {
    id: String,
    namespace: &'static str,
    metric: String,
    dimensions: Dimensions,
    statistic: Statistic,
    bound: Bound,
    span: Span,
    missing: Missing,
    advice: &'static str,
}

/// The bound beyond which an alarm goes off.
enum Bound {
    Above(Value),
    Below(Value),
}

/// For how long it must be so: so many periods of so many seconds in a row.
#[derive(Clone, Copy)]
struct Span {
    seconds: u32,
    periods: u32,
}

/// What it means that there is no data.
#[derive(Clone, Copy)]
enum Missing {
    /// That all is well: what is counted did not happen, or another alarm tells of it.
    Good,
    /// That nothing is there any more.
    Bad,
}

/// Once, within five minutes: for what never happens by itself.
const AT_ONCE: Span = Span { seconds: 300, periods: 1 };

/// A few minutes: for what no deployment and no single failure brings about.
const MINUTES: Span = Span { seconds: 60, periods: 5 };

/// A quarter of an hour: for what may pass, or what scaling mends.
const QUARTER_HOUR: Span = Span { seconds: 300, periods: 3 };

impl Alarms {
    /// Makes the alarms on everything that is `watched`. They have no names of their own, and tell the topics of `props` when
    /// they go off and when all is well again. A topic that is encrypted needs a key of the customer whose policy lets
    /// CloudWatch use it.
    ///
    /// The scope's origin is the member `alarms` of the spec.
    pub fn new(scope: &mut Scope<'_>, props: &spec::Alarms, watched: &Watched<'_>) -> Self {
        if !props.enabled {
            return Self::default();
        }
        let mut scope = scope.construct("Alarms", "ringfence.Alarms");
        check_actions(&mut scope, props);
        let mut alarms = Vec::new();
        if let Some(load_balancer) = watched.load_balancer {
            let mut scope = scope.child("LoadBalancer");
            add_all(&mut scope, props, of_balancer(load_balancer, props), &mut alarms);
            // A zone is unhealthy, too, when a service has no tasks because it was told to have none.
            if !watched.services.iter().any(may_have_no_tasks) {
                add_all(&mut scope, props, vec![of_zones(load_balancer)], &mut alarms);
            }
            for listener in &load_balancer.listeners {
                let id = listener_id(&scope, listener);
                let watches = of_hosts(load_balancer, listener, watched.services);
                add_all(&mut scope.child(&id), props, watches, &mut alarms);
            }
        }
        for service in watched.services {
            let mut scope = scope.child("Services");
            add_all(&mut scope.child(&service.service), props, of_tasks(service, props), &mut alarms);
        }
        if let Some(service) = watched.endpoint_service {
            let watches = vec![of_sharing(service, props)];
            add_all(&mut scope.child("EndpointService"), props, watches, &mut alarms);
        }
        Self { alarms }
    }

    /// The ARNs of the alarms.
    pub fn arns(&self) -> impl Iterator<Item = Value> {
        self.alarms.iter().map(|alarm| alarm.attribute(cloudwatch::Alarm::ATTR_ARN))
    }
}

/// The construct ID of a listener, which is the last but one component of the path of its resource.
fn listener_id(scope: &Scope<'_>, listener: &Listener) -> String {
    let path = scope.stack().resource(&listener.logical_id).map(|resource| resource.path.as_str()).unwrap_or_default();
    let mut components = path.rsplit('/').filter(|component| *component != "Resource");
    components.next().filter(|id| !id.is_empty()).unwrap_or(listener.logical_id.as_str()).to_owned()
}

fn of_balancer(load_balancer: &LoadBalancer, props: &spec::Alarms) -> Vec<Watch> {
    let watch = |id: &str, metric: String, statistic, bound, span, advice| Watch {
        id: id.to_owned(),
        namespace: NETWORK_LOAD_BALANCER,
        metric,
        dimensions: of_load_balancer(load_balancer),
        statistic,
        bound,
        span,
        missing: Missing::Good,
        advice,
    };
    let none = || Bound::Above(Value::from(0));
    let resets = Bound::Above(props.target_resets.to_value());
    let mut watches = vec![
        watch("TargetResets", "TCP_Target_Reset_Count".to_owned(), Statistic::Sum, resets, AT_ONCE, RESETS),
        watch(
            "PortAllocationErrors",
            "PortAllocationErrorCount".to_owned(),
            Statistic::Sum,
            none(),
            AT_ONCE,
            PORT_ALLOCATION,
        ),
    ];
    for transport in transports(load_balancer) {
        let blocked = |way: &str| format!("SecurityGroupBlockedFlowCount_{way}_{transport}");
        let (inbound, outbound) = (blocked("Inbound"), blocked("Outbound"));
        let id = |what: &str| format!("{what}{transport}");
        watches.push(watch(&id("BlockedInbound"), inbound, Statistic::Sum, none(), QUARTER_HOUR, BLOCKED_INBOUND));
        watches.push(watch(&id("BlockedOutbound"), outbound, Statistic::Sum, none(), AT_ONCE, BLOCKED_OUTBOUND));
        if transport == "TCP" {
            let metric = "RejectedFlowCount_TCP".to_owned();
            watches.push(watch("RejectedFlows", metric, Statistic::Sum, none(), QUARTER_HOUR, REJECTED));
        }
    }
    watches
}

fn of_zones(load_balancer: &LoadBalancer) -> Watch {
    Watch {
        id: "UnhealthyZone".to_owned(),
        namespace: NETWORK_LOAD_BALANCER,
        metric: "ZonalHealthStatus".to_owned(),
        dimensions: of_load_balancer(load_balancer),
        statistic: Statistic::Minimum,
        bound: Bound::Below(Value::from(1)),
        span: MINUTES,
        missing: Missing::Good,
        advice: ZONE,
    }
}

fn may_have_no_tasks(service: &FargateService) -> bool {
    service.fewest_tasks.as_int().is_some_and(|fewest| fewest <= 0)
}

fn of_hosts(load_balancer: &LoadBalancer, listener: &Listener, services: &[FargateService]) -> Vec<Watch> {
    let watch = |id: &str, metric: &str, statistic, bound, missing, advice| Watch {
        id: id.to_owned(),
        namespace: NETWORK_LOAD_BALANCER,
        metric: metric.to_owned(),
        dimensions: of_targets(load_balancer, listener),
        statistic,
        bound,
        span: MINUTES,
        missing,
        advice,
    };
    let unhealthy = Bound::Above(Value::from(0));
    let mut watches =
        vec![watch("UnhealthyHosts", "UnHealthyHostCount", Statistic::Minimum, unhealthy, Missing::Good, UNHEALTHY)];
    let fewest =
        services.iter().find(|service| service.service == listener.service).map(|service| &service.fewest_tasks);
    if let Some(needed) = needed_hosts(fewest, load_balancer.zones) {
        let below = Bound::Below(Value::from(needed));
        watches.push(watch("TooFewHosts", "HealthyHostCount", Statistic::Maximum, below, Missing::Bad, TOO_FEW_HOSTS));
    }
    watches
}

/// How many healthy tasks some node of the load balancer must see when all tasks are well; nothing when there may be none.
///
/// A node may count the tasks of its own zone only. However they are spread, some zone has at least its equal share.
fn needed_hosts(fewest: Option<&Value>, zones: usize) -> Option<i64> {
    let zones = i64::try_from(zones).unwrap_or(i64::MAX).max(1);
    match fewest.and_then(Value::as_int) {
        Some(fewest) if fewest <= 0 => None,
        Some(fewest) => Some(fewest.saturating_add(zones - 1) / zones),
        None => Some(1),
    }
}

fn of_tasks(service: &FargateService, props: &spec::Alarms) -> Vec<Watch> {
    let watch = |id: &str, namespace, metric: &str, statistic, bound, span, missing, advice| Watch {
        id: id.to_owned(),
        namespace,
        metric: metric.to_owned(),
        dimensions: of_service(service),
        statistic,
        bound,
        span,
        missing,
        advice,
    };
    let above = |percent: &Input<Whole<1, 100>>| Bound::Above(percent.to_value());
    let average = Statistic::Average;
    let mut watches = vec![
        watch("Cpu", ECS, "CPUUtilization", average, above(&props.cpu), QUARTER_HOUR, Missing::Good, CPU),
        watch("Memory", ECS, "MemoryUtilization", average, above(&props.memory), QUARTER_HOUR, Missing::Good, MEMORY),
    ];
    if service.has_container_insights && !may_have_no_tasks(service) {
        watches.push(watch(
            "TooFewTasks",
            CONTAINER_INSIGHTS,
            "RunningTaskCount",
            Statistic::Minimum,
            Bound::Below(service.fewest_tasks.clone()),
            QUARTER_HOUR,
            Missing::Bad,
            TOO_FEW_TASKS,
        ));
    }
    watches
}

fn of_sharing(service: &EndpointService, props: &spec::Alarms) -> Watch {
    Watch {
        id: "Resets".to_owned(),
        namespace: PRIVATE_LINK_SERVICES,
        metric: "RstPacketsSent".to_owned(),
        dimensions: of_endpoint_service(service),
        statistic: Statistic::Sum,
        bound: Bound::Above(props.target_resets.to_value()),
        span: AT_ONCE,
        missing: Missing::Good,
        advice: SHARED_RESETS,
    }
}

const RESETS: &str = "Tasks reset connections. See in the logs of the services whether they crash, run out of connections, or \
    close idle ones sooner than clients expect.";

const PORT_ALLOCATION: &str = "Connections are lost because the load balancer has no ports left for them. Add tasks, or \
    addresses to the load balancer (loadBalancer.secondaryIps, which can never be lowered again).";

const ZONE: &str = "The load balancer takes an Availability Zone out of its DNS name because no task there is healthy. \
    See which tasks are missing or unhealthy in that zone; with crossZone off, its consumers are cut off.";

const BLOCKED_INBOUND: &str = "The security group of the load balancer drops connections that come in. If they are wanted, \
    add their addresses to loadBalancer.clients or, for consumers under enforcement, to privateLink.allow; the flow logs \
    show where they come from.";

const BLOCKED_OUTBOUND: &str = "The security group of the load balancer drops connections to tasks: its rules and the ports \
    of the tasks differ. Deploy the stack again; if somebody changed the rules by hand, find out why.";

const REJECTED: &str = "The load balancer rejects connections. See whether all targets are unhealthy, or whether clients go \
    on using connections that have been idle for too long: they should send keepalives.";

const UNHEALTHY: &str = "A task fails the health checks of the load balancer. See the reason in the target group, then the \
    log of the task: whether it listens on the health check port and answers in time.";

const TOO_FEW_HOSTS: &str = "Fewer tasks are healthy than the service needs, or none is registered at all. See the events of \
    the service for tasks that do not start, and the target group for those that fail their health checks.";

const CPU: &str = "The tasks have used most of their CPU for a quarter of an hour. If scaling is at its largest number of \
    tasks, raise scale.max, or give the tasks more cpu.";

const MEMORY: &str = "The tasks have used most of their memory for a quarter of an hour; a task that needs more than it has \
    is killed. Look for a leak, or give the tasks more memory.";

const TOO_FEW_TASKS: &str = "Fewer tasks run than the service needs. See the events of the service and the reasons why its \
    tasks stopped: images or secrets that cannot be read, failed health checks, no capacity.";

const SHARED_RESETS: &str = "Consumers get their connections through PrivateLink reset. See whether targets are unhealthy; \
    the metrics by endpoint, and Contributor Insights, show which consumers are affected.";

fn add_all(scope: &mut Scope<'_>, props: &spec::Alarms, watches: Vec<Watch>, alarms: &mut Vec<LogicalId>) {
    for watch in watches {
        alarms.push(scope.add(&watch.id.clone(), resource(watch, &props.actions)));
    }
}

fn resource(watch: Watch, actions: &[Input<spec::text::Arn>]) -> cloudwatch::Alarm {
    let (comparison, threshold) = match watch.bound {
        Bound::Above(bound) => ("GreaterThanThreshold", bound),
        Bound::Below(bound) => ("LessThanThreshold", bound),
    };
    let dimension = |(name, value): (&'static str, Value)| alarm::Dimension::new().name(name).value(value);
    let dimensions: Vec<alarm::Dimension> = watch.dimensions.into_iter().map(dimension).gather();
    let resource = cloudwatch::Alarm::new()
        .alarm_description(watch.advice)
        .namespace(watch.namespace)
        .metric_name(watch.metric)
        .dimensions(dimensions)
        .statistic(watch.statistic.name())
        .period(watch.span.seconds)
        .evaluation_periods(watch.span.periods)
        .datapoints_to_alarm(watch.span.periods)
        .comparison_operator(comparison)
        .threshold(threshold)
        .treat_missing_data(match watch.missing {
            Missing::Good => "notBreaching",
            Missing::Bad => "breaching",
        });
    if actions.is_empty() {
        return resource;
    }
    let actions: Vec<Value> = actions.iter().map(Input::to_value).gather();
    resource.alarm_actions(actions.clone()).ok_actions(actions)
}

fn check_actions(scope: &mut Scope<'_>, props: &spec::Alarms) {
    if props.actions.len() > MOST_ACTIONS {
        let message = format!("alarms are to tell `{}` topics", props.actions.len());
        let help = format!("an alarm has at most {MOST_ACTIONS} actions: let one topic tell several subscribers");
        scope.error(codes::ALARM_ACTION, "actions", message, help);
    }
    let region = scope.stack().props().env.region.clone();
    for (index, action) in props.actions.iter().enumerate() {
        let Some(text) = action.known() else { continue };
        let Ok(arn) = Arn::parse(text.as_str()) else { continue };
        let at = format!("actions/{index}");
        if arn.service.known().is_some_and(|service| service != "sns") {
            let message = format!("`{}` is not a topic", text.as_str());
            scope.error(codes::ALARM_ACTION, &at, message, "give the ARN of an SNS topic");
        } else if let (Some(region), Some(of_topic)) = (&region, arn.region.known())
            && region.as_str() != of_topic
        {
            let message = format!("the topic `{}` is not in the Region `{}`", text.as_str(), region.as_str());
            scope.error(codes::ALARM_ACTION, &at, message, "an alarm tells topics of its own Region only");
        } else if let Some(why) = scope.stack().props().refusal(&arn) {
            let message = format!("`{}` is no topic here: {why}", text.as_str());
            scope.error(codes::ALARM_ACTION, &at, message, "write the ARN as AWS shows it");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_zone_has_its_share_of_healthy_tasks() {
        let needed = |fewest: i64, zones| needed_hosts(Some(&Value::from(fewest)), zones);
        assert_eq!([needed(0, 2), needed(1, 2), needed(2, 2)], [None, Some(1), Some(1)]);
        assert_eq!([needed(3, 2), needed(6, 3), needed(7, 3)], [Some(2), Some(2), Some(3)]);
        assert_eq!(needed(4, 0), Some(4));
        assert_eq!(needed_hosts(Some(&Value::reference("Fewest")), 2), Some(1));
        assert_eq!(needed_hosts(None, 2), Some(1));
    }
}
