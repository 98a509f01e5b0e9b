//! Ringfence builds, checks and proves private services on AWS.

pub mod assembly;
pub mod aws;
pub mod cfn;
pub mod constructs;
pub mod diagnostics;
pub mod resources;
pub mod spec;

/// The version of this library.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
