//! Services, their capacity, scaling and deployment, and the cluster.

use crate::cfn::Text;

use super::container::{Container, Image, ParameterReference, SecretReference};
use super::macros::{spec_choice, spec_struct};
use super::scalar::{FreeMap, Input, Named, OneOrMore, Whole};
use super::text::{Arn, Port};
use super::{ContainerHealthCheck, HealthCheck};
use crate::cfn::Value;

spec_struct! {
    /// The ECS cluster.
    pub struct Cluster {
        /// Container Insights.
        container_insights "containerInsights": ContainerInsights = ContainerInsights::Enabled,
        /// The name or ARN of an existing cluster to use instead of a new one. Its own settings stay as they are. Tasks on
        /// Spot need a cluster that has the capacity providers `FARGATE` and `FARGATE_SPOT`.
        existing "existing": Option<Input<Text>> = None,
        /// A key that encrypts the ephemeral storage of tasks, by ARN. Its policy must let Fargate use it for this cluster.
        storage_key "storageKey": Option<Input<Arn>> = None,
        /// A key that encrypts ECS Exec sessions, by ARN. For an existing cluster: the one with which it is configured, so
        /// that tasks may use it.
        exec_key "execKey": Option<Input<Arn>> = None,
        /// Where what is typed and shown in ECS Exec sessions is recorded. The image needs `script` and `cat` for that.
        exec_log "execLog": ExecLog = ExecLog::Service,
    }
}

spec_choice! {
    /// How much Container Insights records.
    pub enum ContainerInsights {
        /// Cluster and service metrics.
        Enabled = "enabled",
        /// Task and container metrics too.
        Enhanced = "enhanced",
        /// Nothing.
        Disabled = "disabled",
    }
}

spec_choice! {
    /// Where ECS Exec sessions are recorded.
    pub enum ExecLog {
        /// In the log of the service.
        Service = "service",
        /// In a log of their own, kept for a year.
        Separate = "separate",
        /// Nowhere.
        Off = "off",
    }
}

spec_struct! {
    /// A service: tasks on Fargate that are kept running. The main container is described here, further ones under
    /// `sidecars`.
    pub struct Service {
        /// The image of the main container. It must be in a private ECR repository of the stack's Region, since nothing else
        /// can be reached. In another account, the policy of the repository must let the stack's account pull.
        image "image": Option<Image> = None,
        /// The repository of `image`, by ARN, when it cannot be read off the image because that is known at deployment only.
        repository "repository": Option<Input<Arn>> = None,
        /// The folder from which the CDK CLI builds the image, instead of `image`.
        build "build": Option<Build> = None,
        /// CPU units of a task; 1024 are one vCPU.
        cpu "cpu": Input<Whole<256, 32_768>> = Input::Known(Whole(256)),
        /// Memory of a task in MiB. Fargate offers certain amounts for each number of CPU units.
        memory "memory": Input<Whole<512, 249_856>> = Input::Known(Whole(512)),
        /// The processor for which the image was built.
        architecture "architecture": Architecture = Architecture::X86,
        /// Ephemeral storage in GiB, from 21 to 200. Default: the 20 that Fargate gives.
        ephemeral_storage "ephemeralStorage": Option<Input<Whole<21, 200>>> = None,
        /// The port on which the main container listens.
        port "port": Option<Input<Port>> = None,
        /// The transport of that port.
        protocol "protocol": Transport = Transport::Tcp,
        /// How the load balancer finds out whether a task works.
        health "health": HealthCheck = HealthCheck::default(),
        /// How ECS finds out inside the task whether the main container works.
        container_health "containerHealth": Option<ContainerHealthCheck> = None,
        /// The command, in place of the image's own.
        command "command": Vec<Input<Text>> = Vec::new(),
        /// The entry point, in place of the image's own.
        entry_point "entryPoint": Vec<Input<Text>> = Vec::new(),
        /// The user as whom the main container runs.
        user "user": Option<Input<Text>> = None,
        /// Environment variables that are no secrets.
        environment "environment": FreeMap<Input<Text>> = FreeMap::default(),
        /// Environment variables from Secrets Manager.
        secrets "secrets": FreeMap<SecretReference> = FreeMap::default(),
        /// Environment variables from SSM Parameter Store.
        parameters "parameters": FreeMap<ParameterReference> = FreeMap::default(),
        /// Whether the root file system is read-only.
        read_only_root_filesystem "readOnlyRootFilesystem": bool = true,
        /// Folders that the main container may write to, kept as long as the task. They belong to root unless the image
        /// declares them as a `VOLUME` with another owner.
        writable_paths "writablePaths": Vec<Input<Text>> = vec!["/tmp".into()],
        /// Seconds between SIGTERM and SIGKILL. The load balancer goes on sending for a while after a task was told to
        /// stop, so this must not be short.
        stop_timeout "stopTimeout": Input<Whole<2, 120>> = Input::Known(Whole(120)),
        /// Further containers of the task, by name.
        sidecars "sidecars": Named<Container> = Named::new(),
        /// Containers that must have reached a state before the main container starts, by name.
        depends_on "dependsOn": Named<ContainerCondition> = Named::new(),
        /// How many tasks run, and when more.
        scale "scale": Scale = Scale::default(),
        /// How much runs on Fargate Spot, which costs less and may be interrupted.
        spot "spot": Spot = Spot::default(),
        /// Whether ECS Exec can open a shell in a task.
        exec "exec": bool = false,
        /// Whether an init process runs as the first of each container, forwards signals and reaps orphans. Default: where
        /// `exec` is on. An image whose own first process insists on being the first cannot have it.
        init_process "initProcess": Option<bool> = None,
        /// Whether tasks may send traces to AWS X-Ray. What collects and sends them, such as the AWS Distro for
        /// OpenTelemetry, is part of the image or a sidecar.
        tracing "tracing": bool = false,
        /// Further AWS services that the tasks call, by endpoint name, such as `sqs` or `dynamodb`.
        aws "aws": Vec<Text> = Vec::new(),
        /// What the tasks may do in AWS. The endpoints of `aws` let through what is allowed here; a service without any
        /// permission here lets everything of the stack's own account through.
        permissions "permissions": Vec<Permission> = Vec::new(),
        /// The log of the containers.
        logs "logs": Logs = Logs::default(),
        /// How a new version replaces the old one.
        deployment "deployment": Deployment = Deployment::default(),
    }
}

spec_struct! {
    /// The folder from which an image is built.
    pub struct Build {
        /// The folder, relative to the spec.
        context "context": Text,
        /// The Dockerfile, relative to the folder.
        dockerfile "dockerfile": Text = "Dockerfile".into(),
        /// The stage to build.
        target "target": Option<Text> = None,
        /// Arguments of the build.
        args "args": FreeMap<Text> = FreeMap::default(),
    }
}

spec_choice! {
    /// The processor of a task.
    pub enum Architecture {
        /// Intel and AMD.
        X86 = "x86_64",
        /// AWS Graviton, which costs a fifth less.
        Arm = "arm64",
    }
}

spec_choice! {
    /// The transport of a port.
    pub enum Transport {
        /// TCP.
        Tcp = "tcp",
        /// UDP.
        Udp = "udp",
    }
}

spec_choice! {
    /// A state that a container must have reached.
    pub enum ContainerCondition {
        /// It has been started.
        Start = "start",
        /// It has ended, in whatever way.
        Complete = "complete",
        /// It has ended without an error.
        Success = "success",
        /// Its health check has passed.
        Healthy = "healthy",
    }
}

spec_struct! {
    /// How many tasks run. Without `max` the number is fixed.
    pub struct Scale {
        /// The smallest number of tasks. Default: one for each Availability Zone.
        min "min": Option<Input<Whole<0, 5000>>> = None,
        /// The largest number of tasks.
        max "max": Option<Input<Whole<1, 5000>>> = None,
        /// The CPU utilisation in percent that scaling aims at.
        cpu "cpu": Option<Input<Whole<1, 100>>> = None,
        /// The memory utilisation in percent that scaling aims at.
        memory "memory": Option<Input<Whole<1, 100>>> = None,
        /// Seconds to wait after adding tasks.
        out_cooldown "outCooldown": Input<Whole<0, 86_400>> = Input::Known(Whole(60)),
        /// Seconds to wait after taking tasks away.
        in_cooldown "inCooldown": Input<Whole<0, 86_400>> = Input::Known(Whole(300)),
        /// Changes of the limits at given times, by name.
        schedules "schedules": Named<Schedule> = Named::new(),
    }
}

spec_struct! {
    /// A change of the scaling limits at given times.
    pub struct Schedule {
        /// When: `cron(…)`, `rate(…)` or `at(…)`.
        when "when": Input<Text>,
        /// The IANA time zone of `when`.
        time_zone "timeZone": Input<Text> = "UTC".into(),
        /// The smallest number of tasks from then on.
        min "min": Option<Input<Whole<0, 5000>>> = None,
        /// The largest number of tasks from then on.
        max "max": Option<Input<Whole<0, 5000>>> = None,
    }
}

spec_struct! {
    /// How much runs on Fargate Spot.
    pub struct Spot {
        /// Of every so many tasks beyond the base, how many run on Spot: its weight against that of Fargate.
        weight "weight": Input<Whole<0, 1000>> = Input::Known(Whole(0)),
        /// The weight of Fargate.
        on_demand_weight "onDemandWeight": Input<Whole<0, 1000>> = Input::Known(Whole(1)),
        /// How many tasks always run on Fargate.
        base "base": Input<Whole<0, 100_000>> = Input::Known(Whole(0)),
    }
}

spec_struct! {
    /// A statement of the task role.
    pub struct Permission {
        /// The actions, such as `s3:GetObject`.
        actions "actions": OneOrMore<Text>,
        /// The resources, by ARN.
        resources "resources": OneOrMore<Input<Text>>,
        /// Conditions, as IAM writes them.
        conditions "conditions": Option<Value> = None,
    }
}

spec_struct! {
    /// The log of a service's containers.
    pub struct Logs {
        /// For how many days it is kept, one of the retentions of CloudWatch Logs.
        retention_days "retentionDays": Input<Whole<1, 3653>> = Input::Known(Whole(90)),
        /// A key that encrypts it, by ARN. Its policy must let CloudWatch Logs use it.
        kms_key "kmsKey": Option<Input<Arn>> = None,
        /// What happens when CloudWatch cannot take the log as fast as it is written.
        mode "mode": LogMode = LogMode::NonBlocking,
        /// How many MiB are kept in memory in the mode `non-blocking`; what exceeds them is lost.
        buffer_mib "bufferMib": Input<Whole<1, 1024>> = Input::Known(Whole(25)),
        /// Whether it stays when the service is taken out of the stack, the stack is deleted or its first deployment fails:
        /// then the log is what says why.
        keep "keep": bool = true,
    }
}

spec_choice! {
    /// What happens when CloudWatch cannot take the log as fast as it is written.
    pub enum LogMode {
        /// The service goes on, and lines may be lost.
        NonBlocking = "non-blocking",
        /// The service waits.
        Blocking = "blocking",
    }
}

spec_struct! {
    /// How a new version replaces the old one.
    pub struct Deployment {
        /// The percentage of tasks that keep running.
        min_healthy_percent "minHealthyPercent": Input<Whole<0, 100>> = Input::Known(Whole(100)),
        /// The percentage of tasks that may run at a time.
        max_percent "maxPercent": Input<Whole<100, 400>> = Input::Known(Whole(200)),
        /// Whether a deployment that does not become healthy is stopped.
        circuit_breaker "circuitBreaker": bool = true,
        /// Whether such a deployment is rolled back.
        rollback "rollback": bool = true,
        /// Whether tasks are spread over the zones again when they are unevenly spread.
        az_rebalancing "azRebalancing": bool = true,
        /// Seconds during which failed health checks of a new task are ignored.
        grace_period "gracePeriod": Input<Whole<0, 2_147_483_647>> = Input::Known(Whole(60)),
        /// The platform version of Fargate.
        platform_version "platformVersion": PlatformVersion = PlatformVersion::Latest,
    }
}

spec_choice! {
    /// A platform version of Fargate. Older ones than 1.4.0 cannot start tasks through endpoints alone.
    pub enum PlatformVersion {
        /// The newest.
        Latest = "LATEST",
        /// 1.4.0.
        V1_4_0 = "1.4.0",
    }
}
