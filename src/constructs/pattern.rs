//! The whole pattern: wires the constructs of a spec into stacks.

use std::collections::BTreeMap;

use crate::spec::Spec;

use super::{App, Stack, StackProps};

/// What the folders hash to from which container images are built, by the path that the spec gives.
pub type Fingerprints = BTreeMap<String, String>;

/// The stacks of a spec, and what its consumers need to know.
#[derive(Debug, Default)]
pub struct Built {
    /// The stacks.
    pub app: App,
    /// What each consumer needs to know, as Markdown, by the consumer's name.
    pub hand_offs: BTreeMap<String, String>,
}

/// Builds the stacks of a spec.
#[must_use]
pub fn build(spec: &Spec, fingerprints: &Fingerprints) -> Built {
    let stack = Stack::new(spec.name.as_str(), stack_props(spec, fingerprints));
    let mut app = App::new();
    app.add(stack);
    Built { app, hand_offs: BTreeMap::new() }
}

fn stack_props(spec: &Spec, fingerprints: &Fingerprints) -> StackProps {
    StackProps {
        stack_name: spec.stack.name.as_ref().map(|name| name.0.clone()),
        description: spec.description.clone(),
        env: spec.env.clone(),
        tags: spec.tags.0.clone(),
        termination_protection: spec.stack.termination_protection,
        synthesizer: spec.stack.synthesizer,
        qualifier: spec.stack.qualifier.clone(),
        permissions_boundary: spec.stack.permissions_boundary.as_ref().map(crate::spec::Input::to_value),
        fingerprints: fingerprints.clone(),
    }
}
