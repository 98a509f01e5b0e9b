//! Where things are in the workspace.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

/// The folder that holds the workspace.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// Where tools are installed.
pub fn tools() -> PathBuf {
    target().join("tools")
}

/// Where logs, and what tests make, is kept until the next run.
pub fn scratch() -> PathBuf {
    target().join("xtask")
}

/// A path as people know it: from the root of the workspace, where possible.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// The cargo that started this program.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// The text of a file, with its name in the error.
pub fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", shown(path)))
}

/// Writes a file and the folders above it, with its name in the error.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    make_folder(path.parent().unwrap_or(root()))?;
    std::fs::write(path, bytes).with_context(|| format!("cannot write `{}`", shown(path)))
}

/// Makes a folder and those above it.
pub fn make_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).with_context(|| format!("cannot make `{}`", shown(path)))
}

/// Makes a folder that is empty.
pub fn fresh_folder(path: &Path) -> Result<()> {
    if path.exists() {
        std::fs::remove_dir_all(path).with_context(|| format!("cannot empty `{}`", shown(path)))?;
    }
    make_folder(path)
}

/// The entries of a folder, sorted by name; none when the folder does not exist.
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read `{}`", shown(folder)))? {
        found.push(entry?.path());
    }
    found.sort();
    Ok(found)
}
