//! What the folders hash to from which container images are built.

use std::path::Path;

use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use crate::engine::ReadSpec;

use super::{Failure, Result};

pub(super) use crate::engine::Fingerprints;

/// Folders inside a build context that say nothing about the image.
const LEFT_OUT: &str = ".git";

/// The fingerprints of all folders from which the spec at `path` builds images. A folder that is not there has none: the
/// service that needs it says so.
pub(super) fn of(read: &ReadSpec, path: &Path) -> Result<Fingerprints> {
    let services = read.spec.iter().flat_map(|spec| spec.services.values());
    let contexts = services.filter_map(|service| service.build.as_ref()).map(|build| build.context.to_string());
    contexts
        .map(|context| (base(path).join(&context), context))
        .filter(|(folder, _)| folder.is_dir())
        .map(|(folder, context)| Ok((context, hash_of(&folder)?)))
        .collect()
}

/// The folder to which the paths in the spec at `path` are relative.
pub(super) fn base(path: &Path) -> &Path {
    path.parent().unwrap_or_else(|| Path::new(""))
}

/// The hash of all files in a folder: their paths and contents, in the order of the paths.
fn hash_of(path: &Path) -> Result<String> {
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
