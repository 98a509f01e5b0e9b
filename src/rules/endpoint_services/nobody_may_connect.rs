//! An endpoint service without anybody who may connect.

use super::principals;
use crate::diagnostics::Severity;
use crate::model::{EndpointService, EndpointServicePermissions, Field, Model, View, exports, may_have_more, mentions};
use crate::rules::Findings;
use crate::rules::registry::rule;

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

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<EndpointService<'a>>() {
        let permissions: Vec<_> = service.permissions().collect();
        if permissions.is_empty() {
            nobody_named(model, service, findings);
        } else if permissions
            .iter()
            .all(|one| one.principals().because().is_none() && principals(*one).next().is_none())
        {
            for one in permissions {
                findings
                    .report(one.id(), "AllowedPrincipals", "the list allows nobody to connect to the service")
                    .help("name the accounts, users or roles that may connect")
                    .mention(service.id(), "", "the service");
            }
        }
    }
}

fn nobody_named<'a>(model: &'a Model<'a>, service: EndpointService<'a>, findings: &mut Findings<'_>) {
    let is_elsewhere = model.all::<EndpointServicePermissions<'a>>().any(|permissions| {
        permissions.endpoint_service().is_none()
            && !matches!(permissions.service(), Field::Known(crate::model::Identity::Outside(_)))
    });
    if is_elsewhere || may_have_more(model, service.id()) {
        return;
    }
    let found = findings.report(service.id(), "", "nobody is allowed to connect to the service");
    found.help("add an `AWS::EC2::VPCEndpointServicePermissions` with the accounts that may connect");
    if is_handed_on(model, service) {
        found.severity(Severity::Info);
    }
}

/// Whether something else may allow principals: whoever imports the service, a nested stack, or a custom resource.
fn is_handed_on<'a>(model: &'a Model<'a>, service: EndpointService<'a>) -> bool {
    if exports(model, service.id()) {
        return true;
    }
    let others = model.types().filter(|name| name.starts_with("Custom::") || name.starts_with("AWS::CloudFormation::"));
    let mut others = others.flat_map(|name| model.of_type(name)).filter(|id| id.template == service.id().template);
    others.any(|id| mentions(model, id, service.logical_id()))
}
