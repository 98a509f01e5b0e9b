//! `deny`: cargo-deny judges the dependencies by `deny.toml`.

use anyhow::Result;

use crate::session::Session;
use crate::tools::python::Python;
use crate::workspace::cargo;

/// Advisories are left out: their database is a git repository, and tests reach package registries alone.
const CHECKS: [&str; 3] = ["licenses", "bans", "sources"];

pub fn run(session: &mut Session) -> Result<String> {
    let python = Python::tools(session)?;
    session.run("cargo fetch", &mut cargo(&["fetch", "--quiet", "--locked"]))?;
    session.run(
        "cargo deny",
        python.program("cargo-deny").args(["--workspace", "--locked", "check", "--deny", "warnings"]).args(CHECKS),
    )?;
    Ok(CHECKS.join(", "))
}
