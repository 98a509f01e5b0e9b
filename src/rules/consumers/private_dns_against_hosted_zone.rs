//! A private DNS name for which the VPC has a hosted zone already.

use crate::aws::Partition;
use crate::model::{Endpoint, Field, HostedZone, Model, Relation, View, text_with_holes};
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
    for zone in model.all::<HostedZone<'a>>() {
        let name = text_with_holes(&zone.property("Name")).trim_end_matches('.').to_ascii_lowercase();
        for vpc in zone.vpcs() {
            let Field::Known(vpc) = vpc.get("VPCId").identity() else { continue };
            for endpoint in model.related::<Endpoint<'a>>(Relation::EndpointVpc, &vpc) {
                if endpoint.private_dns() == Field::Known(true) && answers_to(endpoint, &name) {
                    findings
                        .report(endpoint.id(), "PrivateDnsEnabled", format!("the VPC has a private hosted zone `{}` of the same name", zone.logical_id()))
                        .help("remove the hosted zone, or leave `PrivateDnsEnabled` off and let the records of the zone lead to the endpoint")
                        .mention(zone.id(), "Name", "the hosted zone");
                }
            }
        }
    }
}

/// Whether private DNS of an endpoint answers to a name, in which `${}` stands for what is not known.
fn answers_to(endpoint: Endpoint<'_>, name: &str) -> bool {
    if let Some(service) = endpoint.own_service() {
        return service.private_dns_name().is_known_and(|private| private == name);
    }
    let Some(service) = endpoint.aws_service() else { return false };
    let host = service.host.trim_start_matches("*.");
    let Some(region) = name.strip_prefix(host).and_then(|rest| rest.strip_prefix('.')) else { return false };
    let Some((region, suffix)) = region.split_once('.') else { return false };
    let is_alike = region == "${}" || endpoint.home_region().is_none_or(|home| home == region);
    let partition = if region == "${}" { Some(Partition::Aws) } else { Partition::of_region(region) };
    is_alike && partition.is_some_and(|partition| suffix == partition.dns_suffix() || suffix == "${}")
}
