//! What `explain` and `schema` say, as one JSON text: hosts that carry no pages load it from a file when they are asked.

use serde::Serialize;

use crate::cfn::Gather as _;
use crate::cfn::Value;
use crate::diagnostics::CodePage;
use crate::engine::{self, MemberPage};

/// All pages.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PagesAnswer {
    /// The version of Ringfence whose pages these are.
    pub version: &'static str,
    /// The pages of all codes, in their order.
    pub codes: Vec<CodeAnswer>,
    /// The pages of the whole spec and of all its members.
    pub members: Vec<MemberAnswer>,
    /// The JSON Schema of the spec, as text.
    pub spec_schema: String,
    /// The JSON Schema of a report, as text.
    pub report_schema: &'static str,
}

/// The page of a code.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeAnswer {
    /// The code.
    pub code: &'static str,
    /// A readable name, in words joined by `-`.
    pub name: &'static str,
    /// `error`, `warning` or `info`.
    pub severity: &'static str,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// What goes wrong if nothing is done.
    pub why: &'static str,
    /// What shows it.
    pub example: &'static str,
    /// The same put right.
    pub instead: &'static str,
    /// Where the fact comes from.
    pub source: &'static str,
}

/// The page of a member of the spec.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberAnswer {
    /// Its path; names that users choose stand as `NAME`. The whole spec is `spec`.
    pub path: String,
    /// What it is for.
    pub doc: String,
    /// What its values look like.
    pub shape: String,
    /// Whether it must be given.
    pub required: bool,
    /// What is taken when it is left out; `null` when that is nothing.
    pub default: Option<Value>,
    /// The members below it, each with one sentence.
    pub members: Vec<(&'static str, String)>,
}

impl PagesAnswer {
    /// The pages of this version.
    #[must_use]
    pub fn all() -> Self {
        Self {
            version: crate::VERSION,
            codes: engine::pages().map(CodeAnswer::from).gather(),
            members: engine::explain_members().into_iter().map(MemberAnswer::from).gather(),
            spec_schema: engine::spec_schema(),
            report_schema: engine::REPORT_SCHEMA,
        }
    }
}

impl From<&CodePage> for CodeAnswer {
    fn from(page: &CodePage) -> Self {
        Self {
            code: page.code.0,
            name: page.name,
            severity: page.severity.word(),
            summary: page.summary,
            why: page.why,
            example: page.example,
            instead: page.instead,
            source: page.source,
        }
    }
}

impl From<MemberPage> for MemberAnswer {
    fn from(page: MemberPage) -> Self {
        Self {
            required: page.default.is_none() && page.path != "spec",
            doc: page.doc.split_whitespace().gather::<Vec<_>>().join(" "),
            path: page.path,
            shape: page.shape,
            default: page.default.filter(|default| *default != Value::Null),
            members: page.members,
        }
    }
}

/// Pages as JSON text. They are plain data with text as keys, which JSON can always carry.
pub(super) fn json(pages: &impl Serialize) -> String {
    serde_json::to_string(pages).unwrap_or_default()
}
