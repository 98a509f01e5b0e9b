//! What is wrong with the properties of a construct, told by their places in them.

use crate::cfn::Text;
use crate::constructs::Stack;
use crate::diagnostics::codes::plan as codes;
use crate::diagnostics::{Code, Finding, Pointer, Report, Severity};
use crate::spec::{Mistake, PlanContext};

/// A mistake in the request itself, which has no place in the properties.
pub(super) fn of_request(mistake: Mistake) -> Finding {
    let message = format!("{} at `{}` of the request", mistake.message, mistake.pointer);
    let mut finding = Finding::new(mistake.code, Severity::Error, message);
    finding.help = mistake.help;
    finding
}

/// What was found so far.
pub(super) struct Findings<'a> {
    context: &'a PlanContext,
    findings: Vec<Finding>,
    /// The members that could not be read.
    mistaken: Vec<Pointer>,
}

impl<'a> Findings<'a> {
    pub(super) const fn new(context: &'a PlanContext) -> Self {
        Self { context, findings: Vec::new(), mistaken: Vec::new() }
    }

    /// Adds what could not be read.
    pub(super) fn mistakes(&mut self, mistakes: Vec<Mistake>) {
        for mistake in mistakes {
            self.mistaken.push(mistake.pointer.clone());
            let help = mistake.help.map(Text::from);
            self.add(mistake.code, Severity::Error, mistake.pointer, mistake.message.into(), help);
        }
    }

    /// Adds an error at a place in the properties.
    pub(super) fn error(&mut self, code: Code, place: Pointer, message: impl Into<Text>, help: impl Into<Text>) {
        self.add(code, Severity::Error, place, message.into(), Some(help.into()));
    }

    fn add(&mut self, code: Code, severity: Severity, place: Pointer, message: Text, help: Option<Text>) {
        let mut finding = Finding::new(code, severity, message);
        finding.help = help.map(Text::into_owned);
        finding.address.spec = Some(place);
        finding.address.construct_path = Some(self.context.path.clone().into_owned());
        self.findings.push(finding);
    }

    /// Says of each of `tokens`, the places of what is known at deployment only, that it is not checked. Where any value
    /// will do there is nothing to check.
    pub(super) fn tokens(&mut self, tokens: Vec<Pointer>, any_will_do: fn(&[&str]) -> bool) {
        for place in tokens {
            let steps: Vec<&str> = place.steps().iter().map(String::as_str).collect();
            if any_will_do(&steps) {
                continue;
            }
            let is_name = |step: &&&str| !step.bytes().all(|byte| byte.is_ascii_digit());
            let name = steps.iter().rfind(is_name).copied().unwrap_or_default();
            let message = format!("`{name}` is known at deployment only, so its value is not checked");
            let help = "see to it that AWS accepts the value, or write it here to have it checked";
            self.add(codes::VALUE_NOT_KNOWN, Severity::Info, place, message.into(), Some(help.into()));
        }
    }

    /// Takes what the constructs of `stack` found, apart from what only follows from a member that could not be read.
    pub(super) fn take(&mut self, stack: &mut Stack) {
        for mut finding in stack.take_findings() {
            if !finding.follows(&self.mistaken) {
                finding.address.stack = None;
                self.findings.push(finding);
            }
        }
    }

    pub(super) fn into_report(self) -> Report {
        Report { findings: self.findings, ..Report::default() }
    }
}
