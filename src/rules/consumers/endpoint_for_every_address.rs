//! An endpoint that admits every address.

use crate::diagnostics::Mend;
use crate::model::{Endpoint, Model, Node, Relation, SecurityGroup, SecurityGroupIngress, View};
use crate::rules::Findings;
use crate::rules::mends::reference;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1317", "endpoint-for-every-address", Info {
        pitfalls: [55],
        summary: "An endpoint that admits every address",
        why: "An endpoint is reached from its VPC and from everything that is routed to it: peered VPCs, transit \
              gateways, networks elsewhere. A rule for every address admits all of these.",
        example: "Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Callers
      VpcId: vpc-0123456789abcdef0
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0 }]
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [subnet-0123456789abcdef0]
      SecurityGroupIds: [!Ref Group]
",
        instead: "Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Callers
      VpcId: vpc-0123456789abcdef0
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16 }]
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [subnet-0123456789abcdef0]
      SecurityGroupIds: [!Ref Group]
",
        source: "Amazon VPC user guide, security group rules",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for group in model.all::<SecurityGroup<'a>>() {
        let mut endpoints = model.related::<Endpoint<'a>>(Relation::EndpointGroup, &group.identity());
        let Some(endpoint) = endpoints.find(|endpoint| endpoint.is_interface()) else { continue };
        let inline = group.ingress().into_iter().enumerate();
        let inline = inline.filter(|(_, rule)| admits_all(&rule.get("CidrIp"), &rule.get("CidrIpv6")));
        let of_vpc = |id| reference(model, id, group.property("VpcId").resource()?, "CidrBlock");
        let narrow = |id, path: String, ipv6: &Node<'_>| {
            let range = of_vpc(id).filter(|_| ipv6.is_absent());
            (
                id,
                path.trim_end_matches('/').to_owned(),
                range.map(|range| Mend::setting(false, &format!("{path}CidrIp"), range)),
            )
        };
        let inline = inline
            .map(|(index, rule)| narrow(group.id(), format!("SecurityGroupIngress/{index}/"), &rule.get("CidrIpv6")));
        let alone = model.related::<SecurityGroupIngress<'a>>(Relation::IngressOfGroup, &group.identity());
        let alone = alone.filter(|rule| admits_all(&rule.property("CidrIp"), &rule.property("CidrIpv6")));
        let alone = alone.map(|rule| narrow(rule.id(), String::new(), &rule.property("CidrIpv6")));
        for (id, path, mend) in inline.chain(alone) {
            findings
                .report(id, path, "the rule admits every address that is routed to the endpoint")
                .mend_by(mend)
                .help("admit the range of the VPC, or the security group of the clients")
                .mention(group.id(), "", "the security group")
                .mention(endpoint.id(), "SecurityGroupIds", "the endpoint");
        }
    }
}

fn admits_all(ipv4: &Node<'_>, ipv6: &Node<'_>) -> bool {
    ipv4.text().is_known_and(|range| range == "0.0.0.0/0") || ipv6.text().is_known_and(|range| range == "::/0")
}
