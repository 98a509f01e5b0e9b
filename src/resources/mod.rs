//! L1s: a typed builder per CloudFormation resource type over one map of values.
//!
//! ```
//! use ringfence::resources::{Resource, ec2};
//!
//! let vpc = ec2::Vpc::new().cidr_block("10.0.0.0/16").enable_dns_hostnames(true);
//! assert_eq!(Resource::from(vpc).type_name(), ec2::Vpc::TYPE);
//! ```

pub(crate) mod builder;
#[expect(
    clippy::should_implement_trait,
    reason = "setters are called as CloudFormation's properties are, such as `Add`"
)]
mod generated;
pub mod input;
pub mod names;
pub mod resource;
pub mod schema;
pub mod tag;

pub use builder::Builder;
pub use generated::*;
pub use resource::Resource;
pub use tag::Tag;
