//! Scaling and alarms that contradict themselves: a part of the rule about settings that exclude one another.

use crate::model::{Because, Field, Gather as _, LoadBalancer, Model, Node, Piece, ResourceId, sort_by};
use crate::rules::Findings;

const POLICY: &str = "AWS::ApplicationAutoScaling::ScalingPolicy";

/// What each kind of policy is configured by. Source: CloudFormation template reference, the scaling policy.
const KINDS: [(&str, &str); 2] = [
    ("StepScaling", "StepScalingPolicyConfiguration"),
    ("TargetTrackingScaling", "TargetTrackingScalingPolicyConfiguration"),
];

/// Reports policies of another kind than they say, steps with gaps, limits out of order and alarms that cannot ring.
pub(super) fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for id in model.of_type(POLICY) {
        let Field::Known(kind) = model.property(id, "PolicyType").text() else { continue };
        for (name, key) in KINDS {
            if kind != name && KINDS.iter().any(|(known, _)| *known == kind) && !model.property(id, key).is_absent() {
                findings
                    .report(id, "PolicyType", format!("`{key}` is not for policies of the type `{kind}`"))
                    .help(format!("set `PolicyType: {name}`, or configure what the type says"));
            }
        }
        steps(findings, id, &model.property(id, "StepScalingPolicyConfiguration/StepAdjustments"));
    }
    for id in model.of_type("AWS::ApplicationAutoScaling::ScalableTarget") {
        for (index, action) in model.property(id, "ScheduledActions").known_items().iter().enumerate() {
            let limit = |key: &str| action.get("ScalableTargetAction").get(key).int();
            if let (Field::Known(least), Field::Known(most)) = (limit("MinCapacity"), limit("MaxCapacity"))
                && least > most
            {
                findings
                    .report(
                        id,
                        format!("ScheduledActions/{index}/ScalableTargetAction"),
                        format!("the least number, {least}, is above the most, {most}"),
                    )
                    .help("set `MaxCapacity` to `MinCapacity` at least");
            }
        }
    }
    hosts(model, findings);
    sessions(model, findings);
    labels(model, findings);
    for id in model.of_type("AWS::CloudWatch::Alarm") {
        let number = |key: &str| model.property(id, key).int();
        if let (Field::Known(wanted), Field::Known(all)) = (number("DatapointsToAlarm"), number("EvaluationPeriods"))
            && wanted > all
        {
            findings
                .report(id, "DatapointsToAlarm", format!("{wanted} of {all} periods are never in alarm"))
                .help("set `DatapointsToAlarm` to `EvaluationPeriods` at most");
        }
    }
}

/// Sessions of ECS Exec that are recorded elsewhere than by default say where. Source: Amazon ECS API reference,
/// `ExecuteCommandConfiguration`.
fn sessions<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    const PLACE: &str = "Configuration/ExecuteCommandConfiguration";
    for id in model.of_type("AWS::ECS::Cluster") {
        let sessions = model.property(id, PLACE);
        let is_own = sessions.get("Logging").text().is_known_and(|logging| logging == "OVERRIDE");
        if is_own && sessions.get("LogConfiguration").is_absent() {
            findings
                .report(id, format!("{PLACE}/Logging"), "`OVERRIDE` wants a `LogConfiguration`, and there is none")
                .help("say where sessions are recorded, or set `Logging: DEFAULT`");
        }
    }
}

/// Which requests are counted: those of an Application Load Balancer to a target group, in this order. Source: Application
/// Auto Scaling API reference, `PredefinedMetricSpecification`.
fn labels<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    const PLACE: &str = "TargetTrackingScalingPolicyConfiguration/PredefinedMetricSpecification/ResourceLabel";
    for id in model.of_type(POLICY) {
        let pieces = model.property(id, PLACE).pieces();
        let Some(Piece::Hole(Because::Attribute(first))) = pieces.first() else { continue };
        let balancer = model.view::<LoadBalancer<'a>>(first.resource);
        let message = match balancer {
            Some(balancer) if balancer.is_network() => "a Network Load Balancer counts no requests",
            Some(_) if first.name != "LoadBalancerFullName" => "this begins with the end of the load balancer's ARN",
            None if model.type_of(first.resource).ends_with("::TargetGroup") => {
                "the load balancer stands before the target group"
            }
            _ => continue,
        };
        findings
            .report(id, PLACE, message)
            .help("write `${Balancer.LoadBalancerFullName}/${TargetGroup.TargetGroupFullName}` of an Application Load Balancer");
    }
}

/// Groups of instances, and the protection of these. Source: Amazon EC2 Auto Scaling API reference, `CreateAutoScalingGroup`;
/// Amazon ECS API reference, `AutoScalingGroupProvider`.
fn hosts<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    const GROUP: &str = "AWS::AutoScaling::AutoScalingGroup";
    for id in model.of_type(GROUP) {
        if let (Field::Known(least), Field::Known(most)) =
            (model.property(id, "MinSize").int(), model.property(id, "MaxSize").int())
            && least > most
        {
            findings
                .report(id, "MaxSize", format!("the least number, {least}, is above the most, {most}"))
                .help("set `MaxSize` to `MinSize` at least");
        }
    }
    for id in model.of_type("AWS::ECS::CapacityProvider") {
        let key = "AutoScalingGroupProvider/ManagedTerminationProtection";
        let group = model.property(id, "AutoScalingGroupProvider/AutoScalingGroupArn").resource();
        let group = group.filter(|id| model.type_of(*id) == GROUP);
        let Some(group) = group.filter(|_| model.property(id, key).text().is_known_and(|it| it == "ENABLED")) else {
            continue;
        };
        if !model.property(group, "NewInstancesProtectedFromScaleIn").bool().or(false).is_known_and(|it| !it) {
            continue;
        }
        findings
            .report(id, key, "the instances of the group are not protected, which managed termination protection needs")
            .help("set `NewInstancesProtectedFromScaleIn: true` in the group")
            .mention(group, "", "this is the group");
    }
}

/// Steps follow one another without gaps, and do not overlap. Source: Application Auto Scaling user guide, step adjustments.
fn steps(findings: &mut Findings<'_>, id: ResourceId, list: &Node<'_>) {
    let Field::Known(items) = list.items() else { return };
    let bound = |item: &Node<'_>, key: &str, open: f64| match item.get(key).text() {
        Field::Absent => Some(open),
        Field::Known(text) => text.parse::<f64>().ok(),
        Field::Unknown(_) => None,
    };
    let range = |item: &Node<'_>| {
        bound(item, "MetricIntervalLowerBound", f64::NEG_INFINITY).zip(bound(
            item,
            "MetricIntervalUpperBound",
            f64::INFINITY,
        ))
    };
    let ranges: Option<Vec<(f64, f64)>> = items.iter().map(range).gather();
    let Some(mut ranges) = ranges else { return };
    sort_by(&mut ranges, |one, other| one.0.total_cmp(&other.0));
    let is_off = |pair: &[(f64, f64)]| matches!(pair, [(_, end), (start, _)] if end.total_cmp(start).is_ne());
    if ranges.windows(2).any(is_off) {
        findings
            .report(
                id,
                "StepScalingPolicyConfiguration/StepAdjustments",
                "the steps overlap, or leave a gap between them",
            )
            .help("let each step begin where the one before it ends");
    }
}
