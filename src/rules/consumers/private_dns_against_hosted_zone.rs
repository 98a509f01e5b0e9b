//! A private DNS name for which the VPC has a hosted zone already.

use crate::aws::Partition;
use crate::aws::endpoints::{EndpointService, SERVICES};
use crate::model::Gather as _;
use crate::model::{Endpoint, Field, HostedZone, Identity, Model, OrderedMap, View, text_with_holes};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1313", "private-dns-against-hosted-zone", Error {
        pitfalls: [58],
        summary: "A private DNS name for which the VPC has a hosted zone already",
        why: "Each endpoint with private DNS brings a hidden hosted zone for the name of its service. It is refused \
              while a private hosted zone of the same name is associated with the VPC.",
        example: "Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: !Sub \"com.amazonaws.${AWS::Region}.secretsmanager\"
      VpcEndpointType: Interface
      PrivateDnsEnabled: true
      SecurityGroupIds: [sg-0123456789abcdef0]
      SubnetIds: [subnet-0123456789abcdef0]
  Zone:
    Type: AWS::Route53::HostedZone
    Properties:
      Name: secretsmanager.eu-west-1.amazonaws.com
      VPCs: [{ VPCId: !Ref Vpc, VPCRegion: eu-west-1 }]
",
        instead: "Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: !Sub \"com.amazonaws.${AWS::Region}.secretsmanager\"
      VpcEndpointType: Interface
      PrivateDnsEnabled: true
      SecurityGroupIds: [sg-0123456789abcdef0]
      SubnetIds: [subnet-0123456789abcdef0]
  Zone:
    Type: AWS::Route53::HostedZone
    Properties:
      Name: services.example.com
      VPCs: [{ VPCId: !Ref Vpc, VPCRegion: eu-west-1 }]
",
        source: "Amazon EC2 API reference, CreateVpcEndpoint; hashicorp/terraform-provider-aws, issue 17269",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let mut named: OrderedMap<(Identity<'a>, Name), Endpoint<'a>> = OrderedMap::new();
    let zones: Vec<_> = model.all::<HostedZone<'a>>().filter(|zone| !zone.vpcs().is_empty()).gather();
    let endpoints = model.all::<Endpoint<'a>>().filter(|endpoint| endpoint.private_dns() == Field::Known(true));
    for endpoint in endpoints.filter(|_| !zones.is_empty()) {
        if let (Field::Known(vpc), Some(name)) = (endpoint.vpc(), Name::of(endpoint)) {
            named.or_insert_with((vpc, name), || endpoint);
        }
    }
    for zone in zones {
        let name = text_with_holes(&zone.property("Name")).trim_end_matches('.').to_ascii_lowercase();
        for vpc in zone.vpcs() {
            let Field::Known(vpc) = vpc.get("VPCId").identity() else { continue };
            let names = std::iter::once(Name::Own(name.clone())).chain(Name::of_aws(&name));
            let conflicts = names.filter_map(|name| named.get(&(vpc.clone(), name)));
            for endpoint in conflicts.filter(|endpoint| is_alike(**endpoint, &name)) {
                findings
                    .report(endpoint.id(), "PrivateDnsEnabled", format!("the VPC has a private hosted zone `{}` of the same name", zone.logical_id()))
                    .suggest("PrivateDnsEnabled", false)
                    .help("remove the hosted zone, or leave `PrivateDnsEnabled` off and let the records of the zone lead to the endpoint")
                    .mention(zone.id(), "Name", "the hosted zone");
            }
        }
    }
}

/// What private DNS of an endpoint answers to.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    /// The name that a provider gave to its service.
    Own(String),
    /// The name of a service of AWS in the Region of the endpoint, by its key.
    Aws(&'static str),
}

impl Name {
    fn of(endpoint: Endpoint<'_>) -> Option<Self> {
        match endpoint.own_service() {
            Some(service) => Some(Self::Own(service.private_dns_name().known()?.into_owned())),
            None => Some(Self::Aws(endpoint.aws_service()?.key)),
        }
    }

    /// The services whose names in some Region read like this.
    fn of_aws(name: &str) -> impl Iterator<Item = Self> {
        let is_of = move |service: &&EndpointService| rest_after(service.host, name).is_some_and(is_region_and_suffix);
        SERVICES.iter().filter(is_of).map(|service| Self::Aws(service.key))
    }
}

/// What follows the part of a name that stands for the service.
fn rest_after<'n>(host: &str, name: &'n str) -> Option<&'n str> {
    name.strip_prefix(host.trim_start_matches("*."))?.strip_prefix('.')
}

/// Whether a name ends like this, in which `${}` stands for what is not known.
fn is_region_and_suffix(rest: &str) -> bool {
    let Some((region, suffix)) = rest.split_once('.') else { return false };
    let partition = if region == "${}" { Some(Partition::Aws) } else { Partition::of_region(region) };
    partition.is_some_and(|partition| suffix == partition.dns_suffix() || suffix == "${}")
}

/// Whether a name is of the Region of an endpoint, as far as that is known.
fn is_alike(endpoint: Endpoint<'_>, name: &str) -> bool {
    let Some(service) = endpoint.aws_service() else { return true };
    let region = rest_after(service.host, name).and_then(|rest| rest.split_once('.')).map(|(region, _)| region);
    region.is_none_or(|region| region == "${}" || endpoint.home_region().is_none_or(|home| home == region))
}
