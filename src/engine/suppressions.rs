//! Findings that the metadata of their resource suppresses: in this project's own way, or in that of cdk-nag.

use crate::cfn::GatherMore as _;
use crate::cfn::read::Document;
use crate::cfn::{Map, OrderedSet, SourceText, Value};
use crate::diagnostics::{
    Code, Finding, Place, Pointer, Report, Severity, SuppressedBy, Suppression, codes, policy, suppression,
};
use crate::spec::decode::{closest, quoted};

use super::check::TemplateInput;

/// A rule that does not count for a resource.
#[derive(Debug)]
pub(super) struct Suppressed {
    rule: Code,
    file: String,
    resource: String,
    reason: String,
    place: Option<Place>,
}

impl Suppressed {
    /// What all that a loop makes of it have in common.
    fn key(&self) -> String {
        let start = self.place.as_ref().map_or(0, |place| place.span.start);
        format!("{} {start} {}", self.rule, self.file)
    }
}

/// One way to write suppressions into the metadata of a resource.
struct Notation {
    /// The member of the metadata that is for it.
    tool: &'static str,
    /// The member of that with the list.
    list: &'static str,
    /// The member of an element that names the rule.
    rule: &'static str,
    /// Whether other tools read it too, so that there may be more than what is meant for this one.
    is_shared: bool,
}

const NOTATIONS: &[Notation] = &[
    Notation { tool: "ringfence", list: "suppress", rule: "rule", is_shared: false },
    Notation { tool: "cdk_nag", list: "rules_to_suppress", rule: "id", is_shared: true },
];

/// The member of an element that says why.
const REASON: &str = "reason";

/// The resources of a template by their logical IDs.
pub(super) fn resources(template: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let resources = template.get("Resources").and_then(Value::as_map);
    resources.into_iter().flat_map(|map| map.iter()).map(|(id, resource)| (id.as_ref(), resource))
}

/// What the resources of a template suppress, which has its loops written out; `place` tells where a resource is written. What
/// is wrong with that goes into the report, once for all that a loop makes of it.
pub(super) fn of_template(
    input: &TemplateInput,
    document: &Document,
    template: &Value,
    place: &dyn Fn(&str) -> Pointer,
    report: &mut Report,
) -> Vec<Suppressed> {
    let mut found = Vec::new();
    let mut read = OrderedSet::new();
    for (id, resource) in resources(template) {
        let tools = resource.get("Metadata").and_then(Value::as_map);
        for (tool, value) in tools.into_iter().flat_map(Map::iter) {
            let Some(notation) = NOTATIONS.iter().find(|notation| notation.tool.eq_ignore_ascii_case(tool)) else {
                continue;
            };
            let at = place(id).child("Metadata").child(tool.as_ref());
            let is_first = read.insert(at.to_string());
            let mut reader =
                Reader { source: &input.source, document, resource: id, at, notation, mistakes: Vec::new() };
            reader.tool(tool, value, &mut found);
            if is_first {
                report.findings.append(&mut reader.mistakes);
            }
        }
    }
    found
}

struct Reader<'a> {
    source: &'a SourceText,
    document: &'a Document,
    resource: &'a str,
    /// Where what is for the tool is written.
    at: Pointer,
    notation: &'a Notation,
    mistakes: Vec<Finding>,
}

impl Reader<'_> {
    fn tool(&mut self, tool: &str, value: &Value, found: &mut Vec<Suppressed>) {
        let Notation { tool: known, list, is_shared, .. } = *self.notation;
        if tool != known {
            if !is_shared {
                let message = format!("`{tool}` is not read");
                self.mistake(codes::BAD_CONFIGURATION, "", message, format!("write `{known}`"));
            }
            return;
        }
        self.keys(value, "", &[list]);
        let Some(listed) = value.get(list) else { return };
        let Some(elements) = listed.as_list() else {
            let message = format!("expected a list of suppressions, found {}", listed.kind());
            let help = format!("write `- {}: …` and `{REASON}: …` for each", self.notation.rule);
            return self.mistake(codes::BAD_CONFIGURATION, list, message, help);
        };
        for (index, element) in elements.iter().enumerate() {
            found.gather_more(self.element(&format!("{list}/{index}"), element));
        }
    }

    fn element(&mut self, below: &str, element: &Value) -> Option<Suppressed> {
        let Notation { rule: member, is_shared, .. } = *self.notation;
        self.keys(element, below, &[member, REASON]);
        let Some(named) = element.get(member).and_then(Value::as_str) else {
            if !is_shared {
                let help = format!("name the rule: `{member}: RF…`");
                self.mistake(codes::BAD_CONFIGURATION, below, format!("`{member}` is missing"), help);
            }
            return None;
        };
        let Some(rule) = rule(named) else {
            if !is_shared || is_like_ours(named) {
                let message = format!("there is no rule `{named}`");
                self.mistake(codes::UNKNOWN_RULE, &format!("{below}/{member}"), message, meant(named));
            }
            return None;
        };
        let reason = element.get(REASON).and_then(Value::as_str).map(str::trim).unwrap_or_default();
        if reason.is_empty() {
            let message = format!("the suppression of `{rule}` does not say why");
            self.mistake(codes::SUPPRESSION_WITHOUT_REASON, below, message, format!("add `{REASON}`"));
            return None;
        }
        Some(Suppressed {
            rule,
            file: self.source.name().to_owned(),
            resource: self.resource.to_owned(),
            reason: reason.to_owned(),
            place: self.place(below),
        })
    }

    /// Tells of members that nobody reads, where all are ours.
    fn keys(&mut self, value: &Value, below: &str, known: &[&str]) {
        let map = value.as_map().filter(|_| !self.notation.is_shared);
        for (key, _) in map.into_iter().flat_map(Map::iter).filter(|(key, _)| !known.contains(&key.as_ref())) {
            let help = match closest(key, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there may be {}", quoted(known)),
            };
            self.mistake(codes::BAD_CONFIGURATION, &format!("{below}/{key}"), format!("unknown key `{key}`"), help);
        }
    }

    fn mistake(&mut self, code: Code, below: &str, message: String, help: String) {
        let mut finding = Finding::new(code, Severity::Error, message).with_help(help);
        finding.address.place = self.place(below);
        finding.address.resource = Some(self.resource.to_owned());
        self.mistakes.push(finding);
    }

    /// The place of what is `below` what is for the tool.
    fn place(&self, below: &str) -> Option<Place> {
        let span = self.document.positions.locate(&self.at.join(below).to_string());
        span.map(|span| Place::of(self.source, span))
    }
}

/// The rule with this code or readable name.
#[must_use]
pub fn rule(named: &str) -> Option<Code> {
    super::page(named).map(|page| page.code)
}

/// Whether a name can only have been meant as one of our codes.
fn is_like_ours(named: &str) -> bool {
    let digits = named.strip_prefix("RF");
    digits.is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Advice about a rule that does not exist.
#[must_use]
pub fn meant(named: &str) -> String {
    let known = super::pages().flat_map(|page| [page.code.0, page.name]);
    match closest(named, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`ringfence explain codes` lists all rules".to_owned(),
    }
}

/// Marks the findings that are suppressed. Suppressions that no finding needed are findings themselves; of what a loop makes,
/// one that needs it is enough.
pub(super) fn apply(report: &mut Report, suppressed: Vec<Suppressed>) {
    let mut unused: Vec<Suppressed> = Vec::new();
    let mut used = OrderedSet::new();
    for one in suppressed {
        let mut is_used = false;
        for finding in report.findings.iter_mut().filter(|finding| covers(&one, finding)) {
            is_used = true;
            finding.suppressed.get_or_insert_with(|| Suppression {
                reason: one.reason.clone(),
                by: SuppressedBy::Template,
                place: one.place.clone(),
            });
        }
        if is_used {
            used.insert(one.key());
        } else {
            unused.push(one);
        }
    }
    for one in unused {
        if used.insert(one.key()) {
            let mut finding = suppression::unused(one.rule, one.place, &format!(" on `{}`", one.resource));
            finding.address.resource = Some(one.resource);
            report.findings.push(finding);
        }
    }
}

fn covers(suppressed: &Suppressed, finding: &Finding) -> bool {
    finding.code == suppressed.rule
        && finding.address.resource.as_ref() == Some(&suppressed.resource)
        && finding.address.place.as_ref().is_none_or(|place| place.file == suppressed.file)
        && !policy::is_fixed(finding.code)
}
