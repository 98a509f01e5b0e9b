//! Some but not all of the endpoints of ECS, in a Region that needs them together.

use crate::aws::Region;
use crate::model::{Endpoint, Field, Identity, Model, OrderedMap, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1417", "ecs-endpoints-incomplete", Warning {
        pitfalls: [69],
        summary: "Some but not all of the endpoints of ECS, in a Region that needs them together",
        why: "In Regions that opened after December 2023, whoever uses one of the endpoints `ecs`, `ecs-agent` and `ecs-telemetry` needs all three. Tasks on Fargate need none of them.",
        example: "Resources:
  Ecs: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcEndpointType: Interface, VpcId: vpc-0123456789abcdef0, ServiceName: com.amazonaws.ca-west-1.ecs } }
  EcsAgent: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcEndpointType: Interface, VpcId: vpc-0123456789abcdef0, ServiceName: com.amazonaws.ca-west-1.ecs-agent } }
",
        instead: "Resources:
  Ecs: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcEndpointType: Interface, VpcId: vpc-0123456789abcdef0, ServiceName: com.amazonaws.ca-west-1.ecs } }
  EcsAgent: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcEndpointType: Interface, VpcId: vpc-0123456789abcdef0, ServiceName: com.amazonaws.ca-west-1.ecs-agent } }
  EcsTelemetry: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcEndpointType: Interface, VpcId: vpc-0123456789abcdef0, ServiceName: com.amazonaws.ca-west-1.ecs-telemetry } }
",
        source: "Amazon ECS developer guide, interface VPC endpoints",
        check: check,
    }
}

const TOGETHER: [&str; 3] = ["ecs", "ecs-agent", "ecs-telemetry"];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let mut networks: OrderedMap<Identity<'a>, Vec<(&str, Endpoint<'a>)>> = OrderedMap::new();
    for endpoint in model.all::<Endpoint<'a>>() {
        let service = endpoint.aws_service().map(|service| service.key).filter(|name| TOGETHER.contains(name));
        let region = model.region_of(endpoint.id()).or_else(|| endpoint.region()).and_then(Region::find);
        let Some((service, Field::Known(vpc))) = service.zip(Some(endpoint.vpc())) else { continue };
        if region.is_some_and(|region| region.needs_all_ecs_endpoints) {
            networks.or_default(vpc).push((service, endpoint));
        }
    }
    for endpoints in networks.values() {
        let is_missing = |name: &&&str| !endpoints.iter().any(|(service, _)| *service == **name);
        let Some((missing, (_, first))) = TOGETHER.iter().find(is_missing).zip(endpoints.first()) else { continue };
        findings
            .report(
                first.id(),
                "ServiceName",
                format!("in this Region the endpoints of ECS go together, and `{missing}` is missing"),
            )
            .help("add the endpoint, or leave out those of ECS: tasks on Fargate need none");
    }
}
