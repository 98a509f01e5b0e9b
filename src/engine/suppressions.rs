//! Findings that the metadata of their resource suppresses: in this project's own way, or in that of cdk-nag.

use crate::cfn::GatherMore as _;
use crate::cfn::read::Document;
use crate::cfn::{SourceText, Value};
use crate::diagnostics::{
    Code, Finding, Place, Report, Severity, SuppressedBy, Suppression, codes, policy, suppression,
};
use crate::spec::decode::closest;

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

/// One way to write suppressions into a resource.
struct Notation {
    /// Where the list is, from the resource on.
    path: [&'static str; 3],
    /// The member that names the rule.
    rule: &'static str,
    /// Whether rules of other tools may stand there too.
    is_shared: bool,
}

const NOTATIONS: &[Notation] = &[
    Notation { path: ["Metadata", "ringfence", "suppress"], rule: "rule", is_shared: false },
    Notation { path: ["Metadata", "cdk_nag", "rules_to_suppress"], rule: "id", is_shared: true },
];

/// The resources of a template by their logical IDs.
pub(super) fn resources(template: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let resources = template.get("Resources").and_then(Value::as_map);
    resources.into_iter().flat_map(|map| map.iter()).map(|(id, resource)| (id.as_ref(), resource))
}

/// What the resources of a template suppress. What is wrong with that goes into the report.
pub(super) fn of_template(input: &TemplateInput, document: &Document, report: &mut Report) -> Vec<Suppressed> {
    let mut found = Vec::new();
    for (id, resource) in resources(&document.value) {
        for notation in NOTATIONS {
            let [metadata, tool, list] = notation.path;
            let Some(list) = resource.get(metadata).and_then(|value| value.get(tool)).and_then(|value| value.get(list))
            else {
                continue;
            };
            let reader = Reader { source: &input.source, document, resource: id, notation };
            reader.list(list, &mut found, report);
        }
    }
    found
}

struct Reader<'a> {
    source: &'a SourceText,
    document: &'a Document,
    resource: &'a str,
    notation: &'a Notation,
}

impl Reader<'_> {
    fn list(&self, list: &Value, found: &mut Vec<Suppressed>, report: &mut Report) {
        let Some(elements) = list.as_list() else {
            report.findings.push(self.mistake(
                codes::BAD_CONFIGURATION,
                "",
                format!("expected a list of suppressions, found {}", list.kind()),
                format!("write `- {}: …` and `reason: …` for each", self.notation.rule),
            ));
            return;
        };
        for (index, element) in elements.iter().enumerate() {
            match self.element(index, element) {
                Ok(suppressed) => found.gather_more(suppressed),
                Err(finding) => report.findings.push(*finding),
            }
        }
    }

    fn element(&self, index: usize, element: &Value) -> Result<Option<Suppressed>, Box<Finding>> {
        let at = |member: &str| format!("/{index}/{member}");
        let named = element.get(self.notation.rule).and_then(Value::as_str);
        let Some(named) = named else {
            if self.notation.is_shared {
                return Ok(None);
            }
            let message = format!("`{}` is missing", self.notation.rule);
            let help = format!("name the rule: `{}: RF…`", self.notation.rule);
            return self.refuse(codes::BAD_CONFIGURATION, &format!("/{index}"), message, help);
        };
        let Some(rule) = rule(named) else {
            if self.notation.is_shared && !is_like_ours(named) {
                return Ok(None);
            }
            let message = format!("there is no rule `{named}`");
            return self.refuse(codes::UNKNOWN_RULE, &at(self.notation.rule), message, meant(named));
        };
        let reason = element.get("reason").and_then(Value::as_str).map(str::trim).unwrap_or_default();
        if reason.is_empty() {
            let message = format!("the suppression of `{rule}` does not say why");
            return self.refuse(
                codes::SUPPRESSION_WITHOUT_REASON,
                &format!("/{index}"),
                message,
                "add `reason`".to_owned(),
            );
        }
        Ok(Some(Suppressed {
            rule,
            file: self.source.name().to_owned(),
            resource: self.resource.to_owned(),
            reason: reason.to_owned(),
            place: self.place(&format!("/{index}")),
        }))
    }

    fn refuse<T>(&self, code: Code, below: &str, message: String, help: String) -> Result<T, Box<Finding>> {
        Err(Box::new(self.mistake(code, below, message, help)))
    }

    fn mistake(&self, code: Code, below: &str, message: String, help: String) -> Finding {
        let mut finding = Finding::new(code, Severity::Error, message).with_help(help);
        finding.address.place = self.place(below);
        finding.address.resource = Some(self.resource.to_owned());
        finding
    }

    /// The place of what is `below` the list of suppressions.
    fn place(&self, below: &str) -> Option<Place> {
        let id = self.resource.replace('~', "~0").replace('/', "~1");
        let pointer = format!("/Resources/{id}/{}{below}", self.notation.path.join("/"));
        self.document.positions.locate(&pointer).map(|span| Place::of(self.source, span))
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

/// Marks the findings that are suppressed. Suppressions that no finding needed are findings themselves.
pub(super) fn apply(report: &mut Report, suppressed: Vec<Suppressed>) {
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
        if !is_used {
            let mut unused = suppression::unused(one.rule, one.place, &format!(" on `{}`", one.resource));
            unused.address.resource = Some(one.resource);
            report.findings.push(unused);
        }
    }
}

fn covers(suppressed: &Suppressed, finding: &Finding) -> bool {
    finding.code == suppressed.rule
        && finding.address.resource.as_ref() == Some(&suppressed.resource)
        && finding.address.place.as_ref().is_none_or(|place| place.file == suppressed.file)
        && !policy::is_fixed(finding.code)
}
