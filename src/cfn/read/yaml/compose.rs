//! From the parser's events to a tree of nodes with exact spans. Aliases stay aliases here.

use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::super::super::position::offset;
use super::super::super::{SourceText, Span};
use super::super::{Errors, ReadError, ReadErrorKind, Stop, limits, too_deep, too_many_values};
use super::explain::explain;
use super::spans::{Bytes, Offsets};
use super::tag::{self, Tag};

/// A node, by its place in [`Tree::nodes`].
pub(super) type NodeId = usize;

/// All nodes of a document.
#[derive(Debug, Default)]
pub(super) struct Tree<'a> {
    pub nodes: Vec<Node<'a>>,
    pub root: Option<NodeId>,
}

#[derive(Debug)]
pub(super) struct Node<'a> {
    /// From the tag or anchor, if there is one, to the end.
    pub span: Span,
    /// Where what stands behind tag and anchor starts.
    pub content: u32,
    /// The tag and where it stands. Tags that nobody knows have been refused.
    pub tag: Option<(Tag, Span)>,
    pub kind: Kind<'a>,
}

#[derive(Debug)]
pub(super) enum Kind<'a> {
    Scalar {
        text: Cow<'a, str>,
        plain: bool,
    },
    List(Vec<NodeId>),
    Map(Vec<(NodeId, NodeId)>),
    /// Another node once more. It stands before this one and does not hold it.
    Alias(NodeId),
}

impl Node<'_> {
    /// The span without tag and anchor.
    pub(super) fn content_span(&self) -> Span {
        Span::new(self.content, self.span.end)
    }
}

/// Makes the tree of the only document in `source`.
pub(super) fn compose<'a>(source: &'a SourceText, errors: &mut Errors) -> Result<Tree<'a>, Stop> {
    let text = source.text();
    let mut composer = Composer {
        text,
        bytes: Bytes(text.as_bytes()),
        offsets: Offsets::new(text),
        tree: Tree::default(),
        open: Vec::new(),
        anchors: Vec::new(),
        documents: 0,
        errors,
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, span)) => composer.event(event, span)?,
            Err(error) => {
                let at = composer.offsets.byte(*error.marker());
                let explained = explain(&error, at, composer.innermost_bracket(), source);
                return Err(composer.errors.stop(explained));
            }
        }
    }
    Ok(composer.tree)
}

struct Composer<'a, 'e> {
    text: &'a str,
    bytes: Bytes<'a>,
    offsets: Offsets<'a>,
    tree: Tree<'a>,
    /// The lists and maps that have not ended, outermost first.
    open: Vec<Open>,
    /// The node of each anchor, by the number that the parser gives it.
    anchors: Vec<NodeId>,
    documents: usize,
    errors: &'e mut Errors,
}

struct Open {
    node: NodeId,
    /// In a map: the key whose value comes next.
    key: Option<NodeId>,
    /// Where the last child ended.
    end: u32,
}

/// Where a node stands, and what precedes its content.
struct Place {
    span: Span,
    content: u32,
    tag: Option<(Tag, Span)>,
}

impl<'a> Composer<'a, '_> {
    fn event(&mut self, event: Event<'a>, span: saphyr_parser::Span) -> Result<(), Stop> {
        let start = self.offsets.byte(span.start);
        let end = self.offsets.byte(span.end).max(start);
        match event {
            Event::DocumentStart(_) => self.document(start),
            Event::Scalar(text, style, anchor, tag) => self.scalar(text, style, anchor, tag.as_deref(), (start, end)),
            Event::SequenceStart(anchor, tag) => {
                let start = self.list_start(start, tag.is_some() || anchor > 0);
                self.collection(Kind::List(Vec::new()), anchor, tag.as_deref(), (start, end))
            }
            Event::MappingStart(anchor, tag) => {
                self.collection(Kind::Map(Vec::new()), anchor, tag.as_deref(), (start, end))
            }
            Event::SequenceEnd => self.close(start, b']'),
            Event::MappingEnd => self.close(start, b'}'),
            Event::Alias(anchor) => self.alias(anchor, Span::from_offsets(start, end)),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn document(&mut self, start: usize) -> Result<(), Stop> {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        // Behind `...`, a document needs no dashes.
        let dashes = if self.text.get(start..).is_some_and(|rest| rest.starts_with("---")) { 3 } else { 0 };
        let span = Span::from_offsets(start, start + dashes);
        let error = ReadError::new(ReadErrorKind::Unsupported, span, "a second YAML document starts here");
        Err(self.errors.stop(error.help("put it into a file of its own")))
    }

    fn scalar(
        &mut self,
        text: Cow<'a, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&saphyr_parser::Tag>,
        (start, end): (usize, usize),
    ) -> Result<(), Stop> {
        let mut place = self.place(anchor, tag, (start, end))?;
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        if is_block && tag.is_none() && anchor == 0 {
            place.content = offset(self.bytes.block_start(start, text.trim().is_empty()));
            place.span.start = place.content;
        }
        if style == ScalarStyle::Plain && text.is_empty() {
            // Nothing is written: whatever the scanner saw next is not part of it.
            let at = offset(end);
            place.content = at;
            place.span = if tag.is_some() || anchor > 0 { Span::new(offset(start), at) } else { Span::empty(at) };
        } else {
            place.span.end = offset(self.bytes.scalar_end(style, place.content as usize, end));
        }
        let text = self.borrow(text, place.content as usize, place.span.end as usize);
        let node = self.add(place, Kind::Scalar { text, plain: style == ScalarStyle::Plain }, anchor)?;
        self.attach(node);
        Ok(())
    }

    /// `text` without memory of its own, when the source has it as it is, perhaps in quotes: the scanner copies all.
    fn borrow(&self, text: Cow<'a, str>, start: usize, end: usize) -> Cow<'a, str> {
        let bare = self.text.get(start..end).filter(|written| **written == *text);
        let quoted = || self.text.get(start + 1..end.saturating_sub(1)).filter(|written| **written == *text);
        bare.or_else(quoted).map_or(text, Cow::Borrowed)
    }

    fn collection(
        &mut self,
        kind: Kind<'a>,
        anchor: usize,
        tag: Option<&saphyr_parser::Tag>,
        range: (usize, usize),
    ) -> Result<(), Stop> {
        let place = self.place(anchor, tag, range)?;
        if self.open.len() >= limits::MAX_DEPTH {
            return Err(self.errors.stop(too_deep(Span::empty(place.content))));
        }
        let end = place.content;
        let node = self.add(place, kind, anchor)?;
        self.open.push(Open { node, key: None, end });
        Ok(())
    }

    /// The bracket that opens the innermost list or map, when it is written with brackets.
    fn innermost_bracket(&self) -> Option<Span> {
        let at = self.tree.nodes.get(self.open.last()?.node)?.content;
        matches!(self.bytes.at(at as usize), Some(b'[' | b'{')).then(|| Span::new(at, at + 1))
    }

    /// Ends the innermost list or map, at whose end the scanner stands at `at`.
    fn close(&mut self, at: usize, bracket: u8) -> Result<(), Stop> {
        let Some(closed) = self.open.pop() else { return Ok(()) };
        let in_brackets = self.bytes.at(at) == Some(bracket);
        if let Some(node) = self.tree.nodes.get_mut(closed.node) {
            node.span.end = if in_brackets { offset(at + 1) } else { closed.end };
        }
        self.attach(closed.node);
        Ok(())
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Stop> {
        let target = self.anchors.get(anchor).copied().unwrap_or_default();
        if self.open.iter().any(|open| open.node == target) {
            let error =
                ReadError::new(ReadErrorKind::Syntax, span, "the alias stands inside the value that it repeats");
            return Err(self.errors.stop(error.help("an anchor can be used only after the end of its value")));
        }
        let place = Place { span, content: span.start, tag: None };
        let node = self.add(place, Kind::Alias(target), 0)?;
        self.attach(node);
        Ok(())
    }

    /// Finds the tag of a node and where its content starts.
    fn place(
        &mut self,
        anchor: usize,
        tag: Option<&saphyr_parser::Tag>,
        (start, end): (usize, usize),
    ) -> Result<Place, Stop> {
        let mut content = start;
        let mut found = None;
        for _ in 0..usize::from(tag.is_some()) + usize::from(anchor > 0) {
            let property_end = self.bytes.property_end(content);
            if self.bytes.at(content) == Some(b'!') {
                found = Some(Span::from_offsets(content, property_end));
            }
            content = self.bytes.skip_space(property_end);
        }
        let tag = match (tag, found) {
            (Some(tag), Some(span)) => match tag::resolve(tag, span) {
                Ok(tag) => Some((tag, span)),
                Err(error) => {
                    self.errors.push(error)?;
                    None
                }
            },
            _ => None,
        };
        Ok(Place { span: Span::from_offsets(start, end), content: offset(content), tag })
    }

    /// Where a list starts. The scanner is behind the first dash when a list is not indented more than its key.
    fn list_start(&self, start: usize, has_properties: bool) -> usize {
        if has_properties || matches!(self.bytes.at(start), Some(b'[' | b'-')) {
            return start;
        }
        let key = self.open.last().and_then(|open| open.key).and_then(|key| self.tree.nodes.get(key));
        let Some(key) = key else { return start };
        let colon = self.bytes.skip_space(key.span.end as usize);
        let dash = self.bytes.skip_space(colon + 1);
        if self.bytes.at(dash) == Some(b'-') { dash } else { start }
    }

    fn add(&mut self, place: Place, kind: Kind<'a>, anchor: usize) -> Result<NodeId, Stop> {
        let node = self.tree.nodes.len();
        // Keys are nodes too: there may be as many as values.
        if node >= 2 * limits::MAX_VALUES {
            return Err(self.errors.stop(too_many_values(Span::empty(place.span.start))));
        }
        self.tree.nodes.push(Node { span: place.span, content: place.content, tag: place.tag, kind });
        if anchor > 0 {
            // The parser numbers anchors in their order, from 1.
            self.anchors.resize(anchor + 1, node);
        }
        Ok(node)
    }

    /// Puts a complete node where it belongs.
    fn attach(&mut self, child: NodeId) {
        let end = self.tree.nodes.get(child).map_or(0, |node| node.span.end);
        let Some(open) = self.open.last_mut() else {
            self.tree.root = Some(child);
            return;
        };
        open.end = open.end.max(end);
        match self.tree.nodes.get_mut(open.node).map(|node| &mut node.kind) {
            Some(Kind::List(elements)) => elements.push(child),
            Some(Kind::Map(members)) => match open.key.take() {
                None => open.key = Some(child),
                Some(key) => members.push((key, child)),
            },
            _ => {}
        }
    }
}
