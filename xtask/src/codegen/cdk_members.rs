//! Members of the spec that CDK apps say in CDK's own types, or elsewhere. All others are taken over as they are.

/// What becomes of a member.
pub enum Treatment {
    /// It is no prop, for this reason.
    LeftOut(&'static str),
    /// These props stand for it.
    Props(&'static [Prop]),
}

/// A prop in place of a member.
pub struct Prop {
    pub name: &'static str,
    /// Its type in TypeScript.
    pub of: &'static str,
    /// How it is lowered, in the words of `src/private/lowering.ts`, then the key in the spec where that is another one, or
    /// `*` where the lowered value is a map of several keys.
    pub kind: &'static str,
    pub doc: &'static str,
    /// What is taken when it is left out; nothing when it must be given.
    pub default: Option<&'static str>,
}

const fn prop(name: &'static str, of: &'static str, kind: &'static str, doc: &'static str) -> Prop {
    Prop { name, of, kind, doc, default: Some("- none") }
}

impl Prop {
    const fn or(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }

    const fn required(mut self) -> Self {
        self.default = None;
        self
    }
}

/// The treatment of a member of a type.
pub fn treatment(of: &str, member: &str) -> Option<&'static Treatment> {
    MEMBERS.iter().find(|(at, key, _)| *at == of && *key == member).map(|(_, _, treatment)| treatment)
}

/// Types that are written by hand in `src/`, or that CDK's own types stand for.
pub const BY_HAND: &[(&str, &str)] = &[
    ("ConsumerVpc", "`vpc`, `subnets` and `cidrs` of the consumer"),
    ("Environment", "the stack's `env`"),
    ("ExistingNetwork", "`ExistingNetworkOptions`: a VPC and a selection of its subnets"),
    ("ExistingSubnet", "the subnets that are selected"),
    ("ParameterReferenceForm", "`ssm.IParameter`, which knows its name and its key"),
    ("Permission", "`iam.PolicyStatement`"),
    ("PrincipalForm", "`AllowedPrincipal`"),
    (
        "SecretReferenceForm",
        "`ecs.Secret`, which knows its ARN and its key, and `RingfenceSecret` for those of `secrets`",
    ),
    ("StackSettings", "the stack, its `synthesizer`, and `PermissionsBoundary.of`"),
    ("Build", "`ContainerImage.fromAsset`"),
];

use Treatment::{LeftOut, Props};

const IMAGE: Treatment = Props(&[prop(
    "image",
    "ecs.ContainerImage",
    "image *",
    "The image. It must be in a private ECR repository of the stack's Region, since nothing else can be reached; what \
     `ContainerImage.fromAsset` builds is.",
)
.required()]);
const REPOSITORY: Treatment = Props(&[prop(
    "repository",
    "ecr.IRepository",
    "repository",
    "The repository of the image, when neither the image nor its name tells it.",
)
.or("- the one that the image names")]);
const SECRETS: Treatment = Props(&[prop(
    "secrets",
    "{ readonly [name: string]: ecs.Secret }",
    "secrets *",
    "Environment variables from Secrets Manager or SSM Parameter Store. The execution role may read them.",
)]);
const PARAMETERS: Treatment = Props(&[prop(
    "parameters",
    "{ readonly [name: string]: ssm.IParameter }",
    "parameters *",
    "Environment variables from SSM Parameter Store. The execution role may read them.",
)]);

/// Every member that is treated, by its type.
#[rustfmt::skip]
pub const MEMBERS: &[(&str, &str, Treatment)] = &[
    ("AccessLogs", "bucket", Props(&[prop("bucket", "s3.IBucket", "bucketName", "An existing bucket in the same Region.").or("- a new bucket")])),
    ("AccessLogs", "retentionDays", Props(&[prop("retention", "Duration", "days retentionDays", "For how long a new bucket keeps them.").or("Duration.days(90)")])),
    ("Alarms", "actions", Props(&[prop("actions", "sns.ITopic[]", "topic[]", "Topics that are told, at most five and in the same Region. An encrypted topic needs a key of your own whose policy lets CloudWatch use it.").or("- none: alarms are seen on the dashboard only")])),
    ("Cluster", "existing", Props(&[prop("existing", "ecs.ICluster", "clusterName", "An existing cluster to use instead of a new one. Its own settings stay as they are. Tasks on Spot need a cluster that has the capacity providers `FARGATE` and `FARGATE_SPOT`.").or("- a new cluster")])),
    ("Cluster", "execKey", Props(&[prop("execKey", "kms.IKey", "keyArn", "A key that encrypts ECS Exec sessions. For an existing cluster: the one with which it is configured, so that tasks may use it.")])),
    ("Cluster", "storageKey", Props(&[prop("storageKey", "kms.IKey", "keyArn", "A key that encrypts the ephemeral storage of tasks. Its policy must let Fargate use it for this cluster.")])),
    ("Consumer", "account", LeftOut("the stack of the consumer has an `env`")),
    ("Consumer", "creatorRoles", Props(&[prop("creatorRoles", "iam.IRole[]", "roleName[]", "Roles that may create this endpoint and no other.")])),
    ("Consumer", "readerRole", LeftOut("the name of the service is a reference between stacks, or a text that you give, so no role has to read it")),
    ("Consumer", "region", LeftOut("the stack of the consumer has an `env`")),
    ("Consumer", "serviceName", LeftOut("the service is given by `service` or `foreign` of `PrivateLinkConsumerProps`")),
    ("Consumer", "stackName", LeftOut("the stack of the consumer is the app's own")),
    ("Consumer", "vpc", Props(&[
        prop("vpc", "ec2.IVpc", "byHand", "The VPC. It must have DNS support and DNS hostnames on.").required(),
        prop("subnets", "ec2.SubnetSelection", "byHand", "The subnets for the endpoint, one per Availability Zone.").or("- the isolated subnets, or else the private ones, one per Availability Zone"),
        prop("cidrs", "string[]", "byHand", "The address ranges of the VPC.").or("- the range that the VPC was made with"),
    ])),
    ("Container", "image", IMAGE),
    ("Container", "memory", Props(&[prop("memory", "Size", "mebibytes", "How much of the task's memory it may use at most.").or("- all")])),
    ("Container", "parameters", PARAMETERS),
    ("Container", "repository", REPOSITORY),
    ("Container", "secrets", SECRETS),
    ("Container", "stopTimeout", Props(&[prop("stopTimeout", "Duration", "seconds", "The time between SIGTERM and SIGKILL.").or("- as the main container")])),
    ("ContainerHealthCheck", "interval", Props(&[prop("interval", "Duration", "seconds", "The time between two checks.").or("Duration.seconds(30)")])),
    ("ContainerHealthCheck", "startPeriod", Props(&[prop("startPeriod", "Duration", "seconds", "For how long failures are ignored at the start.").or("Duration.seconds(0)")])),
    ("ContainerHealthCheck", "timeout", Props(&[prop("timeout", "Duration", "seconds", "The time after which a check has failed.").or("Duration.seconds(5)")])),
    ("Deployment", "gracePeriod", Props(&[prop("gracePeriod", "Duration", "seconds", "For how long failed health checks of a new task are ignored.").or("Duration.seconds(60)")])),
    ("Endpoints", "existingSecurityGroup", Props(&[prop("existingSecurityGroup", "ec2.ISecurityGroup", "securityGroupId", "The security group of the existing interface endpoints: tasks are let out to its members alone.").or("- tasks are let out to the ranges of the VPC")])),
    ("FlowLogs", "aggregationSeconds", Props(&[prop("aggregation", "Duration", "seconds aggregationSeconds", "Over how long a record sums up: one minute or ten.").or("Duration.minutes(10)")])),
    ("FlowLogs", "bucket", Props(&[prop("bucket", "s3.IBucket", "bucketArn", "An existing bucket for the destination `S3`. Its policy must let log delivery write.").or("- a new bucket")])),
    ("FlowLogs", "kmsKey", Props(&[prop("kmsKey", "kms.IKey", "keyArn", "A key that encrypts the log group or the new bucket. Its policy must let CloudWatch Logs (`logs.REGION.amazonaws.com`) or, for a bucket, log delivery (`delivery.logs.amazonaws.com`) use it.")])),
    ("FlowLogs", "retentionDays", Props(&[prop("retention", "logs.RetentionDays", "same retentionDays", "For how long they are kept.").or("RetentionDays.THREE_MONTHS")])),
    ("HealthCheck", "interval", Props(&[prop("interval", "Duration", "seconds", "The time between two checks.").or("Duration.seconds(10)")])),
    ("HealthCheck", "timeout", Props(&[prop("timeout", "Duration", "seconds", "The time after which a check has failed; at most the interval.").or("Duration.seconds(5)")])),
    ("Listener", "idleTimeout", Props(&[prop("idleTimeout", "Duration", "seconds", "The time after which an idle TCP connection is dropped.").or("- the 350 seconds that AWS has")])),
    ("Logs", "bufferMib", Props(&[prop("buffer", "Size", "mebibytes bufferMib", "How much is kept in memory in the mode `NON_BLOCKING`; what exceeds it is lost.").or("Size.mebibytes(25)")])),
    ("Logs", "kmsKey", Props(&[prop("kmsKey", "kms.IKey", "keyArn", "A key that encrypts it. Its policy must let CloudWatch Logs use it.")])),
    ("Logs", "retentionDays", Props(&[prop("retention", "logs.RetentionDays", "same retentionDays", "For how long it is kept.").or("RetentionDays.THREE_MONTHS")])),
    ("ManagedSecret", "kmsKey", Props(&[prop("kmsKey", "kms.IKey", "keyArn", "A key that encrypts it.").or("- the key that AWS keeps for Secrets Manager")])),
    ("Network", "azs", Props(&[
        prop("azs", "number", "same", "How many Availability Zones there are. More than the two that every account sees in every Region must be named, or the Region known to have as many.").or("2"),
        prop("availabilityZones", "string[]", "same azs", "Which Availability Zones, by name (`eu-west-1a`) or by ID (`euw1-az1`, the same place in every account), instead of `azs`.").or("- as many as `azs` says"),
    ])),
    ("Network", "existing", Props(&[prop("existing", "ExistingNetworkOptions", "existingNetwork", "The VPC to use instead of a new one.").or("- a new VPC")])),
    ("Notifications", "topic", Props(&[prop("topic", "sns.ITopic", "topic", "An existing topic. Its policy and key must let PrivateLink publish.").or("- a new topic")])),
    ("PrivateDns", "hostedZone", Props(&[prop("hostedZone", "route53.IHostedZone", "hostedZoneId", "The public hosted zone of that domain, for the record that proves it.").or("- you make the record")])),
    ("PrivateLink", "allow", Props(&[prop("allow", "AllowedPrincipal[]", "principal[]", "Who may connect: accounts, users and roles. An account stands for everybody in it.").required()])),
    ("Rotation", "days", Props(&[prop("every", "Duration", "days days", "How often it is changed.").or("Duration.days(30), unless there is a `schedule`")])),
    ("Rotation", "function", Props(&[prop("function", "lambda.IFunction", "functionArn", "The Lambda function that changes it, in the stack's account and Region. It must be able to reach Secrets Manager and whatever takes the secret, and its role must allow it to change the secret.").required()])),
    ("Rotation", "windowHours", Props(&[prop("window", "Duration", "hours windowHours", "How long a rotation may take, in whole hours.").or("- until the next one is due, or the end of the day")])),
    ("Scale", "inCooldown", Props(&[prop("inCooldown", "Duration", "seconds", "How long to wait after taking tasks away.").or("Duration.minutes(5)")])),
    ("Scale", "outCooldown", Props(&[prop("outCooldown", "Duration", "seconds", "How long to wait after adding tasks.").or("Duration.minutes(1)")])),
    ("Schedule", "timeZone", Props(&[prop("timeZone", "TimeZone", "timeZone", "The time zone of `when`.").or("TimeZone.ETC_UTC")])),
    ("Schedule", "when", Props(&[prop("when", "appscaling.Schedule", "schedule", "When: at a time, at a rate, or as `cron` says.").required()])),
    ("Service", "build", LeftOut("`image` takes `ContainerImage.fromAsset`")),
    ("Service", "ephemeralStorage", Props(&[prop("ephemeralStorage", "Size", "gibibytes", "Ephemeral storage, from 21 to 200 GiB.").or("- the 20 GiB that Fargate gives")])),
    ("Service", "image", IMAGE),
    ("Service", "memory", Props(&[prop("memory", "Size", "mebibytes", "Memory of a task. Fargate offers certain amounts for each number of CPU units.").or("Size.mebibytes(512)")])),
    ("Service", "parameters", PARAMETERS),
    ("Service", "permissions", Props(&[prop("permissions", "iam.PolicyStatement[]", "permission[]", "What the tasks may do in AWS, beside what you grant to the task role later. The endpoints of `aws` let through what is allowed here and there; a service without any permission lets everything of the stack's own account through.")])),
    ("Service", "repository", REPOSITORY),
    ("Service", "secrets", SECRETS),
    ("Service", "stopTimeout", Props(&[prop("stopTimeout", "Duration", "seconds", "The time between SIGTERM and SIGKILL. The load balancer goes on sending for a while after a task was told to stop, so this must not be short.").or("Duration.minutes(2)")])),
    ("Spec", "consumers", LeftOut("a consumer is a `PrivateLinkConsumer` in a stack of its own; `addConsumer` makes one")),
    ("Spec", "description", LeftOut("the stack has a `description`")),
    ("Spec", "env", LeftOut("the stack has an `env`")),
    ("Spec", "name", LeftOut("the construct has an ID, and the stack a name")),
    ("Spec", "stack", LeftOut("the stack is the app's own: it has `terminationProtection`, a `synthesizer` and a permissions boundary")),
    ("Spec", "tags", LeftOut("`Tags.of(construct).add` tags every resource that takes tags")),
    ("Target", "deregistrationDelay", Props(&[prop("deregistrationDelay", "Duration", "seconds", "How long a task which is leaving may finish its connections. AWS advises at least two minutes.").or("Duration.minutes(2)")])),
    ("Target", "unhealthyDrainingSeconds", Props(&[prop("unhealthyDraining", "Duration", "seconds unhealthyDrainingSeconds", "How long connections to an unhealthy task may go on, when they are not closed.").or("Duration.seconds(0)")])),
    ("Tls", "additionalCertificates", Props(&[prop("additionalCertificates", "acm.ICertificate[]", "certificateArn[]", "Further certificates, chosen by the name for which the client asks.")])),
    ("Tls", "alpn", Props(&[prop("alpn", "elbv2.AlpnPolicy", "same", "The ALPN policy.")])),
    ("Tls", "certificate", Props(&[prop("certificate", "acm.ICertificate", "certificateArn", "The default certificate, in the same Region.").required()])),
];
