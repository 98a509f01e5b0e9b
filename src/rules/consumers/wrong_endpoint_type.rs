//! An endpoint of a type that its service does not have.

use super::is_nothing;
use crate::aws::Partition;
use crate::diagnostics::Mend;
use crate::model::{Endpoint, Field, Model, Node, View, text_with_holes};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1302", "wrong-endpoint-type", Error {
        pitfalls: [45],
        summary: "An endpoint of a type that its service does not have",
        why: "Only S3 and DynamoDB have gateway endpoints, and that is what an endpoint is when its `VpcEndpointType` \
              is not said. Endpoint services of others and all other services of AWS have interface endpoints.",
        example: "Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.eu-west-1.ecr.api
      SubnetIds: [subnet-0123456789abcdef0]
",
        instead: "Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.eu-west-1.ecr.api
      VpcEndpointType: Interface
      SubnetIds: [subnet-0123456789abcdef0]
",
        source: "AWS CloudFormation template reference, AWS::EC2::VPCEndpoint",
        check: check,
    }
}

/// The services that a gateway reaches. Source: `vpc/latest/privatelink/gateway-endpoints`, and for directory buckets
/// `AmazonS3/latest/userguide/s3-express-networking`.
const GATEWAYS: [&str; 3] = ["dynamodb", "s3", "s3express"];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for endpoint in model.all::<Endpoint<'a>>() {
        let service_name = endpoint.service_name();
        let name = text_with_holes(&service_name);
        let Some(wanted) = wanted(endpoint, &name) else { continue };
        let Field::Known(kind) = endpoint.kind() else { continue };
        if kind == wanted || kind != "Gateway" && kind != "Interface" && wanted != "Interface" {
            continue;
        }
        let is_said = !endpoint.property("VpcEndpointType").is_absent();
        let message = match is_said {
            true => format!("the service has no endpoints of type `{kind}`"),
            false => "the service has no gateway endpoints, which an endpoint is when its type is not said".to_owned(),
        };
        let path = if is_said { "VpcEndpointType" } else { "" };
        let is_meant = ["SubnetIds", "SecurityGroupIds"].iter().all(|list| !is_nothing(&endpoint.property(list)));
        let mend = is_meant.then(|| Mend::setting(false, "VpcEndpointType", wanted.into()));
        findings.report(endpoint.id(), path, message).mend_by(mend).help(format!("set `VpcEndpointType: {wanted}`"));
    }
}

/// The only type of endpoint that a service has, as far as it is known.
fn wanted(endpoint: Endpoint<'_>, name: &str) -> Option<&'static str> {
    if let Some(service) = endpoint.own_service() {
        let is_set = |node: Node<'_>| !node.is_absent();
        let network = is_set(service.property("NetworkLoadBalancerArns"));
        let gateway = is_set(service.property("GatewayLoadBalancerArns"));
        return match (network, gateway) {
            (true, false) => Some("Interface"),
            (false, true) => Some("GatewayLoadBalancer"),
            _ => None,
        };
    }
    if name.contains("vpce-svc-") {
        // Whether a Network or a Gateway Load Balancer is behind it cannot be told.
        return endpoint.is_gateway().then_some("Interface");
    }
    let rest = name.strip_prefix("com.amazonaws.").or_else(|| name.strip_prefix("cn.com.amazonaws."))?;
    let (region, key) = rest.split_once('.')?;
    let is_service = (region == "${}" || Partition::of_region(region).is_some()) && !key.contains("${}");
    // Services come in other types too, but a gateway is had by these alone.
    (is_service && !GATEWAYS.contains(&key) && endpoint.is_gateway()).then_some("Interface")
}
