//! From what mends a mistake in a spec, or a finding of the rulebook, to edits of the user's text.

use crate::cfn::Gather as _;
use crate::cfn::edit::Edit;
use crate::cfn::edit::Editor;
use crate::cfn::ordered::sort_by;
use crate::cfn::read::Document;
use crate::cfn::{SourceText, Value};
use crate::diagnostics::fix::Change;
use crate::diagnostics::{Fix, Mend, Pointer};
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
    let whole = Pointer::root().child("Resources").child(logical_id);
    let resource = document.value.get("Resources")?.get(logical_id)?;
    let target = Target { editor: Editor::new(source, document), properties: whole.child("Properties"), resource };
    let edits: Option<Vec<Vec<Edit>>> = mend.changes.iter().map(|change| target.edits(change)).gather();
    let mut edits: Vec<Edit> = edits?.into_iter().flatten().gather();
    sort_by(&mut edits, |one, other| one.span.cmp(&other.span));
    // Each was worked out as if it were the only one.
    let meet = edits.windows(2).any(|pair| matches!(pair, [one, next] if next.span.start <= one.span.end));
    (!meet).then(|| Fix::new(mend.title.clone(), mend.safe, source, edits))
}

/// A resource whose properties are changed.
struct Target<'a> {
    editor: Editor<'a>,
    properties: Pointer,
    resource: &'a Value,
}

impl Target<'_> {
    fn edits(&self, change: &Change) -> Option<Vec<Edit>> {
        let pointer = |path: &str| self.properties.join(path).to_string();
        match change {
            Change::Set(path, value) => self.set(path, value),
            Change::Append(path, value) => self.editor.append(&pointer(path), value),
            Change::Remove(path) => self.editor.remove(&pointer(path)),
        }
    }

    fn set(&self, path: &str, value: &Value) -> Option<Vec<Edit>> {
        let (parent, key) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(old) = self.find(path) else {
            return self.editor.insert(&self.properties.join(parent).to_string(), key, value);
        };
        // What is worked out at deployment was meant so.
        old.is_literal().then(|| self.editor.set(&self.properties.join(path).to_string(), value))?
    }

    /// The property at a path, as it is written.
    fn find(&self, path: &str) -> Option<&Value> {
        let steps = path.split('/').filter(|step| !step.is_empty());
        steps.fold(self.resource.get("Properties"), |value, step| match value? {
            Value::List(elements) => elements.get(step.parse::<usize>().ok()?),
            value => value.get(step),
        })
    }
}
