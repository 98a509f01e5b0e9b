//! `fmt`: code is formatted.

use anyhow::Result;

use crate::session::Session;
use crate::workspace::cargo;

pub fn run(session: &mut Session) -> Result<String> {
    session.run("cargo fmt", &mut cargo(&["fmt", "--all", "--check"]))?;
    Ok("the whole workspace".to_owned())
}
