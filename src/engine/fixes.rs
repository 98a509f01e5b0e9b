//! Edits that mend mistakes in a spec.

use crate::cfn::edit::Editor;
use crate::cfn::read::Document;
use crate::cfn::{SourceText, Value};
use crate::diagnostics::Fix;
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
