//! Tasks and services.

use super::{Case, assert_cases, case};

const CASES: &[Case] = &[
    case(
        "a size by parameters that are not known",
        &[],
        r#"Parameters: { Cpu: { Type: String } }
Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: !Ref Cpu, Memory: '512', ContainerDefinitions: [{ Name: api, Image: api }] } }
"#,
    ),
    case(
        "a size that fits by the default of a parameter",
        &[],
        r#"Parameters: { Cpu: { Type: String, Default: .5 vCPU } }
Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: !Ref Cpu, Memory: 1 GB, ContainerDefinitions: [{ Name: api, Image: api }] } }
"#,
    ),
    case(
        "a size that does not fit by the default of a parameter",
        &["RF1401"],
        r#"Parameters: { Cpu: { Type: Number, Default: 512 } }
Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: !Ref Cpu, Memory: 8 GB, ContainerDefinitions: [{ Name: api, Image: api }] } }
"#,
    ),
    case(
        "no size on instances",
        &[],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { ContainerDefinitions: [{ Name: api, Image: api, Memory: 512 }] } }
"#,
    ),
    case(
        "a size that is missing where only the service says Fargate",
        &["RF1401"],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { Cpu: '256', ContainerDefinitions: [{ Name: api, Image: api }] } }
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [subnet-0123456789abcdef0] } }, TaskDefinition: !Ref Task, DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } }, DesiredCount: 2 } }
"#,
    ),
    case(
        "reservations below the limits of containers",
        &[],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: api, Memory: 512, MemoryReservation: 256 }, { Name: log, Image: log, Memory: 512, MemoryReservation: 256 }] } }
"#,
    ),
    case(
        "a limit of one container above the size of the task",
        &["RF1402"],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: api, Memory: 1024, MemoryReservation: 256 }] } }
"#,
    ),
    case(
        "CPU of two containers above that of the task",
        &["RF1402"],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: api, Cpu: 256 }, { Name: log, Image: log, Cpu: 1 }] } }
"#,
    ),
    case(
        "an image for two architectures",
        &[],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: 'api:1-amd64-arm64' }] } }
"#,
    ),
    case(
        "an image for ARM by its repository",
        &["RF1405"],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: !Sub '${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/api-aarch64:1' }] } }
"#,
    ),
    case(
        "a public address behind a public load balancer",
        &[],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: api }] } }
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, TaskDefinition: !Ref Task, DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } }, NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: ENABLED, Subnets: [subnet-0123456789abcdef0] } }, HealthCheckGracePeriodSeconds: 60, LoadBalancers: [{ ContainerName: api, ContainerPort: 80, TargetGroupArn: !Ref Group }] } }
  Group: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { TargetType: ip, Port: 80, Protocol: HTTP } }
  Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer }
  Listener: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref Balancer, Port: 80, Protocol: HTTP, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }] } }
"#,
    ),
    case(
        "deployments stopped by alarms instead",
        &[],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: api }] } }
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, TaskDefinition: !Ref Task, NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [subnet-0123456789abcdef0] } }, DeploymentConfiguration: { Alarms: { Enable: true, Rollback: true, AlarmNames: [health] } } } }
"#,
    ),
    case(
        "a controller of somebody else",
        &[],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: api }] } }
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [subnet-0123456789abcdef0] } }, TaskDefinition: !Ref Task, DeploymentController: { Type: EXTERNAL } } }
"#,
    ),
    case(
        "one task that may neither go nor come",
        &["RF1413"],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: api }] } }
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [subnet-0123456789abcdef0] } }, TaskDefinition: !Ref Task, DesiredCount: 1, DeploymentConfiguration: { MinimumHealthyPercent: 50, MaximumPercent: 150, DeploymentCircuitBreaker: { Enable: true, Rollback: true } } } }
"#,
    ),
    case(
        "four tasks with room for one more",
        &[],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: api }] } }
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [subnet-0123456789abcdef0] } }, TaskDefinition: !Ref Task, DesiredCount: 4, DeploymentConfiguration: { MinimumHealthyPercent: 100, MaximumPercent: 125, DeploymentCircuitBreaker: { Enable: true, Rollback: true } } } }
"#,
    ),
    case(
        "subnets by a parameter",
        &[],
        r#"Parameters: { Subnets: { Type: 'List<AWS::EC2::Subnet::Id>' } }
Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: api }] } }
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, TaskDefinition: !Ref Task, DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } }, NetworkConfiguration: { AwsvpcConfiguration: { Subnets: !Ref Subnets } } } }
"#,
    ),
    case(
        "sessions with room for the agent on a read-only root",
        &[],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', TaskRoleArn: 'arn:aws:iam::111122223333:role/worker', Volumes: [{ Name: agent }], ContainerDefinitions: [{ Name: api, Image: api, ReadonlyRootFilesystem: true, MountPoints: [{ SourceVolume: agent, ContainerPath: /var/lib/amazon }] }] } }
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [subnet-0123456789abcdef0] } }, TaskDefinition: !Ref Task, DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } }, EnableExecuteCommand: true } }
"#,
    ),
    case(
        "sessions with a managed policy that is not known",
        &[],
        r#"Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Description: none
      ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/sessions']
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', TaskRoleArn: !GetAtt Worker.Arn, ContainerDefinitions: [{ Name: api, Image: api }] } }
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [subnet-0123456789abcdef0] } }, TaskDefinition: !Ref Task, DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } }, EnableExecuteCommand: true } }
"#,
    ),
    case(
        "sessions by a policy that stands by itself",
        &[],
        r#"Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Description: none
  Sessions: { Type: AWS::IAM::Policy, Properties: { PolicyName: sessions, Roles: [!Ref Worker], PolicyDocument: { Statement: [{ Effect: Allow, Action: ['ssmmessages:Create*', 'ssmmessages:Open*'], Resource: '*' }] } } }
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', TaskRoleArn: !GetAtt Worker.Arn, ContainerDefinitions: [{ Name: api, Image: api }] } }
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [subnet-0123456789abcdef0] } }, TaskDefinition: !Ref Task, DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } }, EnableExecuteCommand: true } }
"#,
    ),
    case(
        "a rotated secret with a rule for every secret",
        &[],
        r#"Resources:
  Secret: { Type: AWS::SecretsManager::Secret }
  Rotation: { Type: AWS::SecretsManager::RotationSchedule, Properties: { SecretId: !Ref Secret } }
  Restart: { Type: AWS::Events::Rule, Properties: { EventPattern: { source: [aws.secretsmanager] } } }
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: A, ValueFrom: !Sub '${Secret}:a::' }] }] } }
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [subnet-0123456789abcdef0] } }, TaskDefinition: !Ref Task, DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } }, DesiredCount: 2 } }
"#,
    ),
    case(
        "a rotated secret that no service uses",
        &[],
        r#"Resources:
  Secret: { Type: AWS::SecretsManager::Secret }
  Rotation: { Type: AWS::SecretsManager::RotationSchedule, Properties: { SecretId: !Ref Secret } }
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: api }] } }
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [subnet-0123456789abcdef0] } }, TaskDefinition: !Ref Task, DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } }, DesiredCount: 2 } }
"#,
    ),
    case(
        "too few addresses for what scaling may reach",
        &["RF1416"],
        r#"Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/26 } }
  Cluster: { Type: AWS::ECS::Cluster }
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: api }] } }
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, TaskDefinition: !Ref Task, DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } }, Cluster: !Ref Cluster, DesiredCount: 2, NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Subnet] } } } }
  Scaling: { Type: AWS::ApplicationAutoScaling::ScalableTarget, Properties: { ServiceNamespace: ecs, ResourceId: !Sub 'service/${Cluster}/${Service.Name}', MinCapacity: 2, MaxCapacity: 40 } }
"#,
    ),
    case(
        "all endpoints of ECS missing in a new Region",
        &[],
        r#"Resources:
  Api: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcEndpointType: Interface, VpcId: vpc-0123456789abcdef0, ServiceName: com.amazonaws.ca-west-1.ecr.api } }
"#,
    ),
    case(
        "one endpoint of ECS in an old Region",
        &[],
        r#"Resources:
  Ecs: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcEndpointType: Interface, VpcId: vpc-0123456789abcdef0, ServiceName: com.amazonaws.eu-west-1.ecs } }
"#,
    ),
];

#[test]
fn rules_of_this_subject_find_what_they_should_and_nothing_else() {
    assert_cases("RF14", CASES);
}
