//! Widgets of a dashboard, and the JSON text that CloudWatch takes them as.

use crate::aws::cloudwatch::Statistic;
use crate::cfn::write::{push_json_string, to_compact_json};
use crate::cfn::{Function, Intrinsic, Map, Value};
use crate::cfn::{Gather as _, GatherMore as _};

use super::watched::Dimensions;

/// How many columns a dashboard has. Source: `AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure`.
const COLUMNS: u32 = 24;

/// How high a widget with a graph is.
const HEIGHT: u32 = 6;

/// A widget without its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Widget {
    kind: &'static str,
    width: u32,
    height: u32,
    properties: Map,
}

/// A line of a graph.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    /// The namespace.
    pub(super) namespace: &'static str,
    /// The name of the metric.
    pub(super) metric: String,
    /// Its dimensions.
    pub(super) dimensions: Dimensions,
    /// The statistic.
    pub(super) statistic: Statistic,
    /// What the line is called.
    pub(super) label: String,
}

impl Line {
    /// The line as the body of a dashboard has it.
    fn value(self) -> Value {
        let mut items = vec![Value::from(self.namespace), Value::from(self.metric)];
        for (name, value) in self.dimensions {
            items.gather_more([Value::from(name), value]);
        }
        items.push(Value::map([("stat", Value::from(self.statistic.name())), ("label", Value::from(self.label))]));
        Value::List(items)
    }
}

impl Widget {
    /// A graph of metrics over time, summed up by so many seconds.
    pub(super) fn graph(title: impl Into<Value>, seconds: u32, lines: Vec<Line>) -> Self {
        Self::metrics(title.into(), seconds, lines.into_iter().map(Line::value).gather())
    }

    /// A graph of all metrics that a search expression finds.
    pub(super) fn search(title: impl Into<Value>, seconds: u32, expression: Value) -> Self {
        let line = Value::map([("expression", expression), ("id", Value::from("found"))]);
        Self::metrics(title.into(), seconds, vec![Value::List(vec![line])])
    }

    fn metrics(title: Value, seconds: u32, metrics: Vec<Value>) -> Self {
        let axis = Value::map([("left", Value::map([("min", Value::from(0))]))]);
        Self::new(
            "metric",
            HEIGHT,
            [
                ("title", title),
                ("region", Value::reference("AWS::Region")),
                ("view", Value::from("timeSeries")),
                ("period", Value::from(seconds)),
                ("yAxis", axis),
                ("metrics", Value::List(metrics)),
            ],
        )
    }

    /// The answer to a query of CloudWatch Logs Insights over a log group, as `view` shows it.
    pub(super) fn query(title: impl Into<Value>, view: &'static str, log_group: &Value, query: String) -> Self {
        let source = [Value::from("SOURCE '"), log_group.clone(), Value::from(format!("' | {query}"))];
        Self::new(
            "log",
            HEIGHT,
            [
                ("title", title.into()),
                ("region", Value::reference("AWS::Region")),
                ("view", Value::from(view)),
                ("query", Value::join(source)),
            ],
        )
    }

    /// The states of alarms, by ARN.
    pub(super) fn alarms(title: impl Into<Value>, arns: &[Value]) -> Self {
        // Four states stand beside each other over the whole width.
        let rows = u32::try_from(arns.len().div_ceil(4)).unwrap_or(u32::MAX);
        let properties = [("title", title.into()), ("alarms", Value::List(arns.to_vec()))];
        Self::new("alarm", rows.saturating_add(1).clamp(2, 26), properties).with_width(COLUMNS)
    }

    fn new<const N: usize>(kind: &'static str, height: u32, properties: [(&'static str, Value); N]) -> Self {
        let properties = properties.into_iter().map(|(key, value)| (key.into(), value)).gather();
        Self { kind, width: COLUMNS, height, properties }
    }

    fn with_width(self, width: u32) -> Self {
        Self { width, ..self }
    }
}

/// The body of a dashboard: rows of widgets, those of one row equally wide.
pub(super) fn body(rows: Vec<Vec<Widget>>) -> Value {
    let mut placed = Vec::new();
    let mut top = 0;
    for row in rows.into_iter().filter(|row| !row.is_empty()) {
        let width = COLUMNS / u32::try_from(row.len()).unwrap_or(COLUMNS).clamp(1, COLUMNS);
        let height = row.iter().map(|widget| widget.height).max().unwrap_or(HEIGHT);
        for (left, widget) in (0_u32..).step_by(width as usize).zip(row) {
            placed.push(place(widget.with_width(width), left, top));
        }
        top += height;
    }
    let body = Value::map([
        ("start", Value::from("-PT12H")),
        ("periodOverride", Value::from("inherit")),
        ("widgets", Value::List(placed)),
    ]);
    json_text(&body)
}

fn place(widget: Widget, left: u32, top: u32) -> Value {
    Value::map([
        ("type", Value::from(widget.kind)),
        ("x", Value::from(left)),
        ("y", Value::from(top)),
        ("width", Value::from(widget.width)),
        ("height", Value::from(widget.height)),
        ("properties", Value::Map(widget.properties)),
    ])
}

/// A value as JSON text, in which what is known at deployment only stands as a string. It must be a string without quotes
/// and backslashes then, as names, ARNs and IDs of AWS are.
fn json_text(value: &Value) -> Value {
    let mut writer = JsonText::default();
    writer.push(value);
    writer.end()
}

/// JSON text that is being written, with what is known at deployment only between its parts.
#[derive(Default)]
struct JsonText {
    parts: Vec<Value>,
    /// What was written behind the last part.
    text: String,
}

impl JsonText {
    fn push(&mut self, value: &Value) {
        match value {
            Value::List(items) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.push_comma(index);
                    self.push(item);
                }
                self.text.push(']');
            }
            Value::Map(map) => {
                self.text.push('{');
                for (index, (key, item)) in map.iter().enumerate() {
                    self.push_comma(index);
                    push_json_string(&mut self.text, key);
                    self.text.push(':');
                    self.push(item);
                }
                self.text.push('}');
            }
            Value::Intrinsic(intrinsic) => {
                self.text.push('"');
                self.push_inside(intrinsic);
                self.text.push('"');
            }
            Value::String(text) => push_json_string(&mut self.text, text),
            literal => self.text.push_str(&to_compact_json(literal)),
        }
    }

    fn push_comma(&mut self, index: usize) {
        if index > 0 {
            self.text.push(',');
        }
    }

    /// What a function gives, inside the quotes of a string. Literal parts of a join are written as JSON writes them.
    fn push_inside(&mut self, intrinsic: &Intrinsic) {
        let joined = match (intrinsic.function, &intrinsic.argument) {
            (Function::Join, Value::List(arguments)) => match arguments.as_slice() {
                [Value::String(delimiter), Value::List(joined)] if delimiter.is_empty() => Some(joined),
                _ => None,
            },
            _ => None,
        };
        let Some(joined) = joined else { return self.push_part(Value::from(intrinsic.clone())) };
        for part in joined {
            match part {
                Value::String(text) => {
                    let mut quoted = String::new();
                    push_json_string(&mut quoted, text);
                    let inside = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                    self.text.push_str(inside.unwrap_or_default());
                }
                other => self.push_part(other.clone()),
            }
        }
    }

    fn push_part(&mut self, part: Value) {
        if !self.text.is_empty() {
            self.parts.push(Value::from(std::mem::take(&mut self.text)));
        }
        self.parts.push(part);
    }

    fn end(mut self) -> Value {
        self.parts.push(Value::from(self.text));
        Value::join(self.parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_literals_is_their_json() {
        let value =
            Value::map([("a \"b\"", Value::list([Value::from(1), Value::from(true)])), ("c", Value::from("d\n"))]);
        let text = json_text(&value);
        assert_eq!(text, Value::from(serde_json::to_string(&value).unwrap()));
    }

    #[test]
    fn what_is_not_known_stands_in_quotes() {
        let query = Value::join([Value::from("SOURCE '"), Value::reference("Group"), Value::from("' | \"x\"")]);
        let text = json_text(&Value::map([("name", Value::reference("Name")), ("query", query)]));
        let expected = [
            Value::from("{\"name\":\""),
            Value::reference("Name"),
            Value::from("\",\"query\":\"SOURCE '"),
            Value::reference("Group"),
            Value::from("' | \\\"x\\\"\"}"),
        ];
        assert_eq!(text, Value::join(expected));
    }

    #[test]
    fn widgets_of_a_row_share_its_width() {
        let widget = || Widget::graph("title", 60, Vec::new());
        let body = body(vec![vec![widget(), widget(), widget()], Vec::new(), vec![widget()]]);
        let Value::Intrinsic(join) = &body else { panic!("the Region is not known") };
        let parts = join.argument.as_list().and_then(|arguments| arguments[1].as_list()).unwrap();
        let text: String = parts.iter().map(|part| part.as_str().unwrap_or("eu-west-1")).collect();
        let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
        let places: Vec<_> = parsed["widgets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|widget| [&widget["x"], &widget["y"], &widget["width"]])
            .collect();
        assert_eq!(places, [[0, 0, 8], [8, 0, 8], [16, 0, 8], [0, 6, 24]]);
    }
}
