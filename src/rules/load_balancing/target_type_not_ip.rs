//! A target group of another type than `ip` for tasks that have addresses of their own.

use crate::diagnostics::{Mend, Severity};
use crate::model::{Field, Model, Service, TargetGroup, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1106", "target-type-not-ip", Error {
        pitfalls: [6],
        summary: "A target group for tasks whose target type is not `ip`",
        why: "Tasks on Fargate have network interfaces of their own, which are registered by address. ECS refuses a service \
              whose target group takes instances, which is what a target group takes when nothing is said.",
        example: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8080, VpcId: vpc-0123456789abcdef0 }
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8080, TargetGroupArn: !Ref Group }]
",
        instead: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8080, VpcId: vpc-0123456789abcdef0, TargetType: ip }
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8080, TargetGroupArn: !Ref Group }]
",
        source: "Amazon ECS developer guide, Network Load Balancers for services",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<Service<'a>>().filter(|service| service.has_own_addresses()) {
        for entry in service.load_balancers() {
            let group = entry.get("TargetGroupArn").resource().and_then(|id| model.view::<TargetGroup<'a>>(id));
            let Some(group) = group else { continue };
            let Field::Known(kind) = group.target_type() else { continue };
            if kind != "ip" {
                findings
                    .report(group.id(), "TargetType", format!("the target group takes targets of type `{kind}`, but tasks on Fargate are registered by address"))
                    .help("set `TargetType: ip`, which replaces the target group")
                    .mention(service.id(), "LoadBalancers", "this service registers its tasks in it")
                    .mend(Mend::safe("set `TargetType` to `ip`").set("TargetType", "ip"));
            }
        }
    }
    of_hosts(model, findings);
    unsaid(model, findings);
}

/// Tasks that share the address of a host are registered by the host.
fn of_hosts<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<Service<'a>>().filter(|service| !service.has_own_addresses()) {
        let mode = service.definition().and_then(|definition| definition.network_mode().known());
        let Some(mode) = mode.filter(|mode| mode == "bridge" || mode == "host") else { continue };
        for entry in service.load_balancers() {
            let group = entry.get("TargetGroupArn").resource().and_then(|id| model.view::<TargetGroup<'a>>(id));
            let Some(group) = group.filter(|group| group.target_type().is_known_and(|kind| kind == "ip")) else {
                continue;
            };
            findings
                .report(group.id(), "TargetType", format!("the target group takes addresses, but tasks in the network mode `{mode}` have none of their own"))
                .suggest("TargetType", "instance")
                .help("set `TargetType: instance`, which replaces the target group, or `NetworkMode: awsvpc`")
                .mention(service.id(), "LoadBalancers", "this service registers its tasks in it");
        }
    }
}

/// A target group for which nothing is said takes instances, of which there may be none.
fn unsaid<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    const INSTANCES: [&str; 4] = [
        "AWS::AutoScaling::AutoScalingGroup",
        "AWS::AutoScaling::LaunchConfiguration",
        "AWS::EC2::Instance",
        "AWS::EC2::LaunchTemplate",
    ];
    if INSTANCES.iter().any(|name| model.of_type(name).next().is_some()) {
        return;
    }
    let has_tasks = model.types().any(|name| name.starts_with("AWS::ECS::"));
    for group in model.all::<TargetGroup<'a>>() {
        let is_unsaid = group.property("TargetType").is_absent() && group.property("Targets").is_absent();
        // Somebody must be there for whom tasks are likely: ECS, or another stack to which it is handed.
        let is_for_tasks = has_tasks || model.dependencies().is_put_out(group.id());
        if is_unsaid && is_for_tasks && group.network_protocol().is_some() && group.services().next().is_none() {
            findings
                .report(group.id(), "", "the target group takes instances, because nothing else is said, and no tasks with addresses of their own")
                .suggest("TargetType", "ip")
                .help("set `TargetType: ip` for tasks on Fargate")
                .severity(Severity::Warning);
        }
    }
}
