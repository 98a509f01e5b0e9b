//! Edits in YAML's block style, where each entry has lines of its own.

use super::super::{Value, write};
use super::entries::Container;
use super::{Edit, Editor, member};
use crate::cfn::Gather as _;

/// Adds an entry behind the last one.
pub(super) fn insert(
    editor: &Editor<'_>,
    container: &Container<'_>,
    key: Option<&str>,
    value: &Value,
) -> Option<Vec<Edit>> {
    let (first, last) = (container.entries.first()?, container.entries.last()?);
    let indent = column(editor, first.start)?;
    let text = match key {
        Some(key) => write::to_yaml(&member(key, value)),
        None => write::to_yaml(&Value::List(vec![value.clone()])),
    };
    if last.end == editor.text.len() && !editor.text.ends_with('\n') {
        // A line break at the end of the text might belong to its last value.
        let text = lines(editor, &text, indent);
        let text = text.trim_start_matches(' ');
        return Some(vec![Edit::of(first.start, first.start, format!("{text}{}", " ".repeat(indent)))]);
    }
    let text = lines(editor, &text, indent);
    if editor.text.get(..last.end).is_some_and(|before| before.ends_with('\n')) {
        return Some(vec![Edit::of(last.end, last.end, text)]);
    }
    let at = editor.next_line(last.end);
    let is_ended = editor.text.get(..at).is_some_and(|before| before.ends_with(['\n', '\r']));
    let line_break = editor.line_break();
    let text = if is_ended { text } else { format!("{line_break}{}", text.strip_suffix(line_break).unwrap_or(&text)) };
    Some(vec![Edit::of(at, at, text)])
}

/// The column at which an entry begins. Before the first one there may be the dashes of the lists that it is in.
fn column(editor: &Editor<'_>, start: usize) -> Option<usize> {
    let before = editor.before(start);
    before.chars().all(|character| matches!(character, ' ' | '-')).then_some(before.len())
}

/// Lines moved to the right, with the line break of the text.
fn lines(editor: &Editor<'_>, text: &str, indent: usize) -> String {
    let indent = " ".repeat(indent);
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("{indent}{line}") };
    text.lines().map(|text| line(text) + editor.line_break()).gather()
}

/// Takes an entry out, with its lines.
pub(super) fn remove(editor: &Editor<'_>, container: &Container<'_>, index: usize) -> Option<Vec<Edit>> {
    let entry = container.entries.get(index)?;
    column(editor, entry.start)?;
    if container.entries.len() == 1 {
        return Some(vec![empty(editor, container)]);
    }
    let has_line = editor.before(entry.start).trim().is_empty();
    if has_line {
        let ends_line = editor.text.get(..entry.end).is_some_and(|before| before.ends_with('\n'));
        let end = if ends_line { entry.end } else { editor.next_line(entry.end) };
        return Some(vec![Edit::of(editor.start_of_line(entry.start), end, "")]);
    }
    let next = container.entries.get(index + 1)?;
    let between = editor.text.get(editor.end_of_line(entry.end)..next.start)?;
    let has_comment = between.contains('#');
    (!has_comment).then(|| vec![Edit::of(entry.start, next.start, "")])
}

/// What is left of a list or map that loses its only entry.
fn empty(editor: &Editor<'_>, container: &Container<'_>) -> Edit {
    let end = container.entries.last().map_or(container.span.end as usize, |last| last.end);
    let text = editor.text.get(container.start..end).unwrap_or_default();
    let end = container.start + text.trim_end_matches(['\n', '\r']).len();
    // A list may begin in the column of its key; brackets must stand behind it.
    let brackets = if container.value.as_list().is_some() { "  []" } else { "{}" };
    Edit::of(container.start, end, brackets)
}
