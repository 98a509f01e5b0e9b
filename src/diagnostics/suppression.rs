//! Why a finding does not count: who said so, where, and for which reason.

use super::{Code, Finding, Place, Severity, codes};

/// A statement that a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Why it does not count.
    pub reason: String,
    /// What kind of file says so.
    pub by: SuppressedBy,
    /// Where it is said.
    pub place: Option<Place>,
}

/// What kind of file says that a finding does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SuppressedBy {
    /// The configuration file.
    Configuration,
    /// The `Metadata` of the resource in its template.
    Template,
}

/// What there is to say of a suppression that no finding needed.
pub(crate) fn unused(rule: Code, place: Option<Place>, whom: &str) -> Finding {
    let message = format!("nothing is suppressed by this: `{rule}` was not found{whom}");
    let mut finding = Finding::new(codes::UNUSED_SUPPRESSION, Severity::Warning, message)
        .with_help("remove it, so that it does not hide the next finding of this rule");
    finding.address.place = place;
    finding
}
