//! Printing: colours only where a terminal shows them.

use std::io::Write as _;

use annotate_snippets::{Level, Renderer, renderer::DecorStyle};
use anstream::ColorChoice;
use anstream::adapter::strip_str;

use super::Failure;

/// Prints text to standard output. A reader that has gone away is no reason to complain.
pub(super) fn print(text: &str) {
    let mut out = anstream::stdout().lock();
    let _ = match out.current_choice() {
        // In one piece: a stream that leaves out colours writes what stands between them bit by bit.
        ColorChoice::Never => out.into_inner().write_all(strip_str(text).to_string().as_bytes()),
        _ => out.write_all(text.as_bytes()),
    };
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
