//! An endpoint whose policy denies what tasks need of it.

use super::blocks;
use crate::diagnostics::Mend;
use crate::model::glob::Pattern;
use crate::model::policy::{Caller, PolicyDocument, Principal, Statement};
use crate::model::{Endpoint, Field, Model, Purpose, Role, Service, Value, View};
use crate::reach::{Cause, Reach};
use crate::rules::Findings;
use crate::rules::mends::map;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1013", "endpoint-policy-denies-tasks", Error {
        pitfalls: [64],
        summary: "An endpoint whose policy denies what tasks need of it",
        why: "The policy of an endpoint limits whatever goes through it. The layers of images are in a bucket of AWS, which a policy about \
              one's own buckets leaves out, so that the image is never pulled.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Table: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Vpc } }
  TableOfSubnet:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: { SubnetId: !Ref Subnet, RouteTableId: !Ref Table }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{ Name: api, Image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\" }]
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
  Gateway:
    Type: AWS::EC2::VPCEndpoint
    Properties: { VpcId: !Ref Vpc, ServiceName: com.amazonaws.eu-west-1.s3, RouteTableIds: [!Ref Table], PolicyDocument: { Statement: [{ Effect: Allow, Principal: \"*\", Action: \"s3:GetObject\", Resource: \"arn:aws:s3:::my-bucket/*\" }] } }
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Table: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Vpc } }
  TableOfSubnet:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: { SubnetId: !Ref Subnet, RouteTableId: !Ref Table }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{ Name: api, Image: \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\" }]
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
  Gateway:
    Type: AWS::EC2::VPCEndpoint
    Properties: { VpcId: !Ref Vpc, ServiceName: com.amazonaws.eu-west-1.s3, RouteTableIds: [!Ref Table], PolicyDocument: { Statement: [{ Effect: Allow, Principal: \"*\", Action: \"s3:GetObject\", Resource: \"arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*\" }] } }
",
        source: "Amazon ECR user guide, interface VPC endpoints (minimum S3 bucket permissions)",
        traffic: check,
    }
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    check_things(reach, findings);
    for block in blocks(reach, |_, blocker| blocker.cause == Cause::EndpointPolicy) {
        let Some(endpoint) = block.blocker.resource else { continue };
        let (service, need) = (block.leg.service, &block.leg.need);
        let message = format!(
            "the policy of the endpoint does not let tasks of `{}` {}",
            service.logical_id(),
            need.purpose.words()
        );
        let document = PolicyDocument::read(reach.model(), &reach.model().property(endpoint, "PolicyDocument"));
        let denies = document.known_statements().any(|statement| !statement.allows.is_yes());
        findings
            .report(endpoint, "PolicyDocument", message)
            .mend_by((need.purpose == Purpose::Layers && block.blocker.service == "s3" && !denies).then(layers))
            .help(if denies { EXCEPT } else { ALLOW })
            .mention(need.resource, need.property.clone(), "this needs it");
    }
}

const ALLOW: &str = "allow what they do there; for the layers of images that is `s3:GetObject` on `arn:aws:s3:::prod-REGION-starport-layer-bucket/*`";
const EXCEPT: &str = "allow what they do there, and except it from what is denied: the layers of images are in `arn:aws:s3:::prod-REGION-starport-layer-bucket/*`, a bucket of AWS";

/// Lets everybody who reaches the endpoint fetch the layers of images, which ECR keeps in a bucket of its own.
fn layers() -> Mend {
    let statement = map(vec![
        ("Effect", "Allow".into()),
        ("Principal", "*".into()),
        ("Action", "s3:GetObject".into()),
        ("Resource", Value::sub("arn:${AWS::Partition}:s3:::prod-${AWS::Region}-starport-layer-bucket/*")),
    ]);
    Mend::suggested("allow the layers of images").add("PolicyDocument/Statement", vec![statement])
}

/// Policies that allow what tasks do, but not with the secret, parameter or log group that is theirs.
fn check_things<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    let model = reach.model();
    for service in model.all::<Service<'a>>().filter(|service| service.is_on_fargate()) {
        let (Some(definition), Ok(parties)) = (service.definition(), reach.tasks(service)) else { continue };
        let Some(from) = parties.first() else { continue };
        let role = definition.execution_role_view();
        for need in definition.startup_permissions().iter() {
            let Some((key, action)) = need.actions.first().and_then(|action| Some((key_of(action)?, *action))) else {
                continue;
            };
            let refuses = |endpoint: &Endpoint<'a>| {
                let document = PolicyDocument::read(model, &endpoint.policy());
                if role.is_some_and(|role| is_for_other_roles(model, &document, action, role)) {
                    return true;
                }
                let refuses = |resource: &Pattern<'a>| document.refuses(Caller::Somebody, action, resource);
                let mut resources = std::iter::once(&need.resource).chain(&need.or);
                resources.all(refuses) && !refuses(&Pattern::anything())
            };
            let taken = reach.endpoints_taken(from, key);
            let is_closed = taken.iter().all(|endpoint| !endpoint.policy().is_absent() && refuses(endpoint));
            let Some(endpoint) = taken.first().filter(|_| is_closed) else { continue };
            let message =
                format!("the policy of the endpoint does not let tasks of `{}` {}", service.logical_id(), need.what);
            findings.report(endpoint.id(), "PolicyDocument", message).help(format!("allow `{action}` on it")).mention(
                definition.id(),
                need.place.clone(),
                "this needs it",
            );
        }
    }
}

/// Whether an action is allowed, but only to roles of the app other than this one.
fn is_for_other_roles<'a>(model: &'a Model<'a>, document: &PolicyDocument<'a>, action: &str, role: Role<'a>) -> bool {
    let is_about = |statement: &&Statement<'a>| !statement.allows.is_no() && !statement.is_about_action(action).is_no();
    let is_other = |principal: &Principal<'a>| {
        let named = principal.name.of_resource().and_then(|id| model.view::<Role<'a>>(id));
        named.is_some_and(|named| named.id() != role.id())
    };
    let mut allowing = document.known_statements().filter(is_about).peekable();
    allowing.peek().is_some()
        && allowing.all(|statement| match &statement.principals {
            Field::Known(principals) => !statement.excepts_principals && principals.iter().all(is_other),
            _ => false,
        })
}

/// The endpoint through which an action goes.
fn key_of(action: &str) -> Option<&'static str> {
    match action {
        "ecr:GetAuthorizationToken" => Some("ecr.api"),
        "ecr:BatchGetImage" => Some("ecr.dkr"),
        _ => ["secretsmanager", "ssm", "logs"].into_iter().find(|key| action.split(':').next() == Some(key)),
    }
}
