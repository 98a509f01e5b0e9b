//! What is wrong with the properties of a construct, told by their places in them.

use crate::cfn::Gather as _;
use crate::cfn::{Text, Value};
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

/// Whether the value at `steps` stands for a whole list that is known at deployment only, and if so, whether it is the only
/// element of a list.
fn list_token(props: &Value, steps: &[&str]) -> Option<bool> {
    let (last, way) = steps.split_last()?;
    let mut parent = props;
    for step in way {
        parent = member(parent, step)?;
    }
    member(parent, last)?.as_str().filter(|text| text.contains("#{Token["))?;
    Some(matches!(parent, Value::List(items) if items.iter().all(Value::is_list_token) && items.len() == 1))
}

fn member<'a>(value: &'a Value, step: &str) -> Option<&'a Value> {
    match value {
        Value::List(items) => items.get(step.parse::<usize>().ok()?),
        other => other.get(step),
    }
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

    /// What was read, unless a part of it could not be; adds what could not.
    pub(super) fn sensible<T>(&mut self, read: Option<T>, mistakes: Vec<Mistake>) -> Option<T> {
        let is_readable = mistakes.is_empty();
        self.mistakes(mistakes);
        read.filter(|_| is_readable)
    }

    fn mistakes(&mut self, mistakes: Vec<Mistake>) {
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

    /// Says of each of `tokens`, the places in `props` of what is known at deployment only, that it is not checked. Where any
    /// value will do there is nothing to check. A token for a whole list must be the only element of a list that goes into
    /// the template as it is.
    pub(super) fn tokens(
        &mut self,
        props: &Value,
        tokens: Vec<Pointer>,
        any_will_do: fn(&[&str]) -> bool,
        takes_list: fn(&[&str]) -> bool,
    ) {
        for place in tokens {
            let steps: Vec<&str> = place.steps().iter().map(String::as_str).gather();
            let list = list_token(props, &steps);
            if let Some(is_alone) = list
                && !(is_alone && takes_list(&steps))
            {
                let takes_list = takes_list(&steps);
                self.list_token(place, takes_list);
                continue;
            }
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

    fn list_token(&mut self, place: Pointer, takes_list: bool) {
        let is_element = place.steps().last().is_some_and(|step| step.bytes().all(|byte| byte.is_ascii_digit()));
        let (message, help) = if takes_list && is_element {
            let message = "a list that is known at deployment only stands beside other elements";
            (message, "give it alone, or the elements one by one; `Fn.select` takes one out of a list")
        } else if is_element {
            let message =
                "a list that is known at deployment only cannot stand here: something is made of each element";
            (message, "write the elements one by one; `Fn.select` takes one out of a list")
        } else {
            let message = "this was taken out of a list that is known at deployment only, as if it were known already";
            (message, "take the element out by `Fn.select`")
        };
        self.mistaken.push(place.clone());
        self.error(codes::LIST_NOT_KNOWN, place, message, help);
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
