//! Imports of what no stack of the app exports.

use crate::diagnostics::Severity;
use crate::model::{Field, Function, Map, Model, OrderedSet, ResourceId, Value, sort};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1704", "import-of-nothing", Error {
        pitfalls: [103],
        summary: "An import of what the stack itself exports, what no stack of the app exports, or what one exports elsewhere",
        why: "`Fn::ImportValue` needs an export of another stack in the same account and Region, made before. When the app has \
              several stacks and none of them exports the name, it must come from a stack outside; when it is misspelt, the \
              deployment fails.",
        example: "Resources:
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!ImportValue balancer], AcceptanceRequired: true }
Outputs:
  Balancer:
    Value: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
    Export: { Name: balancer }
",
        instead: "Parameters: { Balancer: { Type: String } }
Resources:
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
",
        source: "AWS CloudFormation template reference, Fn::ImportValue",
        check: check,
    }
}

/// The names of exports with the templates that have them, when all of them are known.
fn exports<'a>(model: &'a Model<'a>) -> Option<Vec<(String, u32)>> {
    let mut known = Vec::new();
    for (index, template) in (0..).zip(model.evaluation().app().templates()) {
        if template.has_unwritten_outputs() {
            return None;
        }
        for name in template.outputs().iter().filter_map(|output| output.export) {
            known.push((model.evaluation().node(index, name).text().known()?.into_owned(), index));
        }
    }
    sort(&mut known);
    Some(known)
}

/// How many letters of a name may be wrong, and how long it is at least, to be a slip of the pen.
const MOST: usize = 2;
const SHORT: usize = 6;

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let Some(exports) = exports(model) else { return };
    let mut told = OrderedSet::new();
    for id in model.resources() {
        let properties = model.declaration(id).and_then(|resource| resource.properties);
        for (key, value) in properties.into_iter().flat_map(Map::iter) {
            imports(model, id.template, value, &mut |name| {
                // What is imported in many places is said at the first.
                if told.insert((id.template, name.to_owned())) {
                    let first = exports.partition_point(|(known, _)| known.as_str() < name);
                    let rest = exports.get(first..).unwrap_or_default();
                    let same = || rest.iter().take_while(|(known, _)| known == name).map(|(_, template)| *template);
                    // Where several stages export one name, the one that is seen counts.
                    let seen = same().find(|exporter| elsewhere(model, *exporter, id).is_none());
                    let exporter = seen.or_else(|| same().next());
                    let is_near = |known: &str| known.len() > SHORT && strsim::osa_distance(known, name) <= MOST;
                    let alike = exports
                        .iter()
                        .find(|(known, _)| known.eq_ignore_ascii_case(name))
                        .or_else(|| exports.iter().find(|(known, _)| is_near(known)));
                    report(
                        model,
                        findings,
                        (exporter, alike.map(|(known, _)| known.as_str())),
                        (id, key.as_ref()),
                        name,
                    );
                }
            });
        }
    }
}

/// Hands on the names of the imports in a value, as far as they are known.
fn imports<'a>(model: &'a Model<'a>, template: u32, value: &'a Value, named: &mut dyn FnMut(&str)) {
    match value {
        Value::Intrinsic(intrinsic) if intrinsic.function == Function::ImportValue => {
            let name = model.evaluation().node(template, &intrinsic.argument).text();
            if let Field::Known(name) = name {
                named(&name);
            }
        }
        other => other.each_part(&mut |part| imports(model, template, part, named)),
    }
}

/// The account or Region in which a template exports, and the other one in which a resource is, when both are known.
fn elsewhere<'a>(model: &'a Model<'a>, exporter: u32, id: ResourceId) -> Option<(&'static str, &'a str, &'a str)> {
    let theirs = model.evaluation().app().template(exporter)?.environment();
    let own = model.template_of(id)?.environment();
    let places = [("the account", &theirs.account, &own.account), ("the Region", &theirs.region, &own.region)];
    let known = places.into_iter().filter_map(|(what, theirs, own)| Some((what, theirs.as_deref()?, own.as_deref()?)));
    known.into_iter().find(|(_, theirs, own)| theirs != own)
}

fn report<'a>(
    model: &'a Model<'a>,
    findings: &mut Findings<'_>,
    (exporter, alike): (Option<u32>, Option<&str>),
    (id, key): (ResourceId, &str),
    name: &str,
) {
    match exporter {
        Some(exporter) if exporter == id.template => {
            findings
                .report(id, key, format!("the stack imports `{name}`, which it exports itself"))
                .help("refer to the resource with `Ref` or `Fn::GetAtt`");
        }
        Some(exporter) => {
            let Some((what, theirs, own)) = elsewhere(model, exporter, id) else { return };
            findings
                .report(id, key, format!("`{name}` is exported in {what} `{theirs}`, and this stack is in `{own}`"))
                .help("exports are seen in their own account and Region only: hand the value on as a parameter")
                .severity(Severity::Warning);
        }
        // A single template says nothing of the stacks around it.
        None if model.evaluation().app().templates().len() < 2 => {}
        None if alike.is_some() => {
            findings
                .report(id, key, format!("no template here exports `{name}`"))
                .help(format!("did you mean `{}`?", alike.unwrap_or_default()))
                .severity(Severity::Warning);
        }
        None => {
            findings
                .report(id, key, format!("no template here exports `{name}`"))
                .help("check the name, or see to it that the stack that exports it is there first")
                .severity(Severity::Info)
                // A spec imports what others made.
                .in_spec(InSpec::Nothing);
        }
    }
}
