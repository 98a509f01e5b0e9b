//! A finding, and the report that collects findings.

use crate::cfn::{OrderedMap, Position, Span, Text};

use super::{Code, Fix, Pointer, Suppression};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// It will hurt.
    Warning,
    /// It will fail, or something is exposed.
    Error,
}

impl Severity {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place in a user's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, by the name under which it was read.
    pub file: String,
    /// The bytes.
    pub span: Span,
    /// The lines and columns.
    pub position: Position,
}

/// What a finding is about: a place in the user's file, a resource, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The place in the spec that is to blame.
    pub spec: Option<Pointer>,
    /// Whether the key at that place is meant, rather than its value.
    pub on_key: bool,
    /// The place in the user's file.
    pub place: Option<Place>,
    /// The stack.
    pub stack: Option<String>,
    /// The logical ID of the resource.
    pub resource: Option<String>,
    /// The path of the construct.
    pub construct_path: Option<String>,
    /// The property inside the resource.
    pub property: Option<Pointer>,
}

/// Something else that has to do with a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where it is.
    pub address: Address,
    /// What it has to do with it.
    pub message: String,
}

/// A rule that fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: lowercase, no full stop, user input in backticks.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
    /// What it is about.
    pub address: Address,
    /// What else has to do with it.
    pub related: Vec<Related>,
    /// The conditions and parameter values that make it true; empty when it is true in all of them.
    pub world: OrderedMap<String, String>,
    /// What mends it.
    pub fix: Option<Fix>,
    /// Why it does not count.
    pub suppressed: Option<Suppression>,
}

impl Finding {
    /// A finding without an address.
    #[must_use]
    pub fn new(code: Code, severity: Severity, message: impl Into<Text>) -> Self {
        Self {
            code,
            severity,
            message: message.into().into_owned(),
            help: None,
            address: Address::default(),
            related: Vec::new(),
            world: OrderedMap::new(),
            fix: None,
            suppressed: None,
        }
    }

    /// Adds advice.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<Text>) -> Self {
        self.help = Some(help.into().into_owned());
        self
    }

    /// Whether it is about a member of the spec that could not be read, or about what that is part of: then it speaks of the
    /// default that took its place, which nobody wrote.
    #[must_use]
    pub fn follows(&self, mistaken: &[Pointer]) -> bool {
        let Some(place) = &self.address.spec else { return false };
        mistaken.iter().any(|mistake| mistake.is_within(place) || place.is_within(mistake))
    }

    /// Adds what mends it.
    #[must_use]
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

/// Whether the question could be answered, apart from what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing was found that counts.
    Clean,
    /// Something was found.
    Findings,
    /// A budget ran out before everything was looked at.
    Incomplete,
    /// The input could not be used at all.
    Unusable,
}

impl Status {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Findings => "findings",
            Self::Incomplete => "incomplete",
            Self::Unusable => "unusable",
        }
    }
}

/// All that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The findings, in the order of the input.
    pub findings: Vec<Finding>,
    /// The budgets that ran out, by name.
    pub exhausted: Vec<String>,
    /// Whether the input could not be used at all.
    pub unusable: bool,
    /// How much was looked at.
    pub checked: Checked,
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The number of specs and templates.
    pub files: usize,
    /// The number of resources in the templates.
    pub resources: usize,
}

impl Report {
    /// The findings that count: those that nobody suppressed.
    pub fn counted(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.suppressed.is_none())
    }

    /// The number of suppressed findings.
    #[must_use]
    pub fn suppressed(&self) -> usize {
        self.findings.len() - self.counted().count()
    }

    /// Adds all that another report says.
    pub fn merge(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.exhausted.extend(other.exhausted);
        self.unusable |= other.unusable;
        self.checked.files += other.checked.files;
        self.checked.resources += other.checked.resources;
    }

    /// The status that follows from what is in the report.
    #[must_use]
    pub fn status(&self) -> Status {
        if self.unusable {
            Status::Unusable
        } else if !self.exhausted.is_empty() {
            Status::Incomplete
        } else if self.counted().next().is_none() {
            Status::Clean
        } else {
            Status::Findings
        }
    }

    /// The number of findings of a severity that count.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.counted().filter(|finding| finding.severity == severity).count()
    }

    /// Whether something will fail or is exposed, and nobody suppressed it.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }
}
