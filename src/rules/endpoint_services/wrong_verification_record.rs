//! A record that cannot prove a private DNS name.

use crate::aws::private_link::domain_to_verify;
use crate::diagnostics::{Mend, Severity};
use crate::model::{
    Because, EndpointService, Field, HostedZone, Identity, Model, Node, Piece, RecordSet, RecordSetGroup, ResourceId,
    View,
};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1223", "wrong-verification-record", Error {
        pitfalls: [40],
        summary: "A record that cannot prove a private DNS name",
        why: "AWS looks in public DNS for a TXT record with exactly the value that it gave, under `Name.DOMAIN` or the \
              domain itself. Route 53 takes texts in quotation marks only.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true, PrivateDnsName: payments.example.com }
  Record:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z0123456789ABCDEFGHIJ
      Name: !Sub \"${Service.PrivateDnsNameConfiguration.Name}.example.com\"
      Type: TXT
      TTL: \"1800\"
      ResourceRecords: [!GetAtt Service.PrivateDnsNameConfiguration.Value]
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true, PrivateDnsName: payments.example.com }
  Record:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z0123456789ABCDEFGHIJ
      Name: !Sub \"${Service.PrivateDnsNameConfiguration.Name}.example.com\"
      Type: TXT
      TTL: \"1800\"
      ResourceRecords: [!Sub '\"${Service.PrivateDnsNameConfiguration.Value}\"']
",
        source: "AWS PrivateLink guide, manage DNS names",
        check: check,
    }
}

const NAME: &str = "PrivateDnsNameConfiguration.Name";
const VALUE: &str = "PrivateDnsNameConfiguration.Value";

/// A record, wherever it is written.
struct Record<'a> {
    id: ResourceId,
    path: String,
    name: Node<'a>,
    kind: Node<'a>,
    values: Node<'a>,
    zone: Option<HostedZone<'a>>,
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for set in model.all::<RecordSet<'a>>() {
        let (name, kind, values) = (set.property("Name"), set.property("Type"), set.property("ResourceRecords"));
        let zone = zone_of(model, set.zone());
        judge(model, &Record { id: set.id(), path: String::new(), name, kind, values, zone }, findings);
    }
    for group in model.all::<RecordSetGroup<'a>>() {
        for (index, set) in group.records().iter().enumerate() {
            let (name, kind, values) = (set.get("Name"), set.get("Type"), set.get("ResourceRecords"));
            let zone = zone_of(model, group.zone());
            let path = format!("RecordSets/{index}/");
            judge(model, &Record { id: group.id(), path, name, kind, values, zone }, findings);
        }
    }
}

fn zone_of<'a>(model: &'a Model<'a>, zone: Field<'a, Identity<'a>>) -> Option<HostedZone<'a>> {
    zone.known().and_then(|zone| model.find(&zone))
}

/// The endpoint service whose attribute is in a text, and where among the pieces it is.
fn place<'a>(model: &'a Model<'a>, pieces: &[Piece<'a>], name: &str) -> Option<(EndpointService<'a>, usize)> {
    pieces.iter().enumerate().find_map(|(index, piece)| match piece {
        Piece::Hole(Because::Attribute(attribute)) if attribute.name == name => {
            Some((model.view(attribute.resource)?, index))
        }
        _ => None,
    })
}

fn judge<'a>(model: &'a Model<'a>, record: &Record<'a>, findings: &mut Findings<'_>) {
    let name = record.name.pieces();
    let named = place(model, &name, NAME);
    let values = record.values.known_items();
    let mut service = named.map(|(service, _)| service);
    for (index, value) in values.iter().enumerate() {
        let pieces = value.pieces();
        let Some((found, at)) = place(model, &pieces, VALUE) else { continue };
        service = service.or(Some(found));
        if !is_quoted(&pieces, at) {
            let path = format!("{}ResourceRecords/{index}", record.path);
            let help = "put quotation marks around it: `!Sub '\"${Service.PrivateDnsNameConfiguration.Value}\"'`";
            findings.report(record.id, path, "the text of a TXT record has to stand in quotation marks").help(help);
        }
    }
    let Some(service) = service else { return };
    if let Some(kind) = record.kind.text().known().filter(|kind| kind != "TXT") {
        let message = format!("the domain is proved by a TXT record, and this is of type `{kind}`");
        let path = format!("{}Type", record.path);
        let mend = Mend::safe("set `Type` to `TXT`").set(path.clone(), "TXT");
        findings.report(record.id, path, message).help("set `Type: TXT`").mend(mend);
    }
    if named.is_none() && wrong_name(service, &name, None).is_none() && !values.is_empty() {
        let message = "the record is not under the name that AWS gives, which works only while nothing else stands in the same record";
        let help = "name it `!Sub \"${Service.PrivateDnsNameConfiguration.Name}.DOMAIN\"`";
        findings.report(record.id, format!("{}Name", record.path), message).help(help).severity(Severity::Info);
    }
    if let Some(message) = wrong_name(service, &name, named.map(|(_, at)| at)) {
        let help = "name it `!Sub \"${Service.PrivateDnsNameConfiguration.Name}.DOMAIN\"`, with the domain of the private DNS name";
        findings.report(record.id, format!("{}Name", record.path), message).help(help).mention(
            service.id(),
            "PrivateDnsName",
            "the name to prove",
        );
    }
    if let Some(zone) = record.zone.filter(|zone| !zone.vpcs().is_empty()) {
        findings
            .report(
                record.id,
                format!("{}HostedZoneId", record.path),
                "the record is in a private hosted zone, where AWS does not see it",
            )
            .help("make the record in the public hosted zone of the domain")
            .mention(zone.id(), "VPCs", "this zone is private");
    }
}

/// Whether what stands at an index among the pieces has quotation marks around it.
fn is_quoted(pieces: &[Piece<'_>], at: usize) -> bool {
    let is = |piece: Option<&Piece<'_>>, test: fn(&str) -> bool| match piece {
        Some(Piece::Text(text)) => test(text),
        Some(Piece::Hole(_)) => true,
        None => false,
    };
    let before = at.checked_sub(1).and_then(|before| pieces.get(before));
    is(before, |text| text.ends_with('"')) && is(pieces.get(at + 1), |text| text.starts_with('"'))
}

/// What is wrong with the name of the record.
fn wrong_name(service: EndpointService<'_>, name: &[Piece<'_>], at: Option<usize>) -> Option<&'static str> {
    let private = service.private_dns_name().known();
    let domain = match (at, name) {
        (Some(at), _) if at + 1 == name.len() => return Some("the name of the record lacks the domain"),
        (Some(0), [_, Piece::Text(domain)]) => match domain.strip_prefix('.') {
            Some(domain) => domain,
            None => return Some("the name of the record lacks a dot before the domain"),
        },
        (None, [Piece::Text(domain)]) if !domain.starts_with('_') => domain.as_ref(),
        _ => return None,
    };
    // Names do not tell capitals from small letters.
    let private = private?.to_ascii_lowercase();
    let wanted = domain_to_verify(&private);
    let domain = domain.trim_end_matches('.').to_ascii_lowercase();
    let is_parent = wanted.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    (!is_parent).then_some("the record is not under the domain of the private DNS name")
}
