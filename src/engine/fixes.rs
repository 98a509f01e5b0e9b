//! From what mends a mistake in a spec, or a finding of the rulebook, to edits of the user's text.

use crate::cfn::Gather as _;
use crate::cfn::edit::{Added, Edit, Editor};
use crate::cfn::ordered::{OrderedSet, sort_by};
use crate::cfn::read::Document;
use crate::cfn::{Function, Map, SourceText, Value, each_reference};
use crate::diagnostics::fix::Change;
use crate::diagnostics::{Fix, Mend, Pointer, Root};
use crate::spec::Mistake;

/// What mends a mistake, when that is known.
pub(super) fn of(mistake: &Mistake, source: &SourceText, document: &Document) -> Option<Fix> {
    let editor = Editor::new(source, document);
    let pointer = mistake.pointer.to_string();
    if let Some(key) = mistake.meant_key {
        let title = format!("rename it to `{key}`");
        // It looks alike, and still something else may be meant.
        return Some(Fix::new(title, false, source, editor.rename(&pointer, key)?));
    }
    let meant = mistake.meant.as_ref()?;
    let written = source.slice(document.positions.locate(&pointer)?);
    let title = match meant {
        // Hexadecimal digits or an exponent would be lost.
        Value::String(text) if text != written => return None,
        Value::String(_) => "put it in quotes",
        _ => "leave out the quotes",
    };
    Some(Fix::new(title, true, source, editor.set(&pointer, meant)?))
}

/// The edits of a template that mend a finding on the resource `logical_id`. Nothing when one of them cannot be made: where
/// a condition decides about a property, or an alias repeats it, people have to decide.
pub(super) fn of_resource(mend: &Mend, logical_id: &str, source: &SourceText, document: &Document) -> Option<Fix> {
    let base: &[&str] = match mend.root {
        Root::Properties => &["Resources", logical_id, "Properties"],
        Root::Resource => &["Resources", logical_id],
        Root::Template => &[],
    };
    let edited = (mend.root != Root::Template).then_some(logical_id);
    if let Some(logical_id) = edited {
        // One that a loop makes is not written.
        document.value.get("Resources")?.get(logical_id)?.as_map()?;
    }
    let mut target = Target { editor: Editor::new(source, document), document, edits: Vec::new(), inserts: Vec::new() };
    for change in &mend.changes {
        target.change(base, change)?;
    }
    let references = References { document, edited };
    let is_sound = mend.changes.iter().all(|change| references.are_sound(change));
    let mut edits = target.done().filter(|_| is_sound)?;
    sort_by(&mut edits, |one, other| one.span.cmp(&other.span));
    (!edits.windows(2).any(meet)).then(|| Fix::new(mend.title.clone(), mend.safe, source, edits))
}

/// Whether two edits are about the same text: each was worked out as if it were the only one. What is put behind a value that
/// gives way to another stays behind it.
fn meet(pair: &[Edit]) -> bool {
    let [one, next] = pair else { return false };
    let is_kept_apart = !one.span.is_empty() && !one.replacement.is_empty();
    next.span.start < one.span.end || next.span.start == one.span.end && !is_kept_apart
}

/// A template that is changed.
struct Target<'a> {
    editor: Editor<'a>,
    document: &'a Document,
    edits: Vec<Edit>,
    /// What is added to maps, so that what goes to one map is added at once.
    inserts: Vec<(Pointer, Map)>,
}

/// What is found at the end of a path.
enum Spot<'a> {
    /// This value.
    Value(&'a Value),
    /// Nothing behind so many steps, where a map can take more.
    Open(usize),
}

impl<'a> Target<'a> {
    fn change(&mut self, base: &[&str], change: &Change) -> Option<()> {
        let (Change::Set(path, _) | Change::Add(path, _) | Change::Remove(path) | Change::Rename(path, _)) = change;
        let steps: Vec<&str> = base.iter().copied().chain(path.split('/').filter(|step| !step.is_empty())).gather();
        let spot = self.find(&steps)?;
        let pointer = pointer(&steps).to_string();
        let edits = match (change, spot) {
            (Change::Set(_, value), Spot::Value(old)) if self.gives_way(old, value) => {
                self.editor.set(&pointer, value)?
            }
            (Change::Set(_, value), Spot::Open(depth)) => return self.insert(&steps, depth, value.clone()),
            (Change::Add(_, new), Spot::Open(depth)) => {
                // Beside the properties a single name needs no list.
                let single = new.first().filter(|_| new.len() == 1 && !steps.contains(&"Properties"));
                let value = single.cloned().unwrap_or_else(|| Value::List(new.clone()));
                return self.insert(&steps, depth, value);
            }
            (Change::Add(_, new), Spot::Value(Value::Null)) => self.editor.set(&pointer, &Value::List(new.clone()))?,
            (Change::Add(_, new), Spot::Value(Value::List(_))) => self.editor.add(&pointer, Added::Elements(new))?,
            (Change::Add(_, new), Spot::Value(old @ Value::String(_))) if old.is_literal() => {
                let all = std::iter::once(old).chain(new).cloned().gather();
                self.editor.set(&pointer, &Value::List(all))?
            }
            (Change::Remove(_), Spot::Value(old)) if self.stands_there(old) => self.editor.remove(&pointer)?,
            (Change::Rename(_, key), Spot::Value(_)) => self.editor.rename(&pointer, key)?,
            _ => return None,
        };
        self.edits.extend(edits);
        Some(())
    }

    /// What is at the end of a path. Nothing when that is not the same in every world: when a list on the way has elements
    /// that a condition leaves out, or a loop or a transform makes what is in a map.
    fn find(&self, steps: &[&str]) -> Option<Spot<'a>> {
        let mut value = &self.document.value;
        for (depth, step) in steps.iter().enumerate() {
            value = match value {
                Value::List(elements) if !elements.iter().any(may_vanish) => {
                    elements.get(step.parse::<usize>().ok()?)?
                }
                Value::Map(map) => match map.get(step) {
                    Some(inner) => inner,
                    None if map.keys().any(|key| key.starts_with("Fn::")) => return None,
                    None => return Some(Spot::Open(depth)),
                },
                _ => return None,
            };
        }
        Some(Spot::Value(value))
    }

    /// Whether what is written may be taken out. What is worked out at deployment, from parameters or by conditions, was
    /// meant so.
    fn stands_there(&self, old: &Value) -> bool {
        let Value::Intrinsic(call) = old else { return true };
        let is_filled = call.function == Function::Sub;
        let resources = self.document.value.get("Resources");
        let mut is_known = is_filled || matches!(call.function, Function::Ref | Function::GetAtt);
        each_reference(old, &mut |name| {
            let is_open = is_filled && name.starts_with("AWS::");
            is_known &= is_open || resources.is_some_and(|resources| resources.get(name).is_some());
        });
        is_known
    }

    /// Whether what is written may give way to something else: a literal to anything, a reference to a resource, or a text
    /// that is filled in with nothing else, to another reference.
    fn gives_way(&self, old: &Value, new: &Value) -> bool {
        old.is_literal() || (old.as_intrinsic().is_some() && new.as_intrinsic().is_some() && self.stands_there(old))
    }

    /// Notes what is added to the map that is behind so many steps, with the maps on the way that are not there.
    fn insert(&mut self, steps: &[&str], depth: usize, value: Value) -> Option<()> {
        let (there, missing) = steps.split_at_checked(depth)?;
        let (first, rest) = missing.split_first()?;
        let place = pointer(there);
        let known = self.inserts.iter().position(|(known, _)| *known == place).unwrap_or_else(|| {
            self.inserts.push((place, Map::new()));
            self.inserts.len() - 1
        });
        merge(&mut self.inserts.get_mut(known)?.1, first, rest, value)
    }

    /// All edits.
    fn done(mut self) -> Option<Vec<Edit>> {
        for (place, members) in &self.inserts {
            self.edits.extend(self.editor.add(&place.to_string(), Added::Members(members))?);
        }
        Some(self.edits)
    }
}

fn pointer(steps: &[&str]) -> Pointer {
    steps.iter().fold(Pointer::root(), |pointer, step| pointer.child(*step))
}

/// Puts a value into a map, behind keys of which some may be there.
fn merge(map: &mut Map, key: &str, rest: &[&str], value: Value) -> Option<()> {
    let Some((next, rest)) = rest.split_first() else {
        map.push(key.to_owned(), value);
        return Some(());
    };
    if !map.contains_key(key) {
        map.push(key.to_owned(), Value::Map(Map::new()));
    }
    match map.get_mut(key)? {
        Value::Map(inner) => merge(inner, next, rest, value),
        _ => None,
    }
}

/// Whether an element of a list may be left out, or stand for several.
fn may_vanish(element: &Value) -> bool {
    element.as_intrinsic().is_some_and(|call| {
        let is_nothing = call.function == Function::Ref && call.argument.as_str() == Some("AWS::NoValue");
        is_nothing || matches!(call.function, Function::If | Function::Transform)
    })
}

/// The references of a template.
struct References<'a> {
    document: &'a Document,
    /// The resource that is changed, unless a new one is made.
    edited: Option<&'a str>,
}

/// How many resources are looked at to see whether one waits for another.
const MOST: usize = 2_000;

impl<'a> References<'a> {
    fn resource(&self, name: &str) -> Option<&'a Value> {
        self.document.value.get("Resources")?.get(name)
    }

    /// Whether all that a change refers to is there whenever it is made, and does not wait for what is changed.
    fn are_sound(&self, change: &Change) -> bool {
        let mut are_sound = true;
        let mut take = |name: &str| are_sound &= self.is_sound(name);
        match change {
            Change::Set(_, value) => each_reference(value, &mut take),
            Change::Add(path, values) if path == WAITS => values.iter().filter_map(Value::as_str).for_each(take),
            Change::Add(_, values) => values.iter().for_each(|value| each_reference(value, &mut take)),
            Change::Remove(_) | Change::Rename(..) => {}
        }
        are_sound
    }

    fn is_sound(&self, name: &str) -> bool {
        let Some(resource) = self.resource(name) else {
            return name.starts_with("AWS::")
                || self.document.value.get("Parameters").is_some_and(|parameters| parameters.get(name).is_some());
        };
        let own = self.edited.and_then(|edited| self.resource(edited)?.get("Condition"));
        let condition = resource.get("Condition");
        (condition.is_none() || condition == own) && !self.edited.is_some_and(|edited| self.waits(name, edited))
    }

    /// Whether a resource waits for another one in some world, as far as can be seen.
    fn waits(&self, from: &str, wanted: &str) -> bool {
        let mut seen = OrderedSet::new();
        let mut waiting = vec![from.to_owned()];
        while let Some(name) = waiting.pop() {
            if name == wanted || seen.len() > MOST {
                return true;
            }
            let Some(resource) = self.resource(&name).filter(|_| seen.insert(name)) else { continue };
            let mut take = |name: &str| waiting.push(name.to_owned());
            match resource.get(WAITS) {
                Some(Value::List(all)) => all.iter().filter_map(Value::as_str).for_each(&mut take),
                Some(Value::String(one)) => take(one),
                _ => {}
            }
            resource.get("Properties").into_iter().for_each(|properties| each_reference(properties, &mut take));
        }
        false
    }
}

/// The key under which a resource says for what it waits.
const WAITS: &str = "DependsOn";
