//! Instructions and time by the number of services in one app, and what writing the same bytes costs alone.

use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::counted::{build, count};
use super::measure::{Runs, run};
use crate::session::Session;
use crate::workspace::{fresh_folder, root, scratch};

/// The program that is counted: `benches/scale.rs`.
pub const PROGRAM: &str = "scale";

/// How many services the app has.
const SIZES: [u64; 5] = [1, 10, 100, 1_000, 10_000];

/// How often each size is timed.
const TIMED: usize = 3;

/// The largest app whose files are read back to count what writing them costs: the reader takes 10 MB at most.
const LARGEST_FLOOR: u64 = 100;

/// One size of app.
#[derive(Debug)]
pub struct Size {
    pub services: u64,
    pub stacks: u64,
    /// What the assembly weighs.
    pub bytes: u64,
    /// From the spec to the files of the assembly, without validation or proof.
    pub generating: u64,
    /// What cannot be left out; counted for the smaller sizes.
    pub floor: Option<Floor>,
    /// The whole process, in seconds.
    pub wall: f64,
}

/// The instructions of what cannot be left out.
#[derive(Clone, Copy, Debug)]
pub struct Floor {
    /// Writing the same files from trees that are ready.
    pub writing: u64,
    /// Hashing the templates, by which their assets are called.
    pub hashing: u64,
}

impl Size {
    pub fn per_service(&self) -> f64 {
        self.generating as f64 / self.services as f64
    }

    /// How many times the instructions of writing the bytes generating them takes, hashing left out on both sides.
    pub fn over_floor(&self) -> Option<f64> {
        let floor = self.floor?;
        Some(self.generating.saturating_sub(floor.hashing) as f64 / floor.writing as f64)
    }
}

/// How much more a service costs in each size than in the one before it, at worst.
pub fn growth(sizes: &[Size]) -> f64 {
    sizes.windows(2).map(|pair| pair[1].per_service() / pair[0].per_service()).fold(0.0, f64::max)
}

/// Counts and times every size.
pub fn measure(session: &mut Session) -> Result<Vec<Size>> {
    let program = build(session, PROGRAM)?;
    let folder = scratch().join("bench-scale");
    fresh_folder(&folder)?;
    let mut sizes = Vec::new();
    for services in SIZES {
        session.say(&format!("counting {services} services"));
        let number = services.to_string();
        let told = session.capture("scale", Command::new(&program).args(["describe", &number]))?;
        let told: Value = serde_json::from_str(&told).context("scale describes what it makes")?;
        let mut runs = Runs::default();
        for _ in 0..TIMED {
            runs.push(run(Command::new(&program).args(["generate", &number]).current_dir(root()))?);
        }
        let mut count = |function, mode| count(session, &program, function, &[mode, &number], &folder);
        let floor = if services <= LARGEST_FLOOR {
            Some(Floor { writing: count("measured_write", "floor")?, hashing: count("measured_hash", "floor")? })
        } else {
            None
        };
        sizes.push(Size {
            services,
            stacks: told["stacks"].as_u64().context("scale counts stacks")?,
            bytes: told["bytes"].as_u64().context("scale counts bytes")?,
            generating: count("measured_generate", "generate")?,
            floor,
            wall: runs.median(),
        });
    }
    Ok(sizes)
}
