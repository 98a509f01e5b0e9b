//! `cargo xtask ci`: what CI runs.

use std::process::ExitCode;

use anyhow::Result;

use super::test;

/// Runs every part of `cargo xtask test`; there is no way to leave one out.
pub fn run() -> Result<ExitCode> {
    test::run(&test::Arguments::default())
}
