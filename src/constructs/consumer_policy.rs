//! The policy that lets roles of a consumer create the endpoint of this service, and no other.

use crate::cfn::{LogicalId, Text, Value};
use crate::diagnostics::codes::consumer as codes;
use crate::resources::iam;
use crate::spec::{self, Input};

use super::Scope;
use super::consumer::{Provider, VpcPlace, service_region};
use super::iam::{Statement, document};
use super::security_group::SecurityGroup;

/// Adds the policy to the roles that the spec names, if it names any.
///
/// `ec2:CreateVpcEndpoint` is judged once for everything that it touches, and the keys about the service exist only for
/// the endpoint itself. So the VPC, subnets and group are in a statement of their own; with the condition they would never
/// be allowed. Source: AWS PrivateLink guide, "Identity-based policy examples", and the Service Authorization Reference.
pub(super) fn add(
    scope: &mut Scope<'_>,
    settings: &spec::Consumer,
    provider: &Provider<'_>,
    place: &VpcPlace,
    group: &SecurityGroup,
    service_name: &Value,
) -> Option<LogicalId> {
    check_roles(scope, &settings.creator_roles);
    if settings.creator_roles.is_empty() {
        return None;
    }
    let remote = service_region(settings, provider);
    let mut statements = vec![
        Statement::allow(["ec2:CreateVpcEndpoint"])
            .sid("Place")
            .on(ec2("vpc", place.vpc.clone()))
            .on(ec2("security-group", group.group_id.clone())),
        subnets(place),
        endpoint(service_name, remote.as_ref()),
        Statement::allow(["ec2:CreateTags"]).sid("Tags").on(ec2("vpc-endpoint", "*")).when(
            "StringEquals",
            "ec2:CreateAction",
            "CreateVpcEndpoint",
        ),
        look_up(),
    ];
    if provider.verified_name().is_some() {
        statements.push(private_dns(place));
    }
    if let Some(region) = remote {
        statements.push(across_regions(region, provider));
    }
    let resource = iam::ManagedPolicy::new()
        .description(description(provider))
        .policy_document(document(statements))
        .roles(settings.creator_roles.iter().map(Input::to_value));
    Some(scope.add("CreatorPolicy", resource))
}

fn description(provider: &Provider<'_>) -> Value {
    match provider.service_name {
        Some(_) => Value::from("Create the endpoint of one service"),
        None => Value::from(format!("Create the endpoint of the service of the stack {}", provider.stack.name())),
    }
}

/// An ARN of EC2 in the consumer's account and Region.
fn ec2(kind: &'static str, id: impl Into<Value>) -> Value {
    Value::join([
        Value::from("arn:"),
        Value::reference("AWS::Partition"),
        Value::from(":ec2:"),
        Value::reference("AWS::Region"),
        Value::from(":"),
        Value::reference("AWS::AccountId"),
        Value::from(format!(":{kind}/")),
        id.into(),
    ])
}

/// Subnets that are in a list which is known at deployment only are named by the condition key of their ID.
fn subnets(place: &VpcPlace) -> Statement {
    let statement = Statement::allow(["ec2:CreateVpcEndpoint"]).sid("Subnets");
    match place.subnets.as_list() {
        Some(subnets) if !subnets.iter().any(Value::is_list_token) => {
            statement.on_all(subnets.iter().map(|subnet| ec2("subnet", subnet.clone())))
        }
        _ => statement.on(ec2("subnet", "*")).when("StringEquals", "ec2:SubnetID", place.subnets.clone()),
    }
}

fn endpoint(service_name: &Value, remote: Option<&Value>) -> Statement {
    let statement = Statement::allow(["ec2:CreateVpcEndpoint"]).sid("Endpoint").on(ec2("vpc-endpoint", "*")).when(
        "StringEquals",
        "ec2:VpceServiceName",
        service_name.clone(),
    );
    match remote {
        Some(region) => statement.when("StringEquals", "ec2:VpceServiceRegion", region.clone()),
        None => statement,
    }
}

/// None of these takes a resource.
fn look_up() -> Statement {
    Statement::allow([
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcEndpointServices",
        "ec2:DescribeVpcEndpoints",
        "ec2:DescribeVpcs",
    ])
    .sid("LookUp")
    .on("*")
}

/// The hosted zone of a private DNS name belongs to AWS, so the VPC is what can be limited.
fn private_dns(place: &VpcPlace) -> Statement {
    let zones =
        Value::join([Value::from("arn:"), Value::reference("AWS::Partition"), Value::from(":route53:::hostedzone/*")]);
    let vpc = Value::join([
        Value::from("VPCId="),
        place.vpc.clone(),
        Value::from(",VPCRegion="),
        Value::reference("AWS::Region"),
    ]);
    Statement::allow(["route53:AssociateVPCWithHostedZone"]).sid("PrivateDns").on(zones).when(
        "ForAllValues:StringEquals",
        "route53:VPCs",
        vpc,
    )
}

/// Source: AWS PrivateLink guide, "How AWS PrivateLink works with IAM"; the action is for permissions only.
fn across_regions(region: Value, provider: &Provider<'_>) -> Statement {
    let account = provider.place().account.unwrap_or("*");
    let service = Value::join([
        Value::from("arn:"),
        Value::reference("AWS::Partition"),
        Value::from(":ec2:"),
        region,
        Value::from(format!(":{account}:vpc-endpoint-service/*")),
    ]);
    Statement::allow(["vpce:AllowMultiRegion"]).sid("AcrossRegions").on(ec2("vpc-endpoint", "*")).on(service)
}

/// Source: botocore 1.44.5, shape `roleNameType` of IAM.
fn check_roles(scope: &mut Scope<'_>, roles: &[Input<Text>]) {
    for (index, role) in roles.iter().enumerate() {
        let Some(name) = role.known() else { continue };
        let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || "_+=,.@-".contains(letter);
        let at = format!("creatorRoles/{index}");
        if roles.iter().take(index).any(|earlier| earlier == role) {
            scope.error(codes::BAD_CREATOR, &at, format!("the role `{name}` is in the list already"), "remove it");
        } else if !(1..=64).contains(&name.len()) || !name.chars().all(is_allowed) {
            let message = format!("`{name}` is no name of a role");
            scope.error(codes::BAD_CREATOR, &at, message, "give the name alone, without ARN and path");
        }
    }
}
