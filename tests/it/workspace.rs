//! The project's own files, as the tests about the project's own shape read them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder that holds the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file, by its path from the root.
pub(crate) fn read(path: &str) -> String {
    let bytes = std::fs::read(root().join(path)).unwrap_or_else(|error| panic!("`{path}` cannot be read: {error}"));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The command, as cargo built it; or the one that the variable `RINGFENCE_COMMAND` names, in words with blanks between them,
/// so that the tests of the command judge the one for WASI too.
pub(crate) fn ringfence() -> Command {
    let words = std::env::var("RINGFENCE_COMMAND").unwrap_or_default();
    let mut words = words.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or(env!("CARGO_BIN_EXE_ringfence")));
    command.args(words).env_remove("CLICOLOR_FORCE");
    command
}

/// Every file that is in git or would be after `git add --all`, by its path from the root, sorted.
pub(crate) fn files() -> Vec<String> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git lists the project's files");
    assert!(output.status.success(), "git ls-files failed: {}", String::from_utf8_lossy(&output.stderr));
    let mut files: Vec<String> = String::from_utf8(output.stdout)
        .expect("paths in the project are UTF-8")
        .split_terminator('\0')
        .filter(|path| root().join(path).is_file())
        .map(str::to_owned)
        .collect();
    files.sort();
    files.dedup();
    assert!(!files.is_empty(), "git knows no file of the project");
    files
}

/// The paths among `files` that end in `.EXTENSION`.
pub(crate) fn with_extension<'a>(files: &'a [String], extension: &'a str) -> impl Iterator<Item = &'a str> {
    files
        .iter()
        .map(String::as_str)
        .filter(move |path| Path::new(path).extension().is_some_and(|found| found == extension))
}

/// Every file under `folder` whose name ends in `suffix`, git-ignored ones included.
pub(crate) fn on_disk(folder: &str, suffix: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("a folder's entry can be read").path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(suffix) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Fails with every problem at once.
pub(crate) fn assert_none(what: &str, problems: &[String]) {
    assert!(problems.is_empty(), "{} {what}:\n  {}", problems.len(), problems.join("\n  "));
}
