//! Traffic that does not arrive: codes RF10xx.
//!
//! These rules ask [`Reach`] and put what is in the way into words. They say nothing where it is not sure.

use super::{Findings, Found, Rule, mends};
use crate::diagnostics::{Mend, Severity};
use crate::model::Gather as _;
use crate::model::{Destination, Purpose, ResourceId, SecurityGroup, View};
use crate::reach::{BalancerLeg, Blocker, Cause, End, Protocol, Reach, StaticLeg, TargetTraffic, TaskLeg};

mod consumer_endpoint_refuses_port;
mod custom_resource_unanswered;
mod endpoint_policy_denies_tasks;
mod endpoint_refuses_tasks;
mod endpoint_without_private_dns;
mod exec_unreachable;
mod file_system_unreachable;
mod gateway_endpoint_not_in_route_table;
mod granted_service_unreachable;
mod image_unreachable;
mod load_balancer_admits_nobody;
mod load_balancer_cannot_send;
mod logs_unreachable;
mod network_acl_blocks_traffic;
mod private_link_refused;
mod registry_unreachable;
mod rotation_unreachable;
mod startup_service_unreachable;
mod targets_admit_group_only;
mod targets_refuse_health_checks;
mod targets_refuse_load_balancer;
mod task_egress_blocked;
mod tasks_open_to_internet;
mod zone_without_targets;

/// The rules about traffic.
pub(super) const RULES: &[&Rule] = &[
    &targets_refuse_load_balancer::RULE,
    &targets_refuse_health_checks::RULE,
    &load_balancer_cannot_send::RULE,
    &load_balancer_admits_nobody::RULE,
    &private_link_refused::RULE,
    &zone_without_targets::RULE,
    &consumer_endpoint_refuses_port::RULE,
    &targets_admit_group_only::RULE,
    &startup_service_unreachable::RULE,
    &image_unreachable::RULE,
    &gateway_endpoint_not_in_route_table::RULE,
    &endpoint_policy_denies_tasks::RULE,
    &registry_unreachable::RULE,
    &endpoint_refuses_tasks::RULE,
    &endpoint_without_private_dns::RULE,
    &logs_unreachable::RULE,
    &exec_unreachable::RULE,
    &rotation_unreachable::RULE,
    &task_egress_blocked::RULE,
    &network_acl_blocks_traffic::RULE,
    &tasks_open_to_internet::RULE,
    &file_system_unreachable::RULE,
    &custom_resource_unanswered::RULE,
    &granted_service_unreachable::RULE,
];

/// Whether it is security groups at one end that are in the way.
fn is_group(blocker: &Blocker<'_>, end: End) -> bool {
    let is_group = matches!(blocker.cause, Cause::GroupRules | Cause::GroupWithoutRules | Cause::DefaultGroup);
    is_group && blocker.end == end
}

/// Lets through what a security group keeps from or to whom it met.
fn open<'a>(reach: &Reach<'a>, blocker: &Blocker<'a>, protocol: Protocol, port: Option<u16>) -> Option<Mend> {
    let model = reach.model();
    mends::opening(model, blocker, protocol, port, &mends::peers(model, blocker.other?))
}

/// Says less loudly what is true because a rule that stands by itself took back the rule that lets everything out: that is
/// seen, but not documented.
fn soften(reach: &Reach<'_>, blocker: &Blocker<'_>, found: &mut Found) {
    let group = blocker.resource.and_then(|id| reach.model().view::<SecurityGroup<'_>>(id));
    if blocker.end == End::Source && group.is_some_and(|group| group.property("SecurityGroupEgress").is_absent()) {
        found.severity(Severity::Warning);
    }
}

/// Whether what is in the way is that no way leads to public addresses.
const fn is_way(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::NoRoute
            | Cause::NoPublicAddress
            | Cause::GatewayNotAttached
            | Cause::PeeringAddress
            | Cause::PrivateNat
            | Cause::NatWithoutWayOut
    )
}

/// Something that is in the way of what tasks need, in some of their subnets.
struct Block<'r, 'a> {
    leg: &'r TaskLeg<'a>,
    blocker: &'r Blocker<'a>,
    subnets: Vec<ResourceId>,
}

/// What is in the way of what tasks need, each thing once for all subnets of a service.
fn blocks<'r, 'a>(reach: &'r Reach<'a>, is_wanted: impl Fn(&TaskLeg<'a>, &Blocker<'a>) -> bool) -> Vec<Block<'r, 'a>> {
    let mut found: Vec<Block<'r, 'a>> = Vec::new();
    for leg in reach.task_legs() {
        for blocker in leg.answer.blockers().iter().filter(|blocker| is_wanted(leg, blocker)) {
            let same = |block: &&mut Block<'r, 'a>| {
                let other = block.blocker;
                block.leg.service.id() == leg.service.id()
                    && block.leg.need == leg.need
                    && (other.cause, other.end, other.resource) == (blocker.cause, blocker.end, blocker.resource)
            };
            let subnet = leg.from.subnet.as_ref().and_then(|subnet| match subnet {
                crate::model::Identity::Resource(id) => Some(*id),
                _ => None,
            });
            // Legs of one service stand side by side, so that it is near the end.
            match found.iter_mut().rev().take(32).find(same) {
                Some(block) => block.subnets.extend(subnet.filter(|subnet| !block.subnets.contains(subnet))),
                None => found.push(Block { leg, blocker, subnets: subnet.into_iter().gather() }),
            }
        }
    }
    found
}

/// Names in backticks, joined by commas; something general when there are none.
fn subnets_in_words(reach: &Reach<'_>, subnets: &[ResourceId]) -> String {
    let names: Vec<_> = subnets.iter().map(|id| format!("`{}`", reach.model().logical_id(*id))).gather();
    if names.is_empty() { "their subnets".to_owned() } else { names.join(", ") }
}

/// Reports services that tasks need, that have no endpoint, and to whose public addresses no way leads.
fn report_missing<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>, is_wanted: fn(Purpose) -> bool) {
    let wanted =
        |leg: &TaskLeg<'a>, blocker: &Blocker<'a>| blocker.cause == Cause::NoEndpoint && is_wanted(leg.need.purpose);
    for block in blocks(reach, wanted) {
        let (service, need) = (block.leg.service, &block.leg.need);
        let Destination::Service(key) = need.what else { continue };
        let way = block.leg.answer.blockers().iter().find(|blocker| is_way(blocker.cause));
        let message = format!(
            "tasks of `{}` in {} cannot {}: there is no endpoint for `{key}`, and {}",
            service.logical_id(),
            subnets_in_words(reach, &block.subnets),
            need.purpose.words(),
            way.map_or("nothing leads to its public addresses", |blocker| blocker.cause.words()),
        );
        let help = if key == "s3" {
            "add a gateway endpoint for `s3` to the route tables of the subnets".to_owned()
        } else {
            format!("add an interface endpoint for `{key}` with private DNS, whose security group admits the tasks")
        };
        let found = findings.report(service.id(), "NetworkConfiguration/AwsvpcConfiguration/Subnets", message);
        found.help(help).mention(need.resource, need.property.clone(), "this needs it");
        for subnet in &block.subnets {
            found.mention(*subnet, "", "tasks run in this subnet");
        }
        if let Some(table) = way.and_then(|blocker| blocker.resource) {
            found.mention(table, "", "this is on the way out");
        }
    }
}

/// Something that is in the way from a load balancer to tasks.
struct TargetBlock<'r, 'a> {
    leg: &'r BalancerLeg<'a>,
    blocker: &'r Blocker<'a>,
}

/// Reports security groups between a load balancer and tasks, which do not `admit` or `let out` what it sends.
fn report_target<'f, 'a>(
    reach: &Reach<'a>,
    findings: &'f mut Findings<'_>,
    block: &TargetBlock<'_, 'a>,
    verb: &str,
) -> &'f mut Found {
    let TargetBlock { leg, blocker } = block;
    let (balancer, service) = (leg.registration.balancer, leg.registration.service);
    let (what, port) = match leg.carries {
        TargetTraffic::Clients => ("traffic", leg.registration.port.known()),
        TargetTraffic::HealthChecks => {
            let checks = Reach::health_checks(&leg.registration);
            ("health checks", checks.and_then(|traffic| traffic.known()).and_then(|traffic| traffic.port()))
        }
    };
    let owner = blocker.party.map_or("", |id| reach.model().logical_id(id));
    let message = format!(
        "the security groups of `{owner}` do not {verb} {what} from `{}` to tasks of `{}` on port {}",
        balancer.logical_id(),
        service.logical_id(),
        port.unwrap_or_default(),
    );
    let place = blocker.resource.or(blocker.party).unwrap_or(service.id());
    let found = findings.report(place, blocker.property.clone(), message);
    soften(reach, blocker, found);
    let protocol = match leg.carries {
        TargetTraffic::Clients => leg.registration.carries.first().copied().unwrap_or(Protocol::TCP),
        TargetTraffic::HealthChecks => Protocol::TCP,
    };
    found
        .mend_by(open(reach, blocker, protocol, port))
        .mention(balancer.id(), "SecurityGroups", "this load balancer sends it")
        .mention(service.id(), "LoadBalancers", "this service registers its tasks")
        .mention(leg.registration.group.id(), "HealthCheckPort", "this is the target group");
    found
}

/// Reports security groups between a load balancer and targets that stand in the template. Of health checks nothing is said
/// where the traffic is refused as well.
fn report_static<'a>(reach: &Reach<'a>, findings: &mut Findings<'_>, carries: TargetTraffic, end: End) {
    let legs = reach.static_legs();
    let is_refused = |leg: &StaticLeg<'a>| leg.answer.blockers().iter().any(|blocker| is_group(blocker, end));
    let (what, verb) = match (carries, end) {
        (TargetTraffic::Clients, End::Source) => ("traffic", "let out"),
        (TargetTraffic::HealthChecks, End::Source) => ("health checks", "let out"),
        (TargetTraffic::Clients, _) => ("traffic", "admit"),
        (TargetTraffic::HealthChecks, _) => ("health checks", "admit"),
    };
    for (index, leg) in legs.iter().enumerate().filter(|(_, leg)| leg.carries == carries) {
        // The legs to one target stand side by side, that of traffic first.
        let before = index.checked_sub(1).and_then(|index| legs.get(index));
        let is_of_clients = |before: &&StaticLeg<'a>| {
            before.carries == TargetTraffic::Clients
                && (before.group.id(), before.entry, before.balancer.id())
                    == (leg.group.id(), leg.entry, leg.balancer.id())
        };
        if carries == TargetTraffic::HealthChecks && before.filter(is_of_clients).is_some_and(is_refused) {
            continue;
        }
        let Some(blocker) = leg.answer.blockers().iter().find(|blocker| is_group(blocker, end)) else { continue };
        let name = |id| reach.model().logical_id(id);
        let owner = blocker.party.map_or("", name);
        let (balancer, target) = (leg.balancer.logical_id(), name(leg.target));
        let message = format!(
            "the security groups of `{owner}` do not {verb} {what} from `{balancer}` to `{target}` on port {}",
            leg.port
        );
        let help = if end == End::Source {
            "add an egress rule for the port of the target to the security group of the load balancer"
        } else {
            "add an ingress rule for the port, with the security group of the load balancer as its source, or its subnets if it has none"
        };
        let found = findings.report(blocker.resource.unwrap_or(leg.target), blocker.property.clone(), message);
        soften(reach, blocker, found);
        found.help(help).mention(leg.balancer.id(), "SecurityGroups", "this load balancer sends it").mention(
            leg.group.id(),
            format!("Targets/{}", leg.entry),
            "this is the target group",
        );
    }
}
