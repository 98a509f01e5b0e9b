//! What the folders hash to from which container images are built.

use std::path::Path;

use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use crate::spec::Spec;

use super::{Failure, Result};

pub(super) use crate::engine::Fingerprints;

/// Folders inside a build context that say nothing about the image.
const LEFT_OUT: &str = ".git";

/// The fingerprints of all folders from which the spec builds images. `base` is the folder of the spec.
pub(super) fn of(spec: &Spec, base: &Path) -> Result<Fingerprints> {
    let contexts = spec.services.values().filter_map(|service| service.build.as_ref()).map(|build| &build.context);
    contexts.map(|context| Ok((context.to_string(), folder(&base.join(context.as_ref()))?))).collect()
}

/// The hash of all files in a folder: their paths and contents, in the order of the paths.
fn folder(path: &Path) -> Result<String> {
    let unreadable = |error: String| {
        Failure::new(format!("the folder `{}` cannot be read: {error}", path.display()))
            .help("`build.context` is relative to the spec")
    };
    let mut hash = Sha256::new();
    for entry in files(path) {
        let entry = entry.map_err(|error| unreadable(error.to_string()))?;
        let relative = entry.path().strip_prefix(path).unwrap_or(entry.path());
        let bytes = std::fs::read(entry.path()).map_err(|error| unreadable(error.to_string()))?;
        hash.update(relative.to_string_lossy().replace('\\', "/").as_bytes());
        hash.update([0]);
        hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(bytes);
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The files in a folder and below it, in the order of their paths.
pub(super) fn files(path: &Path) -> impl Iterator<Item = walkdir::Result<walkdir::DirEntry>> {
    WalkDir::new(path)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || entry.file_name() != LEFT_OUT)
        .filter(|entry| entry.as_ref().map_or(true, |entry| !entry.file_type().is_dir()))
}
