//! Where every value and every key of a document stands in its source text: a table beside the values.
//!
//! Positions are needed only when a finding fires, so they are cheap to make (twelve bytes a value or key, appended
//! in reading order) and are looked up by walking down a path.

use super::super::Span;
use super::super::ordered::sort_by;
use super::super::position::offset;

/// The spans of all values and keys of a document.
///
/// Paths are those of the long form of intrinsic functions, whichever was written: `/Fn::GetAtt/1` of
/// `!GetAtt Role.Arn` is where `Arn` stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Positions {
    /// In reading order: a value is followed by what is in it; in a map, each value by its key.
    nodes: Vec<Node>,
    /// The text of keys whose hash another key of the same map has too. Sorted by node.
    ambiguous: Vec<(u32, Box<str>)>,
}

/// One value or key.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Node {
    span: Span,
    /// Of a key: the hash of its text. Of a value: how many nodes it takes, itself and all in it, and [`MAP`].
    info: u32,
}

/// Marks a value whose children are keys and values in turn.
const MAP: u32 = 1 << 31;

impl Node {
    fn size(self) -> usize {
        (self.info & !MAP) as usize
    }

    fn is_map(self) -> bool {
        self.info & MAP != 0
    }
}

/// One step of the path to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment<'a> {
    /// The value of a key in a map.
    Key(&'a str),
    /// An element of a list, from 0.
    Index(usize),
}

impl<'a> From<&'a str> for Segment<'a> {
    fn from(key: &'a str) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Segment<'_> {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// A value in the table, with where it and its key stand.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    node: usize,
    /// Its key; nothing for an element, and for the whole document.
    pub key: Option<Span>,
    /// The value.
    pub value: Span,
}

/// What a walk down a path found: the last value on it that exists.
#[derive(Clone, Copy)]
struct Found {
    value: usize,
    key: Option<usize>,
    /// Whether this is the end of the path.
    exact: bool,
}

impl Positions {
    /// Where the value at a JSON pointer (`/Resources/Vpc/Properties/Tags/0`, RFC 6901) stands. When there is none,
    /// the nearest value above it that exists. Nothing only when the document has no positions at all.
    #[must_use]
    pub fn locate(&self, pointer: &str) -> Option<Span> {
        let found = self.walk_pointer(pointer)?;
        self.span(found.value)
    }

    /// Where the key of the value at a JSON pointer stands. An element of a list has none: then it is the element
    /// itself. When there is no such value, the key of the nearest value above it that exists.
    #[must_use]
    pub fn locate_key(&self, pointer: &str) -> Option<Span> {
        let found = self.walk_pointer(pointer)?;
        self.span(found.key.unwrap_or(found.value))
    }

    /// As [`Self::locate`], for a path in steps.
    #[must_use]
    pub fn locate_path<'a>(&self, path: impl IntoIterator<Item = Segment<'a>>) -> Option<Span> {
        let found = self.walk(path, Self::step)?;
        self.span(found.value)
    }

    /// As [`Self::locate_key`], for a path in steps.
    #[must_use]
    pub fn locate_key_path<'a>(&self, path: impl IntoIterator<Item = Segment<'a>>) -> Option<Span> {
        let found = self.walk(path, Self::step)?;
        self.span(found.key.unwrap_or(found.value))
    }

    /// The whole document, from which [`Self::within`] and [`Self::children`] go on.
    #[must_use]
    pub fn whole(&self) -> Option<Spot> {
        self.spot(None, 0)
    }

    /// The value of a key, or an element, in the value at a spot.
    #[must_use]
    pub fn within(&self, spot: Spot, step: &str) -> Option<Spot> {
        let is_map = self.node(spot.node)?.is_map();
        let segment = if is_map { Segment::Key(step) } else { Segment::Index(step.parse().ok()?) };
        let (value, key) = self.step(spot.node, segment)?;
        self.spot(key, value)
    }

    /// All that is directly in the value at a spot, in reading order.
    pub fn children(&self, spot: Spot) -> impl Iterator<Item = Spot> + '_ {
        let parent = self.node(spot.node);
        let keys = usize::from(parent.is_some_and(Node::is_map));
        let end = spot.node + parent.map_or(0, Node::size);
        let mut at = spot.node + 1;
        std::iter::from_fn(move || {
            let found = self.spot((keys > 0).then_some(at), at + keys).filter(|_| at < end)?;
            at = found.node + self.node(found.node)?.size().max(1);
            Some(found)
        })
    }

    fn spot(&self, key: Option<usize>, node: usize) -> Option<Spot> {
        let key = match key {
            Some(key) => Some(self.span(key)?),
            None => None,
        };
        Some(Spot { node, key, value: self.span(node)? })
    }

    /// Whether there is a value at a JSON pointer.
    #[must_use]
    pub fn contains(&self, pointer: &str) -> bool {
        self.walk_pointer(pointer).is_some_and(|found| found.exact)
    }

    /// Whether nothing is known, as for a document that was never read from a text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    fn walk_pointer(&self, pointer: &str) -> Option<Found> {
        let steps = pointer.strip_prefix('/').map(|rest| rest.split('/'));
        self.walk(steps.into_iter().flatten(), |positions, parent, step| {
            let step = unescape(step);
            if positions.node(parent)?.is_map() {
                positions.step(parent, Segment::Key(&step))
            } else {
                positions.step(parent, Segment::Index(step.parse().ok()?))
            }
        })
    }

    /// Goes down as far as `step` finds the next value (and its key).
    fn walk<T>(
        &self,
        path: impl IntoIterator<Item = T>,
        step: impl Fn(&Self, usize, T) -> Option<(usize, Option<usize>)>,
    ) -> Option<Found> {
        self.nodes.first()?;
        let mut found = Found { value: 0, key: None, exact: true };
        for segment in path {
            match step(self, found.value, segment) {
                Some((value, key)) => found = Found { value, key, exact: true },
                None => return Some(Found { exact: false, ..found }),
            }
        }
        Some(found)
    }

    fn step(&self, parent: usize, segment: Segment<'_>) -> Option<(usize, Option<usize>)> {
        match segment {
            Segment::Key(key) => {
                let found = self.find_key(parent, key)?;
                Some((found + 1, Some(found)))
            }
            Segment::Index(index) => Some((self.find_element(parent, index)?, None)),
        }
    }

    fn find_key(&self, parent: usize, key: &str) -> Option<usize> {
        let map = self.node(parent).filter(|node| node.is_map())?;
        let end = parent + map.size();
        let hash = hash(key);
        let mut at = parent + 1;
        while at < end {
            if self.node(at)?.info == hash && self.is_named(at, key) {
                return Some(at);
            }
            at += 1 + self.node(at + 1)?.size().max(1);
        }
        None
    }

    fn find_element(&self, parent: usize, index: usize) -> Option<usize> {
        let list = self.node(parent).filter(|node| !node.is_map())?;
        let end = parent + list.size();
        let mut at = parent + 1;
        for _ in 0..index {
            at += self.node(at)?.size().max(1);
        }
        (at < end).then_some(at)
    }

    /// Whether the key at `node`, whose hash is that of `key`, is `key` indeed.
    fn is_named(&self, node: usize, key: &str) -> bool {
        match self.ambiguous.binary_search_by_key(&offset(node), |(at, _)| *at) {
            Ok(found) => self.ambiguous.get(found).is_some_and(|(_, text)| **text == *key),
            Err(_) => true,
        }
    }

    fn node(&self, index: usize) -> Option<Node> {
        self.nodes.get(index).copied()
    }

    fn span(&self, index: usize) -> Option<Span> {
        self.node(index).map(|node| node.span)
    }
}

/// A step of a JSON pointer as the key that it means.
fn unescape(step: &str) -> std::borrow::Cow<'_, str> {
    if step.contains('~') { step.replace("~1", "/").replace("~0", "~").into() } else { step.into() }
}

/// A hash for keys.
pub(super) use super::super::index::hash;

/// Makes [`Positions`] while a text is read.
#[derive(Debug, Default)]
pub(super) struct PositionsBuilder {
    positions: Positions,
}

impl PositionsBuilder {
    pub(super) fn with_capacity(nodes: usize) -> Self {
        Self { positions: Positions { nodes: Vec::with_capacity(nodes), ambiguous: Vec::new() } }
    }

    /// A value with nothing in it.
    #[inline]
    pub(super) fn scalar(&mut self, span: Span) {
        self.positions.nodes.push(Node { span, info: 1 });
    }

    /// A key. Gives its place for [`Self::distinguish`].
    #[inline]
    pub(super) fn key(&mut self, span: Span, hash: u32) -> u32 {
        let place = offset(self.positions.nodes.len());
        self.positions.nodes.push(Node { span, info: hash });
        place
    }

    /// A map or list whose contents follow until [`Self::close`] is called with what this gives.
    #[inline]
    pub(super) fn open(&mut self, start: u32) -> usize {
        self.positions.nodes.push(Node { span: Span::empty(start), info: 1 });
        self.positions.nodes.len() - 1
    }

    #[inline]
    pub(super) fn close(&mut self, place: usize, end: u32, is_map: bool) {
        let size = offset(self.positions.nodes.len() - place);
        if let Some(node) = self.positions.nodes.get_mut(place) {
            node.span.end = end;
            node.info = if is_map { size | MAP } else { size };
        }
    }

    /// Notes the text of a key whose hash alone does not tell it from another key of its map.
    pub(super) fn distinguish(&mut self, place: u32, key: &str) {
        self.positions.ambiguous.push((place, key.into()));
    }

    pub(super) fn finish(mut self) -> Positions {
        sort_by(&mut self.positions.ambiguous, Ord::cmp);
        self.positions.ambiguous.dedup();
        self.positions.nodes.shrink_to_fit();
        self.positions
    }
}
