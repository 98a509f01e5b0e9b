//! Routes: where packets go that leave a subnet (R1 to R16).

use std::rc::Rc;

use super::headers::{Addresses, Block, Headers};
use super::identity::same;
use super::security_groups::{any, services_of_list};
use super::{Doubt, Family, Party, Reach, Reason, Step, kept};
use crate::model::{
    Because, Endpoint, Field, GatewayAttachment, Identity, InternetGateway, Model, NatGateway, PrefixList, Relation,
    ResourceId, Route, RouteTable, Subnet, View, sort_by,
};
use crate::model::{Gather as _, GatherMore as _};

/// Where a route leads.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Target<'a> {
    InternetGateway(Identity<'a>),
    Nat(Identity<'a>),
    EgressOnly,
    GatewayEndpoint(ResourceId),
    Peering,
    TransitGateway(Identity<'a>),
    /// A VPN, a carrier or local gateway, a core network.
    Foreign,
    /// An instance, a network interface, or the endpoint of a firewall.
    Appliance,
    Unknown(Because<'a>),
}

/// To what a route leads.
#[derive(Clone, Debug, PartialEq)]
enum Destination<'a> {
    Addresses(Addresses),
    Service(&'static str),
    Unknown(Because<'a>),
}

/// A route.
#[derive(Clone, Debug)]
struct Entry<'a> {
    destination: Destination<'a>,
    target: Target<'a>,
    resource: ResourceId,
}

/// A route table, most specific first.
#[derive(Debug, Default)]
pub(super) struct Table<'a> {
    entries: Vec<Entry<'a>>,
    open: Option<Doubt<'a>>,
    /// Whether a route may lead addresses of a network away that the local route would deliver (R4).
    may_divert: bool,
}

/// A share of traffic and where it goes.
#[derive(Clone, Debug)]
pub(super) struct Next<'a> {
    /// Where; nothing when no route leads there.
    pub(super) target: Option<Target<'a>>,
    /// The route.
    pub(super) route: Option<ResourceId>,
    /// Whether it is sure that some of it goes there.
    pub(super) is_sure: bool,
}

/// The route table of a subnet with what it is to others; nothing when it is the main one of a VPC from a template, or why it
/// is not known.
pub(super) type OfSubnet<'a> = Result<Option<(Identity<'a>, Rc<Table<'a>>)>, Doubt<'a>>;

/// The properties of a route that name its target.
const TARGETS: &[&str] = &[
    "GatewayId",
    "NatGatewayId",
    "EgressOnlyInternetGatewayId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "VpcEndpointId",
    "InstanceId",
    "NetworkInterfaceId",
    "CarrierGatewayId",
    "LocalGatewayId",
    "CoreNetworkArn",
];

fn target<'a>(route: Route<'a>) -> Target<'a> {
    let named = TARGETS.iter().find(|key| !route.property(key).is_absent());
    let Some(key) = named else { return Target::Unknown(Because::Malformed) };
    let identity = match route.property(key).identity() {
        Field::Known(identity) => identity,
        Field::Unknown(because) => return Target::Unknown(because),
        Field::Absent => return Target::Unknown(Because::Malformed),
    };
    match *key {
        "GatewayId" => gateway(route.model(), identity),
        "NatGatewayId" => Target::Nat(identity),
        "EgressOnlyInternetGatewayId" => Target::EgressOnly,
        "VpcPeeringConnectionId" => Target::Peering,
        "TransitGatewayId" => Target::TransitGateway(identity),
        "VpcEndpointId" | "InstanceId" | "NetworkInterfaceId" => Target::Appliance,
        _ => Target::Foreign,
    }
}

/// `GatewayId` takes internet gateways and virtual private gateways.
fn gateway<'a>(model: &'a Model<'a>, identity: Identity<'a>) -> Target<'a> {
    match &identity {
        Identity::Resource(id) if model.view::<InternetGateway<'a>>(*id).is_some() => Target::InternetGateway(identity),
        Identity::Resource(id) if model.type_of(*id) == "AWS::EC2::VPNGateway" => Target::Foreign,
        Identity::Outside(text) if text.starts_with("igw-") => Target::InternetGateway(identity),
        Identity::Outside(text) if text.starts_with("vgw-") => Target::Foreign,
        Identity::Unnamed(because) => Target::Unknown(*because),
        _ => Target::Unknown(Because::Import("")),
    }
}

impl<'a> Table<'a> {
    fn of(model: &'a Model<'a>, identity: &Identity<'a>) -> Self {
        let mut table = Self::default();
        if model.find::<RouteTable<'a>>(identity).is_none() {
            table.open = Some(Doubt::about(Reason::Outside));
        }
        for route in model.related::<Route<'a>>(Relation::RouteOfTable, identity) {
            let of = |destination| Entry { destination, target: target(route), resource: route.id() };
            table.entries.gather_more(destinations(route).into_iter().map(of));
        }
        // R10: a gateway endpoint is a route to the prefix list of its service, in the tables that it names.
        for endpoint in model.related::<Endpoint<'a>>(Relation::EndpointRouteTable, identity) {
            let destination = match endpoint.aws_service() {
                Some(service) => Destination::Service(service.key),
                None => Destination::Unknown(Because::Malformed),
            };
            let target = Target::GatewayEndpoint(endpoint.id());
            table.entries.push(Entry { destination, target, resource: endpoint.id() });
        }
        sort_by(&mut table.entries, |one, other| specificity(&other.destination).cmp(&specificity(&one.destination)));
        table.may_divert = table.entries.iter().any(diverts);
        table
    }
}

/// Whether a route may stand in the place of the local one, or before it (R4): only network interfaces, NAT gateways and the
/// endpoints of firewalls can be its target.
fn diverts(entry: &Entry<'_>) -> bool {
    let is_target = matches!(entry.target, Target::Appliance | Target::Nat(_) | Target::Unknown(_));
    is_target && !matches!(entry.destination, Destination::Service(_)) && specificity(&entry.destination) > 0
}

/// R2: the longest prefix wins. Those of the lists of AWS are longer than 8 bits, and which they are is not known.
fn specificity(destination: &Destination<'_>) -> u32 {
    match destination {
        Destination::Unknown(_) => u32::MAX,
        Destination::Service(_) => 9,
        Destination::Addresses(addresses) => {
            // A block of 2^n addresses has n bits behind its prefix.
            let behind = 128 - (addresses.range.last - addresses.range.first).leading_zeros();
            let bits: u32 = if addresses.family == Family::V4 { 32 } else { 128 };
            bits.saturating_sub(behind)
        }
    }
}

fn destinations<'a>(route: Route<'a>) -> Vec<Destination<'a>> {
    let of = |text: Field<'a, std::borrow::Cow<'a, str>>| match text {
        Field::Absent => None,
        Field::Known(text) => {
            Some(Addresses::of_cidr(&text).map_or(Destination::Unknown(Because::Malformed), Destination::Addresses))
        }
        Field::Unknown(because) => Some(Destination::Unknown(because)),
    };
    let mut found: Vec<_> = [of(route.destination()), of(route.ipv6_destination())].into_iter().flatten().gather();
    match route.prefix_list() {
        Field::Absent => {}
        Field::Unknown(because) => found.push(Destination::Unknown(because)),
        Field::Known(identity) => found.gather_more(destinations_of_list(route, &identity)),
    }
    found
}

fn destinations_of_list<'a>(route: Route<'a>, identity: &Identity<'a>) -> Vec<Destination<'a>> {
    let model = route.model();
    match identity {
        Identity::Resource(id) => {
            let entries = model.view::<PrefixList<'a>>(*id).map(|list| list.property("Entries").items());
            match entries {
                Some(Field::Known(entries)) => {
                    let cidr = |entry: &crate::model::Node<'a>| entry.get("Cidr").text().known();
                    let of = |text: std::borrow::Cow<'a, str>| Addresses::of_cidr(&text).map(Destination::Addresses);
                    let unknown = || Destination::Unknown(Because::Malformed);
                    entries.iter().map(|entry| cidr(entry).and_then(of).unwrap_or_else(unknown)).gather()
                }
                _ => vec![Destination::Unknown(Because::Import(""))],
            }
        }
        Identity::Outside(id) => match services_of_list(id, model.region_of(route.id())).as_slice() {
            [only] => vec![Destination::Service(only)],
            _ => vec![Destination::Unknown(Because::Import(""))],
        },
        Identity::Unnamed(because) => vec![Destination::Unknown(*because)],
        Identity::Attribute(attribute) => vec![Destination::Unknown(Because::Attribute(*attribute))],
    }
}

/// The route table of a subnet. R1: without an association it is the main one of the VPC, which leads nowhere when the VPC
/// comes from a template.
fn table_of<'a>(model: &'a Model<'a>, subnet: &Identity<'a>) -> Result<Option<Identity<'a>>, Doubt<'a>> {
    let Some(view) = model.find::<Subnet<'a>>(subnet) else { return Err(Doubt::about(Reason::Outside)) };
    match (view.route_table(), view.vpc()) {
        (Some(Field::Known(identity)), _) => Ok(Some(identity)),
        (Some(Field::Unknown(because)), _) => Err(Doubt::value(view.id(), "", because)),
        (Some(Field::Absent), _) => Err(Doubt::of(view.id(), Reason::Outside)),
        (None, Field::Known(Identity::Resource(_))) => Ok(None),
        (None, _) => Err(Doubt::of(view.id(), Reason::Outside)),
    }
}

impl<'a> Reach<'a> {
    fn table_of(&self, subnet: &Identity<'a>) -> Rc<OfSubnet<'a>> {
        kept(&self.tables_of_subnets, subnet, || {
            let Some(identity) = table_of(self.model, subnet)? else { return Ok(None) };
            let table = kept(&self.tables, &identity, || Table::of(self.model, &identity));
            Ok(Some((identity, table)))
        })
    }

    /// Where packets from a subnet to `to` go, with the table that says so. The shares together are all of them; a share that
    /// may be empty is not sure.
    pub(super) fn next_hops(
        &self,
        subnet: &Identity<'a>,
        to: &Party<'a>,
        family: Family,
    ) -> Result<(Option<Identity<'a>>, Vec<Next<'a>>), Doubt<'a>> {
        let nowhere = |is_sure| Next { target: None, route: None, is_sure };
        let of_subnet = self.table_of(subnet);
        let Some((identity, table)) = of_subnet.as_ref().as_ref().map_err(Doubt::clone)? else {
            return Ok((None, vec![nowhere(true)]));
        };
        if let Some(doubt) = &table.open {
            return Err(doubt.clone());
        }
        let of_family = to.addresses.iter().filter(|addresses| addresses.family == family);
        let mut rest: Headers = of_family.map(|addresses| Block::ALL.to(*addresses)).gather();
        let mut nexts: Vec<Next<'a>> = Vec::new();
        for entry in &table.entries {
            if rest.is_empty() {
                break;
            }
            let mut push = |is_sure| {
                nexts.push(Next { target: Some(entry.target.clone()), route: Some(entry.resource), is_sure });
            };
            match &entry.destination {
                Destination::Unknown(_) => push(false),
                Destination::Service(service) if to.service == Some(*service) && family == Family::V4 => {
                    // All of them, but for what a longer prefix has taken.
                    push(is_first_for(table, entry, to));
                    rest = Headers::none();
                }
                Destination::Service(_) if to.service.is_none() && to.may_be_public() => push(false),
                Destination::Service(_) => {}
                Destination::Addresses(addresses) => {
                    let block = Block::ALL.to(*addresses);
                    if rest.meet(&Headers::from(block)).is_empty() {
                        continue;
                    }
                    let left = rest.without(&block).ok_or_else(|| Doubt::about(Reason::Limit))?;
                    push(to.service.is_none() || left.is_empty());
                    rest = left;
                }
            }
        }
        if !rest.is_empty() {
            let alone = nexts.is_empty();
            nexts.push(nowhere(alone || to.service.is_none()));
        }
        Ok((Some(identity.clone()), nexts))
    }

    /// R4: what becomes of traffic within a VPC that a route leads through an appliance instead of straight to its destination,
    /// in either direction; nothing when no route does.
    pub(super) fn diverted(&self, from: &Party<'a>, to: &Party<'a>, asked: &Headers) -> Option<Step<'a>> {
        if from.subnet.is_none() || to.subnet.is_none() || from.vpc != to.vpc || from.shares_subnet_with(to) {
            return None;
        }
        let route = self.diversion(from, to).or_else(|| self.diversion(to, from))?;
        Some(Step::unknown(asked, Doubt::of(route, Reason::Inspected)))
    }

    /// The route that leads traffic from one subnet to another away from the straight way.
    fn diversion(&self, from: &Party<'a>, to: &Party<'a>) -> Option<ResourceId> {
        let of_subnet = self.table_of(from.subnet.as_ref()?);
        let (_, table) = of_subnet.as_ref().as_ref().ok()?.as_ref()?;
        if !table.may_divert {
            return None;
        }
        let vpc: Vec<_> = [Family::V4, Family::V6]
            .into_iter()
            .flat_map(|family| self.addresses_of_vpc(from.vpc.as_ref(), family))
            .gather();
        // A route that is wider than the local one gives way to it.
        let is_before_local = |addresses: &Addresses| vpc.iter().any(|own| own.holds(*addresses));
        let leads_there = |entry: &&Entry<'a>| match &entry.destination {
            Destination::Unknown(_) => true,
            Destination::Service(_) => false,
            Destination::Addresses(addresses) => {
                is_before_local(addresses) && to.addresses.iter().any(|own| own.meets(*addresses))
            }
        };
        table.entries.iter().filter(|entry| diverts(entry)).find(leads_there).map(|entry| entry.resource)
    }

    /// Whether the table of a subnet has routes into networks that are not here.
    pub(super) fn leads_elsewhere(&self, table: &Identity<'a>) -> bool {
        let table: Rc<Table<'a>> = kept(&self.tables, table, || Table::of(self.model, table));
        let is_foreign = |entry: &Entry<'a>| {
            matches!(
                entry.target,
                Target::Peering | Target::TransitGateway(_) | Target::Foreign | Target::Appliance | Target::Unknown(_)
            )
        };
        table.entries.iter().any(is_foreign)
    }

    /// Whether an internet gateway is attached to a VPC, when that is known (R5).
    pub(super) fn is_attached(&self, gateway: &Identity<'a>, vpc: &Identity<'a>) -> Option<bool> {
        let attachments = self.model.all::<GatewayAttachment<'a>>();
        let one = |attachment: GatewayAttachment<'a>| {
            let gateway = match attachment.internet_gateway() {
                Field::Absent => Some(false),
                Field::Known(identity) => same(self.model, &identity, gateway),
                Field::Unknown(_) => None,
            };
            let vpc = attachment.vpc().known().and_then(|identity| same(self.model, &identity, vpc));
            match (gateway, vpc) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            }
        };
        let found = attachments.map(one).fold(Some(false), any);
        match gateway {
            Identity::Resource(_) => found,
            _ => found.filter(|is_attached| *is_attached),
        }
    }

    /// The NAT gateway of a route, when it is of the app.
    pub(super) fn nat_gateway(&self, identity: &Identity<'a>) -> Option<NatGateway<'a>> {
        self.model.find(identity)
    }
}

/// Whether no entry with a longer prefix than those of a service's list may take some of its traffic.
fn is_first_for<'a>(table: &Table<'a>, entry: &Entry<'a>, to: &Party<'a>) -> bool {
    let before = table.entries.iter().take_while(|other| other.resource != entry.resource);
    !before.into_iter().any(|other| match &other.destination {
        Destination::Addresses(addresses) => to.addresses.iter().any(|public| public.meets(*addresses)),
        Destination::Unknown(_) => true,
        Destination::Service(_) => false,
    })
}
