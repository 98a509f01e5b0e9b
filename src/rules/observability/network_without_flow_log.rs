//! A network whose traffic nobody records.

use crate::diagnostics::Severity;
use crate::model::Gather as _;
use crate::model::{
    EndpointService, Field, FlowLog, Identity, Model, OrderedSet, Relation, ResourceId, Service, Subnet, Template,
    View, Vpc,
};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1603", "network-without-flow-log", Warning {
        pitfalls: [97],
        summary: "A network whose traffic nobody records",
        why: "Without flow logs nobody can tell who connected, nor what security groups and network ACLs have dropped: traffic through PrivateLink that is blocked shows nowhere else.",
        example: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
",
        instead: "Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  Flow:
    Type: AWS::EC2::FlowLog
    Properties:
      ResourceType: VPC
      ResourceId: !Ref Vpc
      TrafficType: ALL
      LogDestinationType: s3
      LogDestination: arn:aws:s3:::flows
",
        source: "Amazon VPC user guide, VPC flow logs",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    // A flow log whose resource is not known may record any network.
    let is_open = |log: FlowLog<'a>| matches!(log.resource(), Field::Unknown(_) | Field::Known(Identity::Unnamed(_)));
    if model.all::<FlowLog<'a>>().any(is_open) {
        return;
    }
    let shares = model.all::<EndpointService<'a>>().next().is_some();
    let with_tasks = networks_with_tasks(model);
    for vpc in model.all::<Vpc<'a>>() {
        if model.template_of(vpc.id()).is_none_or(Template::has_macros) || is_recorded(model, vpc.id()) {
            continue;
        }
        let subnets: Vec<_> = model.referring(Relation::SubnetOfVpc, &vpc.identity()).gather();
        let (recorded, others): (Vec<_>, Vec<_>) = subnets.into_iter().partition(|id| is_recorded(model, *id));
        // What is blocked of PrivateLink, or between tasks, shows nowhere else; elsewhere it is good practice.
        let severity = if shares || with_tasks.contains(&vpc.identity()) { Severity::Warning } else { Severity::Info };
        let found = match others.first() {
            Some(subnet) if !recorded.is_empty() => findings
                .report(*subnet, "", "the traffic of this subnet is not recorded, though that of others is")
                .help("make the flow log one of the VPC")
                .mention(vpc.id(), "", "this is its VPC"),
            None if !recorded.is_empty() => continue,
            _ => findings
                .report(vpc.id(), "", "nobody records the traffic of the network")
                .help("add an `AWS::EC2::FlowLog` for the VPC")
                .in_spec(InSpec::Help("leave `network.flowLogs` on")),
        };
        found.severity(severity);
    }
}

/// The networks in whose subnets services run tasks.
fn networks_with_tasks<'a>(model: &'a Model<'a>) -> OrderedSet<Identity<'a>> {
    let subnets = model.all::<Service<'a>>().filter_map(|service| service.subnets().known()).flatten();
    subnets.filter_map(|subnet| model.find::<Subnet<'a>>(&subnet)?.vpc().known()).gather()
}

fn is_recorded(model: &Model<'_>, id: ResourceId) -> bool {
    model.referring(Relation::FlowLogResource, &Identity::Resource(id)).next().is_some()
}
