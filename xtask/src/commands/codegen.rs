//! `cargo xtask codegen`: writes what is generated from the CloudFormation schemas.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::codegen::{Mode, run as generate};

/// Whether to write or to compare.
#[derive(Args)]
pub struct Arguments {
    /// Writes nothing, and fails when something is stale
    #[arg(long)]
    check: bool,
}

/// Writes, or checks, every generated file.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    generate(if arguments.check { Mode::Check } else { Mode::Write })?;
    Ok(ExitCode::SUCCESS)
}
