//! `unit`: cargo's tests, with and without the command; and no snapshot is left over.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::session::Session;
use crate::workspace::{cargo, entries, read, root, scratch, shown};

pub fn run(session: &mut Session) -> Result<String> {
    let references = scratch().join("snapshots.txt");
    if references.exists() {
        std::fs::remove_file(&references)?;
    }
    let everything = test(session, "cargo test", &references, &["--workspace"])?;
    let core =
        test(session, "cargo test, core alone", &references, &["--package", "ringfence", "--no-default-features"])?;
    let snapshots = snapshots(&references)?;
    Ok(format!("{everything} tests, {core} of them again without the command; {snapshots} snapshots"))
}

/// Runs cargo's tests and counts those that passed.
fn test(session: &mut Session, what: &str, references: &Path, arguments: &[&str]) -> Result<u64> {
    let mut command: Command = cargo(&["test", "--quiet"]);
    command.args(arguments).env("INSTA_UPDATE", "no").env("INSTA_SNAPSHOT_REFERENCES_FILE", references);
    let output = session.capture(what, &mut command)?;
    let passed = passed(&output);
    if passed == 0 {
        bail!("{what}: ran no test");
    }
    Ok(passed)
}

/// Adds up the `12 passed` of each test binary.
pub fn passed(output: &str) -> u64 {
    let results = output.lines().filter(|line| line.starts_with("test result: ok. "));
    results.filter_map(|line| line.split(' ').nth(3)?.parse::<u64>().ok()).sum()
}

/// Counts the snapshots, each of which a test must have asked for.
fn snapshots(references: &Path) -> Result<usize> {
    let mut found = Vec::new();
    for folder in ["src", "tests", "bindings", "xtask/src"] {
        collect(&root().join(folder), &mut found)?;
    }
    let asked: BTreeSet<PathBuf> = if references.exists() {
        read(references)?.lines().filter_map(|line| Path::new(line).canonicalize().ok()).collect()
    } else {
        BTreeSet::new()
    };
    for path in &found {
        let real = path.canonicalize().with_context(|| shown(path))?;
        if !asked.contains(&real) {
            bail!("no test asks for the snapshot {}: remove it", shown(path));
        }
    }
    Ok(found.len())
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for path in entries(folder)? {
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "node_modules") {
                collect(&path, found)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "snap") {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::passed;

    #[test]
    fn passed_tests_of_all_binaries_are_added_up() {
        let output = "running 3 tests\n...\ntest result: ok. 3 passed; 0 failed; 0 ignored; 0 measured\n\n\
            test result: ok. 12 passed; 0 failed; 0 ignored\ntest result: FAILED. 5 passed; 1 failed\n";
        assert_eq!(passed(output), 15);
    }
}
