//! cfn-guard, built from crates.io.

use std::path::PathBuf;

use anyhow::Result;

use super::Installed;
use crate::session::Session;
use crate::workspace::{cargo, fresh_folder, root};

/// The release that the benchmark compares with.
const VERSION: &str = "3.2.1";

/// Installs cfn-guard into `target/tools/guard`, unless it is there, and says where the program is.
pub fn install(session: &mut Session) -> Result<PathBuf> {
    let installed = Installed::new("guard", &[&root().join("xtask/src/tools/guard.rs")], VERSION)?;
    let program = installed.folder().join("bin").join(format!("cfn-guard{}", std::env::consts::EXE_SUFFIX));
    if installed.is_fresh() && program.is_file() {
        return Ok(program);
    }
    session.say("building cfn-guard");
    fresh_folder(installed.folder())?;
    let install = ["install", "--quiet", "--locked", "cfn-guard", "--version", VERSION, "--root"];
    session.run("cargo install cfn-guard", cargo(&install).arg(installed.folder()))?;
    installed.finish()?;
    Ok(program)
}
