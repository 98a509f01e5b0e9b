//! `browser`: a browser answers as the native library does, on a page and in a worker.

use std::process::Command;

use anyhow::{Context as _, Result};

use super::npm::parity_cases;
use crate::commands::npm;
use crate::session::Session;
use crate::tools::toolchain::chromium;
use crate::workspace::root;

pub fn run(session: &mut Session) -> Result<String> {
    npm::checked(session)?;
    let cases = parity_cases(session)?;
    let browser = chromium().context("there is no Chromium")?;
    let mut command = Command::new("node");
    command.arg(root().join("tests/parity/browser.cjs")).arg(cases).arg(root().join(npm::PACKAGE)).arg(browser);
    let told = session.capture("tests/parity/browser.cjs", &mut command)?;
    Ok(told.lines().last().unwrap_or_default().to_owned())
}
