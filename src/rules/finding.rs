//! What rules report.

use super::Rule;
use crate::diagnostics::{Code, Mend, Severity};
use crate::model::{ResourceId, Value};

/// Another resource that has to do with a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The resource.
    pub resource: ResourceId,
    /// The property in it, as a path of keys and indices separated by `/`; empty for the resource as a whole.
    pub property: String,
    /// What it has to do with it.
    pub message: String,
}

/// What whoever wrote a spec is told of a finding in what was made of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InSpec {
    /// The same.
    #[default]
    Same,
    /// The same, with advice in the words of the spec.
    Help(&'static str),
    /// Nothing: it is meant so, or the spec's own checks have said it.
    Nothing,
}

/// A rule that fired on a resource.
#[derive(Clone, Debug)]
pub struct Found {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is here.
    pub severity: Severity,
    /// The resource.
    pub resource: ResourceId,
    /// The property in it, as a path of keys and indices separated by `/`; empty for the resource as a whole.
    pub property: String,
    /// What is wrong: lowercase, no full stop, user input in backticks.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
    /// What else has to do with it.
    pub mentions: Vec<Mention>,
    /// What mends it, when that is known.
    pub mend: Option<Mend>,
    /// What is said of it when the template was made of a spec.
    pub in_spec: InSpec,
}

impl Found {
    /// Adds advice.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Adds changes of the resource that mend it.
    pub fn mend(&mut self, mend: Mend) -> &mut Self {
        self.mend = Some(mend);
        self
    }

    /// Adds changes that mend it, when there are some.
    pub fn mend_by(&mut self, mend: Option<Mend>) -> &mut Self {
        self.mend = mend;
        self
    }

    /// Adds that another value of a property of the resource mends it, which may be set without anybody looking.
    pub fn mend_setting(&mut self, property: &str, value: impl Into<Value>) -> &mut Self {
        self.mend_value(true, property, value.into())
    }

    /// Adds that another value of a property of the resource may mend it.
    pub fn suggest(&mut self, property: &str, value: impl Into<Value>) -> &mut Self {
        self.mend_value(false, property, value.into())
    }

    // One for all, so that each rule has a call only.
    #[inline(never)]
    fn mend_value(&mut self, safe: bool, property: &str, value: Value) -> &mut Self {
        self.mend(Mend::setting(safe, property, value))
    }

    /// Adds that it may be mended by leaving a property of the resource out.
    #[inline(never)]
    pub fn suggest_removal(&mut self, property: &str) -> &mut Self {
        self.mend(Mend::leaving_out(false, property))
    }

    /// Says what whoever wrote a spec is told of it.
    pub fn in_spec(&mut self, in_spec: InSpec) -> &mut Self {
        self.in_spec = in_spec;
        self
    }

    /// Makes it as bad as it is here, when that is not what the rule usually is.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Adds another resource that has to do with it, with the path of a property or nothing.
    pub fn mention(
        &mut self,
        resource: ResourceId,
        property: impl Into<String>,
        message: impl Into<String>,
    ) -> &mut Self {
        self.mentions.push(Mention { resource, property: property.into(), message: message.into() });
        self
    }

    /// What makes it the same finding in another world.
    #[must_use]
    pub fn key(&self) -> (ResourceId, Code, Severity, String, String) {
        (self.resource, self.rule.page.code, self.severity, self.property.clone(), self.message.clone())
    }
}

/// Where a rule puts what it finds.
#[derive(Debug)]
pub struct Findings<'f> {
    rule: &'static Rule,
    found: &'f mut Vec<Found>,
}

impl<'f> Findings<'f> {
    pub(super) fn new(rule: &'static Rule, found: &'f mut Vec<Found>) -> Self {
        Self { rule, found }
    }

    /// Reports something about a resource: the path of a property in it (or nothing), and what is wrong.
    pub fn report(
        &mut self,
        resource: ResourceId,
        property: impl Into<String>,
        message: impl Into<String>,
    ) -> &mut Found {
        let index = self.found.len();
        self.found.push(Found {
            rule: self.rule,
            severity: self.rule.page.severity,
            resource,
            property: property.into(),
            message: message.into(),
            help: None,
            mentions: Vec::new(),
            mend: None,
            in_spec: InSpec::Same,
        });
        #[expect(clippy::indexing_slicing, reason = "it was just put there")]
        &mut self.found[index]
    }
}
