//! A resource: its type and its properties.

use crate::cfn::Gather as _;
use crate::cfn::{Map, Text, Value};

/// The member that holds a resource's type.
const TYPE: &str = "Type";

/// The member that holds a resource's properties.
const PROPERTIES: &str = "Properties";

/// A resource of any type: what every typed builder turns into, and what is read from a template.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    type_name: Text,
    properties: Map,
    /// What the template had, in its order; type and properties stand elsewhere and leave their places as null.
    members: Map,
}

impl Resource {
    /// A resource of this type with these properties.
    #[must_use]
    pub fn new(type_name: impl Into<Text>, properties: Map) -> Self {
        Self { type_name: type_name.into(), properties, members: Map::new() }
    }

    /// Reads an entry of a template's `Resources`. Whatever it holds is kept, known or not, and [`Resource::into_value`]
    /// writes it back.
    ///
    /// # Errors
    /// Gives the value back when it is no resource: not a map, without text as `Type`, or with `Properties` that are
    /// neither a map nor a function in its place.
    pub fn from_value(value: Value) -> Result<Self, Value> {
        let Value::Map(mut members) = value else { return Err(value) };
        let properties_fit = matches!(members.get(PROPERTIES), None | Some(Value::Map(_) | Value::Intrinsic(_)));
        if !properties_fit || !matches!(members.get(TYPE), Some(Value::String(_))) {
            return Err(Value::Map(members));
        }
        let mut take = |name: &str| members.get_mut(name).map(std::mem::take);
        let Some(Value::String(type_name)) = take(TYPE) else { return Err(Value::Map(members)) };
        let properties = match take(PROPERTIES) {
            Some(Value::Map(properties)) => properties,
            // `Fn::Transform` stands between properties, and alone it reads like any other function.
            Some(Value::Intrinsic(function)) => {
                std::iter::once((Text::from(function.function.name()), function.argument)).gather()
            }
            _ => Map::new(),
        };
        Ok(Self { type_name, properties, members })
    }

    /// The entry of a template's `Resources`.
    #[must_use]
    pub fn into_value(self) -> Value {
        let Self { type_name, properties, mut members } = self;
        members.insert(TYPE, type_name);
        if !properties.is_empty() || members.contains_key(PROPERTIES) {
            members.insert(PROPERTIES, properties);
        }
        Value::Map(members)
    }

    /// The name of its type, such as `AWS::EC2::VPC`.
    #[must_use]
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// Its properties, those that no builder knows included.
    #[must_use]
    pub const fn properties(&self) -> &Map {
        &self.properties
    }

    /// Its properties, to change them.
    pub const fn properties_mut(&mut self) -> &mut Map {
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

    /// What a template that was read says about it besides type and properties, such as `DependsOn`.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.members.get(name).filter(|_| name != TYPE && name != PROPERTIES)
    }

    /// Its type and its properties.
    #[must_use]
    pub fn into_parts(self) -> (Text, Map) {
        (self.type_name, self.properties)
    }
}
