//! What the tests of load balancers, endpoint services and consumers have in common: a spec of which a test writes only
//! what it is about, and the constructs built from it over a plain network.

use std::collections::BTreeMap;

use ringfence::cfn::{Format, LogicalId, Map, SourceText, Text, Value, read};
use ringfence::constructs::{
    Backend, Consumer, EndpointService, LoadBalancer, Network, Provider, SecurityGroup, Stack, StackProps, Subnet,
    Task, consumer_checks, hand_off, output_reader,
};
use ringfence::diagnostics::CodePage;
use ringfence::resources::ec2;
use ringfence::spec::{Decoder, Service, Spec};

/// What stands in every spec unless a test says otherwise.
const BASE: &str = r#"
name: payments
env: { account: "111122223333", region: eu-west-1 }
services: { api: { image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1", port: 8080 } }
"#;

/// The stacks that were built, and the load balancer.
pub(crate) struct Built {
    /// The stack of the provider.
    pub(crate) provider: Stack,
    /// The load balancer in it.
    pub(crate) load_balancer: LoadBalancer,
    /// The endpoint service in it, when the spec shares something.
    pub(crate) endpoint_service: Option<EndpointService>,
    /// The stacks of the consumers, by name.
    pub(crate) consumers: BTreeMap<Text, Stack>,
    /// The hand-off sheets, by the name of the consumer.
    pub(crate) sheets: BTreeMap<Text, String>,
}

fn yaml(text: &str) -> Map {
    let document = read(&SourceText::new("spec.yaml", text), Format::Yaml).expect("the spec is YAML");
    document.value.as_map().expect("the spec is a map").clone()
}

/// The spec with these top-level keys; the rest is as in every spec.
pub(crate) fn spec(text: &str) -> Spec {
    let mut whole = yaml(BASE);
    for (key, value) in yaml(text) {
        whole.insert(key, value);
    }
    let (spec, mistakes) = Decoder::read::<Spec>(&Value::from(whole));
    spec.unwrap_or_else(|| panic!("`{text}` is no spec: {mistakes:?}"))
}

/// Builds what the spec says.
pub(crate) fn build(text: &str) -> Built {
    let spec = spec(text);
    let mut provider = Stack::new("payments", StackProps { env: spec.env.clone(), ..StackProps::default() });
    let network = network(&mut provider, &spec);
    let tasks: BTreeMap<Text, Task> = spec
        .services
        .iter()
        .map(|(name, service)| (name.clone(), task(&mut provider, &network, name, service)))
        .collect();
    let backends = spec
        .services
        .iter()
        .filter_map(|(name, service)| tasks.get(name).map(|task| (name.clone(), Backend { task, service })));
    let backends = backends.collect();
    let load_balancer = LoadBalancer::new(
        &mut provider.scope(),
        &spec.load_balancer,
        &spec.listeners,
        &network,
        &backends,
        spec.private_link.as_ref(),
    );
    let endpoint_service = spec.private_link.as_ref().map(|settings| {
        let mut scope = provider.scope();
        EndpointService::new(&mut scope.made_from("privateLink"), settings, &load_balancer)
    });
    if spec.private_link.is_none() {
        consumer_checks::report_unshared(&mut provider.scope(), &spec.consumers);
    }
    for (name, consumer) in &spec.consumers {
        output_reader::add(&mut provider.scope(), name, consumer);
    }
    let (consumers, sheets) = connect(&spec, &provider, &load_balancer);
    Built { provider, load_balancer, endpoint_service, consumers, sheets }
}

fn connect(
    spec: &Spec,
    provider: &Stack,
    load_balancer: &LoadBalancer,
) -> (BTreeMap<Text, Stack>, BTreeMap<Text, String>) {
    let Some(settings) = &spec.private_link else { return Default::default() };
    let provider = Provider { stack: provider, settings, load_balancer, service_name: None, service_region: None };
    let stacks: BTreeMap<Text, Stack> = spec
        .consumers
        .iter()
        .map(|(name, consumer)| (name.clone(), Consumer::stack(format!("payments-{name}"), name, consumer, &provider)))
        .collect();
    let sheets = spec.consumers.iter().filter_map(|(name, consumer)| {
        let stack = stacks.get(name)?;
        Some((name.clone(), hand_off(name, consumer, &provider, stack)))
    });
    let sheets = sheets.collect();
    (stacks, sheets)
}

/// A VPC with a subnet per zone, or the existing one of the spec.
fn network(stack: &mut Stack, spec: &Spec) -> Network {
    if let Some(existing) = &spec.network.existing {
        let subnets = existing.subnets.iter().map(|subnet| Subnet {
            id: subnet.id.to_value(),
            cidr: subnet.cidr.as_ref().map(ringfence::spec::Input::to_value),
            ..Subnet::default()
        });
        return Network {
            vpc_id: existing.vpc_id.to_value(),
            cidrs: existing.cidrs.iter().map(ringfence::spec::Input::to_value).collect(),
            subnets: subnets.collect(),
            ..Network::default()
        };
    }
    let mut scope = stack.scope();
    let vpc = scope.add("Vpc", ec2::Vpc::new().cidr_block("10.0.0.0/16"));
    let subnets = (1..=spec.network.azs.len()).map(|number| {
        let resource = ec2::Subnet::new()
            .vpc_id(vpc.reference())
            .cidr_block(format!("10.0.{number}.0/24"))
            .availability_zone(format!("eu-west-1{}", "abcdef".chars().nth(number - 1).unwrap_or_default()));
        let subnet = scope.add(&format!("Subnet{number}"), resource);
        Subnet {
            id: subnet.reference(),
            cidr: Some(Value::from(format!("10.0.{number}.0/24"))),
            ipv6_cidr: spec.network.ipv6.then(|| Value::from(format!("2001:db8:0:{number}::/64"))),
            ..Subnet::default()
        }
    });
    Network {
        subnets: subnets.collect(),
        vpc_id: vpc.reference(),
        cidrs: vec![Value::from("10.0.0.0/16")],
        ipv6_cidr: spec.network.ipv6.then(|| Value::from("2001:db8::/56")),
        ipv6_block: None,
        is_new: true,
    }
}

fn task(stack: &mut Stack, network: &Network, name: &Text, service: &Service) -> Task {
    let mut scope = stack.scope();
    let mut scope = scope.child(&format!("Service-{name}"));
    Task {
        name: name.to_string(),
        definition: Value::reference("TaskDefinition"),
        container: name.to_string(),
        port: service.port.as_ref().map(ringfence::spec::Input::to_value),
        security_group: SecurityGroup::new(&mut scope, "SecurityGroup", network, "tasks"),
        task_role: LogicalId::new("TaskRole"),
        execution_role: LogicalId::new("ExecutionRole"),
        protocol: service.protocol,
        log_group: LogicalId::new("LogGroup"),
        ready: Vec::new(),
    }
}

/// The codes of everything that is wrong with a spec: with its values, and with what is built from them.
pub(crate) fn codes(text: &str) -> Vec<&'static str> {
    let built = build(text);
    let stacks = std::iter::once(&built.provider).chain(built.consumers.values());
    stacks.flat_map(Stack::findings).map(|finding| finding.code.0).collect()
}

/// Holds that the example of each page shows what the page is about, and that what stands there instead does not.
pub(crate) fn assert_examples(pages: &[CodePage]) {
    for page in pages {
        let shown = codes(page.example);
        assert!(shown.contains(&page.code.0), "{}: the example shows only {shown:?}", page.code);
        let left = codes(page.instead);
        assert!(!left.contains(&page.code.0), "{}: it is still wrong instead", page.code);
    }
}
