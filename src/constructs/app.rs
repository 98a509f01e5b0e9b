//! An app: stacks that are deployed together.

use crate::cfn::Gather as _;
use crate::diagnostics::Finding;

use super::Stack;

/// Stacks that belong together, in the order in which they were added.
#[derive(Debug, Default)]
pub struct App {
    stacks: Vec<Stack>,
}

impl App {
    /// An app without stacks.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a stack that has been built.
    pub fn add(&mut self, stack: Stack) {
        self.stacks.push(stack);
    }

    /// The stacks, in the order in which they were added.
    #[must_use]
    pub fn stacks(&self) -> &[Stack] {
        &self.stacks
    }

    /// Takes out what was wrong with what the stacks were made from.
    pub fn take_findings(&mut self) -> Vec<Finding> {
        self.stacks.iter_mut().flat_map(Stack::take_findings).gather()
    }

    /// The stacks, to change them.
    pub fn stacks_mut(&mut self) -> &mut [Stack] {
        &mut self.stacks
    }
}
