//! Two answers to the question of where tasks run.

use crate::diagnostics::{Mend, Severity};
use crate::model::{Cluster, Field, Gather as _, Identity, Model, Node, Service, View, may_have_more};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1418", "launch-type-beside-providers", Error {
        pitfalls: [],
        summary: "A launch type beside a strategy of capacity providers, or a provider that the cluster does not have",
        why: "Tasks run by a launch type or by the strategy of capacity providers. ECS refuses a service that has both, and \
              one with a provider that its cluster does not have.",
        example: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      CapacityProviderStrategy: [{ CapacityProvider: FARGATE_SPOT, Weight: 1 }]
",
        instead: "Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      CapacityProviderStrategy: [{ CapacityProvider: FARGATE_SPOT, Weight: 1 }]
",
        source: "Amazon ECS API reference, CreateService",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<Service<'a>>() {
        if service.launch_type().is_known_and(|_| true) && !service.capacity_providers().is_empty() {
            findings
                .report(service.id(), "LaunchType", "a service has a launch type or capacity providers, not both")
                .help("leave out `LaunchType`: the capacity providers say where tasks run")
                .mend(Mend::suggested("leave `LaunchType` out").remove("LaunchType"));
        }
        foreign_provider(model, service, findings);
        strategy(service, findings);
        left_to_hosts(model, service, findings);
    }
}

/// Where neither the service nor its cluster says otherwise, tasks run on instances: those for Fargate alone find none.
/// Source: Amazon ECS API reference, `CreateService` (2026).
fn left_to_hosts<'a>(model: &'a Model<'a>, service: Service<'a>, findings: &mut Findings<'_>) {
    let says_where = !service.launch_type().is_absent()
        || !service.property("CapacityProviderStrategy").is_absent()
        || !service.controller().is_known_and(|kind| kind == "ECS");
    let cluster = service.cluster().known().and_then(|identity| model.find::<Cluster<'a>>(&identity));
    let (Some(definition), Some(cluster)) = (service.definition(), cluster.filter(|_| !says_where)) else { return };
    let kinds = definition.compatibilities();
    let is_for_fargate = |kind: &Node<'a>| kind.text().is_known_and(|kind| kind == "FARGATE");
    let has_default = !cluster.property("DefaultCapacityProviderStrategy").is_absent()
        || model.of_type("AWS::ECS::ClusterCapacityProviderAssociations").next().is_some()
        || may_have_more(model, cluster.id());
    if has_default || kinds.is_empty() || !kinds.iter().all(is_for_fargate) {
        return;
    }
    findings
        .report(service.id(), "", "nothing says that the service runs on Fargate, so that its tasks wait for instances")
        .mend(Mend::setting(false, "LaunchType", "FARGATE".into()))
        .help("set `LaunchType: FARGATE`, or `CapacityProviderStrategy`")
        .mention(definition.id(), "RequiresCompatibilities", "its tasks are for Fargate alone")
        .mention(cluster.id(), "", "this cluster has no capacity providers by default")
        .severity(Severity::Warning);
}

/// One provider of a strategy has a base, and not all weights are nothing. Source: Amazon ECS API reference,
/// `CapacityProviderStrategyItem`.
fn strategy<'a>(service: Service<'a>, findings: &mut Findings<'_>) {
    let place = "CapacityProviderStrategy";
    let entries = service.capacity_providers();
    let has_base = |entry: &&Node<'a>| entry.get("Base").int().is_known_and(|base| base > 0);
    if entries.iter().filter(has_base).count() > 1 {
        findings
            .report(service.id(), place, "only one of the capacity providers can have a base")
            .help("leave `Base` out of all but one of them");
    }
    let is_nothing = |entry: &Node<'a>| entry.get("Weight").int().or(0).is_known_and(|weight| weight == 0);
    if entries.len() > 1 && entries.iter().all(is_nothing) {
        findings
            .report(service.id(), place, "none of the capacity providers has a weight, and no task is started")
            .help("set the `Weight` of one of them to 1 or more");
    }
}

/// Even those of Fargate are used only on a cluster that has them.
fn foreign_provider<'a>(model: &'a Model<'a>, service: Service<'a>, findings: &mut Findings<'_>) {
    let cluster = service.cluster().known().and_then(|identity| model.find::<Cluster<'a>>(&identity));
    let Some(cluster) = cluster else { return };
    let Field::Known(mut known) = cluster.property("CapacityProviders").items().or(Vec::new()) else { return };
    for id in model.of_type("AWS::ECS::ClusterCapacityProviderAssociations") {
        match model.property(id, "Cluster").identity() {
            Field::Known(Identity::Resource(other)) if other != cluster.id() => continue,
            Field::Known(Identity::Resource(_)) => {}
            _ => return,
        }
        let Field::Known(items) = model.property(id, "CapacityProviders").items() else { return };
        known.extend(items);
    }
    let known: Vec<_> = known.iter().map(Node::identity).gather();
    let is_open = |identity: &Field<'_, Identity<'_>>| {
        !matches!(identity, Field::Known(Identity::Outside(_) | Identity::Resource(_)))
    };
    if known.iter().any(is_open) {
        return;
    }
    let is_named = |other: &Field<'_, Identity<'_>>| matches!(other, Field::Known(Identity::Outside(_)));
    let are_all_named = !known.is_empty() && known.iter().all(is_named);
    for (index, entry) in service.capacity_providers().iter().enumerate() {
        let provider = entry.get("CapacityProvider").identity();
        // One of the app may stand in the list by its name.
        let is_comparable = match &provider {
            Field::Known(Identity::Outside(name)) => are_all_named || is_of_fargate(name),
            Field::Known(Identity::Resource(_)) => !known
                .iter()
                .any(|other| matches!(other, Field::Known(Identity::Outside(name)) if !is_of_fargate(name))),
            _ => false,
        };
        if is_comparable && !known.contains(&provider) {
            findings
                .report(
                    service.id(),
                    format!("CapacityProviderStrategy/{index}/CapacityProvider"),
                    "the cluster does not have this capacity provider",
                )
                .help("add an `AWS::ECS::ClusterCapacityProviderAssociations` with it, even for `FARGATE` and `FARGATE_SPOT`")
                .mention(cluster.id(), "CapacityProviders", "this is the cluster");
        }
    }
}

fn is_of_fargate(name: &str) -> bool {
    name == "FARGATE" || name == "FARGATE_SPOT"
}
