//! Benchmark programs of our own, and the instructions inside their functions.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use crate::session::Session;
use crate::workspace::{cargo, read, root};

/// Builds the program as benchmarks are built, and says where it is.
pub fn build(session: &mut Session, program: &str) -> Result<PathBuf> {
    let arguments = [
        "bench",
        "--quiet",
        "--package",
        "ringfence",
        "--no-default-features",
        "--bench",
        program,
        "--no-run",
        "--message-format",
        "json",
    ];
    let output = session.capture("cargo bench --no-run", &mut cargo(&arguments))?;
    let artifacts = output.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let executables: Vec<String> = artifacts
        .filter(|artifact| artifact["target"]["name"] == program)
        .filter_map(|artifact| Some(artifact["executable"].as_str()?.to_owned()))
        .collect();
    match executables.as_slice() {
        [executable] => Ok(PathBuf::from(executable)),
        _ => bail!("cargo built {} programs called `{program}`", executables.len()),
    }
}

/// Counts the instructions inside a function of the program; the count is the same in every run.
pub fn count(session: &mut Session, program: &Path, function: &str, arguments: &[&str], folder: &Path) -> Result<u64> {
    let label = format!("{function}-{}", arguments.join("-"));
    let out = folder.join(format!("{label}.callgrind"));
    let mut command = Command::new("valgrind");
    command
        .args(["--quiet", "--tool=callgrind"])
        .arg(format!("--toggle-collect=*{function}*"))
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(program)
        .args(arguments)
        .current_dir(root());
    session.run(&format!("callgrind {label}"), &mut command)?;
    let text = read(&out)?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: ").or_else(|| line.strip_prefix("summary: ")));
    let instructions: u64 =
        total.context("callgrind wrote no total")?.trim().parse().context("callgrind wrote no number")?;
    ensure!(instructions > 0, "{label}: counted nothing");
    Ok(instructions)
}
