//! How long a clean build of the core takes, as somebody who depends on it builds it.

use std::time::Instant;

use anyhow::Result;

use crate::session::Session;
use crate::workspace::{cargo, fresh_folder, scratch};

/// The command that is measured, in a folder without anything that was built before.
const COMMAND: [&str; 5] = ["build", "--package", "ringfence", "--no-default-features", "--locked"];

/// In how many seconds a clean build must end, on two cores.
const MOST: f64 = 60.0;

/// One clean build.
#[derive(Debug)]
pub struct Building {
    /// From start to exit.
    seconds: f64,
}

impl Building {
    /// The part of the page about it.
    pub fn section(&self) -> String {
        format!(
            "\n## Building it\n\n\
             `cargo {}` into an empty folder, with the dev profile and the sources of all dependencies at hand: {:.1} s\n\
             (aimed at: under {MOST} s on 2 cores).\n",
            COMMAND.join(" "),
            self.seconds
        )
    }

    /// What is to say when it takes too long.
    pub fn missed(&self) -> Option<String> {
        let seconds = self.seconds;
        (seconds >= MOST).then(|| format!("a clean build of the core: {seconds:.1} s, aimed at under {MOST} s"))
    }
}

/// Builds the core with the dev profile and nothing at hand but the sources.
pub fn measure(session: &mut Session) -> Result<Building> {
    session.run("cargo fetch", &mut cargo(&["fetch", "--locked"]))?;
    let folder = scratch().join("bench-build");
    fresh_folder(&folder)?;
    session.say("building the core");
    let started = Instant::now();
    session.run("cargo build", cargo(&COMMAND).arg("--target-dir").arg(&folder))?;
    Ok(Building { seconds: started.elapsed().as_secs_f64() })
}
