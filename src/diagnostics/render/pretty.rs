//! A report for people: each finding with the piece of the file it is about.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use crate::cfn::SourceText;
use crate::diagnostics::{Finding, Place, Related, Report, Severity};

use super::{Sources, world};

/// Lines longer than this are shown without an excerpt: a file without line breaks would fill the screen.
const MAX_LINE_BYTES: usize = 2_000;

/// The most lines between two places that one excerpt shows; what is farther away has an excerpt of its own.
const MAX_LINES: u32 = 400;

/// The findings that count as text, with terminal colours when `colours` is true. `sources` are the files that the places
/// are in.
#[must_use]
pub fn render<'a>(report: &'a Report, sources: impl Into<Sources<'a>>, colours: bool) -> String {
    let sources = sources.into();
    let renderer = if colours { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Unicode);
    let mut text = String::new();
    for finding in report.counted() {
        text.push_str(&renderer.render(&[group(finding, &sources)]));
        text.push_str("\n\n");
    }
    text
}

fn group<'a>(finding: &'a Finding, sources: &Sources<'a>) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let mut group = Group::with_title(level.primary_title(finding.message.as_str()).id(finding.code.0));
    let excerpts = Excerpts::of(finding, sources);
    for excerpt in &excerpts.shown {
        group = group.element(excerpt.snippet());
    }
    if let (Some(place), false) = (&finding.address.place, excerpts.has_primary) {
        group = group.element(Level::NOTE.message(format!("at {}", line_of(place))));
    }
    group = notes(finding).into_iter().fold(group, |group, note| group.element(Level::NOTE.message(note)));
    for related in excerpts.left {
        group = group.element(Level::NOTE.message(match &related.address.place {
            Some(place) => format!("{} (at {})", related.message, line_of(place)),
            None => related.message.clone(),
        }));
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    match fix_hint(finding) {
        Some(hint) => group.element(Level::HELP.message(hint)),
        None => group,
    }
}

/// Where in the app it is, and when it is true.
fn notes(finding: &Finding) -> Vec<String> {
    let address = &finding.address;
    let mut notes = Vec::new();
    // What stands in a spec needs no other address.
    match (&address.construct_path, &address.resource) {
        _ if address.spec.is_some() && address.place.is_some() => {}
        (Some(path), _) => notes.push(format!("in the construct `{path}`")),
        (None, Some(resource)) => notes.push(format!("in the resource `{resource}`")),
        (None, None) => {}
    }
    notes.extend(world(finding).map(|world| format!("when {world}")));
    notes
}

/// What mends it. Advice goes without the edits that are only a guess.
fn fix_hint(finding: &Finding) -> Option<String> {
    let fix = finding.fix.as_ref()?;
    if fix.safe {
        return Some(format!("`ringfence check --fix` can {}", fix.title));
    }
    finding.help.is_none().then(|| format!("perhaps {}", fix.title))
}

fn line_of(place: &Place) -> String {
    format!("{}:{}:{}", place.file, place.position.line, place.position.column)
}

/// What is shown of the files, and what is not.
struct Excerpts<'a> {
    shown: Vec<Excerpt<'a>>,
    has_primary: bool,
    left: Vec<&'a Related>,
}

impl<'a> Excerpts<'a> {
    fn of(finding: &'a Finding, sources: &Sources<'a>) -> Self {
        let primary = finding.address.place.as_ref().and_then(|place| Excerpt::of(place, None, sources));
        let has_primary = primary.is_some();
        let mut excerpts = Self { shown: primary.into_iter().collect(), has_primary, left: Vec::new() };
        for related in &finding.related {
            let label = Some(related.message.as_str());
            match related.address.place.as_ref().and_then(|place| Excerpt::of(place, label, sources)) {
                Some(excerpt) if has_primary => excerpts.add(excerpt),
                _ => excerpts.left.push(related),
            }
        }
        excerpts
    }

    /// Shows a place in the excerpt that it is near to, or in one of its own.
    fn add(&mut self, excerpt: Excerpt<'a>) {
        match self.shown.iter_mut().find(|other| other.is_near(&excerpt)) {
            Some(other) => other.places.extend(excerpt.places),
            None => self.shown.push(excerpt),
        }
    }
}

/// Places of one file with what is said about them; about the first of the primary excerpt nothing is.
struct Excerpt<'a> {
    source: &'a SourceText,
    places: Vec<(&'a Place, Option<&'a str>)>,
}

impl<'a> Excerpt<'a> {
    fn of(place: &'a Place, label: Option<&'a str>, sources: &Sources<'a>) -> Option<Self> {
        let source = sources.find(&place.file)?;
        let line = source.line(place.position.line)?;
        (line.len() <= MAX_LINE_BYTES).then(|| Self { source, places: vec![(place, label)] })
    }

    fn is_near(&self, other: &Self) -> bool {
        let lines = |excerpt: &Self| excerpt.places.iter().map(|(place, _)| place.position.line).collect::<Vec<_>>();
        let all: Vec<u32> = lines(self).into_iter().chain(lines(other)).collect();
        let distance = all.iter().max().zip(all.iter().min()).map_or(0, |(last, first)| last - first);
        self.source.name() == other.source.name() && distance <= MAX_LINES
    }

    /// The excerpt, cut out of its file: looking at all of a large file for each finding would take long.
    fn snippet(&self) -> Snippet<'a, Annotation<'a>> {
        let first = self.places.iter().map(|(place, _)| place.position.line).min().unwrap_or(1);
        let last = self.places.iter().map(|(place, _)| place.position.line).max().unwrap_or(1);
        let text = self.source.text();
        // At the end of a text, the last line with something on it says more than an empty one.
        let is_at_end = self.line_start(first) == text.len() && first > 1;
        let first = if is_at_end { first - 1 } else { first };
        let start = self.line_start(first);
        let end = if last < self.source.line_count() { self.line_start(last + 1) } else { text.len() };
        let window = text.get(start..end).unwrap_or_default();
        let mut snippet = Snippet::source(window).path(self.source.name()).line_start(first as usize);
        for (place, label) in &self.places {
            let span = first_line(place, text);
            let span = span.start - start..span.end - start;
            snippet = snippet.annotation(match label {
                None => AnnotationKind::Primary.span(span),
                Some(label) => AnnotationKind::Context.span(span).label(*label),
            });
        }
        snippet
    }

    fn line_start(&self, number: u32) -> usize {
        let all = self.source.text();
        let line = self.source.line(number).unwrap_or_default();
        // Lines are parts of the text.
        (line.as_ptr() as usize).saturating_sub(all.as_ptr() as usize).min(all.len())
    }
}

/// The bytes of a place: of a value that spans several lines, those of the first line only.
fn first_line(place: &Place, text: &str) -> std::ops::Range<usize> {
    let start = place.span.start as usize;
    let end_of_line = text.get(start..).and_then(|rest| rest.find(['\n', '\r'])).map_or(text.len(), |at| start + at);
    start..(place.span.end as usize).clamp(start, end_of_line.max(start))
}
