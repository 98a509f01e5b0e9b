//! Tasks of a private service with public addresses.

use crate::model::{Listener, Model, Service, TargetGroup, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1410", "public-address", Error {
        pitfalls: [81],
        summary: "Tasks of a private service with public addresses",
        why: "A public address lets tasks out to the internet past every endpoint policy, and lets the internet in as far as security groups admit it. In a subnet without an internet gateway it is of no use at all.",
        example: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: main
      LaunchType: FARGATE
      TaskDefinition: api
      NetworkConfiguration:
        AwsvpcConfiguration: { AssignPublicIp: ENABLED, Subnets: [subnet-0123456789abcdef0] }
",
        instead: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: main
      LaunchType: FARGATE
      TaskDefinition: api
      NetworkConfiguration:
        AwsvpcConfiguration: { AssignPublicIp: DISABLED, Subnets: [subnet-0123456789abcdef0] }
",
        source: "Amazon ECS API reference, AwsVpcConfiguration",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<Service<'a>>() {
        let is_public = service.assign_public_ip().is_known_and(|setting| setting == "ENABLED");
        if is_public && !is_behind_public_balancer(service) {
            findings
                .report(
                    service.id(),
                    "NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp",
                    "the tasks are given public addresses",
                )
                .help(
                    "set `AssignPublicIp: DISABLED`, and give the tasks endpoints for the AWS services that they need",
                );
        }
    }
}

/// Whether a load balancer shows the service to the internet on purpose.
fn is_behind_public_balancer<'a>(service: Service<'a>) -> bool {
    let model = service.model();
    let groups = service.load_balancers().into_iter().filter_map(|entry| entry.get("TargetGroupArn").resource());
    let listeners = groups.filter_map(|id| model.view::<TargetGroup<'a>>(id)).flat_map(TargetGroup::listeners);
    let mut balancers = listeners.filter_map(Listener::balancer);
    balancers.any(|balancer| balancer.scheme().is_known_and(|scheme| scheme == "internet-facing"))
}
