//! Alarms.

use std::collections::BTreeMap;

use ringfence::aws::cloudwatch;
use ringfence::cfn::Value;
use ringfence::constructs::{Alarms, FlowLogs, Stack, StackResource, Watched};
use ringfence::spec;

use super::{Everything, listener, load_balancer, service};
use crate::building::{at, findings, of_type, paths, property, stack};

fn build(stack: &mut Stack, props: &spec::Alarms, watched: &Watched<'_>) -> Alarms {
    Alarms::new(&mut stack.scope().made_from("alarms"), props, watched)
}

fn built(watched: &Watched<'_>) -> Stack {
    let mut stack = stack();
    build(&mut stack, &spec::Alarms::default(), watched);
    assert!(findings(&stack).is_empty());
    stack
}

fn text(alarm: &StackResource, name: &str) -> String {
    property(alarm, name).as_str().unwrap_or_default().to_owned()
}

/// One line that says all there is to say about an alarm but its advice.
fn line(alarm: &StackResource) -> String {
    let number = |name| serde_json::to_string(property(alarm, name)).unwrap_or_default();
    format!(
        "{}: {} of {} {} {} in {} x {} s, {} when missing",
        alarm.path,
        text(alarm, "Statistic"),
        text(alarm, "MetricName"),
        text(alarm, "ComparisonOperator"),
        number("Threshold"),
        number("EvaluationPeriods"),
        number("Period"),
        text(alarm, "TreatMissingData"),
    )
}

#[test]
fn what_matters_is_watched() {
    let everything = Everything::new();
    let stack = built(&everything.watched());
    let lines: Vec<String> = of_type(&stack, "AWS::CloudWatch::Alarm").into_iter().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn every_alarm_watches_a_metric_that_exists_with_its_dimensions_and_a_statistic_of_use() {
    let mut everything = Everything::new();
    everything.load_balancer.listeners.push(listener(53, "UDP", "api"));
    let stack = built(&everything.watched());
    for alarm in of_type(&stack, "AWS::CloudWatch::Alarm") {
        let (namespace, name) = (text(alarm, "Namespace"), text(alarm, "MetricName"));
        let metric = cloudwatch::find(&namespace, &name).unwrap_or_else(|| panic!("no metric {namespace} {name}"));
        let dimensions = property(alarm, "Dimensions").as_list().unwrap_or_default();
        let names: Vec<&str> = dimensions.iter().filter_map(|dimension| dimension.get("Name")?.as_str()).collect();
        assert_ne!(metric.has_dimensions(&names), Some(false), "{name} by {names:?}");
        let statistics: Vec<&str> = metric.statistics.iter().map(|statistic| statistic.name()).collect();
        assert!(statistics.is_empty() || statistics.contains(&text(alarm, "Statistic").as_str()), "{name}");
    }
}

#[test]
fn missing_data_is_bad_only_where_it_means_that_nothing_is_there() {
    let everything = Everything::new();
    let stack = built(&everything.watched());
    let mut bad: Vec<&str> = Vec::new();
    for alarm in of_type(&stack, "AWS::CloudWatch::Alarm") {
        match text(alarm, "TreatMissingData").as_str() {
            "breaching" => bad.push(&alarm.path),
            other => assert_eq!(other, "notBreaching", "{}", alarm.path),
        }
    }
    assert_eq!(bad, ["Alarms/LoadBalancer/Listener443/TooFewHosts", "Alarms/Services/api/TooFewTasks"]);
}

#[test]
fn every_alarm_says_what_to_do() {
    let everything = Everything::new();
    let stack = built(&everything.watched());
    let advice: BTreeMap<String, String> = of_type(&stack, "AWS::CloudWatch::Alarm")
        .into_iter()
        .map(|alarm| (alarm.path.clone(), text(alarm, "AlarmDescription")))
        .collect();
    assert!(advice.values().all(|text| text.chars().count() <= 1024 && text.split(". ").count() > 1));
    insta::assert_debug_snapshot!(advice);
}

#[test]
fn as_many_hosts_are_needed_as_some_zone_must_have() {
    let everything = Everything::new();
    let stack = built(&everything.watched());
    let hosts = at(&stack, "Alarms/LoadBalancer/Listener443/TooFewHosts");
    assert_eq!(property(hosts, "Threshold"), &Value::from(2), "of four tasks in two zones");
    let tasks = at(&stack, "Alarms/Services/api/TooFewTasks");
    assert_eq!(property(tasks, "Threshold"), &Value::from(4));
}

#[test]
fn a_service_that_may_have_no_tasks_wakes_nobody_by_having_none() {
    let mut everything = Everything::new();
    everything.services = vec![service("api", 0)];
    let stack = built(&everything.watched());
    assert!(paths(&stack).iter().all(|path| !path.contains("TooFew") && !path.contains("UnhealthyZone")));
}

#[test]
fn tasks_are_counted_only_where_somebody_counts_them() {
    let mut everything = Everything::new();
    everything.services[0].has_container_insights = false;
    let stack = built(&everything.watched());
    assert!(!paths(&stack).contains(&"Alarms/Services/api/TooFewTasks"));
    assert!(paths(&stack).contains(&"Alarms/LoadBalancer/Listener443/TooFewHosts"));
}

#[test]
fn a_number_of_tasks_that_is_not_known_yet_passes_through() {
    let mut everything = Everything::new();
    everything.services[0].fewest_tasks = Value::reference("Fewest");
    let stack = built(&everything.watched());
    let tasks = at(&stack, "Alarms/Services/api/TooFewTasks");
    assert_eq!(property(tasks, "Threshold"), &Value::reference("Fewest"));
    let hosts = at(&stack, "Alarms/LoadBalancer/Listener443/TooFewHosts");
    assert_eq!(property(hosts, "Threshold"), &Value::from(1));
}

#[test]
fn flows_are_watched_by_the_transports_that_there_are() {
    let blocked = |protocol| {
        let mut everything = Everything::new();
        everything.load_balancer = load_balancer(vec![listener(53, protocol, "api")]);
        let stack = built(&everything.watched());
        let paths = paths(&stack).into_iter().filter(|path| path.contains("BlockedInbound"));
        paths.map(|path| path.replace("Alarms/LoadBalancer/BlockedInbound", "")).collect::<Vec<_>>()
    };
    assert_eq!(blocked("TCP"), ["TCP"]);
    assert_eq!(blocked("UDP"), ["UDP"]);
    assert_eq!(blocked("TCP_UDP"), ["TCP", "UDP"]);
}

#[test]
fn adding_a_service_renames_no_alarm() {
    let mut everything = Everything::new();
    let before = built(&everything.watched());
    everything.services.insert(0, service("admin", 2));
    everything.load_balancer.listeners.insert(0, listener(8443, "TCP", "admin"));
    let after = built(&everything.watched());
    let kept = |path: &&str| paths(&after).contains(path);
    assert!(paths(&before).iter().all(kept));
    assert_eq!(paths(&after).len(), paths(&before).len() + 5);
}

#[test]
fn topics_are_told_when_an_alarm_goes_off_and_when_it_is_over() {
    let everything = Everything::new();
    let topic = "arn:aws:sns:eu-west-1:111122223333:alerts";
    let mut stack = stack();
    let props = spec::Alarms { actions: vec![topic.into()], ..spec::Alarms::default() };
    let alarms = build(&mut stack, &props, &everything.watched());
    let all = of_type(&stack, "AWS::CloudWatch::Alarm");
    assert_eq!(alarms.alarms.len(), all.len());
    for alarm in all {
        assert_eq!(property(alarm, "AlarmActions/0"), &Value::from(topic));
        assert_eq!(property(alarm, "OKActions/0"), &Value::from(topic));
    }
}

#[test]
fn without_anything_to_watch_or_when_switched_off_there_are_none() {
    let nothing = FlowLogs::default();
    let watched = Watched { load_balancer: None, services: &[], endpoint_service: None, flow_logs: &nothing };
    assert!(built(&watched).resources().is_empty());
    let everything = Everything::new();
    let mut stack = stack();
    build(&mut stack, &spec::Alarms { enabled: false, ..spec::Alarms::default() }, &everything.watched());
    assert!(stack.resources().is_empty());
}

#[test]
fn what_is_wrong_is_said() {
    let said = |actions: &[&'static str]| {
        let actions = actions.iter().map(|action| (*action).into()).collect();
        let mut stack = stack();
        build(&mut stack, &spec::Alarms { actions, ..spec::Alarms::default() }, &Everything::new().watched());
        findings(&stack)
    };
    insta::assert_debug_snapshot!([
        said(&["arn:aws:sqs:eu-west-1:111122223333:alerts"]),
        said(&["arn:aws:sns:us-east-1:111122223333:alerts"]),
        said(&["arn:aws:sns:eu-west-1:111122223333:alerts"; 6]),
    ]);
}
