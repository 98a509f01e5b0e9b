//! An app: stacks that are deployed together.

use crate::cfn::{Gather as _, GatherMore as _};
use crate::diagnostics::codes::{BAD_VALUE, DUPLICATE_CONSTRUCT};
use crate::diagnostics::{Code, Finding, Severity};

use super::Stack;

/// The longest name of a stack. Source: AWS CloudFormation API reference, CreateStack.
const LONGEST_NAME: usize = 128;

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

    /// Takes out what was wrong with what the stacks were made from, and says what is wrong between them: stacks of one name,
    /// names that CloudFormation refuses, and dependencies that are not here or go round in a circle.
    pub fn take_findings(&mut self) -> Vec<Finding> {
        let mut findings = self.take_findings_of_stacks();
        findings.gather_more(self.stacks.iter().enumerate().filter_map(|(index, stack)| self.misnamed(index, stack)));
        findings.gather_more(self.stacks.iter().filter_map(|stack| self.misplaced(stack)));
        findings
    }

    /// What was wrong with what the stacks were made from.
    pub(crate) fn take_findings_of_stacks(&mut self) -> Vec<Finding> {
        self.stacks.iter_mut().flat_map(Stack::take_findings).gather()
    }

    /// What is wrong with the construct ID of a stack: files are named after it, on some hosts whatever its case.
    fn misnamed(&self, index: usize, stack: &Stack) -> Option<Finding> {
        let id = stack.id();
        let is_name = id.len() <= LONGEST_NAME
            && id.starts_with(|first: char| first.is_ascii_alphabetic())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_name {
            let help = "begin it with a letter, and go on with letters, digits and `-`";
            return Some(about(stack, BAD_VALUE, format!("`{id}` cannot be the construct ID of a stack"), help));
        }
        let is_taken = self.stacks.iter().take(index).any(|other| other.id().eq_ignore_ascii_case(id));
        let help = "give each stack an ID of its own: one would take the place of the other";
        is_taken.then(|| about(stack, DUPLICATE_CONSTRUCT, format!("there is a stack `{id}` already"), help))
    }

    /// What is wrong with the stacks that are to be deployed before a stack.
    fn misplaced(&self, stack: &Stack) -> Option<Finding> {
        let find = |id: &String| self.stacks.iter().find(|other| other.id() == id);
        if let Some(missing) = stack.dependencies().iter().find(|id| find(id).is_none()) {
            let message = format!("the stack `{}` waits for `{missing}`, which is not in the app", stack.id());
            return Some(about(stack, BAD_VALUE, message, "add that stack to the app too"));
        }
        let mut before: Vec<&str> = Vec::new();
        let mut next: Vec<&String> = stack.dependencies().iter().gather();
        while let Some(id) = next.pop() {
            if !before.contains(&id.as_str()) {
                before.push(id);
                next.gather_more(find(id).into_iter().flat_map(Stack::dependencies));
            }
        }
        let help = "take one of the dependencies away";
        let message = || format!("the stack `{}` waits for itself, perhaps by way of others", stack.id());
        before.contains(&stack.id()).then(|| about(stack, BAD_VALUE, message(), help))
    }

    /// The stacks, to change them.
    pub fn stacks_mut(&mut self) -> &mut [Stack] {
        &mut self.stacks
    }
}

fn about(stack: &Stack, code: Code, message: String, help: &'static str) -> Finding {
    let mut finding = Finding::new(code, Severity::Error, message).with_help(help);
    finding.address.stack = Some(stack.id().to_owned());
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constructs::StackProps;

    /// What is said of stacks with these IDs, each with those for which it waits.
    fn said(stacks: &[(&str, &[&str])]) -> Vec<String> {
        let mut app = App::new();
        for (id, dependencies) in stacks {
            let mut stack = Stack::new(*id, StackProps::default());
            dependencies.iter().for_each(|other| stack.add_dependency(*other));
            app.add(stack);
        }
        app.take_findings().into_iter().map(|finding| finding.message).gather()
    }

    #[test]
    fn stacks_that_stand_side_by_side_are_taken() {
        assert_eq!(said(&[]), Vec::<String>::new());
        assert_eq!(said(&[("Network", &[]), ("Web-1", &["Network"]), ("Web-2", &["Network", "Web-1"])]), [""; 0]);
    }

    #[test]
    fn stacks_take_no_other_place_than_their_own() {
        for id in ["", "1a", "../a", "a b", "a/b", "ä"] {
            assert_eq!(said(&[(id, &[])]), [format!("`{id}` cannot be the construct ID of a stack")]);
        }
        assert_eq!(said(&[("Web", &[]), ("web", &[])]), ["there is a stack `web` already"]);
    }

    #[test]
    fn stacks_wait_for_those_that_are_there_and_come_before() {
        assert_eq!(said(&[("Web", &["Nets"])]), ["the stack `Web` waits for `Nets`, which is not in the app"]);
        let circle = said(&[("A", &["B"]), ("B", &["C"]), ("C", &["A"]), ("D", &["A"])]);
        let of = |id| format!("the stack `{id}` waits for itself, perhaps by way of others");
        assert_eq!(circle, [of("A"), of("B"), of("C")]);
    }
}
