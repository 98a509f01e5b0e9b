//! Something wrong in the properties of a construct, found by a function that has no scope to report it to.

use crate::cfn::Text;
use crate::diagnostics::{Code, Severity};

use super::Scope;

/// Something wrong, and the member that is to blame.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Problem {
    code: Code,
    severity: Severity,
    at: Text,
    message: Text,
    help: Text,
}

impl Problem {
    /// An error in the member `at`, its steps separated by `/`.
    pub(super) fn error(code: Code, at: impl Into<Text>, message: impl Into<Text>, help: impl Into<Text>) -> Self {
        Self { code, severity: Severity::Error, at: at.into(), message: message.into(), help: help.into() }
    }

    /// A warning about the member `at`.
    pub(super) fn warning(code: Code, at: impl Into<Text>, message: impl Into<Text>, help: impl Into<Text>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, at, message, help) }
    }

    /// The same problem, seen from further up: `at` is a member of `outer`.
    pub(super) fn within(self, outer: &str) -> Self {
        let at = match (outer, self.at.as_ref()) {
            ("", at) => at.to_owned(),
            (outer, "") => outer.to_owned(),
            (outer, at) => format!("{outer}/{at}"),
        };
        Self { at: at.into(), ..self }
    }

    /// Reports the problem at a place.
    pub(super) fn report(self, scope: &mut Scope<'_>) {
        match self.severity {
            Severity::Error => scope.error(self.code, &self.at, self.message, self.help),
            Severity::Warning | Severity::Info => scope.warn(self.code, &self.at, self.message, self.help),
        }
    }
}
