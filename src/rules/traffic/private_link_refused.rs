//! A load balancer whose security groups refuse what comes through PrivateLink.

use crate::diagnostics::{Mend, Severity};
use crate::model::Gather as _;
use crate::model::{Endpoint, EndpointService, Field, LoadBalancer, Relation, ResourceId, Service, View};
use crate::reach::{Addresses, Family, Party, Reach, Traffic, protocols_of};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1005", "private-link-refused", Error {
        pitfalls: [2],
        summary: "A load balancer whose security groups refuse what comes through PrivateLink",
        why: "Unless it is switched off, inbound rules hold for traffic through PrivateLink, with the address that the client has in its own \
              VPC as its source. Rules that name security groups never admit it, and connections time out without a trace.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Front: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, SourceSecurityGroupId: !Ref Clients }] } }
  Clients: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref Subnet], SecurityGroups: [!Ref Front] }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 443
      Protocol: TCP
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Targets }]
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8080, VpcId: !Ref Vpc, TargetType: ip }
  Shared: { Type: AWS::EC2::VPCEndpointService, Properties: { NetworkLoadBalancerArns: [!Ref Balancer] } }
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Front: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref Subnet], SecurityGroups: [!Ref Front], EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: \"off\" }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 443
      Protocol: TCP
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Targets }]
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8080, VpcId: !Ref Vpc, TargetType: ip }
  Shared: { Type: AWS::EC2::VPCEndpointService, Properties: { NetworkLoadBalancerArns: [!Ref Balancer] } }
",
        source: "Elastic Load Balancing user guide for Network Load Balancers, security groups for load balancers (PrivateLink traffic)",
        traffic: check,
    }
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    for service in reach.model().all::<EndpointService<'a>>() {
        for balancer in service.balancers().filter(|balancer| balancer.is_network()) {
            if balancer.enforces_private_link() == Field::Known("on".into()) {
                check_balancer(reach, service, balancer, findings);
            }
        }
    }
}

fn check_balancer<'a>(
    reach: &Reach<'a>,
    service: EndpointService<'a>,
    balancer: LoadBalancer<'a>,
    findings: &mut Findings<'_>,
) {
    let anywhere = Party::at(vec![Addresses::all(Family::V4)]);
    let consumers: Vec<_> =
        reach.model().related::<Endpoint<'a>>(Relation::EndpointService, &service.identity()).gather();
    for listener in balancer.listeners() {
        let Field::Known(Ok(port)) = listener.port().map(u16::try_from) else { continue };
        for traffic in protocols_of(listener).iter().map(|protocol| Traffic::new(*protocol, port)) {
            if let Some(blocker) = reach.to_listener(&anywhere, balancer, traffic).blockers().first() {
                let place = (blocker.resource.unwrap_or(balancer.id()), blocker.property.clone());
                let message = format!(
                    "no rule of the security groups of `{}` admits consumers of `{}` on port {port}",
                    balancer.logical_id(),
                    service.logical_id()
                );
                findings
                    .report(place.0, place.1, message)
                    .mend(off(balancer))
                    .help("set `EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: off`, since principals and acceptance decide who connects, or admit the addresses that clients have in their own VPCs")
                    .mention(balancer.id(), "SecurityGroups", "this load balancer has the security group")
                    .mention(listener.id(), "Port", "this listener is meant");
                continue;
            }
            let known = consumers.iter().filter_map(|endpoint| Some((endpoint, endpoint.vpc().known()?)));
            for (endpoint, vpc) in known {
                check_subnets(reach, *endpoint, balancer, traffic, findings);
                let client = Party::at(reach.addresses_of_vpc(Some(&vpc), Family::V4));
                if reach.to_listener(&client, balancer, traffic).is_blocked() {
                    let message = format!(
                        "the security groups of `{}` do not admit the addresses of the VPC of `{}` on port {port}",
                        balancer.logical_id(),
                        endpoint.logical_id()
                    );
                    findings
                        .report(balancer.id(), "SecurityGroups", message)
                        .mend(off(balancer))
                        .help("admit the addresses of the consumer's VPC, or set `EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: off`")
                        .mention(endpoint.id(), "VpcId", "this consumer connects from there");
                }
            }
            // Whoever tries a new revision may well do it from inside.
            let is_for_tests = || is_test_listener(reach, listener.id());
            if consumers.is_empty() && admits_only_own_addresses(reach, balancer, traffic) && !is_for_tests() {
                let message = format!(
                    "the security groups of `{}` admit only addresses of its own VPC on port {port}, and consumers of `{}` come with the addresses of theirs",
                    balancer.logical_id(),
                    service.logical_id()
                );
                findings
                    .report(balancer.id(), "SecurityGroups", message)
                    .severity(Severity::Warning)
                    .mend(off(balancer))
                    .help("set `EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: off`, or admit the addresses that consumers have in their own VPCs")
                    .mention(listener.id(), "Port", "this listener is meant");
            }
        }
    }
}

/// Leaves what comes through PrivateLink to principals and acceptance.
fn off(balancer: LoadBalancer<'_>) -> Mend {
    const SETTING: &str = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic";
    Mend::setting(false, SETTING, "off".into()).on(balancer.id())
}

/// Where a part of a consumer's VPC is admitted, its clients are the neighbours of the endpoint at least.
fn check_subnets<'a>(
    reach: &Reach<'a>,
    endpoint: Endpoint<'a>,
    balancer: LoadBalancer<'a>,
    traffic: Traffic,
    findings: &mut Findings<'_>,
) {
    let parties = reach.endpoint(endpoint).unwrap_or_default();
    let is_refused =
        |party: &&Party<'a>| reach.to_listener(&Party::at(party.addresses.clone()), balancer, traffic).is_blocked();
    let refused: Vec<_> = parties.iter().filter(is_refused).gather();
    if refused.is_empty() || refused.len() == parties.len() {
        return;
    }
    let found = findings.report(
        balancer.id(),
        "SecurityGroups",
        format!(
            "the security groups of `{}` admit only some of the subnets of the endpoint `{}`",
            balancer.logical_id(),
            endpoint.logical_id()
        ),
    );
    found
        .severity(Severity::Warning)
        .mend(off(balancer))
        .help("admit the addresses of all subnets from which clients come, or set `EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: off`")
        .mention(endpoint.id(), "SubnetIds", "this consumer connects from there");
}

/// Whether a blue/green deployment names a listener as the one for tests.
fn is_test_listener<'a>(reach: &Reach<'a>, listener: ResourceId) -> bool {
    let names = |service: Service<'a>, member: &str| {
        let entries = service.property("LoadBalancers").known_items();
        entries.iter().any(|entry| entry.at(&format!("AdvancedConfiguration/{member}")).resource() == Some(listener))
    };
    let for_tests = |service| names(service, "TestListenerRule") && !names(service, "ProductionListenerRule");
    reach.model().all::<Service<'a>>().any(for_tests)
}

/// Whether nobody with an address outside of the load balancer's own VPC is admitted.
fn admits_only_own_addresses<'a>(reach: &Reach<'a>, balancer: LoadBalancer<'a>, traffic: Traffic) -> bool {
    let Ok(nodes) = reach.nodes(balancer) else { return false };
    let Some(vpc) = nodes.first().and_then(|node| node.vpc.clone()) else { return false };
    let own = reach.addresses_of_vpc(Some(&vpc), Family::V4);
    let others = Party::at(Addresses::outside_of(&own, Family::V4));
    !others.addresses.is_empty() && reach.to_listener(&others, balancer, traffic).is_blocked()
}
