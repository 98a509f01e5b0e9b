//! Reports for people and machines, one file per form. JSON is in `wire`: it is a contract.

pub mod github;
#[cfg(feature = "cli")]
pub mod pretty;
#[cfg(feature = "pages")]
pub mod sarif;
pub mod summary;

use crate::cfn::SourceText;

/// The texts that findings are about, by name.
#[derive(Clone, Debug, Default)]
pub struct Sources<'a> {
    sources: Vec<&'a SourceText>,
}

impl<'a> Sources<'a> {
    /// The text of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&'a SourceText> {
        let found = self.sources.binary_search_by(|source| source.name().cmp(name)).ok()?;
        self.sources.get(found).copied()
    }
}

impl<'a> From<&'a SourceText> for Sources<'a> {
    fn from(source: &'a SourceText) -> Self {
        Self { sources: vec![source] }
    }
}

impl From<&Self> for Sources<'_> {
    fn from(sources: &Self) -> Self {
        sources.clone()
    }
}

impl<'a> FromIterator<&'a SourceText> for Sources<'a> {
    fn from_iter<I: IntoIterator<Item = &'a SourceText>>(sources: I) -> Self {
        let mut sources: Vec<&SourceText> = sources.into_iter().collect();
        sources.sort_by_key(|source| source.name());
        Self { sources }
    }
}

/// `Environment = prod and Public = true`: the conditions and parameter values that make a finding true.
fn world(finding: &super::Finding) -> Option<String> {
    let facts: Vec<String> = finding.world.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    (!facts.is_empty()).then(|| facts.join(" and "))
}

#[cfg(test)]
mod tests;
