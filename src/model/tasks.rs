//! ECS: clusters, services, task definitions, and their scaling.

use super::views::views;
use super::{Node, Relation, Role, View};

views! {
    /// A cluster.
    Cluster = "AWS::ECS::Cluster" {
        settings: list "ClusterSettings",
        exec: node "Configuration/ExecuteCommandConfiguration",
    }
    /// A service: so many tasks of a definition.
    Service = "AWS::ECS::Service" {
        cluster: one "Cluster",
        task_definition: node "TaskDefinition",
        launch_type: text "LaunchType",
        capacity_providers: list "CapacityProviderStrategy",
        platform_version: text "PlatformVersion" or "LATEST",
        desired_count: int "DesiredCount",
        subnets: many "NetworkConfiguration/AwsvpcConfiguration/Subnets",
        security_groups: many "NetworkConfiguration/AwsvpcConfiguration/SecurityGroups",
        assign_public_ip: text "NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp" or "DISABLED",
        load_balancers: list "LoadBalancers",
        enables_exec: bool "EnableExecuteCommand" or false,
        grace_period: int "HealthCheckGracePeriodSeconds",
        controller: text "DeploymentController/Type" or "ECS",
        strategy: text "DeploymentConfiguration/Strategy" or "ROLLING",
        minimum_healthy: int "DeploymentConfiguration/MinimumHealthyPercent",
        maximum: int "DeploymentConfiguration/MaximumPercent",
        breaker: node "DeploymentConfiguration/DeploymentCircuitBreaker",
    }
    /// What a task is made of.
    TaskDefinition = "AWS::ECS::TaskDefinition" {
        containers: list "ContainerDefinitions",
        cpu: node "Cpu",
        memory: node "Memory",
        network_mode: text "NetworkMode",
        compatibilities: list "RequiresCompatibilities",
        execution_role: node "ExecutionRoleArn",
        task_role: node "TaskRoleArn",
        architecture: text "RuntimePlatform/CpuArchitecture",
        operating_system: text "RuntimePlatform/OperatingSystemFamily" or "LINUX",
        ephemeral_storage: int "EphemeralStorage/SizeInGiB",
    }
    /// What is scaled.
    ScalableTarget = "AWS::ApplicationAutoScaling::ScalableTarget" {
        minimum: int "MinCapacity",
        maximum: int "MaxCapacity",
        resource: node "ResourceId",
        namespace: text "ServiceNamespace",
    }
}

impl<'a> Service<'a> {
    /// The definition of its tasks, when it is of the app.
    #[must_use]
    pub fn definition(self) -> Option<TaskDefinition<'a>> {
        self.model().view(self.task_definition().resource()?)
    }

    /// What scales it.
    pub fn scalable_targets(self) -> impl Iterator<Item = ScalableTarget<'a>> {
        self.model().related(Relation::ScalableTargetService, &self.identity())
    }
}

impl<'a> TaskDefinition<'a> {
    /// The role with which ECS fetches images and secrets, when it is of the app.
    #[must_use]
    pub fn execution_role_view(self) -> Option<Role<'a>> {
        self.model().view(self.execution_role().resource()?)
    }

    /// The role of the tasks themselves, when it is of the app.
    #[must_use]
    pub fn task_role_view(self) -> Option<Role<'a>> {
        self.model().view(self.task_role().resource()?)
    }

    /// The services that run it.
    pub fn services(self) -> impl Iterator<Item = Service<'a>> {
        self.model().related(Relation::ServiceTask, &self.identity())
    }

    /// The container with a name.
    #[must_use]
    pub fn container(self, name: &str) -> Option<Node<'a>> {
        self.containers().into_iter().find(|container| container.get("Name").text().is_known_and(|found| found == name))
    }
}

impl<'a> Service<'a> {
    /// Whether its tasks are known to have network interfaces of their own: on Fargate always, elsewhere in the network mode
    /// `awsvpc`.
    #[must_use]
    pub fn has_own_addresses(self) -> bool {
        self.is_on_fargate()
            || !self.property("NetworkConfiguration/AwsvpcConfiguration").is_absent()
            || self
                .definition()
                .is_some_and(|definition| definition.network_mode().is_known_and(|mode| mode == "awsvpc"))
    }

    /// Whether its tasks are known to run on Fargate.
    #[must_use]
    pub fn is_on_fargate(self) -> bool {
        let providers = self.capacity_providers();
        let is_fargate = |provider: &Node<'a>| {
            provider.get("CapacityProvider").text().is_known_and(|name| name == "FARGATE" || name == "FARGATE_SPOT")
        };
        self.launch_type().is_known_and(|kind| kind == "FARGATE") || providers.iter().any(is_fargate)
    }
}
