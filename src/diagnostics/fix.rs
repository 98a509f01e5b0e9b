//! What mends a finding, as edits of the user's text, and how such edits are carried out.

use crate::cfn::Gather as _;
use crate::cfn::edit::Edit;
use crate::cfn::eval::ResourceId;
use crate::cfn::ordered::{sort, sort_by};
use crate::cfn::{SourceText, Span, Value, to_yaml};

use super::{Finding, Place};

/// Edits of texts that mend a finding when all of them are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the edits do, as an order: `set the timeout to 5`.
    pub title: String,
    /// Whether the edits may be made without anybody looking: they change nothing but what the finding is about, and there
    /// is one way only to mend it.
    pub safe: bool,
    /// The edits. None overlaps another.
    pub edits: Vec<TextEdit>,
}

/// What mends a finding, as changes of a template. Where the file allows it, they become a [`Fix`].
#[derive(Clone, Debug, PartialEq)]
pub struct Mend {
    /// What the changes do, as an order: `set the timeout to 5`.
    pub title: String,
    /// Whether they may be made without anybody looking, see [`Fix::safe`].
    pub safe: bool,
    /// Where the paths of the changes begin.
    pub root: Root,
    /// The resource that is changed, when that is another one than the finding is about.
    pub resource: Option<ResourceId>,
    /// The changes, all of which are needed.
    pub changes: Vec<Change>,
}

/// Where the path of a change begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// With the properties of the resource.
    Properties,
    /// With what is said of the resource beside them, such as `DependsOn`.
    Resource,
    /// With the template, such as `Transform`.
    Template,
}

/// A change of something, whose path has keys and indices separated by `/`.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Gives it a value, whether it is there or not.
    Set(String, Value),
    /// Adds elements to a list. A single text becomes the first of a list, and what is not there a list of these.
    Add(String, Vec<Value>),
    /// Takes it out.
    Remove(String),
    /// Gives its key another name.
    Rename(String, &'static str),
}

impl Mend {
    #[inline(never)]
    fn new(safe: bool, title: String) -> Self {
        Self { title, safe, root: Root::Properties, resource: None, changes: Vec::new() }
    }

    /// Changes that may be made without anybody looking.
    #[must_use]
    pub fn safe(title: impl Into<String>) -> Self {
        Self::new(true, title.into())
    }

    /// Changes of which there may be better ones.
    #[must_use]
    pub fn suggested(title: impl Into<String>) -> Self {
        Self::new(false, title.into())
    }

    /// Gives a property a value, which the title tells.
    #[must_use]
    #[inline(never)]
    pub fn setting(safe: bool, property: &str, value: Value) -> Self {
        let name = property.rsplit('/').find(|step| !step.bytes().all(|byte| byte.is_ascii_digit()));
        let title = format!("set `{}` to `{}`", name.unwrap_or(property), shown(&value));
        Self::new(safe, title).change(Change::Set(property.to_owned(), value))
    }

    /// Takes a property out.
    #[must_use]
    #[inline(never)]
    pub fn leaving_out(safe: bool, property: &str) -> Self {
        let name = property.rsplit('/').next().unwrap_or(property);
        let title =
            if name.parse::<usize>().is_ok() { "leave it out".to_owned() } else { format!("leave `{name}` out") };
        Self::new(safe, title).change(Change::Remove(property.to_owned()))
    }

    /// Says where the paths of the changes begin.
    #[must_use]
    pub fn at(mut self, root: Root) -> Self {
        self.root = root;
        self
    }

    /// Says which resource is changed.
    #[must_use]
    pub fn on(mut self, resource: ResourceId) -> Self {
        self.resource = Some(resource);
        self
    }

    #[inline(never)]
    fn change(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }

    /// Gives a property a value, whether it is there or not.
    #[must_use]
    pub fn set(self, property: impl Into<String>, value: impl Into<Value>) -> Self {
        self.change(Change::Set(property.into(), value.into()))
    }

    /// Adds elements to a list, which may not be there yet.
    #[must_use]
    #[inline(never)]
    pub fn add(self, property: &str, elements: Vec<Value>) -> Self {
        self.change(Change::Add(property.to_owned(), elements))
    }

    /// Puts another property in the place of one.
    #[must_use]
    #[inline(never)]
    pub fn replace(self, property: &str, key: &'static str, value: Value) -> Self {
        self.change(Change::Rename(property.to_owned(), key)).change(Change::Set(property.to_owned(), value))
    }

    /// Takes a property out, or an element of a list.
    #[must_use]
    pub fn remove(self, property: impl Into<String>) -> Self {
        self.change(Change::Remove(property.into()))
    }
}

/// A value in a title.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        _ => to_yaml(value).trim_end().to_owned(),
    }
}

/// Text that takes the place of other text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced; an empty place to insert something.
    pub place: Place,
    /// What stands there afterwards.
    pub replacement: String,
}

impl Place {
    /// The place of `span` in `source`.
    #[must_use]
    pub fn of(source: &SourceText, span: Span) -> Self {
        Self { file: source.name().to_owned(), span, position: source.position(span) }
    }
}

impl Fix {
    /// A fix by edits of one text.
    #[must_use]
    pub fn new(
        title: impl Into<String>,
        safe: bool,
        source: &SourceText,
        edits: impl IntoIterator<Item = Edit>,
    ) -> Self {
        let text_edit = |edit: Edit| TextEdit { place: Place::of(source, edit.span), replacement: edit.replacement };
        Self { title: title.into(), safe, edits: edits.into_iter().map(text_edit).gather() }
    }
}

/// What became of a text when fixes were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mended {
    /// The text afterwards.
    pub text: String,
    /// The titles of the fixes that were made, with the line on which each begins, in the order of the text.
    pub made: Vec<(u32, String)>,
    /// How many fixes would change the same text as one that was made: they can be tried again afterwards.
    pub left: usize,
}

/// Makes the safe fixes of findings that count, as far as they are about `source` alone. Of two fixes that touch the same
/// text, the first is made; equal ones are one.
#[must_use]
pub fn mend<'a>(source: &SourceText, findings: impl IntoIterator<Item = &'a Finding>) -> Mended {
    let counted = findings.into_iter().filter(|finding| finding.suppressed.is_none());
    let fixes = counted.filter_map(|finding| finding.fix.as_ref()).filter(|fix| fix.safe && is_about(fix, source));
    let mut mended = Mended::default();
    let mut taken: Vec<&TextEdit> = Vec::new();
    for fix in fixes {
        if fix.edits.iter().all(|edit| taken.contains(&edit)) {
            continue;
        }
        if fix.edits.iter().any(|edit| taken.iter().any(|other| touches(edit.place.span, other.place.span))) {
            mended.left += 1;
            continue;
        }
        taken.extend(&fix.edits);
        let line = fix.edits.iter().map(|edit| edit.place.position.line).min().unwrap_or_default();
        mended.made.push((line, fix.title.clone()));
    }
    sort(&mut mended.made);
    sort_by(&mut taken, |one, other| one.place.span.cmp(&other.place.span));
    mended.text = source.text().to_owned();
    for edit in taken.into_iter().rev() {
        let Span { start, end } = edit.place.span;
        mended.text.replace_range(start as usize..end as usize, &edit.replacement);
    }
    mended
}

/// Whether all edits of a fix are of `source`, between characters of it.
fn is_about(fix: &Fix, source: &SourceText) -> bool {
    let in_text = |span: Span| source.text().get(span.start as usize..span.end as usize).is_some();
    !fix.edits.is_empty() && fix.edits.iter().all(|edit| edit.place.file == source.name() && in_text(edit.place.span))
}

/// Whether one edit could change what the other one means. Two that insert at one place do, for their order is open.
fn touches(one: Span, other: Span) -> bool {
    one.start <= other.end && other.start <= one.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Severity, SuppressedBy, Suppression, codes};

    fn finding(source: &SourceText, safe: bool, edits: &[(u32, u32, &str)]) -> Finding {
        let edits = edits.iter().map(|(start, end, text)| Edit::replace(Span::new(*start, *end), *text));
        let fix = Fix::new(format!("{edits:?}"), safe, source, edits);
        Finding::new(codes::SYNTAX, Severity::Error, "x").with_fix(fix)
    }

    #[test]
    fn edits_are_made_from_the_back() {
        let source = SourceText::new("x", "one two three");
        let findings =
            [finding(&source, true, &[(0, 3, "1"), (8, 13, "3!")]), finding(&source, true, &[(4, 7, "second")])];
        let mended = mend(&source, &findings);
        assert_eq!((mended.text.as_str(), mended.made.len(), mended.left), ("1 second 3!", 2, 0));
    }

    #[test]
    fn of_two_fixes_for_one_text_the_first_is_made_and_equal_ones_are_one() {
        let source = SourceText::new("x", "one two");
        let findings = [
            finding(&source, true, &[(0, 3, "1")]),
            finding(&source, true, &[(0, 3, "1")]),
            finding(&source, true, &[(2, 5, "?"), (6, 7, "!")]),
        ];
        let mended = mend(&source, &findings);
        assert_eq!((mended.text.as_str(), mended.made.len(), mended.left), ("1 two", 1, 1));
    }

    #[test]
    fn what_is_unsafe_suppressed_or_about_another_text_is_left_alone() {
        let source = SourceText::new("x", "one two");
        let mut suppressed = finding(&source, true, &[(0, 3, "1")]);
        suppressed.suppressed =
            Some(Suppression { reason: "so".to_owned(), by: SuppressedBy::Configuration, place: None });
        let elsewhere = finding(&SourceText::new("y", "one two"), true, &[(0, 3, "1")]);
        let beyond = finding(&source, true, &[(0, 99, "1")]);
        let findings = [finding(&source, false, &[(0, 3, "1")]), suppressed, elsewhere, beyond];
        let mended = mend(&source, &findings);
        assert_eq!((mended.text.as_str(), mended.made.len(), mended.left), ("one two", 0, 0));
    }
}
