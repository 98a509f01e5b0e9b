//! Identity, secrets and keys: codes RF15xx.

use super::Rule;

mod bad_secret_reference;
mod execution_role_cannot_decrypt;
mod execution_role_without_permission;
mod full_access_policy;
mod function_without_permission;
mod hosted_rotation_without_transform;
mod key_closed_to_logs;
mod left_out_of_key;
mod never_applies;
mod no_execution_role;
mod partial_secret_arn;
mod pass_any_role;
mod permission_on_everything;
mod policy_refused;
mod role_for_everybody;
mod role_may_do_everything;
mod role_may_do_whole_service;
mod role_trusted_by_another_service;
mod secret_in_environment;
mod secret_names;
mod task_roles;
mod trust_without_source;

/// The rules of this subject.
pub(super) const RULES: &[&Rule] = &[
    &no_execution_role::RULE,
    &execution_role_without_permission::RULE,
    &execution_role_cannot_decrypt::RULE,
    &bad_secret_reference::RULE,
    &partial_secret_arn::RULE,
    &role_trusted_by_another_service::RULE,
    &trust_without_source::RULE,
    &role_for_everybody::RULE,
    &role_may_do_everything::RULE,
    &role_may_do_whole_service::RULE,
    &permission_on_everything::RULE,
    &full_access_policy::RULE,
    &pass_any_role::RULE,
    &policy_refused::RULE,
    &secret_in_environment::RULE,
    &key_closed_to_logs::RULE,
    &left_out_of_key::RULE,
    &hosted_rotation_without_transform::RULE,
    &function_without_permission::RULE,
];
