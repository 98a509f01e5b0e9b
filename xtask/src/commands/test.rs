//! `cargo xtask test`: runs the parts, and ends with a table of what ran and what did not.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::parts::{PARTS, Part};
use crate::session::{Session, duration};
use crate::tools::{disk, toolchain};
use crate::workspace::shown;

fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(PARTS.iter().map(|part| part.name))
}

/// Which parts run.
#[derive(Args, Default)]
pub struct Arguments {
    /// Leaves a part out; may be given several times
    #[arg(long, value_name = "NAME", value_parser = names())]
    skip: Vec<String>,
    /// Runs this part alone; may be given several times
    #[arg(long, value_name = "NAME", value_parser = names())]
    only: Vec<String>,
    /// Names the parts, and runs nothing
    #[arg(long)]
    list: bool,
}

impl Arguments {
    /// Why a part does not run, if it does not.
    fn left_out(&self, name: &str) -> Option<String> {
        if self.skip.iter().any(|skipped| skipped == name) {
            Some(format!("--skip {name}"))
        } else if !self.only.is_empty() && !self.only.iter().any(|only| only == name) {
            Some("not named by --only".to_owned())
        } else {
            None
        }
    }
}

/// How a part ended.
#[derive(Debug)]
enum Outcome {
    Passed { time: Duration, detail: String },
    Failed { time: Duration, why: String },
    Skipped { why: String },
}

/// Runs what the arguments choose. Fails at once when a toolchain is missing, and at the end when a part failed.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    if arguments.list {
        for part in PARTS {
            println!("{:<10} {}", part.name, part.about);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let chosen: Vec<&Part> = PARTS.iter().filter(|part| arguments.left_out(part.name).is_none()).collect();
    if chosen.is_empty() {
        bail!("every part is left out: there is nothing to run");
    }
    let missing = toolchain::missing(chosen.iter().flat_map(|part| part.needs.iter().copied()));
    if !missing.is_empty() {
        bail!("toolchains are missing (or leave out what needs them by --skip):\n  {}", missing.join("\n  "));
    }
    if let Some(shortage) = (chosen.len() == PARTS.len()).then(disk::shortage).flatten() {
        println!("{shortage}");
    }
    let mut outcomes = Vec::new();
    for part in PARTS {
        let outcome = match arguments.left_out(part.name) {
            Some(why) => Outcome::Skipped { why },
            None => run_part(
                part,
                outcomes.iter().filter(|(_, outcome)| !matches!(outcome, Outcome::Skipped { .. })).count() + 1,
                chosen.len(),
            ),
        };
        outcomes.push((part.name, outcome));
    }
    print!("\n{}", table(&outcomes));
    let failed = outcomes.iter().any(|(_, outcome)| matches!(outcome, Outcome::Failed { .. }));
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn run_part(part: &Part, number: usize, of: usize) -> Outcome {
    println!("[{number}/{of}] {}: {}", part.name, part.about);
    let started = Instant::now();
    let mut log = None;
    let done = Session::new(part.name).and_then(|mut session| {
        let done = (part.run)(&mut session);
        if done.is_err() {
            log = Some((session.tail(), shown(session.log())));
        }
        done
    });
    let time = started.elapsed();
    match done {
        Ok(detail) => {
            println!("  {}: passed in {}", part.name, duration(time));
            Outcome::Passed { time, detail }
        }
        Err(error) => {
            let why = format!("{error:#}");
            let (tail, path) = log.unwrap_or_default();
            if !tail.is_empty() {
                println!("{tail}");
            }
            println!("  {}: FAILED after {}: {why}", part.name, duration(time));
            println!("  everything it printed: {path}");
            Outcome::Failed { time, why }
        }
    }
}

/// The table of outcomes, with the line that counts them last.
fn table(outcomes: &[(&str, Outcome)]) -> String {
    let mut text = String::new();
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for (name, outcome) in outcomes {
        let (result, time, detail) = match outcome {
            Outcome::Passed { time, detail } => {
                passed += 1;
                ("passed", duration(*time), detail)
            }
            Outcome::Failed { time, why } => {
                failed += 1;
                ("FAILED", duration(*time), why)
            }
            Outcome::Skipped { why } => {
                skipped += 1;
                ("skipped", String::new(), why)
            }
        };
        let detail = detail.lines().next().unwrap_or("");
        let _ = writeln!(text, "{name:<10} {result:<8} {time:>12}  {detail}");
    }
    let _ = writeln!(text, "\n{passed} passed, {failed} failed, {skipped} skipped");
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_ends_with_the_count() {
        let time = Duration::from_secs(75);
        let outcomes = [
            ("fmt", Outcome::Passed { time, detail: "3 files".to_owned() }),
            ("unit", Outcome::Failed { time, why: "cargo test: exit status: 101\nmore".to_owned() }),
            ("deny", Outcome::Skipped { why: "--skip deny".to_owned() }),
        ];
        let text = table(&outcomes);
        assert_eq!(text.lines().last(), Some("1 passed, 1 failed, 1 skipped"));
        assert!(text.contains("unit       FAILED     1 min 15 s  cargo test: exit status: 101\n"), "{text}");
        assert!(text.contains("deny       skipped                --skip deny\n"), "{text}");
    }

    #[test]
    fn skip_and_only_choose_parts() {
        let arguments = Arguments { skip: vec!["doc".to_owned()], ..Arguments::default() };
        assert_eq!(arguments.left_out("doc").as_deref(), Some("--skip doc"));
        assert_eq!(arguments.left_out("fmt"), None);
        let arguments = Arguments { only: vec!["doc".to_owned()], ..Arguments::default() };
        assert_eq!(arguments.left_out("doc"), None);
        assert!(arguments.left_out("fmt").is_some());
    }

    #[test]
    fn parts_have_distinct_names() {
        let names: BTreeSet<&str> = PARTS.iter().map(|part| part.name).collect();
        assert_eq!(names.len(), PARTS.len());
    }
}
