//! An endpoint service with a kind of address that its load balancer does not have.

use crate::aws::private_link::SERVICE_ADDRESS_TYPES;
use crate::diagnostics::Mend;
use crate::model::{EndpointService, Field, Model, Subnet, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1230", "address-type-not-of-balancer", Error {
        pitfalls: [42],
        summary: "An endpoint service offers IPv6, and its load balancer has none",
        why: "Endpoints can have IPv6 addresses only while every load balancer of the service is dual-stack, which \
              needs subnets with IPv6.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0] }
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true, SupportedIpAddressTypes: [ipv4, ipv6] }
",
        instead: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, IpAddressType: dualstack, Subnets: [subnet-0123456789abcdef0] }
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true, SupportedIpAddressTypes: [ipv4, ipv6] }
",
        source: "AWS PrivateLink guide, create an endpoint service",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<EndpointService<'a>>() {
        let Field::Known(types) = service.ip_address_types().items() else { continue };
        for (index, kind) in types.iter().enumerate() {
            let Field::Known(kind) = kind.text() else { continue };
            let path = format!("SupportedIpAddressTypes/{index}");
            if !SERVICE_ADDRESS_TYPES.contains(&kind.as_ref()) {
                findings
                    .report(service.id(), path, format!("there is no address type `{kind}`"))
                    .help("write `ipv4` or `ipv6`");
            } else if kind == "ipv6" {
                no_ipv6(service, &path, types.len() > 1, findings);
            }
        }
    }
}

fn no_ipv6<'a>(service: EndpointService<'a>, path: &str, has_others: bool, findings: &mut Findings<'_>) {
    let mend = || has_others.then(|| Mend::leaving_out(false, path));
    for balancer in service.balancers() {
        if balancer.ip_address_type().is_known_and(|kind| kind == "ipv4") {
            findings
                .report(
                    service.id(),
                    path,
                    format!("the load balancer `{}` has no IPv6 addresses", balancer.logical_id()),
                )
                .mend_by(mend())
                .help("set `IpAddressType: dualstack` of the load balancer, or remove `ipv6`")
                .mention(balancer.id(), "IpAddressType", "this load balancer has IPv4 addresses only");
        }
        let subnets = balancer.node_subnets().known().unwrap_or_default();
        let subnets = subnets.iter().filter_map(|subnet| balancer.model().find::<Subnet<'a>>(subnet));
        for subnet in subnets.filter(|subnet| super::has_no_ipv6(*subnet)) {
            findings
                .report(
                    service.id(),
                    path,
                    format!("the subnet `{}` of the load balancer has no IPv6 range", subnet.logical_id()),
                )
                .mend_by(mend())
                .help("give the subnets of the load balancer IPv6 ranges, or remove `ipv6`")
                .mention(subnet.id(), "", "this subnet has no IPv6 range");
        }
    }
}
