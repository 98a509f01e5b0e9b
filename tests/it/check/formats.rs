//! One report in every form.

use ringfence::cfn::OrderedMap;

use ringfence::cfn::edit::Edit;
use ringfence::cfn::{SourceText, Span};
use ringfence::diagnostics::render::{Sources, github, pretty, sarif, summary};
use ringfence::diagnostics::{
    Address, Finding, Fix, Place, Pointer, Related, Report, Severity, SuppressedBy, Suppression, codes,
};
use ringfence::engine;
use ringfence::wire;

const TEMPLATE: &str = "\
Resources:
  Group:
    Properties:
      Name: \"😀 100%\" # wide
      Timeout: 30
      Interval: 10
  Text:
    Body: |
      first
      second
";

/// A place that begins at `start` and ends behind `end`.
fn place(source: &SourceText, start: &str, end: &str) -> Option<Place> {
    let from = source.text().find(start).expect("it is in the text");
    let to = source.text().split_at(from).1.find(end).expect("it is in the text") + from + end.len();
    Some(Place::of(source, Span::from_offsets(from, to)))
}

fn related(place: Option<Place>, message: &str) -> Related {
    Related { address: Address { place, ..Address::default() }, message: message.to_owned() }
}

/// A finding with everything that a finding can have.
fn whole(template: &SourceText, other: &SourceText) -> Finding {
    let mut finding =
        Finding::new(codes::OUT_OF_RANGE, Severity::Error, "the timeout `30` is not\nbelow the interval, 100%")
            .with_help("set it below `10`");
    finding.address = Address {
        place: place(template, "30", "30"),
        stack: Some("payments".to_owned()),
        resource: Some("Group".to_owned()),
        construct_path: Some("payments/Api/Group".to_owned()),
        property: Some(Pointer::root().child("Timeout")),
        ..Address::default()
    };
    finding.related = vec![
        related(place(template, "10", "10"), "the interval"),
        related(place(other, "name", "name"), "the spec says so"),
        related(None, "and somebody else too"),
    ];
    finding.world =
        OrderedMap::from([("Environment".to_owned(), "prod".to_owned()), ("Public".to_owned(), "true".to_owned())]);
    let span = finding.address.place.as_ref().expect("a place").span;
    finding.with_fix(Fix::new("set it to 5", true, template, [Edit::replace(span, "5")]))
}

fn suppressed(template: &SourceText, by: SuppressedBy) -> Finding {
    let mut finding = Finding::new(codes::BAD_VALUE, Severity::Error, "nobody counts this");
    finding.address.place = place(template, "Interval", "10");
    let where_it_says = place(template, "Name", "Name");
    finding.suppressed = Some(Suppression { reason: "it is known".to_owned(), by, place: where_it_says });
    finding
}

fn report(template: &SourceText, other: &SourceText) -> Report {
    let mut wide = Finding::new(codes::UNKNOWN_KEY, Severity::Warning, "behind a wide character, with a comma");
    wide.address.place = place(template, "100%", "100%");
    wide.address.resource = Some("Group".to_owned());
    let span = wide.address.place.as_ref().expect("a place").span;
    wide.fix = Some(Fix::new("say less", false, template, [Edit::replace(span, "99%")]));
    let mut several = Finding::new(codes::WRONG_KIND, Severity::Info, "over several lines");
    several.address.place = place(template, "|", "second");
    let placeless = Finding::new(codes::TEMPLATE_TOO_LARGE, Severity::Error, "somewhere");
    let mut report = Report {
        findings: vec![
            whole(template, other),
            wide,
            several,
            placeless,
            suppressed(template, SuppressedBy::Configuration),
            suppressed(template, SuppressedBy::Template),
        ],
        ..Report::default()
    };
    report.checked.files = 2;
    report.checked.resources = 12;
    report
}

fn sources() -> (SourceText, SourceText) {
    (SourceText::new("./a folder/template.yaml", TEMPLATE), SourceText::new("spec.yaml", "# comment\nname: x\n"))
}

#[test]
fn pretty_shows_all_that_counts() {
    let (template, spec) = sources();
    let known: Sources<'_> = [&template, &spec].into_iter().collect();
    let report = report(&template, &spec);
    insta::assert_snapshot!(format!("{}{}", pretty::render(&report, &known, false), summary::render(&report)));
}

#[test]
fn github_gets_one_line_for_each_finding_that_counts() {
    let (template, spec) = sources();
    insta::assert_snapshot!(github::render(&report(&template, &spec)));
}

#[test]
fn json_has_everything() {
    let (template, spec) = sources();
    insta::assert_snapshot!(wire::report::to_json(&report(&template, &spec)));
}

#[test]
fn sarif_has_everything() {
    let (template, spec) = sources();
    let text = sarif::render(&report(&template, &spec), engine::page).replace(ringfence::VERSION, "[version]");
    insta::assert_snapshot!(text);
}

#[test]
fn fingerprints_outlive_lines_that_move() {
    let fingerprints = |text: &str| -> Vec<String> {
        let template = SourceText::new("t.yaml", text);
        let log: serde_json::Value =
            serde_json::from_str(&sarif::render(&report(&template, &sources().1), engine::page)).expect("JSON");
        let results = log["runs"][0]["results"].as_array().expect("results");
        results.iter().map(|result| result["partialFingerprints"]["ringfence/v1"].to_string()).collect()
    };
    let found = fingerprints(TEMPLATE);
    assert_eq!(found, fingerprints(&format!("# a new line\n{TEMPLATE}")));
    let distinct: std::collections::BTreeSet<&String> = found.iter().collect();
    assert_eq!(distinct.len(), found.len());
}

#[test]
fn an_incomplete_answer_says_so_everywhere() {
    let report = Report { exhausted: vec!["worlds".to_owned()], ..Report::default() };
    assert_eq!(summary::render(&report), "0 files checked, nothing is wrong, incomplete (worlds)");
    assert!(sarif::render(&report, engine::page).contains("the budget `worlds` ran out"));
    assert!(wire::report::to_json(&report).contains(r#""status": "incomplete""#));
}

#[test]
fn suppressed_errors_do_not_count() {
    let (template, _) = sources();
    let report = Report { findings: vec![suppressed(&template, SuppressedBy::Template)], ..Report::default() };
    assert!(!report.has_errors());
    assert_eq!(report.status(), ringfence::diagnostics::Status::Clean);
}
