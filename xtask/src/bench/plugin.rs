//! Our validation plugin for CDK apps, against the one that aws-cdk-lib brings, on the same app: the first time in a process.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::measure::{Run, Runs};
use super::rival::PROGRAM;
use crate::session::Session;
use crate::tools::constructs::{NEWEST, beside};
use crate::tools::node::Node;
use crate::workspace::{fresh_folder, scratch};

/// The program that runs one of the plugins.
const COLD: &str = "tests/cdk/cold.cjs";

/// How many times both are measured in turn.
const ROUNDS: usize = 10;

/// How many times faster ours must be.
const LEAST: f64 = 50.0;

/// What was measured.
#[derive(Debug)]
pub struct Plugin {
    ours: Runs,
    theirs: Runs,
}

/// What the program prints.
#[derive(Deserialize)]
struct Answer {
    seconds: f64,
}

impl Plugin {
    fn speed(&self) -> f64 {
        self.theirs.median() / self.ours.median()
    }

    /// The part of the page about it.
    pub fn section(&self) -> String {
        let row = |name: &str, runs: &Runs| {
            let [median, fastest] = [runs.median(), runs.fastest()].map(|seconds| seconds * 1000.0);
            format!("| {name} | {} | {median:.0} ms | {fastest:.0} ms |\n", runs.len())
        };
        format!(
            "\n## The validation plugin in a CDK app\n\n\
             `RingfenceValidator` against the `CloudFormationValidatePlugin` that aws-cdk-lib 2.276.0 brings, both on the\n\
             assembly of `{PROGRAM}`: the first call in a new process, with its WebAssembly to load, in turn.\n\
             Ours is {:.0} times as fast (aimed at: at least {LEAST} times).\n\n\
             | | runs | median | fastest |\n|---|---|---|---|\n{}{}",
            self.speed(),
            row("`RingfenceValidator`", &self.ours),
            row("`CloudFormationValidatePlugin`", &self.theirs)
        )
    }

    /// What is to say when it is too slow.
    pub fn missed(&self) -> Option<String> {
        let speed = self.speed();
        (speed < LEAST).then(|| {
            format!("faster than the plugin of aws-cdk-lib: {speed:.1} times, aimed at at least {LEAST} times")
        })
    }
}

/// Measures both plugins in turn.
pub fn measure(session: &mut Session) -> Result<Plugin> {
    let node = beside(session, NEWEST)?;
    let folder = scratch().join("bench-plugin");
    fresh_folder(&folder)?;
    session.run("the app", node.program(PROGRAM).arg(&folder).env("CDK_VALIDATION", "false"))?;
    let mut plugin = Plugin { ours: Runs::default(), theirs: Runs::default() };
    // The first run of each reads its files from the disk.
    for whose in ["ringfence", "aws"] {
        run(session, &node, &folder, whose)?;
    }
    for round in 1..=ROUNDS {
        session.say(&format!("round {round} of {ROUNDS} against the plugin of aws-cdk-lib"));
        plugin.ours.push(run(session, &node, &folder, "ringfence")?);
        plugin.theirs.push(run(session, &node, &folder, "aws")?);
    }
    Ok(plugin)
}

fn run(session: &mut Session, node: &Node, folder: &Path, whose: &str) -> Result<Run> {
    let told = session.capture("cold.cjs", node.program(COLD).arg(folder).arg(whose))?;
    let answer: Answer = serde_json::from_str(&told).context("cold.cjs printed no measurement")?;
    Ok(Run { seconds: answer.seconds, peak_bytes: 0 })
}
