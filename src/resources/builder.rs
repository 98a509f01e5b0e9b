//! What all builders of resources and of their nested types have in common.

use crate::cfn::{Map, Text, Value};

/// A builder of a resource or of a nested type: a map of properties with typed setters.
///
/// A setter called twice keeps the last value; properties are written in the order in which they were first set.
pub trait Builder: Sized {
    /// The properties set so far.
    fn properties(&self) -> &Map;

    /// The properties set so far, to change them.
    fn properties_mut(&mut self) -> &mut Map;

    /// Sets a property by its CloudFormation name: for what has no setter.
    #[must_use]
    fn with(mut self, name: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.properties_mut().insert(name, value);
        self
    }

    /// Applies a setter when there is a value: `.maybe(key_arn, LogGroup::kms_key_id)`.
    #[must_use]
    fn maybe<T>(self, value: Option<T>, set: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => set(self, value),
            None => self,
        }
    }
}

/// Sets a property: one of the functions behind all setters, so that each of them stays a few instructions.
#[inline(never)]
pub(crate) fn set(properties: &mut Map, name: &'static str, value: Value) {
    properties.insert(name, value);
}

/// Sets a property to a copy of a value.
#[inline(never)]
pub(crate) fn set_copy(properties: &mut Map, name: &'static str, value: &Value) {
    properties.insert(name, value.clone());
}

/// Sets a property to text that is written in the program.
#[inline(never)]
pub(crate) fn set_text(properties: &mut Map, name: &'static str, text: &'static str) {
    properties.insert(name, text);
}

/// Sets a property to what a builder has made.
#[inline(never)]
pub(crate) fn set_map(properties: &mut Map, name: &'static str, map: Map) {
    properties.insert(name, map);
}

/// Sets a property to a whole number.
#[inline(never)]
pub(crate) fn set_integer(properties: &mut Map, name: &'static str, number: i64) {
    properties.insert(name, number);
}

/// Sets a property to yes or no.
#[inline(never)]
pub(crate) fn set_boolean(properties: &mut Map, name: &'static str, holds: bool) {
    properties.insert(name, holds);
}

/// The builder of a resource type, as the generated files write it.
macro_rules! resource {
    (
        $(#[$doc:meta])*
        $name:ident $type_name:literal {
            $($(#[$attribute_doc:meta])* $constant:ident $attribute:literal,)*
        } { $($properties:tt)* }
    ) => {
        $crate::resources::builder::builder! { [$(#[$doc])*] $name { $($properties)* } }

        impl $name {
            /// The name of the resource type.
            pub const TYPE: &'static str = $type_name;

            $($(#[$attribute_doc])* pub const $constant: &'static str = $attribute;)*
        }

        impl From<$name> for $crate::resources::Resource {
            #[inline]
            fn from(builder: $name) -> Self {
                Self::new($type_name, builder.0)
            }
        }
    };
}

/// The builder of a nested type, as the generated files write it.
macro_rules! nested {
    ($(#[$doc:meta])* $name:ident { $($properties:tt)* }) => {
        $crate::resources::builder::builder! { [$(#[$doc])*] $name { $($properties)* } }

        impl From<$name> for $crate::cfn::Value {
            #[inline]
            fn from(builder: $name) -> Self {
                Self::Map(builder.0)
            }
        }
    };
}

/// What the two have in common.
macro_rules! builder {
    (
        [$(#[$doc:meta])*] $name:ident {
            $($(#[$setter_doc:meta])* $setter:ident $property:literal $kind:ty,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name($crate::cfn::Map);

        impl $name {
            /// Without any property.
            #[inline]
            #[must_use]
            pub const fn new() -> Self {
                Self($crate::cfn::Map::new())
            }

            $(
                $(#[$setter_doc])*
                #[must_use]
                pub fn $setter(mut self, value: impl $crate::resources::input::Input<$kind>) -> Self {
                    $crate::resources::input::Input::<$kind>::put(value, &mut self.0, $property);
                    self
                }
            )*
        }

        impl $crate::resources::Builder for $name {
            #[inline]
            fn properties(&self) -> &$crate::cfn::Map {
                &self.0
            }

            #[inline]
            fn properties_mut(&mut self) -> &mut $crate::cfn::Map {
                &mut self.0
            }
        }
    };
}

pub(crate) use {builder, nested, resource};
