//! An alarm on a metric that is not published like this.

use std::borrow::Cow;

use crate::aws::cloudwatch;
use crate::diagnostics::Mend;
use crate::model::Gather as _;
use crate::model::{Alarm, Attribute, Field, LoadBalancer, Model, Node, View};
use crate::rules::Findings;
use crate::rules::mends::reference;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1611", "alarm-on-nothing", Warning {
        pitfalls: [96],
        summary: "An alarm on a metric that is not published like this",
        why: "CloudWatch tells metrics apart by namespace, name and exactly their dimensions. An alarm on another combination never has data, and never goes off.",
        example: "Resources:
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/NetworkELB
      MetricName: UnHealthyHostCount
      Dimensions: [{ Name: TargetGroup, Value: targetgroup/api/0123456789abcdef }]
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 3
      ComparisonOperator: GreaterThanThreshold
      Threshold: 0
      TreatMissingData: notBreaching
",
        instead: "Resources:
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/NetworkELB
      MetricName: UnHealthyHostCount
      Dimensions: [{ Name: LoadBalancer, Value: net/api/0123456789abcdef }, { Name: TargetGroup, Value: targetgroup/api/0123456789abcdef }]
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 3
      ComparisonOperator: GreaterThanThreshold
      Threshold: 0
      TreatMissingData: notBreaching
",
        source: "Elastic Load Balancing user guide for Network Load Balancers, CloudWatch metrics; AWS PrivateLink guide, CloudWatch metrics",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for alarm in model.all::<Alarm<'a>>() {
        let (Field::Known(namespace), Field::Known(name)) = (alarm.namespace(), alarm.metric()) else { continue };
        if !KNOWN_WHOLE.contains(&namespace.as_ref()) {
            if OF_TASKS.contains(&namespace.as_ref()) {
                by_arn(model, alarm, findings);
                of_tasks(alarm, &namespace, &name, findings);
            } else {
                if !misspelt(alarm, &namespace, findings) {
                    of_balancers(model, alarm, &namespace, findings);
                }
            }
            continue;
        }
        let Some(metric) = cloudwatch::find(&namespace, &name) else {
            findings
                .report(alarm.id(), "MetricName", format!("`{namespace}` has no metric `{name}`"))
                .help(advice(&namespace, &name))
                .mend_by(meant(&namespace, &name).map(|meant| Mend::setting(false, "MetricName", meant.into())));
            continue;
        };
        // Counts are never below nothing.
        let is_low = alarm
            .property("Threshold")
            .text()
            .is_known_and(|number| number.parse().is_ok_and(|number: f64| number <= 0.0));
        if is_low && alarm.property("ComparisonOperator").text().is_known_and(|name| name == "LessThanThreshold") {
            findings
                .report(
                    alarm.id(),
                    "ComparisonOperator",
                    format!("`{name}` is never below the threshold, and the alarm never rings"),
                )
                .help("compare with `GreaterThanThreshold`, or raise `Threshold`");
        }
        let Some(dimensions) = dimensions(alarm) else { continue };
        by_arn(model, alarm, findings);
        let names: Vec<&str> = dimensions.iter().map(AsRef::as_ref).gather();
        if metric.has_dimensions(&names) != Some(false) {
            continue;
        }
        let property = if dimensions.is_empty() { "" } else { "Dimensions" };
        let sets: Vec<String> = metric.dimensions.iter().map(|set| format!("`{}`", set.join("` + `"))).gather();
        findings
            .report(alarm.id(), property, format!("`{name}` is not published by these dimensions"))
            .help(format!("use the dimensions {}", sets.join(", or ")));
    }
}

/// A namespace that is a slip of the pen away from one of these. Shorter names of other services are as near to one another.
fn misspelt(alarm: Alarm<'_>, namespace: &str, findings: &mut Findings<'_>) -> bool {
    const MOST: usize = 2;
    let is_near =
        |known: &&&str| known.len().abs_diff(namespace.len()) <= MOST && strsim::osa_distance(known, namespace) <= MOST;
    let meant = KNOWN_WHOLE.iter().find(is_near);
    if let Some(meant) = meant {
        findings
            .report(alarm.id(), "Namespace", format!("nothing publishes metrics as `{namespace}`"))
            .help(format!("did you mean `{meant}`?"));
    }
    meant.is_some()
}

/// A metric of a Network Load Balancer in a namespace of AWS in which there are none of those.
fn of_balancers<'a>(model: &'a Model<'a>, alarm: Alarm<'a>, namespace: &str, findings: &mut Findings<'_>) {
    let own = cloudwatch::NETWORK_LOAD_BALANCER;
    if !namespace.starts_with("AWS/") {
        return;
    }
    let is_network = |item: &Node<'a>| {
        let named = item.get("Value").attribute().filter(|attribute| attribute.name == "LoadBalancerFullName");
        let balancer = named.and_then(|attribute| model.view::<LoadBalancer<'a>>(attribute.resource));
        balancer.filter(|balancer| balancer.is_network())
    };
    if let Some(balancer) = alarm.property("Dimensions").known_items().iter().find_map(is_network) {
        findings
            .report(alarm.id(), "Namespace", format!("a Network Load Balancer publishes nothing as `{namespace}`"))
            .suggest("Namespace", own)
            .help(format!("set `Namespace: {own}`"))
            .mention(balancer.id(), "Type", "this load balancer is meant");
    }
}

/// The namespaces of ECS: it reports some metrics itself, Container Insights others by names much alike.
const OF_TASKS: [&str; 2] = [cloudwatch::ECS, cloudwatch::CONTAINER_INSIGHTS];

/// A metric of tasks in the namespace of the other kind, or all but the name of one.
fn of_tasks(alarm: Alarm<'_>, namespace: &str, name: &str, findings: &mut Findings<'_>) {
    if cloudwatch::find(namespace, name).is_some() {
        return;
    }
    let message = format!("`{namespace}` has no metric `{name}`");
    if let Some(other) = OF_TASKS.into_iter().find(|other| cloudwatch::find(other, name).is_some()) {
        findings
            .report(alarm.id(), "Namespace", message)
            .help(format!("it is a metric of `{other}`"))
            .suggest("Namespace", other);
    } else if let Some(meant) = slip(namespace, name) {
        findings
            .report(alarm.id(), "MetricName", message)
            .help(format!("did you mean `{meant}`?"))
            .suggest("MetricName", meant);
    }
}

/// A metric whose name is a slip of the pen away.
fn slip(namespace: &str, name: &str) -> Option<&'static str> {
    const MOST: usize = 2;
    let wanted = name.to_ascii_lowercase();
    let is_near = |known: &str| strsim::osa_distance(&known.to_ascii_lowercase(), &wanted) <= MOST;
    cloudwatch::metrics_of(namespace).iter().map(|metric| metric.name).find(|known| is_near(known))
}

/// Load balancers and target groups are known to CloudWatch by the end of their ARN, which a reference does not give, and
/// services and clusters by their names.
fn by_arn<'a>(model: &'a Model<'a>, alarm: Alarm<'a>, findings: &mut Findings<'_>) {
    for (index, item) in alarm.property("Dimensions").known_items().iter().enumerate() {
        let Some(Attribute { resource: id, name: given }) = item.get("Value").attribute() else { continue };
        let name = match (model.type_of(id), given) {
            ("AWS::ElasticLoadBalancingV2::LoadBalancer", "" | "LoadBalancerArn") => "LoadBalancerFullName",
            ("AWS::ElasticLoadBalancingV2::TargetGroup", "" | "TargetGroupArn") => "TargetGroupFullName",
            ("AWS::ECS::Service", "" | "ServiceArn") => "Name",
            ("AWS::ECS::Cluster", "Arn") => "",
            _ => continue,
        };
        let path = format!("Dimensions/{index}/Value");
        let mend = reference(model, alarm.id(), id, name).map(|value| Mend::setting(true, &path, value));
        findings
            .report(alarm.id(), path, "a dimension is the whole ARN, by which nothing is published")
            .mend_by(mend)
            .help(if name.is_empty() {
                format!("use `!Ref {}`", model.logical_id(id))
            } else {
                format!("use `!GetAtt {}.{name}`", model.logical_id(id))
            })
            .mention(id, "", "this is what it refers to");
    }
}

/// The namespaces of which all metrics are known.
const KNOWN_WHOLE: [&str; 3] =
    [cloudwatch::NETWORK_LOAD_BALANCER, cloudwatch::PRIVATE_LINK_SERVICES, cloudwatch::PRIVATE_LINK_ENDPOINTS];

/// The names of the dimensions, when all are known.
fn dimensions<'a>(alarm: Alarm<'a>) -> Option<Vec<Cow<'a, str>>> {
    let list = alarm.property("Dimensions");
    let items = match list.items() {
        Field::Absent => Vec::new(),
        Field::Known(items) => items,
        Field::Unknown(_) => return None,
    };
    items.iter().map(|item| item.get("Name").text().known()).gather()
}

/// A metric whose name goes on where this one ends, or is the same but for capital letters.
fn advice(namespace: &str, name: &str) -> String {
    match meant(namespace, name) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "see the list of metrics of the service".to_owned(),
    }
}

fn meant(namespace: &str, name: &str) -> Option<&'static str> {
    let wanted = name.to_ascii_lowercase();
    let mut metrics = cloudwatch::metrics_of(namespace).iter();
    metrics.find(|metric| metric.name.to_ascii_lowercase().starts_with(&wanted)).map(|metric| metric.name)
}
