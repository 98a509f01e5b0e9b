//! Templates and how they hang together: codes RF17xx.

use super::Rule;

mod arn_of_another_partition;
mod circular_dependency;
mod endpoint_service_exported;
mod import_of_nothing;
mod malformed_function;
mod malformed_template;
mod nested_parameters;
mod no_address_range;
mod part_of_another_network;
mod parts_of_references;
mod ports_in_wrong_order;
mod properties_at_odds;
mod range_out_of_place;
mod record_refused;
mod reference_to_nothing;
mod refers_to_another_kind;
mod refused_texts;
mod rows_of_mappings;
mod scaling_at_odds;
mod template_too_large;
mod unknown_property;
mod value_not_taken;

/// The rules about templates and stacks.
pub(super) const RULES: &[&Rule] = &[
    &circular_dependency::RULE,
    &reference_to_nothing::RULE,
    &template_too_large::RULE,
    &import_of_nothing::RULE,
    &endpoint_service_exported::RULE,
    &arn_of_another_partition::RULE,
    &value_not_taken::RULE,
    &range_out_of_place::RULE,
    &part_of_another_network::RULE,
    &ports_in_wrong_order::RULE,
    &properties_at_odds::RULE,
    &refers_to_another_kind::RULE,
    &no_address_range::RULE,
    &unknown_property::RULE,
    &malformed_template::RULE,
    &record_refused::RULE,
    &malformed_function::RULE,
];
