//! The entries of a list or map with what stands around them: dashes, colons and commas.

use super::super::read::Spot;
use super::super::{Span, Value};
use super::{Editor, Node};
use crate::cfn::Gather as _;

/// How a list or map is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// Between brackets or braces, as in JSON.
    Flow,
    /// An entry a line, as in most YAML.
    Block,
}

/// A list or map with its entries.
#[derive(Debug)]
pub(super) struct Container<'a> {
    pub(super) value: &'a Value,
    pub(super) span: Span,
    pub(super) notation: Notation,
    /// The offset of the bracket, or of the first entry.
    pub(super) start: usize,
    pub(super) entries: Vec<Entry>,
}

/// A member of a map, or an element of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// Where its key stands, or in a block list its dash, or in another list its value.
    pub(super) start: usize,
    /// Where its value ends.
    pub(super) end: usize,
    /// The offset behind its colon or dash, where there is one.
    pub(super) value_after: Option<usize>,
    /// The comma behind it.
    pub(super) comma: Option<usize>,
    /// Whether its value is an alias.
    pub(super) is_alias: bool,
}

/// The list or map `node`. Nothing when it is none, or written in a way that is not understood.
pub(super) fn container<'a>(editor: &Editor<'a>, node: Node<'a>) -> Option<Container<'a>> {
    let start = editor.content(node.span);
    let is_flow = editor.opens_flow(node.span);
    if node.in_flow && !is_flow {
        return None;
    }
    let notation = if is_flow { Notation::Flow } else { Notation::Block };
    let mut reader = Reader { editor, notation, at: start + usize::from(is_flow) };
    let spots = editor.document.positions.children(node.spot);
    let (entries, count): (Option<Vec<Entry>>, usize) = match node.value {
        Value::Map(map) => (spots.map(|spot| reader.member(spot)).gather(), map.len()),
        Value::List(elements) => (spots.map(|spot| reader.element(spot)).gather(), elements.len()),
        _ => return None,
    };
    // A key that is written twice, or members that a merge key brings in, make others of them.
    let entries = entries.filter(|entries| entries.len() == count)?;
    let is_closed = match notation {
        Notation::Flow => reader.closes(node.span),
        // An empty list or map has no block style, and one that has members by a merge key ends elsewhere.
        Notation::Block => entries.last().is_some_and(|last| editor.skip_space(last.end) >= node.span.end as usize),
    };
    is_closed.then_some(Container { value: node.value, span: node.span, notation, start, entries })
}

/// Goes through the entries from the first to the last.
struct Reader<'e, 'a> {
    editor: &'e Editor<'a>,
    notation: Notation,
    at: usize,
}

impl Reader<'_, '_> {
    fn member(&mut self, spot: Spot) -> Option<Entry> {
        let start = self.editor.skip_space(self.at);
        let key_span = spot.key.filter(|span| span.start as usize == start)?;
        let key_end = key_span.end as usize;
        let colon = self.editor.skip_space(key_end);
        let value_after = self.starts_with(colon, ":").then_some(colon + 1);
        self.entry(start, value_after, value_after.unwrap_or(key_end), spot.value)
    }

    fn element(&mut self, spot: Spot) -> Option<Entry> {
        let start = self.editor.skip_space(self.at);
        match self.notation {
            Notation::Flow => self.entry(start, None, start, spot.value),
            Notation::Block if self.starts_with(start, "-") => {
                self.entry(start, Some(start + 1), start + 1, spot.value)
            }
            Notation::Block => None,
        }
    }

    /// The entry that begins at `start`, whose value stands at `value` or, when that is elsewhere, is an alias behind
    /// `behind`.
    fn entry(&mut self, start: usize, value_after: Option<usize>, behind: usize, value: Span) -> Option<Entry> {
        let found = self.editor.skip_space(behind);
        let is_alias = self.starts_with(found, "*") && value.start as usize != found;
        let end = if is_alias {
            self.alias_end(found)
        } else if value.is_empty() {
            behind
        } else if value.start as usize == found {
            value.end as usize
        } else {
            return None;
        };
        self.at = end;
        let comma = self.comma();
        Some(Entry { start, end, value_after, comma, is_alias })
    }

    fn comma(&mut self) -> Option<usize> {
        let comma = self.editor.skip_space(self.at);
        let found = self.notation == Notation::Flow && self.starts_with(comma, ",");
        if found {
            self.at = comma + 1;
        }
        found.then_some(comma)
    }

    /// Whether nothing but the closing bracket is left.
    fn closes(&self, span: Span) -> bool {
        self.editor.skip_space(self.at) + 1 == span.end as usize
    }

    fn alias_end(&self, at: usize) -> usize {
        let rest = self.editor.text.get(at..).unwrap_or_default();
        let ends = |next: char| next.is_whitespace() || matches!(next, ',' | '[' | ']' | '{' | '}');
        at + rest.find(ends).unwrap_or(rest.len())
    }

    fn starts_with(&self, at: usize, text: &str) -> bool {
        self.editor.text.get(at..).is_some_and(|rest| rest.starts_with(text))
    }
}
