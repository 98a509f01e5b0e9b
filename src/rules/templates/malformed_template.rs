//! Parts of a template that CloudFormation refuses before it makes anything.

use crate::diagnostics::Severity;
use crate::model::{Gather as _, Map, Model, ResourceId, Template, Value};
use crate::resources::names::PropertyNames;
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1715", "malformed-template", Error {
        pitfalls: [],
        summary: "A section or a word in a template that CloudFormation does not know",
        why: "CloudFormation refuses a template with a section, a parameter, an output or a resource that says what it does not know, \
              before it makes anything.",
        example: "Resources:
  Lines: { Type: AWS::Logs::LogGroup, DeletePolicy: Retain, Properties: { RetentionInDays: 30 } }
",
        instead: "Resources:
  Lines: { Type: AWS::Logs::LogGroup, DeletionPolicy: Retain, Properties: { RetentionInDays: 30 } }
",
        source: "CloudFormation template reference, template sections and resource attributes; CloudFormation user guide, parameters and outputs syntax",
        check: check,
    }
}

/// The sections of a template.
const SECTIONS: &[&str] = &[
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
];

/// What is said of a resource.
pub(super) const ATTRIBUTES: &[&str] = &[
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
    // Of custom resources, once.
    "Version",
];

/// What is said of a parameter.
const OF_PARAMETERS: &[&str] = &[
    "AllowedPattern",
    "AllowedValues",
    "ConstraintDescription",
    "Default",
    "Description",
    "MaxLength",
    "MaxValue",
    "MinLength",
    "MinValue",
    "NoEcho",
    "Type",
];

/// What is said of an output.
const OF_OUTPUTS: &[&str] = &["Condition", "Description", "Export", "Value"];

/// The one version that there is.
const VERSION: &str = "2010-09-09";

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (number, template) in (0..).zip(model.evaluation().app().templates()) {
        let Some(sections) = template.sections().filter(|sections| !template.has_macros() && !is_source(sections))
        else {
            continue;
        };
        let whole = Model::whole(number);
        words(findings, whole, "the template", sections, SECTIONS);
        if let Some(version) = sections.get("AWSTemplateFormatVersion").and_then(Value::as_str)
            && version != VERSION
        {
            findings
                .report(whole, "", format!("`{version}` is no version of templates"))
                .help(format!("write `AWSTemplateFormatVersion: \"{VERSION}\"`, or leave it out"));
        }
        loops(findings, whole, sections);
        for (name, parameter) in entries(sections, "Parameters") {
            self::parameter(findings, whole, name, parameter);
            default(findings, whole, name, parameter);
        }
        for (name, output) in entries(sections, "Outputs") {
            let of = format!("the output `{name}`");
            let map = output.as_map();
            map.into_iter().for_each(|map| words(findings, whole, &of, map, OF_OUTPUTS));
            if map.is_none_or(|map| !map.contains_key("Value")) {
                findings.report(whole, "", format!("{of} has no `Value`")).help("say what it gives");
            }
        }
        sections_of_maps(findings, whole, sections);
        for (name, resource) in entries(sections, "Resources") {
            if !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                findings
                    .report(whole, "", format!("`{name}` is no logical ID"))
                    .help("take letters from A to Z and digits alone");
            }
            if resource.get("Properties").is_some_and(|properties| {
                matches!(properties, Value::List(_) | Value::String(_) | Value::Number(_) | Value::Bool(_))
            }) {
                findings
                    .report(whole, "", format!("the `Properties` of `{name}` are no map"))
                    .help("write `Name: value`");
            }
            if resource.get("Type").and_then(Value::as_str).is_none() {
                findings.report(whole, "", format!("`{name}` has no `Type`")).help("say of which type the resource is");
            }
        }
        resources(findings, number, template);
    }
}

/// Sections that are no maps, and mappings that are no maps of maps.
fn sections_of_maps(findings: &mut Findings<'_>, whole: ResourceId, sections: &Map) {
    for name in ["Conditions", "Mappings", "Outputs", "Parameters", "Resources"] {
        if sections.get(name).is_some_and(|section| matches!(section, Value::List(_) | Value::String(_))) {
            findings.report(whole, "", format!("`{name}` is no map")).help("write a name before each of its parts");
        }
    }
    for (name, mapping) in entries(sections, "Mappings") {
        let is_row = |row: &Value| matches!(row, Value::Map(_) | Value::Intrinsic(_));
        if !mapping.as_map().is_none_or(|rows| rows.iter().all(|(_, row)| is_row(row))) {
            findings
                .report(whole, "", format!("the mapping `{name}` has a row that is no map"))
                .help("give each row names with values");
        }
    }
}

/// Whether another tool makes the template that is deployed: a resource is of a module, which no type is.
pub(super) fn is_source(sections: &Map) -> bool {
    let is_module = |resource: &Value| resource.get("Type").is_some_and(|name| name.as_str().is_none());
    sections.contains_key("Modules") || entries(sections, "Resources").any(|(_, resource)| is_module(resource))
}

/// Loops are of a transform, without which CloudFormation takes them for resources.
fn loops(findings: &mut Findings<'_>, whole: ResourceId, sections: &Map) {
    const TRANSFORM: &str = "AWS::LanguageExtensions";
    let is_it = |value: &Value| value.as_str() == Some(TRANSFORM);
    let transform = sections.get("Transform");
    let has_it =
        transform.is_some_and(|value| is_it(value) || value.as_list().is_some_and(|all| all.iter().any(is_it)));
    let has_loop = |name: &&str| {
        let section = sections.get(name).and_then(Value::as_map);
        section.is_some_and(|section| section.keys().any(|key| key.starts_with("Fn::ForEach::")))
    };
    if !has_it && ["Resources", "Outputs", "Conditions"].iter().any(has_loop) {
        findings
            .report(whole, "", format!("loops need the transform `{TRANSFORM}`, which the template does not name"))
            .help(format!("write `Transform: {TRANSFORM}`"));
    }
}

/// A default that the parameter does not take. Who always gives another value does not notice.
fn default(findings: &mut Findings<'_>, whole: ResourceId, name: &str, parameter: &Value) {
    let text = |value: &Value| match value {
        Value::Bool(value) => Some(value.to_string()),
        other => other.as_str().map(str::to_owned).or_else(|| other.as_int().map(|number| number.to_string())),
    };
    let kind = parameter.get("Type").and_then(Value::as_str).unwrap_or_default();
    let Some(allowed) = parameter.get("AllowedValues").and_then(Value::as_list) else { return };
    let allowed: Option<Vec<String>> = allowed.iter().map(text).gather();
    let given = parameter.get("Default").and_then(text);
    let (Some(allowed), Some(given), "String" | "Number") = (allowed, given, kind) else { return };
    if !allowed.contains(&given) {
        findings
            .report(
                whole,
                "",
                format!("the default of the parameter `{name}` is none of its `AllowedValues`: `{given}`"),
            )
            .help("set the default to one of them, or leave it out")
            .severity(Severity::Warning);
    }
}

fn parameter(findings: &mut Findings<'_>, whole: ResourceId, name: &str, parameter: &Value) {
    let of = format!("the parameter `{name}`");
    let map = parameter.as_map();
    map.into_iter().for_each(|map| words(findings, whole, &of, map, OF_PARAMETERS));
    let kind = map.and_then(|map| map.get("Type")).and_then(Value::as_str).unwrap_or_default();
    let is_known = matches!(kind, "String" | "Number" | "CommaDelimitedList")
        || kind.starts_with("List<")
        || kind.starts_with("AWS::");
    if !is_known {
        let what =
            if kind.is_empty() { format!("{of} has no `Type`") } else { format!("{of} is of no type: `{kind}`") };
        findings
            .report(whole, "", what)
            .help("set `String`, `Number`, `CommaDelimitedList`, `List<Number>`, or a type of AWS such as `AWS::EC2::VPC::Id`");
    }
}

fn resources(findings: &mut Findings<'_>, number: u32, template: &Template<'_>) {
    for (index, resource) in (0..).zip(template.resources()) {
        let id = ResourceId { template: number, resource: index };
        words(findings, id, "the resource", resource.declaration, ATTRIBUTES);
        if !PropertyNames::are_known(resource.type_name)
            && let Some(meant) = PropertyNames::types().find(|known| is_misspelt(resource.type_name, known))
        {
            findings
                .report(id, "", format!("there is no type `{}`", resource.type_name))
                .help(format!("did you mean `{meant}`?"));
        }
    }
}

/// Whether the name of a type is meant for another one: in other letters, or with one wrong behind the name of the service, which
/// may be that of another one. Short names may be, too.
fn is_misspelt(name: &str, known: &str) -> bool {
    const LEAST: usize = 5;
    if name.len().abs_diff(known.len()) > 1 {
        return false;
    }
    let is_near = |(service, own): (&str, &str), (other, known): (&str, &str)| {
        service == other && known.len() >= LEAST && strsim::osa_distance(own, known) == 1
    };
    name.eq_ignore_ascii_case(known)
        || name.rsplit_once("::").zip(known.rsplit_once("::")).is_some_and(|(name, known)| is_near(name, known))
}

/// The entries of a section that are written out.
fn entries<'a>(sections: &'a Map, name: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let section = sections.get(name).and_then(Value::as_map);
    let all = section.into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_ref(), value));
    all.filter(|(name, _)| !name.starts_with("Fn::"))
}

/// Reports the keys of a map that are none of the known ones.
fn words(findings: &mut Findings<'_>, id: ResourceId, of: &str, map: &Map, known: &[&str]) {
    for key in map.keys().filter(|key| !known.contains(&key.as_ref()) && !key.starts_with("Fn::")) {
        let near = known.iter().map(|known| (strsim::osa_distance(known, key), known)).min();
        let help = match near {
            Some((edits, near)) if edits <= key.len() / 3 => format!("did you mean `{near}`?"),
            _ => format!("it takes {}", known.iter().map(|known| format!("`{known}`")).gather::<Vec<_>>().join(", ")),
        };
        findings.report(id, "", format!("{of} has `{key}`, which CloudFormation does not know")).help(help);
    }
}
