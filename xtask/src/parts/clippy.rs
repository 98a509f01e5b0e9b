//! `clippy`: lints, on the host and for WebAssembly; warnings are errors.

use anyhow::Result;

use crate::session::Session;
use crate::workspace::cargo;

const WASM: &str = "wasm32-unknown-unknown";

pub fn run(session: &mut Session) -> Result<String> {
    let ways: &[(&str, &[&str])] = &[
        ("clippy, everything", &["--workspace", "--all-targets", "--all-features"]),
        ("clippy, core", &["--package", "ringfence", "--no-default-features", "--lib", "--tests"]),
        // Both at once, so that the core is compiled for WebAssembly only once.
        (
            "clippy, core and bindings for wasm",
            &[
                "--package",
                "ringfence",
                "--package",
                "ringfence-wasm",
                "--no-default-features",
                "--lib",
                "--target",
                WASM,
            ],
        ),
    ];
    for (what, arguments) in ways {
        session.run(what, cargo(&["clippy", "--quiet"]).args(*arguments).args(["--", "--deny", "warnings"]))?;
    }
    Ok(format!("{} ways to build", ways.len()))
}
