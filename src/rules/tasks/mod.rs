//! Tasks and services: codes RF14xx.

use super::Rule;

mod architecture_left_out;
mod bad_ephemeral_storage;
mod bad_task_size;
mod containers_at_odds;
mod containers_exceed_task;
mod deployment_without_room;
mod ecs_endpoints_incomplete;
mod exec_on_read_only_root;
mod exec_without_permission;
mod image_for_another_architecture;
mod launch_type_beside_providers;
mod no_circuit_breaker;
mod no_grace_period;
mod not_on_fargate;
mod public_address;
mod rotated_secret_without_restart;
mod scaling_nothing;
mod scheduled_task_refused;
mod subnet_too_small;
mod tasks_admit_everybody;
mod too_few_tasks_during_deployment;
mod too_many_subnets_or_groups;
mod volume_not_defined;

/// The rules of this subject.
pub(super) const RULES: &[&Rule] = &[
    &bad_task_size::RULE,
    &containers_exceed_task::RULE,
    &bad_ephemeral_storage::RULE,
    &architecture_left_out::RULE,
    &image_for_another_architecture::RULE,
    &rotated_secret_without_restart::RULE,
    &exec_without_permission::RULE,
    &exec_on_read_only_root::RULE,
    &public_address::RULE,
    &no_grace_period::RULE,
    &too_few_tasks_during_deployment::RULE,
    &deployment_without_room::RULE,
    &no_circuit_breaker::RULE,
    &too_many_subnets_or_groups::RULE,
    &subnet_too_small::RULE,
    &ecs_endpoints_incomplete::RULE,
    &launch_type_beside_providers::RULE,
    &volume_not_defined::RULE,
    &tasks_admit_everybody::RULE,
    &not_on_fargate::RULE,
    &containers_at_odds::RULE,
    &scaling_nothing::RULE,
    &scheduled_task_refused::RULE,
];
