//! Edits between brackets and braces: JSON, and YAML's flow style.

use super::super::Value;
use super::entries::{Container, Entry};
use super::{Added, Edit, Editor, render};
use crate::cfn::Gather as _;

/// Adds entries behind the last one.
pub(super) fn insert(editor: &Editor<'_>, container: &Container<'_>, added: Added<'_>) -> Option<Vec<Edit>> {
    let on_line = |key: Option<&str>, value: &Value| entry(editor, key, value);
    let Some(last) = container.entries.last() else {
        let at = container.start + 1;
        return Some(vec![Edit::of(at, at, joined(added, ", ", &on_line))]);
    };
    if editor.before(last.start).trim().is_empty() {
        return Some(insert_lines(editor, container, last, added));
    }
    let text = joined(added, ", ", &on_line);
    Some(vec![match last.comma {
        Some(comma) => Edit::of(comma + 1, comma + 1, format!(" {text}")),
        None => Edit::of(last.end, last.end, format!(", {text}")),
    }])
}

/// All that is added, one after the other.
fn joined(added: Added<'_>, separator: &str, text: &dyn Fn(Option<&str>, &Value) -> String) -> String {
    let texts: Vec<String> = match added {
        Added::Members(members) => members.iter().map(|(key, value)| text(Some(key), value)).gather(),
        Added::Elements(elements) => elements.iter().map(|value| text(None, value)).gather(),
    };
    texts.join(separator)
}

/// Adds entries on lines of their own, as the others are.
fn insert_lines(editor: &Editor<'_>, container: &Container<'_>, last: &Entry, added: Added<'_>) -> Vec<Edit> {
    let indent = editor.before(last.start);
    let outer = editor.before(container.start);
    let outer = outer.get(..outer.len() - outer.trim_start().len()).unwrap_or_default();
    let unit = indent.strip_prefix(outer).filter(|unit| !unit.is_empty()).unwrap_or("  ");
    let lines = |key: Option<&str>, value: &Value| match key {
        _ if !editor.is_json => entry(editor, key, value),
        Some(key) => {
            format!("{}: {}", render::json(&Value::from(key.to_owned())), render::json_lines(value, indent, unit))
        }
        None => render::json_lines(value, indent, unit),
    };
    let text = joined(added, &format!(",\n{indent}"), &lines);
    let text = text.replace('\n', editor.line_break());
    let behind = last.comma.map_or(last.end, |comma| comma + 1);
    let end_of_line = editor.end_of_line(behind);
    let rest = editor.text.get(behind..end_of_line).unwrap_or_default().trim_start();
    let has_comment = !editor.is_json && rest.starts_with('#');
    let at = if has_comment { end_of_line } else { behind };
    let line = format!("{}{indent}{text}", editor.line_break());
    match last.comma {
        Some(_) => vec![Edit::of(at, at, format!("{line},"))],
        None if has_comment => vec![Edit::of(behind, behind, ","), Edit::of(at, at, line)],
        None => vec![Edit::of(at, at, format!(",{line}"))],
    }
}

fn entry(editor: &Editor<'_>, key: Option<&str>, value: &Value) -> String {
    match key {
        Some(key) if editor.is_json => {
            format!("{}: {}", render::json(&Value::from(key.to_owned())), render::json(value))
        }
        Some(key) => format!("{}: {}", render::flow_text(key), render::flow(value)),
        None => render::inline(value, editor.is_json, true, false),
    }
}

/// Takes an entry out, with one of the commas around it.
pub(super) fn remove(editor: &Editor<'_>, container: &Container<'_>, index: usize) -> Option<Vec<Edit>> {
    let entry = container.entries.get(index)?;
    if let Some(comma) = entry.comma {
        return Some(remove_with_comma(editor, entry, comma));
    }
    let before = index.checked_sub(1).and_then(|before| container.entries.get(before)?.comma);
    Some(match before {
        Some(comma) if editor.text.get(comma + 1..entry.start)?.trim().is_empty() => {
            vec![Edit::of(comma, entry.end, "")]
        }
        Some(comma) => vec![Edit::of(comma, comma + 1, ""), whole_line(editor, entry.start, entry.end)],
        None => vec![whole_line(editor, entry.start, entry.end)],
    })
}

fn remove_with_comma(editor: &Editor<'_>, entry: &Entry, comma: usize) -> Vec<Edit> {
    let between = editor.text.get(entry.end..comma).unwrap_or_default();
    if !between.trim().is_empty() {
        return vec![Edit::of(entry.start, entry.end, ""), Edit::of(comma, comma + 1, "")];
    }
    if editor.before(entry.start).trim().is_empty() {
        return vec![whole_line(editor, entry.start, comma + 1)];
    }
    let rest = editor.text.get(comma + 1..).unwrap_or_default();
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    vec![Edit::of(entry.start, comma + 1 + blanks, "")]
}

/// Takes text out; when nothing else is on its lines, the lines as well.
fn whole_line(editor: &Editor<'_>, start: usize, end: usize) -> Edit {
    let rest = editor.text.get(end..editor.end_of_line(end)).unwrap_or_default();
    if editor.before(start).trim().is_empty() && rest.trim().is_empty() {
        return Edit::of(editor.start_of_line(start), editor.next_line(end), "");
    }
    Edit::of(start, end, "")
}
