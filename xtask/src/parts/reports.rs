//! `reports`: what `ringfence check` prints as SARIF and JSON keeps to the schemas.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::specs::{build_command, ringfence};
use crate::session::Session;
use crate::tools::node::Node;
use crate::workspace::{entries, fresh_folder, root, scratch, write};

/// What is checked: mistakes of every kind.
const FOLDERS: [&str; 2] = ["tests/corpus/bad", "tests/corpus/rules"];

/// What is checked beside these.
const ASSEMBLY: &str = "tests/corpus/assemblies/cdk";

/// The report in which everything is that a report can have, as it was reviewed.
const SNAPSHOT: &str = "tests/it/check/snapshots/it__check__formats__sarif_has_everything.snap";

/// The schema of our own reports.
const SCHEMA: &str = "schema/report.schema.json";

pub fn run(session: &mut Session) -> Result<String> {
    let node = Node::tools(session)?;
    build_command(session)?;
    let made = scratch().join("reports");
    fresh_folder(&made)?;
    let mut groups = vec![(ASSEMBLY, vec![root().join(ASSEMBLY)])];
    for folder in FOLDERS {
        groups.push((folder, files(&root().join(folder))?));
    }
    let mut count = 0;
    for (name, inputs) in &groups {
        count += inputs.len();
        for format in ["sarif", "json"] {
            write(&made.join(format!("{}.{format}", name.replace('/', "-"))), &report(inputs, format)?)?;
        }
    }
    session.run("reports.cjs", node.program("tests/tools/reports.cjs").args([SCHEMA, SNAPSHOT]).arg(&made))?;
    Ok(format!("{count} inputs in 2 formats"))
}

/// What the command prints. It may end with any of its exit codes.
fn report(inputs: &[PathBuf], format: &str) -> Result<String> {
    let output = ringfence().args(["check", "--format", format]).args(inputs).output().context("ringfence starts")?;
    if output.stdout.is_empty() {
        bail!("there is no report in {format}: {}", String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).context("reports are UTF-8")
}

/// The files in a folder and below it that can be checked.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "json") {
            found.push(path);
        }
    }
    Ok(found)
}
