//! The tools of other people that we test with: found on the machine, or installed under `target/tools/`.

pub mod bindings;
pub mod constructs;
pub mod disk;
pub mod guard;
pub mod node;
pub mod python;
pub mod toolchain;

use std::path::{Path, PathBuf};

use anyhow::Result;
use sha2::{Digest as _, Sha256};

use crate::workspace::{entries, read, root, shown, tools, write};

/// A folder under `target/tools/` that is installed once for each state of the files that describe it.
#[derive(Debug)]
pub struct Installed {
    folder: PathBuf,
    key: String,
}

impl Installed {
    /// The folder for `name`; its key are the bytes of `inputs` and whatever else decides what is installed.
    pub fn new(name: &str, inputs: &[&Path], also: &str) -> Result<Self> {
        let mut hash = Sha256::new();
        for input in inputs {
            hash.update(shown(input));
            hash.update([0]);
            hash.update(read(input)?);
            hash.update([0]);
        }
        hash.update(also);
        let key = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { folder: tools().join(name), key })
    }

    /// Like `new`, with files and whole folders, by their paths from the root.
    pub fn of(name: &str, sources: &[&str], also: &str) -> Result<Self> {
        let mut found = Vec::new();
        for source in sources {
            files(&root().join(source), &mut found)?;
        }
        let found: Vec<&Path> = found.iter().map(PathBuf::as_path).collect();
        Self::new(name, &found, also)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the last installation finished, and was one of these inputs.
    pub fn is_fresh(&self) -> bool {
        std::fs::read_to_string(self.stamp()).is_ok_and(|key| key == self.key)
    }

    /// Remembers that the installation finished.
    pub fn finish(&self) -> Result<()> {
        write(&self.stamp(), &self.key)
    }

    fn stamp(&self) -> PathBuf {
        self.folder.join(".installed")
    }
}

/// The files that git would have in a folder, or the file itself.
fn files(path: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        for entry in entries(path)?.iter().filter(|entry| !entry.ends_with("pkg")) {
            files(entry, found)?;
        }
    } else {
        found.push(path.to_owned());
    }
    Ok(())
}
