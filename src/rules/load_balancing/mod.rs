//! Load balancers, listeners and target groups: codes RF11xx.

use super::Rule;

mod target_type_not_ip;

/// The rules about load balancing.
pub(super) const RULES: &[&Rule] = &[&target_type_not_ip::RULE];
