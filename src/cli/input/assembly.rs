//! Reading a cloud assembly from its folder, file by file, as they turn out to be needed.

use std::io::ErrorKind;
use std::path::Path;

use crate::assembly::read::MANIFEST;
use crate::cfn::{OrderedMap, SourceText};
use crate::engine;

use super::super::progress::Progress;
use super::super::{Failure, Result};
use super::{Inputs, name_of};

/// The most bytes of one file. Manifests of large apps, with the metadata of every construct in them, are far larger than
/// templates.
const MAX_BYTES: u64 = 200_000_000;

/// Reads the cloud assembly in the folder `path`.
pub(super) fn read(path: &Path, inputs: &mut Inputs, progress: &Progress) -> Result<()> {
    let name = name_of(path);
    let manifest = std::fs::metadata(path.join(MANIFEST));
    if let Err(error) = &manifest
        && error.kind() != ErrorKind::NotFound
    {
        return Err(Failure::new(format!("the folder `{name}` cannot be read: {error}")));
    }
    if !manifest.is_ok_and(|manifest| manifest.is_file()) {
        return Err(Failure::new(format!("the folder `{name}` is no cloud assembly: it has no `{MANIFEST}`"))
            .help("give a folder that `cdk synth` or `ringfence synth` wrote, or the files to check one by one"));
    }
    let mut files = OrderedMap::new();
    let mut assembly = engine::assembly_inputs(&name, &files);
    loop {
        let mut is_new = false;
        progress.expect(assembly.missing.len());
        for file in &assembly.missing {
            if let Some(text) = read_text(&path.join(file))? {
                files.insert(file.clone(), text);
                is_new = true;
            }
            progress.step();
        }
        if !is_new {
            break;
        }
        assembly = engine::assembly_inputs(&name, &files);
    }
    inputs.templates.extend(assembly.templates);
    inputs.refused_sources.extend(assembly.report.findings.iter().filter_map(|finding| {
        let file = &finding.address.place.as_ref()?.file;
        Some(SourceText::new(file.as_str(), ""))
    }));
    inputs.refused.merge(assembly.report);
    Ok(())
}

/// The text of a file; nothing when it is not there.
fn read_text(path: &Path) -> Result<Option<String>> {
    let unreadable = |error: std::io::Error| Failure::new(format!("`{}` cannot be read: {error}", path.display()));
    match std::fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
        Ok(metadata) if metadata.len() > MAX_BYTES => {
            let size = metadata.len();
            let message = format!("`{}` has {size} bytes, more than the limit of {MAX_BYTES}", path.display());
            return Err(Failure::new(message));
        }
        Ok(_) => {}
    }
    std::fs::read_to_string(path).map(Some).map_err(unreadable)
}
