//! `codegen`: generated code is what its generator writes now.

use std::process::Command;

use anyhow::Result;

use crate::session::Session;
use crate::workspace::root;

pub fn run(session: &mut Session) -> Result<String> {
    let mut command = Command::new(std::env::current_exe()?);
    session.run("cargo xtask codegen --check", command.args(["codegen", "--check"]).current_dir(root()))?;
    Ok("nothing is stale".to_owned())
}
