//! The pages of the rules in `docs/rules/`: written from the rules, checked for freshness.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ringfence::rules::{Rule, all};

use crate::rules_corpus::fixes::OFFERED;
use crate::workspace::{assert_none, root};

/// Set to write the pages instead of checking them.
const WRITE: &str = "RINGFENCE_WRITE_PAGES";

/// What goes wrong in private services, by number.
const PITFALLS: &str = include_str!("pitfalls.txt");

/// What no rule decides, and why.
pub(crate) const LEFT_OUT: &[(u8, &str)] = &[
    (10, "shows only in the difference of two versions of a template"),
    (11, "shows only in the difference of two versions of a template"),
    (12, "shows only in the difference of two versions of a template"),
    (33, "shows only in the difference of two versions of a template"),
    (35, "shows only when a stack is deleted while consumers are connected"),
    (47, "depends on the packets that are sent"),
    (48, "depends on the load"),
    (53, "happens in the CDK, before there is a template"),
    (59, "happens in the consumer's code; generated stacks give out the regional name"),
    (60, "shows only in the difference of two versions of a template"),
    (70, "depends on prices"),
    (88, "depends on what deployments did meanwhile"),
    (89, "depends on the health of targets at run time"),
    (90, "shows only in the difference of two versions of a template"),
];

#[test]
fn the_pages_of_the_rules_are_fresh() {
    let folder = root().join("docs/rules");
    let pages = pages();
    if std::env::var_os(WRITE).is_some() {
        write(&folder, &pages);
    }
    let mut problems = Vec::new();
    for (name, text) in &pages {
        if std::fs::read_to_string(folder.join(name)).ok().as_ref() != Some(text) {
            problems.push(format!("docs/rules/{name} is not what the rules say"));
        }
    }
    for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !pages.contains_key(&name) {
            problems.push(format!("docs/rules/{name} is of no rule"));
        }
    }
    assert_none("stale pages: write them with `cargo xtask codegen`", &problems);
}

#[test]
fn every_pitfall_has_a_rule_or_a_reason() {
    let problems: Vec<String> = pitfalls()
        .filter(|(number, _)| deciding(*number).is_empty() == reason(*number).is_none())
        .map(|(number, title)| format!("{number} {title}"))
        .collect();
    assert_none("pitfalls without a rule (or with both a rule and a reason for none)", &problems);
}

fn write(folder: &std::path::Path, pages: &BTreeMap<String, String>) {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).expect("docs/rules can be made");
    for (name, text) in pages {
        std::fs::write(folder.join(name), text).expect("a page can be written");
    }
}

fn pages() -> BTreeMap<String, String> {
    let mut pages: BTreeMap<String, String> = all().map(|rule| (file(rule), page(rule))).collect();
    pages.insert("README.md".to_owned(), index());
    pages.insert("coverage.md".to_owned(), coverage());
    pages
}

fn file(rule: &Rule) -> String {
    format!("{}.md", rule.page.code)
}

fn page(rule: &Rule) -> String {
    let page = &rule.page;
    format!(
        "<!-- @generated from the rule by `cargo xtask codegen` -->\n\n# {} {}\n\n{}.\n\nSeverity: {}\n\n{}## Why it breaks\n\n{}\n\n\
         ## Example\n\n```yaml\n{}\n```\n\n## Use instead\n\n```yaml\n{}\n```\n\n## Source\n\n{}\n",
        page.code,
        page.name,
        page.summary,
        page.severity.word(),
        mended(rule),
        page.why,
        page.example.trim_end(),
        page.instead.trim_end(),
        page.source,
    )
}

/// Whether a machine can mend it.
fn mended(rule: &Rule) -> &'static str {
    let Some(kinds) = OFFERED.get(rule.page.code.0) else { return "" };
    match (kinds.contains(&true), kinds.contains(&false)) {
        (true, false) => "Fix: `ringfence check --fix` makes it\n\n",
        (true, true) => "Fix: `ringfence check --fix` makes it, or the reports suggest it\n\n",
        _ => "Fix: the reports in JSON and SARIF suggest it\n\n",
    }
}

fn index() -> String {
    let mut text =
        "<!-- @generated from the rules by `cargo xtask codegen` -->\n\n# Rules\n\n[What they cover](coverage.md), \
                    entry by entry.\n\n| code | severity | finds |\n|---|---|---|\n"
            .to_owned();
    for rule in all() {
        let page = &rule.page;
        let _ = writeln!(
            text,
            "| [{0}]({0}.md) {1} | {2} | {3} |",
            page.code,
            page.name,
            page.severity.word(),
            page.summary
        );
    }
    text
}

fn coverage() -> String {
    let mut text = "<!-- @generated from the rules by `cargo xtask codegen` -->\n\n# What goes wrong in private services, and which \
                    rule finds it\n\n| | what goes wrong | decided by |\n|---|---|---|\n"
        .to_owned();
    for (number, title) in pitfalls() {
        let rules: Vec<String> = deciding(number).iter().map(|rule| format!("[{0}]({0}.md)", rule.page.code)).collect();
        let decided = reason(number).map_or_else(|| rules.join(", "), |reason| format!("no rule: {reason}"));
        let _ = writeln!(text, "| {number} | {title} | {decided} |");
    }
    text
}

fn pitfalls() -> impl Iterator<Item = (u8, &'static str)> {
    PITFALLS.lines().filter_map(|line| {
        let (number, title) = line.split_once(' ')?;
        Some((number.parse().ok()?, title))
    })
}

fn deciding(number: u8) -> Vec<&'static Rule> {
    all().filter(|rule| rule.pitfalls.contains(&number)).collect()
}

fn reason(number: u8) -> Option<&'static str> {
    LEFT_OUT.iter().find(|(left_out, _)| *left_out == number).map(|(_, reason)| *reason)
}
