//! An endpoint whose account no principal names.

use super::principals;
use crate::aws::principal::{Principal, PrincipalKind};
use crate::diagnostics::Severity;
use crate::model::{Endpoint, EndpointService, Model, ResourceId, View, is_imported, text_with_holes};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1204", "consumer-not-allowed", Info {
        pitfalls: [31],
        summary: "An endpoint of an account that no principal of the service names",
        why: "To whoever is not allowed, PrivateLink says that the service does not exist. Whether the account of the \
              provider itself has to be allowed is not documented; an account elsewhere surely has to be.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [\"arn:aws:iam::222233334444:root\"] }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcEndpointType: Interface
      VpcId: vpc-0123456789abcdef0
      ServiceName: !Sub \"com.amazonaws.vpce.${AWS::Region}.${Service}\"
      PrivateDnsEnabled: false
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [!Sub \"arn:${AWS::Partition}:iam::${AWS::AccountId}:root\"] }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcEndpointType: Interface
      VpcId: vpc-0123456789abcdef0
      ServiceName: !Sub \"com.amazonaws.vpce.${AWS::Region}.${Service}\"
      PrivateDnsEnabled: false
",
        source: "AWS PrivateLink guide, configure an endpoint service",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for endpoint in model.all::<Endpoint<'a>>() {
        let Some(service) = endpoint.own_service() else { continue };
        let (consumer, provider) = (account(model, endpoint.id()), account(model, service.id()));
        let is_elsewhere = consumer.zip(provider).is_some_and(|(consumer, provider)| consumer != provider);
        if !is_elsewhere && !is_in_one_account(model, endpoint, service) || may_connect(service, consumer) {
            continue;
        }
        let message = match consumer {
            Some(account) => format!("no principal of the service is of the account `{account}`"),
            None => {
                "the service allows accounts by their IDs alone, and none of these is known to be that of the endpoint"
                    .to_owned()
            }
        };
        let found = findings.report(endpoint.id(), "ServiceName", message);
        found.help("allow the account of the endpoint, as `arn:aws:iam::ACCOUNT:root`");
        if is_elsewhere {
            found.severity(Severity::Error);
        }
        for permissions in service.permissions() {
            found.mention(permissions.id(), "AllowedPrincipals", "these are allowed");
        }
    }
}

fn account<'a>(model: &'a Model<'a>, id: ResourceId) -> Option<&'a str> {
    model.template_of(id)?.environment().account.as_deref()
}

/// Whether both are of one account: in one stack, or in stacks that import from one another.
fn is_in_one_account<'a>(model: &'a Model<'a>, endpoint: Endpoint<'a>, service: EndpointService<'a>) -> bool {
    endpoint.id().template == service.id().template || is_imported(model, endpoint.id(), "ServiceName")
}

/// Whether an account may be among the principals of a service; without principals nobody is, which is told elsewhere.
fn may_connect(service: EndpointService<'_>, consumer: Option<&str>) -> bool {
    let mut permissions = service.permissions().peekable();
    permissions.peek().is_none()
        || permissions.any(|permissions| {
            permissions.principals().because().is_some()
                || principals(permissions).next().is_none()
                || principals(permissions).any(|(_, principal)| may_be(&text_with_holes(&principal), consumer))
        })
}

fn may_be(principal: &str, consumer: Option<&str>) -> bool {
    let Ok(principal) = Principal::parse(principal) else { return true };
    match principal.kind {
        PrincipalKind::Account | PrincipalKind::Role | PrincipalKind::User => {
            principal.account.contains('$') || consumer.is_some_and(|consumer| consumer == principal.account)
        }
        _ => true,
    }
}
