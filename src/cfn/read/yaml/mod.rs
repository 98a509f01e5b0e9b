//! Reads YAML as CloudFormation understands it.
//!
//! `saphyr-parser` gives the events of YAML 1.2; [`compose`] makes nodes of them, [`build`] makes values of the
//! nodes. CloudFormation says YAML 1.1, and where that changes what a template means, so do we (see [`scalar`]).
//! Anchors, aliases and merge keys are expanded, within limits.

mod build;
mod compose;
mod explain;
mod scalar;
mod spans;
mod tag;

use super::super::position::offset;
use super::super::{SourceText, Span};
use super::{Document, Errors, ReadError, ReadErrorKind, empty_text, limits};

pub(super) fn read(source: &SourceText) -> Result<Document, Vec<ReadError>> {
    let mut errors = Errors::default();
    refuse_at_a_glance(source.text(), &mut errors);
    if !errors.is_empty() {
        return Err(errors.finish());
    }
    let Ok(tree) = compose::compose(source, &mut errors) else { return Err(errors.finish()) };
    if tree.root.is_none() && errors.is_empty() {
        return Err(vec![empty_text(source)]);
    }
    match build::build(&tree, &mut errors) {
        Ok(document) if errors.is_empty() => Ok(document),
        _ => Err(errors.finish()),
    }
}

/// What must be refused before the scanner sees the text: characters that YAML does not have, and flow collections
/// that would take too much memory.
fn refuse_at_a_glance(text: &str, errors: &mut Errors) {
    let mut flow_indicators = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b']' | b'{' | b'}' | b',' => flow_indicators += 1,
            0..=8 | 0xB | 0xC | 0xE..=0x1F | 0x7F => {
                let message = format!("the control character U+{byte:04X} is not allowed in YAML");
                let error = ReadError::new(ReadErrorKind::Syntax, Span::from_offsets(at, at + 1), message)
                    .help(format!("in text in double quotes, write it as `\\x{byte:02X}`"));
                if errors.push(error).is_err() {
                    return;
                }
            }
            _ => {}
        }
    }
    if flow_indicators > limits::MAX_YAML_FLOW_INDICATORS {
        let message = format!(
            "the text has {flow_indicators} brackets, braces and commas, more than the limit of {} for YAML",
            limits::MAX_YAML_FLOW_INDICATORS
        );
        let error = ReadError::new(ReadErrorKind::Limit, Span::empty(offset(0)), message);
        let _ = errors.stop(error.help("write it as JSON"));
    }
}
