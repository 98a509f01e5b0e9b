//! A stack as the members of a plan.

use crate::cfn::Gather as _;
use crate::cfn::{LogicalId, Map, OrderedSet, Text, Value};
use crate::constructs::{Stack, StackResource, order};

/// The plan of what is in `stack`.
pub(super) fn of(stack: &Stack, handles: Map) -> Map {
    let order = order::buildable(stack).into_iter().map(LogicalId::new);
    let resources: Vec<Value> = order.filter_map(|id| Some(resource(stack.resource(&id)?))).gather();
    let mut plan = Map::with_capacity(6);
    plan.push("resources", Value::List(resources));
    plan.push("mappings", stack.mappings().clone());
    plan.push("conditions", stack.conditions().clone());
    plan.push("parameters", stack.parameters().clone());
    plan.push("outputs", stack.outputs().clone());
    plan.push("handles", handles);
    plan
}

fn resource(resource: &StackResource) -> Value {
    let mut map = Map::with_capacity(10);
    map.push("path", resource.path.clone());
    map.push("type", resource.resource.type_name().to_owned());
    map.push("id", Text::from(resource.logical_id.clone()));
    map.push("properties", resource.resource.properties().clone());
    if !resource.depends_on.is_empty() {
        let names: OrderedSet<Text> = resource.depends_on.iter().cloned().map(Text::from).gather();
        map.push("dependsOn", Value::list(names));
    }
    if let Some(condition) = &resource.condition {
        map.push("condition", condition.clone());
    }
    if let Some(policy) = resource.removal_policy {
        map.push("deletionPolicy", policy.word());
        map.push("updateReplacePolicy", policy.word());
    }
    if !resource.metadata.is_empty() {
        map.push("metadata", resource.metadata.clone());
    }
    map.push("origin", resource.origin.to_string());
    map.into()
}
