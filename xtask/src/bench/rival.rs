//! The reference spec by `ringfence synth`, against the same pattern by aws-cdk-lib.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::measure::{Runs, run};
use crate::session::Session;
use crate::tools::node::Node;
use crate::workspace::{cargo, entries, fresh_folder, read, root, scratch, shown, target};

/// The spec that all figures are about.
pub const SPEC: &str = "examples/specs/reference.yaml";

/// The program that builds the same pattern with the L2s of aws-cdk-lib.
pub const PROGRAM: &str = "tests/tools/cdk-pattern/app.cjs";

/// How many times everything is measured in turn, so that a busy minute hurts all alike.
const ROUNDS: usize = 10;

/// How often `ringfence` runs for each run of CDK: it is short, so more runs cost little.
const SHORT_RUNS: usize = 20;

/// What was measured.
#[derive(Debug)]
pub struct Rival {
    pub ringfence: Runs,
    pub cdk: Runs,
    pub cdk_without_validation: Runs,
    /// The resources in all templates of each side.
    pub ringfence_resources: usize,
    pub cdk_resources: usize,
}

impl Rival {
    /// How many times faster the median run is than CDK as it runs by default.
    pub fn speed(&self) -> f64 {
        self.cdk.median() / self.ringfence.median()
    }

    /// How many times faster the median run is than CDK with its validation switched off.
    pub fn speed_without_validation(&self) -> f64 {
        self.cdk_without_validation.median() / self.ringfence.median()
    }

    /// Which part of CDK's memory is enough, CDK's validation switched off.
    pub fn memory(&self) -> f64 {
        self.ringfence.peak() as f64 / self.cdk_without_validation.peak() as f64
    }
}

/// Measures both sides in turn.
pub fn measure(session: &mut Session) -> Result<Rival> {
    let node = Node::tools(session)?;
    session.run(
        "cargo build --release",
        &mut cargo(&["build", "--quiet", "--release", "--package", "ringfence", "--bin", "ringfence"]),
    )?;
    let folder = scratch().join("bench");
    fresh_folder(&folder)?;
    let (ours, theirs) = (folder.join("ringfence"), folder.join("cdk"));
    let mut ringfence =
        Command::new(target().join("release").join(format!("ringfence{}", std::env::consts::EXE_SUFFIX)));
    ringfence.args(["synth", SPEC, "--out"]).arg(&ours).current_dir(root());
    let mut cdk = node.program(PROGRAM);
    cdk.arg(&theirs).env_remove("CDK_VALIDATION");
    let mut cdk_without_validation = node.program(PROGRAM);
    cdk_without_validation.arg(&theirs).env("CDK_VALIDATION", "false");
    // The first run of each reads its program from the disk.
    for command in [&ringfence, &cdk, &cdk_without_validation] {
        run(command)?;
    }
    let mut rival = Rival {
        ringfence: Runs::default(),
        cdk: Runs::default(),
        cdk_without_validation: Runs::default(),
        ringfence_resources: resources(&ours)?,
        cdk_resources: resources(&theirs)?,
    };
    for round in 1..=ROUNDS {
        session.say(&format!("round {round} of {ROUNDS} against aws-cdk-lib"));
        for _ in 0..SHORT_RUNS {
            rival.ringfence.push(run(&ringfence)?);
        }
        rival.cdk.push(run(&cdk)?);
        rival.cdk_without_validation.push(run(&cdk_without_validation)?);
    }
    Ok(rival)
}

/// Counts the resources in the templates of a cloud assembly.
fn resources(folder: &Path) -> Result<usize> {
    let mut count = 0;
    for path in entries(folder)? {
        if path.to_string_lossy().ends_with(".template.json") {
            let template: Value = serde_json::from_str(&read(&path)?).with_context(|| shown(&path))?;
            count += template["Resources"].as_object().map_or(0, serde_json::Map::len);
        }
    }
    ensure!(count > 0, "`{}` has no resource", shown(folder));
    Ok(count)
}
