//! `doc`: the documentation builds without warnings.

use anyhow::Result;

use crate::session::Session;
use crate::workspace::cargo;

pub fn run(session: &mut Session) -> Result<String> {
    let mut command = cargo(&[
        "doc",
        "--quiet",
        "--no-deps",
        "--all-features",
        "--package",
        "ringfence",
        "--package",
        "ringfence-wasm",
    ]);
    session.run("cargo doc", command.env("RUSTDOCFLAGS", "--deny warnings"))?;
    Ok("ringfence and ringfence-wasm".to_owned())
}
