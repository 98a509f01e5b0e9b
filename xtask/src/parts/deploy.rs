//! `deploy`: the CDK CLI deploys, updates and destroys our stacks against an emulator of AWS, which refuses what AWS refuses.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::specs::{build_command, ringfence};
use crate::session::Session;
use crate::tools::node::Node;
use crate::tools::python::Python;
use crate::workspace::{fresh_folder, root, scratch};

/// What is deployed first, and what is deployed over it.
const SCENARIOS: &[(&str, Option<&str>)] = &[
    ("examples/specs/reference.yaml", Some("tests/aws/specs/updated.yaml")),
    ("examples/specs/cross-region.yaml", None),
];

pub fn run(session: &mut Session) -> Result<String> {
    let tests = root().join("tests/aws");
    let node = Node::install(session, "aws-node", &tests)?;
    let python = Python::install(session, "aws-python", &tests.join("requirements.txt"))?;
    build_command(session)?;
    let folder = scratch().join("deploy");
    fresh_folder(&folder)?;
    for (first, second) in SCENARIOS {
        let mut scenario = python.program("python");
        scenario.arg("-B").arg(tests.join("scenario.py")).arg(synth(session, &folder, first)?);
        if let Some(second) = second {
            scenario.arg("--update").arg(synth(session, &folder, second)?);
        }
        session.say(&format!("deploying {first}"));
        session.run("scenario.py", scenario.env("RINGFENCE_CDK", node.path("cdk")))?;
    }
    session.say("deploying what AWS refuses");
    let mut broken = python.program("python");
    broken.arg("-B").arg(tests.join("broken.py")).env("RINGFENCE_CDK", node.path("cdk"));
    let told = session.capture("broken.py", &mut broken)?;
    Ok(format!("{} scenarios; {}", SCENARIOS.len(), told.lines().last().unwrap_or_default()))
}

/// Synthesizes a spec into a folder named after it.
fn synth(session: &mut Session, folder: &Path, spec: &str) -> Result<PathBuf> {
    let name = Path::new(spec).file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let out = folder.join(name);
    session.run("synth", ringfence().arg("synth").arg(root().join(spec)).arg("--out").arg(&out))?;
    Ok(out)
}
