//! A resource: its type and its properties.

use crate::cfn::{Map, Text, Value};

/// A resource of any type: what every typed builder turns into, and what is read from a template.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    type_name: Text,
    properties: Map,
}

impl Resource {
    /// A resource of this type with these properties.
    #[must_use]
    pub fn new(type_name: impl Into<Text>, properties: Map) -> Self {
        Self { type_name: type_name.into(), properties }
    }

    /// The name of its type, such as `AWS::EC2::VPC`.
    #[must_use]
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// Its properties, those that no builder knows included.
    #[must_use]
    pub fn properties(&self) -> &Map {
        &self.properties
    }

    /// Its properties, to change them.
    pub fn properties_mut(&mut self) -> &mut Map {
        &mut self.properties
    }

    /// The value of a property.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Value> {
        self.properties.get(name)
    }

    /// Sets a property: in its place when it is there already, otherwise at the end.
    pub fn set(&mut self, name: impl Into<Text>, value: impl Into<Value>) {
        self.properties.insert(name, value);
    }

    /// Its type and its properties.
    #[must_use]
    pub fn into_parts(self) -> (Text, Map) {
        (self.type_name, self.properties)
    }
}
