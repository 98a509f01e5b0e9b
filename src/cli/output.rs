//! Writing a cloud assembly: first into a folder of its own beside the target, then renamed, so that nothing is ever
//! half-written.

use std::io;
use std::path::{Path, PathBuf};

use crate::assembly::Assembly;

use super::{Failure, Result, fingerprint};

/// Writes an assembly to `target`. `base` is the folder of the spec, to which build contexts are relative.
pub(super) fn write(
    assembly: &Assembly,
    hand_offs: impl IntoIterator<Item = (String, String)>,
    base: &Path,
    target: &Path,
) -> Result<()> {
    refuse_foreign(target)?;
    let staging = beside(target, "new");
    let result = fill(assembly, hand_offs, base, &staging).and_then(|()| replace(&staging, target));
    result.map_err(|error| {
        // The staging folder is ours; the target is as it was.
        let _ = std::fs::remove_dir_all(&staging);
        Failure::new(format!("`{}` cannot be written: {error}", target.display()))
            .help("check the permissions and the free space there, or write somewhere else with `--out`")
    })
}

/// A folder that is there already must be a cloud assembly, or empty.
fn refuse_foreign(target: &Path) -> Result<()> {
    if !target.exists() || is_empty_folder(target) || is_assembly(target) {
        return Ok(());
    }
    Err(Failure::new(format!("`{}` exists and is not a cloud assembly", target.display()))
        .help("nothing was written; name another folder with `--out`, or move this one away"))
}

fn is_empty_folder(path: &Path) -> bool {
    std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

/// Whether a folder holds the manifest of a cloud assembly.
fn is_assembly(path: &Path) -> bool {
    let Ok(text) = std::fs::read_to_string(path.join("manifest.json")) else { return false };
    serde_json::from_str::<serde_json::Value>(&text)
        .is_ok_and(|manifest| manifest.get("version").is_some() && manifest.get("artifacts").is_some())
}

/// A name beside the target that nobody else uses.
pub(super) fn beside(target: &Path, purpose: &str) -> PathBuf {
    let name = target.file_name().map_or_else(|| "cdk.out".into(), |name| name.to_string_lossy().into_owned());
    target.with_file_name(format!(".{name}.{purpose}.{}", process_number()))
}

#[cfg(not(target_family = "wasm"))]
fn process_number() -> u32 {
    std::process::id()
}

/// There are no processes in WASI, and asking for the number of this one panics.
#[cfg(target_family = "wasm")]
fn process_number() -> u32 {
    0
}

fn fill(
    assembly: &Assembly,
    hand_offs: impl IntoIterator<Item = (String, String)>,
    base: &Path,
    staging: &Path,
) -> io::Result<()> {
    std::fs::create_dir_all(staging)?;
    for (name, text) in &assembly.files {
        std::fs::write(staging.join(name), text)?;
    }
    for context in &assembly.build_contexts {
        copy_folder(&base.join(&context.source), &staging.join(&context.target))?;
    }
    for (consumer, sheet) in hand_offs {
        let folder = staging.join(HAND_OFF_FOLDER);
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(format!("{consumer}.md")), sheet)?;
    }
    Ok(())
}

/// The folder inside the assembly for what consumers need to know.
pub(super) const HAND_OFF_FOLDER: &str = "hand-off";

fn copy_folder(source: &Path, target: &Path) -> io::Result<()> {
    for entry in fingerprint::files(source) {
        let entry = entry.map_err(io::Error::from)?;
        let relative = entry.path().strip_prefix(source).unwrap_or(entry.path());
        let copy = target.join(relative);
        if let Some(folder) = copy.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::copy(entry.path(), copy)?;
    }
    Ok(())
}

/// Puts the new folder in the place of the old one, which is gone only when the new one stands.
fn replace(staging: &Path, target: &Path) -> io::Result<()> {
    if !target.exists() {
        return std::fs::rename(staging, target);
    }
    let old = beside(target, "old");
    std::fs::rename(target, &old)?;
    match std::fs::rename(staging, target) {
        Ok(()) => std::fs::remove_dir_all(&old),
        Err(error) => {
            std::fs::rename(&old, target)?;
            Err(error)
        }
    }
}
