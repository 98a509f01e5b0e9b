//! Tasks of a private service with public addresses.

use std::borrow::Cow;

use crate::diagnostics::Severity;
use crate::model::Gather as _;
use crate::model::{Listener, Model, Service, TargetGroup, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1410", "public-address", Error {
        pitfalls: [81],
        summary: "Tasks of a private service with public addresses",
        why: "A public address lets tasks out to the internet past every endpoint policy, and lets the internet in as far as security groups admit it. In a subnet without an internet gateway it is of no use at all. Behind an internal load balancer this is an error; where nothing tells that the service is private, a warning.",
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
        let schemes = schemes(service);
        let is_any = |wanted: &str| schemes.iter().any(|scheme| scheme == wanted);
        if !is_public || is_any("internet-facing") {
            continue;
        }
        let found = findings.report(
            service.id(),
            "NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp",
            "the tasks are given public addresses",
        );
        found.suggest("NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp", "DISABLED");
        found.help("set `AssignPublicIp: DISABLED`, and give the tasks endpoints for the AWS services that they need");
        if !is_any("internal") {
            found.severity(Severity::Warning);
        }
    }
}

/// The schemes of the load balancers of the app that lead to a service, as far as they are known.
fn schemes<'a>(service: Service<'a>) -> Vec<Cow<'a, str>> {
    let model = service.model();
    let groups = service.load_balancers().into_iter().filter_map(|entry| entry.get("TargetGroupArn").resource());
    let listeners = groups.filter_map(|id| model.view::<TargetGroup<'a>>(id)).flat_map(TargetGroup::listeners);
    listeners.filter_map(Listener::balancer).filter_map(|balancer| balancer.scheme().known()).gather()
}
