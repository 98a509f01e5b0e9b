//! Two lists of principals for one endpoint service.

use crate::model::{EndpointServicePermissions, Model, Relation, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1207", "permissions-in-two-places", Error {
        pitfalls: [34],
        summary: "Two lists of principals for one endpoint service",
        why: "Each list revokes the permissions of all principals that are not in it. Which principals may connect in \
              the end is a matter of which list was deployed last.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [\"arn:aws:iam::222233334444:root\"] }
  More:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [\"arn:aws:iam::333344445555:root\"] }
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [\"arn:aws:iam::222233334444:root\", \"arn:aws:iam::333344445555:root\"] }
",
        source: "AWS CloudFormation template reference, AWS::EC2::VPCEndpointServicePermissions",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for permissions in model.all::<EndpointServicePermissions<'a>>() {
        let Some(service) = permissions.service().known() else { continue };
        let first = model.referring(Relation::PermissionsService, &service).next();
        if let Some(first) = first.filter(|first| *first != permissions.id()) {
            findings
                .report(
                    permissions.id(),
                    "ServiceId",
                    "the service has another list of principals, and each revokes what the other allows",
                )
                .help("put all principals into one list")
                .mention(first, "AllowedPrincipals", "the other list");
        }
    }
}
