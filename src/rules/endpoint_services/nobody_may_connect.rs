//! An endpoint service without anybody who may connect.

use super::principals;
use crate::diagnostics::Severity;
use crate::model::Gather as _;
use crate::model::{
    EndpointService, EndpointServicePermissions, Field, Identity, Model, ResourceId, View, exports, may_have_more,
    mentions,
};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1203", "nobody-may-connect", Warning {
        pitfalls: [31],
        summary: "An endpoint service that nobody may connect to",
        why: "As long as no principal is allowed, every consumer is told that the service does not exist.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [\"arn:aws:iam::222233334444:root\"] }
",
        source: "AWS PrivateLink guide, configure an endpoint service",
        check: check,
    }
}

/// How many services are looked up in custom resources and nested stacks; of more it is said that these may allow somebody.
const MOST: usize = 50;

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let mut nameless = Vec::new();
    for service in model.all::<EndpointService<'a>>() {
        let permissions: Vec<_> = service.permissions().gather();
        if permissions.is_empty() {
            nameless.push(service);
        } else if permissions
            .iter()
            .all(|one| one.principals().because().is_none() && principals(*one).next().is_none())
        {
            for one in permissions {
                findings
                    .report(one.id(), "AllowedPrincipals", "the list allows nobody to connect to the service")
                    .help("name the accounts, users or roles that may connect")
                    .mention(service.id(), "", "the service")
                    // The construct's own check says it.
                    .in_spec(InSpec::Nothing);
            }
        }
    }
    if !nameless.is_empty() && !model.all::<EndpointServicePermissions<'a>>().any(is_for_any) {
        nobody_named(model, &nameless, findings);
    }
}

/// Whether permissions may be those of any service.
fn is_for_any(permissions: EndpointServicePermissions<'_>) -> bool {
    permissions.endpoint_service().is_none() && !matches!(permissions.service(), Field::Known(Identity::Outside(_)))
}

fn nobody_named<'a>(model: &'a Model<'a>, services: &[EndpointService<'a>], findings: &mut Findings<'_>) {
    let others = model.types().filter(|name| name.starts_with("Custom::") || name.starts_with("AWS::CloudFormation::"));
    let others: Vec<_> = others.flat_map(|name| model.of_type(name)).gather();
    for (index, service) in services.iter().enumerate().filter(|(_, service)| !may_have_more(model, service.id())) {
        let found = findings.report(service.id(), "", "nobody is allowed to connect to the service");
        found.help("add an `AWS::EC2::VPCEndpointServicePermissions` with the accounts that may connect");
        // Whoever imports the service, a nested stack or a custom resource may allow somebody.
        let is_named = |id: &ResourceId| {
            id.template == service.id().template && (index >= MOST || mentions(model, *id, service.logical_id()))
        };
        if exports(model, service.id()) || others.iter().any(is_named) {
            found.severity(Severity::Info);
        }
    }
}
