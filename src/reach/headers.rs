//! Sets of packet headers, as small unions of boxes: the currency in which every hop says what it lets through.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::Protocol;
use crate::model::Gather as _;

/// How many boxes a set may have before an operation gives up. Real rule sets need a few dozen.
const MAX_BLOCKS: usize = 512;

/// A range of numbers, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    /// The lowest.
    pub first: u128,
    /// The highest.
    pub last: u128,
}

impl Range {
    /// Everything.
    pub const ALL: Self = Self { first: 0, last: u128::MAX };

    /// The numbers from `first` to `last`.
    #[must_use]
    pub const fn new(first: u128, last: u128) -> Self {
        Self { first, last }
    }

    /// One number.
    #[must_use]
    pub const fn one(number: u128) -> Self {
        Self { first: number, last: number }
    }

    /// What is in both.
    #[must_use]
    pub fn meet(self, other: Self) -> Option<Self> {
        let met = Self { first: self.first.max(other.first), last: self.last.min(other.last) };
        (met.first <= met.last).then_some(met)
    }

    /// Whether all of `other` is in it.
    #[must_use]
    pub const fn holds(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }
}

/// IPv4 or IPv6: nothing that is said of one holds for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    const fn number(self) -> u128 {
        match self {
            Self::V4 => 4,
            Self::V6 => 6,
        }
    }

    /// All its addresses.
    #[must_use]
    pub const fn all(self) -> Range {
        match self {
            Self::V4 => Range::new(0, 0xffff_ffff),
            Self::V6 => Range::ALL,
        }
    }
}

/// A range of addresses of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Addresses {
    /// The family.
    pub family: Family,
    /// The addresses, as numbers.
    pub range: Range,
}

impl Addresses {
    /// All addresses of a family.
    #[must_use]
    pub const fn all(family: Family) -> Self {
        Self { family, range: family.all() }
    }

    /// The addresses of a CIDR block such as `10.0.0.0/16`; bits behind the prefix do not count. Nothing for other text.
    #[must_use]
    pub fn of_cidr(text: &str) -> Option<Self> {
        let net: IpNet = text.trim().parse().ok()?;
        Some(match net.trunc() {
            IpNet::V4(net) => Self::of_v4(net),
            IpNet::V6(net) => Self::of_v6(net),
        })
    }

    /// All addresses of a family but these.
    #[must_use]
    pub fn outside_of(inside: &[Self], family: Family) -> Vec<Self> {
        let mut rest = Headers::from(Block::ALL.from(Self::all(family)));
        for addresses in inside {
            rest = rest.without(&Block::ALL.from(*addresses)).unwrap_or_default();
        }
        rest.blocks().iter().map(|block| Self { family, range: block.on(Axis::Source) }).gather()
    }

    fn of_v4(net: Ipv4Net) -> Self {
        let range = Range::new(u32::from(net.network()).into(), u32::from(net.broadcast()).into());
        Self { family: Family::V4, range }
    }

    fn of_v6(net: Ipv6Net) -> Self {
        Self { family: Family::V6, range: Range::new(net.network().into(), net.broadcast().into()) }
    }

    /// Whether nothing in a network has one of these addresses: they are of the host itself, or of a broadcast.
    #[must_use]
    pub fn are_of_nobody(self) -> bool {
        let nobody = match self.family {
            Family::V4 => [Range::new(0x7f00_0000, 0x7fff_ffff), Range::new(0xffff_ffff, 0xffff_ffff)],
            Family::V6 => [Range::new(0, 0), Range::new(1, 1)],
        };
        nobody.iter().any(|range| range.holds(self.range))
    }

    /// Whether all of `other` is in it.
    #[must_use]
    pub fn holds(self, other: Self) -> bool {
        self.family == other.family && self.range.holds(other.range)
    }

    /// Whether they have an address in common.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.family == other.family && self.range.meet(other.range).is_some()
    }
}

/// What a header is told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// 4 or 6.
    Family,
    /// The number of the protocol.
    Protocol,
    /// The source address.
    Source,
    /// The source port.
    SourcePort,
    /// The destination address.
    Destination,
    /// The destination port, or the type of an ICMP message.
    DestinationPort,
}

const AXES: usize = 6;

/// A box of headers: a range on each axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Block([Range; AXES]);

impl Block {
    /// All headers.
    pub const ALL: Self = Self([Range::ALL; AXES]);

    /// The same with `range` on an axis.
    #[must_use]
    pub fn with(mut self, axis: Axis, range: Range) -> Self {
        if let Some(place) = self.0.get_mut(axis as usize) {
            *place = range;
        }
        self
    }

    /// The same for a protocol.
    #[must_use]
    pub fn protocol(self, protocol: Protocol) -> Self {
        self.with(Axis::Protocol, protocol.range())
    }

    /// The same for packets from these addresses.
    #[must_use]
    pub fn from(self, addresses: Addresses) -> Self {
        self.with(Axis::Family, Range::one(addresses.family.number())).with(Axis::Source, addresses.range)
    }

    /// The same for packets to these addresses.
    #[must_use]
    pub fn to(self, addresses: Addresses) -> Self {
        self.with(Axis::Family, Range::one(addresses.family.number())).with(Axis::Destination, addresses.range)
    }

    /// The range on an axis.
    #[must_use]
    pub fn on(&self, axis: Axis) -> Range {
        self.0.get(axis as usize).copied().unwrap_or(Range::ALL)
    }

    /// What is in both.
    #[must_use]
    pub fn meet(&self, other: &Self) -> Option<Self> {
        let mut met = *self;
        for (range, other) in met.0.iter_mut().zip(&other.0) {
            *range = range.meet(*other)?;
        }
        Some(met)
    }

    /// Whether all of `other` is in it.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(range, other)| range.holds(*other))
    }

    /// What is in this and not in `other`, in boxes that do not overlap.
    fn minus(&self, other: &Self, pieces: &mut Vec<Self>) {
        let Some(met) = self.meet(other) else { return pieces.push(*self) };
        let mut rest = *self;
        for axis in 0..AXES {
            let (Some(whole), Some(cut)) = (rest.0.get(axis).copied(), met.0.get(axis).copied()) else { continue };
            let below = (whole.first < cut.first).then(|| Range::new(whole.first, cut.first.saturating_sub(1)));
            let above = (cut.last < whole.last).then(|| Range::new(cut.last.saturating_add(1), whole.last));
            for part in [below, above].into_iter().flatten() {
                let mut piece = rest;
                piece.0.iter_mut().skip(axis).take(1).for_each(|range| *range = part);
                pieces.push(piece);
            }
            rest.0.iter_mut().skip(axis).take(1).for_each(|range| *range = cut);
        }
    }

    /// The same packet headers in the other direction.
    #[must_use]
    fn reversed(&self) -> Self {
        let [family, protocol, source, source_port, destination, destination_port] = self.0;
        Self([family, protocol, destination, destination_port, source, source_port])
    }
}

/// A set of headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    blocks: Vec<Block>,
}

impl Headers {
    /// No headers.
    #[must_use]
    pub const fn none() -> Self {
        Self { blocks: Vec::new() }
    }

    /// All headers.
    #[must_use]
    pub fn all() -> Self {
        Self::from(Block::ALL)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The boxes of the set, which may overlap.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Adds a box.
    pub fn add(&mut self, block: Block) {
        if !self.blocks.iter().any(|known| known.holds(&block)) {
            self.blocks.retain(|known| !block.holds(known));
            self.blocks.push(block);
        }
    }

    /// Adds what is in both this set's `asked` and the box.
    pub fn add_met(&mut self, asked: &Self, block: &Block) {
        // Mostly the first box is about all of it.
        if self.blocks.is_empty() && asked.blocks.iter().all(|known| block.holds(known)) {
            return self.blocks.clone_from(&asked.blocks);
        }
        asked.blocks.iter().filter_map(|known| known.meet(block)).for_each(|met| self.add(met));
    }

    /// What is in either.
    #[must_use]
    pub fn union(mut self, other: &Self) -> Self {
        other.blocks.iter().for_each(|block| self.add(*block));
        self
    }

    /// What is in both.
    #[must_use]
    pub fn meet(&self, other: &Self) -> Self {
        let mut met = Self::none();
        other.blocks.iter().for_each(|block| met.add_met(self, block));
        met
    }

    /// What is in this and not in the box; nothing when it would take too many boxes.
    #[must_use]
    pub fn without(&self, block: &Block) -> Option<Self> {
        let mut pieces = Vec::with_capacity(self.blocks.len());
        for known in &self.blocks {
            known.minus(block, &mut pieces);
            if pieces.len() > MAX_BLOCKS {
                return None;
            }
        }
        Some(Self { blocks: pieces })
    }

    /// What is in this and not in `other`; nothing when it would take too many boxes.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Option<Self> {
        let mut rest = self.clone();
        for block in &other.blocks {
            if rest.is_empty() {
                break;
            }
            rest = rest.without(block)?;
        }
        Some(rest)
    }

    /// Whether all of `other` is surely in it. A set that is too intricate counts as not holding it.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        // Mostly one box holds another one whole.
        other.blocks.iter().all(|block| self.blocks.iter().any(|known| known.holds(block)))
            || other.minus(self).is_some_and(|rest| rest.is_empty())
    }

    /// The replies to packets with these headers.
    #[must_use]
    pub fn replies(&self) -> Self {
        Self { blocks: self.blocks.iter().map(Block::reversed).gather() }
    }

    /// The same with `range` on an axis of every box.
    #[must_use]
    pub fn with(&self, axis: Axis, range: Range) -> Self {
        let mut changed = Self::none();
        self.blocks.iter().for_each(|block| changed.add(block.with(axis, range)));
        changed
    }
}

impl From<Block> for Headers {
    fn from(block: Block) -> Self {
        Self { blocks: vec![block] }
    }
}

impl FromIterator<Block> for Headers {
    fn from_iter<T: IntoIterator<Item = Block>>(blocks: T) -> Self {
        let mut headers = Self::none();
        blocks.into_iter().for_each(|block| headers.add(block));
        headers
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A universe in which every header can be tried: 5 bits of address at either end, 4 bits of destination port.
    const ADDRESSES: u128 = 32;
    const PORTS: u128 = 16;

    fn blocks() -> impl Strategy<Value = Block> {
        let range = |size: u128| (0..size, 0..size).prop_map(|(one, other)| Range::new(one.min(other), one.max(other)));
        (range(ADDRESSES), range(ADDRESSES), range(PORTS)).prop_map(|(source, destination, port)| {
            Block::ALL.with(Axis::Source, source).with(Axis::Destination, destination).with(Axis::DestinationPort, port)
        })
    }

    fn sets() -> impl Strategy<Value = Headers> {
        prop::collection::vec(blocks(), 0..5).prop_map(|blocks| blocks.into_iter().collect())
    }

    fn has(headers: &Headers, packet: (u128, u128, u128)) -> bool {
        headers.blocks().iter().any(|block| {
            block.on(Axis::Source).holds(Range::one(packet.0))
                && block.on(Axis::Destination).holds(Range::one(packet.1))
                && block.on(Axis::DestinationPort).holds(Range::one(packet.2))
        })
    }

    fn packets() -> impl Iterator<Item = (u128, u128, u128)> {
        (0..ADDRESSES)
            .flat_map(|source| (0..ADDRESSES).map(move |destination| (source, destination)))
            .flat_map(|(source, destination)| (0..PORTS).map(move |port| (source, destination, port)))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

        #[test]
        fn the_operations_on_sets_are_those_on_their_packets(one in sets(), other in sets()) {
            let (met, joined, rest) = (one.meet(&other), one.clone().union(&other), one.minus(&other).unwrap());
            for packet in packets() {
                let (left, right) = (has(&one, packet), has(&other, packet));
                prop_assert_eq!(has(&met, packet), left && right);
                prop_assert_eq!(has(&joined, packet), left || right);
                prop_assert_eq!(has(&rest, packet), left && !right);
            }
            let universe = Block::ALL
                .with(Axis::Source, Range::new(0, ADDRESSES - 1))
                .with(Axis::Destination, Range::new(0, ADDRESSES - 1))
                .with(Axis::DestinationPort, Range::new(0, PORTS - 1));
            prop_assert!(Headers::from(universe).holds(&one));
            prop_assert_eq!(one.holds(&other), packets().all(|packet| !has(&other, packet) || has(&one, packet)));
        }

        #[test]
        fn replies_to_replies_are_what_was_sent(one in sets()) {
            prop_assert_eq!(one.replies().replies(), one);
        }
    }

    #[test]
    fn what_would_take_too_many_boxes_is_given_up_and_never_called_held() {
        let dotted: Headers = (0..2000_u128).map(|at| Block::ALL.with(Axis::Source, Range::one(at * 2))).collect();
        assert_eq!(Headers::all().minus(&dotted), None);
        assert!(!dotted.holds(&Headers::all()));
    }

    #[test]
    fn cidr_blocks_become_ranges_of_their_family() {
        let range = |first, last| Addresses { family: Family::V4, range: Range::new(first, last) };
        assert_eq!(Addresses::of_cidr("10.0.0.7/30"), Some(range(0x0a00_0004, 0x0a00_0007)));
        assert_eq!(Addresses::of_cidr("0.0.0.0/0"), Some(Addresses::all(Family::V4)));
        assert_eq!(Addresses::of_cidr("::/0"), Some(Addresses::all(Family::V6)));
        assert_eq!(Addresses::of_cidr("10.0.0.0"), None);
    }
}
