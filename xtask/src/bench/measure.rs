//! Wall time and peak memory of whole processes.
//!
//! The kernel counts the peak of a process from the moment it was split off from its parent, so each measured program is
//! started by a small process of its own (`xtask measure`), which does nothing else.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

/// One run of a program.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Run {
    /// From before it was started until it was gone.
    pub seconds: f64,
    /// The most memory that it held at once (maximum resident set size).
    pub peak_bytes: u64,
}

/// All runs of a program.
#[derive(Clone, Debug, Default)]
pub struct Runs(Vec<Run>);

impl Runs {
    pub fn push(&mut self, run: Run) {
        self.0.push(run);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The fastest run, in seconds.
    pub fn fastest(&self) -> f64 {
        self.0.iter().map(|run| run.seconds).fold(f64::INFINITY, f64::min)
    }

    /// The run in the middle, in seconds.
    pub fn median(&self) -> f64 {
        let mut seconds: Vec<f64> = self.0.iter().map(|run| run.seconds).collect();
        seconds.sort_by(f64::total_cmp);
        let middle = seconds.len() / 2;
        match seconds.len() {
            0 => f64::NAN,
            even if even % 2 == 0 => f64::midpoint(seconds[middle - 1], seconds[middle]),
            _ => seconds[middle],
        }
    }

    /// The most memory that any run held, in bytes.
    pub fn peak(&self) -> u64 {
        self.0.iter().map(|run| run.peak_bytes).max().unwrap_or(0)
    }
}

/// Runs a program in a small process of its own, and waits for it. An exit code other than zero is an error.
pub fn run(command: &Command) -> Result<Run> {
    let mut outer = Command::new(std::env::current_exe()?);
    outer.arg("measure").arg(command.get_program()).args(command.get_args()).stdin(Stdio::null());
    for (key, value) in command.get_envs() {
        match value {
            Some(value) => outer.env(key, value),
            None => outer.env_remove(key),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        outer.current_dir(folder);
    }
    let output = outer.output().context("cannot start the process that measures")?;
    if !output.status.success() {
        bail!("{} failed:\n{}", command.get_program().to_string_lossy(), String::from_utf8_lossy(&output.stderr));
    }
    serde_json::from_slice(&output.stdout).context("the process that measures printed no measurement")
}

/// What the small process does: starts the program, waits, prints what it took.
pub fn inside(program: &[String]) -> Result<()> {
    let (program, arguments) = program.split_first().context("there is no program to measure")?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    let started = Instant::now();
    let status = command.status().with_context(|| format!("cannot start `{program}`"))?;
    let seconds = started.elapsed().as_secs_f64();
    if !status.success() {
        bail!("`{program}`: {status}");
    }
    println!("{}", serde_json::to_string(&Run { seconds, peak_bytes: peak_of_children()? })?);
    Ok(())
}

/// The maximum resident set size of the processes that were waited for, in bytes.
#[cfg(unix)]
fn peak_of_children() -> Result<u64> {
    use nix::sys::resource::{UsageWho, getrusage};

    // Linux counts in units of 1024 bytes, macOS in bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    Ok(u64::try_from(getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss())? * unit)
}

#[cfg(not(unix))]
fn peak_of_children() -> Result<u64> {
    bail!("peak memory is only measured on Unix")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_of_runs_is_between_the_middle_two() {
        let mut runs = Runs::default();
        for seconds in [4.0, 1.0, 2.0, 3.0] {
            runs.push(Run { seconds, peak_bytes: 7 });
        }
        assert_eq!((runs.median(), runs.fastest(), runs.peak(), runs.len()), (2.5, 1.0, 7, 4));
    }
}
