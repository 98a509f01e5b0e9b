//! An endpoint in a Region to which the provider does not offer the service.

use crate::model::{Endpoint, Field, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1306", "region-not-offered", Error {
        pitfalls: [43],
        summary: "An endpoint in a Region to which the provider does not offer the service",
        why: "The provider names the Regions from which a service can be used in `SupportedRegions`. From any other \
              the service does not exist.",
        example: "Resources:
  A:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a }
  B:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1b }
  # the provider, in eu-west-1
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref A, !Ref B] }
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  # the consumer, in eu-central-1
  C:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.2.0/24, AvailabilityZone: eu-central-1a }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: !Sub \"com.amazonaws.vpce.eu-west-1.${Service}\"
      VpcEndpointType: Interface
      ServiceRegion: eu-west-1
      SubnetIds: [!Ref C]
",
        instead: "Resources:
  A:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a }
  B:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1b }
  # the provider, in eu-west-1
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref A, !Ref B] }
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true, SupportedRegions: [eu-central-1] }
  # the consumer, in eu-central-1
  C:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.2.0/24, AvailabilityZone: eu-central-1a }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: !Sub \"com.amazonaws.vpce.eu-west-1.${Service}\"
      VpcEndpointType: Interface
      ServiceRegion: eu-west-1
      SubnetIds: [!Ref C]
",
        source: "AWS PrivateLink guide, share your services",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for endpoint in model.all::<Endpoint<'a>>() {
        let Some(service) = endpoint.own_service() else { continue };
        let (Some(home), Some(provider)) = (endpoint.home_region(), service.home_region()) else { continue };
        let offered = match service.regions().items() {
            Field::Absent => Vec::new(),
            Field::Known(regions) => regions,
            Field::Unknown(_) => continue,
        };
        let may_be = |region: &crate::model::Node<'a>| region.text().known().is_none_or(|region| region == home);
        if home != provider && !offered.iter().any(may_be) {
            findings
                .report(endpoint.id(), "ServiceRegion", format!("the service is not offered to `{home}`"))
                .help(format!("add `{home}` to `SupportedRegions` of the endpoint service"))
                .mention(service.id(), "SupportedRegions", "the Regions to which the service is offered");
        }
    }
}
