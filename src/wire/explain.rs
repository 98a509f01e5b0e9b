//! The page of a rule or of a member of the spec, as JSON.

use serde::Serialize;

use crate::diagnostics::CodePage;
use crate::engine::MemberPage;

use super::pages::{CodeAnswer, MemberAnswer};

/// A page.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum ExplainAnswer {
    /// That of a rule.
    Rule(CodeAnswer),
    /// That of a member of the spec.
    Member(MemberAnswer),
}

impl From<&CodePage> for ExplainAnswer {
    fn from(page: &CodePage) -> Self {
        Self::Rule(page.into())
    }
}

impl From<MemberPage> for ExplainAnswer {
    fn from(page: MemberPage) -> Self {
        Self::Member(page.into())
    }
}
