//! `cargo xtask codegen`: writes what is generated from the CloudFormation schemas, and the pages of the rules.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::codegen::{Mode, run as generate};
use crate::session::Session;
use crate::workspace::cargo;

/// Whether to write or to compare.
#[derive(Args)]
pub struct Arguments {
    /// Writes nothing, and fails when something is stale
    #[arg(long)]
    check: bool,
}

/// Writes, or checks, every generated file. The pages of the rules are checked by the integration tests.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    if arguments.check {
        generate(Mode::Check)?;
        return Ok(ExitCode::SUCCESS);
    }
    generate(Mode::Write)?;
    let mut session = Session::new("codegen-command")?;
    let pages = ["test", "--quiet", "--package", "ringfence", "--test", "it", "the_pages_of_the_rules"];
    session.run("pages of the rules", cargo(&pages).env("RINGFENCE_WRITE_PAGES", "1"))?;
    Ok(ExitCode::SUCCESS)
}
