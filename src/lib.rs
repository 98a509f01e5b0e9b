//! The library behind the `ringfence` command.
//!
#![doc = include_str!("../README.md")]

pub mod assembly;
pub mod aws;
pub mod cfn;
#[cfg(feature = "cli")]
pub mod cli;
pub mod constructs;
pub mod diagnostics;
pub mod engine;
pub mod model;
pub mod plan;
pub mod reach;
pub mod resources;
pub mod rules;
pub mod spec;
pub mod wire;

/// The version of this library.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
