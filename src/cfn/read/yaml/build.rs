//! From YAML nodes to values: types of scalars, short forms, aliases and merge keys.

use super::super::super::ordered::sort_by;
use super::super::super::{Function, Map, Span, Text, Value};
use super::super::members::{self, Key};
use super::super::positions::{self, PositionsBuilder};
use super::super::{Document, Errors, ReadError, ReadErrorKind, Stop, limits, shown, too_deep, too_many_values};
use super::compose::{Kind, Node, NodeId, Tree};
use super::scalar::{self, Plain};
use super::tag::{Core, Tag};
use crate::cfn::{Gather as _, GatherMore as _};

/// Makes the document of a tree.
pub(super) fn build(tree: &Tree<'_>, errors: &mut Errors) -> Result<Document, Stop> {
    let Some(root) = tree.root else { return Err(Stop) };
    let mut builder = Builder {
        tree,
        positions: PositionsBuilder::default(),
        depth: 0,
        expanding: None,
        values: 0,
        alias_values: 0,
        alias_bytes: 0,
        errors,
    };
    let value = builder.value(root)?;
    Ok(Document { value, positions: builder.positions.finish() })
}

struct Builder<'t, 'a, 'e> {
    tree: &'t Tree<'a>,
    positions: PositionsBuilder,
    depth: usize,
    /// The outermost alias or merge key whose copy is being made. What is wrong in it was said where it stands.
    expanding: Option<Span>,
    values: usize,
    alias_values: usize,
    alias_bytes: usize,
    errors: &'e mut Errors,
}

/// A member of a map, merge keys expanded.
#[derive(Clone, Copy)]
struct Member<'t> {
    key: &'t str,
    key_span: Span,
    value: NodeId,
    /// The merge key that brought it in.
    merged: Option<Span>,
}

/// Drops the members that a merge key brought in although their key was there already: the map's own go first, then what
/// was merged first.
fn drop_hidden(members: &mut Vec<Member<'_>>) {
    let mut order: Vec<(usize, Member<'_>)> = members.iter().copied().enumerate().gather();
    sort_by(&mut order, |(_, left), (_, right)| {
        left.key.cmp(right.key).then(left.merged.is_some().cmp(&right.merged.is_some()))
    });
    let mut hidden: Vec<bool> = members.iter().map(|_| false).gather();
    for pair in order.windows(2) {
        if let [(_, first), (index, second)] = pair
            && second.merged.is_some()
            && first.key == second.key
            && (first.merged.is_some() || first.key != "<<")
            && let Some(hidden) = hidden.get_mut(*index)
        {
            *hidden = true;
        }
    }
    let mut hidden = hidden.into_iter();
    members.retain(|_| !hidden.next().unwrap_or_default());
}

impl<'t> Builder<'t, '_, '_> {
    fn node(&self, id: NodeId) -> Result<&'t Node<'t>, Stop> {
        self.tree.nodes.get(id).ok_or(Stop)
    }

    fn value(&mut self, id: NodeId) -> Result<Value, Stop> {
        let node = self.node(id)?;
        if let Kind::Alias(target) = node.kind {
            return self.expand(node.span, target);
        }
        self.count(1, node.span)?;
        match node.tag {
            None => self.content(node),
            Some((Tag::Function(function), span)) => self.short_form(node, function, span),
            Some((Tag::Text, span)) => match &node.kind {
                Kind::Scalar { text, .. } => self.text(text, node.span),
                _ => self.wrong_type(node, span),
            },
            Some((Tag::Core(core), span)) => self.typed(node, core, span),
        }
    }

    /// The value that an alias at `span` repeats.
    fn expand(&mut self, span: Span, target: NodeId) -> Result<Value, Stop> {
        let outer = self.expanding;
        self.expanding = outer.or(Some(span));
        let value = self.value(target)?;
        self.expanding = outer;
        Ok(value)
    }

    /// Notes that `count` more values are there.
    fn count(&mut self, count: usize, span: Span) -> Result<(), Stop> {
        self.values += count;
        if self.values > limits::MAX_VALUES {
            return Err(self.errors.stop(too_many_values(Span::empty(span.start))));
        }
        let Some(alias) = self.expanding else { return Ok(()) };
        self.alias_values += count;
        if self.alias_values > limits::MAX_ALIAS_VALUES {
            let limit = limits::MAX_ALIAS_VALUES;
            let message = format!("aliases and merge keys expand to more values than the limit of {limit}");
            return Err(self.errors.stop(ReadError::new(ReadErrorKind::Limit, alias, message)));
        }
        Ok(())
    }

    /// A copy of `text`, for a key or a value.
    fn copy(&mut self, text: &str) -> Result<Text, Stop> {
        if let Some(alias) = self.expanding {
            self.alias_bytes += text.len();
            if self.alias_bytes > limits::MAX_ALIAS_BYTES {
                let limit = limits::MAX_ALIAS_BYTES;
                let message = format!("aliases and merge keys expand to more text than the limit of {limit} bytes");
                return Err(self.errors.stop(ReadError::new(ReadErrorKind::Limit, alias, message)));
            }
        }
        Ok(Text::Owned(text.to_owned()))
    }

    /// Notes an error, unless it was noted where the copied value stands.
    fn mistake(&mut self, error: ReadError) -> Result<Value, Stop> {
        if self.expanding.is_none() {
            self.errors.push(error)?;
        }
        Ok(Value::Null)
    }

    /// The value of a node by its content alone, without its tag.
    fn content(&mut self, node: &'t Node<'t>) -> Result<Value, Stop> {
        match &node.kind {
            Kind::Scalar { text, plain: true } => self.plain(text, node),
            Kind::Scalar { text, plain: false } => self.text(text, node.span),
            Kind::List(elements) => self.list(elements, node.span),
            Kind::Map(members) => self.map(members, node.span),
            Kind::Alias(_) => Err(Stop),
        }
    }

    fn text(&mut self, text: &str, span: Span) -> Result<Value, Stop> {
        self.positions.scalar(span);
        Ok(Value::String(self.copy(text)?))
    }

    fn plain(&mut self, text: &str, node: &Node<'_>) -> Result<Value, Stop> {
        self.positions.scalar(node.span);
        match scalar::plain(text) {
            Plain::Text => Ok(Value::String(self.copy(text)?)),
            Plain::Typed(value) => Ok(value),
            Plain::NoNumber => self.mistake(
                ReadError::new(
                    ReadErrorKind::Unsupported,
                    node.content_span(),
                    format!("`{}` is a number that no template can hold", shown(text)),
                )
                .help("put it in quotes if it is meant as text"),
            ),
        }
    }

    /// A scalar, list or map with one of YAML's own types as tag.
    fn typed(&mut self, node: &'t Node<'t>, core: Core, tag: Span) -> Result<Value, Stop> {
        let value = match (&node.kind, core) {
            (Kind::List(_), Core::List) | (Kind::Map(_), Core::Map) => return self.content(node),
            (Kind::Scalar { text, .. }, _) => scalar::plain(text),
            _ => Plain::Text,
        };
        self.positions.scalar(node.span);
        match (value, core) {
            (Plain::Typed(value @ Value::Null), Core::Null)
            | (Plain::Typed(value @ Value::Bool(_)), Core::Bool)
            | (Plain::Typed(value @ Value::Number(_)), Core::Int | Core::Float) => Ok(value),
            _ => self.wrong_type(node, tag),
        }
    }

    fn wrong_type(&mut self, node: &Node<'_>, tag: Span) -> Result<Value, Stop> {
        self.positions.scalar(node.span);
        self.mistake(
            ReadError::new(ReadErrorKind::Tag, tag, "the tag does not fit the value behind it")
                .help("remove the tag, or write a value of its type"),
        )
    }

    /// `!Function argument`, with the positions that `{Fn::Function: argument}` would have.
    fn short_form(&mut self, node: &'t Node<'t>, function: Function, tag: Span) -> Result<Value, Stop> {
        self.enter(node.span)?;
        let place = self.positions.open(node.span.start);
        self.positions.key(tag, positions::hash(function.name()));
        let argument = match &node.kind {
            Kind::Scalar { text, plain } if function == Function::GetAtt => self.attribute(text, *plain, node)?,
            Kind::Scalar { text, .. } => self.text(text, node.content_span())?,
            Kind::List(elements) => self.list(elements, node.content_span())?,
            Kind::Map(members) => self.map(members, node.content_span())?,
            Kind::Alias(_) => return Err(Stop),
        };
        self.positions.close(place, node.span.end, true);
        self.depth -= 1;
        if members::takes(function, &argument) {
            return Ok(Value::call(function, argument));
        }
        let message = format!("`!{}` takes a name, not {}", function.tag(), argument.kind());
        self.mistake(ReadError::new(ReadErrorKind::Tag, tag, message))
    }

    /// The argument of `!GetAtt Resource.Attribute` is a list of two; more dots belong to the attribute.
    fn attribute(&mut self, text: &str, plain: bool, node: &Node<'_>) -> Result<Value, Stop> {
        let span = node.content_span();
        let Some((resource, attribute)) = text.split_once('.') else { return self.text(text, span) };
        let place = self.positions.open(span.start);
        // Only when it is written as it reads do its parts have places of their own.
        let (first, second) = if plain && span.len() as usize == text.len() {
            let dot = span.start + u32::try_from(resource.len()).unwrap_or_default();
            (Span::new(span.start, dot), Span::new(dot + 1, span.end))
        } else {
            (span, span)
        };
        let parts = vec![self.text(resource, first)?, self.text(attribute, second)?];
        self.positions.close(place, span.end, false);
        Ok(Value::List(parts))
    }

    /// Aliases may nest deeper than what is written.
    fn enter(&mut self, span: Span) -> Result<(), Stop> {
        if self.depth == limits::MAX_DEPTH {
            return Err(self.errors.stop(too_deep(span)));
        }
        self.depth += 1;
        Ok(())
    }

    fn list(&mut self, elements: &[NodeId], span: Span) -> Result<Value, Stop> {
        self.enter(span)?;
        let place = self.positions.open(span.start);
        let values = elements.iter().map(|element| self.value(*element)).gather::<Result<_, _>>()?;
        self.positions.close(place, span.end, false);
        self.depth -= 1;
        Ok(Value::List(values))
    }

    fn map(&mut self, written: &'t [(NodeId, NodeId)], span: Span) -> Result<Value, Stop> {
        self.enter(span)?;
        let place = self.positions.open(span.start);
        let members = self.members(written)?;
        let mut keys = Vec::with_capacity(members.len());
        let mut entries = Vec::with_capacity(members.len());
        for member in &members {
            let hash = positions::hash(member.key);
            let place = self.positions.key(member.key_span, hash);
            keys.push(Key { hash, place, span: member.key_span });
            let value = match member.merged {
                Some(merge) => self.expand(merge, member.value)?,
                None => self.value(member.value)?,
            };
            entries.push((self.copy(member.key)?, value));
        }
        self.check_keys(&keys, &members)?;
        self.positions.close(place, span.end, true);
        self.depth -= 1;
        if members.len() == 1
            && let Some((key, argument)) = entries.pop()
        {
            return Ok(members::intrinsic(&key, argument)
                .unwrap_or_else(|argument| Value::Map(Map::from_entries(vec![(key, argument)]))));
        }
        Ok(Value::Map(Map::from_entries(entries)))
    }

    fn check_keys(&mut self, keys: &[Key], members: &[Member<'_>]) -> Result<(), Stop> {
        let text = |index: usize| members.get(index).map_or("", |member| member.key);
        if self.expanding.is_none() {
            return members::check_keys(keys, text, &mut self.positions, self.errors);
        }
        let mut said_already = Errors::default();
        members::check_keys(keys, text, &mut self.positions, &mut said_already)
    }

    /// The members of a map with its merge keys (`<<`) expanded: what is written in the map itself wins, then what
    /// is merged first. Merged members stand where their merge key does.
    fn members(&mut self, written: &'t [(NodeId, NodeId)]) -> Result<Vec<Member<'t>>, Stop> {
        let mut own = Vec::with_capacity(written.len());
        let mut merge = None;
        for (key, value) in written {
            if self.is_merge_key(*key)? {
                let span = self.node(*key)?.span;
                if let Some(first) = merge.replace(span) {
                    self.second_merge_key(first, span)?;
                }
            }
            if let Some((text, span)) = self.key(*key)? {
                own.push(Member { key: text, key_span: span, value: *value, merged: None });
            }
        }
        if merge.is_none() {
            return Ok(own);
        }
        let mut members = Vec::new();
        for (key, value) in written {
            if self.is_merge_key(*key)? {
                let span = self.node(*key)?.span;
                let merged = self.merged(*value, span)?.into_iter();
                members.gather_more(merged.map(|member| Member { merged: Some(span), ..member }));
            } else if let Some((text, span)) = self.key(*key)? {
                members.push(Member { key: text, key_span: span, value: *value, merged: None });
            }
        }
        drop_hidden(&mut members);
        Ok(members)
    }

    /// What a merge key at `merge` brings in: the members of a map, or of all maps of a list.
    fn merged(&mut self, value: NodeId, merge: Span) -> Result<Vec<Member<'t>>, Stop> {
        let outer = self.expanding;
        self.expanding = outer.or(Some(merge));
        self.enter(merge)?;
        let mut members = Vec::new();
        let sources = match &self.resolve(value)?.kind {
            Kind::List(elements) => elements.as_slice(),
            _ => &[value],
        };
        for source in sources {
            match &self.resolve(*source)?.kind {
                Kind::Map(written) => members.gather_more(self.members(written)?),
                _ => self.not_mergeable(merge)?,
            }
            self.count(members.len().max(1), merge)?;
        }
        self.depth -= 1;
        self.expanding = outer;
        Ok(members)
    }

    fn second_merge_key(&mut self, first: Span, second: Span) -> Result<(), Stop> {
        let error = ReadError::new(ReadErrorKind::DuplicateKey, second, "the key `<<` is in this map twice")
            .help("merge several maps with one key: `<<: [*first, *second]`")
            .related(first, "it is here first");
        self.mistake(error).map(|_| ())
    }

    fn not_mergeable(&mut self, merge: Span) -> Result<(), Stop> {
        self.errors.push(
            ReadError::new(ReadErrorKind::Syntax, merge, "`<<` can merge only a map or a list of maps into this map")
                .help("give it an alias of a map; put the key `<<` in quotes if it is meant as a key"),
        )
    }

    /// The node itself, or the one that it is an alias of.
    fn resolve(&self, id: NodeId) -> Result<&'t Node<'t>, Stop> {
        let node = self.node(id)?;
        match node.kind {
            Kind::Alias(target) => self.node(target),
            _ => Ok(node),
        }
    }

    fn is_merge_key(&self, key: NodeId) -> Result<bool, Stop> {
        let node = self.node(key)?;
        Ok(node.tag.is_none() && matches!(&node.kind, Kind::Scalar { text, plain: true } if text == "<<"))
    }

    /// The text of a key: as it is written, whatever else it looks like. Nothing when it is no text.
    fn key(&mut self, id: NodeId) -> Result<Option<(&'t str, Span)>, Stop> {
        let written = self.node(id)?;
        let node = self.resolve(id)?;
        let error = match (&node.kind, node.tag) {
            (Kind::Scalar { text, .. }, None | Some((Tag::Text | Tag::Core(_), _))) => {
                return Ok(Some((text, written.span)));
            }
            (_, Some((Tag::Function(_), span))) => {
                ReadError::new(ReadErrorKind::Tag, span, "an intrinsic function cannot be a key")
                    .help("keys are fixed text: write the name itself")
            }
            _ => ReadError::new(ReadErrorKind::Unsupported, written.span, "a key must be text, not a list or a map")
                .help("put text that starts with a bracket or a brace in quotes"),
        };
        self.mistake(error)?;
        Ok(None)
    }
}
