//! Ringfence builds, checks and proves private services on AWS.

pub mod aws;
pub mod cfn;
pub mod resources;

/// The version of this library.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
