//! The npm package: how long it takes to begin with, against aws-cdk-lib, and how fast it is afterwards, against native code.

use std::process::Command;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::counted::build;
use super::measure::{Run, Runs};
use crate::commands::npm;
use crate::session::Session;
use crate::tools::node::Node;
use crate::workspace::{entries, fresh_folder, root, scratch};

/// The program that measures in Node.js.
const PROGRAM: &str = "tests/tools/package-speed.cjs";

/// What is synthesized and checked.
const SPEC: &str = "examples/specs/reference.yaml";

/// How many services the templates are made of that are judged by both.
const SERVICES: &str = "20";

/// How many times everything is measured in turn.
const ROUNDS: usize = 5;

/// What is measured, and the most that its ratio may be.
const GOALS: [(&str, f64); 3] = [
    ("`require` with the first synth and check, of `require('aws-cdk-lib')`", 1.0 / 5.0),
    ("a later synth and check, of the first with `require`", 1.0 / 10.0),
    ("judging templates when warm, of the native library", 2.5),
];

/// What was measured.
#[derive(Debug, Default)]
pub struct Javascript {
    cdk: Runs,
    cdk_used: Runs,
    first: Runs,
    later: Runs,
    wasm: Runs,
    native: Runs,
}

/// What the program prints.
#[derive(Deserialize)]
struct Answer {
    seconds: f64,
    #[serde(default)]
    later: f64,
}

impl Javascript {
    fn ratios(&self) -> [f64; 3] {
        let of = |left: &Runs, right: &Runs| left.median() / right.median();
        [of(&self.first, &self.cdk), of(&self.later, &self.first), of(&self.wasm, &self.native)]
    }

    /// The part of the page about it.
    pub fn section(&self) -> String {
        let rows: String = GOALS
            .iter()
            .zip(self.ratios())
            .map(|((name, most), ratio)| format!("| {name} | {ratio:.2} | {most:.2} |\n"))
            .collect();
        let [cdk, used, first, later] = [&self.cdk, &self.cdk_used, &self.first, &self.later]
            .map(|runs| format!("{:.0} ms", runs.median() * 1000.0));
        format!(
            "\n## The npm package\n\n\
             The package `ringfence` in Node.js, with `{SPEC}`, each in a new process and in turn, medians of {ROUNDS}:\n\
             `require('aws-cdk-lib')`, which loads most of itself when it is used, takes {cdk}, and with a stack and the modules that\n\
             a service like this one uses {used}; `require` of the package with the first synth and check {first}, later ones {later}.\n\
             Judging the templates of {SERVICES} services is measured with answers as JSON text, which the native figure leaves out.\n\n\
             | ratio | measured | at most |\n|---|---|---|\n{rows}"
        )
    }

    /// What is to say of each ratio that is too large.
    pub fn missed(&self) -> Vec<String> {
        let told = GOALS.iter().zip(self.ratios()).filter(|((_, most), ratio)| ratio > most);
        told.map(|((name, most), ratio)| format!("{name}: {ratio:.2}, aimed at at most {most:.2}")).collect()
    }
}

/// Measures everything in turn.
pub fn measure(session: &mut Session) -> Result<Javascript> {
    npm::checked(session)?;
    let node = Node::tools(session)?;
    let native = build(session, "judge")?;
    let folder = scratch().join("bench-javascript");
    fresh_folder(&folder)?;
    session.run("judge write", Command::new(&native).args(["write", SERVICES]).arg(&folder))?;
    let templates: Vec<String> = entries(&folder)?.iter().map(|path| path.display().to_string()).collect();
    let package = root().join(npm::PACKAGE).display().to_string();
    let of_templates: Vec<&str> =
        ["templates", &package].into_iter().chain(templates.iter().map(String::as_str)).collect();
    let mut measured = Javascript::default();
    // The first run of each reads its files from the disk.
    ask(session, &node, &["cdk"])?;
    ask(session, &node, &["package", &package, SPEC])?;
    for round in 1..=ROUNDS {
        session.say(&format!("round {round} of {ROUNDS} of the npm package"));
        let answer = ask(session, &node, &["cdk"])?;
        measured.cdk.push(run(answer.seconds));
        measured.cdk_used.push(run(answer.later));
        let answer = ask(session, &node, &["package", &package, SPEC])?;
        measured.first.push(run(answer.seconds));
        measured.later.push(run(answer.later));
        measured.wasm.push(run(ask(session, &node, &of_templates)?.seconds));
        measured.native.push(run(timed(session, &mut Command::new(&native))?));
    }
    Ok(measured)
}

fn run(seconds: f64) -> Run {
    Run { seconds, peak_bytes: 0 }
}

fn ask(session: &mut Session, node: &Node, what: &[&str]) -> Result<Answer> {
    let told = session.capture("package-speed.cjs", node.program(PROGRAM).args(what))?;
    serde_json::from_str(&told).context("package-speed.cjs printed no measurement")
}

/// What judging the same templates natively takes, in seconds.
fn timed(session: &mut Session, native: &mut Command) -> Result<f64> {
    let told = session.capture("judge time", native.args(["time", SERVICES]))?;
    let told: serde_json::Value = serde_json::from_str(&told).context("judge printed no measurement")?;
    told["seconds"].as_f64().context("judge says no seconds")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(seconds: f64) -> Runs {
        let mut runs = Runs::default();
        runs.push(run(seconds));
        runs
    }

    #[test]
    fn what_is_slower_than_it_may_be_is_told() {
        let measured = Javascript {
            cdk: runs(1.0),
            cdk_used: runs(1.2),
            first: runs(0.1),
            later: runs(0.02),
            wasm: runs(0.5),
            native: runs(0.3),
        };
        let missed = measured.missed();
        assert_eq!(missed.len(), 1, "{missed:?}");
        assert!(missed[0].starts_with("a later synth and check, of the first with `require`: 0.20"), "{}", missed[0]);
        assert!(measured.section().contains("| judging templates when warm, of the native library | 1.67 | 2.50 |"));
    }
}
