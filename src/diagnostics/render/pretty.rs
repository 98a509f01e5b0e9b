//! A report for people: each finding with the piece of the file it is about.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::cfn::SourceText;
use crate::diagnostics::{Address, Finding, Place, Related, Report, Severity};

/// Lines longer than this are shown without an excerpt: a file without line breaks would fill the screen.
const MAX_LINE_BYTES: usize = 2_000;

/// The report as text, with terminal colours when `colours` is true. `source` is the file that the places are in.
#[must_use]
pub fn render(report: &Report, source: &SourceText, colours: bool) -> String {
    let renderer = if colours { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Unicode);
    let mut text = String::new();
    for finding in &report.findings {
        text.push_str(&renderer.render(&[group(finding, source)]));
        text.push_str("\n\n");
    }
    text
}

fn group<'a>(finding: &'a Finding, source: &'a SourceText) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let mut group = Group::with_title(level.primary_title(finding.message.as_str()).id(finding.code.0));
    match &finding.address.place {
        Some(place) if is_showable(place, source) => group = group.element(snippet(finding, place, source)),
        Some(place) => group = group.element(Level::NOTE.message(where_is(place))),
        None => {}
    }
    if let Some(path) = finding.address.construct_path.as_ref().filter(|_| finding.address.place.is_none()) {
        group = group.element(Level::NOTE.message(format!("in the construct `{path}`")));
    }
    for related in finding.related.iter().filter(|related| !is_in_snippet(related, finding, source)) {
        group = group.element(Level::NOTE.message(related.message.as_str()));
    }
    match &finding.help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    }
}

fn is_showable(place: &Place, source: &SourceText) -> bool {
    place.file == source.name() && source.line(place.position.line).is_some_and(|line| line.len() <= MAX_LINE_BYTES)
}

fn where_is(place: &Place) -> String {
    format!("at {}:{}:{}", place.file, place.position.line, place.position.column)
}

/// Whether something else is shown in the excerpt, rather than as a note below it.
fn is_in_snippet(related: &Related, finding: &Finding, source: &SourceText) -> bool {
    let showable = |address: &Address| address.place.as_ref().is_some_and(|place| is_showable(place, source));
    showable(&finding.address) && showable(&related.address)
}

/// The excerpt, with everything in it that has to do with the finding.
fn snippet<'a>(
    finding: &'a Finding,
    place: &Place,
    source: &'a SourceText,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let mut snippet = Snippet::source(source.text()).path(source.name());
    snippet = snippet.annotation(AnnotationKind::Primary.span(first_line(place, source)));
    for related in finding.related.iter().filter(|related| is_in_snippet(related, finding, source)) {
        if let Some(place) = &related.address.place {
            let annotation = AnnotationKind::Context.span(first_line(place, source));
            snippet = snippet.annotation(annotation.label(related.message.as_str()));
        }
    }
    snippet
}

/// The bytes of a place: of a value that spans several lines, those of the first line only.
fn first_line(place: &Place, source: &SourceText) -> std::ops::Range<usize> {
    let text = source.text();
    let start = place.span.start as usize;
    let end_of_line = text.get(start..).and_then(|rest| rest.find(['\n', '\r'])).map_or(text.len(), |at| start + at);
    start..(place.span.end as usize).clamp(start, end_of_line.max(start))
}
