//! `deploy`: the CDK CLI deploys, updates and destroys our stacks against an emulator of AWS, which refuses what AWS refuses.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::specs::{build_command, ringfence};
use crate::session::Session;
use crate::tools::node::Node;
use crate::tools::python::Python;
use crate::workspace::{fresh_folder, root, scratch};

/// One scenario: what is deployed first, what over it, and what the accounts hold before where the templates cannot tell.
struct Scenario {
    spec: &'static str,
    update: Option<&'static str>,
    prior: Option<&'static str>,
}

const fn alone(spec: &'static str) -> Scenario {
    Scenario { spec, update: None, prior: None }
}

const fn beside(spec: &'static str, prior: &'static str) -> Scenario {
    Scenario { spec, update: None, prior: Some(prior) }
}

/// Both synthesizers, with and without a bucket; new and existing networks, IPv4 and dual-stack; consumers in
/// the same and in another Region.
const SCENARIOS: &[Scenario] = &[
    Scenario { update: Some("tests/aws/specs/updated.yaml"), ..alone("examples/specs/reference.yaml") },
    alone("examples/specs/cross-region.yaml"),
    alone("examples/specs/private-dns.yaml"),
    alone("tests/aws/specs/dual-stack.yaml"),
    alone("examples/specs/bootstrapless.yaml"),
    alone("tests/aws/specs/large.yaml"),
    beside("examples/specs/existing-vpc.yaml", "tests/aws/accounts/existing-vpc.yaml"),
    beside("tests/aws/specs/outside.yaml", "tests/aws/accounts/outside.yaml"),
];

pub fn run(session: &mut Session) -> Result<String> {
    let tests = root().join("tests/aws");
    let node = Node::install(session, "aws-node", &tests)?;
    let python = Python::install(session, "aws-python", &tests.join("requirements.txt"))?;
    build_command(session)?;
    let folder = scratch().join("deploy");
    fresh_folder(&folder)?;
    for scenario in SCENARIOS {
        let mut command = python.program("python");
        command.arg("-B").arg(tests.join("scenario.py")).arg(synth(session, &folder, scenario.spec)?);
        command.arg("--spec").arg(root().join(scenario.spec));
        if let Some(update) = scenario.update {
            command.arg("--update").arg(synth(session, &folder, update)?);
            command.arg("--update-spec").arg(root().join(update));
        }
        if let Some(prior) = scenario.prior {
            command.arg("--prior").arg(root().join(prior));
        }
        session.say(&format!("deploying {}", scenario.spec));
        session.run("scenario.py", command.env("RINGFENCE_CDK", node.path("cdk")))?;
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
