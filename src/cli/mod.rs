//! The command: arguments, files, colours, exit codes. The only place that does IO.
#![expect(clippy::disallowed_methods, reason = "this room is where input and output happen")]

mod arguments;
mod check;
mod completions;
mod config;
mod explain;
mod fingerprint;
mod fix;
mod init;
mod input;
mod output;
mod progress;
mod schema;
mod synth;
mod terminal;
#[cfg(not(target_family = "wasm"))]
mod watch;

use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use arguments::{Arguments, Command};

/// What the command ends with; the numbers are a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Nothing is wrong.
    Clean,
    /// Something will fail or is exposed.
    Wrong,
    /// The call or the input could not be used.
    Unusable,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Clean => Self::SUCCESS,
            Outcome::Wrong => Self::from(1),
            Outcome::Unusable => Self::from(2),
        }
    }
}

/// What kept a command from doing anything: said in one line, with advice below.
#[derive(Debug)]
struct Failure {
    message: String,
    help: Option<String>,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

type Result<T> = std::result::Result<T, Failure>;

/// Runs the command that the process was called with.
#[must_use]
pub fn run() -> ExitCode {
    #[cfg(target_os = "wasi")]
    enter_folder();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error),
    };
    let result = match arguments.command {
        Command::Init(arguments) => init::run(&arguments),
        Command::Synth(arguments) => synth::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
    };
    let outcome = result.unwrap_or_else(|failure| {
        terminal::failure(&failure);
        Outcome::Unusable
    });
    if terminal::is_complete() { outcome.into() } else { Outcome::Unusable.into() }
}

/// Programs in WASI begin at the root. Whoever starts this one says in which folder it was called.
#[cfg(target_os = "wasi")]
fn enter_folder() {
    if let Some(folder) = std::env::var_os("RINGFENCE_FOLDER") {
        // Where this fails, relative paths are not found, and that is said.
        let _ = std::env::set_current_dir(folder);
    }
}

/// Help and version are answers; everything else that clap says is a call that cannot be used.
fn refuse(error: &clap::Error) -> ExitCode {
    // Nobody is left to tell when even this cannot be printed.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ => Outcome::Unusable.into(),
    }
}
