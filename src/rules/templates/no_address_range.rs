//! Texts that stand where a range of addresses belongs, and are none.

use std::net::IpAddr;

use crate::diagnostics::Mend;
use crate::model::{Model, Node, ResourceId};
use crate::reach::{Addresses, Family};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1713", "no-address-range", Error {
        pitfalls: [],
        summary: "A text that is no range of addresses, or one of the other family",
        why: "A range is an address with the number of its leading bits, from 0 to 32 for IPv4 and to 128 for IPv6, and the two \
              families have properties of their own. EC2 refuses everything else in the middle of the deployment.",
        example: "Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of the load balancer
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.20.0.0/33 }]
",
        instead: "Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of the load balancer
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.20.0.0/16 }]
",
        source: "CloudFormation template reference, AWS::EC2::SecurityGroup Ingress, AWS::EC2::Route and AWS::EC2::Subnet (IPv4 and IPv6 CIDR blocks)",
        check: check,
    }
}

/// A property with a range, and that for the other family.
type Property = (Family, &'static str, &'static str);

const BLOCKS: [Property; 2] = [(Family::V4, "CidrBlock", "Ipv6CidrBlock"), (Family::V6, "Ipv6CidrBlock", "CidrBlock")];
const SOURCES: [Property; 2] = [(Family::V4, "CidrIp", "CidrIpv6"), (Family::V6, "CidrIpv6", "CidrIp")];
const DESTINATIONS: [Property; 2] = [
    (Family::V4, "DestinationCidrBlock", "DestinationIpv6CidrBlock"),
    (Family::V6, "DestinationIpv6CidrBlock", "DestinationCidrBlock"),
];

const TYPES: [(&str, &[Property]); 7] = [
    ("AWS::EC2::VPC", &BLOCKS),
    ("AWS::EC2::VPCCidrBlock", &BLOCKS),
    ("AWS::EC2::Subnet", &BLOCKS),
    ("AWS::EC2::NetworkAclEntry", &BLOCKS),
    ("AWS::EC2::SecurityGroupIngress", &SOURCES),
    ("AWS::EC2::SecurityGroupEgress", &SOURCES),
    ("AWS::EC2::Route", &DESTINATIONS),
];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (type_name, properties) in TYPES {
        for id in model.of_type(type_name) {
            for property in properties {
                judge(findings, id, "", *property, &model.property(id, property.1));
            }
        }
    }
    for id in model.of_type("AWS::EC2::SecurityGroup") {
        for list in ["SecurityGroupIngress", "SecurityGroupEgress"] {
            for (index, rule) in model.property(id, list).known_items().iter().enumerate() {
                for property in SOURCES {
                    judge(findings, id, &format!("{list}/{index}/"), property, &rule.get(property.1));
                }
            }
        }
    }
}

fn judge(findings: &mut Findings<'_>, id: ResourceId, before: &str, property: Property, node: &Node<'_>) {
    let (family, key, other) = property;
    let Some(text) = node.text().known() else { return };
    let text = text.trim();
    let place = || format!("{before}{key}");
    match Addresses::of_cidr(text) {
        Some(addresses) if addresses.family == family => {}
        Some(_) => {
            findings
                .report(id, place(), format!("`{text}` is not of the family of `{key}`"))
                .mend(Mend::suggested(format!("give it as `{other}`")).replace(&place(), other, text.to_owned().into()))
                .help(format!("give it as `{other}`"));
        }
        // A parameter that may be left out is empty, other tools fill in what stands in braces, and who knows how zeros before a
        // number are read.
        None if text.is_empty()
            || text.contains("{{")
            || text.split(['.', '/']).any(|part| part.len() > 1 && part.starts_with('0')) => {}
        None => no_range(findings, id, place(), text),
    }
}

fn no_range(findings: &mut Findings<'_>, id: ResourceId, place: String, text: &str) {
    let bits = match text.parse() {
        Ok(IpAddr::V4(_)) => Some(32),
        Ok(IpAddr::V6(_)) => Some(128),
        Err(_) => None,
    };
    let Some(bits) = bits else {
        findings
            .report(id, place, format!("`{text}` is no range of addresses"))
            .help("give an address and the number of its leading bits, such as `10.0.0.0/16` or `fd00::/64`");
        return;
    };
    let range = format!("{text}/{bits}");
    findings
        .report(id, place.clone(), format!("`{text}` is an address, not a range of addresses"))
        .mend(Mend::setting(false, &place, range.clone().into()))
        .help(format!("write `{range}`, if this address alone is meant"));
}
