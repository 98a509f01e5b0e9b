//! The dashboard.

use std::collections::BTreeSet;

use ringfence::aws::cloudwatch;
use ringfence::cfn::{Function, Value};
use ringfence::constructs::{Alarms, Dashboard, FlowLogs, Stack, Watched};
use ringfence::spec;
use serde_json::Value as Json;

use super::{Everything, service};
use crate::building::{findings, of_type, only, paths, property, stack};

fn built(watched: &Watched<'_>) -> Stack {
    let mut stack = stack();
    let alarms = Alarms::new(&mut stack.scope(), &spec::Alarms::default(), watched);
    Dashboard::new(&mut stack.scope().made_from("dashboard"), &spec::Dashboard::default(), watched, &alarms);
    assert!(findings(&stack).is_empty());
    stack
}

/// The body as CloudFormation gives it to CloudWatch: what refers to something else is replaced by a name.
fn body(stack: &Stack) -> Json {
    let body = property(only(stack, "AWS::CloudWatch::Dashboard"), "DashboardBody");
    let text = match body {
        Value::String(text) => text.to_string(),
        Value::Intrinsic(join) if join.function == Function::Join => {
            let arguments = join.argument.as_list().expect("a join has arguments");
            let [delimiter, Value::List(parts)] = arguments else { panic!("a join has a delimiter and parts") };
            assert_eq!(delimiter, &Value::from(""));
            parts.iter().map(resolved).collect()
        }
        other => panic!("the body is {}", other.kind()),
    };
    serde_json::from_str(&text).expect("the body is JSON")
}

/// The name of what a part refers to.
fn resolved(part: &Value) -> String {
    match part {
        Value::String(text) => text.to_string(),
        Value::Intrinsic(intrinsic) => match &intrinsic.argument {
            Value::String(name) => name.to_string(),
            Value::List(path) => path.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("."),
            other => panic!("a reference to {}", other.kind()),
        },
        other => panic!("{} inside a text", other.kind()),
    }
}

fn within<'a>(value: &'a Json, pointer: &str) -> &'a Json {
    value.pointer(pointer).unwrap_or_else(|| panic!("no `{pointer}` in {value}"))
}

fn widgets(stack: &Stack) -> Vec<Json> {
    within(&body(stack), "/widgets").as_array().expect("widgets").clone()
}

fn titles(stack: &Stack) -> Vec<String> {
    let title = |widget: &Json| within(widget, "/properties/title").as_str().unwrap_or_default().to_owned();
    widgets(stack).iter().map(title).collect()
}

#[test]
fn everything_is_seen_at_a_glance() {
    let everything = Everything::new();
    let stack = built(&everything.watched());
    insta::assert_snapshot!(serde_json::to_string_pretty(&body(&stack)).expect("JSON can be written"));
}

#[test]
fn widgets_fill_rows_without_overlapping() {
    let everything = Everything::new();
    let mut taken: BTreeSet<(u64, u64)> = BTreeSet::new();
    for widget in widgets(&built(&everything.watched())) {
        let number = |name: &str| widget[name].as_u64().expect("a number");
        assert!(number("x") + number("width") <= 24);
        for x in number("x")..number("x") + number("width") {
            for y in number("y")..number("y") + number("height") {
                assert!(taken.insert((x, y)), "two widgets at {x}, {y}");
            }
        }
    }
}

#[test]
fn every_line_is_a_metric_that_exists_with_its_dimensions() {
    let everything = Everything::new();
    for widget in widgets(&built(&everything.watched())) {
        for line in widget["properties"]["metrics"].as_array().into_iter().flatten() {
            let words: Vec<&str> = line.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
            let [namespace, name, dimensions @ ..] = words.as_slice() else { continue };
            let metric = cloudwatch::find(namespace, name).unwrap_or_else(|| panic!("no metric {namespace} {name}"));
            let names: Vec<&str> = dimensions.iter().copied().step_by(2).collect();
            assert_ne!(metric.has_dimensions(&names), Some(false), "{name} by {names:?}");
        }
    }
}

#[test]
fn every_alarm_is_shown() {
    let everything = Everything::new();
    let stack = built(&everything.watched());
    let shown: Vec<String> = widgets(&stack)
        .iter()
        .filter(|widget| widget["type"] == "alarm")
        .flat_map(|widget| widget["properties"]["alarms"].as_array().cloned().unwrap_or_default())
        .map(|alarm| alarm.as_str().unwrap_or_default().to_owned())
        .collect();
    let all: Vec<String> =
        of_type(&stack, "AWS::CloudWatch::Alarm").iter().map(|alarm| format!("{}.Arn", alarm.logical_id)).collect();
    assert_eq!(shown, all);
}

#[test]
fn what_is_not_there_is_not_shown() {
    let everything = Everything::new();
    let nothing = FlowLogs::default();
    let watched = Watched { load_balancer: None, endpoint_service: None, flow_logs: &nothing, ..everything.watched() };
    assert_eq!(titles(&built(&watched)), ["Alarms", "CPU of tasks (%)", "Memory of tasks (%)", "Running tasks"]);
    let mut uncounted = Everything::new();
    uncounted.services[0].has_container_insights = false;
    assert!(!titles(&built(&uncounted.watched())).contains(&"Running tasks".to_owned()));
}

#[test]
fn many_services_are_spread_over_several_widgets() {
    let mut everything = Everything::new();
    everything.services = (0..45).map(|number| service(&format!("service{number}"), 1)).collect();
    let stack = built(&everything.watched());
    assert_eq!(titles(&stack).iter().filter(|title| *title == "CPU of tasks (%)").count(), 3);
    let alarms = widgets(&stack).iter().filter(|widget| widget["type"] == "alarm").count();
    assert_eq!(alarms, of_type(&stack, "AWS::CloudWatch::Alarm").len().div_ceil(100));
}

#[test]
fn names_with_tokens_of_cdk_stay_whole() {
    let mut everything = Everything::new();
    everything.load_balancer.full_name = Value::from("${Token[TOKEN.12]}");
    everything.services[0].name = Value::from("${Token[TOKEN.13]}");
    let text = body(&built(&everything.watched())).to_string();
    assert!(text.contains("LoadBalancer=\\\"${Token[TOKEN.12]}\\\"") && text.contains("\"${Token[TOKEN.13]}\""));
}

#[test]
fn it_can_be_switched_off() {
    let everything = Everything::new();
    let mut stack = stack();
    let props = spec::Dashboard { enabled: false };
    Dashboard::new(&mut stack.scope(), &props, &everything.watched(), &Alarms::default());
    assert!(paths(&stack).is_empty());
}
