//! Reading what a command is given: files, folders, standard input.

mod assembly;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::cfn::SourceText;
use crate::cfn::read::limits::MAX_INPUT_BYTES;
use crate::diagnostics::Report;
use crate::engine::check::TemplateInput;
use crate::engine::{self, ReadSpec, SpecInput, Subject};

use super::progress::Progress;
use super::{Failure, Result, fingerprint};

/// How messages call what comes from standard input.
const STDIN: &str = "<stdin>";

/// What a command was given to look at.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    pub(super) specs: Vec<SpecInput>,
    pub(super) templates: Vec<TemplateInput>,
    /// What is wrong with inputs that are neither.
    pub(super) refused: Report,
    /// The texts of those.
    pub(super) refused_sources: Vec<SourceText>,
    /// The files that a person wrote, which may be changed: not those of a cloud assembly, which an app writes.
    pub(super) files: Vec<PathBuf>,
}

impl Inputs {
    /// All texts that messages may be about.
    pub(super) fn sources(&self) -> impl Iterator<Item = &SourceText> {
        let specs = self.specs.iter().map(|spec| &spec.source);
        let templates = self.templates.iter().map(|template| &template.source);
        specs.chain(templates).chain(&self.refused_sources)
    }

    /// Adds a text as what it is.
    pub(super) fn add(&mut self, source: SourceText, path: &Path) -> Result<()> {
        match engine::subject_of(source) {
            Subject::Spec(source) => {
                let read = engine::read_spec(&source);
                let fingerprints = fingerprint::of(&read, path)?;
                self.specs.push(SpecInput { source, read, fingerprints });
            }
            Subject::Template(input) => self.templates.push(*input),
            Subject::Refused(report, source) => {
                self.refused.merge(report);
                self.refused_sources.push(source);
            }
        }
        Ok(())
    }

    fn add_bytes(&mut self, name: String, bytes: Vec<u8>, path: &Path) -> Result<()> {
        match SourceText::from_bytes(name, bytes) {
            Ok(source) => self.add(source, path),
            Err(refused) => {
                let mut report = engine::refused_text(&refused).report;
                report.checked.files = 1;
                self.refused.merge(report);
                self.refused_sources.push(refused.source);
                Ok(())
            }
        }
    }
}

/// Reads all that is at the paths.
pub(super) fn read_all(paths: &[PathBuf]) -> Result<Inputs> {
    let mut inputs = Inputs::default();
    let progress = Progress::start(paths.len());
    for (place, path) in paths.iter().enumerate() {
        if paths.iter().take(place).any(|earlier| earlier == path) {
            // What is named twice is read once, and standard input could not be read again.
        } else if is_stdin(path) {
            inputs.add_bytes(STDIN.to_owned(), read_stdin()?, Path::new(""))?;
        } else if path.is_dir() {
            assembly::read(path, &mut inputs, &progress)?;
        } else {
            inputs.add_bytes(name_of(path), read_file(path)?, path)?;
            inputs.files.push(path.clone());
        }
        progress.step();
    }
    add_nested(&mut inputs)?;
    Ok(inputs)
}

/// How many templates of nested stacks are read that nobody gave: a budget of ours, the most resources that a template has.
const MAX_NESTED: usize = 500;

/// Reads the templates of nested stacks that lie beside those that were given.
fn add_nested(inputs: &mut Inputs) -> Result<()> {
    for place in 0..MAX_NESTED {
        let Some(template) = inputs.templates.get(place) else { break };
        let named = if template.stack.is_none() { engine::local_templates(template) } else { Vec::new() };
        let known = |path: &Path| inputs.sources().any(|source| Path::new(source.name()) == path);
        let new: Vec<PathBuf> =
            named.into_iter().map(PathBuf::from).filter(|path| path.is_file() && !known(path)).collect();
        for path in new {
            inputs.add_bytes(name_of(&path), read_file(&path)?, &path)?;
        }
    }
    Ok(())
}

/// Whether a path stands for standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// How messages call what is at a path.
pub(super) fn name_of(path: &Path) -> String {
    if is_stdin(path) { STDIN.to_owned() } else { path.display().to_string() }
}

fn read_stdin() -> Result<Vec<u8>> {
    read_limited(std::io::stdin(), STDIN, MAX_INPUT_BYTES)
}

/// The text of a spec. One that is not UTF-8 comes with its error in the report of [`engine::ReadSpec`].
pub(super) fn read_spec(path: &Path) -> Result<(SourceText, ReadSpec)> {
    let name = name_of(path);
    if path.is_dir() {
        return Err(Failure::new(format!("`{name}` is a folder, and a spec is a file")));
    }
    let bytes = if is_stdin(path) { read_stdin()? } else { read_file(path)? };
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

fn read_file(path: &Path) -> Result<Vec<u8>> {
    let name = name_of(path);
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(&name, &error))?;
    if metadata.len() > MAX_INPUT_BYTES as u64 {
        let message = format!("`{name}` has {} bytes, more than the limit of {MAX_INPUT_BYTES}", metadata.len());
        return Err(Failure::new(message));
    }
    let file = std::fs::File::open(path).map_err(|error| unreadable(&name, &error))?;
    let size = usize::try_from(metadata.len()).ok().filter(|_| metadata.is_file());
    read_limited(file, &name, size.unwrap_or(MAX_INPUT_BYTES))
}

/// All that can be read of a stream, about `size` bytes: a device or a pipe does not say beforehand how many. Room is made at
/// once, because `node:wasi` aborts when a text outgrows some millions of bytes while it is read.
fn read_limited(stream: impl std::io::Read, name: &str, size: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(size.min(MAX_INPUT_BYTES) + 2);
    stream.take(MAX_INPUT_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(name, &error))?;
    if bytes.len() > MAX_INPUT_BYTES {
        return Err(Failure::new(format!("`{name}` has more bytes than the limit of {MAX_INPUT_BYTES}")));
    }
    Ok(bytes)
}

fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("`{name}` cannot be read: {error}"))
        .help("give the path of a spec, a template or a cloud assembly, or write a spec with `ringfence init`")
}
