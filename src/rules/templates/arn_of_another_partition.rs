//! ARNs of another partition than that of the Region.

use crate::aws::Partition;
use crate::diagnostics::{Mend, Severity};
use crate::model::Gather as _;
use crate::model::{Function, Homes, Map, Model, ResourceId, Template, Value};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1706", "arn-of-another-partition", Error {
        pitfalls: [104],
        summary: "An ARN whose partition is not that of its Region or of the stack's",
        why: "China, GovCloud and the sovereign clouds are partitions of their own: `aws-cn`, `aws-us-gov` and so on. An ARN \
              that says `arn:aws:` names nothing there. `${AWS::Partition}` is right everywhere.",
        example: "Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      Port: 443
      Protocol: TLS
      LoadBalancerArn: arn:aws-cn:elasticloadbalancing:cn-north-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Certificates: [{ CertificateArn: arn:aws:acm:cn-north-1:111122223333:certificate/0f6f3f4e-6b0d-4b52-9d5e-0e0c5a7a1c11 }]
",
        instead: "Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      Port: 443
      Protocol: TLS
      LoadBalancerArn: arn:aws-cn:elasticloadbalancing:cn-north-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Certificates: [{ CertificateArn: arn:aws-cn:acm:cn-north-1:111122223333:certificate/0f6f3f4e-6b0d-4b52-9d5e-0e0c5a7a1c11 }]
",
        source: "IAM user guide, Amazon Resource Names",
        check: check,
    }
}

/// The Region that stands in a template, and its partition.
struct Place<'a> {
    region: Option<&'a str>,
    partition: Option<Partition>,
    /// A Region of which the mappings of the template know, with a partition of its own.
    mapped: &'a [(&'a str, Partition)],
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let mapped: Vec<_> = model.evaluation().app().templates().iter().map(mapped_regions).gather();
    let homes = Homes::of(model);
    if model.resources().all(|id| homes.region(id).is_none()) {
        mixed(model, findings);
    }
    for id in model.resources() {
        let mapped = usize::try_from(id.template).ok().and_then(|index| mapped.get(index));
        let mapped = mapped.map(Vec::as_slice).unwrap_or_default();
        let region = homes.region(id);
        let place = Place { region, partition: region.and_then(Partition::of_region), mapped };
        let properties = model.declaration(id).and_then(|resource| resource.properties);
        for (key, value) in properties.into_iter().flat_map(Map::iter) {
            texts(findings, id, &place, (key.as_ref(), value), value);
        }
    }
}

/// The Regions by which the mappings of a template are keyed.
fn mapped_regions<'a>(template: &'a Template<'a>) -> Vec<(&'a str, Partition)> {
    let mappings = template.mappings().into_iter().flat_map(Map::iter);
    let keys = mappings.filter_map(|(_, mapping)| mapping.as_map()).flat_map(Map::keys);
    keys.filter_map(|key| Some((key.as_ref(), Partition::of_region(key)?))).gather()
}

fn texts(findings: &mut Findings<'_>, id: ResourceId, place: &Place<'_>, whole: (&str, &Value), value: &Value) {
    match value {
        Value::String(text) if text.starts_with("arn:") => arn(findings, id, place, whole, text),
        other => other.each_part(&mut |part| texts(findings, id, place, whole, part)),
    }
}

/// Writes `${AWS::Partition}` into every ARN of a partition in a property, if that can be done with all of them.
fn mend(key: &str, value: &Value, said: Partition) -> Option<Mend> {
    fill_in(Mend::suggested("write `${AWS::Partition}`"), key, value, &format!("arn:{}:", said.id()))
}

fn fill_in(mend: Mend, path: &str, value: &Value, start: &str) -> Option<Mend> {
    let filled = |text: &str| Value::sub(format!("arn:${{AWS::Partition}}:{}", text.trim_start_matches(start)));
    match value {
        Value::String(text) if text.starts_with(start) => Some(mend.set(path, filled(text))),
        Value::List(items) => {
            let mut items = items.iter().enumerate();
            items.try_fold(mend, |mend, (index, item)| fill_in(mend, &format!("{path}/{index}"), item, start))
        }
        Value::Map(map) => {
            map.iter().try_fold(mend, |mend, (key, item)| fill_in(mend, &format!("{path}/{key}"), item, start))
        }
        Value::Intrinsic(call) => match call.argument.as_str() {
            Some(text) if text.starts_with(start) => {
                (call.function == Function::Sub).then(|| mend.set(path, filled(text)))
            }
            // What is joined or chosen is not followed.
            _ => (!crate::model::contains_text(&call.argument, start)).then_some(mend),
        },
        _ => Some(mend),
    }
}

fn arn(findings: &mut Findings<'_>, id: ResourceId, place: &Place<'_>, (key, value): (&str, &Value), text: &str) {
    let mut parts = text.split(':').skip(1);
    let Some(said) = parts.next().and_then(Partition::from_id) else { return };
    let region = parts.nth(1).filter(|region| !region.is_empty());
    let own = region.and_then(Partition::of_region);
    let name = said.id();
    if let (Some(region), Some(own)) = (region, own)
        && own != said
    {
        findings
            .report(id, key, format!("the ARN is of the partition `{name}`, its Region `{region}` of another"))
            .help("write `${AWS::Partition}`, or the partition of the Region");
        return;
    }
    // An ARN of another Region may be meant; one without a Region, such as IAM's, is of the stack's partition.
    if let (Some(region), Some(partition)) = (place.region, place.partition)
        && partition != said
    {
        let found = findings.report(
            id,
            key,
            format!("the ARN is of the partition `{name}`, the stack goes to `{region}`, which is of another"),
        );
        found.mend_by(mend(key, value, said)).help("write `${AWS::Partition}` with `Fn::Sub`");
        if own.is_some() {
            found.severity(Severity::Warning);
        }
        return;
    }
    let elsewhere =
        place.mapped.iter().find(|(_, partition)| place.region.is_none() && own.is_none() && *partition != said);
    if let Some((region, _)) = elsewhere {
        let is_of_none = place.mapped.iter().all(|(_, partition)| *partition != said);
        findings
            .report(id, key, format!("the ARN is of the partition `{name}`, the mappings of the template know of `{region}`, which is of another"))
            .mend_by(mend(key, value, said))
            .help("write `${AWS::Partition}` with `Fn::Sub`")
            .severity(if is_of_none { Severity::Warning } else { Severity::Info });
    }
}

/// Resources whose ARNs have partitions of their own rules.
const JUDGED_ELSEWHERE: &str = "AWS::EC2::VPCEndpointServicePermissions";

/// ARNs of a partition that is not that of most ARNs: where stacks go is not known, but they go together.
fn mixed<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let mut written: Vec<(Partition, ResourceId, (&'a str, &'a Value))> = Vec::new();
    for id in model.resources().filter(|id| model.type_of(*id) != JUDGED_ELSEWHERE) {
        let properties = model.declaration(id).and_then(|resource| resource.properties);
        for (key, value) in properties.into_iter().flat_map(Map::iter) {
            partitions(value, &mut |partition| written.push((partition, id, (key.as_ref(), value))));
        }
    }
    let count = |wanted: Partition| written.iter().filter(|(partition, ..)| *partition == wanted).count();
    let Some(most) = Partition::ALL.iter().copied().max_by_key(|partition| count(*partition)) else { return };
    let others = written.len() - count(most);
    // As many of one as of another may be meant for both.
    if others >= count(most) {
        return;
    }
    for (partition, id, (key, value)) in written.iter().filter(|(partition, ..)| *partition != most) {
        let (name, most) = (partition.id(), most.id());
        findings
            .report(*id, *key, format!("the ARN is of the partition `{name}`, the others are of `{most}`"))
            .mend_by(mend(key, value, *partition))
            .help("write `${AWS::Partition}` with `Fn::Sub`")
            .severity(Severity::Warning);
    }
}

/// The partitions of the ARNs in a value that stand there whatever the conditions are.
fn partitions(value: &Value, take: &mut dyn FnMut(Partition)) {
    match value {
        Value::String(text) => {
            let named = text.strip_prefix("arn:").and_then(|rest| rest.split_once(':'));
            named.and_then(|(id, _)| Partition::from_id(id)).into_iter().for_each(take);
        }
        Value::Intrinsic(call) if matches!(call.function, Function::If | Function::FindInMap) => {}
        other => other.each_part(&mut |part| partitions(part, take)),
    }
}
