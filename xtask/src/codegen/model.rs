//! The resource types as the generator sees them, whatever file they were read from.

use serde::Deserialize;

/// The resource types asked for, sorted by name, with everything that their properties reach.
pub struct Model {
    pub resources: Vec<Resource>,
}

/// A resource type and its nested types.
pub struct Resource {
    /// `AWS::EC2::VPC`.
    pub type_name: String,
    /// `VPC`.
    pub name: String,
    /// `ec2`, as the CDK's module is called.
    pub service: String,
    /// `AWS::EC2`.
    pub namespace: String,
    pub properties: Vec<Property>,
    pub attributes: Vec<Attribute>,
    /// The nested types that its properties reach, sorted by name.
    pub nested: Vec<Nested>,
    /// What identifies it, in Cloud Control.
    pub primary_identifier: Vec<String>,
    /// What `Ref` gives; several values are joined.
    pub reference: Vec<String>,
    pub tag_property: Option<String>,
}

/// A type that describes a property of a resource.
pub struct Nested {
    pub name: String,
    pub properties: Vec<Property>,
}

/// A property of a resource or of a nested type.
pub struct Property {
    pub name: String,
    pub shape: Shape,
    pub required: bool,
    pub replacement: Replacement,
    pub deprecated: bool,
    /// JSON text.
    pub default: Option<String>,
    /// Whether it was JSON once, which CDK goes on to take.
    pub was_json: bool,
    /// The attributes of other resources that the value may be, such as `AWS::EC2::VPC.VpcId`; sorted.
    pub refers_to: Vec<String>,
}

/// A value that the resource gives back.
pub struct Attribute {
    pub name: String,
    pub shape: Shape,
}

/// Whether a change of a property replaces the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Replacement {
    No,
    Maybe,
    Yes,
}

/// What a value looks like, and which values are allowed.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    pub kind: Kind,
    /// The least value of a number, the least characters of text, the least elements of a list.
    pub minimum: Option<serde_json::Number>,
    /// The greatest value, the most characters or elements.
    pub maximum: Option<serde_json::Number>,
    /// The values that are allowed, when not all are.
    pub allowed: Vec<String>,
}

/// What a value looks like.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    /// A value of any shape; text is often allowed too.
    Json,
    Timestamp,
    Tag,
    /// A nested type, by name.
    Nested(String),
    List(Box<Shape>),
    Map(Box<Shape>),
}

impl Shape {
    /// Any value of a kind.
    pub fn any(kind: Kind) -> Self {
        Self { kind, minimum: None, maximum: None, allowed: Vec::new() }
    }

    /// What a list or a map is made of, or the shape itself.
    pub fn innermost(&self) -> &Self {
        match &self.kind {
            Kind::List(element) | Kind::Map(element) => element.innermost(),
            _ => self,
        }
    }
}
