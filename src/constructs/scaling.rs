//! How the number of tasks follows the load and the clock.

use crate::cfn::Gather as _;
use crate::cfn::{LogicalId, Value};
use crate::diagnostics::codes::scaling as codes;
use crate::resources::Builder as _;
use crate::resources::applicationautoscaling::{self as autoscaling, scalable_target, scaling_policy};
use crate::spec::{self, Input, Schedule, Whole};

use super::{FargateService, Scope, schedule};

/// The namespace and the dimension under which Application Auto Scaling knows the number of tasks of a service.
const NAMESPACE: &str = "ecs";
const DIMENSION: &str = "ecs:service:DesiredCount";

/// A number of tasks.
type Count<const MIN: i64> = Input<Whole<MIN, 5000>>;

/// Adds the scaling of a service, when it has a largest number of tasks. `min` is the smallest one. The scope's origin is
/// the member `scale` of the service.
pub(super) fn add(
    scope: &mut Scope<'_>,
    props: &spec::Scale,
    min: &Value,
    service: &FargateService,
) -> Option<LogicalId> {
    let max = props.max.as_ref()?;
    let target = autoscaling::ScalableTarget::new()
        .service_namespace(NAMESPACE)
        .scalable_dimension(DIMENSION)
        .resource_id(resource_id(service))
        .min_capacity(min.clone())
        .max_capacity(max.to_value());
    let actions: Vec<_> = props.schedules.iter().map(|(name, schedule)| scheduled_action(name, schedule)).gather();
    let target = if actions.is_empty() { target } else { target.scheduled_actions(actions) };
    let target = scope.add("ScalableTarget", target);
    let metrics = [
        ("CpuScaling", "ECSServiceAverageCPUUtilization", &props.cpu),
        ("MemoryScaling", "ECSServiceAverageMemoryUtilization", &props.memory),
    ];
    for (id, metric, aim) in metrics {
        if let Some(aim) = aim {
            scope.add(id, policy(scope.path(), id, metric, aim.to_value(), props, &target));
        }
    }
    Some(target)
}

fn resource_id(service: &FargateService) -> Value {
    Value::join([Value::from("service/"), service.cluster_name.clone(), Value::from("/"), service.name.clone()])
}

/// A policy must have a name, unique among those of its target.
fn policy(
    path: &str,
    id: &str,
    metric: &'static str,
    aim: Value,
    props: &spec::Scale,
    target: &LogicalId,
) -> autoscaling::ScalingPolicy {
    let metric = scaling_policy::PredefinedMetricSpecification::new().predefined_metric_type(metric);
    let tracking = scaling_policy::TargetTrackingScalingPolicyConfiguration::new()
        .predefined_metric_specification(metric)
        .target_value(aim)
        .scale_out_cooldown(props.out_cooldown.to_value())
        .scale_in_cooldown(props.in_cooldown.to_value());
    autoscaling::ScalingPolicy::new()
        .policy_name(format!("{}{id}", path.replace('/', "")))
        .policy_type("TargetTrackingScaling")
        .scaling_target_id(target.reference())
        .target_tracking_scaling_policy_configuration(tracking)
}

fn scheduled_action(name: &str, props: &Schedule) -> scalable_target::ScheduledAction {
    let limits = scalable_target::ScalableTargetAction::new()
        .maybe(props.min.as_ref().map(Input::to_value), scalable_target::ScalableTargetAction::min_capacity)
        .maybe(props.max.as_ref().map(Input::to_value), scalable_target::ScalableTargetAction::max_capacity);
    scalable_target::ScheduledAction::new()
        .scheduled_action_name(name.to_owned())
        .schedule(props.when.to_value())
        .timezone(props.time_zone.to_value())
        .scalable_target_action(limits)
}

/// Reports what is wrong with the scaling of a service in so many zones. The scope's origin is the member `scale` of the
/// service.
pub(super) fn check(scope: &mut Scope<'_>, props: &spec::Scale, zones: usize) {
    let zones = i64::try_from(zones).unwrap_or(i64::MAX);
    check_limits(scope, "min", props.min.as_ref(), props.max.as_ref());
    let max = props.max.as_ref().and_then(Input::number);
    if let Some(max) = max.filter(|max| props.min.is_none() && *max < zones) {
        let message =
            format!("the smallest number of tasks, one in each of {zones} zones, is above the largest, `{max}`");
        scope.error(codes::SCALE_LIMITS, "max", message, format!("give a `min` of at most `{max}`, or raise `max`"));
    } else if props.max.is_some() {
        check_schedules_alone(scope, props, zones);
    }
    let has_target = props.cpu.is_some() || props.memory.is_some();
    if props.max.is_none() && (has_target || !props.schedules.is_empty()) {
        let message = "there is something to scale by, and no largest number of tasks";
        scope.error(codes::SCALE_WITHOUT_MAX, "", message, "add `max`");
    }
    if props.max.is_some() && !has_target && props.schedules.is_empty() {
        let message = "there is a largest number of tasks, and nothing to scale by";
        scope.error(codes::SCALE_WITHOUT_TARGET, "max", message, "add a target such as `cpu: 60`, or take `max` away");
    }
    for (name, schedule) in &props.schedules {
        check_schedule(&mut scope.made_from(&format!("schedules/{name}")), schedule);
    }
}

fn check_limits<const MAX: i64>(scope: &mut Scope<'_>, at: &str, min: Option<&Count<0>>, max: Option<&Count<MAX>>) {
    let known = |min: &Count<0>, max: &Count<MAX>| Some((min.known()?.0, max.known()?.0));
    if let Some((min, max)) = min.zip(max).and_then(|(min, max)| known(min, max)).filter(|(min, max)| min > max) {
        let message = format!("the smallest number of tasks, `{min}`, is above the largest, `{max}`");
        scope.error(codes::SCALE_LIMITS, at, message, format!("give at most `{max}`, or raise `max`"));
    }
}

/// A limit that a schedule changes alone has to go with the other one, whoever set that last.
fn check_schedules_alone(scope: &mut Scope<'_>, props: &spec::Scale, zones: i64) {
    let all = || props.schedules.values();
    let least = props.min.as_ref().map_or(Some(zones), Input::number);
    let mins = all().filter_map(|schedule| schedule.min.as_ref()).map(Input::number);
    let mins: Option<Vec<i64>> = mins.chain([least]).gather();
    let maxima = all().filter_map(|schedule| schedule.max.as_ref()).map(Input::number);
    let maxima: Option<Vec<i64>> = maxima.chain([props.max.as_ref().and_then(Input::number)]).gather();
    let least = mins.and_then(|mins| mins.into_iter().min());
    let most = maxima.and_then(|maxima| maxima.into_iter().max());
    for (name, schedule) in &props.schedules {
        let (min, max) = (schedule.min.as_ref().and_then(Input::number), schedule.max.as_ref().and_then(Input::number));
        if let (Some(min), None, Some(most)) = (min, &schedule.max, most)
            && min > most
        {
            let message = format!("the smallest number of tasks, `{min}`, is above the largest, `{most}`");
            let help = "give the schedule a `max` too";
            scope.error(codes::SCALE_LIMITS, &format!("schedules/{name}/min"), message, help);
        }
        if let (Some(max), None, Some(least)) = (max, &schedule.min, least)
            && max < least
        {
            let message = format!("the largest number of tasks, `{max}`, is below the smallest, `{least}`");
            let help = "give the schedule a `min` too";
            scope.error(codes::SCALE_LIMITS, &format!("schedules/{name}/max"), message, help);
        }
    }
}

/// The areas of time zones, and the zones that are in none. Source: the time zone database of the IANA.
const AREAS: &str = "Africa America Antarctica Arctic Asia Atlantic Australia Brazil Canada Chile Etc Europe Indian Mexico \
                     Pacific US";
const ZONES_WITHOUT_AREA: &str = "CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST \
                                  Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT \
                                  Navajo PRC PST8PDT Poland Portugal ROC ROK Singapore Turkey UCT UTC Universal W-SU WET Zulu";

/// Whether a text can be a time zone. Which cities there are is left to AWS.
fn is_time_zone(text: &str) -> bool {
    let has = |words: &str, word: &str| words.split_ascii_whitespace().any(|known| known == word);
    match text.split_once('/') {
        Some((area, rest)) => has(AREAS, area) && rest.starts_with(|first: char| first.is_ascii_uppercase()),
        None => has(ZONES_WITHOUT_AREA, text),
    }
}

fn check_schedule(scope: &mut Scope<'_>, props: &Schedule) {
    if let Some((when, Err(why))) = props.when.known().map(|when| (when, schedule::parse(when))) {
        let message = format!("`{when}` is not a schedule: {why}");
        scope.error(
            codes::BAD_SCHEDULE,
            "when",
            message,
            "write it like `cron(0 20 * * ? *)`, `rate(1 day)` or `at(2027-01-31T18:00:00)`",
        );
    }
    if let Some(zone) = props.time_zone.known().filter(|zone| !is_time_zone(zone)) {
        let message = format!("`{zone}` is no time zone of the IANA");
        scope.error(codes::BAD_SCHEDULE, "timeZone", message, "write it like `Europe/Berlin`, or leave it out for UTC");
    }
    if props.min.is_none() && props.max.is_none() {
        scope.error(codes::BAD_SCHEDULE, "", "the schedule changes neither limit", "add `min`, `max` or both");
    }
    check_limits(scope, "min", props.min.as_ref(), props.max.as_ref());
}
