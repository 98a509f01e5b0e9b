//! A gateway endpoint to which no route leads.

use super::is_nothing;
use crate::diagnostics::Mend;
use crate::model::{Endpoint, Gather as _, Model, RouteTable, View};
use crate::rules::Findings;
use crate::rules::mends::reference;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1303", "gateway-without-routes", Warning {
        pitfalls: [63],
        summary: "A gateway endpoint to which no route leads",
        why: "A gateway endpoint works through routes in the route tables that it names. Without one nothing uses it, \
              and the traffic goes to the internet or nowhere.",
        example: "Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Gateway
",
        instead: "Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Gateway
      RouteTableIds: [rtb-0123456789abcdef0]
",
        source: "AWS PrivateLink guide, gateway endpoints",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for endpoint in model.all::<Endpoint<'a>>() {
        let is_for_gateway = endpoint.aws_service().is_some_and(|service| matches!(service.key, "s3" | "dynamodb"));
        if endpoint.is_gateway() && is_for_gateway && is_nothing(&endpoint.property("RouteTableIds")) {
            let network = endpoint.vpc().known();
            let tables = model.all::<RouteTable<'a>>().filter(|table| table.vpc().known() == network);
            let tables = tables.filter_map(|table| reference(model, endpoint.id(), table.id(), ""));
            let tables: Vec<_> = tables.gather();
            let mend = Mend::suggested("add the route tables of the VPC").add("RouteTableIds", tables.clone());
            findings
                .report(endpoint.id(), "RouteTableIds", "no route table has a route to the gateway endpoint")
                .mend_by((network.is_some() && !tables.is_empty()).then_some(mend))
                .help("name the route tables of the subnets that use it in `RouteTableIds`");
        }
    }
}
