//! An endpoint service without a load balancer that can serve it.

use crate::model::{EndpointService, Field, LoadBalancer, Model, Node, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1240", "service-without-network-load-balancer", Error {
        pitfalls: [31],
        summary: "An endpoint service without a load balancer that can serve it",
        why: "Endpoint services stand before Network Load Balancers or Gateway Load Balancers. With an Application \
              Load Balancer, which a load balancer is when its `Type` is not said, or with none, the service cannot be \
              created.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0fedcba9876543210] }
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
",
        instead: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0fedcba9876543210] }
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
",
        source: "AWS CloudFormation template reference, AWS::EC2::VPCEndpointService",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<EndpointService<'a>>() {
        let (network, gateway) =
            (service.property("NetworkLoadBalancerArns"), service.property("GatewayLoadBalancerArns"));
        if is_empty(&network) && is_empty(&gateway) {
            findings
                .report(service.id(), "", "the service has no load balancer")
                .help("name a Network Load Balancer in `NetworkLoadBalancerArns`");
        }
        for (index, item) in network.known_items().iter().enumerate() {
            if let Some(message) = item.attribute().and_then(|attribute| wrong_kind(model, attribute.resource)) {
                findings
                    .report(service.id(), format!("NetworkLoadBalancerArns/{index}"), message)
                    .help("put a Network Load Balancer (`Type: network`) before the service");
            }
        }
    }
}

fn is_empty(list: &Node<'_>) -> bool {
    match list.items() {
        Field::Absent => true,
        Field::Known(items) => items.is_empty(),
        Field::Unknown(_) => false,
    }
}

/// What is wrong with a resource in place of a Network Load Balancer.
fn wrong_kind<'a>(model: &'a Model<'a>, id: crate::model::ResourceId) -> Option<String> {
    let name = model.logical_id(id);
    match model.view::<LoadBalancer<'a>>(id) {
        Some(balancer) => {
            let kind = balancer.kind().known().filter(|kind| kind != "network")?;
            Some(format!("`{name}` is a load balancer of type `{kind}`"))
        }
        None if model.type_of(id).starts_with("AWS::ElasticLoadBalancing") => {
            Some(format!("`{name}` is no load balancer"))
        }
        None => None,
    }
}
