//! A load balancer, or all tasks behind one, in a single Availability Zone.

use super::{network_load_balancers, registrations};
use crate::model::Gather as _;
use crate::model::{Field, Identity, Model, Service, Subnet, View, Zone};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1104", "load-balancer-in-one-zone", Warning {
        pitfalls: [16],
        summary: "A Network Load Balancer, or all tasks behind it, in a single Availability Zone",
        why: "When that zone fails the service is gone. Consumers connect through PrivateLink only in the zones that the load \
              balancer has; AWS advises two at least, and asks for two when other Regions are to connect.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0] }
",
        instead: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
",
        source: "AWS PrivateLink guide, share your services",
        check: check,
    }
}

/// Whether all of these subnets are surely in one zone.
fn is_one_zone<'a>(model: &'a Model<'a>, subnets: &[Identity<'a>]) -> bool {
    // One element is one subnet, whichever it is: no list stands in a list.
    if subnets.len() == 1 {
        return true;
    }
    let views = subnets.iter().map(|subnet| model.find::<Subnet<'a>>(subnet).and_then(Zone::of));
    let zones: Option<Vec<Zone<'a>>> = views.gather();
    zones.is_some_and(|zones| zones.windows(2).all(|pair| pair.first() == pair.last()) && !zones.is_empty())
}

/// The subnets of a service's tasks, when the list can be read.
fn task_subnets<'a>(service: Service<'a>) -> Option<Vec<Identity<'a>>> {
    let list = service.property("NetworkConfiguration/AwsvpcConfiguration/Subnets");
    if list.because().is_some() { None } else { service.subnets().known() }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for balancer in network_load_balancers(model) {
        let Field::Known(subnets) = balancer.node_subnets() else { continue };
        if is_one_zone(model, &subnets) {
            let property = if balancer.property("Subnets").is_absent() { "SubnetMappings" } else { "Subnets" };
            findings
                .report(balancer.id(), property, "the load balancer is in one Availability Zone only")
                .help("give it a subnet in each of at least two Availability Zones")
                // The network's own check says it.
                .in_spec(InSpec::Nothing);
        }
    }
    for (service, _, _, group) in registrations(model) {
        let Some(subnets) = task_subnets(service) else { continue };
        let wide = group.balancers().into_iter().find(|balancer| {
            let nodes = balancer.node_subnets().known().unwrap_or_default();
            nodes.len() > 1 && !is_one_zone(model, &nodes)
        });
        if let Some(balancer) = wide.filter(|_| is_one_zone(model, &subnets)) {
            findings
                .report(
                    service.id(),
                    "NetworkConfiguration/AwsvpcConfiguration/Subnets",
                    "the tasks are in one Availability Zone, the load balancer is in several",
                )
                .help("let the tasks run in a subnet of every zone of the load balancer")
                .mention(balancer.id(), "", "its nodes in the other zones have no targets of their own");
        }
    }
}
