//! Network ACLs: what subnets let in and out, packets and replies alike (N1 to N4).

use std::rc::Rc;

use super::headers::{Addresses, Axis, Block, Headers};
use super::security_groups::{any, ports};
use super::{Blocker, Cause, Direction, Doubt, End, Party, Protocol, Reach, Reason, Step, kept};
use crate::model::GatherMore as _;
use crate::model::{
    Attribute, Because, Field, Identity, Model, NetworkAcl, NetworkAclEntry, Relation, ResourceId, Subnet,
    SubnetNetworkAclAssociation, View, sort_by,
};

/// One entry: what it is about, which may be too much, and what it does with it.
#[derive(Clone, Debug)]
pub(super) struct Entry<'a> {
    /// Its place; nothing when it may stand anywhere.
    number: Option<i64>,
    block: Block,
    /// Why what it is about may be too much.
    unsure: Option<Because<'a>>,
    /// Whether it lets pass; nothing when that is not known.
    allows: Option<bool>,
    resource: Option<ResourceId>,
}

/// The network ACL of a subnet, or why it is not known.
pub(super) type OfSubnet<'a> = Result<Rc<Acl<'a>>, Doubt<'a>>;

/// A network ACL.
#[derive(Debug, Default)]
pub(super) struct Acl<'a> {
    inbound: Vec<Entry<'a>>,
    outbound: Vec<Entry<'a>>,
    /// Why nothing of it is known.
    open: Option<Doubt<'a>>,
    resource: Option<ResourceId>,
}

impl<'a> Acl<'a> {
    fn of(model: &'a Model<'a>, identity: &Identity<'a>) -> Self {
        let mut acl = Self::default();
        match identity {
            Identity::Resource(id) if model.view::<NetworkAcl<'a>>(*id).is_some() => acl.resource = Some(*id),
            // N1: the network ACL that comes with a VPC lets everything pass, in entry 100.
            Identity::Attribute(Attribute { name: "DefaultNetworkAcl", .. }) => {
                let allow =
                    Entry { number: Some(100), block: Block::ALL, unsure: None, allows: Some(true), resource: None };
                acl.inbound.push(allow.clone());
                acl.outbound.push(allow);
            }
            _ => acl.open = Some(Doubt::about(Reason::Outside)),
        }
        for view in model.related::<NetworkAclEntry<'a>>(Relation::AclEntry, identity) {
            let (inbound, outbound) = match view.is_egress() {
                Field::Known(is_egress) => (!is_egress, is_egress),
                _ => (true, true),
            };
            if inbound {
                acl.inbound.push(entry(view, Direction::In));
            }
            if outbound {
                acl.outbound.push(entry(view, Direction::Out));
            }
        }
        sort_by(&mut acl.inbound, |one, other| one.number.cmp(&other.number));
        sort_by(&mut acl.outbound, |one, other| one.number.cmp(&other.number));
        acl
    }

    /// Whether the first entry lets all of `asked` pass.
    fn is_open(&self, direction: Direction, asked: &Headers) -> bool {
        let first =
            self.entries(direction).first().filter(|entry| entry.allows == Some(true) && entry.unsure.is_none());
        let holds = |entry: &Entry<'a>| asked.blocks().iter().all(|block| entry.block.holds(block));
        self.open.is_none() && first.is_some_and(|entry| entry.number.is_some() && holds(entry))
    }

    /// Whether all of `asked` and the replies to it pass in either direction.
    fn is_open_to(&self, asked: &Headers, replies: &Headers) -> bool {
        [Direction::In, Direction::Out].into_iter().all(|way| self.is_open(way, asked) && self.is_open(way, replies))
    }

    fn entries(&self, direction: Direction) -> &[Entry<'a>] {
        match direction {
            Direction::In => &self.inbound,
            Direction::Out => &self.outbound,
        }
    }
}

/// N2: `Egress` is false unless it is said, a protocol of `-1` has no ports, and IPv4 and IPv6 are told apart.
fn entry<'a>(view: NetworkAclEntry<'a>, direction: Direction) -> Entry<'a> {
    let mut unsure = view.is_egress().because();
    let mut block = Block::ALL;
    match view.protocol() {
        Field::Known(-1) => {}
        Field::Known(number) => match u8::try_from(number) {
            Ok(number) => {
                block = block.protocol(Protocol(number));
                block = with_ports(view, Protocol(number), block, &mut unsure);
            }
            Err(_) => unsure = Some(Because::Malformed),
        },
        Field::Absent => unsure = Some(Because::Malformed),
        Field::Unknown(because) => unsure = Some(because),
    }
    let cidr = match (view.cidr_block(), view.ipv6_cidr_block()) {
        (Field::Absent, other) => other,
        (set, _) => set,
    };
    match cidr {
        Field::Known(text) => match Addresses::of_cidr(&text) {
            Some(addresses) => block = direction.limit(block, addresses),
            None => unsure = Some(Because::Malformed),
        },
        Field::Absent => unsure = Some(Because::Malformed),
        Field::Unknown(because) => unsure = Some(because),
    }
    let allows = match view.action() {
        Field::Known(action) if action.eq_ignore_ascii_case("allow") => Some(true),
        Field::Known(action) if action.eq_ignore_ascii_case("deny") => Some(false),
        _ => None,
    };
    Entry { number: view.number().known(), block, unsure, allows, resource: Some(view.id()) }
}

fn with_ports<'a>(
    view: NetworkAclEntry<'a>,
    protocol: Protocol,
    block: Block,
    unsure: &mut Option<Because<'a>>,
) -> Block {
    match protocol {
        Protocol::TCP | Protocol::UDP => match (view.from_port(), view.to_port()) {
            (Field::Known(from), Field::Known(to)) => block.with(Axis::DestinationPort, ports(from, to)),
            (Field::Unknown(because), _) | (_, Field::Unknown(because)) => {
                *unsure = Some(because);
                block
            }
            _ => block,
        },
        Protocol::ICMP | Protocol::ICMPV6 => {
            let kind = view.property("Icmp/Type").int();
            match kind {
                Field::Known(-1) | Field::Absent => block,
                Field::Known(kind) => {
                    *unsure = Some(Because::Malformed);
                    block.with(Axis::DestinationPort, ports(kind, kind))
                }
                Field::Unknown(because) => {
                    *unsure = Some(because);
                    block
                }
            }
        }
        _ => block,
    }
}

/// What entries in order let pass of `asked`: the first that matches decides, and what none matches is refused.
fn first_match<'a>(entries: &[Entry<'a>], asked: &Headers) -> Step<'a> {
    let mut step = Step::default();
    // What surely no entry so far has decided, and what perhaps none has.
    let (mut undecided, mut perhaps) = (asked.clone(), asked.clone());
    let anywhere = entries.iter().filter(|entry| entry.number.is_none());
    for entry in anywhere {
        // It may stand first. What it refuses is not sure to pass, and what it lets pass may pass.
        if entry.allows != Some(false) {
            step.may.add_met(asked, &entry.block);
        }
        undecided = undecided.without(&entry.block).unwrap_or_default();
        step.doubts.gather_more(entry.resource.map(|id| Doubt::value(id, "RuleNumber", Because::Malformed)));
    }
    for entry in entries.iter().filter(|entry| entry.number.is_some()) {
        if entry.allows != Some(false) {
            step.may.add_met(&perhaps, &entry.block);
        }
        if entry.allows == Some(true) && entry.unsure.is_none() {
            step.must.add_met(&undecided, &entry.block);
        }
        let touches = !undecided.meet(&Headers::from(entry.block)).is_empty();
        if let (true, Some(because), Some(id)) = (touches, entry.unsure, entry.resource) {
            step.doubts.push(Doubt::value(id, "", because));
        }
        let Some(rest) = undecided.without(&entry.block) else { return too_intricate(step, asked) };
        undecided = rest;
        if entry.unsure.is_none() && entry.allows.is_some() {
            let Some(rest) = perhaps.without(&entry.block) else { return too_intricate(step, asked) };
            perhaps = rest;
        }
    }
    step
}

fn too_intricate<'a>(mut step: Step<'a>, asked: &Headers) -> Step<'a> {
    step.may = asked.clone();
    step.doubts.push(Doubt::about(Reason::Limit));
    step
}

/// The network ACL of a subnet: the associated one, or the one that comes with its VPC.
fn acl_of<'a>(model: &'a Model<'a>, subnet: &Identity<'a>) -> Result<Identity<'a>, Doubt<'a>> {
    let Some(view) = model.find::<Subnet<'a>>(subnet) else { return Err(Doubt::about(Reason::Outside)) };
    let association = model.related::<SubnetNetworkAclAssociation<'a>>(Relation::AclOfSubnet, subnet).next();
    if let Some(association) = association {
        return match association.network_acl() {
            Field::Known(identity) => Ok(identity),
            Field::Absent => Err(Doubt::of(association.id(), Reason::Outside)),
            Field::Unknown(because) => Err(Doubt::value(association.id(), "NetworkAclId", because)),
        };
    }
    match view.vpc() {
        Field::Known(Identity::Resource(resource)) => {
            Ok(Identity::Attribute(Attribute { resource, name: "DefaultNetworkAcl" }))
        }
        _ => Err(Doubt::of(view.id(), Reason::Outside)),
    }
}

impl<'a> Reach<'a> {
    /// What the network ACL of a subnet lets pass of `asked` in one direction.
    pub(super) fn acl_step(&self, subnet: &Identity<'a>, direction: Direction, asked: &Headers) -> Step<'a> {
        let of_subnet = self.acl_of(subnet);
        let acl = match of_subnet.as_ref() {
            Ok(acl) => acl,
            Err(doubt) => return Step::unknown(asked, doubt.clone()),
        };
        if let Some(doubt) = &acl.open {
            return Step::unknown(asked, doubt.clone());
        }
        if acl.is_open(direction, asked) {
            return Step::open(asked);
        }
        let mut step = first_match(acl.entries(direction), asked);
        step.doubts.truncate(8);
        if !step.must.holds(asked) {
            let end = direction.end();
            let subnet = match subnet {
                Identity::Resource(id) => Some(*id),
                _ => None,
            };
            step.blockers.push(Blocker { subnet, ..Blocker::new(Cause::NetworkAcl, end, acl.resource) });
        }
        step
    }

    fn acl_of(&self, subnet: &Identity<'a>) -> Rc<OfSubnet<'a>> {
        kept(&self.acls_of_subnets, subnet, || {
            let identity = acl_of(self.model, subnet)?;
            Ok(kept(&self.acls, &identity, || Acl::of(self.model, &identity)))
        })
    }

    /// What the network ACLs between two parties let pass of `asked`, replies included. N3: within a subnet there are none.
    pub(super) fn acl_steps(&self, from: &Party<'a>, to: &Party<'a>, asked: &Headers) -> Vec<Step<'a>> {
        if from.shares_subnet_with(to) {
            return Vec::new();
        }
        let replies = asked.replies();
        let ends = [(from, Direction::Out, End::Source), (to, Direction::In, End::Destination)];
        let mut steps = Vec::new();
        for (party, direction, end) in ends {
            let Some(subnet) = &party.subnet else { continue };
            // What lets everything pass is in nobody's way.
            if self.acl_of(subnet).as_ref().as_ref().is_ok_and(|acl| acl.is_open_to(asked, &replies)) {
                continue;
            }
            steps.push(self.acl_step(subnet, direction, asked));
            let back = match direction {
                Direction::In => Direction::Out,
                Direction::Out => Direction::In,
            };
            // N4: nothing is remembered, so that replies need an entry of their own.
            let mut step = self.acl_step(subnet, back, &replies);
            (step.may, step.must) = (step.may.replies(), step.must.replies());
            for blocker in &mut step.blockers {
                (blocker.cause, blocker.end) = (Cause::NetworkAclReplies, end);
            }
            steps.push(step);
        }
        let same = same_subnet(self, from, to);
        if same.is_none() {
            // Were they in one subnet, nothing would be in the way.
            for step in &mut steps {
                step.may = asked.clone();
            }
        }
        for step in &mut steps {
            for blocker in &mut step.blockers {
                blocker.party = if blocker.end == End::Source { from.resource } else { to.resource };
                blocker.other = if blocker.end == End::Source { to.resource } else { from.resource };
                blocker.service = to.service.unwrap_or_default();
            }
        }
        steps
    }
}

/// Whether two parties are in one subnet, when that is known.
fn same_subnet<'a>(reach: &Reach<'a>, from: &Party<'a>, to: &Party<'a>) -> Option<bool> {
    match (&from.subnet, &to.subnet) {
        (Some(one), Some(other)) => any(Some(false), super::identity::same(reach.model, one, other)),
        _ => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::headers::Range;
    use super::*;

    fn entries() -> impl Strategy<Value = Vec<Entry<'static>>> {
        let range = || (0_u128..16, 0_u128..16).prop_map(|(one, other)| Range::new(one.min(other), one.max(other)));
        let entry = (range(), range(), prop::option::of(prop::bool::ANY), prop::bool::ANY);
        let entry = entry.prop_map(|(source, port, allows, is_sure)| Entry {
            number: Some(0),
            block: Block::ALL.with(Axis::Source, source).with(Axis::DestinationPort, port),
            unsure: (!is_sure).then_some(Because::Malformed),
            allows,
            resource: None,
        });
        let number = |mut entries: Vec<Entry<'static>>| {
            (0..).zip(&mut entries).for_each(|(number, entry)| entry.number = Some(number));
            entries
        };
        prop::collection::vec(entry, 0..6).prop_map(number)
    }

    /// Every way in which what is not known may turn out, as far as one packet is concerned: an unsure entry is about it or
    /// not, an open action is one or the other.
    fn outcomes(entries: &[Entry<'_>], source: u128, port: u128) -> (bool, bool) {
        let Some((first, rest)) = entries.split_first() else { return (false, false) };
        let is_in = first.block.on(Axis::Source).holds(Range::one(source))
            && first.block.on(Axis::DestinationPort).holds(Range::one(port));
        let after = outcomes(rest, source, port);
        let matched = (first.allows != Some(false), first.allows == Some(true));
        match (is_in, first.unsure.is_some()) {
            (false, _) => after,
            (true, false) => matched,
            (true, true) => (matched.0 || after.0, matched.1 && after.1),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

        #[test]
        fn n2_the_first_match_bounds_every_packet_from_both_sides(entries in entries()) {
            let within = Range::new(0, 15);
            let asked = Headers::from(Block::ALL.with(Axis::Source, within).with(Axis::DestinationPort, within));
            let step = first_match(&entries, &asked);
            for source in 0..16 {
                for port in 0..16 {
                    let packet = Block::ALL.with(Axis::Source, Range::one(source));
                    let packet = Headers::from(packet.with(Axis::DestinationPort, Range::one(port)));
                    let (may, must) = outcomes(&entries, source, port);
                    prop_assert_eq!(!step.may.meet(&packet).is_empty(), may);
                    prop_assert!(must || step.must.meet(&packet).is_empty());
                    if entries.iter().all(|entry| entry.unsure.is_none() && entry.allows.is_some()) {
                        prop_assert_eq!(!step.must.meet(&packet).is_empty(), must);
                    }
                }
            }
        }
    }
}
