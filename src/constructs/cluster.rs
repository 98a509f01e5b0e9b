//! The ECS cluster.

use crate::cfn::{LogicalId, Value};
use crate::diagnostics::codes::service as codes;
use crate::resources::{Builder as _, ecs};
use crate::spec::text::Arn;
use crate::spec::{self, ContainerInsights, ExecLog, Input};

use super::log_group::{self, LogGroupProps, log_group};
use super::{Scope, references};

/// A cluster, new or existing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cluster {
    /// The name of the cluster.
    pub name: Value,
    /// Its ARN, or its name when that is all that is known.
    pub arn: Value,
    /// Whether the cluster was made by this construct, hence has both capacity providers of Fargate.
    pub is_new: bool,
    /// Whether Container Insights is known to be on, so that the number of running tasks is recorded.
    pub has_container_insights: bool,
    /// The key that encrypts ECS Exec sessions, by ARN.
    pub exec_key: Option<Value>,
    /// Where ECS Exec sessions are recorded.
    pub exec_log: ExecLog,
    /// The log group of ECS Exec sessions, when they have one of their own.
    pub exec_log_group: Option<LogicalId>,
    /// What must exist before a service can use its capacity providers.
    pub ready: Vec<LogicalId>,
}

/// For how long the log of ECS Exec sessions is kept.
const EXEC_LOG_DAYS: i64 = 365;

impl Cluster {
    /// Makes the cluster that `props` describes, or looks at an existing one.
    ///
    /// The capacity providers are a property of the cluster, not a resource of their own: those of Fargate are there from
    /// the beginning, so nothing has to be made between the cluster and its services, and there is nothing that services
    /// would have to wait for when it changes or goes. (A resource of its own, `AWS::ECS::ClusterCapacityProviderAssociations`,
    /// serves providers that themselves need the cluster, which those of Fargate do not.)
    ///
    /// The scope's origin is the member `cluster` of the spec.
    pub fn new(scope: &mut Scope<'_>, props: &spec::Cluster) -> Self {
        let mut scope = scope.construct("Cluster", "ringfence.Cluster");
        check_keys(&mut scope, props);
        match &props.existing {
            Some(existing) => Self::existing(&mut scope, props, existing),
            None => Self::made(&mut scope, props),
        }
    }

    fn made(scope: &mut Scope<'_>, props: &spec::Cluster) -> Self {
        let exec_log_group = (props.exec_log == ExecLog::Separate).then(|| {
            let settings = LogGroupProps { retention_days: EXEC_LOG_DAYS.into(), kms_key: None, keep: true };
            log_group(scope, "ExecLogGroup", &settings)
        });
        let insights = ecs::cluster::ClusterSettings::new().name("containerInsights").value(insights(props));
        let strategy = ecs::cluster::CapacityProviderStrategyItem::new().capacity_provider("FARGATE").weight(1);
        let cluster = ecs::Cluster::new()
            .cluster_settings([insights])
            .capacity_providers(["FARGATE", "FARGATE_SPOT"])
            .default_capacity_provider_strategy([strategy])
            .configuration(configuration(scope, props, exec_log_group.as_ref()));
        let cluster = scope.add("Resource", cluster);
        Self {
            name: cluster.reference(),
            arn: cluster.attribute(ecs::Cluster::ATTR_ARN),
            is_new: true,
            has_container_insights: props.container_insights != ContainerInsights::Disabled,
            exec_key: key(scope, props.exec_key.as_ref()),
            exec_log: props.exec_log,
            exec_log_group,
            ready: Vec::new(),
        }
    }

    /// A cluster that somebody else has made. How it records ECS Exec sessions is not known, so tasks may write to the log
    /// of their service, which is what a cluster without a configuration of its own does.
    fn existing(scope: &mut Scope<'_>, props: &spec::Cluster, existing: &Input<crate::cfn::Text>) -> Self {
        warn_of_ignored_settings(scope, props);
        let arn = existing.to_value();
        let name = match existing.known() {
            Some(text) => Value::from(cluster_name(scope, text)),
            None => arn.clone(),
        };
        let exec_log = if props.exec_log == ExecLog::Off { ExecLog::Off } else { ExecLog::Service };
        let exec_key = key(scope, props.exec_key.as_ref());
        Self { name, arn, exec_key, exec_log, ..Self::default() }
    }
}

const fn insights(props: &spec::Cluster) -> &'static str {
    match props.container_insights {
        ContainerInsights::Enabled => "enabled",
        ContainerInsights::Enhanced => "enhanced",
        ContainerInsights::Disabled => "disabled",
    }
}

fn configuration(
    scope: &Scope<'_>,
    props: &spec::Cluster,
    group: Option<&LogicalId>,
) -> ecs::cluster::ClusterConfiguration {
    let logging = match props.exec_log {
        ExecLog::Service => "DEFAULT",
        ExecLog::Separate => "OVERRIDE",
        ExecLog::Off => "NONE",
    };
    let target = group.map(|group| {
        ecs::cluster::ExecuteCommandLogConfiguration::new().cloud_watch_log_group_name(log_group::name(group))
    });
    let exec = ecs::cluster::ExecuteCommandConfiguration::new()
        .maybe(key(scope, props.exec_key.as_ref()), ecs::cluster::ExecuteCommandConfiguration::kms_key_id)
        .logging(logging)
        .maybe(target, ecs::cluster::ExecuteCommandConfiguration::log_configuration);
    let storage = key(scope, props.storage_key.as_ref())
        .map(|key| ecs::cluster::ManagedStorageConfiguration::new().fargate_ephemeral_storage_kms_key_id(key));
    ecs::cluster::ClusterConfiguration::new()
        .execute_command_configuration(exec)
        .maybe(storage, ecs::cluster::ClusterConfiguration::managed_storage_configuration)
}

fn key(scope: &Scope<'_>, key: Option<&Input<Arn>>) -> Option<Value> {
    key.map(|key| references::key_value(scope.stack().props(), key))
}

fn check_keys(scope: &mut Scope<'_>, props: &spec::Cluster) {
    let keys = [("storageKey", &props.storage_key), ("execKey", &props.exec_key)];
    for (at, key) in keys {
        let checked = key.as_ref().map_or(Ok(()), |key| references::check_key(scope.stack().props(), key, at));
        if let Err(problem) = checked {
            problem.report(scope);
        }
    }
}

fn warn_of_ignored_settings(scope: &mut Scope<'_>, props: &spec::Cluster) {
    let defaults = spec::Cluster::default();
    let ignored = [
        ("containerInsights", props.container_insights != defaults.container_insights),
        ("storageKey", props.storage_key.is_some()),
        ("execLog", props.exec_log == ExecLog::Separate),
    ];
    for (at, _) in ignored.into_iter().filter(|(_, is_set)| *is_set) {
        let message = format!("`{at}` has no effect on a cluster that exists already");
        scope.warn(codes::IGNORED_CLUSTER_SETTING, at, message, "change it where the cluster is made");
    }
}

/// Whether a cluster can be in the account and Region of the stack, as far as both are known: services run in no other.
fn is_here(stack: &super::StackProps, arn: &crate::aws::Arn<'_>) -> bool {
    let same = |ours: Option<&str>, theirs: Option<&str>| ours.zip(theirs).is_none_or(|(ours, theirs)| ours == theirs);
    same(stack.region(), arn.region.known())
        && same(stack.account(), arn.account.known())
        && stack.refusal(arn).is_none()
}

/// The name in the ARN of a cluster, or the name itself.
fn cluster_name(scope: &mut Scope<'_>, text: &str) -> String {
    let is_arn = text.starts_with("arn:");
    let name = match crate::aws::Arn::parse(text) {
        Ok(arn)
            if arn.service.text() == "ecs"
                && arn.resource_type() == Some("cluster")
                && is_here(scope.stack().props(), &arn) =>
        {
            arn.resource_id()
        }
        _ => (!is_arn).then_some(text),
    };
    match name.filter(|name| crate::aws::fargate::is_name(name)) {
        Some(name) => name.to_owned(),
        None => {
            let help = "give its name, or its ARN like `arn:aws:ecs:eu-west-1:111122223333:cluster/main`";
            scope.error(
                codes::BAD_CLUSTER,
                "existing",
                format!("`{text}` does not name a cluster of this account and Region"),
                help,
            );
            text.to_owned()
        }
    }
}
