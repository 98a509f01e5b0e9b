//! Tasks whose role lets them use something of the app that they do not reach.

use super::is_way;
use crate::model::policy::Statement;
use crate::model::{Model, OrderedMap, ResourceId, Service, View, runs_on_fargate};
use crate::reach::{Cause, Reach};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1025", "granted-service-unreachable", Warning {
        pitfalls: [62],
        summary: "Tasks whose role lets them use a queue, table or the like that they do not reach",
        why: "The calls of tasks go out through their own network interface. Without an endpoint for the service and without a \
              way to the internet each call waits until it times out, whatever the role allows.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Queue: { Type: AWS::SQS::Queue }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: ecs-tasks.amazonaws.com }, Action: sts:AssumeRole }] }
      Policies: [{ PolicyName: send, PolicyDocument: { Statement: [{ Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Queue.Arn }] } }]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: { TaskRoleArn: !GetAtt Role.Arn, ContainerDefinitions: [{ Name: api, Image: docker.example.internal/api }] }
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16 }] } }
  Queue: { Type: AWS::SQS::Queue }
  Queues:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      VpcEndpointType: Interface
      ServiceName: com.amazonaws.eu-west-1.sqs
      SubnetIds: [!Ref Subnet]
      SecurityGroupIds: [!Ref Group]
      PrivateDnsEnabled: true
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: ecs-tasks.amazonaws.com }, Action: sts:AssumeRole }] }
      Policies: [{ PolicyName: send, PolicyDocument: { Statement: [{ Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Queue.Arn }] } }]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: { TaskRoleArn: !GetAtt Role.Arn, ContainerDefinitions: [{ Name: api, Image: docker.example.internal/api }] }
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
",
        source: "Amazon VPC user guide, access AWS services through AWS PrivateLink",
        traffic: check,
    }
}

/// What tasks call themselves, with the key of its endpoints. Keys of KMS are used by other services on their behalf.
const CALLED: &[(&str, &str)] = &[
    ("AWS::DynamoDB::Table", "dynamodb"),
    ("AWS::Events::EventBus", "events"),
    ("AWS::Kinesis::Stream", "kinesis-streams"),
    ("AWS::KinesisFirehose::DeliveryStream", "kinesis-firehose"),
    ("AWS::Lambda::Function", "lambda"),
    ("AWS::S3::Bucket", "s3"),
    ("AWS::SNS::Topic", "sns"),
    ("AWS::SQS::Queue", "sqs"),
    ("AWS::SSM::Parameter", "ssm"),
    ("AWS::SecretsManager::Secret", "secretsmanager"),
    ("AWS::StepFunctions::StateMachine", "states"),
];

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    let model = reach.model();
    for service in model.all::<Service<'a>>() {
        let Some(definition) = service.definition().filter(|used| runs_on_fargate(service, *used)) else { continue };
        let Some(role) = definition.task_role_view() else { continue };
        let mut used: OrderedMap<&'static str, ResourceId> = OrderedMap::new();
        for placed in role.documents().iter() {
            for statement in placed.document.known_statements().filter(|statement| statement.allows.is_yes()) {
                things(model, statement, &mut |key, id| {
                    used.or_insert_with(key, || id);
                });
            }
        }
        for (key, id) in used.iter() {
            report(reach, service, key, *id, findings);
        }
    }
}

/// What a statement is about that tasks call.
fn things<'a>(model: &'a Model<'a>, statement: &Statement<'a>, take: &mut dyn FnMut(&'static str, ResourceId)) {
    for (_, pattern) in statement.resources.listed() {
        let Some(id) = pattern.of_resource() else { continue };
        let kind = model.type_of(id);
        if let Some((_, key)) = CALLED.iter().find(|(known, _)| *known == kind) {
            take(key, id);
        }
    }
}

fn report<'a>(
    reach: &Reach<'a>,
    service: Service<'a>,
    key: &'static str,
    thing: ResourceId,
    findings: &mut Findings<'_>,
) {
    let answer = reach.task_to_aws_service(service, key);
    // What stands in the way of endpoints that are there is said where the tasks need them to start, or is seen by them.
    if !answer.blockers().iter().any(|blocker| blocker.cause == Cause::NoEndpoint) {
        return;
    }
    let way = answer.blockers().iter().find(|blocker| is_way(blocker.cause));
    let name = reach.model().logical_id(thing);
    let message = format!(
        "tasks of `{}` may use `{name}`, but do not reach it: there is no endpoint for `{key}`, and {}",
        service.logical_id(),
        way.map_or("nothing leads to its public addresses", |blocker| blocker.cause.words()),
    );
    findings
        .report(service.id(), "NetworkConfiguration/AwsvpcConfiguration/Subnets", message)
        .help(format!("add an endpoint for `{key}` that the tasks reach"))
        .mention(thing, "", "the role of the tasks lets them use this");
}
