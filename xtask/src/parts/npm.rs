//! `npm`: the package for JavaScript hosts: what it answers, how it is loaded, typed and packed, and its command.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::commands::npm;
use crate::session::Session;
use crate::workspace::{cargo, entries, root, scratch};

pub fn run(session: &mut Session) -> Result<String> {
    npm::checked(session)?;
    let cases = parity_cases(session)?;
    let compare = root().join("tests/parity/node.cjs");
    let package = root().join(npm::PACKAGE);
    let compared =
        session.capture("tests/parity/node.cjs", Command::new("node").arg(compare).arg(&cases).arg(&package))?;
    let tests = tests(session)?;
    let command = command(session)?;
    Ok(format!("{tests} tests; {}; {command} tests of the command", compared.lines().last().unwrap_or_default()))
}

/// Answers the cases on which all hosts must agree, and gives back the file in which the answers are.
pub fn parity_cases(session: &mut Session) -> Result<PathBuf> {
    let path = scratch().join("parity.json");
    let answer = ["test", "--quiet", "--package", "ringfence", "--test", "it", "parity::"];
    session.run("native answers", cargo(&answer).env("RINGFENCE_PARITY", &path))?;
    Ok(path)
}

/// Runs the package's own tests and counts those that passed.
fn tests(session: &mut Session) -> Result<u64> {
    let failing = npm::failing(session)?;
    let tools = npm::tools(session)?;
    let folder = root().join(npm::PACKAGE).join("test");
    let files = entries(&folder)?.into_iter().filter(|path| path.to_string_lossy().ends_with(".test.cjs"));
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter=tap"]).args(files).current_dir(root());
    command.env("RINGFENCE_FAILING", failing).env("RINGFENCE_TOOLS", tools.modules());
    let output = session.capture("node --test", &mut command)?;
    let number = |what: &str| output.lines().rev().find_map(|line| line.strip_prefix(what)?.trim().parse::<u64>().ok());
    match (number("# pass"), number("# skipped")) {
        (Some(passed), Some(0)) if passed > 0 => Ok(passed),
        _ => bail!("some tests of the package did not run"),
    }
}

/// Runs the tests of the command once more, with the command that the package brings.
fn command(session: &mut Session) -> Result<u64> {
    let program = root().join(npm::PACKAGE).join("bin/ringfence.js");
    let tests = ["test", "--quiet", "--package", "ringfence", "--test", "it", "--", "cli::", "check::"];
    let mut command = cargo(&tests);
    command.env("RINGFENCE_COMMAND", format!("node {}", program.display())).env("INSTA_UPDATE", "no");
    let output = session.capture("cargo test, the command for WASI", &mut command)?;
    match super::unit::passed(&output) {
        0 => bail!("no test of the command ran"),
        passed => Ok(passed),
    }
}
