//! What others connect to, by the IDs that the resources have in the plan.

use crate::cfn::Gather as _;
use crate::cfn::{Function, LogicalId, Map, Text, Value};
use crate::constructs::pattern::Provided;
use crate::constructs::{Consumer, EndpointService, Endpoints, Listener, Network, Stack, Task};

/// The handles of a whole service.
pub(super) fn of_service(stack: &Stack, provided: &Provided) -> Map {
    let mut handles = Map::new();
    push_network(&mut handles, stack, &provided.network, &provided.endpoints);
    push_own(&mut handles, "cluster", stack, &provided.cluster.name);
    if let Some(load_balancer) = &provided.load_balancer {
        push(&mut handles, "loadBalancer", &load_balancer.logical_id);
        push(&mut handles, "loadBalancerSecurityGroup", &load_balancer.security_group.logical_id);
    }
    if let Some(service) = &provided.endpoint_service {
        push_endpoint_service(&mut handles, stack, service);
    }
    let mut services = Map::new();
    for service in &provided.services {
        if let Some(task) = provided.tasks.get(service.service.as_str()) {
            services.push(service.service.clone(), of_task(task, stack, &service.logical_id));
        }
    }
    handles.push("services", services);
    let listeners = provided.load_balancer.iter().flat_map(|load_balancer| &load_balancer.listeners);
    let listeners: Map = listeners.map(|listener| (listener_name(stack, listener), of_listener(listener))).gather();
    handles.push("listeners", listeners);
    let secrets = provided.secrets.by_name.iter();
    handles.push("secrets", ids(secrets.map(|(name, secret)| (name.clone(), &secret.logical_id))));
    handles.push("alarms", Value::list(provided.alarms.alarms.iter().cloned().map(Text::from)));
    handles
}

/// The handles of a network that stands alone.
pub(super) fn of_network(stack: &Stack, network: &Network, endpoints: &Endpoints) -> Map {
    let mut handles = Map::new();
    push_network(&mut handles, stack, network, endpoints);
    handles
}

/// The handles of an endpoint service that stands alone.
pub(super) fn of_endpoint_service(stack: &Stack, service: &EndpointService) -> Map {
    let mut handles = Map::new();
    push_endpoint_service(&mut handles, stack, service);
    handles
}

/// The handles of the connection of a consumer.
pub(super) fn of_consumer(consumer: &Consumer) -> Map {
    let mut handles = Map::new();
    push(&mut handles, "endpoint", &consumer.endpoint);
    push(&mut handles, "securityGroup", &consumer.security_group.logical_id);
    if let Some(policy) = &consumer.policy {
        push(&mut handles, "policy", policy);
    }
    handles.push("dnsName", consumer.dns_name.clone());
    handles
}

fn push_endpoint_service(handles: &mut Map, stack: &Stack, service: &EndpointService) {
    push(handles, "endpointService", &service.logical_id);
    push(handles, "permissions", &service.permissions);
    handles.push("serviceName", service.service_name.clone());
    push_own(handles, "topic", stack, service.topic.as_ref().unwrap_or(&Value::Null));
    if let Some(verification) = &service.verification {
        push(handles, "verification", verification);
    }
}

/// The handles of a network: of what was made of it.
fn push_network(handles: &mut Map, stack: &Stack, network: &Network, endpoints: &Endpoints) {
    push_own(handles, "vpc", stack, &network.vpc_id);
    let own = |values: &mut dyn Iterator<Item = Value>| -> Value {
        Value::list(values.filter_map(|value| own(stack, &value)).gather::<Vec<Text>>())
    };
    handles.push("subnets", own(&mut network.subnets.iter().map(|subnet| subnet.id.clone())));
    handles.push("routeTables", own(&mut network.route_tables().into_iter()));
    if let Some(group) = &endpoints.security_group {
        push(handles, "endpointSecurityGroup", &group.logical_id);
    }
    handles.push("endpoints", ids(endpoints.made.iter().map(|(key, id)| (key.clone(), id))));
}

fn ids<'a>(entries: impl Iterator<Item = (Text, &'a LogicalId)>) -> Map {
    entries.map(|(name, id)| (name, Value::from(Text::from(id.clone())))).gather()
}

fn push(handles: &mut Map, name: &'static str, id: &LogicalId) {
    handles.push(name, Text::from(id.clone()));
}

/// Adds what `value` refers to, when that is a resource of the plan.
fn push_own(handles: &mut Map, name: &'static str, stack: &Stack, value: &Value) {
    if let Some(id) = own(stack, value) {
        handles.push(name, id);
    }
}

fn own(stack: &Stack, value: &Value) -> Option<Text> {
    let call = value.as_intrinsic().filter(|call| call.function == Function::Ref)?;
    let id = LogicalId::new(call.argument.as_str()?.to_owned());
    stack.resource(&id).map(|resource| Text::from(resource.logical_id.clone()))
}

fn of_task(task: &Task, stack: &Stack, service: &LogicalId) -> Value {
    let mut handles = Map::new();
    push(&mut handles, "service", service);
    push_own(&mut handles, "taskDefinition", stack, &task.definition);
    push(&mut handles, "taskRole", &task.task_role);
    push(&mut handles, "executionRole", &task.execution_role);
    push(&mut handles, "securityGroup", &task.security_group.logical_id);
    push(&mut handles, "logGroup", &task.log_group);
    handles.push("container", task.container.clone());
    if let Some(port) = &task.port {
        handles.push("port", port.clone());
        handles.push("protocol", task.protocol.word());
    }
    handles.into()
}

/// A listener goes by its port, and by its construct where that is known at deployment only.
fn listener_name(stack: &Stack, listener: &Listener) -> Text {
    if let Some(port) = listener.port.as_int() {
        return port.to_string().into();
    }
    let path = stack.resource(&listener.logical_id).map(|resource| resource.path.as_str()).unwrap_or_default();
    path.rsplit('/').find(|step| *step != "Resource").unwrap_or_default().to_owned().into()
}

fn of_listener(listener: &Listener) -> Value {
    let mut handles = Map::new();
    push(&mut handles, "listener", &listener.logical_id);
    push(&mut handles, "targetGroup", &listener.target_group);
    handles.push("port", listener.port.clone());
    handles.push("protocol", listener.protocol);
    handles.push("service", listener.service.clone());
    handles.push("container", listener.container.clone());
    handles.into()
}
