//! Two stacks composed from constructs, without a spec: a network that several teams share, and a service inside it.
//!
//! `cargo run --example two_stacks -- FOLDER` writes the cloud assembly to a new folder, which the CDK CLI deploys.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program writes files and says so")]

use std::error::Error;
use std::path::PathBuf;

use ringfence::assembly::Assembly;
use ringfence::cfn::Text;
use ringfence::constructs::service::FargateServiceProps;
use ringfence::constructs::{
    App, Backend, Backends, Cluster, Endpoints, FargateService, Listener, LoadBalancer, ManagedSecrets, Needs, Network,
    Stack, StackProps, Task, task_needs,
};
use ringfence::spec::{self, Input};

/// Where both stacks go.
fn props() -> StackProps {
    let env = spec::Environment { account: Some("111122223333".into()), region: Some("eu-west-1".into()) };
    StackProps { env, ..StackProps::default() }
}

/// The shared network, and how the other stack refers to it: by imports.
fn network_stack() -> (Stack, spec::ExistingNetwork) {
    let mut stack = Stack::new("SharedNetwork", props());
    let network = Network::new(&mut stack.scope(), &spec::Network::default());
    let mut subnets = Vec::new();
    for (index, subnet) in network.subnets.iter().enumerate() {
        let id = stack.export(format!("Subnet{index}"), subnet.id.clone());
        let route_table = stack.export(format!("RouteTable{index}"), subnet.route_table.clone());
        subnets.push(spec::ExistingSubnet {
            id: Input::Token(id),
            route_table: Input::Token(route_table),
            ..spec::ExistingSubnet::default()
        });
    }
    let vpc_id = Input::Token(stack.export("VpcId", network.vpc_id.clone()));
    (stack, spec::ExistingNetwork { vpc_id, cidrs: vec!["10.0.0.0/16".into()], subnets })
}

/// A service in the shared network, behind a load balancer.
fn service_stack(network: spec::ExistingNetwork) -> Stack {
    let image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/hello:1.0.0";
    let service = spec::Service { image: Some(image.into()), port: Some(8080.into()), ..spec::Service::default() };
    let mut stack = Stack::new("Hello", props());
    stack.add_dependency("SharedNetwork");
    let mut scope = stack.scope();
    let scope = &mut scope;
    let network = Network::new(scope, &spec::Network { existing: Some(network), ..spec::Network::default() });
    let cluster = Cluster::new(scope, &spec::Cluster::default());
    let secrets = ManagedSecrets::default();
    let mut needs = Needs::default();
    needs.extend(task_needs::of(scope, "hello", &service, &cluster, &secrets));
    let endpoints = Endpoints::new(scope, &network, &spec::Endpoints::default(), &needs, Some("eu-west-1"));
    let task = Task::new(scope, "hello", &service, &network, &endpoints, &cluster, &secrets);
    let backends = Backends::from([(Text::from("hello"), Backend { task: &task, service: &service })]);
    let balancer = LoadBalancer::new(scope, &spec::LoadBalancer::default(), &[], &network, &backends, None);
    let listeners: Vec<&Listener> = balancer.listeners.iter().collect();
    let after: Vec<_> = endpoints.ready().chain(&task.ready).chain(&balancer.ready).cloned().collect();
    FargateService::new(
        scope,
        "Service",
        &FargateServiceProps {
            service: &service,
            task: &task,
            cluster: &cluster,
            network: &network,
            listeners: &listeners,
            cross_zone: true,
            after: &after,
        },
    );
    stack
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name the folder to write")?);
    let (shared, network) = network_stack();
    let mut app = App::new();
    app.add(shared);
    app.add(service_stack(network));
    let findings = app.take_findings();
    if let Some(finding) = findings.first() {
        return Err(finding.message.clone().into());
    }
    std::fs::create_dir(&folder)?;
    for (name, text) in Assembly::of(&mut app).files {
        std::fs::write(folder.join(name), text)?;
    }
    println!("wrote {}", folder.display());
    Ok(())
}
