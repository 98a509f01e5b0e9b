//! Views: how the kinds of things are declared.

use std::borrow::Cow;

use super::{Field, Identity, Model, Node, ResourceId};

/// A thing of a kind: a resource of one type, with names for its properties.
pub trait View<'a>: Copy {
    /// The resource type.
    const TYPE: &'static str;

    /// The resource as this kind of thing.
    fn new(model: &'a Model<'a>, id: ResourceId) -> Self;

    /// The resource.
    fn id(self) -> ResourceId;

    /// The model of which it is part.
    fn model(self) -> &'a Model<'a>;

    /// What it is to those that refer to it.
    fn identity(self) -> Identity<'a> {
        Identity::Resource(self.id())
    }

    /// Its logical ID.
    fn logical_id(self) -> &'a str {
        self.model().logical_id(self.id())
    }

    /// A property, by the path of its keys, separated by `/`.
    fn property(self, path: &str) -> Node<'a> {
        self.model().property(self.id(), path)
    }
}

/// The identities in a list, when all of it can be read.
pub(super) fn identities<'a>(node: &Node<'a>) -> Field<'a, Vec<Identity<'a>>> {
    let items = match node.items() {
        Field::Absent => return Field::Absent,
        Field::Unknown(because) => return Field::Unknown(because),
        Field::Known(items) => items,
    };
    let mut identities = Vec::with_capacity(items.len());
    for item in &items {
        match item.identity() {
            Field::Absent => {}
            Field::Unknown(because) => return Field::Unknown(because),
            Field::Known(identity) => identities.push(identity),
        }
    }
    Field::Known(identities)
}

// What the accessors of all views share: each reads a property and lets go of it, so that the accessors are a call each.

pub(super) fn text<'a>(model: &Model<'a>, id: ResourceId, path: &str) -> Field<'a, Cow<'a, str>> {
    model.property(id, path).text()
}

pub(super) fn int<'a>(model: &Model<'a>, id: ResourceId, path: &str) -> Field<'a, i64> {
    model.property(id, path).int()
}

pub(super) fn bool<'a>(model: &Model<'a>, id: ResourceId, path: &str) -> Field<'a, bool> {
    model.property(id, path).bool()
}

pub(super) fn identity<'a>(model: &Model<'a>, id: ResourceId, path: &str) -> Field<'a, Identity<'a>> {
    model.property(id, path).identity()
}

pub(super) fn identities_at<'a>(model: &Model<'a>, id: ResourceId, path: &str) -> Field<'a, Vec<Identity<'a>>> {
    identities(&model.property(id, path))
}

pub(super) fn items<'a>(model: &Model<'a>, id: ResourceId, path: &str) -> Vec<Node<'a>> {
    model.property(id, path).known_items()
}

/// Declares views: a type of resource, and names for its properties. What a name gives depends on its kind: `text`, `int`,
/// `bool`, `one` (what is referred to), `many` (all that is referred to), `list` (its elements, as far as they are known) or
/// `node`. `or` is CloudFormation's default.
macro_rules! views {
    ($($(#[$doc:meta])* $view:ident = $type:literal { $($name:ident: $kind:ident $path:literal $(or $default:expr)?,)* })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $view<'a> {
            model: &'a $crate::model::Model<'a>,
            id: $crate::model::ResourceId,
        }

        impl<'a> $crate::model::View<'a> for $view<'a> {
            const TYPE: &'static str = $type;

            fn new(model: &'a $crate::model::Model<'a>, id: $crate::model::ResourceId) -> Self {
                Self { model, id }
            }

            fn id(self) -> $crate::model::ResourceId {
                self.id
            }

            fn model(self) -> &'a $crate::model::Model<'a> {
                self.model
            }
        }

        impl<'a> $view<'a> {
            $($crate::model::views::accessor! { $name $kind $path $($default)? })*
        }
    )+};
}

macro_rules! accessor {
    ($name:ident text $path:literal $($default:expr)?) => {
        #[doc = concat!("`", $path, "`", $(", or `", stringify!($default), "`",)? ".")]
        #[must_use]
        pub fn $name(self) -> $crate::model::Field<'a, std::borrow::Cow<'a, str>> {
            $crate::model::views::text(self.model, self.id, $path)$(.or(std::borrow::Cow::Borrowed($default)))?
        }
    };
    ($name:ident int $path:literal $($default:expr)?) => {
        #[doc = concat!("`", $path, "`", $(", or `", stringify!($default), "`",)? ".")]
        #[must_use]
        pub fn $name(self) -> $crate::model::Field<'a, i64> {
            $crate::model::views::int(self.model, self.id, $path)$(.or($default))?
        }
    };
    ($name:ident bool $path:literal $($default:expr)?) => {
        #[doc = concat!("`", $path, "`", $(", or `", stringify!($default), "`",)? ".")]
        #[must_use]
        pub fn $name(self) -> $crate::model::Field<'a, bool> {
            $crate::model::views::bool(self.model, self.id, $path)$(.or($default))?
        }
    };
    ($name:ident one $path:literal) => {
        #[doc = concat!("`", $path, "`: what it refers to.")]
        #[must_use]
        pub fn $name(self) -> $crate::model::Field<'a, $crate::model::Identity<'a>> {
            $crate::model::views::identity(self.model, self.id, $path)
        }
    };
    ($name:ident many $path:literal) => {
        #[doc = concat!("`", $path, "`: all that it refers to.")]
        #[must_use]
        pub fn $name(self) -> $crate::model::Field<'a, Vec<$crate::model::Identity<'a>>> {
            $crate::model::views::identities_at(self.model, self.id, $path)
        }
    };
    ($name:ident list $path:literal) => {
        #[doc = concat!("`", $path, "`: its elements, as far as they are known.")]
        #[must_use]
        pub fn $name(self) -> Vec<$crate::model::Node<'a>> {
            $crate::model::views::items(self.model, self.id, $path)
        }
    };
    ($name:ident node $path:literal) => {
        #[doc = concat!("`", $path, "`.")]
        #[must_use]
        pub fn $name(self) -> $crate::model::Node<'a> {
            self.model.property(self.id, $path)
        }
    };
}

pub(super) use {accessor, views};
