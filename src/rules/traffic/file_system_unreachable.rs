//! File systems that tasks mount and cannot reach.

use crate::model::{
    Field, Gather as _, Identity, MountTarget, Relation, ResourceId, Service, Subnet, View, Zone, may_have_more,
};
use crate::reach::{Answer, Known, Party, Protocol, Reach, Traffic};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1023", "file-system-unreachable", Error {
        pitfalls: [66],
        summary: "A file system that tasks mount and cannot reach",
        why: "A task mounts a file system of EFS through the mount target in its own Availability Zone, by TCP on port 2049. \
              Without one there, or where security groups do not let it through, the task never starts.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of tasks, VpcId: !Ref Vpc } }
  Files: { Type: AWS::EFS::FileSystem }
  Closed: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of files, VpcId: !Ref Vpc } }
  Target: { Type: AWS::EFS::MountTarget, Properties: { FileSystemId: !Ref Files, SubnetId: !Ref Subnet, SecurityGroups: [!Ref Closed] } }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Volumes: [{ Name: data, EFSVolumeConfiguration: { FilesystemId: !Ref Files } }]
      ContainerDefinitions: [{ Name: api, Image: api, MountPoints: [{ SourceVolume: data, ContainerPath: /data }] }]
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of tasks, VpcId: !Ref Vpc } }
  Files: { Type: AWS::EFS::FileSystem }
  Open:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of files
      VpcId: !Ref Vpc
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 2049, ToPort: 2049, SourceSecurityGroupId: !Ref Group }]
  Target: { Type: AWS::EFS::MountTarget, Properties: { FileSystemId: !Ref Files, SubnetId: !Ref Subnet, SecurityGroups: [!Ref Open] } }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Volumes: [{ Name: data, EFSVolumeConfiguration: { FilesystemId: !Ref Files } }]
      ContainerDefinitions: [{ Name: api, Image: api, MountPoints: [{ SourceVolume: data, ContainerPath: /data }] }]
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet], SecurityGroups: [!Ref Group] } }
",
        source: "Amazon EFS user guide, managing mount targets",
        traffic: check,
    }
}

/// The port of NFS.
const NFS: u16 = 2049;

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    let model = reach.model();
    for service in model.all::<Service<'a>>() {
        let Some(definition) = service.definition() else { continue };
        for volume in definition.property("Volumes").known_items() {
            let files = volume.at("EFSVolumeConfiguration/FilesystemId");
            let Some(files) = files.resource().filter(|id| model.type_of(*id) == "AWS::EFS::FileSystem") else {
                continue;
            };
            let targets = model.related(Relation::MountTargetFileSystem, &Identity::Resource(files));
            of_service(
                reach,
                service,
                &Files {
                    id: files,
                    targets: targets.gather(),
                    may_have_more: may_have_more(model, files) || model.dependencies().is_put_out(files),
                },
                findings,
            );
        }
    }
}

/// A file system with its mount targets.
struct Files<'a> {
    id: ResourceId,
    targets: Vec<MountTarget<'a>>,
    /// Whether another stack may add further ones.
    may_have_more: bool,
}

fn of_service<'a>(reach: &Reach<'a>, service: Service<'a>, files: &Files<'a>, findings: &mut Findings<'_>) {
    let Ok(tasks) = reach.tasks(service) else { return };
    let mut is_closed_said = false;
    for task in tasks.iter() {
        let near: Vec<_> = files.targets.iter().filter(|target| may_be_near(reach, task, **target)).gather();
        if near.is_empty() {
            if files.may_have_more {
                continue;
            }
            let name = subnet_of(reach, task.subnet.as_ref()).map_or("their subnet", |subnet| subnet.logical_id());
            let message = format!("the file system has no mount target in the zone of `{name}`, where tasks mount it");
            findings
                .report(service.id(), "NetworkConfiguration/AwsvpcConfiguration/Subnets", message)
                .help("add an `AWS::EFS::MountTarget` in each zone of the service")
                .mention(files.id, "", "this is the file system");
            continue;
        }
        let answers = near.iter().map(|target| admits(reach, task, reach.mount_target(**target)));
        let answer = answers.reduce(Answer::or);
        let Some(blocker) = answer.as_ref().and_then(|answer| answer.blockers().first()) else { continue };
        if !is_closed_said {
            is_closed_said = true;
            let place = blocker.resource.or(blocker.party).unwrap_or(service.id());
            let message =
                format!("tasks of `{}` cannot mount the file system: {}", service.logical_id(), blocker.cause.words());
            findings
                .report(place, blocker.property.clone(), message)
                .mend_by(super::open(reach, blocker, Protocol::TCP, Some(NFS)))
                .help("let the tasks out on port 2049, and admit them there in the security group of the mount targets")
                .mention(service.id(), "", "these tasks mount it")
                .mention(files.id, "", "this is the file system");
        }
    }
}

fn admits<'a>(reach: &Reach<'a>, task: &Party<'a>, target: Known<'a>) -> Answer<'a> {
    let answers = target.into_iter().flat_map(|parties| {
        let answers: Vec<_> = parties.iter().map(|target| reach.between(task, target, Traffic::tcp(NFS))).gather();
        answers
    });
    answers.reduce(Answer::or).unwrap_or(Answer::Admitted)
}

fn subnet_of<'a>(reach: &Reach<'a>, subnet: Option<&Identity<'a>>) -> Option<Subnet<'a>> {
    reach.model().find(subnet?)
}

/// Whether a mount target may be in the zone of a task.
fn may_be_near<'a>(reach: &Reach<'a>, task: &Party<'a>, target: MountTarget<'a>) -> bool {
    let Field::Known(subnet) = target.subnet() else { return true };
    if task.subnet.as_ref() == Some(&subnet) {
        return true;
    }
    let zones = subnet_of(reach, task.subnet.as_ref())
        .and_then(Zone::of)
        .zip(subnet_of(reach, Some(&subnet)).and_then(Zone::of));
    zones.is_none_or(|(one, other)| one.is_same(&other) != Some(false))
}
