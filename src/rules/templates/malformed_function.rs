//! Intrinsic functions that are none, or that are not given what they take.

use super::malformed_template::is_source;
use crate::diagnostics::Severity;
use crate::model::{Function, Map, Model, ResourceId, Template, Value};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1717", "malformed-function", Error {
        pitfalls: [],
        summary: "An intrinsic function that is none, or that is not given what it takes",
        why: "CloudFormation refuses a template with a function that it does not know, or with too few or too many arguments, before \
              it makes anything. What is chosen behind the end of a list is refused as well.",
        example: "Resources:
  Lines: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30, LogGroupName: !Join ['/', tasks, api] } }
",
        instead: "Resources:
  Lines: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30, LogGroupName: !Join ['/', [tasks, api]] } }
",
        source: "CloudFormation template reference, intrinsic functions",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (number, template) in (0..).zip(model.evaluation().app().templates()) {
        if template.has_macros() || template.sections().is_some_and(is_source) {
            continue;
        }
        let whole = Model::whole(number);
        for (index, resource) in (0..).zip(template.resources()) {
            let id = ResourceId { template: number, resource: index };
            for (key, value) in resource.properties.into_iter().flat_map(Map::iter) {
                walk(value, &mut |mistake| report(findings, id, key, "", mistake));
            }
        }
        for (name, value) in template.conditions() {
            let of = format!("in the condition `{name}`, ");
            if value.as_intrinsic().is_none() {
                report(findings, whole, "", &of, no_condition(value));
            }
            walk(value, &mut |mistake| report(findings, whole, "", &of, mistake));
        }
        outputs(findings, whole, template);
    }
}

fn outputs(findings: &mut Findings<'_>, whole: ResourceId, template: &Template<'_>) {
    for output in template.outputs() {
        let of = format!("in the output `{}`, ", output.name);
        for value in output.value.into_iter().chain(output.export) {
            walk(value, &mut |mistake| report(findings, whole, "", &of, mistake));
        }
    }
}

/// What is wrong with a function, what to do, and whether that is sure.
struct Mistake {
    message: String,
    help: String,
    is_sure: bool,
}

fn report(findings: &mut Findings<'_>, id: ResourceId, key: &str, of: &str, mistake: Mistake) {
    let found = findings.report(id, key, format!("{of}{}", mistake.message)).help(mistake.help);
    if !mistake.is_sure {
        found.severity(Severity::Warning);
    }
}

/// Hands on what is wrong with the functions in a value.
fn walk(value: &Value, take: &mut dyn FnMut(Mistake)) {
    match value {
        Value::Intrinsic(call) => {
            if let Some((message, help)) = arguments(call.function, &call.argument) {
                take(Mistake { message: format!("`{}` {message}", call.function.name()), help, is_sure: true });
            }
        }
        Value::Map(map) if map.len() == 1 => {
            map.keys().filter_map(|key| no_function(key)).for_each(&mut *take);
        }
        _ => {}
    }
    value.each_part(&mut |part| walk(part, take));
}

/// What is wrong with the only key of a map that is no function, if it is meant for one.
fn no_function(key: &str) -> Option<Mistake> {
    let rest = key.strip_prefix("Fn::").filter(|rest| !rest.starts_with("ForEach::"))?;
    let lower = rest.to_ascii_lowercase();
    let edits = |function: &&Function| strsim::osa_distance(&function.tag().to_ascii_lowercase(), &lower);
    let near = Function::ALL.iter().min_by_key(edits).filter(|function| edits(function) <= 1 + rest.len() / 4);
    Some(Mistake {
        message: format!("there is no function `{key}`"),
        help: near.map_or_else(
            || "use one that CloudFormation has".to_owned(),
            |function| format!("did you mean `{}`?", function.name()),
        ),
        is_sure: near.is_some(),
    })
}

fn no_condition(value: &Value) -> Mistake {
    let key = value.as_map().and_then(|map| map.keys().next());
    let meant = key.and_then(|key| Function::from_name(&format!("Fn::{key}")));
    Mistake {
        message: "there is no function that compares anything".to_owned(),
        help: meant.map_or_else(
            || "write `Fn::Equals`, `Fn::Not`, `Fn::And`, `Fn::Or` or `Condition`".to_owned(),
            |function| format!("did you mean `{}`?", function.name()),
        ),
        is_sure: true,
    }
}

/// What is wrong with the arguments of a function, and what it takes.
fn arguments(function: Function, argument: &Value) -> Option<(&'static str, String)> {
    let items = argument.as_list();
    let count = items.map(<[Value]>::len);
    let takes = |counts: std::ops::RangeInclusive<usize>, what: &str| {
        let is_fine = count.is_some_and(|count| counts.contains(&count));
        (!is_fine).then(|| ("is not given what it takes", format!("give it {what}")))
    };
    match function {
        Function::Join => takes(2..=2, "a delimiter and a list: `[delimiter, [one, two]]`").or_else(|| {
            let is_text = items?.get(1)?.as_str().is_some();
            is_text.then(|| ("joins a list, and is given a text", "put what is joined into a list".to_owned()))
        }),
        Function::Split => takes(2..=2, "a delimiter and a text"),
        Function::Select => takes(2..=2, "the place of an element and a list").or_else(|| behind_the_end(items?)),
        Function::If => takes(3..=3, "the name of a condition, and a value for each case").or_else(|| {
            let is_name = items?.first()?.as_str().is_some();
            (!is_name).then(|| ("asks for a condition by its name", "write the condition into `Conditions`".to_owned()))
        }),
        Function::FindInMap => takes(3..=4, "a mapping and two keys"),
        Function::Equals => takes(2..=2, "two values"),
        Function::Not => takes(1..=1, "a list of one condition"),
        Function::And | Function::Or => takes(2..=10, "two to ten conditions"),
        Function::Cidr => takes(2..=3, "a range, how many to make of it, and how many bits each has"),
        Function::Sub if argument.as_str().is_none() => takes(2..=2, "a text, or a text and a map"),
        _ => None,
    }
}

/// Whether `Fn::Select` asks for an element behind the last one of a list that is written out.
fn behind_the_end(items: &[Value]) -> Option<(&'static str, String)> {
    let [place, Value::List(list)] = items else { return None };
    let place = place.as_int().or_else(|| place.as_str()?.parse().ok())?;
    let is_in = usize::try_from(place).is_ok_and(|place| place < list.len());
    let last = list.len().saturating_sub(1);
    (!is_in).then(|| ("chooses an element that the list has not", format!("choose one from 0 to {last}")))
}
