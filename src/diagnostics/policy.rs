//! What a user decided about rules: how bad each is, and which findings do not count.

use super::{Code, Finding, Place, Report, Severity, SuppressedBy, Suppression, codes, suppression};
use crate::cfn::Gather as _;

/// The decisions of one configuration file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The files and folders that it is for, by the names under which they are read; empty when it is for all.
    pub files: Vec<String>,
    /// How bad the findings of a rule are; nothing when they are not wanted at all.
    pub severities: Vec<(Code, Option<Severity>)>,
    /// The findings that do not count.
    pub suppressions: Vec<PolicySuppression>,
}

/// Findings that do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicySuppression {
    /// The rule.
    pub rule: Code,
    /// The resource, as a pattern for its logical ID or its construct path; nothing for all.
    pub resource: Option<String>,
    /// The stack, as a pattern for its name; nothing for all.
    pub stack: Option<String>,
    /// Why they do not count.
    pub reason: String,
    /// Where this is said.
    pub place: Option<Place>,
}

impl Policy {
    /// Whether the policy is for a finding. One without a place belongs to whatever was checked.
    fn governs(&self, finding: &Finding) -> bool {
        let Some(place) = &finding.address.place else { return true };
        self.files.is_empty() || self.files.iter().any(|name| is_in(&place.file, name))
    }

    fn severity_of(&self, code: Code) -> Option<Option<Severity>> {
        self.severities.iter().find(|(rule, _)| *rule == code).map(|(_, severity)| *severity)
    }
}

/// Whether `file` is `name`, or in the folder of that name.
fn is_in(file: &str, name: &str) -> bool {
    let rest = file.strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || name.ends_with('/') || rest.starts_with(['/', '\\']))
}

impl PolicySuppression {
    fn covers(&self, finding: &Finding) -> bool {
        let address = &finding.address;
        let fits = |pattern: &Option<String>, texts: [&Option<String>; 2]| {
            let Some(pattern) = pattern else { return true };
            texts.into_iter().flatten().any(|text| matches(pattern, text))
        };
        self.rule == finding.code
            && fits(&self.resource, [&address.resource, &address.construct_path])
            && fits(&self.stack, [&address.stack, &None])
    }

    fn unused(&self) -> Finding {
        let whom = match (&self.resource, &self.stack) {
            (None, None) => String::new(),
            (Some(resource), None) => format!(" on `{resource}`"),
            (None, Some(stack)) => format!(" in the stack `{stack}`"),
            (Some(resource), Some(stack)) => format!(" on `{resource}` in the stack `{stack}`"),
        };
        suppression::unused(self.rule, self.place.clone(), &whom)
    }
}

/// Whether `text` is what `pattern` says, where `*` stands for any text and `?` for one character.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().gather();
    let text: Vec<char> = text.chars().gather();
    let (mut at, mut next) = (0, 0);
    // Behind the last star, and how far the text reached that the star stands for.
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(next) {
            Some('*') => {
                next += 1;
                star = Some((next, at));
            }
            Some(wanted) if *wanted == '?' || Some(wanted) == text.get(at) => {
                next += 1;
                at += 1;
            }
            _ => {
                let Some((behind, reached)) = star else { return false };
                star = Some((behind, reached + 1));
                next = behind;
                at = reached + 1;
            }
        }
    }
    pattern.iter().skip(next).all(|rest| *rest == '*')
}

/// Rules that nobody can switch off or soften: after them nothing else could be said.
#[must_use]
pub fn is_fixed(code: Code) -> bool {
    [codes::SYNTAX, codes::BAD_CONFIGURATION, codes::UNKNOWN_RULE, codes::SUPPRESSION_WITHOUT_REASON].contains(&code)
}

/// Applies what users decided. Suppressions that no finding needed are findings themselves.
pub fn apply(report: &mut Report, policies: &[Policy]) {
    for policy in policies {
        let mut used = vec![false; policy.suppressions.len()];
        for finding in report.findings.iter_mut().filter(|finding| policy.governs(finding)) {
            suppress(finding, policy, &mut used);
        }
        let unused = policy.suppressions.iter().zip(used).filter(|(_, used)| !used);
        let unused: Vec<Finding> = unused.map(|(suppression, _)| suppression.unused()).gather();
        report.findings.retain_mut(|finding| !policy.governs(finding) || is_wanted(finding, policy));
        report
            .findings
            .extend(unused.into_iter().filter_map(|mut finding| is_wanted(&mut finding, policy).then_some(finding)));
    }
}

fn suppress(finding: &mut Finding, policy: &Policy, used: &mut [bool]) {
    for (suppression, used) in policy.suppressions.iter().zip(used) {
        if !suppression.covers(finding) {
            continue;
        }
        *used = true;
        if finding.suppressed.is_none() && !is_fixed(finding.code) {
            let by = SuppressedBy::Configuration;
            let reason = suppression.reason.clone();
            finding.suppressed = Some(Suppression { reason, by, place: suppression.place.clone() });
        }
    }
}

/// Gives a finding the severity that was decided. Says whether it is wanted at all.
fn is_wanted(finding: &mut Finding, policy: &Policy) -> bool {
    match policy.severity_of(finding.code) {
        None => true,
        Some(Some(severity)) => {
            finding.severity = severity;
            true
        }
        Some(None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cfn::{SourceText, Span};

    fn finding(code: Code, resource: &str, stack: &str) -> Finding {
        let mut finding = Finding::new(code, Severity::Error, "x");
        finding.address.resource = Some(resource.to_owned());
        finding.address.construct_path = Some(format!("{stack}/{resource}/Resource"));
        finding.address.stack = Some(stack.to_owned());
        finding.address.place = Some(Place::of(&SourceText::new("cdk.out/a.json", "{}"), Span::new(0, 2)));
        finding
    }

    fn suppression(resource: Option<&str>, stack: Option<&str>) -> PolicySuppression {
        PolicySuppression {
            rule: codes::BAD_VALUE,
            resource: resource.map(str::to_owned),
            stack: stack.map(str::to_owned),
            reason: "known".to_owned(),
            place: None,
        }
    }

    fn applied(policy: Policy) -> Report {
        let findings = vec![
            finding(codes::BAD_VALUE, "Vpc", "prod"),
            finding(codes::BAD_VALUE, "Vpc", "test"),
            finding(codes::UNKNOWN_KEY, "Vpc", "test"),
        ];
        let mut report = Report { findings, ..Report::default() };
        apply(&mut report, &[policy]);
        report
    }

    #[test]
    fn patterns_match_whole_texts() {
        for (pattern, text) in
            [("*", ""), ("a*c", "abbc"), ("a?c", "abc"), ("*b*", "abc"), ("a**", "a"), ("*a*a", "baca")]
        {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("", "a"), ("a", "ab"), ("a?", "a"), ("*a", "ab"), ("a*b", "acbc")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_do_not_take_long() {
        assert!(!matches(&"*a".repeat(200), &"b".repeat(20_000)));
    }

    #[test]
    fn a_suppressed_error_does_not_count() {
        let report = applied(Policy { suppressions: vec![suppression(Some("V*"), Some("prod"))], ..Policy::default() });
        assert_eq!((report.count(Severity::Error), report.suppressed(), report.findings.len()), (2, 1, 3));
    }

    #[test]
    fn a_resource_is_known_by_its_construct_path_too() {
        let report = applied(Policy { suppressions: vec![suppression(Some("prod/*"), None)], ..Policy::default() });
        assert_eq!(report.suppressed(), 1);
    }

    #[test]
    fn what_was_not_needed_is_said() {
        let report = applied(Policy { suppressions: vec![suppression(Some("Subnet*"), None)], ..Policy::default() });
        let last = report.findings.last().map(|finding| (finding.code, finding.message.as_str()));
        let message = "nothing is suppressed by this: `RF0005` was not found on `Subnet*`";
        assert_eq!(last, Some((codes::UNUSED_SUPPRESSION, message)));
    }

    #[test]
    fn severities_are_set_and_rules_switched_off() {
        let severities = vec![(codes::BAD_VALUE, Some(Severity::Info)), (codes::UNKNOWN_KEY, None)];
        let report = applied(Policy { severities, ..Policy::default() });
        assert_eq!((report.count(Severity::Info), report.findings.len()), (2, 2));
    }

    #[test]
    fn a_policy_is_for_its_files_only() {
        let severities = vec![(codes::BAD_VALUE, None)];
        for (file, left) in [("cdk.out", 1), ("cdk.out/a.json", 1), ("cdk", 3), ("b", 3)] {
            let policy = Policy { files: vec![file.to_owned()], severities: severities.clone(), ..Policy::default() };
            assert_eq!(applied(policy).findings.len(), left, "{file}");
        }
    }
}
