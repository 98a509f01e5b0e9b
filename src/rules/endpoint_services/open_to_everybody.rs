//! An endpoint service that lets in everybody.

use super::{is_everybody, principals};
use crate::model::{EndpointServicePermissions, Field, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1201", "endpoint-service-open-to-everybody", Error {
        pitfalls: [30],
        summary: "An endpoint service that everybody with an AWS account can connect to",
        why: "All principals are allowed and nobody has to accept a connection, so the load balancer is public \
              although it has private addresses only.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: false }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [\"*\"] }
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: false }
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
        let Some(service) = permissions.endpoint_service() else { continue };
        if service.acceptance_required() != Field::Known(false) {
            continue;
        }
        for (path, _) in principals(permissions).filter(|(_, principal)| is_everybody(principal)) {
            findings
                .report(
                    permissions.id(),
                    path,
                    "everybody with an AWS account can connect to the service, without being asked",
                )
                .help("name the accounts, users or roles that may connect, or set `AcceptanceRequired: true` as well")
                .mention(service.id(), "AcceptanceRequired", "connections are accepted by themselves");
        }
    }
}
