//! A service that is made before its load balancer listens.

use super::registrations;
use crate::diagnostics::{Mend, Root, Severity};
use crate::model::Gather as _;
use crate::model::{Model, Relation, ResourceId, TargetGroup, Value, View, sort};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1137", "service-before-listener", Error {
        pitfalls: [28],
        summary: "A service that does not wait for the listener of its target group",
        why: "ECS refuses a service whose target group no listener forwards to yet. The service names only the target group, \
              so that CloudFormation makes it while the load balancer is still being made, unless `DependsOn` says otherwise.",
        example: "Resources:
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
        source: "Amazon ECS developer guide, load balancers for services",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (service, index, _, group) in registrations(model) {
        let listeners = forwarding(model, group);
        // One listener is enough for ECS; one of another stack was there before.
        let Some((waiter, awaited)) = beside(model, service.id(), &listeners) else { continue };
        if model.dependencies().reaches(waiter, &awaited) {
            continue;
        }
        let found = findings.report(
            service.id(),
            format!("LoadBalancers/{index}"),
            "the service does not wait for the listener, so that its target group has no load balancer yet",
        );
        let names: Vec<_> = awaited.iter().map(|id| format!("`{}`", model.logical_id(*id))).gather();
        let waits: Vec<Value> = awaited.iter().map(|id| model.logical_id(*id).to_owned().into()).gather();
        found
            .mend(
                Mend::safe(format!("add {} to `DependsOn`", names.join(" and ")))
                    .on(waiter)
                    .at(Root::Resource)
                    .add("DependsOn", waits),
            )
            .help(format!("add `DependsOn` with {} to `{}`", names.join(" and "), model.logical_id(waiter)));
        if waiter != service.id() {
            found.mention(waiter, "", "the service is made with this nested stack");
        }
        for listener in &listeners {
            found.mention(*listener, "", "it must be there first");
        }
        // Listeners of one load balancer are made at the same time, so that another one is nearly as good.
        let others: Vec<ResourceId> =
            group.balancers().iter().flat_map(|balancer| balancer.listeners()).map(View::id).gather();
        if model.dependencies().reaches(service.id(), &others) {
            found.severity(Severity::Warning);
        }
    }
}

/// The resources of one template that are made with the service and with the listeners: themselves, or the nested stacks in
/// which they are. Nothing when they have no template in common.
fn beside<'a>(
    model: &'a Model<'a>,
    service: ResourceId,
    listeners: &[ResourceId],
) -> Option<(ResourceId, Vec<ResourceId>)> {
    let with_stacks = |id: ResourceId| {
        std::iter::successors(Some(id), |inner| model.evaluation().app().parent_of(inner.template)).take(MAX_DEPTH)
    };
    let made_in = |listener: &ResourceId, template| with_stacks(*listener).find(|id| id.template == template);
    let common = |waiter: ResourceId| {
        let awaited: Vec<_> = listeners.iter().filter_map(|listener| made_in(listener, waiter.template)).gather();
        (awaited.len() == listeners.len() && !awaited.is_empty()).then_some((waiter, awaited))
    };
    with_stacks(service).find_map(common)
}

/// How deep nested stacks are looked into; CloudFormation itself takes fewer.
const MAX_DEPTH: usize = 16;

/// The listeners and rules that forward to a target group.
fn forwarding<'a>(model: &'a Model<'a>, group: TargetGroup<'a>) -> Vec<ResourceId> {
    let identity = group.identity();
    let relations = [
        Relation::ListenerTargetGroup,
        Relation::ListenerTargetGroups,
        Relation::RuleTargetGroup,
        Relation::RuleTargetGroups,
    ];
    let all = relations.into_iter().flat_map(|relation| model.referring(relation, &identity));
    let mut all: Vec<ResourceId> = all.gather();
    sort(&mut all);
    all.dedup();
    all
}
