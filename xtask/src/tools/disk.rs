//! Whether there is room for what a run writes.

use crate::workspace::tools;

/// About what the first run of every part writes, in GB: builds, the packages of four languages, and what their package managers
/// keep.
const NEEDED: f64 = 9.0;

/// What to say when there may be too little room.
pub fn shortage() -> Option<String> {
    let free = free_gigabytes()?;
    (!tools().exists() && free < NEEDED).then(|| {
        format!(
            "only {free:.1} GB are free, and all parts together write about {NEEDED:.0} GB: some may fail for want of room \
             (`--only NAME` runs one)"
        )
    })
}

/// The room where the target folder will be, in GB; nothing where nobody tells.
#[cfg(unix)]
fn free_gigabytes() -> Option<f64> {
    let found = nix::sys::statvfs::statvfs(crate::workspace::root()).ok()?;
    Some(found.fragment_size() as f64 * found.blocks_available() as f64 / 1e9)
}

#[cfg(not(unix))]
fn free_gigabytes() -> Option<f64> {
    None
}
