//! An endpoint service that everybody may ask to connect to.

use super::{is_everybody, principals};
use crate::model::{EndpointServicePermissions, Field, Model, View};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1202", "endpoint-service-open-to-requests", Warning {
        pitfalls: [30],
        summary: "An endpoint service that everybody with an AWS account may ask to connect to",
        why: "All principals are allowed, so only whoever accepts connections stands between the service and everybody \
              else. One hasty or automatic acceptance lets a stranger in.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [\"*\"] }
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
    for permissions in model.all::<EndpointServicePermissions<'a>>() {
        let acceptance = permissions.endpoint_service().map(|service| service.acceptance_required());
        if acceptance == Some(Field::Known(false)) {
            continue;
        }
        for (path, _) in principals(permissions).filter(|(_, principal)| is_everybody(principal)) {
            findings
                .report(permissions.id(), path, "everybody with an AWS account may ask to connect to the service")
                .help("name the accounts, users or roles that may connect, such as `arn:aws:iam::222233334444:root`")
                // The construct's own check says it.
                .in_spec(InSpec::Nothing);
        }
    }
}
