//! A principal that an endpoint service cannot allow.

use std::borrow::Cow;

use super::principals;
use crate::aws::Partition;
use crate::aws::arn::is_account_id;
use crate::aws::principal::{Principal, PrincipalError};
use crate::diagnostics::{Mend, Severity};
use crate::model::{
    Attribute, Because, EndpointService, EndpointServicePermissions, Field, Function, Model, Node, Value, View,
    text_with_holes,
};
use crate::rules::Findings;
use crate::rules::mends::reference;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1205", "unusable-principal", Error {
        pitfalls: [32],
        summary: "A principal that an endpoint service cannot allow",
        why: "Endpoint services allow accounts, users and roles without a path, each by its ARN. Sessions, groups, \
              VPCs and ARNs with a path are refused with `InvalidPrincipal`.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [\"arn:aws:sts::222233334444:assumed-role/caller/session\"] }
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: [\"arn:aws:iam::222233334444:role/caller\"] }
",
        source: "AWS PrivateLink guide, configure an endpoint service",
        check: check,
    }
}

/// What is wrong with a principal, and what to write instead.
struct Wrong {
    message: String,
    help: String,
    severity: Severity,
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for permissions in model.all::<EndpointServicePermissions<'a>>() {
        let region = model.region_of(permissions.id()).map(Cow::Borrowed);
        let region = region.or_else(|| permissions.endpoint_service().and_then(EndpointService::home_region));
        let home = region.and_then(|region| Partition::of_region(&region));
        // Without a Region, all are of the partition of the first.
        let home = home.or_else(|| principals(permissions).find_map(|(_, principal)| partition_of(&principal)));
        for (path, principal) in principals(permissions) {
            let wrong = match principal.attribute() {
                Some(_) => of_resource(model, &principal),
                None => of_text(&principal, home),
            };
            if let Some(Wrong { message, help, severity }) = wrong {
                let mend = mend(model, permissions, &principal, &path);
                let found = findings.report(permissions.id(), path, message);
                found.help(help).severity(severity);
                if let Some(mend) = mend {
                    found.mend(mend);
                }
            }
        }
    }
}

fn partition_of(principal: &Node<'_>) -> Option<Partition> {
    Principal::parse(&text_with_holes(principal)).ok()?.partition.and_then(Partition::from_id)
}

/// What surely means the same and is taken: the ARN of an account that is named by its ID, and the role of a session.
fn mend<'a>(
    model: &'a Model<'a>,
    permissions: EndpointServicePermissions<'a>,
    principal: &Node<'a>,
    path: &str,
) -> Option<Mend> {
    if let Some(Attribute { resource, name: "" }) = principal.attribute() {
        let is_one = matches!(model.type_of(resource), "AWS::IAM::Role" | "AWS::IAM::User");
        let arn = reference(model, permissions.id(), resource, "Arn").filter(|_| is_one);
        let has_no_path = model.property(resource, "Path").text().or("/".into()).is_known_and(|path| path == "/");
        return arn.filter(|_| has_no_path).map(|arn| Mend::setting(true, path, arn));
    }
    let text = principal.text().known()?;
    if is_account_id(&text) {
        let arn = Value::call(Function::Sub, Value::from(format!("arn:${{AWS::Partition}}:iam::{text}:root")));
        return Some(Mend::safe(format!("write the ARN of the account `{text}`")).set(path, arn));
    }
    match Principal::parse(&text) {
        Err(PrincipalError::Session { role }) => Some(Mend::safe(format!("write `{role}`")).set(path, role)),
        // It is of another partition.
        Ok(_) => {
            let (_, rest) = text.strip_prefix("arn:")?.split_once(':')?;
            let arn = Value::sub(format!("arn:${{AWS::Partition}}:{rest}"));
            Some(Mend::suggested("write `${AWS::Partition}`").set(path, arn))
        }
        Err(_) => None,
    }
}

fn error(message: impl Into<String>, help: impl Into<String>) -> Option<Wrong> {
    Some(Wrong { message: message.into(), help: help.into(), severity: Severity::Error })
}

/// A bare account ID: only ARNs are documented, although AWS has been seen to give such IDs back.
fn bare_account(account: &str) -> Option<Wrong> {
    let message = format!("{account} is an account ID, and the list takes ARNs");
    let help = "write the ARN of the account, such as `arn:aws:iam::222233334444:root`".to_owned();
    Some(Wrong { message, help, severity: Severity::Warning })
}

fn of_text(principal: &Node<'_>, partition: Option<Partition>) -> Option<Wrong> {
    if matches!(principal.text(), Field::Unknown(Because::Pseudo("AWS::AccountId"))) && principal.pieces().len() == 1 {
        return bare_account("`AWS::AccountId`");
    }
    let text = text_with_holes(principal);
    if is_account_id(&text) {
        return bare_account(&format!("`{text}`"));
    }
    if has_path(&text) {
        return error(
            format!("`{text}` has a path, and users and roles with a path cannot be allowed"),
            "allow the account instead, or a role without a path",
        );
    }
    match Principal::parse(&text) {
        Err(reason) => error(format!("`{text}` cannot be allowed: {reason}"), help_for(&reason)),
        Ok(principal) => {
            let written = principal.partition.and_then(Partition::from_id)?;
            let home = partition.filter(|home| *home != written)?;
            let (written, home) = (written.id(), home.id());
            error(
                format!("`{text}` is of the partition `{written}`, and the service is of `{home}`"),
                "PrivateLink never crosses partitions: write `${AWS::Partition}`",
            )
        }
    }
}

/// Whether the ARN of a user or role has a slash in its name, whatever stands in its holes.
fn has_path(text: &str) -> bool {
    let name = text.split_once(":role/").or_else(|| text.split_once(":user/")).map(|(_, name)| name);
    text.contains(":iam:") && text.contains("${") && name.is_some_and(|name| name.contains('/'))
}

fn help_for(reason: &PrincipalError) -> String {
    match reason {
        PrincipalError::Session { role } => format!("allow the role: `{role}`"),
        PrincipalError::Path { account } => format!("allow the account instead: `{account}`"),
        PrincipalError::Vpc => {
            "allow the account of the VPC; IAM policies and acceptance tell its VPCs apart".to_owned()
        }
        _ => "write the ARN of an account, user or role, such as `arn:aws:iam::222233334444:root`".to_owned(),
    }
}

/// A principal that is a resource of the app.
fn of_resource<'a>(model: &'a Model<'a>, principal: &Node<'a>) -> Option<Wrong> {
    let attribute = principal.attribute()?;
    let name = model.logical_id(attribute.resource);
    let kind = model.type_of(attribute.resource);
    match (kind, attribute.name) {
        ("AWS::IAM::Role" | "AWS::IAM::User", "Arn") => {
            let path = model.property(attribute.resource, "Path").text().known().filter(|path| path != "/")?;
            error(
                format!("`{name}` has the path `{path}`, and users and roles with a path cannot be allowed"),
                "remove `Path` from it, or allow the account",
            )
        }
        ("AWS::IAM::Role" | "AWS::IAM::User", "") => error(
            format!("`Ref` gives the name of `{name}`, and the list takes ARNs"),
            format!("write `!GetAtt {name}.Arn`"),
        ),
        ("AWS::IAM::Group" | "AWS::IAM::InstanceProfile" | "AWS::EC2::VPC", _) => error(
            format!("`{name}` is neither an account nor a user nor a role"),
            "allow the account, a user or a role",
        ),
        _ => None,
    }
}
