//! Mutants: good templates with one edit. An edit that breaks something brings the rule that is named for it, on the edited
//! resource or one that has to do with it; an edit that changes nothing that matters brings nothing.

mod harmful;
mod neutral;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use ringfence::cfn::read::{Format, read};
use ringfence::cfn::{SourceText, Value};
use ringfence::diagnostics::{Finding, Report, Severity};
use ringfence::engine::check::{TemplateInput, check_templates};
use ringfence::rules;

use self::tree::Tree;
use crate::rules_corpus::fixes::Seen;
use crate::rules_corpus::rewordings::ways;
use crate::specs;
use crate::workspace::{assert_none, on_disk};

/// A good template, and what is known of it.
struct Good {
    tree: Tree,
    region: Option<String>,
    /// The warnings that it has as it is.
    warnings: BTreeSet<String>,
}

/// The templates of the specs that others learn from or that are known to be right, by name.
static GOOD_TEMPLATES: LazyLock<BTreeMap<String, Good>> = LazyLock::new(good_templates);

fn good_templates() -> BTreeMap<String, Good> {
    let mut templates = BTreeMap::new();
    for path in on_disk("examples/specs", ".yaml").into_iter().chain(on_disk("tests/corpus/good", ".yaml")) {
        let (_, synthesis) = specs::synth(&path);
        let Some(assembly) = synthesis.assembly else { panic!("{} has no assembly", path.display()) };
        let spec = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        for stack in &synthesis.stacks {
            let name = format!("{}.template.json", stack.id);
            let text = assembly.files.get(&name).expect("a template of each stack");
            let tree =
                Tree { value: read(&SourceText::new(&name, text.as_str()), Format::Json).expect("it reads").value };
            let warnings = complaints(&check(&tree, stack.region.as_ref())).into_iter().collect();
            templates.insert(format!("{spec}/{}", stack.id), Good { tree, region: stack.region.clone(), warnings });
        }
    }
    templates
}

/// What is found in a template that goes to a Region.
fn check(template: &Tree, region: Option<&String>) -> Report {
    let source = SourceText::new("template.json", template.json());
    check_templates(&[TemplateInput { source, region: region.cloned(), ..TemplateInput::default() }])
}

/// The findings that are no information, a line each.
fn complaints(report: &Report) -> Vec<String> {
    let serious = report.findings.iter().filter(|finding| finding.severity > Severity::Info);
    serious
        .map(|finding| {
            let resource = finding.address.resource.as_deref().unwrap_or("-");
            format!("{} {}: {}", finding.code, resource, finding.message)
        })
        .collect()
}

/// The warnings that good templates have, and why the specs that they are made from say what they warn of.
const WARNED: &[(&str, &str)] = &[
    ("RF1104", "`bootstrapless` is in one zone, to be small"),
    ("RF1111", "`everything` sets a short time to stop, since it sets everything"),
    ("RF1121", "`everything` asks a TLS port over plain HTTP, since it sets everything"),
    ("RF1127", "some specs leave the name by which consumers call to the consumers"),
    ("RF1128", "some specs share plain TCP"),
];

#[test]
fn good_templates_have_no_errors_and_only_warnings_with_a_reason() {
    let mut unused: BTreeSet<&str> = WARNED.iter().map(|(code, _)| *code).collect();
    let mut loud = Vec::new();
    for (name, good) in GOOD_TEMPLATES.iter() {
        for warning in &good.warnings {
            let code = warning.split(' ').next().unwrap_or_default();
            unused.remove(code);
            if !WARNED.iter().any(|(known, _)| *known == code) {
                loud.push(format!("{name}: {warning}"));
            }
        }
    }
    assert!(loud.is_empty(), "{}", loud.join("\n"));
    assert!(unused.is_empty(), "nothing is warned of by {unused:?}");
}

#[test]
fn every_harmful_edit_brings_the_rule_that_is_named_for_it() {
    let templates = &*GOOD_TEMPLATES;
    let mut missed = Vec::new();
    for edit in harmful::EDITS {
        let mut uses = 0;
        for (name, good) in templates {
            let mut edited = good.tree.clone();
            let Some(blamed) = (edit.apply)(&mut edited) else { continue };
            uses += 1;
            let report = check(&edited, good.region.as_ref());
            if !names(&report, edit, &edited, &blamed) {
                missed.push(format!("{} in {name} at {blamed}: {:?}", edit.name, complaints(&report)));
            }
        }
        if uses == 0 {
            missed.push(format!("{}: fits no template", edit.name));
        }
    }
    assert!(harmful::EDITS.len() >= 40);
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn harmful_edits_are_found_in_other_words() {
    let mut missed = Vec::new();
    for edit in harmful::EDITS {
        // One template for each edit: the corpus goes through all ways for many.
        let edited = GOOD_TEMPLATES.values().find_map(|good| {
            let mut tree = good.tree.clone();
            Some((good, (edit.apply)(&mut tree)?, tree))
        });
        let Some((good, blamed, tree)) = edited else { continue };
        for way in ways::ALL {
            let mut other = tree.clone();
            if !(way.apply)(&mut other.value) {
                continue;
            }
            let report = check(&other, good.region.as_ref());
            if !names(&report, edit, &other, &blamed) {
                missed.push(format!("{}, {}, at {blamed}: {:?}", edit.name, way.name, complaints(&report)));
            }
        }
    }
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn good_templates_bring_nothing_in_other_words() {
    let mut loud = Vec::new();
    for (name, good) in GOOD_TEMPLATES.iter() {
        for way in ways::ALL {
            let mut other = good.tree.clone();
            if !(way.apply)(&mut other.value) {
                continue;
            }
            let complaints = complaints(&check(&other, good.region.as_ref()));
            let new: Vec<_> = complaints.iter().filter(|line| !good.warnings.contains(*line)).collect();
            if !new.is_empty() {
                loud.push(format!("{name}, {}: {new:?}", way.name));
            }
        }
    }
    assert!(loud.is_empty(), "{} loud:\n{}", loud.len(), loud.join("\n"));
}

#[test]
fn what_mends_a_mutant_brings_nothing_else() {
    let mut seen = Seen::default();
    for edit in harmful::EDITS {
        let edited = GOOD_TEMPLATES.iter().find_map(|(name, good)| {
            let mut tree = good.tree.clone();
            (edit.apply)(&mut tree).map(|_| (name, good, tree))
        });
        let Some((name, good, tree)) = edited else { continue };
        let told = |finding: &Finding| (finding.address.resource.clone(), finding.message.clone());
        let input = |tree: &Tree| {
            let source = SourceText::new("template.json", tree.json());
            [TemplateInput { source, region: good.region.clone(), ..TemplateInput::default() }]
        };
        let known: Vec<_> = check_templates(&input(&good.tree)).findings.iter().map(told).collect();
        seen.look_at(&format!("{} in {name}", edit.name), &input(&tree), &|finding| !known.contains(&told(finding)));
    }
    assert!(seen.tried >= 20, "{} fixes", seen.tried);
    assert_none(&format!("of {} fixes", seen.tried), &seen.problems);
}

#[test]
fn no_neutral_edit_brings_anything() {
    let templates = &*GOOD_TEMPLATES;
    let mut loud = Vec::new();
    for (edit, apply) in neutral::EDITS {
        let mut uses = 0;
        for (name, good) in templates {
            let mut edited = good.tree.clone();
            if !apply(&mut edited) {
                continue;
            }
            uses += 1;
            let complaints = complaints(&check(&edited, good.region.as_ref()));
            let new: Vec<_> = complaints.iter().filter(|line| !good.warnings.contains(*line)).collect();
            if !new.is_empty() {
                loud.push(format!("{edit} in {name}: {new:?}"));
            }
        }
        if uses == 0 {
            loud.push(format!("{edit}: fits no template"));
        }
    }
    assert!(neutral::EDITS.len() >= 15);
    assert!(loud.is_empty(), "{} loud:\n{}", loud.len(), loud.join("\n"));
}

/// Whether an error or warning of the rule that an edit is named for lies on the resource that was edited, or on one that
/// has to do with it.
fn names(report: &Report, edit: &harmful::Edit, template: &Tree, blamed: &str) -> bool {
    report.findings.iter().any(|finding| {
        let rule = rules::find(finding.code.0);
        let is_wanted = rule.is_some_and(|rule| match edit.rule {
            harmful::By::Pitfall(number) => rule.pitfalls.contains(&number),
            harmful::By::Name(name) => rule.page.name == name,
        });
        let resource = finding.address.resource.as_deref().unwrap_or_default();
        let mentioned = finding.related.iter().any(|related| related.address.resource.as_deref() == Some(blamed));
        let is_near = resource == blamed
            || mentioned
            || template.resource_json(resource).contains(blamed)
            || template.resource_json(blamed).contains(resource)
            || template.value.get("Resources").is_none_or(|all: &Value| all.get(blamed).is_none());
        is_wanted && finding.severity > Severity::Info && is_near
    })
}
