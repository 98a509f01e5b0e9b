//! The operations as calls from text to text, for hosts that speak JSON.

use crate::cfn::SourceText;
use crate::engine::{self, CheckOptions, Fingerprints, SpecInput, Subject};

use super::{ReportAnswer, SynthAnswer};

/// What synthesis makes of a spec, as a [`SynthAnswer`] in JSON. `name` is what messages call the spec.
#[must_use]
pub fn synth_json(name: &str, text: &str) -> String {
    let source = SourceText::new(name, text);
    let synthesis = engine::synth(&source, &engine::read_spec(&source), &Fingerprints::new());
    json(&SynthAnswer::from(&synthesis))
}

/// What is wrong with a spec by itself, as a [`ReportAnswer`] in JSON. `name` is what messages call the spec. The rulebook is
/// not asked, so that a host which only makes stacks need not carry it.
#[must_use]
pub fn check_json(name: &str, text: &str) -> String {
    let source = SourceText::new(name, text);
    let synthesis = engine::synth(&source, &engine::read_spec(&source), &Fingerprints::new());
    json(&ReportAnswer::from(&synthesis.report))
}

/// What the rulebook says of a spec or a CloudFormation template, as a [`ReportAnswer`] in JSON. `name` is what messages call it.
#[must_use]
pub fn judge_json(name: &str, text: &str) -> String {
    let source = SourceText::new(name, text);
    let options = CheckOptions::default();
    let report = match engine::subject_of(&source) {
        Subject::Template(template) => engine::check(&[], &[*template], &options),
        Subject::Spec => {
            let read = engine::read_spec(&source);
            engine::check(&[SpecInput { source, read, fingerprints: Fingerprints::new() }], &[], &options)
        }
        Subject::Refused(report) => report,
    };
    json(&ReportAnswer::from(&report))
}

/// An answer as JSON text. The answers are plain data with text as keys, which JSON can always carry.
fn json(answer: &impl serde::Serialize) -> String {
    serde_json::to_string(answer).unwrap_or_default()
}
