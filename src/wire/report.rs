//! A report as JSON: a contract, with a schema in `schema/report.schema.json`.

use crate::cfn::Gather as _;
use crate::cfn::OrderedMap;
use serde::Serialize;

use crate::diagnostics::{Address, Finding, Fix, Place, Report, Suppression, TextEdit};

/// The version of the contract. Members may be added under the same number; nothing is taken away or changed.
pub const SCHEMA_VERSION: u32 = 1;

/// All that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportAnswer {
    /// The version of the contract.
    pub schema_version: u32,
    /// `clean`, `findings`, `incomplete` or `unusable`.
    pub status: &'static str,
    /// The findings.
    pub findings: Vec<FindingAnswer>,
    /// The budgets that ran out.
    pub exhausted: Vec<String>,
    /// What was proved; `null` while nothing was asked to be.
    pub proofs: Option<Vec<()>>,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FindingAnswer {
    /// The code of the rule.
    pub rule: &'static str,
    /// `error`, `warning` or `info`.
    pub severity: &'static str,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
    /// What it is about.
    #[serde(flatten)]
    pub address: AddressAnswer,
    /// Where in the properties of a construct its cause is, as a JSON pointer; told by plans alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spec_path: Option<String>,
    /// What else has to do with it.
    pub related: Vec<RelatedAnswer>,
    /// The conditions and parameter values that make it true.
    pub world: OrderedMap<String, String>,
    /// Edits that mend it, when all of them are made.
    pub fix: Option<Vec<EditAnswer>>,
    /// What the edits do.
    pub fix_title: Option<String>,
    /// Whether `check --fix` makes them.
    pub fix_is_safe: Option<bool>,
    /// Why it does not count; `null` when it does.
    pub suppressed: Option<SuppressionAnswer>,
}

/// Text that takes the place of other text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EditAnswer {
    /// Where the replaced text stands, for people and editors.
    #[serde(flatten)]
    pub position: PositionAnswer,
    /// The offset of its first byte in the UTF-8 text of the file, a byte order mark not counted.
    pub start: u32,
    /// The offset after its last byte; that of the first one to insert something.
    pub end: u32,
    /// What stands there afterwards.
    pub replacement: String,
}

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SuppressionAnswer {
    /// The reason that was given.
    pub reason: String,
    /// Where it was given.
    pub r#where: Option<PositionAnswer>,
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AddressAnswer {
    /// The stack.
    pub stack: Option<String>,
    /// The logical ID of the resource.
    pub resource: Option<String>,
    /// The path of the construct.
    pub construct_path: Option<String>,
    /// The property in the resource, as a JSON pointer.
    pub property_path: Option<String>,
    /// The place in the user's file.
    pub position: Option<PositionAnswer>,
}

/// A place in a file: lines and columns from 1, columns in UTF-16 units, the end after the last unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PositionAnswer {
    /// The file.
    pub file: String,
    /// The line on which it starts.
    pub line: u32,
    /// The column at which it starts.
    pub column: u32,
    /// The line on which it ends.
    pub end_line: u32,
    /// The column after its end.
    pub end_column: u32,
}

/// Something else that has to do with a finding.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RelatedAnswer {
    /// What it has to do with it.
    pub message: String,
    /// Where it is.
    #[serde(flatten)]
    pub address: AddressAnswer,
}

impl ReportAnswer {
    /// The answer as JSON text, indented, with a line break at the end.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Plain data with text as keys: JSON can always carry it.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

impl From<&Report> for ReportAnswer {
    fn from(report: &Report) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            status: report.status().word(),
            findings: report.findings.iter().map(FindingAnswer::from).gather(),
            exhausted: report.exhausted.clone(),
            proofs: None,
        }
    }
}

impl From<&Finding> for FindingAnswer {
    fn from(finding: &Finding) -> Self {
        let related = finding.related.iter();
        Self {
            rule: finding.code.0,
            severity: finding.severity.word(),
            message: finding.message.clone(),
            help: finding.help.clone(),
            address: AddressAnswer::from(&finding.address),
            spec_path: None,
            related: related
                .map(|related| RelatedAnswer {
                    message: related.message.clone(),
                    address: AddressAnswer::from(&related.address),
                })
                .gather(),
            world: finding.world.clone(),
            fix: finding.fix.as_ref().map(edits),
            fix_title: finding.fix.as_ref().map(|fix| fix.title.clone()),
            fix_is_safe: finding.fix.as_ref().map(|fix| fix.safe),
            suppressed: finding.suppressed.as_ref().map(SuppressionAnswer::from),
        }
    }
}

fn edits(fix: &Fix) -> Vec<EditAnswer> {
    fix.edits.iter().map(EditAnswer::from).gather()
}

impl From<&TextEdit> for EditAnswer {
    fn from(edit: &TextEdit) -> Self {
        Self {
            position: PositionAnswer::from(&edit.place),
            start: edit.place.span.start,
            end: edit.place.span.end,
            replacement: edit.replacement.clone(),
        }
    }
}

impl From<&Suppression> for SuppressionAnswer {
    fn from(suppression: &Suppression) -> Self {
        let place = suppression.place.as_ref();
        Self { reason: suppression.reason.clone(), r#where: place.map(PositionAnswer::from) }
    }
}

impl From<&Address> for AddressAnswer {
    fn from(address: &Address) -> Self {
        Self {
            stack: address.stack.clone(),
            resource: address.resource.clone(),
            construct_path: address.construct_path.clone(),
            property_path: address.property.as_ref().map(ToString::to_string),
            position: address.place.as_ref().map(PositionAnswer::from),
        }
    }
}

impl From<&Place> for PositionAnswer {
    fn from(place: &Place) -> Self {
        Self {
            file: place.file.clone(),
            line: place.position.line,
            column: place.position.column,
            end_line: place.position.end_line,
            end_column: place.position.end_column,
        }
    }
}
