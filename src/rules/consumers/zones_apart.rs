//! An endpoint in an Availability Zone where its service is not.

use crate::model::{Endpoint, EndpointService, Model, Subnet, View, Zone};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1308", "zones-apart", Error {
        pitfalls: [52],
        summary: "An endpoint in an Availability Zone where its service is not",
        why: "An endpoint can have addresses only in Availability Zones in which a load balancer of the service is \
              enabled. In any other it cannot be created.",
        example: "Resources:
  A:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a }
  B:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1b }
  C:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.2.0/24, AvailabilityZone: eu-west-1c }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref A, !Ref B] }
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: !Sub \"com.amazonaws.vpce.${AWS::Region}.${Service}\"
      VpcEndpointType: Interface
      SubnetIds: [!Ref C]
",
        instead: "Resources:
  A:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a }
  B:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1b }
  C:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.2.0/24, AvailabilityZone: eu-west-1b }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref A, !Ref B] }
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: !Sub \"com.amazonaws.vpce.${AWS::Region}.${Service}\"
      VpcEndpointType: Interface
      SubnetIds: [!Ref C]
",
        source: "AWS PrivateLink guide, access services through interface endpoints",
        check: check,
    }
}

/// More zones than any Region has.
const MOST: usize = 16;

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for endpoint in model.all::<Endpoint<'a>>().filter(|endpoint| endpoint.property("ServiceRegion").is_absent()) {
        let Some(service) = endpoint.own_service() else { continue };
        let Some(offered) = zones_of(model, service) else { continue };
        for subnet in endpoint.subnet_views().take(MOST) {
            let Some(zone) = Zone::of(subnet) else { continue };
            if offered.iter().all(|other| zone.is_same(other) == Some(false)) {
                findings
                    .report(endpoint.id(), "SubnetIds", format!("the service is not in the Availability Zone of the subnet `{}`", subnet.logical_id()))
                    .help("use a subnet in an Availability Zone of the load balancer, or enable the load balancer in this one")
                    .mention(subnet.id(), "AvailabilityZone", "the subnet")
                    .mention(service.id(), "NetworkLoadBalancerArns", "the service");
            }
        }
    }
}

/// The zones of all load balancers of a service, when all of them are known.
fn zones_of<'a>(model: &'a Model<'a>, service: EndpointService<'a>) -> Option<Vec<Zone<'a>>> {
    let balancers = service.load_balancers().known().filter(|balancers| !balancers.is_empty())?;
    let mut zones = Vec::new();
    for balancer in balancers {
        let balancer = model.find::<crate::model::LoadBalancer<'a>>(&balancer)?;
        let subnets = balancer.node_subnets().known().filter(|subnets| (1..MOST).contains(&subnets.len()))?;
        for subnet in subnets {
            zones.push(Zone::of(model.find::<Subnet<'a>>(&subnet)?)?);
        }
    }
    Some(zones)
}
