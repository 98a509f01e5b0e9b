//! An organization or organizational unit as a principal.

use super::principals;
use crate::aws::principal::{Principal, PrincipalKind};
use crate::model::{EndpointServicePermissions, Model, View, text_with_holes};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1206", "organization-as-principal", Warning {
        pitfalls: [32],
        summary: "An organization or organizational unit as a principal",
        why: "The API knows a type for organizational units, but AWS documents no principal that names one. The \
              deployment may fail, or nobody may be let in.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [\"arn:aws:organizations::111122223333:organization/o-exampleorgid\"] }
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [\"arn:aws:iam::222233334444:root\"] }
",
        source: "Amazon EC2 API reference, PrincipalType; AWS PrivateLink guide, configure an endpoint service",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for permissions in model.all::<EndpointServicePermissions<'a>>() {
        for (path, principal) in principals(permissions) {
            let text = text_with_holes(&principal);
            if Principal::parse(&text).is_ok_and(|principal| principal.kind == PrincipalKind::Organization) {
                findings
                    .report(
                        permissions.id(),
                        path,
                        format!("`{text}` is an organization, which no documentation lets in"),
                    )
                    .help("name the accounts, each as `arn:aws:iam::222233334444:root`");
            }
        }
    }
}
