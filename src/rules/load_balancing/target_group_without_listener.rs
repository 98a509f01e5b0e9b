//! Target groups to which no load balancer forwards, and load balancers that listen to nothing.

use super::network_load_balancers;
use crate::diagnostics::Severity;
use crate::model::Gather as _;
use crate::model::{Model, Relation, ResourceId, TargetGroup, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1135", "target-group-without-listener", Error {
        pitfalls: [28],
        summary: "A service whose target group no listener forwards to, or a load balancer or target group that nobody uses",
        why: "ECS refuses a service whose target group is not associated with a load balancer, which it is as soon as a \
              listener forwards to it. Target groups and load balancers that nothing leads to serve nobody.",
        example: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip }
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8443, TargetGroupArn: !Ref Group }]
",
        instead: "Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 443
      Protocol: TCP
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8443, VpcId: vpc-0123456789abcdef0, TargetType: ip }
  Service:
    Type: AWS::ECS::Service
    DependsOn: Listener
    Properties:
      LaunchType: FARGATE
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8443, TargetGroupArn: !Ref Group }]
",
        source: "Amazon ECS API reference, CreateService",
        check: check,
    }
}

/// Types that name a load balancer or target group without handing it on to anybody.
const ENDS: [&str; 7] = [
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::EC2::VPCEndpointService",
    "AWS::ECS::Service",
    "AWS::Route53::RecordSet",
    "AWS::Route53::RecordSetGroup",
];

/// Whether nobody outside of what the templates say can come to know of a resource: no output, no nested stack, no parameter
/// store, no function.
fn is_kept<'a>(model: &'a Model<'a>, id: ResourceId) -> bool {
    let dependencies = model.dependencies();
    let is_end = |dependent: ResourceId| ENDS.contains(&model.type_of(dependent));
    let has_macros = model.template_of(id).is_none_or(|template| template.has_unwritten_resources());
    !has_macros && !dependencies.is_put_out(id) && dependencies.dependents(id).all(is_end)
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for group in model.all::<TargetGroup<'a>>() {
        let is_alternate = model.referring(Relation::ServiceAlternateGroup, &group.identity()).next().is_some();
        let has_rules = [Relation::RuleTargetGroup, Relation::RuleTargetGroups]
            .into_iter()
            .any(|relation| model.referring(relation, &group.identity()).next().is_some());
        // Whoever knows its name may find it by that.
        let may_be_found = !group.property("Name").is_absent();
        if has_rules
            || is_alternate
            || may_be_found
            || group.listeners().next().is_some()
            || !is_kept(model, group.id())
        {
            continue;
        }
        let services: Vec<_> = group.services().gather();
        let found = match services.is_empty() {
            false => findings.report(
                group.id(),
                "",
                "no listener forwards to the target group, so that ECS refuses the service",
            ),
            true => findings.report(group.id(), "", "nothing uses the target group"),
        };
        found.help("let a listener forward to it in `DefaultActions`");
        if services.is_empty() {
            found.severity(Severity::Info);
        }
        for service in services {
            found.mention(service.id(), "LoadBalancers", "this service registers its tasks in it");
        }
    }
    for balancer in network_load_balancers(model) {
        let may_be_found = !balancer.property("Name").is_absent();
        if !may_be_found && balancer.listeners().next().is_none() && is_kept(model, balancer.id()) {
            findings
                .report(balancer.id(), "", "the load balancer has no listener")
                .help("add an `AWS::ElasticLoadBalancingV2::Listener` that forwards to a target group")
                .severity(Severity::Info);
        }
    }
}
