//! The specs that must work, and the cloud assemblies that the command makes of them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::session::Session;
use crate::workspace::{cargo, entries, fresh_folder, root, scratch, shown, target};

/// The folders of specs that must work.
const FOLDERS: [&str; 2] = ["examples/specs", "tests/corpus/good"];

/// A spec, and the cloud assembly made of it.
#[derive(Debug)]
pub struct Assembly {
    pub spec: PathBuf,
    pub folder: PathBuf,
}

/// A stack of an assembly: its template, and where it goes.
#[derive(Debug)]
pub struct Stack {
    pub template: PathBuf,
    pub account: String,
    pub region: String,
}

/// The command, as cargo built it last.
pub fn ringfence() -> Command {
    let mut command = Command::new(target().join("debug").join(format!("ringfence{}", std::env::consts::EXE_SUFFIX)));
    command.current_dir(root());
    command
}

/// Builds the command.
pub fn build_command(session: &mut Session) -> Result<()> {
    session.run("cargo build", &mut cargo(&["build", "--quiet", "--package", "ringfence", "--bin", "ringfence"]))
}

/// Builds the command and makes an assembly of every spec, in `target/xtask/NAME`.
pub fn synthesize(session: &mut Session, name: &str) -> Result<Vec<Assembly>> {
    build_command(session)?;
    let made = scratch().join(name);
    fresh_folder(&made)?;
    let mut assemblies = Vec::new();
    for folder in FOLDERS {
        let specs = specs(&root().join(folder))?;
        if specs.is_empty() {
            bail!("there is no spec in {folder}");
        }
        for spec in specs {
            let stem = spec
                .strip_prefix(root())
                .unwrap_or(&spec)
                .with_extension("")
                .to_string_lossy()
                .replace(['/', '\\'], "-");
            let assembly = Assembly { spec, folder: made.join(stem) };
            let what = format!("ringfence synth {}", shown(&assembly.spec));
            session.run(&what, ringfence().arg("synth").arg(&assembly.spec).arg("--out").arg(&assembly.folder))?;
            assemblies.push(assembly);
        }
    }
    Ok(assemblies)
}

/// Every spec in a folder and those below it; a folder of files that belong to a spec holds a `spec.yaml`.
fn specs(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() {
            found
                .extend(specs(&path)?.into_iter().filter(|inner| inner.file_stem().is_some_and(|stem| stem == "spec")));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml" || extension == "yml" || extension == "json")
        {
            found.push(path);
        }
    }
    Ok(found)
}

impl Assembly {
    /// The stacks that the manifest names.
    pub fn stacks(&self) -> Result<Vec<Stack>> {
        let path = self.folder.join("manifest.json");
        let text = crate::workspace::read(&path)?;
        let manifest: Value = serde_json::from_str(&text).with_context(|| format!("`{}` is no JSON", shown(&path)))?;
        let artifacts =
            manifest["artifacts"].as_object().with_context(|| format!("`{}` has no artifacts", shown(&path)))?;
        let stacks: Vec<Stack> = artifacts
            .values()
            .filter(|artifact| artifact["type"] == "aws:cloudformation:stack")
            .filter_map(|artifact| {
                let (account, region) = artifact["environment"].as_str()?.strip_prefix("aws://")?.split_once('/')?;
                Some(Stack {
                    template: self.folder.join(artifact["properties"]["templateFile"].as_str()?),
                    account: known(account, "unknown-account", "123456789012"),
                    region: known(region, "unknown-region", "us-east-1"),
                })
            })
            .collect();
        if stacks.is_empty() {
            bail!("`{}` has no stack", shown(&path));
        }
        Ok(stacks)
    }
}

/// A stack that may go anywhere is judged as one that goes to a place that exists.
fn known(value: &str, unknown: &str, otherwise: &str) -> String {
    (if value == unknown { otherwise } else { value }).to_owned()
}
