//! Constructs: what is built from a spec, or composed in Rust. One construct per file, in CDK's manner: a construct is made
//! inside a scope, adds resources to the scope's stack, and gives back what others connect to.

pub mod app;
pub mod cluster;
pub mod endpoint_service;
pub mod endpoints;
mod existing_network;
pub mod iam;
pub mod load_balancer;
pub mod network;
pub mod order;
pub mod pattern;
pub mod role;
pub mod scope;
pub mod security_group;
pub mod service;
pub mod stack;
pub mod task;
mod zones;

pub use app::App;
pub use cluster::Cluster;
pub use endpoint_service::EndpointService;
pub use endpoints::{Endpoints, Needs};
pub use load_balancer::{Listener, LoadBalancer};
pub use network::{Network, Subnet};
pub use role::{Role, Trust};
pub use scope::Scope;
pub use security_group::{Peer, SecurityGroup, Traffic};
pub use service::FargateService;
pub use stack::{
    ConstructNode, ImageAsset, ParameterBinding, RemovalPolicy, ResourceRecord, Stack, StackProps, StackResource,
};
pub use task::Task;
