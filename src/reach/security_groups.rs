//! Security groups: what their rules admit (G1 to G8).

use std::rc::Rc;

use super::headers::{Addresses, Axis, Block, Headers, Range};
use super::identity::{is_given_before, is_opaque, same};
use super::{Blocker, Cause, Doubt, End, Family, Groups, Party, Protocol, Reach, Reason, Step, kept};
use crate::aws::prefix_lists::{DYNAMODB, S3};
use crate::model::{
    Attribute, Because, Field, Identity, Model, Node, PrefixList, Relation, ResourceId, SecurityGroup,
    SecurityGroupEgress, SecurityGroupIngress, View, sort,
};
use crate::model::{Gather as _, GatherMore as _};

/// Which way traffic goes, as a security group or a network ACL sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Into the network interface or subnet.
    In,
    /// Out of it.
    Out,
}

impl Direction {
    /// At which end the group stands.
    pub(super) const fn end(self) -> End {
        match self {
            Self::In => End::Destination,
            Self::Out => End::Source,
        }
    }

    const fn index(self) -> usize {
        match self {
            Self::In => 0,
            Self::Out => 1,
        }
    }

    const fn property(self) -> &'static str {
        match self {
            Self::In => "SecurityGroupIngress",
            Self::Out => "SecurityGroupEgress",
        }
    }

    /// The box with the addresses at the other end limited.
    pub(super) fn limit(self, block: Block, addresses: Addresses) -> Block {
        match self {
            Self::In => block.from(addresses),
            Self::Out => block.to(addresses),
        }
    }
}

/// Whom a rule is about.
#[derive(Clone, Debug, PartialEq)]
enum Peer<'a> {
    Addresses(Addresses),
    Group(Identity<'a>),
    /// The prefix list of a service of AWS, or one of several when the Region is not known.
    Services(Vec<&'static str>),
    Unknown(Because<'a>),
}

/// One rule: the protocol and ports, which may be too many, and whom it is about.
#[derive(Clone, Debug)]
struct GroupRule<'a> {
    block: Block,
    /// Why the protocol or the ports may be too many.
    unsure: Option<Because<'a>>,
    peer: Peer<'a>,
    resource: ResourceId,
}

/// The rules of a group in one direction.
#[derive(Debug, Default)]
struct Side<'a> {
    rules: Vec<GroupRule<'a>>,
    /// Why there may be rules that admit anything.
    open: Option<Doubt<'a>>,
    /// The places of the rules about groups of the app, in order of the groups, and of all others.
    of_groups: Vec<(ResourceId, usize)>,
    others: Vec<usize>,
}

impl<'a> Side<'a> {
    /// Notes which rules are about which groups.
    fn sort(&mut self, model: &'a Model<'a>) {
        for (place, rule) in self.rules.iter().enumerate() {
            match &rule.peer {
                Peer::Group(Identity::Resource(id)) if !is_opaque(model.type_of(*id)) => {
                    self.of_groups.push((*id, place));
                }
                _ => self.others.push(place),
            }
        }
        sort(&mut self.of_groups);
    }

    /// The rules that may be about somebody, in their order: those about other groups than his are surely not.
    fn about(&self, model: &'a Model<'a>, peer: &Groups<'a>) -> Vec<usize> {
        let mut places = Vec::with_capacity(self.others.len() + 4);
        places.extend_from_slice(&self.others);
        let groups = match peer {
            Groups::None => &[],
            Groups::Of(groups) => groups.as_slice(),
            Groups::Unknown(_) => return (0..self.rules.len()).collect(),
        };
        for group in groups {
            match group {
                Identity::Resource(group) if !is_opaque(model.type_of(*group)) => {
                    let first = self.of_groups.partition_point(|(known, _)| known < group);
                    let own = self.of_groups.get(first..).unwrap_or_default().iter();
                    places.extend(own.take_while(|(known, _)| known == group).map(|(_, place)| *place));
                }
                _ => return (0..self.rules.len()).collect(),
            }
        }
        sort(&mut places);
        places.dedup();
        places
    }
}

/// A security group: inline rules and those that stand by themselves, with CloudFormation's defaults.
#[derive(Debug)]
pub(super) struct Group<'a> {
    sides: [Side<'a>; 2],
}

impl<'a> Group<'a> {
    fn of(model: &'a Model<'a>, identity: &Identity<'a>, takes_experience: bool) -> Self {
        let mut group = Self { sides: [Side::default(), Side::default()] };
        group.add_standalone(model, identity);
        let view = model.find::<SecurityGroup<'a>>(identity);
        match (view, identity) {
            (Some(view), _) => group.add_inline(model, view, takes_experience),
            (None, Identity::Attribute(Attribute { resource, name: "DefaultSecurityGroup" })) => {
                group.add_default(model, identity, *resource);
            }
            _ => group.open_both(Doubt::about(Reason::Outside)),
        }
        group.sides.iter_mut().for_each(|side| side.sort(model));
        group
    }

    fn side(&mut self, direction: Direction) -> Option<&mut Side<'a>> {
        self.sides.get_mut(direction.index())
    }

    fn open_both(&mut self, doubt: Doubt<'a>) {
        self.sides.iter_mut().for_each(|side| side.open = Some(doubt.clone()));
    }

    fn add_standalone(&mut self, model: &'a Model<'a>, identity: &Identity<'a>) {
        for (direction, relation) in
            [(Direction::In, Relation::IngressOfGroup), (Direction::Out, Relation::EgressOfGroup)]
        {
            let Some(side) = self.side(direction) else { continue };
            for id in model.referring(relation, identity) {
                let property = |key: &str| model.property(id, key);
                side.rules.gather_more(rules(model, id, direction, &property));
            }
        }
    }

    fn add_inline(&mut self, model: &'a Model<'a>, view: SecurityGroup<'a>, takes_experience: bool) {
        let has_own_egress = self.side(Direction::Out).is_some_and(|side| !side.rules.is_empty());
        for direction in [Direction::In, Direction::Out] {
            let property = direction.property();
            let Some(side) = self.side(direction) else { continue };
            let items = view.property(property).items();
            let is_written = items.is_known() && !view.property(property).is_absent();
            for item in items.clone().known().unwrap_or_default() {
                match item.because() {
                    Some(because) => side.open = Some(Doubt::value(view.id(), property, because)),
                    None => side.rules.gather_more(rules(model, view.id(), direction, &|key: &str| item.get(key))),
                }
            }
            if let Some(because) = items.because() {
                side.open = Some(Doubt::value(view.id(), property, because));
            }
            if direction == Direction::Out && !items.is_unknown() {
                let is_empty = items.clone().known().is_none_or(|items| items.is_empty());
                // G2: without rules everything leaves. That a rule which stands by itself takes this back is seen, and the
                // CDK builds on it, but it is not documented, nor is what a list without elements means.
                match (is_empty, has_own_egress || is_written) {
                    (false, _) => {}
                    (true, false) => side.rules.gather_more(everywhere(view.id())),
                    (true, true) if has_own_egress && takes_experience => {}
                    (true, true) => side.open = Some(Doubt::of(view.id(), Reason::Undocumented)),
                }
            }
            if side.open.is_none() && is_written_elsewhere(model, direction, view.id()) {
                side.open = Some(Doubt::of(view.id(), Reason::MayBeElsewhere));
            }
        }
    }

    /// G6: the default group of a VPC admits its own members, and everything leaves, unless the CDK took that back.
    fn add_default(&mut self, model: &'a Model<'a>, identity: &Identity<'a>, vpc: ResourceId) {
        let is_restricted = model.of_type("Custom::VpcRestrictDefaultSG").next().is_some();
        let own = Peer::Group(identity.clone());
        let member = GroupRule { block: Block::ALL, unsure: None, peer: own, resource: vpc };
        for direction in [Direction::In, Direction::Out] {
            let Some(side) = self.side(direction) else { continue };
            match (is_restricted, direction) {
                (true, _) => side.open = Some(Doubt::of(vpc, Reason::MayBeElsewhere)),
                (false, Direction::In) => side.rules.push(member.clone()),
                (false, Direction::Out) => side.rules.gather_more(everywhere(vpc)),
            }
        }
    }
}

/// Whether a rule of another template, for a group that is not known there, may be one of this group.
fn is_written_elsewhere<'a>(model: &'a Model<'a>, direction: Direction, group: ResourceId) -> bool {
    if model.evaluation().app().templates().len() < 2 {
        return false;
    }
    let may_be = |of: Field<'a, Identity<'a>>| match of {
        Field::Known(Identity::Unnamed(because)) => !is_given_before(model, because, group.template),
        _ => false,
    };
    match direction {
        Direction::In => model.all::<SecurityGroupIngress<'a>>().any(|rule| may_be(rule.group())),
        Direction::Out => model.all::<SecurityGroupEgress<'a>>().any(|rule| may_be(rule.group())),
    }
}

fn everywhere<'a>(resource: ResourceId) -> impl Iterator<Item = GroupRule<'a>> {
    [Family::V4, Family::V6].into_iter().map(move |family| GroupRule {
        block: Block::ALL,
        unsure: None,
        peer: Peer::Addresses(Addresses::all(family)),
        resource,
    })
}

/// The rules that one entry stands for. G3: one without a source or destination is not added.
fn rules<'a>(
    model: &'a Model<'a>,
    resource: ResourceId,
    direction: Direction,
    property: &dyn Fn(&str) -> Node<'a>,
) -> Vec<GroupRule<'a>> {
    let (block, unsure) = block_of(property);
    let rule = |peer: Peer<'a>| GroupRule { block, unsure, peer, resource };
    let mut found = Vec::new();
    for key in ["CidrIp", "CidrIpv6"] {
        match property(key).text() {
            Field::Absent => {}
            Field::Unknown(because) => found.push(rule(Peer::Unknown(because))),
            Field::Known(text) => {
                let peer = Addresses::of_cidr(&text).map_or(Peer::Unknown(Because::Malformed), Peer::Addresses);
                found.push(rule(peer));
            }
        }
    }
    let (group, list) = match direction {
        Direction::In => ("SourceSecurityGroupId", "SourcePrefixListId"),
        Direction::Out => ("DestinationSecurityGroupId", "DestinationPrefixListId"),
    };
    match property(group).identity() {
        Field::Absent => {}
        Field::Known(identity) => found.push(rule(Peer::Group(identity))),
        Field::Unknown(because) => found.push(rule(Peer::Unknown(because))),
    }
    match property(list).identity() {
        Field::Absent => {}
        Field::Known(identity) => found.gather_more(prefix_list(model, resource, &identity).into_iter().map(rule)),
        Field::Unknown(because) => found.push(rule(Peer::Unknown(because))),
    }
    if direction == Direction::In && !property("SourceSecurityGroupName").is_absent() {
        found.push(rule(Peer::Unknown(Because::Malformed)));
    }
    found
}

/// G3: the protocol and the ports of an entry. Only TCP, UDP and ICMP have ports; `-1` stands for all.
fn block_of<'a>(property: &dyn Fn(&str) -> Node<'a>) -> (Block, Option<Because<'a>>) {
    let protocol = match property("IpProtocol").text() {
        Field::Known(text) => match text.as_ref() {
            "-1" | "all" => return (Block::ALL, None),
            "tcp" | "TCP" => Protocol::TCP,
            "udp" | "UDP" => Protocol::UDP,
            "icmp" | "ICMP" => Protocol::ICMP,
            "icmpv6" | "ICMPV6" => Protocol::ICMPV6,
            number => match number.parse() {
                Ok(number) => Protocol(number),
                Err(_) => return (Block::ALL, Some(Because::Malformed)),
            },
        },
        Field::Absent => return (Block::ALL, Some(Because::Malformed)),
        Field::Unknown(because) => return (Block::ALL, Some(because)),
    };
    let block = Block::ALL.protocol(protocol);
    if !protocol.has_ports() {
        return (block, None);
    }
    match (property("FromPort").int(), property("ToPort").int()) {
        (Field::Known(-1), _) | (Field::Absent, Field::Absent) => (block, None),
        (Field::Known(from), to) if matches!(protocol, Protocol::ICMP | Protocol::ICMPV6) => {
            // The type of the message stands in the first, its code in the second, which is not told apart here.
            let unsure = if to.is_known_and(|code| code == -1) { None } else { Some(Because::Malformed) };
            (block.with(Axis::DestinationPort, ports(from, from)), unsure)
        }
        (Field::Known(from), Field::Known(to)) => (block.with(Axis::DestinationPort, ports(from, to)), None),
        (Field::Unknown(because), _) | (_, Field::Unknown(because)) => (block, Some(because)),
        _ => (block, Some(Because::Malformed)),
    }
}

/// A range of ports. One that ends before it begins is empty, which no range can be: it lies where no port is.
pub(super) fn ports(from: i64, to: i64) -> Range {
    match (u128::try_from(from), u128::try_from(to)) {
        (Ok(from), Ok(to)) if from <= to => Range::new(from, to),
        _ => Range::one(u128::MAX),
    }
}

/// G5: whom a prefix list means: the entries of one's own, a service of AWS for a known one of theirs.
fn prefix_list<'a>(model: &'a Model<'a>, resource: ResourceId, identity: &Identity<'a>) -> Vec<Peer<'a>> {
    match identity {
        Identity::Resource(id) => match model.view::<PrefixList<'a>>(*id) {
            None => vec![Peer::Unknown(Because::Dangling(""))],
            Some(list) => addresses_of_list(list),
        },
        Identity::Outside(id) => match services_of_list(id, model.region_of(resource)) {
            services if services.is_empty() => vec![Peer::Unknown(Because::Import(""))],
            services => vec![Peer::Services(services)],
        },
        // A mapping by Region is one of AWS's own lists, unless the template names others.
        Identity::Unnamed(Because::Pseudo("AWS::Region")) if names_only_lists_of_aws(model, resource) => {
            vec![Peer::Services(vec!["s3", "dynamodb"])]
        }
        Identity::Unnamed(because) => vec![Peer::Unknown(*because)],
        Identity::Attribute(attribute) => vec![Peer::Unknown(Because::Attribute(*attribute))],
    }
}

/// Whether every prefix list in the mappings of a resource's template is known to be one of AWS.
fn names_only_lists_of_aws<'a>(model: &'a Model<'a>, resource: ResourceId) -> bool {
    let lists = crate::model::prefix_lists_in_mappings(model, resource);
    !lists.is_empty() && lists.iter().all(|id| !services_of_list(id, None).is_empty())
}

fn addresses_of_list<'a>(list: PrefixList<'a>) -> Vec<Peer<'a>> {
    let entries = match list.property("Entries").items() {
        Field::Known(entries) => entries,
        Field::Absent => return Vec::new(),
        Field::Unknown(because) => return vec![Peer::Unknown(because)],
    };
    let peer = |entry: &Node<'a>| match entry.get("Cidr").text() {
        Field::Known(text) => Addresses::of_cidr(&text).map_or(Peer::Unknown(Because::Malformed), Peer::Addresses),
        Field::Unknown(because) => Peer::Unknown(because),
        Field::Absent => Peer::Unknown(entry.because().unwrap_or(Because::Malformed)),
    };
    entries.iter().map(peer).gather()
}

/// The services whose prefix list has an ID: one when the Region is known. IDs repeat in other Regions for other services.
pub(super) fn services_of_list(id: &str, region: Option<&str>) -> Vec<&'static str> {
    let tables = [("s3", S3), ("dynamodb", DYNAMODB)];
    let has = |table: &[crate::aws::prefix_lists::PrefixList]| {
        table.iter().any(|list| list.id == id && region.is_none_or(|region| region == list.region))
    };
    tables.into_iter().filter(|(_, table)| has(table)).map(|(service, _)| service).gather()
}

/// What a rule admits of what was asked: boxes that may, whether they must, and why that is not sure.
enum Match<'a> {
    No,
    Yes(Block),
    Perhaps(Block, Because<'a>),
}

impl<'a> Reach<'a> {
    fn group(&self, identity: &Identity<'a>) -> Rc<Group<'a>> {
        kept(&self.groups, identity, || Group::of(self.model, identity, self.takes_experience))
    }

    /// What the security groups of `own` let pass of `asked` between it and `peer`.
    pub(super) fn groups_step(
        &self,
        own: &Party<'a>,
        direction: Direction,
        asked: &Headers,
        peer: &Party<'a>,
    ) -> Step<'a> {
        let identities = match &own.groups {
            Groups::None => return Step::open(asked),
            Groups::Unknown(because) => {
                let doubt = Doubt { resource: own.resource, ..Doubt::about(Reason::Value(*because)) };
                return Step::unknown(asked, doubt);
            }
            Groups::Of(identities) => identities,
        };
        let mut step = Step::default();
        let mut has_rules = false;
        for identity in identities {
            let group = self.group(identity);
            let Some(side) = group.sides.get(direction.index()) else { continue };
            has_rules |= !side.rules.is_empty();
            if let Some(doubt) = &side.open {
                step.may = asked.clone();
                step.doubts.push(doubt.clone());
            }
            let about = side.about(self.model, &peer.groups);
            for rule in about.into_iter().filter_map(|place| side.rules.get(place)) {
                self.apply(rule, direction, asked, peer, &mut step);
            }
        }
        if !step.must.holds(asked) {
            step.blockers.push(self.group_blocker(own, direction, peer, identities, has_rules));
        } else {
            step.doubts.clear();
        }
        step
    }

    fn apply(
        &self,
        rule: &GroupRule<'a>,
        direction: Direction,
        asked: &Headers,
        peer: &Party<'a>,
        step: &mut Step<'a>,
    ) {
        match self.matches(rule, direction, peer) {
            Match::No => {}
            Match::Yes(block) => {
                step.may.add_met(asked, &block);
                match rule.unsure {
                    None => step.must.add_met(asked, &block),
                    Some(because) => step.doubts.push(Doubt::value(rule.resource, "", because)),
                }
            }
            Match::Perhaps(block, because) => {
                let before = step.may.is_empty();
                step.may.add_met(asked, &block);
                if before || !step.may.is_empty() {
                    step.doubts.push(Doubt::value(rule.resource, "", because));
                }
            }
        }
        step.doubts.truncate(8);
    }

    fn matches(&self, rule: &GroupRule<'a>, direction: Direction, peer: &Party<'a>) -> Match<'a> {
        match &rule.peer {
            // Rules that stand in place of none name addresses like these.
            Peer::Addresses(addresses) if addresses.are_of_nobody() => Match::No,
            Peer::Addresses(addresses) => Match::Yes(direction.limit(rule.block, *addresses)),
            Peer::Unknown(because) => Match::Perhaps(rule.block, *because),
            // G4: a group means the private addresses of its members.
            Peer::Group(identity) => match &peer.groups {
                Groups::None => Match::No,
                Groups::Unknown(because) => Match::Perhaps(rule.block, *because),
                Groups::Of(groups) => {
                    let found = groups.iter().map(|group| same(self.model, group, identity));
                    match found.fold(Some(false), any) {
                        Some(true) => Match::Yes(rule.block),
                        Some(false) => Match::No,
                        None => Match::Perhaps(rule.block, doubtful(identity)),
                    }
                }
            },
            Peer::Services(services) => match (peer.service, services.as_slice()) {
                (Some(service), [only]) if service == *only => Match::Yes(rule.block),
                (Some(service), several) if !several.contains(&service) => Match::No,
                (None, _) if !peer.may_be_public() => Match::No,
                _ => Match::Perhaps(rule.block, Because::Pseudo("AWS::Region")),
            },
        }
    }

    fn group_blocker(
        &self,
        own: &Party<'a>,
        direction: Direction,
        peer: &Party<'a>,
        identities: &[Identity<'a>],
        has_rules: bool,
    ) -> Blocker<'a> {
        let is_default = |identity: &Identity<'a>| matches!(identity, Identity::Attribute(_));
        let cause = match () {
            () if !identities.is_empty() && identities.iter().all(is_default) => Cause::DefaultGroup,
            () if has_rules => Cause::GroupRules,
            () => Cause::GroupWithoutRules,
        };
        let resource = identities.iter().find_map(|identity| match identity {
            Identity::Resource(id) => Some(*id),
            _ => None,
        });
        let written = resource.filter(|id| !self.model.property(*id, direction.property()).is_absent());
        Blocker {
            property: if written.is_some() { direction.property().into() } else { "".into() },
            party: own.resource,
            other: peer.resource,
            service: peer.service.unwrap_or_default(),
            ..Blocker::new(cause, direction.end(), resource)
        }
    }
}

/// Whether any of several is so, when some are not known.
pub(super) fn any(before: Option<bool>, one: Option<bool>) -> Option<bool> {
    match (before, one) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// Why it is not known what something is.
pub(super) fn doubtful<'a>(identity: &Identity<'a>) -> Because<'a> {
    match identity {
        Identity::Unnamed(because) => *because,
        Identity::Attribute(attribute) => Because::Attribute(*attribute),
        Identity::Resource(_) | Identity::Outside(_) => Because::Import(""),
    }
}
