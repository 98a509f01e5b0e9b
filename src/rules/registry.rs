//! The register of all rules, and how a rule is declared.

use super::Findings;
use crate::diagnostics::{Code, CodePage, Severity};
use crate::model::Model;
use crate::reach::Reach;

/// One check with a stable code.
#[derive(Debug)]
pub struct Rule {
    /// Its code, and what `ringfence explain` says about it. Example and remedy are templates.
    pub page: CodePage,
    /// What it decides, as `docs/rules/coverage.md` numbers the pitfalls of private services; empty for what is in no list.
    pub pitfalls: &'static [u8],
    /// Looks for it in a world.
    pub check: for<'a> fn(&'a Model<'a>, &mut Findings<'_>),
    /// Looks for it in what traffic passes in a world, for rules that ask about that instead.
    pub traffic: Option<for<'a> fn(&Reach<'a>, &mut Findings<'_>)>,
}

/// Declares a rule. Its last member is `check` for what is read from the model, or `traffic` for what is asked about traffic.
macro_rules! rule {
    ($constant:ident = $code:literal, $name:literal, $severity:ident {
        pitfalls: [$($pitfall:literal),*],
        summary: $summary:literal,
        why: $why:literal,
        example: $example:literal,
        instead: $instead:literal,
        source: $source:literal,
        $kind:ident: $check:expr $(,)?
    }) => {
        #[doc = $summary]
        pub(crate) static $constant: $crate::rules::Rule = $crate::rules::Rule {
            page: $crate::diagnostics::CodePage {
                code: $crate::diagnostics::Code($code),
                name: $name,
                severity: $crate::diagnostics::Severity::$severity,
                #[cfg(feature = "pages")]
                summary: $summary,
                #[cfg(feature = "pages")]
                why: $why,
                #[cfg(feature = "pages")]
                example: $example,
                #[cfg(feature = "pages")]
                instead: $instead,
                #[cfg(feature = "pages")]
                source: $source,
            },
            pitfalls: &[$($pitfall),*],
            ..$crate::rules::registry::$kind($check)
        };
    };
}

pub(crate) use rule;

const NO_PAGE: CodePage = CodePage {
    code: Code(""),
    name: "",
    severity: Severity::Error,
    #[cfg(feature = "pages")]
    summary: "",
    #[cfg(feature = "pages")]
    why: "",
    #[cfg(feature = "pages")]
    example: "",
    #[cfg(feature = "pages")]
    instead: "",
    #[cfg(feature = "pages")]
    source: "",
};

/// A rule without a page that reads the model.
pub(crate) const fn check(check: for<'a> fn(&'a Model<'a>, &mut Findings<'_>)) -> Rule {
    Rule { page: NO_PAGE, pitfalls: &[], check, traffic: None }
}

/// A rule without a page that asks about traffic.
pub(crate) const fn traffic(traffic: for<'a> fn(&Reach<'a>, &mut Findings<'_>)) -> Rule {
    Rule { page: NO_PAGE, pitfalls: &[], check: nothing, traffic: Some(traffic) }
}

fn nothing<'a>(_: &'a Model<'a>, _: &mut Findings<'_>) {}

/// The rules, subject by subject.
const SUBJECTS: &[&[&Rule]] = &[
    super::traffic::RULES,
    super::load_balancing::RULES,
    super::endpoint_services::RULES,
    super::consumers::RULES,
    super::tasks::RULES,
    super::identity::RULES,
    super::observability::RULES,
    super::templates::RULES,
];

/// All rules, in order of their codes.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    SUBJECTS.iter().copied().flatten().copied()
}

/// The rule with a code or a readable name, in any case.
#[must_use]
pub fn find(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.page.code.0.eq_ignore_ascii_case(code) || rule.page.name.eq_ignore_ascii_case(code))
}
