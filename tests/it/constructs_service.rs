//! Roles, clusters, tasks, services, scaling and secrets: what they turn into, and what is refused.

mod access;
mod clusters;
mod containers;
mod images;
mod pages;
mod roles;
mod secrets;
mod services;
mod tasks;

use std::collections::BTreeMap;

use ringfence::cfn::{LogicalId, Text};
use ringfence::constructs::{
    Backend, Backends, Cluster, Endpoints, FargateService, FargateServiceProps, Listener, LoadBalancer, ManagedSecrets,
    Needs, Network, RestartOnRotation, Stack, StackProps, Task, task_needs,
};
use ringfence::spec::Spec;

use crate::sharing::spec;

/// What was built from a spec.
pub(crate) struct Built {
    /// The stack.
    pub(crate) stack: Stack,
    /// What the services need of AWS.
    pub(crate) needs: Needs,
}

/// The folder from which images can be built in tests, and what it hashes to.
const BUILD_FOLDER: (&str, &str) = ("docker", "0123456789abcdef");

/// Builds what a spec says, as a Rust program would: `text` is what the spec has beside a name, a place and one service.
pub(crate) fn build(text: &str) -> Built {
    build_spec(&spec(text))
}

/// Builds what a spec says.
pub(crate) fn build_spec(spec: &Spec) -> Built {
    let (folder, hash) = BUILD_FOLDER;
    let props = StackProps {
        env: spec.env.clone(),
        synthesizer: spec.stack.synthesizer,
        fingerprints: [(folder.to_owned(), hash.to_owned())].into(),
        ..StackProps::default()
    };
    let mut stack = Stack::new("Test", props);
    let mut scope = stack.scope();
    let network = Network::new(&mut scope.made_from("network"), &spec.network);
    let secrets = ManagedSecrets::new(&mut scope.made_from("secrets"), &spec.secrets);
    let cluster = Cluster::new(&mut scope.made_from("cluster"), &spec.cluster);
    let mut needs = Needs::default();
    for (name, service) in &spec.services {
        let mut scope = scope.made_from(&format!("services/{name}"));
        needs.extend(task_needs::of(&mut scope, name, service, &cluster, &secrets));
    }
    let region = spec.env.region.as_ref().map(|region| region.as_str());
    let endpoints =
        Endpoints::new(&mut scope.made_from("network/endpoints"), &network, &spec.network.endpoints, &needs, region);
    let task = |(name, service): (&Text, &ringfence::spec::Service)| {
        let mut scope = scope.made_from(&format!("services/{name}"));
        let task = Task::new(&mut scope, name, service, &network, &endpoints, &cluster, &secrets);
        (name.clone(), task)
    };
    let tasks: BTreeMap<Text, Task> = spec.services.iter().map(task).collect();
    let listeners = listeners(&mut stack, spec, &network, &tasks);
    let after: Vec<LogicalId> = network.ready().chain(endpoints.ready()).chain(&cluster.ready).cloned().collect();
    let services = services(&mut stack, spec, &network, &cluster, &tasks, &listeners, &after);
    let with_spec = spec.services.iter().filter_map(|(name, one)| Some((name.as_ref(), one, services.get(name)?)));
    RestartOnRotation::new(&mut stack.scope(), &secrets, &with_spec.collect::<Vec<_>>());
    Built { stack, needs }
}

fn listeners(stack: &mut Stack, spec: &Spec, network: &Network, tasks: &BTreeMap<Text, Task>) -> Vec<Listener> {
    if !spec.services.values().any(|service| service.port.is_some()) {
        return Vec::new();
    }
    let backends: Backends<'_> = spec
        .services
        .iter()
        .filter_map(|(name, service)| tasks.get(name).map(|task| (name.clone(), Backend { task, service })))
        .collect();
    let mut scope = stack.scope();
    LoadBalancer::new(&mut scope, &spec.load_balancer, &spec.listeners, network, &backends, None).listeners
}

fn services(
    stack: &mut Stack,
    spec: &Spec,
    network: &Network,
    cluster: &Cluster,
    tasks: &BTreeMap<Text, Task>,
    listeners: &[Listener],
    after: &[LogicalId],
) -> BTreeMap<Text, FargateService> {
    let mut services = BTreeMap::new();
    for (name, task) in tasks {
        let Some(service) = spec.services.get(name) else { continue };
        let own: Vec<&Listener> = listeners.iter().filter(|listener| listener.service == **name).collect();
        let after: Vec<LogicalId> =
            after.iter().chain(&task.ready).chain(own.iter().map(|listener| &listener.logical_id)).cloned().collect();
        let props = FargateServiceProps {
            service,
            task,
            cluster,
            network,
            listeners: &own,
            cross_zone: spec.load_balancer.cross_zone,
            after: &after,
        };
        let mut scope = stack.scope();
        let mut scope = scope.made_from(&format!("services/{name}"));
        let service = FargateService::new(&mut scope.child(name), "Service", &props);
        services.insert(name.clone(), service);
    }
    services
}

/// The codes of what is wrong with a spec: with its text, and with what is built from it.
pub(crate) fn codes(text: &str) -> Vec<&'static str> {
    build(text).stack.findings().iter().map(|finding| finding.code.0).collect()
}
