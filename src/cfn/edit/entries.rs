//! The entries of a list or map with what stands around them: dashes, colons and commas.

use super::super::read::Segment;
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

/// The list or map `node` at `pointer`. Nothing when it is none, or written in a way that is not understood.
pub(super) fn container<'a>(editor: &Editor<'a>, pointer: &str, node: Node<'a>) -> Option<Container<'a>> {
    let start = editor.content(node.span);
    let is_flow = editor.opens_flow(node.span);
    if node.in_flow && !is_flow {
        return None;
    }
    let notation = if is_flow { Notation::Flow } else { Notation::Block };
    let mut reader = Reader { editor, pointer, notation, at: start + usize::from(is_flow) };
    let entries = match node.value {
        Value::Map(map) => map.keys().map(|key| reader.member(key)).gather::<Option<Vec<Entry>>>()?,
        Value::List(elements) => {
            (0..elements.len()).map(|index| reader.element(index)).gather::<Option<Vec<Entry>>>()?
        }
        _ => return None,
    };
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
    pointer: &'e str,
    notation: Notation,
    at: usize,
}

impl Reader<'_, '_> {
    fn member(&mut self, key: &str) -> Option<Entry> {
        let start = self.editor.skip_space(self.at);
        let key_span = self.editor.key_span_at(self.pointer, key)?;
        if key_span.start as usize != start {
            return None;
        }
        let key_end = key_span.end as usize;
        let colon = self.editor.skip_space(key_end);
        let value_after = self.starts_with(colon, ":").then_some(colon + 1);
        let value = self.editor.span_at(self.pointer, Segment::Key(key))?;
        self.entry(start, value_after, value_after.unwrap_or(key_end), value)
    }

    fn element(&mut self, index: usize) -> Option<Entry> {
        let start = self.editor.skip_space(self.at);
        let value = self.editor.span_at(self.pointer, Segment::Index(index))?;
        match self.notation {
            Notation::Flow => self.entry(start, None, start, value),
            Notation::Block if self.starts_with(start, "-") => self.entry(start, Some(start + 1), start + 1, value),
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
