//! `ringfence completions`: completion scripts for shells.

use clap::CommandFactory as _;

use super::arguments::{Arguments, CompletionsArguments};
use super::{Outcome, Result, terminal};

#[expect(clippy::unnecessary_wraps, reason = "every command is called alike")]
pub(super) fn run(arguments: &CompletionsArguments) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "ringfence", &mut script);
    terminal::print(&String::from_utf8_lossy(&script));
    Ok(Outcome::Clean)
}
