//! Security groups that admit everybody to tasks behind an internal load balancer.

use crate::diagnostics::{Mend, Severity};
use crate::model::{
    Field, Gather as _, Identity, Model, Node, OrderedMap, Relation, ResourceId, SecurityGroup, SecurityGroupIngress,
    Service, TargetGroup, View,
};
use crate::rules::Findings;
use crate::rules::mends::reference;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1420", "tasks-admit-everybody", Warning {
        pitfalls: [1],
        summary: "A security group that admits everybody to private tasks",
        why: "Tasks behind an internal load balancer need to admit that alone. A rule for all addresses leaves it to routes and \
              subnets who reaches them, and lets every neighbour past the load balancer.",
        example: "Resources:
  Entry: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of the load balancer, VpcId: vpc-0123456789abcdef0 } }
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of tasks
      VpcId: vpc-0123456789abcdef0
      SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: 0.0.0.0/0 }]
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, SecurityGroups: [!Ref Entry], Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref Balancer, Port: 443, Protocol: TCP, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Targets }] }
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8080, VpcId: vpc-0123456789abcdef0, TargetType: ip }
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      LaunchType: FARGATE
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8080, TargetGroupArn: !Ref Targets }]
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1], SecurityGroups: [!Ref Group] } }
",
        instead: "Resources:
  Entry: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of the load balancer, VpcId: vpc-0123456789abcdef0 } }
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of tasks
      VpcId: vpc-0123456789abcdef0
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: !Ref Entry }]
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, SecurityGroups: [!Ref Entry], Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref Balancer, Port: 443, Protocol: TCP, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Targets }] }
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8080, VpcId: vpc-0123456789abcdef0, TargetType: ip }
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      LaunchType: FARGATE
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8080, TargetGroupArn: !Ref Targets }]
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1], SecurityGroups: [!Ref Group] } }
",
        source: "Amazon VPC user guide, security group rules",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    // By group: a service that has it, and whether its load balancer can be named instead.
    let mut groups: OrderedMap<ResourceId, (Service<'a>, Option<Node<'a>>)> = OrderedMap::new();
    for service in model.all::<Service<'a>>() {
        let Some(sender) = internal_balancer(model, service) else { continue };
        for identity in service.security_groups().known().unwrap_or_default() {
            if let Identity::Resource(group) = identity {
                groups.or_insert_with(group, || (service, sender.clone()));
            }
        }
    }
    for (group, (service, sender)) in groups {
        let sender = sender.as_ref();
        let inline = model.view::<SecurityGroup<'a>>(group).map(SecurityGroup::ingress).unwrap_or_default();
        for (index, rule) in inline.iter().enumerate() {
            let read = |key: &str| rule.get(key);
            report(group, &format!("SecurityGroupIngress/{index}/"), &read, (service, sender), findings);
        }
        for rule in model.related::<SecurityGroupIngress<'a>>(Relation::IngressOfGroup, &Identity::Resource(group)) {
            let read = |key: &str| rule.property(key);
            report(rule.id(), "", &read, (service, sender), findings);
        }
    }
}

/// Whether the tasks of a service are behind internal load balancers alone, and the security groups of one that has some.
fn internal_balancer<'a>(model: &'a Model<'a>, service: Service<'a>) -> Option<Option<Node<'a>>> {
    let entries = service.load_balancers();
    let groups =
        entries.iter().filter_map(|entry| model.view::<TargetGroup<'a>>(entry.get("TargetGroupArn").resource()?));
    let balancers: Vec<_> = groups.flat_map(TargetGroup::balancers).gather();
    let is_internal = balancers.iter().all(|balancer| balancer.scheme().is_known_and(|scheme| scheme == "internal"));
    let mut groups = balancers.iter().map(|balancer| balancer.property("SecurityGroups"));
    let groups = groups.find(|groups| !groups.is_absent());
    (is_internal && !balancers.is_empty()).then_some(groups)
}

fn report<'a>(
    id: ResourceId,
    place: &str,
    read: &dyn Fn(&str) -> Node<'a>,
    (service, sender): (Service<'a>, Option<&Node<'a>>),
    findings: &mut Findings<'_>,
) {
    let is = |key: &str, all: &str| read(key).text().is_known_and(|text| text == all);
    if !is("CidrIp", "0.0.0.0/0") && !is("CidrIpv6", "::/0") {
        return;
    }
    let (from, to) = (read("FromPort").int(), read("ToPort").int());
    let is_wide = is("IpProtocol", "-1") || matches!((from, to), (Field::Known(..=1), Field::Known(65_535)));
    let message =
        format!("the tasks of `{}` admit everybody, although their load balancer is internal", service.logical_id());
    let found = findings.report(id, place.trim_end_matches('/'), message);
    found.mend_by(
        sender.and_then(|groups| mend(service.model(), id, place, groups)).filter(|_| !is("CidrIpv6", "::/0")),
    );
    found.help("admit the security group of the load balancer, or its subnets if it has none").mention(
        service.id(),
        "NetworkConfiguration",
        "these tasks have the security group",
    );
    // Without a group to name, many open the one port to all.
    if !is_wide && sender.is_none() {
        found.severity(Severity::Info);
    }
}

/// Admits the security group of the load balancer in place of everybody.
fn mend<'a>(model: &'a Model<'a>, id: ResourceId, place: &str, groups: &Node<'a>) -> Option<Mend> {
    let group = groups.known_items().iter().find_map(Node::resource)?;
    let is_group = model.type_of(group) == SecurityGroup::TYPE;
    let value = reference(model, id, group, "GroupId").filter(|_| is_group)?;
    let mend = Mend::suggested(format!("admit `{}` in place of everybody", model.logical_id(group)));
    Some(mend.replace(&format!("{place}CidrIp"), "SourceSecurityGroupId", value))
}
