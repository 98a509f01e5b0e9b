//! What the rulebook says of the corpus: every mistake is found where it is, and nothing is said of what is right.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use ringfence::diagnostics::{Finding, Severity};
use ringfence::engine::check::check_templates;
use ringfence::rules;

use super::{Case, Template, inputs, pairs, right, right_templates, side};

/// Cases that nothing decides yet, and why. One that is decided is taken out of the list.
pub(super) const OPEN: &[(&str, &str)] = &[(
    "load-balancer-group-egress-on-other-port",
    "the tasks are in another stack: by which port they are registered is not known",
)];

/// What came of a case, if it is not as it should be.
pub(super) type Shortfall = Option<String>;

/// The codes that may be meant by a case: the one that it names, or all that say they decide its pitfall.
fn expected(case: &Case) -> BTreeSet<String> {
    if let Some(code) = case.text("rule") {
        return BTreeSet::from([code]);
    }
    let Some(pitfall) = case.pitfall() else { return BTreeSet::new() };
    let rules = rules::all().filter(|rule| rule.pitfalls.contains(&pitfall));
    rules.map(|rule| rule.page.code.0.to_owned()).collect()
}

fn found(case: &Case, templates: &[Template]) -> Vec<Finding> {
    let report = check_templates(&inputs(case, templates));
    assert!(!report.unusable, "{}: a template could not be used: {:?}", case.slug, report.findings);
    report.findings
}

/// Whether a finding lies on one of these resources, or on something related to one.
fn lies_on(finding: &Finding, blamed: &[String]) -> bool {
    let related = finding.related.iter().map(|related| &related.address);
    let mut resources =
        std::iter::once(&finding.address).chain(related).filter_map(|address| address.resource.as_ref());
    resources.any(|resource| blamed.contains(resource))
}

fn shown(finding: &Finding) -> String {
    let resource = finding.address.resource.as_deref().unwrap_or("?");
    format!("{} {} on {resource}: {}", finding.severity.word(), finding.code, finding.message)
}

/// What is wrong with the answer to the side with the mistake.
pub(super) fn bad_side(case: &Case, templates: &[Template]) -> Shortfall {
    let expected = expected(case);
    if expected.is_empty() {
        return Some("undecided: no rule says that it decides this".to_owned());
    }
    let found = found(case, templates);
    let of_rule: Vec<&Finding> = found.iter().filter(|finding| expected.contains(finding.code.0)).collect();
    let (blamed, severities) = (case.list("blame"), case.list("severity"));
    let fits = |finding: &&&Finding| severities.iter().any(|word| word == finding.severity.word());
    if of_rule.iter().filter(fits).any(|finding| lies_on(finding, &blamed)) {
        return None;
    }
    let others: Vec<String> = found.iter().map(shown).collect();
    let seen = if others.is_empty() { "nothing was found".to_owned() } else { others.join(" | ") };
    let what = if of_rule.is_empty() { "missed" } else { "not as severe, or elsewhere" };
    Some(format!("{what} ({} on {}): {seen}", severities.join(" or "), blamed.join(" or ")))
}

/// What is wrong with the answer to the side that is right.
pub(super) fn good_side(case: &Case, templates: &[Template]) -> Shortfall {
    let (expected, severities) = (expected(case), case.list("severity"));
    let meant = |finding: &Finding| {
        let named = case.text("rule").is_some() || severities.iter().any(|word| word == finding.severity.word());
        expected.contains(finding.code.0) && named
    };
    let loud = |finding: &Finding| meant(finding) || finding.severity > Severity::Info;
    let alarms: Vec<String> = found(case, templates).iter().filter(|finding| loud(finding)).map(shown).collect();
    (!alarms.is_empty()).then(|| format!("false alarm: {}", alarms.join(" | ")))
}

/// What is wrong with the answer to templates that are right.
pub(super) fn right_side(case: &Case, templates: &[Template]) -> Shortfall {
    let fair = case.list("fair");
    let is_fair = |finding: &Finding| {
        let rule = rules::find(finding.code.0);
        let mut pitfalls = rule.map_or(&[][..], |rule| rule.pitfalls).iter().map(u8::to_string);
        pitfalls.any(|pitfall| fair.contains(&pitfall)) || fair.iter().any(|fair| fair == finding.code.0)
    };
    let loud = |finding: &Finding| match finding.severity {
        Severity::Error => true,
        Severity::Warning => !is_fair(finding),
        Severity::Info => false,
    };
    let alarms: Vec<String> = found(case, templates).iter().filter(|finding| loud(finding)).map(shown).collect();
    (!alarms.is_empty()).then(|| format!("false alarm: {}", alarms.join(" | ")))
}

/// Fails with a table of all shortfalls, by pitfall.
fn table(cases: &[Case], judge: impl Fn(&Case) -> Shortfall) {
    let mut rows: BTreeMap<(u8, String, String), String> = BTreeMap::new();
    for case in cases {
        if let Some(shortfall) = judge(case) {
            let pitfall = case.text("pitfall").unwrap_or_default();
            rows.insert((case.pitfall().unwrap_or(u8::MAX), pitfall, case.slug.clone()), shortfall);
        }
    }
    let mut lines = String::new();
    for ((_, pitfall, slug), shortfall) in &rows {
        writeln!(lines, "{pitfall:>5}  {slug:<60}  {shortfall}").expect("text can be written to");
    }
    assert!(rows.is_empty(), "{} of {} cases fall short:\n{lines}", rows.len(), cases.len());
}

#[test]
fn every_mistake_of_the_corpus_is_found_where_it_is() {
    let is_open = |case: &Case| OPEN.iter().any(|(slug, _)| *slug == case.slug);
    table(&pairs(), |case| match (bad_side(case, &side(case, "bad")), is_open(case)) {
        (shortfall, false) => shortfall,
        (Some(_), true) => None,
        (None, true) => Some("decided now: take it out of the list of open ones".to_owned()),
    });
}

#[test]
fn nothing_is_said_of_the_nearest_correct_neighbours() {
    table(&pairs(), |case| good_side(case, &side(case, "good")));
}

#[test]
fn nothing_is_said_of_whole_templates_that_are_right() {
    table(&right(), |case| right_side(case, &right_templates(case)));
}
