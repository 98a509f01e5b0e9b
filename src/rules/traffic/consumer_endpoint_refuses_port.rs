//! An endpoint whose security groups do not admit a port of the service behind it.

use crate::diagnostics::Severity;
use crate::model::{
    Because, Endpoint, EndpointService, Field, Gather as _, Identity, Listener, LoadBalancer, OrderedSet, Relation,
    ResourceId, SecurityGroup, SecurityGroupIngress, View,
};
use crate::reach::{Blocker, Family, Groups, Party, Protocol, Reach, Traffic, protocols_of};
use crate::rules::Findings;
use crate::rules::mends::{Peer, opening};
use crate::rules::registry::rule;

rule! {
    RULE = "RF1007", "consumer-endpoint-refuses-port", Error {
        pitfalls: [55],
        summary: "An endpoint whose security groups do not admit a port of the service behind it",
        why: "An endpoint takes what its security groups admit. When they open 443 alone, as they do where nothing else is said, and the \
              service listens on another port, connections to that port time out.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16 }] } }
  Connection:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      VpcEndpointType: Interface
      ServiceName: !Sub com.amazonaws.vpce.eu-west-1.${Shared}
      SubnetIds: [!Ref Subnet]
      SecurityGroupIds: [!Ref Group]
  Shared: { Type: AWS::EC2::VPCEndpointService, Properties: { NetworkLoadBalancerArns: [!Ref Balancer] } }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref Subnet] }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 8080
      Protocol: TCP
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Targets }]
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8080, VpcId: !Ref Vpc, TargetType: ip }
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 8080, ToPort: 8080, CidrIp: 10.0.0.0/16 }] } }
  Connection:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      VpcEndpointType: Interface
      ServiceName: !Sub com.amazonaws.vpce.eu-west-1.${Shared}
      SubnetIds: [!Ref Subnet]
      SecurityGroupIds: [!Ref Group]
  Shared: { Type: AWS::EC2::VPCEndpointService, Properties: { NetworkLoadBalancerArns: [!Ref Balancer] } }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [!Ref Subnet] }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 8080
      Protocol: TCP
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Targets }]
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8080, VpcId: !Ref Vpc, TargetType: ip }
",
        source: "AWS PrivateLink guide, security groups of interface endpoints",
        traffic: check,
    }
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    for endpoint in reach.model().all::<Endpoint<'a>>().filter(|endpoint| endpoint.is_interface()) {
        if endpoint.aws_service().is_some() {
            continue;
        }
        match endpoint.own_service() {
            Some(service) => check_listeners(reach, endpoint, service, findings),
            // Whether the service takes TCP or datagrams is not known: only a group that admits neither is wrong.
            None => {
                let all = |protocol| Traffic::any(Family::V4, protocol);
                let is_closed = |protocol| refusal(reach, endpoint, all(protocol)).is_some();
                if is_closed(Protocol::TCP) && is_closed(Protocol::UDP) {
                    report(reach, endpoint, all(Protocol::TCP), None, findings);
                } else {
                    check_clients(reach, endpoint, findings);
                }
            }
        }
    }
}

/// The groups that the endpoint admits: who has such a group alone must be let out to a port that is open.
fn check_clients<'a>(reach: &Reach<'a>, endpoint: Endpoint<'a>, findings: &mut Findings<'_>) {
    let model = reach.model();
    let groups = endpoint.security_groups().known().unwrap_or_default();
    let mut clients: OrderedSet<ResourceId> = OrderedSet::new();
    for group in groups {
        let inline = model.find::<SecurityGroup<'a>>(&group).map(SecurityGroup::ingress).unwrap_or_default();
        let alone = model.related::<SecurityGroupIngress<'a>>(Relation::IngressOfGroup, &group);
        let alone = alone.map(|rule| rule.property("SourceSecurityGroupId")).gather::<Vec<_>>();
        let sources = inline.iter().map(|rule| rule.get("SourceSecurityGroupId")).chain(alone);
        sources.filter_map(|source| source.resource()).for_each(|id| {
            clients.insert(id);
        });
    }
    for client in clients.iter() {
        let vpc = endpoint.vpc().known();
        let addresses = reach.addresses_of_vpc(vpc.as_ref(), Family::V4);
        let groups = Groups::Of(vec![Identity::Resource(*client)]);
        let party = Party { groups, vpc, ..Party::at(addresses) };
        let any = |protocol| reach.to_interfaces(&party, endpoint, Traffic::any(Family::V4, protocol));
        if [Protocol::TCP, Protocol::UDP].into_iter().all(|protocol| any(protocol).is_blocked()) {
            let message = format!(
                "no port that the endpoint admits from `{}` is one that group lets out",
                model.logical_id(*client)
            );
            findings
                .report(endpoint.id(), "SecurityGroupIds", message)
                .help("open the port of the service on both sides: in the egress of the clients and in the ingress of the endpoint")
                .mention(*client, "SecurityGroupEgress", "these are the clients")
                .severity(Severity::Warning);
        }
    }
}

fn check_listeners<'a>(
    reach: &Reach<'a>,
    endpoint: Endpoint<'a>,
    service: EndpointService<'a>,
    findings: &mut Findings<'_>,
) {
    for listener in service.balancers().flat_map(LoadBalancer::listeners) {
        let Field::Known(Ok(port)) = listener.port().map(u16::try_from) else { continue };
        for protocol in protocols_of(listener) {
            report(reach, endpoint, Traffic::new(*protocol, port), Some(listener), findings);
        }
    }
}

fn report<'a>(
    reach: &Reach<'a>,
    endpoint: Endpoint<'a>,
    traffic: Traffic,
    listener: Option<Listener<'a>>,
    findings: &mut Findings<'_>,
) {
    let Some(blocker) = refusal(reach, endpoint, traffic) else { return };
    let port = traffic.port().map_or_else(|| "any port".to_owned(), |port| format!("port {port}"));
    let message = format!("the endpoint `{}` admits nobody on {port}", endpoint.logical_id());
    let place: ResourceId = blocker.resource.unwrap_or(endpoint.id());
    let found = findings.report(place, blocker.property.clone(), message);
    let network = endpoint.property("VpcId").resource().map(Peer::Range);
    let protocol = traffic.protocol.unwrap_or(Protocol::TCP);
    found.mend_by(opening(reach.model(), &blocker, protocol, traffic.port(), network.as_slice()));
    found.help("add an ingress rule for the port of the service with the clients as its source").mention(
        endpoint.id(),
        "SecurityGroupIds",
        "this endpoint has the security group",
    );
    if let Some(listener) = listener {
        found.mention(listener.id(), "Port", "the service listens here");
    }
}

/// What in the security groups of an endpoint keeps out all clients of its VPC.
fn refusal<'a>(reach: &Reach<'a>, endpoint: Endpoint<'a>, traffic: Traffic) -> Option<Blocker<'a>> {
    let vpc = endpoint.vpc().known();
    let addresses = reach.addresses_of_vpc(vpc.as_ref(), Family::V4);
    let client = Party { groups: Groups::Unknown(Because::Malformed), vpc, ..Party::at(addresses) };
    let answer = reach.to_interfaces(&client, endpoint, traffic);
    answer.blockers().iter().find(|blocker| super::is_group(blocker, crate::reach::End::Destination)).cloned()
}
