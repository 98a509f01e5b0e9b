//! What mends a finding of the corpus mends it, brings nothing new, and leaves everything else in the file as it was.

use std::collections::{BTreeMap, BTreeSet};

use ringfence::cfn::edit::{Edit, apply};
use ringfence::cfn::{Format, SourceText, Value, read, to_json, to_yaml};
use ringfence::diagnostics::{Finding, Fix, Severity};
use ringfence::engine::check::{TemplateInput, check_templates};
use ringfence::rules;

use super::{Case, inputs, pairs, side};
use crate::workspace::assert_none;

/// How many rules offer a fix, at least.
const MENDED_RULES: usize = 83;

/// What a fix may bring, and why: the rule that it mends, and the one that fires afterwards.
const BROUGHT: &[(&str, &str, &str)] = &[
    ("RF1180", "RF1180", "the policy of the bucket foresees the prefix"),
    ("RF1209", "RF1208", "whoever has to accept connections has to hear of them"),
    ("RF1502", "RF1502", "who may not fetch an image does not hear of its layers before"),
];

/// What tells a finding from others.
type Told = (&'static str, Option<String>, String);

fn told(finding: &Finding) -> Told {
    (finding.code.0, finding.address.resource.clone(), finding.message.clone())
}

/// The same templates written in another way.
fn rewritten(inputs: &[TemplateInput], extension: &str, write: &dyn Fn(&Value) -> String) -> Vec<TemplateInput> {
    let rewrite = |input: &TemplateInput| {
        let document = read(&input.source, Format::Auto).expect("it can be read");
        let name = format!("{}.{extension}", input.source.name());
        TemplateInput { source: SourceText::new(name, write(&document.value)), ..input.clone() }
    };
    inputs.iter().map(rewrite).collect()
}

/// The templates after the edits of a fix.
fn mended(inputs: &[TemplateInput], fix: &Fix) -> Vec<TemplateInput> {
    let mend = |input: &TemplateInput| {
        let own = fix.edits.iter().filter(|edit| edit.place.file == input.source.name());
        let edits: Vec<Edit> = own.map(|edit| Edit::replace(edit.place.span, edit.replacement.clone())).collect();
        let text = apply(input.source.text(), &edits).expect("edits lie in the text");
        TemplateInput { source: SourceText::new(input.source.name(), text), ..input.clone() }
    };
    inputs.iter().map(mend).collect()
}

/// The comments of a text, a line each.
fn comments(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.find("# ").map(|at| line.split_at(at).1)).collect()
}

fn members(value: &Value) -> BTreeMap<&str, &Value> {
    value.as_map().into_iter().flat_map(|map| map.iter()).map(|(key, value)| (key.as_ref(), value)).collect()
}

/// The keys of which the values differ, in one of two maps or in both.
fn differing<'v>(before: &'v Value, after: &'v Value) -> BTreeSet<&'v str> {
    let (before, after) = (members(before), members(after));
    let keys: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    keys.into_iter().filter(|key| before.get(key) != after.get(key)).collect()
}

/// What a fix changed that it should have left alone.
fn disturbed(before: &TemplateInput, after: &TemplateInput) -> Option<String> {
    let Ok(new) = read(&after.source, Format::Auto) else {
        return Some(format!("it cannot be read any more:\n{}", after.source.text()));
    };
    let old = read(&before.source, Format::Auto).expect("it can be read");
    let lost: Vec<_> = {
        let left = comments(after.source.text());
        comments(before.source.text()).into_iter().filter(|comment| !left.contains(comment)).collect()
    };
    if !lost.is_empty() {
        return Some(format!("it loses {lost:?}"));
    }
    let sections = differing(&old.value, &new.value);
    let [section] = Vec::from_iter(sections)[..] else { return Some("it changes no section, or several".to_owned()) };
    let (Some(old), Some(new)) = (old.value.get(section), new.value.get(section)) else { return None };
    let changed = differing(old, new);
    let is_new = |id: &&str| old.get(id).is_none();
    let are_one = changed.len() == 1 || changed.iter().all(is_new);
    (section == "Resources" && !are_one).then(|| format!("it changes {changed:?}"))
}

/// What was seen of the fixes of templates that belong together.
#[derive(Default)]
struct Seen {
    /// The rules that offer one, and whether it is safe.
    rules: BTreeMap<&'static str, BTreeSet<bool>>,
    tried: usize,
    problems: Vec<String>,
    used: BTreeSet<(&'static str, &'static str)>,
}

impl Seen {
    /// Tries every fix that is offered. Gives whether there is one.
    fn look(&mut self, name: &str, inputs: &[TemplateInput]) -> bool {
        let before = check_templates(inputs).findings;
        let known: Vec<Told> = before.iter().map(told).collect();
        for finding in &before {
            let Some(fix) = &finding.fix else { continue };
            self.rules.entry(finding.code.0).or_default().insert(fix.safe);
            self.tried += 1;
            let after = mended(inputs, fix);
            let files = inputs.iter().zip(&after).filter(|(old, new)| old.source.text() != new.source.text());
            let files: Vec<_> = files.collect();
            let mut problems = Vec::new();
            match files.as_slice() {
                [(old, new)] => problems.extend(disturbed(old, new)),
                _ => problems.push(format!("it changes {} files", files.len())),
            }
            if problems.is_empty() {
                problems.extend(self.judged(finding, &known, &after));
            }
            let place = format!("{} in {name} ({})", finding.code, fix.title);
            let text = files.first().map(|(_, new)| new.source.text()).unwrap_or_default();
            self.problems.extend(problems.into_iter().map(|problem| format!("{place}: {problem}\n{text}")));
        }
        before.iter().any(|finding| finding.fix.is_some())
    }

    /// What the rulebook says of templates that were mended and should not.
    fn judged(&mut self, mended: &Finding, known: &[Told], after: &[TemplateInput]) -> Vec<String> {
        let mut problems = Vec::new();
        let findings = check_templates(after).findings;
        let mended = told(mended);
        let is_it = |one: &&Told| **one == mended;
        let left: Vec<Told> = findings.iter().map(told).collect();
        if left.iter().filter(is_it).count() >= known.iter().filter(is_it).count() {
            problems.push("it is still found".to_owned());
        }
        for finding in &findings {
            let now = told(finding);
            if known.contains(&now) || finding.severity == Severity::Info {
                continue;
            }
            match BROUGHT.iter().find(|(of, brought, _)| (*of, *brought) == (mended.0, finding.code.0)) {
                Some((of, brought, _)) => drop(self.used.insert((of, brought))),
                None => problems.push(format!("it brings {now:?}")),
            }
        }
        problems
    }
}

fn bad_inputs(case: &Case) -> Vec<TemplateInput> {
    inputs(case, &side(case, "bad"))
}

fn example(code: &str, text: &str) -> TemplateInput {
    TemplateInput {
        source: SourceText::new(format!("{code}.yaml"), text),
        region: Some("eu-west-1".to_owned()),
        ..TemplateInput::default()
    }
}

#[test]
fn every_fix_mends_its_finding_and_nothing_else() {
    let mut seen = Seen::default();
    for case in pairs() {
        let written = bad_inputs(&case);
        if !seen.look(&case.slug, &written) {
            continue;
        }
        seen.look(&format!("{} as JSON", case.slug), &rewritten(&written, "json", &|value| to_json(value)));
        let flow = |value: &Value| format!("# flow\n{}", to_json(value).replace('\t', " "));
        seen.look(&format!("{} in flow style", case.slug), &rewritten(&written, "yaml", &flow));
        seen.look(&format!("{} in block style", case.slug), &rewritten(&written, "yaml", &|value| to_yaml(value)));
    }
    for rule in rules::all() {
        seen.look("its example", &[example(rule.page.code.0, rule.page.example)]);
    }
    let unused: Vec<_> = BROUGHT.iter().filter(|(of, brought, _)| !seen.used.contains(&(of, brought))).collect();
    assert!(unused.is_empty(), "not brought: {unused:?}");
    assert!(seen.rules.len() >= MENDED_RULES, "{} rules offer a fix: {:?}", seen.rules.len(), seen.rules.keys());
    assert_none(&format!("of {} fixes", seen.tried), &seen.problems);
}
