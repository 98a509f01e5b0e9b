//! `wasm`: the core and the bindings build for WebAssembly, within their budget.

use std::path::Path;

use anyhow::Result;

use super::specs::synthesize;
use crate::commands::wasm::{FULL, SYNTH, build};
use crate::session::Session;
use crate::tools::node::Node;
use crate::workspace::{cargo, read, scratch, shown};

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
    let folder = scratch().join("wasm-synth");
    let synth = build(session, &SYNTH, &folder, "nodejs")?;
    synth.assert_within(&SYNTH)?;
    same_bytes(session, &folder)?;
    let folder = scratch().join("wasm");
    let sizes = build(session, &FULL, &folder, "nodejs")?;
    sizes.assert_within(&FULL)?;
    let compared = same_bytes(session, &folder)?;
    Ok(format!("{sizes}; synth alone: {synth}; {compared}"))
}

/// Makes assemblies with the module and with the command: shrinking must not change what it says.
fn same_bytes(session: &mut Session, package: &Path) -> Result<String> {
    let node = Node::tools(session)?;
    // What an image is called depends on the content of its folder, and the module sees no folders.
    let assemblies = synthesize(session, "wasm-assemblies")?;
    let mut pairs = Vec::new();
    for assembly in &assemblies {
        if !read(&assembly.spec)?.contains("build:") {
            pairs.push(format!("{}={}", shown(&assembly.spec), shown(&assembly.folder)));
        }
    }
    let mut command = node.program("tests/tools/same-bytes.cjs");
    let told = session.capture("same-bytes.cjs", command.arg(package.join("ringfence.js")).args(pairs))?;
    Ok(told.lines().last().unwrap_or_default().to_owned())
}
