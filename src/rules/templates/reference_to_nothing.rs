//! References to what is not there, or not in every world.

use super::{nested_parameters, rows_of_mappings};
use crate::diagnostics::Severity;
use crate::model::{Gather as _, Map, Missing, Model, OrderedMap, Referrer, Template, WrongAttribute, each_attribute};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1702", "reference-to-nothing", Error {
        pitfalls: [],
        summary: "A reference to a resource, an attribute, an output, a parameter or a part of a mapping that is not there",
        why: "A resource with a condition is not there when the condition is false. What refers to it must then not be there \
              either, or not refer to it: CloudFormation refuses the template with just those parameters, and takes it with \
              others. So it is with mappings that have nothing for one value of a parameter, and with what a nested stack \
              is given and asked for.",
        example: "Parameters: { Stage: { Type: String, Default: test, AllowedValues: [test, live] } }
Conditions: { IsLive: !Equals [!Ref Stage, live] }
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Condition: IsLive
    Properties: { GroupDescription: of the load balancer }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Type: network
      Scheme: internal
      Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
      SecurityGroups: [!Ref Group]
",
        instead: "Parameters: { Stage: { Type: String, Default: test, AllowedValues: [test, live] } }
Conditions: { IsLive: !Equals [!Ref Stage, live] }
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Condition: IsLive
    Properties: { GroupDescription: of the load balancer }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Type: network
      Scheme: internal
      Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
      SecurityGroups: [!If [IsLive, !Ref Group, sg-0123456789abcdef0]]
",
        source: "AWS CloudFormation template reference, conditions",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    outputs(model, findings);
    rows_of_mappings::check(model, findings);
    nested_parameters::check(model, findings);
    for wrong in model.dependencies().wrong_attributes() {
        report_attribute(model, findings, wrong);
    }
    for missing in model.dependencies().missing() {
        let template = model.evaluation().app().template(missing.template);
        // Resources may be made whose names are not written.
        let is_certain = missing.unmade.is_some() || template.is_some_and(|found| !found.has_unwritten_resources());
        if is_certain {
            report(findings, missing);
        }
    }
}

/// Attributes that their resources do not have. New ones may come, unless it is only the letters.
fn report_attribute(model: &Model<'_>, findings: &mut Findings<'_>, wrong: &WrongAttribute<'_>) {
    let WrongAttribute { name, resource, known, .. } = *wrong;
    let (place, property) = match wrong.from {
        Referrer::Property(id, key) => (id, key),
        Referrer::DependsOn(id) => (id, ""),
        Referrer::Output(_) => (resource, ""),
    };
    let where_from = match wrong.from {
        Referrer::Output(output) => format!("the output `{output}` asks for the"),
        _ => "there is no".to_owned(),
    };
    let owner = model.logical_id(resource);
    let meant = known.split(' ').find(|known| known.eq_ignore_ascii_case(name));
    let rest = if matches!(wrong.from, Referrer::Output(_)) { ", which it does not have" } else { "" };
    let found = findings.report(place, property, format!("{where_from} attribute `{name}` of `{owner}`{rest}"));
    match meant {
        Some(meant) => found.help(format!("did you mean `{meant}`?")),
        None => found.severity(Severity::Warning).help(format!("name one that it has: {}", known.replace(' ', ", "))),
    };
}

fn report(findings: &mut Findings<'_>, missing: &Missing<'_>) {
    let name = missing.name;
    let (resource, property) = match missing.from {
        Referrer::Property(id, key) => (id, key),
        Referrer::DependsOn(id) => (id, ""),
        Referrer::Output(_) => (missing.unmade.unwrap_or_else(|| Model::whole(missing.template)), ""),
    };
    if missing.is_condition {
        findings
            .report(resource, property, format!("the template has no condition `{name}`"))
            .help("correct the name, or add it to `Conditions`");
        return;
    }
    let message = match (missing.from, missing.unmade) {
        (Referrer::Output(output), Some(_)) => format!("the output `{output}` refers to it, but it is not made"),
        (Referrer::Output(output), None) => {
            format!("the output `{output}` refers to `{name}`, which is not in the template")
        }
        (_, Some(_)) => format!("it refers to `{name}`, which is not made"),
        (_, None) => format!("it refers to `{name}`, which is not in the template"),
    };
    let found = findings.report(resource, property, message);
    match missing.unmade {
        Some(unmade) => {
            found.help("give both the same condition, or choose with `Fn::If`");
            if unmade != resource {
                found.mention(unmade, "", "its condition is false here");
            }
        }
        None => {
            found.help("correct the name, or add the resource or parameter");
        }
    }
}

/// References to outputs that the template of a nested stack does not have.
fn outputs<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let app = model.evaluation().app();
    let child = |id| app.template(app.child_of(id)?).filter(|child| !child.has_unwritten_outputs());
    let stacks = model.of_type("AWS::CloudFormation::Stack");
    let children: OrderedMap<(u32, &str), &Template<'a>> =
        stacks.filter_map(|id| Some(((id.template, model.logical_id(id)), child(id)?))).gather();
    if children.is_empty() {
        return;
    }
    for id in model.resources() {
        let properties = model.declaration(id).and_then(|resource| resource.properties);
        for (key, value) in properties.into_iter().flat_map(Map::iter) {
            each_attribute(value, &mut |stack, attribute| {
                let Some(child) = children.get(&(id.template, stack)) else { return };
                let Some(output) = attribute.strip_prefix("Outputs.") else { return };
                if !child.outputs().iter().any(|known| known.name == output) {
                    let names: Vec<_> = child.outputs().iter().map(|known| format!("`{}`", known.name)).gather();
                    findings
                        .report(id, key.as_ref(), format!("the nested stack `{stack}` has no output `{output}`"))
                        .help(format!("name one that it has: {}", names.join(", ")));
                }
            });
        }
    }
}
