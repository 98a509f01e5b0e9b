//! What synthesis made, as JSON.

use crate::cfn::Gather as _;
use crate::cfn::OrderedMap;
use serde::Serialize;

use crate::engine::{StackSummary, Synthesis};

use super::ReportAnswer;

/// What synthesis made.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SynthAnswer {
    /// What each stack holds.
    pub stacks: Vec<StackAnswer>,
    /// The files of the cloud assembly by name; `null` when there were errors.
    pub files: Option<OrderedMap<String, String>>,
    /// What each consumer needs to know, as Markdown, by the consumer's name.
    pub hand_offs: OrderedMap<String, String>,
    /// What is wrong with the spec.
    pub report: ReportAnswer,
}

/// What a stack holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StackAnswer {
    /// The construct ID.
    pub id: String,
    /// The name in CloudFormation.
    pub name: String,
    /// The account, when it is known.
    pub account: Option<String>,
    /// The Region, when it is known.
    pub region: Option<String>,
    /// The number of resources of each type.
    pub resources: OrderedMap<String, usize>,
    /// How many resources the longest chain has that must be made one after another.
    pub longest_chain: usize,
}

impl From<&Synthesis> for SynthAnswer {
    fn from(synthesis: &Synthesis) -> Self {
        Self {
            stacks: synthesis.stacks.iter().map(StackAnswer::from).gather(),
            files: synthesis.assembly.as_ref().map(|assembly| assembly.files.clone()),
            hand_offs: synthesis.hand_offs.clone(),
            report: ReportAnswer::from(&synthesis.report),
        }
    }
}

impl From<&StackSummary> for StackAnswer {
    fn from(stack: &StackSummary) -> Self {
        Self {
            id: stack.id.clone(),
            name: stack.name.clone(),
            account: stack.account.clone(),
            region: stack.region.clone(),
            resources: stack.resources.clone(),
            longest_chain: stack.longest_chain,
        }
    }
}
