//! `cargo xtask npm`: builds what the npm packages need and git does not have.

use std::process::ExitCode;

use anyhow::{Result, bail};

use super::wasm::{FULL, Sizes, build};
use crate::session::Session;
use crate::tools::toolchain::{self, Toolchain};
use crate::workspace::{root, shown};

/// Where the construct library keeps its copy of the library: npm would leave a bundled dependency out, without a word,
/// when a workspace has put it elsewhere.
const CONSTRUCTS: &str = "npm/cdk-ringfence/wasm";

/// Builds the packages and prints how large the module is.
pub fn run() -> Result<ExitCode> {
    let missing = toolchain::missing([Toolchain::WasmTarget, Toolchain::Node]);
    if !missing.is_empty() {
        bail!("toolchains are missing:\n  {}", missing.join("\n  "));
    }
    let mut session = Session::new("npm-command")?;
    match packages(&mut session) {
        Ok(sizes) => {
            println!("{}: {sizes}", shown(&root().join(CONSTRUCTS)));
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            eprintln!("{}", session.tail());
            Err(error)
        }
    }
}

/// Builds the packages.
pub fn packages(session: &mut Session) -> Result<Sizes> {
    build(session, &FULL, &root().join(CONSTRUCTS), "nodejs")
}
