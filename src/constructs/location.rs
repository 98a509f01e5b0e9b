//! Where a stack goes, as far as that is known while it is made.

use crate::aws::Partition;
use crate::spec::Environment;

/// The account, Region and partition of a stack. What is not known is decided at deployment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Location<'a> {
    /// The account.
    pub(super) account: Option<&'a str>,
    /// The code of the Region, which may be newer than the table of Regions.
    pub(super) region: Option<&'a str>,
}

impl<'a> Location<'a> {
    /// The location that an environment names.
    pub(super) fn of(env: &'a Environment) -> Self {
        Self {
            account: env.account.as_ref().map(crate::spec::text::AccountId::as_str),
            region: env.region.as_ref().map(crate::spec::text::RegionName::as_str),
        }
    }

    /// The partition of the Region.
    pub(super) fn partition(self) -> Option<Partition> {
        self.region.and_then(Partition::of_region)
    }

    /// Whether AWS offers its newer settings there, as far as is known: in every partition but the first they come later,
    /// and sending one that does not exist yet fails.
    pub(super) fn has_newer_settings(self) -> bool {
        self.partition().is_none_or(|partition| partition == Partition::Aws)
    }
}
