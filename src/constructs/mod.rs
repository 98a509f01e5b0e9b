//! Constructs: what is built from a spec, or composed in Rust. One construct per file, in CDK's manner: a construct is made
//! inside a scope, adds resources to the scope's stack, and gives back what others connect to.

mod access_logs;
pub mod app;
pub mod cluster;
pub mod consumer;
pub mod consumer_checks;
mod consumer_policy;
mod container;
mod container_checks;
mod endpoint_policies;
pub mod endpoint_service;
pub mod endpoints;
mod existing_network;
mod flow_log_queries;
pub mod flow_logs;
pub mod hand_off;
mod holes;
pub mod iam;
mod images;
pub mod listener;
pub mod load_balancer;
mod load_balancer_rules;
mod location;
mod log_bucket;
pub mod log_group;
mod needs;
pub mod network;
mod notifications;
pub mod order;
pub mod output_reader;
pub mod pattern;
mod principals;
pub mod private_dns;
mod problem;
mod references;
pub mod role;
mod scaling;
mod schedule;
pub mod scope;
pub mod secrets;
pub mod security_group;
pub mod service;
pub mod stack;
mod target_group;
pub mod task;
pub mod task_needs;
mod zones;

pub use app::App;
pub use cluster::Cluster;
pub use consumer::{Consumer, Provider};
pub use endpoint_service::EndpointService;
pub use endpoints::{Endpoints, Needs};
pub use flow_logs::FlowLogs;
pub use hand_off::{deploy_command, hand_off};
pub use listener::{Backend, Backends, Listener};
pub use load_balancer::LoadBalancer;
pub use network::{Network, Subnet};
pub use role::{Role, Trust};
pub use scope::Scope;
pub use secrets::{ManagedSecret, ManagedSecrets};
pub use security_group::{Peer, SecurityGroup, Traffic};
pub use service::{FargateService, FargateServiceProps};
pub use stack::{
    ConstructNode, ImageAsset, ParameterBinding, RemovalPolicy, ResourceRecord, Stack, StackProps, StackResource,
};
pub use task::Task;
