//! A rotation function without a way to Secrets Manager.

use crate::model::{RotationSchedule, View};
use crate::reach::Reach;
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1019", "rotation-unreachable", Error {
        pitfalls: [72],
        summary: "A rotation function without a way to Secrets Manager or to the database",
        why: "A function that rotates a secret runs in the subnets that it is given, and has to reach Secrets Manager from there. Without an \
              endpoint for it and without a way to the internet every rotation fails, and the secret stays as it is. The database has \
              to admit it as well.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc } }
  Secret: { Type: AWS::SecretsManager::Secret }
  Rotation:
    Type: AWS::SecretsManager::RotationSchedule
    Properties:
      SecretId: !Ref Secret
      HostedRotationLambda: { RotationType: PostgreSQLSingleUser, VpcSubnetIds: !Ref Subnet, VpcSecurityGroupIds: !Ref Group }
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: of its own, VpcId: !Ref Vpc, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16 }] } }
  Secret: { Type: AWS::SecretsManager::Secret }
  Rotation:
    Type: AWS::SecretsManager::RotationSchedule
    Properties:
      SecretId: !Ref Secret
      HostedRotationLambda: { RotationType: PostgreSQLSingleUser, VpcSubnetIds: !Ref Subnet, VpcSecurityGroupIds: !Ref Group }
  Secrets:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      VpcEndpointType: Interface
      ServiceName: com.amazonaws.eu-west-1.secretsmanager
      SubnetIds: [!Ref Subnet]
      SecurityGroupIds: [!Ref Group]
      PrivateDnsEnabled: true
",
        source: "AWS Secrets Manager user guide, network access for the rotation function",
        traffic: check,
    }
}

fn check<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>) {
    for schedule in reach.model().all::<RotationSchedule<'a>>() {
        to_database(reach, schedule, findings);
        let Some(answer) = reach.rotation_to_secrets_manager(schedule) else { continue };
        let Some(blocker) = answer.blockers().first() else { continue };
        let message =
            format!("the rotation function has no way to Secrets Manager from its subnets: {}", blocker.cause.words());
        let found = findings.report(schedule.id(), "HostedRotationLambda/VpcSubnetIds", message);
        found.help("add an interface endpoint for `secretsmanager` with private DNS, whose security group admits that of the function");
        if let Some(resource) = blocker.resource {
            found.mention(resource, blocker.property.clone(), "this is in the way");
        }
    }
}

fn to_database<'a>(reach: &Reach<'a>, schedule: RotationSchedule<'a>, findings: &mut Findings<'_>) {
    let Some((database, answer)) = reach.rotation_to_database(schedule) else { return };
    let Some(blocker) = answer.blockers().first() else { return };
    let message = format!("the rotation function does not reach the database: {}", blocker.cause.words());
    let found = findings.report(schedule.id(), "HostedRotationLambda/VpcSecurityGroupIds", message);
    found
        .help("admit the security group of the function in that of the database, on the port of the database")
        .mention(database, "", "this is the database");
    super::soften(reach, blocker, found);
    if let Some(resource) = blocker.resource {
        found.mention(resource, blocker.property.clone(), "this is in the way");
    }
}
