//! Load balancers, listeners and target groups: codes RF11xx.

use super::Rule;
use crate::model::Gather as _;
use crate::model::{Field, Function, Identity, Listener, LoadBalancer, Model, Node, Service, TargetGroup, Value, View};

mod access_logs_not_written;
mod attribute_not_taken;
mod blue_green_incomplete;
mod blue_green_waits;
mod certificate_for_another_name;
mod certificate_in_another_region;
mod client_address_not_preserved;
mod codedeploy_shifts_gradually;
mod connections_cut_at_deployment;
mod container_not_in_task;
mod datagrams_on_dual_stack;
mod datagrams_through_private_link;
mod duplicate_listener_port;
mod enforcement_without_security_groups;
mod fewer_tasks_than_zones;
mod health_check_not_taken;
mod health_check_of_datagrams;
mod idle_timeout_across_regions;
mod incompatible_protocols;
mod internet_facing_load_balancer;
mod listener_forwards_nowhere;
mod load_balancer_as_target;
mod load_balancer_in_one_zone;
mod load_balancer_without_security_groups;
mod load_balancers_differ;
mod load_balancers_of_endpoint_services;
mod long_connections_without_keepalive;
mod name_not_taken;
mod outdated_tls_policy;
mod plain_text_through_private_link;
mod port_exhaustion_unwatched;
mod proxy_protocol_in_health_checks;
mod quic_refused;
mod service_before_listener;
mod sticky_sessions;
mod subnets_in_the_same_zone;
mod target_group_of_two_load_balancers;
mod target_group_without_listener;
mod target_type_not_ip;
mod tls_listener_without_certificate;
mod tls_settings_without_tls;
mod tls_to_plain_targets;
mod too_many_targets;

/// The rules about load balancing.
pub(super) const RULES: &[&Rule] = &[
    &internet_facing_load_balancer::RULE,
    &enforcement_without_security_groups::RULE,
    &load_balancer_without_security_groups::RULE,
    &load_balancer_in_one_zone::RULE,
    &subnets_in_the_same_zone::RULE,
    &target_type_not_ip::RULE,
    &fewer_tasks_than_zones::RULE,
    &name_not_taken::RULE,
    &attribute_not_taken::RULE,
    &connections_cut_at_deployment::RULE,
    &sticky_sessions::RULE,
    &client_address_not_preserved::RULE,
    &proxy_protocol_in_health_checks::RULE,
    &idle_timeout_across_regions::RULE,
    &long_connections_without_keepalive::RULE,
    &too_many_targets::RULE,
    &port_exhaustion_unwatched::RULE,
    &incompatible_protocols::RULE,
    &tls_to_plain_targets::RULE,
    &tls_listener_without_certificate::RULE,
    &tls_settings_without_tls::RULE,
    &outdated_tls_policy::RULE,
    &certificate_in_another_region::RULE,
    &certificate_for_another_name::RULE,
    &plain_text_through_private_link::RULE,
    &duplicate_listener_port::RULE,
    &listener_forwards_nowhere::RULE,
    &target_group_of_two_load_balancers::RULE,
    &target_group_without_listener::RULE,
    &service_before_listener::RULE,
    &container_not_in_task::RULE,
    &health_check_not_taken::RULE,
    &health_check_of_datagrams::RULE,
    &load_balancer_as_target::RULE,
    &datagrams_on_dual_stack::RULE,
    &datagrams_through_private_link::RULE,
    &quic_refused::RULE,
    &load_balancers_of_endpoint_services::RULE,
    &load_balancers_differ::RULE,
    &blue_green_incomplete::RULE,
    &blue_green_waits::RULE,
    &codedeploy_shifts_gradually::RULE,
    &access_logs_not_written::RULE,
];

/// The elements of a list with the places at which they are written.
fn indexed<'a>(model: &'a Model<'a>, list: &Node<'a>) -> Vec<(usize, Node<'a>)> {
    match list.written() {
        Some(Value::List(items)) => {
            let nodes = items.iter().map(|item| model.evaluation().node(list.template(), item)).enumerate();
            nodes.filter(|(_, node)| !node.is_absent()).gather()
        }
        _ => list.known_items().into_iter().enumerate().gather(),
    }
}

/// The thing that a property or an element of it refers to, when the same reference elsewhere surely means the same thing:
/// an element of a list that is not known cannot be told from another.
fn one_thing<'a>(written: Option<&'a Value>, node: &Node<'a>) -> Option<Identity<'a>> {
    let is_plain = |written| is_plain_reference(node.evaluation().chosen(node.template(), written));
    match node.identity().known()? {
        Identity::Unnamed(_) if !written.is_some_and(is_plain) => None,
        identity => Some(identity),
    }
}

/// Whether a value is `Ref`, `Fn::Sub` of one name and nothing else, or `Fn::ImportValue` of a name.
fn is_plain_reference(value: &Value) -> bool {
    let Some(call) = value.as_intrinsic() else { return false };
    let Some(text) = call.argument.as_str() else { return false };
    match call.function {
        Function::Ref | Function::ImportValue => true,
        Function::Sub => {
            text.strip_prefix("${").and_then(|name| name.strip_suffix('}')).is_some_and(|name| !name.contains('$'))
        }
        _ => false,
    }
}

/// The path of an attribute's value, by its key, in a list of `Key` and `Value`.
fn attribute_path<'a, V: View<'a>>(view: V, list: &str, key: &str) -> String {
    let items = indexed(view.model(), &view.property(list));
    let place = items.iter().find(|(_, item)| item.get("Key").text().is_known_and(|found| found == key));
    place.map_or_else(|| list.to_owned(), |(index, _)| format!("{list}/{index}/Value"))
}

/// Whether an attribute is known to be `true`.
fn is_on(attribute: Field<'_, std::borrow::Cow<'_, str>>) -> bool {
    attribute.is_known_and(|value| value == "true")
}

/// The Network Load Balancers of the app.
fn network_load_balancers<'a>(model: &'a Model<'a>) -> impl Iterator<Item = LoadBalancer<'a>> {
    model.all::<LoadBalancer<'a>>().filter(|balancer| balancer.is_network())
}

/// The listeners of Network Load Balancers of the app, with these.
fn network_listeners<'a>(model: &'a Model<'a>) -> impl Iterator<Item = (Listener<'a>, LoadBalancer<'a>)> {
    let pairs = model.all::<Listener<'a>>().filter_map(|listener| Some((listener, listener.balancer()?)));
    pairs.filter(|(_, balancer)| balancer.is_network())
}

/// The entries of `LoadBalancers` of the services whose target groups are of the app: service, place, entry, target group.
fn registrations<'a>(model: &'a Model<'a>) -> impl Iterator<Item = (Service<'a>, usize, Node<'a>, TargetGroup<'a>)> {
    model.all::<Service<'a>>().flat_map(move |service| {
        let entries = indexed(model, &service.property("LoadBalancers")).into_iter();
        entries.filter_map(move |(index, entry)| {
            let group = entry.get("TargetGroupArn").resource().and_then(|id| model.view(id))?;
            Some((service, index, entry, group))
        })
    })
}

/// The fewest and the most tasks that a service may come to have, as far as they are known.
fn task_counts(service: Service<'_>) -> (Option<i64>, Option<i64>) {
    let desired = service.desired_count().or(1).known();
    let targets: Vec<_> = service.scalable_targets().gather();
    if targets.is_empty() {
        return (desired, desired);
    }
    let fewest = targets.iter().filter_map(|target| target.minimum().known()).min();
    let most = targets.iter().filter_map(|target| target.maximum().known()).max();
    (fewest.or(desired), most)
}
