//! ECS Exec for a container whose root file system is read-only.

use crate::diagnostics::Mend;
use crate::model::{Container, Model, Node, Service, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1409", "exec-on-read-only-root", Warning {
        pitfalls: [68],
        summary: "ECS Exec for a container whose root file system is read-only",
        why: "The agent of ECS Exec writes files below the root of the container. On a read-only root file system it does not start, and there are no sessions.",
        example: "Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: { Service: ecs-tasks.amazonaws.com }
            Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } }
      Policies:
        - PolicyName: sessions
          PolicyDocument:
            Statement: [{ Effect: Allow, Action: ['ssmmessages:*'], Resource: '*' }]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      TaskRoleArn: !GetAtt Worker.Arn
      ContainerDefinitions: [{ Name: api, Image: api, ReadonlyRootFilesystem: true }]
  Service:
    Type: AWS::ECS::Service
    Properties: { LaunchType: FARGATE, TaskDefinition: !Ref Task, EnableExecuteCommand: true }
",
        instead: "Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: { Service: ecs-tasks.amazonaws.com }
            Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } }
      Policies:
        - PolicyName: sessions
          PolicyDocument:
            Statement: [{ Effect: Allow, Action: ['ssmmessages:*'], Resource: '*' }]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      TaskRoleArn: !GetAtt Worker.Arn
      ContainerDefinitions: [{ Name: api, Image: api, ReadonlyRootFilesystem: false }]
  Service:
    Type: AWS::ECS::Service
    Properties: { LaunchType: FARGATE, TaskDefinition: !Ref Task, EnableExecuteCommand: true }
",
        source: "Amazon ECS developer guide, monitor containers with ECS Exec",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<Service<'a>>().filter(|service| service.enables_exec().is_known_and(|enables| enables)) {
        let Some(definition) = service.definition() else { continue };
        for container in definition.placed_containers() {
            let is_read_only =
                container.property("ReadonlyRootFilesystem").bool().is_known_and(|is_read_only| is_read_only);
            if is_read_only && !has_room_for_agent(&container) {
                findings
                    .report(
                        definition.id(),
                        container.place_of("ReadonlyRootFilesystem"),
                        "ECS Exec does not work on a read-only root file system",
                    )
                    .mend(Mend::setting(false, "EnableExecuteCommand", false.into()).on(service.id()))
                    .help("switch ECS Exec off, or make the root file system writable while it is needed")
                    .mention(service.id(), "EnableExecuteCommand", "here it is switched on");
            }
        }
    }
}

/// Whether volumes are mounted where the agent writes, or where is not known.
fn has_room_for_agent(container: &Container<'_>) -> bool {
    let mounts = container.property("MountPoints");
    let is_for_agent = |mount: &Node<'_>| {
        mount.get("ContainerPath").text().known().is_none_or(|path| path.starts_with("/var/lib/amazon"))
    };
    mounts.because().is_some() || mounts.known_items().iter().any(is_for_agent)
}
