//! Identity, secrets and keys.

use super::{Case, assert_cases, case};

const CASES: &[Case] = &[
    case(
        "a secret by the pattern of its name",
        &[],
        r#"Resources:
  Secret: { Type: AWS::SecretsManager::Secret, Properties: { Name: prod/db } }
  Starter:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: 'secretsmanager:GetSecret*', Resource: !Sub 'arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:prod/*' }] } }]
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: !GetAtt Starter.Arn, ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: A, ValueFrom: !Ref Secret }] }] } }
"#,
    ),
    case(
        "a secret of another name",
        &["RF1502"],
        r#"Resources:
  Secret: { Type: AWS::SecretsManager::Secret, Properties: { Name: prod/db } }
  Starter:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: !Sub 'arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:test/*' }] } }]
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: !GetAtt Starter.Arn, ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: A, ValueFrom: !Ref Secret }] }] } }
"#,
    ),
    case(
        "a secret that is denied",
        &["RF1502"],
        r#"Resources:
  Secret: { Type: AWS::SecretsManager::Secret, Properties: { Name: prod/db } }
  Starter:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: !Ref Secret }, { Effect: Deny, Action: 'secretsmanager:*', Resource: '*' }] } }]
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: !GetAtt Starter.Arn, ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: A, ValueFrom: !Ref Secret }] }] } }
"#,
    ),
    case(
        "a secret with a condition",
        &[],
        r#"Resources:
  Secret: { Type: AWS::SecretsManager::Secret, Properties: { Name: prod/db } }
  Starter:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: '*', Condition: { StringEquals: { 'aws:ResourceTag/team': a } } }] } }]
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: !GetAtt Starter.Arn, ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: A, ValueFrom: !Ref Secret }] }] } }
"#,
    ),
    case(
        "a secret by its own policy",
        &[],
        r#"Resources:
  Secret: { Type: AWS::SecretsManager::Secret, Properties: { Name: prod/db } }
  Open: { Type: AWS::SecretsManager::ResourcePolicy, Properties: { SecretId: !Ref Secret, ResourcePolicy: { Statement: [] } } }
  Starter:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Description: none
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: !GetAtt Starter.Arn, ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: A, ValueFrom: !Ref Secret }] }] } }
"#,
    ),
    case(
        "a parameter by name",
        &[],
        r#"Resources:
  Starter:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: 'ssm:GetParameter*', Resource: !Sub 'arn:aws:ssm:*:*:parameter/prod/*' }] } }]
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: !GetAtt Starter.Arn, ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: A, ValueFrom: /prod/url }] }] } }
"#,
    ),
    case(
        "a parameter that only another action reads",
        &["RF1502"],
        r#"Resources:
  Starter:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: ssm:GetParameter, Resource: !Sub 'arn:aws:ssm:*:*:parameter/prod/*' }] } }]
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: !GetAtt Starter.Arn, ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: A, ValueFrom: /prod/url }] }] } }
"#,
    ),
    case(
        "an image and a log by the managed policy",
        &[],
        r#"Resources:
  Starter:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Description: none
      ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy']
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: !GetAtt Starter.Arn, ContainerDefinitions: [{ Name: api, Image: !Sub '${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/api:1', LogConfiguration: { LogDriver: awslogs, Options: { awslogs-group: /api, awslogs-region: !Ref AWS::Region, awslogs-stream-prefix: api } } }] } }
"#,
    ),
    case(
        "a log group that is made on the way by the managed policy",
        &["RF1502"],
        r#"Resources:
  Starter:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Description: none
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy']
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: !GetAtt Starter.Arn, ContainerDefinitions: [{ Name: api, Image: api, LogConfiguration: { LogDriver: awslogs, Options: { awslogs-create-group: 'true', awslogs-group: /api, awslogs-region: !Ref AWS::Region, awslogs-stream-prefix: api } } }] } }
"#,
    ),
    case(
        "images on instances, which have a role of their own",
        &[],
        r#"Resources:
  Starter:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Description: none
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { ExecutionRoleArn: !GetAtt Starter.Arn, ContainerDefinitions: [{ Name: api, Image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1', Memory: 256 }] } }
"#,
    ),
    case(
        "a repository of another name",
        &["RF1502"],
        r#"Resources:
  Starter:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: ecr:GetAuthorizationToken, Resource: '*' }, { Effect: Allow, Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], Resource: 'arn:aws:ecr:eu-west-1:111122223333:repository/web' }] } }]
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: !GetAtt Starter.Arn, ContainerDefinitions: [{ Name: api, Image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1' }] } }
"#,
    ),
    case(
        "a whole secret by a parameter",
        &[],
        r#"Parameters: { Arn: { Type: String } }
Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: 'arn:aws:iam::111122223333:role/starter', ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: A, ValueFrom: !Ref Arn }] }] } }
"#,
    ),
    case(
        "a JSON key after an import without its colons",
        &["RF1504"],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: 'arn:aws:iam::111122223333:role/starter', ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: A, ValueFrom: !Join [':', [!ImportValue Secret, password]] }] }] } }
"#,
    ),
    case(
        "the trust of several services",
        &[],
        r#"Resources:
  Starter: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Statement: { Effect: Allow, Action: 'sts:AssumeRole', Principal: { Service: [ecs.amazonaws.com, ecs-tasks.amazonaws.com] } } } } }
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: !GetAtt Starter.Arn, ContainerDefinitions: [{ Name: api, Image: api }] } }
"#,
    ),
    case(
        "the trust of an account",
        &["RF1506"],
        r#"Resources:
  Starter: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Statement: { Effect: Allow, Action: 'sts:AssumeRole', Principal: { AWS: '111122223333' } } } } }
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: !GetAtt Starter.Arn, ContainerDefinitions: [{ Name: api, Image: api }] } }
"#,
    ),
    case(
        "a role for anybody of an organization",
        &[],
        r#"Resources:
  Reader: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Statement: { Effect: Allow, Action: 'sts:AssumeRole', Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': o-exampleorgid } } } } } }
"#,
    ),
    case(
        "a role for people that may do everything",
        &[],
        r#"Resources:
  Admin: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Statement: { Effect: Allow, Action: 'sts:AssumeRole', Principal: { AWS: '111122223333' } } }, ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] } }
"#,
    ),
    case(
        "everything denied but something",
        &[],
        r#"Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Deny, NotAction: 's3:*', Resource: '*' }, { Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::receipts/*' }] } }]
"#,
    ),
    case(
        "actions that take no resources",
        &[],
        r#"Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: ['ssmmessages:*', 'xray:PutTraceSegments', 'ecr:GetAuthorizationToken'], Resource: '*' }] } }]
"#,
    ),
    case(
        "every object of every bucket",
        &["RF1512"],
        r#"Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: 's3:Get*', Resource: 'arn:aws:s3:::*' }] } }]
"#,
    ),
    case(
        "every table, by a policy that stands by itself",
        &["RF1512"],
        r#"Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Description: none
  More: { Type: AWS::IAM::Policy, Properties: { PolicyName: more, Roles: [!Ref Worker], PolicyDocument: { Statement: { Effect: Allow, Action: 'dynamodb:PutItem', Resource: !Sub 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/*' } } } }
"#,
    ),
    case(
        "a key through one service only",
        &[],
        r#"Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: kms:Decrypt, Resource: '*', Condition: { StringEquals: { 'kms:ViaService': s3.eu-west-1.amazonaws.com } } }] } }]
"#,
    ),
    case(
        "roles passed to one service",
        &[],
        r#"Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: iam:PassRole, Resource: '*', Condition: { StringEquals: { 'iam:PassedToService': ecs-tasks.amazonaws.com } } }] } }]
"#,
    ),
    case(
        "names about secrets",
        &[],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: api, Environment: [{ Name: SECRET_ARN, Value: x }, { Name: TOKEN_TTL, Value: '3600' }, { Name: DB_SECRET, Value: !Ref Secret }, { Name: PASSWORD_FILE, Value: /run/x }, { Name: USE_TOKEN, Value: 'true' }] }] } }
  Secret: { Type: AWS::SecretsManager::Secret, Properties: { Name: prod/db } }
"#,
    ),
    case(
        "a plain parameter of SSM",
        &[],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: api, Environment: [{ Name: LEVEL, Value: '{{resolve:ssm:/prod/level}}' }] }] } }
"#,
    ),
    case(
        "a password by a parameter",
        &["RF1520"],
        r#"Parameters: { Word: { Type: String } }
Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: api, Environment: [{ Name: dbPassword, Value: !Ref Word }] }] } }
"#,
    ),
    case(
        "a masked parameter inside a text",
        &["RF1520"],
        r#"Parameters: { Word: { Type: String, NoEcho: true, Default: x } }
Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ContainerDefinitions: [{ Name: api, Image: api, Environment: [{ Name: DATABASE, Value: !Sub 'db;${Word}' }] }] } }
"#,
    ),
    case(
        "a key that CloudWatch Logs may use for all groups",
        &[],
        r#"Resources:
  Key: { Type: AWS::KMS::Key, Properties: { KeyPolicy: { Statement: [{ Effect: Allow, Principal: { Service: logs.eu-west-1.amazonaws.com }, Action: 'kms:*', Resource: '*', Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:eu-west-1:111122223333:*' } } }] } } }
  Log: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30, KmsKeyId: !GetAtt Key.Arn } }
"#,
    ),
    case(
        "a key with the default policy",
        &["RF1530"],
        r#"Resources:
  Key: { Type: AWS::KMS::Key }
  Log: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30, KmsKeyId: !GetAtt Key.Arn } }
"#,
    ),
    case(
        "a key that the policy gives to the role itself",
        &[],
        r#"Resources:
  Key: { Type: AWS::KMS::Key, Properties: { KeyPolicy: { Statement: [{ Effect: Allow, Principal: { AWS: !GetAtt Starter.Arn }, Action: ['kms:Decrypt', 'kms:PutKeyPolicy'], Resource: '*' }] } } }
  Secret: { Type: AWS::SecretsManager::Secret, Properties: { KmsKeyId: !Ref Key } }
  Starter:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ecs-tasks.amazonaws.com }, Condition: { StringEquals: { 'aws:SourceAccount': !Ref AWS::AccountId } } }] }
      Policies: [{ PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: !Ref Secret }] } }]
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: !GetAtt Starter.Arn, ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: A, ValueFrom: !Ref Secret }] }] } }
"#,
    ),
];

#[test]
fn rules_of_this_subject_find_what_they_should_and_nothing_else() {
    assert_cases("RF15", CASES);
}
