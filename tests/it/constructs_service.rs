//! Roles, clusters, tasks, services, scaling and secrets: what they turn into, and what is refused.

mod roles;
