//! Reading the files that a command is given.

use std::path::Path;

use crate::cfn::SourceText;
use crate::cfn::read::limits::MAX_INPUT_BYTES;
use crate::engine::{self, ReadSpec};

use super::{Failure, Result};

/// The text of a file. One that is not UTF-8 comes with its error in the report of [`engine::ReadSpec`].
pub(super) fn read_spec(path: &Path) -> Result<(SourceText, ReadSpec)> {
    let name = path.display().to_string();
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(&name, &error))?;
    if metadata.is_dir() {
        return Err(Failure::new(format!("`{name}` is a folder, and a spec is a file")));
    }
    if metadata.len() > MAX_INPUT_BYTES as u64 {
        let message = format!("`{name}` has {} bytes, more than the limit of {MAX_INPUT_BYTES}", metadata.len());
        return Err(Failure::new(message));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(&name, &error))?;
    Ok(match SourceText::from_bytes(name, bytes) {
        Ok(source) => {
            let read = engine::read_spec(&source);
            (source, read)
        }
        Err(refused) => {
            let read = engine::refused_text(&refused);
            (refused.source, read)
        }
    })
}

fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("`{name}` cannot be read: {error}"))
        .help("give the path of a spec, or write one with `ringfence init`")
}
