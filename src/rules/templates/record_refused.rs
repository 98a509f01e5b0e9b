//! Records that Route 53 refuses, or that lead nowhere.

use crate::model::{Function, Gather as _, Model, Node, ResourceId, Value};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1716", "record-refused", Error {
        pitfalls: [],
        summary: "A record that Route 53 refuses, or an alias of an endpoint that is made of the wrong part of its name",
        why: "A record lies in its zone; the name of the zone itself cannot be a `CNAME`. An alias has no TTL, and everything else \
              has one. An entry of `DnsEntries` is the ID of a zone and a name with a colon between them, of which an alias takes \
              each in its place.",
        example: "Resources:
  Zone: { Type: AWS::Route53::HostedZone, Properties: { Name: pay.example.com, VPCs: [{ VPCId: vpc-0123456789abcdef0, VPCRegion: eu-west-1 }] } }
  Name: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: !Ref Zone, Name: pay.example.com, Type: CNAME, TTL: '60', ResourceRecords: [a.example.com] } }
",
        instead: "Resources:
  Zone: { Type: AWS::Route53::HostedZone, Properties: { Name: pay.example.com, VPCs: [{ VPCId: vpc-0123456789abcdef0, VPCRegion: eu-west-1 }] } }
  Name: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: !Ref Zone, Name: api.pay.example.com, Type: CNAME, TTL: '60', ResourceRecords: [a.example.com] } }
",
        source: "Amazon Route 53 developer guide, supported DNS record types and choosing between alias and non-alias records; \
                 CloudFormation template reference, AWS::EC2::VPCEndpoint, return values",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for id in model.of_type("AWS::Route53::RecordSet") {
        let read = |key: &str| model.property(id, key);
        record(model, findings, id, "", (&read, &read("HostedZoneId"), &read("HostedZoneName")));
    }
    for id in model.of_type("AWS::Route53::RecordSetGroup") {
        for (index, item) in model.property(id, "RecordSets").known_items().iter().enumerate() {
            let place = format!("RecordSets/{index}/");
            let given = (model.property(id, "HostedZoneId"), model.property(id, "HostedZoneName"));
            record(model, findings, id, &place, (&|key| item.get(key), &given.0, &given.1));
        }
    }
}

/// How to read a property of a record, and its zone by ID and by name.
type Read<'r, 'a> = (&'r dyn Fn(&str) -> Node<'a>, &'r Node<'a>, &'r Node<'a>);

fn record<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>, id: ResourceId, place: &str, given: Read<'_, 'a>) {
    let (read, ..) = given;
    let is_there = |key: &str| !read(key).is_absent();
    if is_there("AliasTarget") {
        if let Some(key) = ["TTL", "ResourceRecords"].into_iter().find(|key| is_there(key)) {
            findings
                .report(id, format!("{place}{key}"), format!("an alias has no `{key}`"))
                .suggest_removal(&format!("{place}{key}"))
                .help("leave it out: it is that of what the alias is for");
        }
    } else if is_there("ResourceRecords") && !is_there("TTL") {
        findings.report(id, format!("{place}ResourceRecords"), "the record has no `TTL`").help("set `TTL`, such as 60");
    }
    alias(model, findings, id, place);
    names(model, findings, id, place, given);
}

/// An alias of an endpoint, as it is written: what comes of it is not known before there is the endpoint.
fn alias<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>, id: ResourceId, place: &str) {
    let mut value = model.declaration(id).and_then(|resource| resource.declaration.get("Properties"));
    for step in place.split('/').filter(|step| !step.is_empty()).chain(["AliasTarget"]) {
        value = value.and_then(|value| match step.parse::<usize>() {
            Ok(index) => value.as_list()?.get(index),
            Err(_) => value.get(step),
        });
    }
    for (key, part) in [("HostedZoneId", 0), ("DNSName", 1)] {
        let taken = value.and_then(|target| target.get(key)).and_then(entry_part);
        if taken.is_some_and(|taken| taken != Some(part)) {
            let which = if part == 0 { "before" } else { "behind" };
            findings
                .report(
                    id,
                    format!("{place}AliasTarget/{key}"),
                    format!("`{key}` is what stands {which} the colon in the entry of the endpoint, and nothing else"),
                )
                .help(format!("write `!Select [{part}, !Split [\":\", …]]` around one of its `DnsEntries`"));
        }
    }
}

/// What a value takes of an entry of `DnsEntries`: a part of it, or nothing when it takes all of it.
fn entry_part(value: &Value) -> Option<Option<i64>> {
    let (index, list) = selection(value)?;
    let Value::Intrinsic(inner) = list else { return None };
    match (inner.function, inner.argument.as_list()) {
        (Function::Split, Some([_, entry])) => {
            let (_, entries) = selection(entry)?;
            is_entries(entries).then_some(Some(index))
        }
        _ => is_entries(list).then_some(None),
    }
}

fn selection(value: &Value) -> Option<(i64, &Value)> {
    let Value::Intrinsic(call) = value else { return None };
    let [index, list] = call.argument.as_list()? else { return None };
    let index = index.as_int().or_else(|| index.as_str()?.parse().ok())?;
    (call.function == Function::Select).then_some((index, list))
}

fn is_entries(value: &Value) -> bool {
    let Value::Intrinsic(call) = value else { return false };
    let parts: Vec<&str> = match &call.argument {
        Value::String(path) => path.split('.').gather(),
        Value::List(items) => items.iter().filter_map(Value::as_str).gather(),
        _ => return false,
    };
    call.function == Function::GetAtt && parts.get(1) == Some(&"DnsEntries")
}

fn names<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>, id: ResourceId, place: &str, given: Read<'_, 'a>) {
    let (read, zone, zone_name) = given;
    let of_app = zone.resource().filter(|id| model.type_of(*id) == "AWS::Route53::HostedZone");
    let apex = of_app.map_or_else(|| zone_name.text(), |zone| model.property(zone, "Name").text()).known();
    let (Some(apex), Some(name)) = (apex, read("Name").text().known()) else { return };
    let bare = |name: &str| name.trim_end_matches('.').to_ascii_lowercase();
    let (apex, name) = (bare(&apex), bare(&name));
    let key = format!("{place}Name");
    if name == apex {
        if read("Type").text().is_known_and(|kind| kind == "CNAME") {
            findings
                .report(
                    id,
                    format!("{place}Type"),
                    format!("`{name}` is the name of the zone itself, which cannot be a `CNAME`"),
                )
                .help("use an alias (`AliasTarget`, with `Type: A`), or a name below the zone");
        }
    } else if !name.strip_suffix(&apex).is_some_and(|before| before.ends_with('.')) {
        findings
            .report(id, key, format!("`{name}` does not lie in the zone `{apex}`"))
            .help(format!("end the name with `.{apex}`, or name the zone in which it lies"));
    }
}
