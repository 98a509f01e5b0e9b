//! Templates and how they hang together: codes RF17xx.

use super::Rule;

mod arn_of_another_partition;
mod circular_dependency;
mod endpoint_service_exported;
mod import_of_nothing;
mod reference_to_nothing;
mod template_too_large;

/// The rules about templates and stacks.
pub(super) const RULES: &[&Rule] = &[
    &circular_dependency::RULE,
    &reference_to_nothing::RULE,
    &template_too_large::RULE,
    &import_of_nothing::RULE,
    &endpoint_service_exported::RULE,
    &arn_of_another_partition::RULE,
];
