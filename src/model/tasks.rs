//! ECS: clusters, services, task definitions, and their scaling.

use std::borrow::Cow;

use super::views::views;
use super::{Because, Field, Model, Node, Piece, Relation, Role, Subnet, Template, View, written};
use crate::cfn::{Gather as _, Value};

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
    /// The Region in which its tasks run, when it is known: that of its stack, or that of its subnets.
    #[must_use]
    pub fn home_region(self) -> Option<Cow<'a, str>> {
        if let Some(region) = self.model().region_of(self.id()) {
            return Some(Cow::Borrowed(region));
        }
        let subnets = self.subnets().known()?.into_iter();
        subnets.take(16).find_map(|subnet| self.model().find::<Subnet<'a>>(&subnet)?.region())
    }

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

    /// Whether ECS itself replaces its tasks step by step, as many as are wanted wherever there is room. Nothing is said
    /// of it when it may be otherwise.
    #[must_use]
    pub fn is_rolling_replica(self) -> bool {
        let is = |path: &str, default: &'static str| {
            self.property(path).text().or(default.into()).is_known_and(|found| found == default)
        };
        is("DeploymentController/Type", "ECS")
            && is("DeploymentConfiguration/Strategy", "ROLLING")
            && is("SchedulingStrategy", "REPLICA")
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

/// A container of a task definition.
#[derive(Clone, Debug)]
pub struct Container<'a> {
    /// Where it stands in the definition, such as `ContainerDefinitions/0`.
    pub place: String,
    node: Node<'a>,
}

/// A variable in the environment of a container.
#[derive(Clone, Debug)]
pub struct Variable<'a> {
    /// Where its value stands in the definition, such as `ContainerDefinitions/0/Environment/0/Value`.
    pub place: String,
    /// Its name.
    pub name: Field<'a, Cow<'a, str>>,
    /// Its value.
    pub value: Node<'a>,
    /// Whether CloudFormation looks a secret up and writes it there.
    pub resolves_secret: bool,
    /// Whether it refers to a parameter whose value is masked wherever else it is shown.
    pub shows_masked_parameter: bool,
}

/// A secret or parameter that a container is given as a variable.
#[derive(Clone, Debug)]
pub struct InjectedSecret<'a> {
    /// Where its reference stands in the definition, such as `ContainerDefinitions/0/Secrets/0/ValueFrom`.
    pub place: String,
    /// The name of the variable.
    pub name: Field<'a, Cow<'a, str>>,
    /// The ARN or name that it is read from.
    pub value_from: Node<'a>,
}

impl<'a> TaskDefinition<'a> {
    /// Its containers with their places.
    pub fn placed_containers(self) -> impl Iterator<Item = Container<'a>> {
        let containers = self.containers().into_iter().enumerate();
        containers.map(|(index, node)| Container { place: format!("ContainerDefinitions/{index}"), node })
    }

    /// Whether it is known to be for Fargate: it says so, or a service runs it there.
    #[must_use]
    pub fn is_for_fargate(self) -> bool {
        let is_fargate = |kind: &Node<'a>| kind.text().is_known_and(|kind| kind == "FARGATE");
        self.compatibilities().iter().any(is_fargate) || self.services().any(Service::is_on_fargate)
    }
}

impl<'a> Container<'a> {
    /// A property, by the path of its keys, separated by `/`.
    #[must_use]
    pub fn property(&self, path: &str) -> Node<'a> {
        self.node.at(path)
    }

    /// The place of a property in the definition.
    #[must_use]
    pub fn place_of(&self, path: &str) -> String {
        format!("{}/{path}", self.place)
    }

    /// The container as it is written.
    #[must_use]
    pub fn node(&self) -> &Node<'a> {
        &self.node
    }

    /// Its name, or its place when that is not known.
    #[must_use]
    pub fn shown_name(&self) -> String {
        self.node.get("Name").text().known().map_or_else(|| self.place.clone(), Cow::into_owned)
    }

    /// Its image, with `${}` for what is not known (pseudo parameters by their names), as `aws::ecr` reads it.
    #[must_use]
    pub fn image(&self) -> String {
        let text = |piece: Piece<'a>| match piece {
            Piece::Text(text) => text,
            Piece::Hole(Because::Pseudo(name)) => Cow::Owned(format!("${{{name}}}")),
            Piece::Hole(_) => Cow::Borrowed("${}"),
        };
        self.node.get("Image").pieces().into_iter().map(text).gather()
    }

    /// The secrets and parameters that it is given as variables.
    #[must_use]
    pub fn secrets(&self) -> Vec<InjectedSecret<'a>> {
        let secrets = self.node.get("Secrets").known_items().into_iter().enumerate();
        let injected = secrets.map(|(index, node)| InjectedSecret {
            place: self.place_of(&format!("Secrets/{index}/ValueFrom")),
            name: node.get("Name").text(),
            value_from: node.get("ValueFrom"),
        });
        injected.gather()
    }

    /// The variables of its environment.
    #[must_use]
    pub fn variables(&self, model: &'a Model<'a>) -> Vec<Variable<'a>> {
        let evaluation = model.evaluation();
        let template = self.node.template();
        let parameters = evaluation.app().template(template).map(Template::parameters);
        let is_masked = |name: &str| {
            parameters.unwrap_or_default().iter().any(|parameter| parameter.name == name && parameter.is_masked())
        };
        let variable = |index: usize, node: Node<'a>, written: Option<&'a Value>| Variable {
            place: self.place_of(&format!("Environment/{index}/Value")),
            name: node.get("Name").text(),
            value: node.get("Value"),
            resolves_secret: written.is_some_and(written::resolves_secret),
            shows_masked_parameter: written.is_some_and(|written| written::names_parameter(written, &is_masked)),
        };
        let list = self.node.get("Environment");
        let Some(items) = list.written().and_then(Value::as_list) else {
            let items = list.known_items().into_iter().enumerate();
            return items.map(|(index, node)| variable(index, node, None)).gather();
        };
        let nodes = items.iter().map(|item| (item, evaluation.node(template, item))).enumerate();
        let present = nodes.filter(|(_, (_, node))| !node.is_absent());
        present
            .map(|(index, (item, node))| variable(index, node, evaluation.chosen(template, item).get("Value")))
            .gather()
    }

    /// An option of its log driver.
    #[must_use]
    pub fn log_option(&self, key: &str) -> Node<'a> {
        self.node.at("LogConfiguration/Options").get(key)
    }

    /// Whether its log is known to go to CloudWatch by the driver `awslogs`.
    #[must_use]
    pub fn logs_to_cloudwatch(&self) -> bool {
        self.node.at("LogConfiguration/LogDriver").text().is_known_and(|driver| driver == "awslogs")
    }
}
