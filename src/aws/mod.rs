//! Facts about AWS as data: what exists, what its limits are, and where each fact was read.
//!
//! Sources are named beside every table. Paths such as `vpc/latest/privatelink/vpc-limits-endpoints` are pages under
//! `docs.aws.amazon.com`; "botocore" is the PyPI package of that name, whose service models are those of the API. What no
//! source settles is `None` here: never a guess.

pub mod arn;
pub mod attributes;
pub mod cloudformation;
pub mod cloudwatch;
pub mod ecr;
pub mod endpoints;
pub mod fargate;
pub mod flow_logs;
pub mod hole;
pub mod iam;
pub mod load_balancer;
pub mod load_balancer_attributes;
pub mod logs;
pub mod partition;
pub mod prefix_lists;
pub mod prices;
pub mod principal;
pub mod private_link;
pub mod region;
pub mod subnets;
pub mod tls_policies;

pub use arn::Arn;
pub use partition::Partition;
pub use region::Region;
