//! The corpus in other words: what a template says does not depend on how it says it, so that every mistake is found, and
//! nothing is said of what is right, whichever of CloudFormation's ways to write a value is taken.

mod stacks;
pub(crate) mod ways;

use std::fmt::Write as _;

use super::verdicts::{OPEN, Shortfall, bad_side, good_side, right_side};
use super::{Case, Template, pairs, right, right_templates, side};

/// Where other words are seen otherwise, and why: ways, cases, reason.
const EXCUSED: &[(&[&str], &[&str], &str)] = &[
    (
        &["text by Fn::Join", "scalars by parameters", "scalars by a mapping"],
        &[
            "all-endpoint-actions-allowed",
            "condition-key-of-provider-on-consumer",
            "condition-on-every-resource-of-endpoint",
            "deployer-of-a-service-for-other-regions",
            "endpoints-to-any-service-allowed",
        ],
        "whether a policy speaks of endpoints is told by the names of actions as they are written in it",
    ),
    (
        &[
            "scalars by parameters",
            "scalars by a mapping",
            "scalars by a condition",
            "properties by a condition",
            "elements by a condition",
        ],
        &["managed-policy-of-another-partition", "managed-policy-of-another-partition-than-the-zones"],
        "what is chosen may be meant for another partition",
    ),
    (
        &["scalars by parameters", "scalars by a mapping"],
        &["principal-partition-hard-coded"],
        "it is not written down, but given",
    ),
    (
        &["scalars by parameters", "scalars by a mapping"],
        &["dynamic-reference-in-environment"],
        "what a dynamic reference asks for is read where it stands",
    ),
    (
        &["scalars by a condition", "properties by a condition"],
        &["private-dns-of-the-service-of-another-account"],
        "who switches it by a condition has thought of it",
    ),
    (
        &["roles in another stack"],
        &["images-left-out-of-the-key", "topic-left-out-of-the-key"],
        "a key of another stack may not be meant for it",
    ),
    (
        &["network in another stack"],
        &["logs-endpoint-in-another-vpc"],
        "the parameter of another stack may give the network",
    ),
    (
        &["network in another stack", "roles in another stack"],
        &["log-key-open-to-another-region", "managed-policy-of-another-partition-than-the-zones"],
        "the zones tell the Region of their own stack alone",
    ),
];

fn is_excused(way: &str, case: &Case) -> bool {
    let is_open = OPEN.iter().any(|(slug, _)| *slug == case.slug);
    let is_it =
        |(ways, cases, _): &(&[&str], &[&str], &str)| ways.contains(&way) && cases.contains(&case.slug.as_str());
    is_open || EXCUSED.iter().any(is_it)
}

/// The templates in other words; nothing when there is nothing to say otherwise.
fn reworded(templates: &[Template], way: &ways::Way) -> Option<Vec<Template>> {
    let mut any = false;
    let all = templates.iter().map(|template| {
        let mut value = template.value.clone();
        any |= (way.apply)(&mut value);
        template.with(value)
    });
    let all = all.collect();
    any.then_some(all)
}

/// Fails with a table of all that is seen otherwise in other words.
fn table(
    cases: &[Case],
    is_excused: impl Fn(&str, &Case) -> bool,
    templates: impl Fn(&Case) -> Vec<Template>,
    judge: impl Fn(&Case, &[Template]) -> Shortfall,
) {
    let (mut lines, mut tried, mut short) = (String::new(), 0, 0);
    for case in cases {
        let plain = templates(case);
        for way in ways::ALL.iter().filter(|way| !is_excused(way.name, case)) {
            let Some(other) = reworded(&plain, way) else { continue };
            tried += 1;
            if let Some(shortfall) = judge(case, &other) {
                short += 1;
                writeln!(lines, "{:<28}  {:<60}  {shortfall}", way.name, case.slug).expect("text can be written to");
            }
        }
    }
    assert!(tried > 4 * cases.len(), "only {tried} templates in other words");
    assert!(short == 0, "{short} of {tried} templates are seen otherwise in other words:\n{lines}");
}

#[test]
fn every_mistake_is_found_in_other_words() {
    table(&pairs(), is_excused, |case| side(case, "bad"), bad_side);
}

#[test]
fn nothing_is_said_of_correct_neighbours_in_other_words() {
    table(&pairs(), |_, _| false, |case| side(case, "good"), good_side);
}

#[test]
fn nothing_is_said_of_right_templates_in_other_words() {
    table(&right(), |_, _| false, right_templates, right_side);
}

/// Fails with a table of all that is seen otherwise when it is delivered by more than one template.
fn table_of_stacks(
    cases: &[Case],
    is_excused: impl Fn(&str, &Case) -> bool,
    templates: impl Fn(&Case) -> Vec<Template>,
    judge: impl Fn(&Case, &[Template]) -> Shortfall,
) {
    let (mut lines, mut tried, mut short) = (String::new(), 0, 0);
    for case in cases {
        let plain = templates(case);
        let [only] = plain.as_slice() else { continue };
        for way in stacks::ALL.iter().filter(|way| !is_excused(way.name, case)) {
            let Some(several) = (way.apply)(only) else { continue };
            tried += 1;
            if let Some(shortfall) = judge(case, &several) {
                short += 1;
                writeln!(lines, "{:<28}  {:<60}  {shortfall}", way.name, case.slug).expect("text can be written to");
            }
        }
    }
    assert!(tried > cases.len(), "only {tried} templates as several");
    assert!(short == 0, "{short} of {tried} templates are seen otherwise as several:\n{lines}");
}

#[test]
fn every_mistake_is_found_in_several_stacks() {
    table_of_stacks(&pairs(), is_excused, |case| side(case, "bad"), bad_side);
}

#[test]
fn nothing_is_said_of_correct_neighbours_in_several_stacks() {
    table_of_stacks(&pairs(), |_, _| false, |case| side(case, "good"), good_side);
}

#[test]
fn nothing_is_said_of_right_templates_in_several_stacks() {
    table_of_stacks(&right(), |_, _| false, right_templates, right_side);
}
