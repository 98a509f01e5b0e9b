//! Logical IDs in CDK's way: a readable part made of the construct path, and a hash of that path.

use std::fmt::Write as _;

use md5::{Digest, Md5};

use super::{Text, Value};
use crate::cfn::Gather as _;

/// The longest readable part, so that with the hash an ID stays within CloudFormation's 255 characters.
const MAX_HUMAN_LENGTH: usize = 240;

/// The longest ID of a resource that is the only component of its path.
const MAX_LENGTH: usize = 255;

/// A component that is left out of the path, so that a resource can be wrapped without being renamed.
const HIDDEN_COMPONENT: &str = "Default";

/// A component that says nothing to a reader and is left out of the readable part only.
const HIDDEN_FROM_HUMAN: &str = "Resource";

/// The name of a resource inside its template, unique there and stable: it depends on the construct path alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogicalId(Text);

impl LogicalId {
    /// The ID of the resource at `path`, whose components are the construct IDs below the stack.
    ///
    /// CDK computes it alike (`aws-cdk-lib/core/lib/private/uniqueid.ts`), so that a resource keeps its ID when it
    /// moves from one tool to the other.
    #[must_use]
    pub fn from_path<'a, I>(path: I) -> Self
    where
        I: IntoIterator<Item = &'a str>,
    {
        let components: Vec<&str> = path.into_iter().filter(|component| *component != HIDDEN_COMPONENT).gather();
        if let [only] = components.as_slice() {
            let plain = alphanumeric(only);
            if !plain.is_empty() && plain.len() <= MAX_LENGTH {
                return Self(plain.into());
            }
        }
        let mut id = human_part(&components);
        push_hash(&mut id, &components);
        Self(id.into())
    }

    /// An ID that is known already: of a parameter, or read from a template.
    #[must_use]
    pub fn new(id: impl Into<Text>) -> Self {
        Self(id.into())
    }

    /// The ID as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `{"Ref": …}` to this resource.
    #[must_use]
    pub fn reference(&self) -> Value {
        Value::reference(self.0.clone())
    }

    /// `{"Fn::GetAtt": […]}` of this resource.
    #[must_use]
    pub fn attribute(&self, name: impl Into<Text>) -> Value {
        Value::attribute(self.0.clone(), name)
    }
}

impl std::fmt::Display for LogicalId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<LogicalId> for Text {
    fn from(id: LogicalId) -> Self {
        id.0
    }
}

fn alphanumeric(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).gather()
}

/// The components without what says nothing, and without repeating the end of what stands there already.
fn human_part(components: &[&str]) -> String {
    let mut human = String::new();
    let mut previous = "";
    for component in components {
        if !previous.is_empty() && previous.ends_with(component) {
            continue;
        }
        if *component != HIDDEN_FROM_HUMAN {
            human.extend(component.chars().filter(char::is_ascii_alphanumeric));
        }
        previous = component;
    }
    human.truncate(MAX_HUMAN_LENGTH);
    human
}

/// Eight hexadecimal digits of the MD5 of the whole path.
fn push_hash(id: &mut String, components: &[&str]) {
    let mut hash = Md5::new();
    for (index, component) in components.iter().enumerate() {
        if index > 0 {
            hash.update(b"/");
        }
        hash.update(component.as_bytes());
    }
    for byte in hash.finalize().iter().take(4) {
        // Writing to a string cannot fail.
        let _ = write!(id, "{byte:02X}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_cdk() {
        // From the templates that aws-cdk-lib 2.276.0 writes for `new ec2.Vpc(stack, 'Vpc')`.
        assert_eq!(LogicalId::from_path(["Vpc", "Resource"]).as_str(), "Vpc8378EB38");
    }

    #[test]
    fn a_single_component_is_the_id_itself() {
        assert_eq!(LogicalId::from_path(["Service-Name"]).as_str(), "ServiceName");
    }

    #[test]
    fn default_is_hidden_altogether() {
        assert_eq!(LogicalId::from_path(["A", "Default", "B"]), LogicalId::from_path(["A", "B"]));
    }
}
