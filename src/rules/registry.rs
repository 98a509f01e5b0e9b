//! The register of all rules, and how a rule is declared.

use super::Findings;
use crate::diagnostics::CodePage;
use crate::model::Model;

/// One check with a stable code.
#[derive(Debug)]
pub struct Rule {
    /// Its code, and what `ringfence explain` says about it. Example and remedy are templates.
    pub page: CodePage,
    /// What it decides, as `docs/rules/coverage.md` numbers the pitfalls of private services; empty for what is in no list.
    pub pitfalls: &'static [u8],
    /// Looks for it in a world.
    pub check: for<'a> fn(&'a Model<'a>, &mut Findings<'_>),
}

/// Declares a rule.
macro_rules! rule {
    ($constant:ident = $code:literal, $name:literal, $severity:ident {
        pitfalls: [$($pitfall:literal),*],
        summary: $summary:literal,
        why: $why:literal,
        example: $example:literal,
        instead: $instead:literal,
        source: $source:literal,
        check: $check:expr $(,)?
    }) => {
        #[doc = $summary]
        pub(crate) static $constant: $crate::rules::Rule = $crate::rules::Rule {
            page: $crate::diagnostics::CodePage {
                code: $crate::diagnostics::Code($code),
                name: $name,
                severity: $crate::diagnostics::Severity::$severity,
                summary: $summary,
                why: $why,
                example: $example,
                instead: $instead,
                source: $source,
            },
            pitfalls: &[$($pitfall),*],
            check: $check,
        };
    };
}

pub(crate) use rule;

/// The rules, subject by subject.
const SUBJECTS: &[&[&Rule]] = &[super::load_balancing::RULES, super::endpoint_services::RULES, super::consumers::RULES];

/// All rules, in order of their codes.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    SUBJECTS.iter().copied().flatten().copied()
}

/// The rule with a code or a readable name, in any case.
#[must_use]
pub fn find(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.page.code.0.eq_ignore_ascii_case(code) || rule.page.name.eq_ignore_ascii_case(code))
}
