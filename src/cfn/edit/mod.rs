//! Changes to a text in JSON or YAML that leave everything else in it as it is: comments, blank lines, quotes, order.
//!
//! Every edit is worked out from the places that the reader noted. What could change more than was asked for (a value that
//! an alias repeats, a member that a merge key brings in, a notation that is too unusual) is not edited at all: then there
//! is no answer, and whoever asked has to leave the change to people.

mod block;
mod entries;
mod flow;
mod render;

use super::read::{Document, Format, Spot};
use super::{Map, SourceText, Span, Value};
use crate::cfn::Gather as _;
use crate::cfn::ordered::sort_by;

use entries::{Container, Notation};

/// What is added to a map or a list.
#[derive(Clone, Copy, Debug)]
pub enum Added<'v> {
    /// Members with keys that the map does not have.
    Members(&'v Map),
    /// Elements.
    Elements(&'v [Value]),
}

/// Text that takes the place of other text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert something.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
}

impl Edit {
    /// Puts `replacement` in the place of `span`.
    #[must_use]
    pub fn replace(span: Span, replacement: impl Into<String>) -> Self {
        Self { span, replacement: replacement.into() }
    }

    fn of(start: usize, end: usize, replacement: impl Into<String>) -> Self {
        Self::replace(Span::from_offsets(start, end), replacement)
    }
}

/// `text` after edits that do not overlap. Nothing when one does not lie between characters of the text.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let mut sorted: Vec<&Edit> = edits.iter().gather();
    sort_by(&mut sorted, |one, other| one.span.cmp(&other.span));
    let mut edited = String::with_capacity(text.len());
    let mut done = 0;
    for edit in sorted {
        edited.push_str(text.get(done..edit.span.start as usize)?);
        edited.push_str(&edit.replacement);
        done = edit.span.end.max(edit.span.start) as usize;
    }
    edited.push_str(text.get(done..)?);
    Some(edited)
}

/// Works out edits of a text that was read.
#[derive(Clone, Copy, Debug)]
pub struct Editor<'a> {
    text: &'a str,
    document: &'a Document,
    is_json: bool,
}

/// A value on the way to the one that is edited.
#[derive(Clone, Copy, Debug)]
struct Node<'a> {
    value: &'a Value,
    spot: Spot,
    span: Span,
    /// Whether it stands between brackets or braces, where line breaks and indentation mean nothing.
    in_flow: bool,
}

impl<'a> Editor<'a> {
    /// An editor of `source`, from which `document` was read.
    #[must_use]
    pub fn new(source: &'a SourceText, document: &'a Document) -> Self {
        Self { text: source.text(), document, is_json: Format::Auto.of(source) == Format::Json }
    }

    /// Gives another value to the member or element at a JSON pointer. A list or map over several lines of YAML with a
    /// comment in it is not replaced.
    #[must_use]
    pub fn set(&self, pointer: &str, value: &Value) -> Option<Vec<Edit>> {
        let (parent, step) = split(pointer)?;
        let (container, index) = self.entry(parent, &step)?;
        let entry = container.entries.get(index)?;
        let node = self.node(pointer)?;
        let has_anchor = self.may_have_anchor(node.span.start as usize, node.span.end as usize);
        if entry.is_alias || has_anchor {
            return None;
        }
        let in_flow = container.notation == Notation::Flow;
        let old = self.text.get(node.span.start as usize..node.span.end as usize)?;
        if self.is_over_lines(node) {
            let behind = entry.value_after?;
            let end = node.span.start as usize + old.trim_end_matches([' ', '\t', '\n', '\r']).len();
            let replacement = format!(" {}", render::inline(value, self.is_json, in_flow, false));
            // A comment would be lost.
            let has_comment = self.text.get(behind..end)?.contains('#');
            return (!has_comment).then(|| vec![Edit::of(behind, end, replacement)]);
        }
        if node.span.is_empty() || old.trim().is_empty() {
            let behind = entry.value_after?;
            return Some(vec![Edit::of(
                behind,
                behind,
                format!(" {}", render::inline(value, self.is_json, in_flow, false)),
            )]);
        }
        let mut replacement = render::inline(value, self.is_json, in_flow, old.starts_with(['"', '\'']));
        if old.ends_with('\n') {
            replacement.push_str(self.line_break());
        }
        Some(vec![Edit::replace(node.span, replacement)])
    }

    /// Gives another name to the key of the member at a JSON pointer.
    #[must_use]
    pub fn rename(&self, pointer: &str, key: &str) -> Option<Vec<Edit>> {
        let (parent, step) = split(pointer)?;
        let (container, index) = self.entry(parent, &step)?;
        if container.value.as_map()?.contains_key(key) {
            return None;
        }
        let start = container.entries.get(index)?.start;
        let span = self.document.positions.locate_key(pointer)?;
        let old = self.text.get(start..span.end as usize)?;
        let in_flow = container.notation == Notation::Flow;
        let key = render::inline(&Value::from(key.to_owned()), self.is_json, in_flow, old.starts_with(['"', '\'']));
        Some(vec![Edit::replace(span, key)])
    }

    /// Adds to the map or list at a JSON pointer, behind what it has.
    #[must_use]
    pub fn add(&self, pointer: &str, added: Added<'_>) -> Option<Vec<Edit>> {
        let container = self.container(pointer)?;
        let fits = match added {
            Added::Members(members) => {
                let map = container.value.as_map()?;
                !members.keys().any(|key| map.contains_key(key))
            }
            Added::Elements(_) => container.value.as_list().is_some(),
        };
        match container.notation {
            _ if !fits => None,
            Notation::Flow => flow::insert(self, &container, added),
            Notation::Block => block::insert(self, &container, added),
        }
    }

    /// Takes out the member or element at a JSON pointer.
    #[must_use]
    pub fn remove(&self, pointer: &str) -> Option<Vec<Edit>> {
        let (parent, step) = split(pointer)?;
        let (container, index) = self.entry(parent, &step)?;
        let entry = container.entries.get(index)?;
        if self.may_have_anchor(entry.start, entry.end) {
            return None;
        }
        match container.notation {
            Notation::Flow => flow::remove(self, &container, index),
            Notation::Block => block::remove(self, &container, index),
        }
    }

    /// The list or map at `parent`, and which of its entries `step` names.
    fn entry(&self, parent: &str, step: &str) -> Option<(Container<'a>, usize)> {
        let container = self.container(parent)?;
        let index = match container.value {
            Value::Map(map) => map.keys().position(|key| key == step)?,
            Value::List(_) => step.parse().ok()?,
            _ => return None,
        };
        (index < container.entries.len()).then_some((container, index))
    }

    fn container(&self, pointer: &str) -> Option<Container<'a>> {
        let node = self.node(pointer)?;
        entries::container(self, node)
    }

    /// The value at a JSON pointer, when nothing on the way is repeated by an alias or merged in.
    fn node(&self, pointer: &str) -> Option<Node<'a>> {
        let positions = &self.document.positions;
        let mut node = self.inner(&self.document.value, positions.whole()?, self.is_json)?;
        for step in pointer.split('/').skip(1) {
            let step = unescape(step);
            let value = child(node.value, &step)?;
            let in_flow = node.in_flow || self.opens_flow(node.span);
            let inner = self.inner(value, positions.within(node.spot, &step)?, in_flow)?;
            if !node.span.contains(inner.span) {
                return None;
            }
            node = inner;
        }
        Some(node)
    }

    fn inner(&self, value: &'a Value, spot: Spot, in_flow: bool) -> Option<Node<'a>> {
        let span = spot.value;
        (!self.is_anchored(span)).then_some(Node { value, spot, span, in_flow })
    }

    /// Whether the value at `span` has an anchor, so that an alias may repeat it.
    fn is_anchored(&self, span: Span) -> bool {
        if self.is_json {
            return false;
        }
        let mut text = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        while text.starts_with('!') {
            let tag = text.find(char::is_whitespace).unwrap_or(text.len());
            text = text.get(tag..).unwrap_or_default().trim_start();
        }
        text.starts_with('&')
    }

    /// Whether there may be an anchor between `start` and `end`, which an alias elsewhere needs.
    fn may_have_anchor(&self, start: usize, end: usize) -> bool {
        let text = self.text.get(start..end).unwrap_or_default();
        let is_anchor = |at: usize| {
            let (before, behind) = text.split_at(at);
            let is_first = before.is_empty() || before.ends_with([' ', '\t', '\n', '\r', '[', '{', ',']);
            is_first && behind.chars().nth(1).is_some_and(|next| !next.is_whitespace())
        };
        !self.is_json && text.match_indices('&').any(|(at, _)| is_anchor(at))
    }

    /// Whether what stands behind `at` on its line begins with this.
    fn goes_on_with(&self, at: usize, start: char) -> bool {
        self.text.get(at..).is_some_and(|rest| rest.trim_start_matches(' ').starts_with(start))
    }

    /// Whether what stands at `span` begins with a bracket or a brace.
    fn opens_flow(&self, span: Span) -> bool {
        self.text.as_bytes().get(self.content(span)).is_some_and(|byte| matches!(byte, b'{' | b'['))
    }

    /// Where the value at `span` begins behind its tag.
    fn content(&self, span: Span) -> usize {
        let start = span.start as usize;
        let text = self.text.get(start..span.end as usize).unwrap_or_default();
        if self.is_json || !text.starts_with('!') {
            return start;
        }
        let tag = text.find(char::is_whitespace).unwrap_or(text.len());
        self.skip_space(start + tag)
    }

    /// Whether a value is written in the lines below its key, in YAML's block style.
    fn is_over_lines(&self, node: Node<'_>) -> bool {
        let at = self.content(node.span);
        let text = self.text.get(at..).unwrap_or_default();
        if node.in_flow || text.starts_with(['{', '[']) {
            return false;
        }
        let has_tag = at != node.span.start as usize;
        let is_list = text.strip_prefix('-').is_some_and(|rest| rest.starts_with([' ', '\t', '\n', '\r']));
        match node.value {
            Value::List(_) | Value::Map(_) => true,
            Value::Intrinsic(call) if has_tag => is_list || matches!(call.argument, Value::Map(_)),
            Value::Intrinsic(_) => true,
            _ => false,
        }
    }

    /// The first byte from `at` on that is neither space nor, in YAML, in a comment.
    fn skip_space(&self, mut at: usize) -> usize {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'#' if !self.is_json => at = self.end_of_line(at),
                _ => break,
            }
        }
        at
    }

    /// The end of the line on which `at` is, before its line break.
    fn end_of_line(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        at + rest.find(['\n', '\r']).unwrap_or(rest.len())
    }

    /// The start of the line after the one on which `at` is; the end of the text on the last one.
    fn next_line(&self, at: usize) -> usize {
        let end = self.end_of_line(at);
        let rest = self.text.get(end..).unwrap_or_default();
        end + if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) }
    }

    /// The start of the line on which `at` is.
    fn start_of_line(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or_default();
        before.rfind(['\n', '\r']).map_or(0, |found| found + 1)
    }

    /// What stands on the line before `at`.
    fn before(&self, at: usize) -> &'a str {
        self.text.get(self.start_of_line(at)..at).unwrap_or_default()
    }

    /// The line break that the text uses.
    fn line_break(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }
}

/// The pointer of the list or map that holds the value at `pointer`, and the last step.
fn split(pointer: &str) -> Option<(&str, String)> {
    let (parent, step) = pointer.rsplit_once('/')?;
    Some((parent, unescape(step)))
}

fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

fn child<'a>(value: &'a Value, step: &str) -> Option<&'a Value> {
    match value {
        Value::Map(map) => map.get(step),
        Value::List(elements) => elements.get(step.parse::<usize>().ok()?),
        Value::Intrinsic(call) => (call.function.name() == step).then_some(&call.argument),
        _ => None,
    }
}
