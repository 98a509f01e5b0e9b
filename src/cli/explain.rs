//! `ringfence explain`: the page of a code, or of a member of the spec.

use std::fmt::Write as _;

use crate::diagnostics::CodePage;
use crate::engine::{self, MemberPage};
use crate::spec::decode::closest;

use super::arguments::ExplainArguments;
use super::{Failure, Outcome, Result, terminal};

pub(super) fn run(arguments: &ExplainArguments) -> Result<Outcome> {
    let subject = arguments.subject.trim();
    if subject.eq_ignore_ascii_case("codes") {
        terminal::print(&list());
    } else if let Some(page) = engine::page(subject) {
        terminal::print(&code(page));
    } else if let Some(page) = engine::explain_member(subject) {
        terminal::print(&member(&page));
    } else {
        let lists = "`ringfence explain` lists the members of the spec, `ringfence explain codes` all codes";
        let help = meant(subject).map_or(lists.to_owned(), |near| format!("did you mean `{near}`?"));
        return Err(Failure::new(format!("there is neither a code nor a member of the spec `{subject}`")).help(help));
    }
    Ok(Outcome::Clean)
}

/// What was probably meant: a member whose last word it is, or else the code, name or member that looks most like it.
fn meant(subject: &str) -> Option<String> {
    let members: Vec<String> = engine::explain_members().into_iter().map(|page| page.path).collect();
    let called = |path: &&String| path.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case(subject));
    if let Some(member) = members.iter().find(called) {
        return Some(member.clone());
    }
    let codes = engine::pages().flat_map(|page| [page.code.0, page.name]);
    closest(subject, codes.chain(members.iter().map(String::as_str))).map(str::to_owned)
}

/// All codes, a line each.
fn list() -> String {
    let width = engine::pages().map(|page| page.name.len()).max().unwrap_or(0);
    engine::pages()
        .map(|page| format!("{}  {:7}  {:width$}  {}\n", page.code, page.severity.word(), page.name, page.summary))
        .collect()
}

fn code(page: &CodePage) -> String {
    format!(
        "{} {} ({})\n\n{}.\n\nWhy\n  {}\n\nExample\n{}\n\nInstead\n{}\n\nSource\n  {}\n",
        page.code,
        page.name,
        page.severity.word(),
        page.summary,
        page.why,
        indented(page.example),
        indented(page.instead),
        page.source,
    )
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

fn member(page: &MemberPage) -> String {
    let doc = page.doc.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = format!("{}\n\n{doc}\n\nTakes    {}\n", page.path, page.shape);
    match &page.default {
        Some(default) => {
            let default = serde_json::to_string(default).unwrap_or_default();
            let _ = writeln!(text, "Default  {}", if default == "null" { "none" } else { &default });
        }
        None if page.path == "spec" => {}
        None => text.push_str("Required\n"),
    }
    if !page.members.is_empty() {
        text.push_str("\nMembers\n");
        let width = page.members.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
        for (key, doc) in &page.members {
            let _ = writeln!(text, "  {key:width$}  {doc}");
        }
    }
    text
}
