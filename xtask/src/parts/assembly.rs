//! `assembly`: cloud assemblies keep to their schema, and aws-cdk-lib reads them.

use anyhow::Result;

use super::specs::synthesize;
use crate::session::Session;
use crate::tools::node::Node;

pub fn run(session: &mut Session) -> Result<String> {
    let node = Node::tools(session)?;
    let assemblies = synthesize(session, "assemblies")?;
    let folders = assemblies.iter().map(|assembly| &assembly.folder);
    session.run("assembly.cjs", node.program("tests/tools/assembly.cjs").args(folders))?;
    Ok(format!("{} assemblies", assemblies.len()))
}
