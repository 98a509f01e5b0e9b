//! Edits in YAML's block style, where each entry has lines of its own.

use super::super::{Map, Value, write};
use super::entries::Container;
use super::{Added, Edit, Editor, render};
use crate::cfn::Gather as _;

/// Adds entries behind the last one.
pub(super) fn insert(editor: &Editor<'_>, container: &Container<'_>, added: Added<'_>) -> Option<Vec<Edit>> {
    let (first, last) = (container.entries.first()?, container.entries.last()?);
    let indent = column(editor, first.start)?;
    // Where a map stands on a line of its own, the next one does too.
    let in_flow = last.value_after.is_some_and(|behind| editor.goes_on_with(behind, '{'));
    let in_flow = |value: &Value| in_flow && value.as_map().is_some_and(|map| !map.is_empty());
    let text: String = match added {
        Added::Members(members) => members.iter().map(|(key, value)| member(key, value, in_flow(value))).gather(),
        Added::Elements(elements) => elements.iter().map(|value| element(value, in_flow(value))).gather(),
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

fn member(key: &str, value: &Value, in_flow: bool) -> String {
    if in_flow {
        return format!("{}: {}\n", render::flow_text(key), render::flow(value));
    }
    let mut member = Map::new();
    member.push(key.to_owned(), value.clone());
    write::to_yaml(&Value::Map(member))
}

fn element(value: &Value, in_flow: bool) -> String {
    if in_flow { format!("- {}\n", render::flow(value)) } else { write::to_yaml(&Value::List(vec![value.clone()])) }
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
