//! Printing: colours only where a terminal shows them.

use std::io::{ErrorKind, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use annotate_snippets::{Level, Renderer, renderer::DecorStyle};
use anstream::ColorChoice;
use anstream::adapter::strip_str;

use super::Failure;

/// Whether something could not be printed to standard output.
static IS_LOST: AtomicBool = AtomicBool::new(false);

/// Prints text to standard output. A reader that has gone away is no reason to complain; a disk that is full is one.
pub(super) fn print(text: &str) {
    let mut out = anstream::stdout().lock();
    let written = match out.current_choice() {
        // In one piece: a stream that leaves out colours writes what stands between them bit by bit.
        ColorChoice::Never => {
            let mut plain = out.into_inner();
            plain.write_all(strip_str(text).to_string().as_bytes()).and_then(|()| plain.flush())
        }
        _ => out.write_all(text.as_bytes()).and_then(|()| out.flush()),
    };
    let lost = written.err().filter(|error| error.kind() != ErrorKind::BrokenPipe);
    if let Some(error) = lost {
        IS_LOST.store(true, Ordering::Relaxed);
        failure(&Failure::new(format!("standard output cannot be written: {error}")));
    }
}

/// Whether everything that was printed has arrived, as far as anybody wanted it.
pub(super) fn is_complete() -> bool {
    !IS_LOST.load(Ordering::Relaxed)
}

/// Prints text to standard error.
pub(super) fn print_error(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// Prints what kept a command from doing anything.
pub(super) fn failure(failure: &Failure) {
    let mut group = annotate_snippets::Group::with_title(Level::ERROR.primary_title(failure.message.as_str()));
    if let Some(help) = &failure.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let text = Renderer::styled().decor_style(DecorStyle::Unicode).render(&[group]);
    print_error(&format!("{text}\n"));
}
