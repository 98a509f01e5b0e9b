//! `browser`: a browser answers as the native library does, on a page and in a worker; and on pages that bundlers make.

use std::process::Command;

use anyhow::{Context as _, Result};

use super::npm::parity_cases;
use crate::commands::npm;
use crate::session::Session;
use crate::tools::node::Node;
use crate::tools::toolchain::chromium;
use crate::workspace::root;

pub fn run(session: &mut Session) -> Result<String> {
    npm::checked(session)?;
    let cases = parity_cases(session)?;
    let browser = chromium().context("there is no Chromium")?;
    let mut command = Command::new("node");
    command.arg(root().join("tests/parity/browser.cjs")).arg(cases).arg(root().join(npm::PACKAGE)).arg(browser);
    let told = session.capture("tests/parity/browser.cjs", &mut command)?;
    let bundled = bundled(session, browser)?;
    Ok(format!("{}; {bundled}", told.lines().last().unwrap_or_default()))
}

/// Opens pages that bundlers have made with the package.
fn bundled(session: &mut Session, browser: &str) -> Result<String> {
    let folder = root().join("tests/bundlers");
    let node = Node::install(session, "bundlers", &folder)?;
    let mut command = Command::new("node");
    command.arg(folder.join("run.cjs")).arg(root().join(npm::PACKAGE)).arg(node.modules()).arg(browser);
    let told = session.capture("tests/bundlers/run.cjs", &mut command)?;
    Ok(told.lines().last().unwrap_or_default().to_owned())
}
