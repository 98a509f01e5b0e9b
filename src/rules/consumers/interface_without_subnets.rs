//! An interface endpoint without any address.

use super::is_nothing;
use crate::model::{Endpoint, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1304", "interface-without-subnets", Warning {
        pitfalls: [52],
        summary: "An interface endpoint without any address",
        why: "An interface endpoint has one network interface in each subnet that it names. Without a subnet it has no \
              address, and nothing can connect to it.",
        example: "Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
",
        instead: "Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [subnet-0123456789abcdef0]
",
        source: "AWS PrivateLink guide, access services through interface endpoints",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for endpoint in model.all::<Endpoint<'a>>().filter(|endpoint| endpoint.is_interface()) {
        if is_nothing(&endpoint.property("SubnetIds")) {
            findings
                .report(endpoint.id(), "SubnetIds", "the endpoint has no subnet, so it has no address")
                .help("name one subnet in each Availability Zone from which it is used");
        }
    }
}
