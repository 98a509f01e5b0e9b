//! `wasm`: the core and the bindings build for WebAssembly, within their budget.

use anyhow::Result;

use crate::commands::wasm::{BUDGET, build};
use crate::session::Session;
use crate::workspace::{cargo, scratch};

pub fn run(session: &mut Session) -> Result<String> {
    let core = [
        "build",
        "--quiet",
        "--package",
        "ringfence",
        "--no-default-features",
        "--lib",
        "--target",
        "wasm32-unknown-unknown",
    ];
    session.run("cargo build, core for wasm", &mut cargo(&core))?;
    let sizes = build(session, &scratch().join("wasm"), "nodejs")?;
    sizes.assert_within(BUDGET)?;
    Ok(sizes.to_string())
}
