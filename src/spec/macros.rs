//! One declaration per type of the spec: the Rust type, its reading, its defaults, its documentation and its schema.

/// Declares a map with known keys. A member with `= default` may be left out.
macro_rules! spec_struct {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident {
            $($(#[doc = $field_doc:literal])* $field:ident $key:literal : $type:ty $(= $default:expr)?,)+
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $($(#[doc = $field_doc])* pub $field: $type,)+
        }

        impl $name {
            pub(crate) const SHAPE: &'static $crate::spec::shape::StructShape = &$crate::spec::shape::StructShape {
                name: stringify!($name),
                keys: &[$($key),+],
            };

            #[cfg(feature = "pages")]
            pub(crate) const PAGE: $crate::spec::shape::Page = $crate::spec::shape::Page::Struct {
                name: stringify!($name),
                doc: concat!($($doc, "\n",)* ""),
                fields: || vec![$(
                    $crate::spec::shape::Field::new::<$type>(
                        $key,
                        concat!($($field_doc, "\n",)* ""),
                        spec_struct!(@default $type $(, $default)?),
                    )
                ),+],
            };
        }

        impl Default for $name {
            /// Every member at its default; a member that has none is empty and must be set.
            fn default() -> Self {
                Self { $($field: spec_struct!(@value $($default)?)),+ }
            }
        }

        impl $crate::spec::decode::SpecType for $name {
            fn shape() -> $crate::spec::shape::Shape {
                $crate::spec::shape::Shape::Struct(Self::SHAPE)
            }

            fn decode(value: &$crate::cfn::Value, reader: &mut $crate::spec::decode::Decoder) -> Option<Self> {
                let mut decoded = Self::default();
                let slots: &mut [$crate::spec::decode::Member<'_>] = &mut [$(
                    $crate::spec::decode::Member {
                        required: spec_struct!(@required $($default)?),
                        slot: &mut decoded.$field,
                    }
                ),+];
                reader.fill(value, Self::SHAPE, slots).then_some(decoded)
            }

            fn encode(&self) -> $crate::cfn::Value {
                let mut map = $crate::cfn::Map::new();
                $($crate::spec::decode::push_member(&mut map, $key, $crate::spec::decode::SpecType::encode(&self.$field));)+
                map.into()
            }
        }
    };
    (@default $type:ty) => { None };
    (@default $type:ty, $default:expr) => {
        Some(|| -> $type { $default })
    };
    (@required) => { true };
    (@required $default:expr) => { false };
    (@value) => { Default::default() };
    (@value $default:expr) => { $default };
}

/// Declares a choice among a few words.
macro_rules! spec_choice {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident {
            $(#[doc = $first_doc:literal])* $first:ident = $first_word:literal,
            $($(#[doc = $variant_doc:literal])* $variant:ident = $word:literal,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $(#[doc = $first_doc])* #[default] $first,
            $($(#[doc = $variant_doc])* $variant,)*
        }

        impl $name {
            /// The word as it is written in a spec.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { Self::$first => $first_word, $(Self::$variant => $word,)* }
            }

            pub(crate) const SHAPE: &'static $crate::spec::shape::ChoiceShape = &$crate::spec::shape::ChoiceShape {
                name: stringify!($name),
                words: &[$first_word, $($word,)*],
            };

            #[cfg(feature = "pages")]
            pub(crate) const PAGE: $crate::spec::shape::Page = $crate::spec::shape::Page::Choice {
                name: stringify!($name),
                docs: &[concat!($($first_doc, "\n",)* ""), $(concat!($($variant_doc, "\n",)* ""),)*],
            };
        }

        impl $crate::spec::decode::SpecType for $name {
            fn shape() -> $crate::spec::shape::Shape {
                $crate::spec::shape::Shape::Choice(Self::SHAPE)
            }

            fn decode(value: &$crate::cfn::Value, reader: &mut $crate::spec::decode::Decoder) -> Option<Self> {
                let choices = [Self::$first, $(Self::$variant,)*];
                let chosen = $crate::spec::scalar::word(value, reader, Self::SHAPE)?;
                choices.get(chosen).copied()
            }

            fn encode(&self) -> $crate::cfn::Value {
                $crate::cfn::Value::from(self.word())
            }
        }
    };
}

pub(crate) use {spec_choice, spec_struct};
