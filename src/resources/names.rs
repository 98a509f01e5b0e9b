//! The names that the properties of resources have, for types of which mistakes in them are told.
//!
//! ```
//! use ringfence::resources::names::PropertyNames;
//!
//! let names = PropertyNames::of("AWS::ECS::Service").unwrap();
//! assert!(names.inside("").any(|name| name == "DesiredCount"));
//! assert!(names.paths().any(|path| path == "DeploymentConfiguration"));
//! assert!(names.inside("DeploymentConfiguration").any(|name| name == "MaximumPercent"));
//! ```

use super::generated::names::NAMES;

/// The names of the properties of one type.
#[derive(Clone, Copy, Debug)]
pub struct PropertyNames {
    /// The lines that `xtask/src/codegen/judged.rs` describes.
    text: &'static str,
}

impl PropertyNames {
    /// Those of the type with this name, such as `AWS::EC2::VPC`; nothing for types that are not judged.
    #[must_use]
    pub fn of(type_name: &str) -> Option<Self> {
        let index = NAMES.binary_search_by(|(known, _)| (*known).cmp(type_name)).ok()?;
        NAMES.get(index).map(|(_, text)| Self { text })
    }

    /// The types that are judged, in order of their names.
    pub fn types() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// The properties inside of which names are known, too: paths of keys, separated by `/`, lists left out.
    pub fn paths(self) -> impl Iterator<Item = &'static str> {
        self.text.lines().skip(1).filter_map(|line| Some(line.split_once(':')?.0))
    }

    /// The names in the maps at a path, or of the properties themselves when it is empty. None for other paths.
    pub fn inside(self, path: &str) -> impl Iterator<Item = &'static str> {
        let line = match path {
            "" => self.text.lines().next(),
            path => self
                .text
                .lines()
                .skip(1)
                .find_map(|line| line.split_once(':').filter(|(known, _)| *known == path))
                .map(|(_, names)| names),
        };
        line.unwrap_or_default().split(',')
    }
}
