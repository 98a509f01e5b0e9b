//! `ringfence init`: a commented spec to begin with.

use std::io::{ErrorKind, Write as _};

use super::arguments::InitArguments;
use super::{Failure, Outcome, Result, terminal};

/// What a new spec looks like; a test synthesizes it.
const TEMPLATE: &str = include_str!("init.yaml");

pub(super) fn run(arguments: &InitArguments) -> Result<Outcome> {
    let name = arguments.path.display();
    let mut file = std::fs::File::create_new(&arguments.path).map_err(|error| {
        let help = match error.kind() {
            ErrorKind::AlreadyExists => "name a file that does not exist yet",
            _ => "name a file in a folder that exists and can be written to",
        };
        Failure::new(format!("`{name}` cannot be written: {error}")).help(help)
    })?;
    file.write_all(TEMPLATE.as_bytes())
        .map_err(|error| Failure::new(format!("`{name}` cannot be written: {error}")))?;
    terminal::print(&format!("wrote {name}\n\nnext: edit it, then\n  ringfence synth {name}\n"));
    Ok(Outcome::Clean)
}
