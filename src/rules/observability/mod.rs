//! Logs, metrics and alarms: codes RF16xx.

use super::Rule;

mod alarm_on_nothing;
mod alarm_unheard;
mod blocked_flows_without_alarm;
mod blocking_log;
mod flow_log_of_accepted_traffic;
mod flow_log_without_role;
mod health_without_alarm;
mod log_group_missing;
mod log_kept_for_ever;
mod log_option_missing;
mod network_without_flow_log;
mod outage_hidden_by_missing_data;

/// The rules of this subject.
pub(super) const RULES: &[&Rule] = &[
    &flow_log_without_role::RULE,
    &log_kept_for_ever::RULE,
    &network_without_flow_log::RULE,
    &log_option_missing::RULE,
    &log_group_missing::RULE,
    &blocking_log::RULE,
    &flow_log_of_accepted_traffic::RULE,
    &outage_hidden_by_missing_data::RULE,
    &alarm_on_nothing::RULE,
    &health_without_alarm::RULE,
    &blocked_flows_without_alarm::RULE,
    &alarm_unheard::RULE,
];
