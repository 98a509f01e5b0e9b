//! What is known of a value, and why it is not when it is not.

use super::Attribute;
use crate::cfn::Function;

/// What is known of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field<'a, T> {
    /// Nobody set it, or it is `AWS::NoValue`: CloudFormation's default holds.
    Absent,
    /// It is this.
    Known(T),
    /// It is something, but what it is cannot be read from the templates.
    Unknown(Because<'a>),
}

impl<'a, T> Field<'a, T> {
    /// The value, when it is known.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Absent | Self::Unknown(_) => None,
        }
    }

    /// Why it is not known.
    pub fn because(&self) -> Option<Because<'a>> {
        match self {
            Self::Unknown(because) => Some(*because),
            Self::Absent | Self::Known(_) => None,
        }
    }

    /// Whether nobody set it.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether it is known.
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    /// Whether it is not known. A value that is absent is not unknown.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// Whether it is known and `holds` is true of it.
    pub fn is_known_and(self, holds: impl FnOnce(T) -> bool) -> bool {
        self.known().is_some_and(holds)
    }

    /// The same with `default` in place of what is absent.
    #[must_use]
    pub fn or(self, default: T) -> Self {
        match self {
            Self::Absent => Self::Known(default),
            set => set,
        }
    }

    /// What `change` makes of a known value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Field<'a, U> {
        match self {
            Self::Absent => Field::Absent,
            Self::Known(value) => Field::Known(change(value)),
            Self::Unknown(because) => Field::Unknown(because),
        }
    }

    /// What `change` makes of a known value; [`Because::Malformed`] when it makes nothing of it.
    pub fn parse<U>(self, change: impl FnOnce(T) -> Option<U>) -> Field<'a, U> {
        match self {
            Self::Absent => Field::Absent,
            Self::Known(value) => change(value).map_or(Field::Unknown(Because::Malformed), Field::Known),
            Self::Unknown(because) => Field::Unknown(because),
        }
    }
}

/// Why a value is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Because<'a> {
    /// A parameter has no default, or one that SSM looks up at deployment.
    Parameter {
        /// The template, as an index into the app.
        template: u32,
        /// The parameter.
        name: &'a str,
    },
    /// It is one element of a list parameter that has no value.
    Element {
        /// The template, as an index into the app.
        template: u32,
        /// The parameter.
        name: &'a str,
        /// Which element.
        index: u32,
    },
    /// The account, Region or stack is not known.
    Pseudo(&'a str),
    /// Another stack exports it that is not here, or whose name is not known.
    Import(&'a str),
    /// The output of a stack that is not here.
    Output(&'a str),
    /// The CDK resolves it at synthesis.
    Token,
    /// CloudFormation looks it up at deployment (`{{resolve:…}}`).
    DynamicReference,
    /// It is what AWS gives to a resource when it is made.
    Attribute(Attribute<'a>),
    /// A macro makes it.
    Transform,
    /// A name that the template does not have, or whose condition is false.
    Dangling(&'a str),
    /// A function whose result only CloudFormation knows.
    Function(Function),
    /// The Availability Zones of the account.
    Zones,
    /// One of the Availability Zones of the account, by its place in the list.
    Zone(u32),
    /// It is not of the kind that it should be.
    Malformed,
    /// A limit was reached while it was worked out.
    Limit,
}

impl std::fmt::Display for Because<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (before, name, after) = match *self {
            Self::Parameter { name, .. } | Self::Element { name, .. } => ("parameter `", name, "` has no value here"),
            Self::Pseudo(name) => ("`", name, "` is not known here"),
            Self::Import("") => ("", "", "what is imported is not known here"),
            Self::Import(name) => ("the export `", name, "` is not here"),
            Self::Output(name) => ("the output `", name, "` is not here"),
            Self::Token => ("", "", "the CDK resolves it at synthesis"),
            Self::DynamicReference => ("", "", "CloudFormation looks it up at deployment"),
            Self::Attribute(attribute) if attribute.name.is_empty() => ("", "", "AWS names it at deployment"),
            Self::Attribute(attribute) => ("AWS gives `", attribute.name, "` at deployment"),
            Self::Transform => ("", "", "a macro makes it at deployment"),
            Self::Dangling(name) => ("`", name, "` is not in the template"),
            Self::Function(function) => ("only CloudFormation knows what `", function.name(), "` gives"),
            Self::Zones | Self::Zone(_) => ("", "", "the Availability Zones of the account are not known here"),
            Self::Malformed => ("", "", "it is not of the kind that it should be"),
            Self::Limit => ("", "", "a limit was reached while it was worked out"),
        };
        formatter.write_str(before)?;
        formatter.write_str(name)?;
        formatter.write_str(after)
    }
}
