//! Logs, metrics and alarms.

use super::{Case, assert_cases, case};

const CASES: &[Case] = &[
    case(
        "a flow log to a bucket without a role",
        &[],
        r#"Resources:
  Flow: { Type: AWS::EC2::FlowLog, Properties: { ResourceType: VPC, ResourceId: vpc-0123456789abcdef0, TrafficType: ALL, LogDestinationType: s3, LogDestination: 'arn:aws:s3:::flows' } }
"#,
    ),
    case(
        "retention by a parameter",
        &[],
        r#"Parameters: { Days: { Type: Number } }
Resources:
  Log: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: !Ref Days } }
"#,
    ),
    case(
        "retention in one world",
        &["RF1602"],
        r#"Parameters: { Stage: { Type: String } }
Conditions: { IsProd: !Equals [!Ref Stage, prod] }
Resources:
  Log: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: !If [IsProd, 365, !Ref AWS::NoValue] } }
"#,
    ),
    case(
        "a network that is recorded by its only subnet",
        &[],
        r#"Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Flow: { Type: AWS::EC2::FlowLog, Properties: { ResourceType: Subnet, ResourceId: !Ref Subnet, TrafficType: ALL, LogDestinationType: s3, LogDestination: 'arn:aws:s3:::flows' } }
"#,
    ),
    case(
        "a network in a template that a macro changes",
        &[],
        r#"Transform: Company
Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
"#,
    ),
    case(
        "a flow log of a network by parameter",
        &[],
        r#"Parameters: { Network: { Type: String } }
Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  Flow: { Type: AWS::EC2::FlowLog, Properties: { ResourceType: VPC, ResourceId: !Ref Network, TrafficType: ALL, LogDestinationType: s3, LogDestination: 'arn:aws:s3:::flows' } }
"#,
    ),
    case(
        "a log group by parameter",
        &[],
        r#"Parameters: { Group: { Type: String } }
Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: 'arn:aws:iam::111122223333:role/starter', ContainerDefinitions: [{ Name: api, Image: api, LogConfiguration: { LogDriver: awslogs, Options: { awslogs-group: !Ref Group, awslogs-region: !Ref AWS::Region, awslogs-stream-prefix: api, mode: non-blocking } } }] } }
"#,
    ),
    case(
        "a log group that ECS makes",
        &[],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: 'arn:aws:iam::111122223333:role/starter', ContainerDefinitions: [{ Name: api, Image: api, LogConfiguration: { LogDriver: awslogs, Options: { awslogs-group: /api, awslogs-create-group: 'true', awslogs-region: !Ref AWS::Region, awslogs-stream-prefix: api, mode: non-blocking } } }] } }
"#,
    ),
    case(
        "a log group that may be elsewhere",
        &["RF1605"],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: 'arn:aws:iam::111122223333:role/starter', ContainerDefinitions: [{ Name: api, Image: api, LogConfiguration: { LogDriver: awslogs, Options: { awslogs-group: /api, awslogs-region: !Ref AWS::Region, awslogs-stream-prefix: api, mode: non-blocking } } }] } }
"#,
    ),
    case(
        "options by another driver",
        &[],
        r#"Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '256', Memory: '512', ExecutionRoleArn: 'arn:aws:iam::111122223333:role/starter', ContainerDefinitions: [{ Name: api, Image: api, LogConfiguration: { LogDriver: awsfirelens, Options: { Name: cloudwatch } } }] } }
"#,
    ),
    case(
        "no prefix of streams on instances",
        &[],
        r#"Resources:
  Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /api, RetentionInDays: 30 } }
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { ContainerDefinitions: [{ Name: api, Image: api, Memory: 256, LogConfiguration: { LogDriver: awslogs, Options: { awslogs-group: !Ref Log } } }] } }
"#,
    ),
    case(
        "too many healthy targets",
        &[],
        r#"Resources:
  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { Namespace: AWS/NetworkELB, MetricName: HealthyHostCount, Dimensions: [{ Name: LoadBalancer, Value: a }, { Name: TargetGroup, Value: b }], ComparisonOperator: GreaterThanThreshold, Threshold: 9, TreatMissingData: notBreaching, EvaluationPeriods: 1 } }
"#,
    ),
    case(
        "errors that are missing count as bad",
        &["RF1610"],
        r#"Resources:
  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { Namespace: AWS/NetworkELB, MetricName: SecurityGroupBlockedFlowCount_Inbound_TCP, Dimensions: [{ Name: LoadBalancer, Value: a }], ComparisonOperator: GreaterThanThreshold, Threshold: 0, TreatMissingData: breaching, EvaluationPeriods: 1 } }
"#,
    ),
    case(
        "dimensions in another order, with the zone",
        &[],
        r#"Resources:
  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { Namespace: AWS/NetworkELB, MetricName: UnHealthyHostCount, Dimensions: [{ Name: TargetGroup, Value: b }, { Name: LoadBalancer, Value: a }, { Name: AvailabilityZone, Value: eu-west-1a }], ComparisonOperator: GreaterThanThreshold, Threshold: 0, TreatMissingData: notBreaching, EvaluationPeriods: 1 } }
"#,
    ),
    case(
        "a metric of an application load balancer",
        &[],
        r#"Resources:
  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { Namespace: AWS/ApplicationELB, MetricName: HTTPCode_Target_5XX_Count, Dimensions: [{ Name: LoadBalancer, Value: a }], ComparisonOperator: GreaterThanThreshold, Threshold: 0, TreatMissingData: notBreaching, EvaluationPeriods: 1 } }
"#,
    ),
    case(
        "no dimensions at all",
        &["RF1611"],
        r#"Resources:
  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { Namespace: AWS/PrivateLinkServices, MetricName: NewConnections, ComparisonOperator: GreaterThanThreshold, Threshold: 0, TreatMissingData: notBreaching, EvaluationPeriods: 1 } }
"#,
    ),
];

#[test]
fn rules_of_this_subject_find_what_they_should_and_nothing_else() {
    assert_cases("RF16", CASES);
}
