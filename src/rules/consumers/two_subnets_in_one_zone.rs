//! An endpoint with two subnets in one Availability Zone.

use crate::diagnostics::Mend;
use crate::model::{Endpoint, Model, OrderedMap, OrderedSet, Subnet, View, Zone};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1309", "two-subnets-in-one-zone", Error {
        pitfalls: [54],
        summary: "An endpoint with two subnets in one Availability Zone",
        why: "An endpoint has at most one address in each Availability Zone. Two subnets in the same zone are refused.",
        example: "Resources:
  One:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a }
  Two:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [!Ref One, !Ref Two]
",
        instead: "Resources:
  One:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a }
  Two:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1b }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [!Ref One, !Ref Two]
",
        source: "AWS PrivateLink guide, access services through interface endpoints",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for endpoint in model.all::<Endpoint<'a>>() {
        let mut zones: OrderedMap<Zone<'a>, Subnet<'a>> = OrderedMap::new();
        let mut seen = OrderedSet::new();
        for (index, identity) in endpoint.subnets().known().unwrap_or_default().into_iter().enumerate() {
            let path = format!("SubnetIds/{index}");
            if identity.is_named() && !seen.insert(identity.clone()) {
                let mend = Mend::leaving_out(true, &path);
                findings
                    .report(endpoint.id(), path, "the same subnet is named twice")
                    .mend(mend)
                    .help("name each subnet once");
                continue;
            }
            let Some(subnet) = model.find::<Subnet<'a>>(&identity) else { continue };
            let Some(zone) = Zone::of(subnet) else { continue };
            let Some(other) = zones.insert(zone, subnet) else { continue };
            let (one, two) = (other.logical_id(), subnet.logical_id());
            findings
                .report(
                    endpoint.id(),
                    path,
                    format!("the subnets `{one}` and `{two}` are in the same Availability Zone"),
                )
                .help("name one subnet in each Availability Zone")
                .mention(other.id(), "AvailabilityZone", "one subnet")
                .mention(subnet.id(), "AvailabilityZone", "the other subnet");
        }
    }
}
