//! `cargo xtask bench`: measures, writes `docs/benchmarks.md`, and fails when a goal is missed.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use crate::bench::building;
use crate::bench::javascript;
use crate::bench::judging::{self, Judging};
use crate::bench::judging_report;
use crate::bench::plugin::{self, Plugin};
use crate::bench::report;
use crate::bench::rival::{self, Rival};
use crate::bench::scaling::{self, Size};
use crate::session::Session;
use crate::tools::toolchain::{self, Toolchain};
use crate::workspace::{root, write};

/// What to measure.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Only judging, against the validators of AWS: prints its part of the page and writes nothing
    #[arg(long)]
    judging: bool,
}

/// Measures everything in one run.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let missing = toolchain::missing([
        Toolchain::Rust,
        Toolchain::WasmTarget,
        Toolchain::WasiTarget,
        Toolchain::Node,
        Toolchain::Python,
        Toolchain::Valgrind,
    ]);
    if !missing.is_empty() {
        bail!("toolchains are missing:\n  {}", missing.join("\n  "));
    }
    let mut session = Session::new("bench")?;
    if arguments.judging {
        return only_judging(&mut session);
    }
    let (rival, sizes, judging, plugin) = match measure(&mut session) {
        Ok(measured) => measured,
        Err(error) => {
            eprintln!("{}", session.tail());
            return Err(error);
        }
    };
    let javascript = javascript::measure(&mut session)?;
    let building = building::measure(&mut session)?;
    let page = report::page(&rival, &sizes, &judging) + &plugin.section() + &javascript.section() + &building.section();
    write(&root().join("docs/benchmarks.md"), &page)?;
    println!("{page}");
    let goals = report::goals(&rival, &sizes, &judging);
    let missed: Vec<String> = goals
        .iter()
        .filter_map(report::Goal::missed)
        .chain(plugin.missed())
        .chain(javascript.missed())
        .chain(building.missed())
        .collect();
    for goal in &missed {
        eprintln!("missed: {goal}");
    }
    Ok(if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn only_judging(session: &mut Session) -> Result<ExitCode> {
    let judging = judging::measure(session).inspect_err(|_| eprintln!("{}", session.tail()))?;
    let mut page = String::new();
    judging_report::section(&mut page, &judging);
    println!("{page}");
    let missed: Vec<String> = judging_report::goals(&judging).iter().filter_map(report::Goal::missed).collect();
    for goal in &missed {
        eprintln!("missed: {goal}");
    }
    Ok(if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn measure(session: &mut Session) -> Result<(Rival, Vec<Size>, Judging, Plugin)> {
    Ok((rival::measure(session)?, scaling::measure(session)?, judging::measure(session)?, plugin::measure(session)?))
}
