//! Functions that cannot be made, and those that cannot rotate the secret that they are for.

use crate::diagnostics::Severity;
use crate::model::glob::Pattern;
use crate::model::{Attribute, Gather as _, Model, ResourceId, Role, Secret, View as _};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1533", "function-without-permission", Error {
        pitfalls: [72],
        summary: "A function in a network whose role may not make its interfaces, or one that may not rotate its secret",
        why: "A function in subnets gets network interfaces with the permissions of its own role, and is refused without them. \
              Secrets Manager calls a rotation function only if that lets it, and the function needs four actions on the secret: \
              without one of them every rotation fails.",
        example: "Resources:
  Maker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: 'sts:AssumeRole', Principal: { Service: lambda.amazonaws.com } }] }
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt Maker.Arn
      Code: { ZipFile: pass }
      VpcConfig: { SubnetIds: [subnet-0123456789abcdef0], SecurityGroupIds: [sg-0123456789abcdef0] }
",
        instead: "Resources:
  Maker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: 'sts:AssumeRole', Principal: { Service: lambda.amazonaws.com } }] }
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole']
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt Maker.Arn
      Code: { ZipFile: pass }
      VpcConfig: { SubnetIds: [subnet-0123456789abcdef0], SecurityGroupIds: [sg-0123456789abcdef0] }
",
        source: "AWS Lambda developer guide, attaching functions to a VPC, IAM permissions; AWS Secrets Manager user guide, \
                 Lambda rotation function execution role permissions",
        check: check,
    }
}

/// What rotation does with a secret. Source: `secretsmanager/latest/userguide/rotating-secrets-required-permissions-function`.
const ROTATION: [&str; 4] = [
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecretVersionStage",
];

const SECRETS: &str = "secretsmanager.amazonaws.com";

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for id in model.of_type("AWS::Lambda::Function") {
        let Some(role) = role_of(model, id) else { continue };
        let subnets = model.property(id, "VpcConfig/SubnetIds");
        let is_in_network = !subnets.is_absent() && !subnets.items().is_known_and(|items| items.is_empty());
        if is_in_network && role.permissions().allow("ec2:CreateNetworkInterface", &Pattern::anything()).is_no() {
            findings
                .report(id, "Role", "the role may not make the network interfaces of the function, which is refused")
                .help("add the managed policy `service-role/AWSLambdaVPCAccessExecutionRole` to the role")
                .mention(role.id(), "", "this is the role");
        }
    }
    for id in model.of_type("AWS::SecretsManager::RotationSchedule") {
        let function = model.property(id, "RotationLambdaARN").resource();
        let Some(function) = function.filter(|id| model.type_of(*id) == "AWS::Lambda::Function") else { continue };
        caller(model, findings, id, function);
        if let (Some(role), Some(secret)) = (role_of(model, function), secret_of(model, id)) {
            permissions(model, findings, (id, secret), role);
        }
    }
}

fn role_of<'a>(model: &'a Model<'a>, function: ResourceId) -> Option<Role<'a>> {
    model.property(function, "Role").resource().and_then(|id| model.view::<Role<'a>>(id))
}

fn secret_of<'a>(model: &'a Model<'a>, schedule: ResourceId) -> Option<Secret<'a>> {
    model.property(schedule, "SecretId").resource().and_then(|id| model.view::<Secret<'a>>(id))
}

/// Whether Secrets Manager may call the function, and may do so in time: it tries as soon as the schedule is made.
fn caller<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>, schedule: ResourceId, function: ResourceId) {
    let place = "RotationLambdaARN";
    if model.template_of(function).is_none_or(|template| template.has_unwritten_resources()) {
        return;
    }
    let may_be_about = |id: &ResourceId| {
        let named = model.property(*id, "FunctionName");
        let is_other = named.resource().is_some_and(|other| other != function);
        let is_for_it = !model.property(*id, "Principal").text().is_known_and(|name| name != SECRETS);
        !is_other && is_for_it
    };
    let all: Vec<ResourceId> = model.of_type("AWS::Lambda::Permission").filter(may_be_about).gather();
    if all.is_empty() {
        findings
            .report(schedule, place, "nothing lets Secrets Manager call the function, and rotation is refused")
            .help(format!("add an `AWS::Lambda::Permission` for `{SECRETS}` with `lambda:InvokeFunction`"))
            .mention(function, "", "this is the function");
    } else if all.iter().all(|id| id.template == schedule.template) && !model.dependencies().reaches(schedule, &all) {
        let first = all.first().copied().unwrap_or(function);
        findings
            .report(schedule, place, "rotation may begin before Secrets Manager may call the function")
            .help(format!("let the schedule wait for `{}` (`DependsOn`)", model.logical_id(first)))
            .mention(first, "", "this lets it")
            .severity(Severity::Warning);
    }
}

fn permissions<'a>(
    model: &'a Model<'a>,
    findings: &mut Findings<'_>,
    (schedule, secret): (ResourceId, Secret<'a>),
    role: Role<'a>,
) {
    // A secret may let the role in by a policy of its own.
    if model.of_type("AWS::SecretsManager::ResourcePolicy").next().is_some() {
        return;
    }
    let permissions = role.permissions();
    let resource = Pattern::of_attribute(model, Attribute { resource: secret.id(), name: "" });
    let missing: Vec<&str> =
        ROTATION.into_iter().filter(|action| permissions.allow(action, &resource).is_no()).gather();
    if let Some(first) = missing.first() {
        findings
            .report(
                schedule,
                "RotationLambdaARN",
                format!("the function may not do `{first}` with the secret, and rotation fails"),
            )
            .help(format!(
                "allow its role {} on the secret",
                missing.iter().map(|name| format!("`{name}`")).gather::<Vec<_>>().join(", ")
            ))
            .mention(role.id(), "", "this is the role of the function")
            .mention(secret.id(), "", "this is the secret");
    }
}
