//! `ringfence schema`: the published JSON Schemas.

use crate::engine;

use super::arguments::{SchemaArguments, SchemaKind};
use super::{Outcome, Result, terminal};

#[expect(clippy::unnecessary_wraps, reason = "every command is called alike")]
pub(super) fn run(arguments: &SchemaArguments) -> Result<Outcome> {
    match arguments.which {
        SchemaKind::Spec => terminal::print(&engine::spec_schema()),
        SchemaKind::Report => terminal::print(engine::REPORT_SCHEMA),
    }
    Ok(Outcome::Clean)
}
