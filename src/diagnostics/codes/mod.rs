//! The registry of codes, one file per area. A code that is reported but has no page here is a bug, and a test looks for
//! it.

use super::CodePage;

/// Declares codes together with their pages.
macro_rules! codes {
    ($($constant:ident = $code:literal, $name:literal, $severity:ident {
        summary: $summary:literal,
        why: $why:literal,
        example: $example:literal,
        instead: $instead:literal,
        source: $source:literal $(,)?
    })+) => {
        $(#[doc = $summary] pub const $constant: $crate::diagnostics::Code = $crate::diagnostics::Code($code);)+

        /// The pages of these codes, in order.
        pub const PAGES: &[$crate::diagnostics::CodePage] = &[$($crate::diagnostics::CodePage {
            code: $constant,
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
        }),+];
    };
}

pub(crate) use codes;

pub mod checking;
pub mod consumer;
pub mod load_balancer;
pub mod network;
pub mod plan;
pub mod private_link;
pub mod scaling;
pub mod service;
pub mod spec;

pub use checking::{
    BAD_ASSEMBLY, BAD_CONFIGURATION, SUPPRESSION_WITHOUT_REASON, UNKNOWN_INPUT, UNKNOWN_RULE, UNUSED_SUPPRESSION,
};
pub use spec::*;

/// All pages, area by area.
const AREAS: &[&[CodePage]] = &[
    spec::PAGES,
    checking::PAGES,
    plan::PAGES,
    network::PAGES,
    service::PAGES,
    scaling::PAGES,
    load_balancer::PAGES,
    private_link::PAGES,
    consumer::PAGES,
];

/// All pages, ordered by code.
pub fn pages() -> impl Iterator<Item = &'static CodePage> {
    AREAS.iter().copied().flatten()
}

/// The page of a code or of its readable name, in any case.
#[must_use]
pub fn page(code: &str) -> Option<&'static CodePage> {
    pages().find(|page| page.code.0.eq_ignore_ascii_case(code) || page.name.eq_ignore_ascii_case(code))
}
