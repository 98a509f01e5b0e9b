//! An endpoint with IPv6 where there is none.

use crate::model::{Endpoint, Field, Model, View};
use crate::rules::Findings;
use crate::rules::endpoint_services::has_no_ipv6;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1316", "endpoint-without-ipv6", Error {
        pitfalls: [42],
        summary: "An endpoint with IPv6 where there is none",
        why: "A dual-stack or IPv6 endpoint needs a service that supports IPv6 and subnets that all have an IPv6 \
              range.",
        example: "Resources:
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      IpAddressType: dualstack
      SubnetIds: [!Ref Subnet]
",
        instead: "Resources:
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24, Ipv6CidrBlock: \"2001:db8:1234:1a00::/64\", AvailabilityZone: eu-west-1a }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      IpAddressType: dualstack
      SubnetIds: [!Ref Subnet]
",
        source: "AWS PrivateLink guide, access services through interface endpoints",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for endpoint in model.all::<Endpoint<'a>>().filter(|endpoint| !endpoint.is_gateway()) {
        let Field::Known(kind) = endpoint.ip_address_type() else { continue };
        if kind != "dualstack" && kind != "ipv6" {
            continue;
        }
        for subnet in endpoint.subnet_views().filter(|subnet| has_no_ipv6(*subnet)) {
            findings
                .report(
                    endpoint.id(),
                    "IpAddressType",
                    format!("the subnet `{}` of the endpoint has no IPv6 range", subnet.logical_id()),
                )
                .suggest("IpAddressType", "ipv4")
                .help("give the subnet an IPv6 range, or set `IpAddressType: ipv4`")
                .mention(subnet.id(), "Ipv6CidrBlock", "the subnet");
        }
        let Some(service) = endpoint.own_service() else { continue };
        let is_ipv4_only = match service.ip_address_types().items() {
            Field::Known(types) => types.iter().all(|kind| kind.text().is_known_and(|kind| kind == "ipv4")),
            Field::Absent => {
                service.balancers().any(|balancer| balancer.ip_address_type().is_known_and(|kind| kind == "ipv4"))
            }
            Field::Unknown(_) => false,
        };
        if is_ipv4_only {
            findings
                .report(endpoint.id(), "IpAddressType", "the service supports IPv4 only")
                .suggest("IpAddressType", "ipv4")
                .help("add `ipv6` to `SupportedIpAddressTypes` of the service, or set `IpAddressType: ipv4`")
                .mention(service.id(), "SupportedIpAddressTypes", "the service");
        }
    }
}
