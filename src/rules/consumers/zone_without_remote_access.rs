//! An endpoint for a service in another Region, in an Availability Zone that takes no part in it.

use crate::aws::Region;
use crate::aws::region::ZONES_WITHOUT_CROSS_REGION_ACCESS;
use crate::diagnostics::Severity;
use crate::model::Gather as _;
use crate::model::{Endpoint, Field, Model, View, Zone};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1307", "zone-without-remote-access", Error {
        pitfalls: [44],
        summary: "An endpoint for a service in another Region, in an Availability Zone that takes no part in it",
        why: "In a few Availability Zones, named by their IDs, PrivateLink offers no access across Regions. An \
              endpoint there cannot be created. Which name an account has for them differs.",
        example: "Resources:
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24, AvailabilityZoneId: use1-az3 }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [!Ref Subnet]
      ServiceRegion: eu-west-1
",
        instead: "Resources:
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24, AvailabilityZoneId: use1-az1 }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [!Ref Subnet]
      ServiceRegion: eu-west-1
",
        source: "AWS PrivateLink guide, share your services",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for endpoint in model.all::<Endpoint<'a>>() {
        let Field::Known(provider) = endpoint.service_region() else { continue };
        let Some(home) = endpoint.home_region().filter(|home| *home != provider) else { continue };
        let left_out = ZONES_WITHOUT_CROSS_REGION_ACCESS
            .iter()
            .filter(|zone| Region::of_zone_id(zone).is_some_and(|region| home == region.name));
        let left_out: Vec<&str> = left_out.copied().gather();
        if left_out.is_empty() {
            continue;
        }
        let help = format!("use subnets in other zones than {}, compared by their IDs", super::listed(&left_out));
        let zones: Vec<_> = endpoint.subnet_views().filter_map(|subnet| Some((subnet, Zone::of(subnet)?))).gather();
        for (subnet, zone) in &zones {
            if let Some(id) = zone.id().filter(|id| left_out.contains(id)) {
                findings
                    .report(
                        endpoint.id(),
                        "SubnetIds",
                        format!("no service of another Region can be reached from the Availability Zone `{id}`"),
                    )
                    .help(help.clone())
                    .mention(subnet.id(), "AvailabilityZoneId", "the subnet is in that zone");
            }
        }
        if zones.iter().any(|(_, zone)| zone.name().is_some()) {
            findings
                .report(endpoint.id(), "SubnetIds", format!("from some Availability Zones of `{home}` no service of another Region can be reached, and the names of zones do not tell which"))
                .help(help)
                .severity(Severity::Info);
        }
    }
}
