//! Doing something again whenever a file changes.

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use notify::{RecursiveMode, Watcher as _};

use super::{Failure, Outcome, Result, terminal};

/// How long a file must be left alone before it is read: editors write in several steps.
const QUIET: Duration = Duration::from_millis(100);

/// Runs `action` now and after each change of `path`, until the process is ended.
pub(super) fn run(path: &Path, action: &dyn Fn() -> Result<Outcome>) -> Result<Outcome> {
    let (sender, changes) = mpsc::channel();
    let unwatchable = |error: notify::Error| Failure::new(format!("`{}` cannot be watched: {error}", path.display()));
    let mut watcher = notify::recommended_watcher(sender).map_err(unwatchable)?;
    // The folder, because editors replace files.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    watcher.watch(folder, RecursiveMode::NonRecursive).map_err(unwatchable)?;
    loop {
        if let Err(failure) = action() {
            terminal::failure(&failure);
        }
        terminal::print_error(&format!("watching {} (stop with Ctrl-C)\n", path.display()));
        wait_for_change(path, &changes)?;
    }
}

fn wait_for_change(path: &Path, changes: &mpsc::Receiver<notify::Result<notify::Event>>) -> Result<()> {
    loop {
        let Ok(event) = changes.recv() else {
            return Err(Failure::new("the watcher has stopped"));
        };
        if event.is_ok_and(|event| concerns(&event, path)) {
            while changes.recv_timeout(QUIET).is_ok() {}
            return Ok(());
        }
    }
}

fn concerns(event: &notify::Event, path: &Path) -> bool {
    !event.kind.is_access() && event.paths.iter().any(|changed| changed.file_name() == path.file_name())
}
