//! The names that the properties of resources have, for types of which mistakes in them are told.
//!
//! ```
//! use ringfence::resources::names::PropertyNames;
//!
//! let names = PropertyNames::of("AWS::ECS::Service").unwrap();
//! assert!(names.own().has("DesiredCount"));
//! let inside = names.inside().find(|inside| inside.path == "DeploymentConfiguration").unwrap();
//! assert!(inside.has("MaximumPercent"));
//! assert!(!inside.has("MaximumPercents"));
//! ```

use super::generated::names::NAMES;
use crate::cfn::Gather as _;

/// The names of the properties of one type.
#[derive(Clone, Debug)]
pub struct PropertyNames {
    own: KnownNames,
    inside: Vec<KnownNames>,
}

/// The names in the maps at one place.
#[derive(Clone, Debug)]
pub struct KnownNames {
    /// A path of keys, separated by `/`, lists left out; empty for the properties themselves.
    pub path: &'static str,
    /// In order.
    names: Vec<&'static str>,
}

impl PropertyNames {
    /// Those of the type with this name, such as `AWS::EC2::VPC`; nothing for types that are not judged.
    #[must_use]
    pub fn of(type_name: &str) -> Option<Self> {
        let (_, text) = NAMES.get(row(type_name)?)?;
        let mut lines = text.split('\n').map(KnownNames::from_line);
        Some(Self { own: lines.next()?, inside: lines.gather() })
    }

    /// Whether the type with this name is judged.
    #[must_use]
    pub fn are_known(type_name: &str) -> bool {
        row(type_name).is_some()
    }

    /// The types that are judged, in order of their names.
    pub fn types() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// The names of the properties themselves.
    #[must_use]
    pub fn own(&self) -> &KnownNames {
        &self.own
    }

    /// The names inside of properties.
    pub fn inside(&self) -> impl Iterator<Item = &KnownNames> {
        self.inside.iter()
    }
}

fn row(type_name: &str) -> Option<usize> {
    NAMES.binary_search_by(|(known, _)| (*known).cmp(type_name)).ok()
}

impl KnownNames {
    /// Reads a line that `xtask/src/codegen/judged.rs` describes.
    fn from_line(line: &'static str) -> Self {
        let (path, names) = line.split_once(':').unwrap_or(("", line));
        Self { path, names: names.split(',').gather() }
    }

    /// Whether a name is one of them.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.names.binary_search(&name).is_ok()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.names.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_names_are_in_order() {
        assert!(NAMES.is_sorted());
        for type_name in PropertyNames::types() {
            let names = PropertyNames::of(type_name).unwrap();
            for known in names.inside().chain([names.own()]) {
                assert!(known.names.is_sorted(), "{type_name} {}", known.path);
                assert!(known.iter().all(|name| known.has(name)), "{type_name} {}", known.path);
            }
        }
    }
}
