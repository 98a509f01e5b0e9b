//! What tasks need from outside of themselves before they run, and for what (F3, F4).

use super::{
    Because, Cluster, Endpoint, Field, Model, Node, Piece, ResourceId, Service, TaskDefinition, View, may_be_in,
};
use crate::aws::ecr::{EcrEndpoint, ImageReference, Registry};
use crate::cfn::Gather as _;

/// Something that a task has to reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Need<'a> {
    /// What it has to reach.
    pub what: Destination<'a>,
    /// For what.
    pub purpose: Purpose,
    /// The resource that says so.
    pub resource: ResourceId,
    /// The property that says so, as a path of keys and indices separated by `/`.
    pub property: String,
}

/// What a task has to reach.
#[derive(Clone, Debug, PartialEq)]
pub enum Destination<'a> {
    /// A service of AWS in the Region of the task, by the key of its endpoints.
    Service(&'static str),
    /// A registry on the internet, by its host.
    Registry(String),
    /// A service of AWS in another Region, which no endpoint of this one reaches.
    OtherRegion {
        /// The Region.
        region: String,
        /// The service, by the key of its endpoints.
        service: &'static str,
    },
    /// It is not known.
    Unknown(Because<'a>),
}

/// For what a task needs something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// To sign in to the registry of its images.
    SignIn,
    /// To pull the manifests of its images.
    Manifest,
    /// To pull the layers of its images.
    Layers,
    /// To get its secrets.
    Secret,
    /// To get its parameters.
    Parameter,
    /// To get files with environment variables.
    EnvironmentFile,
    /// To write its logs.
    Logs,
    /// To let people run commands in it.
    Exec,
    /// To encrypt the sessions of people who run commands in it.
    ExecKey,
    /// To record the sessions of people who run commands in it.
    ExecLog,
    /// To answer CloudFormation, as functions of custom resources do.
    Response,
}

impl Purpose {
    /// What the task does, to follow "tasks cannot …".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::SignIn => "sign in to the registry of their images",
            Self::Manifest => "pull the manifests of their images",
            Self::Layers => "pull the layers of their images",
            Self::Secret => "get their secrets",
            Self::Parameter => "get their parameters",
            Self::EnvironmentFile => "get the files with their environment variables",
            Self::Logs => "write their logs",
            Self::Exec => "open sessions for ECS Exec",
            Self::ExecKey => "encrypt the sessions of ECS Exec",
            Self::ExecLog => "record the sessions of ECS Exec",
            Self::Response => "answer CloudFormation",
        }
    }
}

/// Registries on the internet that no endpoint reaches. Hosts that are not here may be in a network of one's own.
const PUBLIC_REGISTRIES: &[&str] = &[
    "docker.elastic.co",
    "docker.io",
    "gcr.io",
    "ghcr.io",
    "index.docker.io",
    "lscr.io",
    "mcr.microsoft.com",
    "nvcr.io",
    "public.ecr.aws",
    "quay.io",
    "registry-1.docker.io",
    "registry.access.redhat.com",
    "registry.gitlab.com",
    "registry.k8s.io",
    "registry.redhat.io",
];

/// What the tasks of a service on Fargate have to reach before and while they run: registries of images, secrets, logs,
/// ECS Exec. Empty for tasks that are not known to run on Fargate: elsewhere the host does it.
///
/// Source: `AmazonECR/latest/userguide/vpc-endpoints`, `AmazonECS/latest/developerguide/vpc-endpoints` and `…/ecs-exec`
/// (2026), for platform version 1.4.0 and later; before that only the layers went through the network of the task.
#[must_use]
pub fn needs_of<'a>(definition: TaskDefinition<'a>, service: Service<'a>) -> Vec<Need<'a>> {
    let mut needs = Vec::new();
    let version = service.platform_version();
    let is_new = version.is_known_and(|version| version == "LATEST" || version.starts_with("1.4"));
    if !runs_on_fargate(service, definition) || service.platform_version().is_unknown() {
        return needs;
    }
    let region = service.home_region();
    let containers = definition.property("ContainerDefinitions").items().known().unwrap_or_default();
    for (index, container) in containers.iter().enumerate() {
        let place = Place {
            resource: definition.id(),
            path: format!("ContainerDefinitions/{index}"),
            region: region.as_deref(),
            model: service.model(),
        };
        image(&place, container, is_new, &mut needs);
        if is_new {
            secrets(&place, container, "Secrets", &mut needs);
            secrets(&place, container, "LogConfiguration/SecretOptions", &mut needs);
            files(&place, container, &mut needs);
            logs(&place, container, &mut needs);
        }
    }
    if is_new && service.enables_exec() == Field::Known(true) {
        exec(service, &mut needs);
    }
    needs
}

/// Whether the tasks of a service are known to run on Fargate: it says so, or they cannot run elsewhere.
#[must_use]
pub fn runs_on_fargate<'a>(service: Service<'a>, definition: TaskDefinition<'a>) -> bool {
    let providers = service.property("CapacityProviderStrategy");
    let only_fargate = || {
        let kinds = definition.property("RequiresCompatibilities").items().known().unwrap_or_default();
        !kinds.is_empty() && kinds.iter().all(|kind| kind.text().is_known_and(|kind| kind == "FARGATE"))
    };
    service.is_on_fargate() || (service.launch_type().is_absent() && providers.is_absent() && only_fargate())
}

/// Where something is written.
struct Place<'p, 'a> {
    resource: ResourceId,
    path: String,
    region: Option<&'p str>,
    model: &'a Model<'a>,
}

impl Place<'_, '_> {
    /// Whether a Region is surely not that of the tasks.
    fn is_elsewhere(&self, region: &str) -> bool {
        if region.is_empty() || region.contains("${") {
            return false;
        }
        match self.region {
            Some(own) => own != region,
            None => !may_be_in(self.model, self.resource, region),
        }
    }

    fn need<'n>(&self, what: Destination<'n>, purpose: Purpose, key: &str) -> Need<'n> {
        Need { what, purpose, resource: self.resource, property: format!("{}/{key}", self.path) }
    }
}

fn image<'a>(place: &Place<'_, '_>, container: &Node<'a>, is_new: bool, needs: &mut Vec<Need<'a>>) {
    let node = container.get("Image");
    let mut push = |what, purpose| needs.push(place.need(what, purpose, "Image"));
    let source = match registry(place, &node) {
        // What is given at deployment comes from where the network has a door to.
        Source::Unknown(_) if is_given(&node) && has_door_to_ecr(place) => Source::Ecr,
        source => source,
    };
    match source {
        Source::Ecr => {
            if is_new {
                push(Destination::Service("ecr.api"), Purpose::SignIn);
            }
            push(Destination::Service("ecr.dkr"), Purpose::Manifest);
            push(Destination::Service("s3"), Purpose::Layers);
        }
        Source::OtherRegion(region) => {
            push(Destination::OtherRegion { region, service: "ecr.dkr" }, Purpose::Manifest);
        }
        Source::Public(host) => push(Destination::Registry(host), Purpose::Manifest),
        Source::Unknown(because) => push(Destination::Unknown(because), Purpose::Manifest),
    }
    let credentials = container.at("RepositoryCredentials/CredentialsParameter");
    if is_new && !credentials.is_absent() {
        let key = "RepositoryCredentials/CredentialsParameter";
        needs.push(place.need(Destination::Service("secretsmanager"), Purpose::Secret, key));
    }
}

/// Whether a parameter says where an image comes from.
fn is_given(image: &Node<'_>) -> bool {
    matches!(image.pieces().first(), Some(Piece::Hole(Because::Parameter { .. })))
}

/// Whether there is an endpoint for the registry of ECR. Nobody pays for one to pull from elsewhere.
fn has_door_to_ecr(place: &Place<'_, '_>) -> bool {
    let mut endpoints = place.model.all::<Endpoint<'_>>();
    endpoints.any(|endpoint| endpoint.aws_service().is_some_and(|service| service.key.starts_with("ecr.")))
}

/// Where an image comes from.
enum Source<'a> {
    Ecr,
    OtherRegion(String),
    Public(String),
    Unknown(Because<'a>),
}

/// The registry of an image: a repository of the app, or what its name says.
fn registry<'a>(place: &Place<'_, '_>, node: &Node<'a>) -> Source<'a> {
    let pieces = node.pieces();
    let is_repository = |piece: &Piece<'a>| match piece {
        Piece::Hole(Because::Attribute(attribute)) => {
            let app = node.evaluation().app();
            let template = app.template(attribute.resource.template);
            let resource = template.and_then(|template| template.resource(attribute.resource.resource));
            resource.is_some_and(|resource| resource.type_name == "AWS::ECR::Repository")
        }
        _ => false,
    };
    if pieces.iter().any(is_repository) {
        return Source::Ecr;
    }
    let text: String = pieces.iter().map(text_or_hole).gather();
    let unknown = || Source::Unknown(node.text().because().unwrap_or(Because::Malformed));
    let Ok(reference) = ImageReference::parse(&text) else { return unknown() };
    match reference.registry {
        Registry::Ecr { endpoint: EcrEndpoint::DualStack, .. } => unknown(),
        Registry::Ecr { region: other, .. } if place.is_elsewhere(other) => Source::OtherRegion(other.to_owned()),
        Registry::Ecr { .. } => Source::Ecr,
        Registry::EcrPublic => Source::Public("public.ecr.aws".to_owned()),
        Registry::DockerHub if text.starts_with("${") => unknown(),
        Registry::DockerHub => Source::Public("docker.io".to_owned()),
        Registry::Other(host) if PUBLIC_REGISTRIES.contains(&host) => Source::Public(host.to_owned()),
        Registry::Other(_) | Registry::Unknown => unknown(),
    }
}

fn text_or_hole<'p>(piece: &'p Piece<'_>) -> &'p str {
    match piece {
        Piece::Text(text) => text.as_ref(),
        Piece::Hole(_) => "${hole}",
    }
}

fn secrets<'a>(place: &Place<'_, '_>, container: &Node<'a>, path: &str, needs: &mut Vec<Need<'a>>) {
    for (index, secret) in container.at(path).known_items().iter().enumerate() {
        let value = secret.get("ValueFrom");
        let text: String = value.pieces().iter().map(text_or_hole).gather();
        let kind = value.resource().map(|id| {
            let template = value.evaluation().app().template(id.template);
            template.and_then(|template| template.resource(id.resource)).map_or("", |resource| resource.type_name)
        });
        let (service, purpose) = match kind {
            _ if text.contains(":secretsmanager:") => ("secretsmanager", Purpose::Secret),
            Some("AWS::SecretsManager::Secret") => ("secretsmanager", Purpose::Secret),
            _ if text.contains(":ssm:") => ("ssm", Purpose::Parameter),
            Some("AWS::SSM::Parameter") => ("ssm", Purpose::Parameter),
            None if !text.is_empty() && !text.contains("${") && !text.starts_with("arn:") => {
                ("ssm", Purpose::Parameter)
            }
            _ => continue,
        };
        let key = format!("{path}/{index}/ValueFrom");
        needs.push(place.need(in_region(place, &text, service), purpose, &key));
    }
}

/// A service, in the Region that an ARN names.
fn in_region<'a>(place: &Place<'_, '_>, arn: &str, service: &'static str) -> Destination<'a> {
    let named = arn.split(':').nth(3).filter(|region| arn.starts_with("arn:") && place.is_elsewhere(region));
    match named {
        Some(named) => Destination::OtherRegion { region: named.to_owned(), service },
        None => Destination::Service(service),
    }
}

fn files<'a>(place: &Place<'_, '_>, container: &Node<'a>, needs: &mut Vec<Need<'a>>) {
    if !container.get("EnvironmentFiles").known_items().is_empty() {
        needs.push(place.need(Destination::Service("s3"), Purpose::EnvironmentFile, "EnvironmentFiles"));
    }
}

fn logs<'a>(place: &Place<'_, '_>, container: &Node<'a>, needs: &mut Vec<Need<'a>>) {
    let driver = container.at("LogConfiguration/LogDriver");
    if driver.text().is_known_and(|driver| driver == "awsfirelens") {
        return routed_logs(place, container, needs);
    }
    if !driver.text().is_known_and(|driver| driver == "awslogs") {
        return;
    }
    let options = container.at("LogConfiguration/Options");
    let region = options.get("awslogs-region").text().known();
    let what = match region {
        _ if !options.get("awslogs-endpoint").is_absent() => Destination::Unknown(Because::Malformed),
        Some(named) if place.is_elsewhere(&named) => {
            Destination::OtherRegion { region: named.into_owned(), service: "logs" }
        }
        _ => Destination::Service("logs"),
    };
    needs.push(place.need(what, Purpose::Logs, "LogConfiguration"));
}

/// Where FireLens sends logs, by the name of its output. Source: the manuals of Fluent Bit's outputs for AWS (2026), which
/// has one of its own and one in C for most.
const OUTPUTS: &[(&str, &str)] = &[
    ("cloudwatch", "logs"),
    ("cloudwatch_logs", "logs"),
    ("firehose", "kinesis-firehose"),
    ("kinesis", "kinesis-streams"),
    ("kinesis_firehose", "kinesis-firehose"),
    ("kinesis_streams", "kinesis-streams"),
    ("s3", "s3"),
];

/// The logs that a router takes, which sends them through the network of the task.
fn routed_logs<'a>(place: &Place<'_, '_>, container: &Node<'a>, needs: &mut Vec<Need<'a>>) {
    let options = container.at("LogConfiguration/Options");
    let option = |name: &str| [name, &name.to_ascii_lowercase()].map(|name| options.get(name).text().known());
    let Some(output) = option("Name").into_iter().flatten().next() else { return };
    let Some((_, service)) = OUTPUTS.iter().find(|(name, _)| *name == output) else { return };
    if !options.get("endpoint").is_absent() {
        return;
    }
    let what = match options.get("region").text().known() {
        Some(region) if place.is_elsewhere(&region) => {
            Destination::OtherRegion { region: region.into_owned(), service }
        }
        _ => Destination::Service(service),
    };
    needs.push(place.need(what, Purpose::Logs, "LogConfiguration"));
}

/// What ECS Exec needs: a channel, and what the cluster says of keys and records.
fn exec<'a>(service: Service<'a>, needs: &mut Vec<Need<'a>>) {
    let mut push = |key: &'static str, purpose, resource, property: &str| {
        needs.push(Need { what: Destination::Service(key), purpose, resource, property: property.to_owned() });
    };
    push("ssmmessages", Purpose::Exec, service.id(), "EnableExecuteCommand");
    let cluster = service.cluster().known().and_then(|identity| service.model().find::<Cluster<'a>>(&identity));
    let Some(cluster) = cluster else { return };
    let path = "Configuration/ExecuteCommandConfiguration";
    let settings = cluster.exec();
    if !settings.get("KmsKeyId").is_absent() {
        push("kms", Purpose::ExecKey, cluster.id(), path);
    }
    if !settings.at("LogConfiguration/CloudWatchLogGroupName").is_absent() {
        push("logs", Purpose::ExecLog, cluster.id(), path);
    }
    if !settings.at("LogConfiguration/S3BucketName").is_absent() {
        push("s3", Purpose::ExecLog, cluster.id(), path);
    }
}
