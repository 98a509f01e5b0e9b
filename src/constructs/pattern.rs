//! The whole pattern: wires the constructs of a spec into stacks.

use crate::cfn::Gather as _;
use crate::cfn::{LogicalId, OrderedMap, Text};
use crate::spec::{Additions, Spec};

use super::iam::in_own_account;
use super::listener::{Backend, Backends};
use super::service::FargateServiceProps;
use super::{
    Alarms, App, Cluster, Consumer, Dashboard, EndpointService, Endpoints, FargateService, FlowLogs, Listener,
    LoadBalancer, ManagedSecrets, Needs, Network, RestartOnRotation, Scope, Stack, StackProps, Task, Watched, consumer,
    consumer_checks, granted, hand_off, output_reader, stack_checks, task_needs,
};

/// What the folders hash to from which container images are built, by the path that the spec gives.
pub type Fingerprints = OrderedMap<String, String>;

/// The stacks of a spec, and what its consumers need to know.
#[derive(Debug, Default)]
pub struct Built {
    /// The stacks: the provider's, then one for each consumer.
    pub app: App,
    /// What each consumer needs to know, as Markdown, by the consumer's name.
    pub hand_offs: OrderedMap<String, String>,
}

/// Builds the stacks of a spec.
#[must_use]
pub fn build(spec: &Spec, fingerprints: &Fingerprints) -> Built {
    let mut stack = Stack::new(spec.name.as_str(), stack_props(spec, fingerprints));
    stack_checks::check(&mut stack.scope(), spec);
    let provided = provide(&mut stack.scope(), spec, &Additions::default());
    let mut built = Built::default();
    let consumers = connect(&mut stack, spec, provided.load_balancer.as_ref(), &mut built.hand_offs);
    built.app.add(stack);
    for consumer in consumers {
        built.app.add(consumer);
    }
    built
}

/// The stacks of the consumers, and a sheet for each.
fn connect(
    stack: &mut Stack,
    spec: &Spec,
    load_balancer: Option<&LoadBalancer>,
    sheets: &mut OrderedMap<String, String>,
) -> Vec<Stack> {
    let (Some(settings), Some(load_balancer)) = (&spec.private_link, load_balancer) else {
        consumer_checks::report_unshared(&mut stack.scope(), &spec.consumers);
        return Vec::new();
    };
    for (name, consumer) in &spec.consumers {
        output_reader::add(&mut stack.scope(), name, consumer);
    }
    let provider = consumer::Provider { stack, settings, load_balancer, service_name: None, service_region: None };
    let connect = |(name, settings): (&Text, &crate::spec::Consumer)| {
        let id = format!("{}-{}", spec.name.as_str(), name.replace('_', "-"));
        let stack = Consumer::stack(id, name, settings, &provider);
        sheets.insert(name.to_string(), hand_off(name, settings, &provider, &stack));
        stack
    };
    let made: Vec<Stack> = spec.consumers.iter().map(connect).gather();
    stack_checks::check_consumers(stack, spec, &made);
    made
}

fn stack_props(spec: &Spec, fingerprints: &Fingerprints) -> StackProps {
    let mut props = StackProps {
        stack_name: spec.stack.name.as_ref().map(|name| name.0.clone()),
        description: spec.description.clone(),
        env: spec.env.clone(),
        tags: spec.tags.0.clone(),
        termination_protection: spec.stack.termination_protection,
        synthesizer: spec.stack.synthesizer,
        qualifier: spec.stack.qualifier.clone(),
        permissions_boundary: None,
        fingerprints: fingerprints.clone(),
    };
    let boundary = spec.stack.permissions_boundary.as_ref();
    props.permissions_boundary = boundary.map(|arn| match arn.known() {
        Some(known) => in_own_account(&props, known.as_str()),
        None => arn.to_value(),
    });
    props
}

/// What the provider has.
#[derive(Debug)]
pub struct Provided {
    /// The network.
    pub network: Network,
    /// The cluster.
    pub cluster: Cluster,
    /// The secrets that are made.
    pub secrets: ManagedSecrets,
    /// The endpoints of AWS services.
    pub endpoints: Endpoints,
    /// The tasks by the name of their service.
    pub tasks: Tasks,
    /// The services, in the order of their names.
    pub services: Vec<FargateService>,
    /// The load balancer, when anybody is to connect.
    pub load_balancer: Option<LoadBalancer>,
    /// The endpoint service, when something is shared.
    pub endpoint_service: Option<EndpointService>,
    /// The alarms.
    pub alarms: Alarms,
}

/// Adds everything that the provider has. Each construct is made from its member of the spec, so that what is wrong is told
/// where it was written. `additions` is what the roles of the tasks were allowed beside the spec.
pub fn provide(scope: &mut Scope<'_>, spec: &Spec, additions: &Additions) -> Provided {
    let network = Network::new(&mut scope.made_from("network"), &spec.network);
    let flow_logs = FlowLogs::new(&mut scope.made_from("network/flowLogs"), &network, &spec.network.flow_logs);
    let ground = Ground::new(scope, spec, &network, additions);
    let tasks = ground.tasks(scope, spec);
    let load_balancer = needs_load_balancer(spec).then(|| {
        let backends = backends(spec, &tasks);
        let private_link = spec.private_link.as_ref();
        LoadBalancer::new(scope, &spec.load_balancer, &spec.listeners, &network, &backends, private_link)
    });
    let services = ground.services(scope, spec, &tasks, load_balancer.as_ref());
    // Every service of the spec has a task, hence one of these, in the same order.
    let with_spec = spec.services.iter().zip(&services).map(|((name, service), made)| (name.as_ref(), service, made));
    RestartOnRotation::new(scope, &ground.secrets, &with_spec.gather::<Vec<_>>());
    let most_tasks = services.iter().filter_map(|service| service.most_tasks).sum();
    network.check_room(&mut scope.made_from("network"), ground.endpoints.interface_count, most_tasks);
    let endpoint_service = load_balancer.as_ref().zip(spec.private_link.as_ref()).map(|(load_balancer, settings)| {
        EndpointService::new(&mut scope.made_from("privateLink"), settings, load_balancer)
    });
    let watched = Watched {
        load_balancer: load_balancer.as_ref(),
        services: &services,
        endpoint_service: endpoint_service.as_ref(),
        flow_logs: &flow_logs,
    };
    let alarms = Alarms::new(&mut scope.made_from("alarms"), &spec.alarms, &watched);
    Dashboard::new(&mut scope.made_from("dashboard"), &spec.dashboard, &watched, &alarms);
    let Ground { cluster, secrets, endpoints, .. } = ground;
    Provided { cluster, secrets, endpoints, tasks, services, load_balancer, endpoint_service, alarms, network }
}

/// Whether anybody is to connect to any service.
fn needs_load_balancer(spec: &Spec) -> bool {
    !spec.listeners.is_empty()
        || spec.private_link.is_some()
        || spec.services.values().any(|service| service.port.is_some())
}

/// What the services stand on.
struct Ground<'a> {
    network: &'a Network,
    cluster: Cluster,
    secrets: ManagedSecrets,
    endpoints: Endpoints,
}

impl<'a> Ground<'a> {
    fn new(scope: &mut Scope<'_>, spec: &Spec, network: &'a Network, additions: &Additions) -> Self {
        let secrets = ManagedSecrets::new(&mut scope.made_from("secrets"), &spec.secrets);
        let cluster = Cluster::new(&mut scope.made_from("cluster"), &spec.cluster);
        let mut needs = Needs::default();
        for (name, service) in &spec.services {
            needs.extend(in_services(scope, name, |scope| {
                let mut needs = task_needs::of(scope, name, service, &cluster, &secrets);
                if let Some(granted) = additions.services.get(name) {
                    granted::add(scope, name, granted, &service.aws, &mut needs);
                }
                needs
            }));
        }
        let region = scope.stack().props().region().map(str::to_owned);
        let mut origin = scope.made_from("network/endpoints");
        let endpoints = Endpoints::new(&mut origin, network, &spec.network.endpoints, &needs, region.as_deref());
        Self { network, cluster, secrets, endpoints }
    }

    fn tasks(&self, scope: &mut Scope<'_>, spec: &Spec) -> Tasks {
        let (endpoints, cluster, secrets) = (&self.endpoints, &self.cluster, &self.secrets);
        let make = |(name, service): (&Text, &crate::spec::Service)| {
            let task = in_services(scope, name, |scope| {
                Task::new(scope, name, service, self.network, endpoints, cluster, secrets)
            });
            (name.clone(), task)
        };
        spec.services.iter().map(make).gather()
    }

    fn services(
        &self,
        scope: &mut Scope<'_>,
        spec: &Spec,
        tasks: &Tasks,
        load_balancer: Option<&LoadBalancer>,
    ) -> Vec<FargateService> {
        let each = spec.services.iter().filter_map(|(name, service)| Some((name, service, tasks.get(name)?)));
        each.map(|(name, service, task)| {
            let all = load_balancer.map_or(&[][..], |load_balancer| &load_balancer.listeners);
            let listeners: Vec<&Listener> = all.iter().filter(|listener| listener.service == *name).gather();
            let after = self.before(task, load_balancer.filter(|_| !listeners.is_empty()));
            let props = FargateServiceProps {
                service,
                task,
                cluster: &self.cluster,
                network: self.network,
                listeners: &listeners,
                cross_zone: spec.load_balancer.cross_zone,
                after: &after,
            };
            in_services(scope, name, |scope| FargateService::new(&mut scope.child(name), "Service", &props))
        })
        .gather()
    }

    /// What must exist before the first task of a service can start and be found healthy. AWS would make the service
    /// without; its first tasks would fail, and the circuit breaker would roll everything back.
    fn before(&self, task: &Task, load_balancer: Option<&LoadBalancer>) -> Vec<LogicalId> {
        let endpoints = self.endpoints.ready();
        let balancer = load_balancer.into_iter().flat_map(|load_balancer| &load_balancer.ready);
        endpoints.chain(self.network.ready()).chain(&task.ready).chain(balancer).cloned().gather()
    }
}

/// The tasks by the name of their service.
pub type Tasks = OrderedMap<Text, Task>;

fn backends<'a>(spec: &'a Spec, tasks: &'a Tasks) -> Backends<'a> {
    let of =
        |(name, task): (&Text, &'a Task)| Some((name.clone(), Backend { task, service: spec.services.get(name)? }));
    tasks.iter().filter_map(of).gather()
}

/// The place in which the services are made, with the service `name` of the spec as its origin.
fn in_services<T>(scope: &mut Scope<'_>, name: &str, make: impl FnOnce(&mut Scope<'_>) -> T) -> T {
    let mut origin = scope.made_from(&format!("services/{name}"));
    make(&mut origin.child("Services"))
}
