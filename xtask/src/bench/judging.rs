//! What the rulebook costs, beside the validators of AWS: cloudformation-validate, cfn-lint and cfn-guard.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::counted::{build, count};
use super::measure::{Runs, run};
use crate::session::Session;
use crate::tools::guard;
use crate::tools::node::Node;
use crate::tools::python::Python;
use crate::workspace::{cargo, entries, fresh_folder, root, scratch, shown, target, write};

/// The program that is counted and timed: `benches/judge.rs`.
const PROGRAM: &str = "judge";

/// What cfn-guard judges by.
const GUARD_RULES: &str = "tests/tools/ten-rules.guard";

/// For how long cloudformation-validate is warmed up and timed, in seconds.
const WARM_SECONDS: &str = "10";

/// How many of several stacks the slow tools judge. From the time for one and for so many follows what each further stack
/// costs, and from that what all of them would.
pub const SAMPLE: usize = 8;

/// What is judged: how it is called, by how many services it is made, and how often each tool runs.
const INPUTS: [(&str, u64, Rounds); 3] = [
    ("one service", 1, Rounds { ours: 100, validate: 5, lint: 3, guard: 20 }),
    ("one full stack", 27, Rounds { ours: 100, validate: 5, lint: 2, guard: 10 }),
    ("200 stacks", 4_200, Rounds { ours: 5, validate: 1, lint: 1, guard: 2 }),
];

/// The services whose instructions are counted.
const COUNTED: [u64; 4] = [1, 10, 100, 1_000];

/// How many rules, routes and targets the hard template has.
const HARD: [u64; 2] = [50, 500];

#[derive(Clone, Copy, Debug)]
struct Rounds {
    ours: usize,
    validate: usize,
    lint: usize,
    guard: usize,
}

/// One input, judged by all.
#[derive(Debug)]
pub struct Judged {
    pub name: &'static str,
    pub templates: u64,
    pub resources: u64,
    pub bytes: u64,
    pub ours: Runs,
    /// In seconds, in a process that is warm.
    pub ours_warm: f64,
    /// In seconds.
    pub validate: f64,
    pub validate_warm: f64,
    /// In seconds.
    pub lint: f64,
    pub guard: Runs,
    /// Whether the slow tools judged a part of it.
    pub is_sampled: bool,
}

/// Instructions by size.
#[derive(Debug)]
pub struct Counted {
    /// Resources, or rules of the hard template.
    pub size: u64,
    pub instructions: u64,
}

impl Counted {
    pub fn each(&self) -> f64 {
        self.instructions as f64 / self.size as f64
    }
}

/// All that was measured.
#[derive(Debug)]
pub struct Judging {
    pub inputs: Vec<Judged>,
    pub counted: Vec<Counted>,
    pub hard: Vec<Counted>,
}

/// How much more each costs in a size than in the one before it, at worst.
pub fn growth(counted: &[Counted]) -> f64 {
    counted.windows(2).map(|pair| pair[1].each() / pair[0].each()).fold(0.0, f64::max)
}

/// The tools.
struct Tools {
    program: PathBuf,
    node: Node,
    python: Python,
    guard: PathBuf,
}

/// Measures everything.
pub fn measure(session: &mut Session) -> Result<Judging> {
    session.run(
        "cargo build --release",
        &mut cargo(&["build", "--quiet", "--release", "--package", "ringfence", "--bin", "ringfence"]),
    )?;
    let tools = Tools {
        program: build(session, PROGRAM)?,
        node: Node::tools(session)?,
        python: Python::tools(session)?,
        guard: guard::install(session)?,
    };
    let mut inputs = Vec::new();
    for (name, services, rounds) in INPUTS {
        session.say(&format!("judging {name}"));
        inputs.push(judged(session, &tools, name, services, rounds)?);
    }
    let folder = scratch().join("bench-judge-counts");
    fresh_folder(&folder)?;
    let mut counted = Vec::new();
    for services in COUNTED {
        let number = services.to_string();
        let size = describe(session, &tools.program, &number)?.1;
        let instructions = count(session, &tools.program, "measured_judge", &["judge", &number], &folder)?;
        counted.push(Counted { size, instructions });
    }
    let mut hard = Vec::new();
    for size in HARD {
        let number = size.to_string();
        let instructions = count(session, &tools.program, "measured_judge", &["hard", &number], &folder)?;
        hard.push(Counted { size, instructions });
    }
    Ok(Judging { inputs, counted, hard })
}

/// Templates, resources and bytes.
fn describe(session: &mut Session, program: &Path, services: &str) -> Result<(u64, u64, u64)> {
    let told = json_of(session, Command::new(program).args(["describe", services]))?;
    let number = |key: &str| told[key].as_u64().with_context(|| format!("judge says no number of {key}"));
    Ok((number("templates")?, number("resources")?, number("bytes")?))
}

fn json_of(session: &mut Session, command: &mut Command) -> Result<Value> {
    let told = session.capture(PROGRAM, command)?;
    serde_json::from_str(&told).context("a benchmark prints JSON")
}

fn judged(session: &mut Session, tools: &Tools, name: &'static str, services: u64, rounds: Rounds) -> Result<Judged> {
    let number = services.to_string();
    let folder = scratch().join(format!("bench-judge-{services}"));
    fresh_folder(&folder)?;
    session.run("templates", Command::new(&tools.program).args(["write", &number]).arg(&folder))?;
    let templates = entries(&folder)?;
    let (count, resources, bytes) = describe(session, &tools.program, &number)?;
    let commands = Commands::new(tools, &templates);
    let is_sampled = templates.len() > SAMPLE;
    let sample = templates.get(..SAMPLE).unwrap_or(&templates);
    let seconds = |told: &Value| told["seconds"].as_f64().context("a benchmark prints seconds");
    let ours_warm = json_of(session, Command::new(&tools.program).args(["time", &number]))?;
    let mut warm = tools.node.program("tests/tools/validate-warm.cjs");
    let validate_warm = json_of(session, warm.arg(WARM_SECONDS).args(sample))?;
    let share = templates.len() as f64 / sample.len() as f64;
    Ok(Judged {
        name,
        templates: count,
        resources,
        bytes,
        ours: runs(&commands.ours, rounds.ours)?,
        ours_warm: seconds(&ours_warm)?,
        validate: slow(&templates, rounds.validate, &|stacks| validate(tools, stacks))?,
        validate_warm: seconds(&validate_warm)? * share,
        lint: slow(&templates, rounds.lint, &|stacks| Ok(lint(tools, stacks)))?,
        guard: runs(&commands.guard, rounds.guard)?,
        is_sampled,
    })
}

/// How long a slow tool takes for these templates, in seconds: by a part of them when they are many.
fn slow(templates: &[PathBuf], rounds: usize, command: &dyn Fn(&[PathBuf]) -> Result<Command>) -> Result<f64> {
    let median = |templates: &[PathBuf]| -> Result<f64> { Ok(runs(&command(templates)?, rounds)?.median()) };
    match templates.get(..SAMPLE) {
        Some(sample) if sample.len() < templates.len() => {
            Ok(extrapolated(median(&templates[..1])?, median(sample)?, SAMPLE, templates.len()))
        }
        _ => median(templates),
    }
}

/// The time for all stacks, when the times for one and for some are known: they are of the same size, and starting costs the
/// same however many there are.
fn extrapolated(one: f64, some: f64, sample: usize, all: usize) -> f64 {
    let each = (some - one) / (sample as f64 - 1.0);
    one + each * (all as f64 - 1.0)
}

/// Runs a command so often, after once for the disk (unless that takes too long).
fn runs(command: &Command, rounds: usize) -> Result<Runs> {
    if rounds > 1 {
        run(command)?;
    }
    let mut runs = Runs::default();
    for _ in 0..rounds {
        runs.push(run(command)?);
    }
    Ok(runs)
}

/// The quick tools as processes of their own, on the same templates.
struct Commands {
    ours: Command,
    guard: Command,
}

impl Commands {
    fn new(tools: &Tools, templates: &[PathBuf]) -> Self {
        let name = format!("ringfence{}", std::env::consts::EXE_SUFFIX);
        let mut ours = Command::new(target().join("release").join(name));
        ours.arg("check").args(templates).current_dir(root());
        let mut guard = Command::new(&tools.guard);
        guard.args(["validate", "--rules", GUARD_RULES, "--show-summary", "none", "--data"]).args(templates);
        guard.current_dir(root());
        Self { ours, guard }
    }
}

/// cloudformation-validate as a process of its own.
fn validate(tools: &Tools, templates: &[PathBuf]) -> Result<Command> {
    let requests: Vec<Value> = templates
        .iter()
        .map(|path| json!({ "template": shown(path), "region": "eu-west-1", "account": "111122223333" }))
        .collect();
    let list = scratch().join(format!("bench-judge-{}.json", templates.len()));
    write(&list, serde_json::to_string(&requests)?)?;
    let mut command = tools.node.program("tests/tools/validate.cjs");
    command.arg(&list);
    Ok(command)
}

/// cfn-lint as a process of its own.
fn lint(tools: &Tools, templates: &[PathBuf]) -> Command {
    let mut command = tools.python.program("cfn-lint");
    command.args(["--non-zero-exit-code", "none", "--regions", "eu-west-1", "--template"]).args(templates);
    command
}

#[cfg(test)]
mod tests {
    use super::extrapolated;

    #[test]
    fn starting_is_counted_once_for_all_stacks() {
        let seconds = |stacks: f64| 3.0 + 2.0 * stacks;
        assert!((extrapolated(seconds(1.0), seconds(8.0), 8, 200) - seconds(200.0)).abs() < 1e-9);
    }
}
