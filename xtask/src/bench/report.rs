//! `docs/benchmarks.md`: what was measured, beside what was aimed at.

use std::fmt::Write as _;

use super::judging::Judging;
use super::judging_report;
use super::machine;
use super::measure::Runs;
use super::rival::{PROGRAM, Rival, SPEC};
use super::scaling::{Size, growth};

/// A figure that must be reached.
#[derive(Debug)]
pub struct Goal {
    what: &'static str,
    aim: String,
    reached: String,
    met: bool,
}

/// What was aimed at, and what came out.
pub fn goals(rival: &Rival, sizes: &[Size], judging: &Judging) -> Vec<Goal> {
    let over_floor = sizes.iter().filter_map(Size::over_floor).fold(0.0, f64::max);
    let mut goals = vec![
        Goal::at_least("faster than aws-cdk-lib as it runs by default", rival.speed(), 500.0),
        Goal::at_least("faster than aws-cdk-lib without its validation", rival.speed_without_validation(), 150.0),
        Goal {
            what: "of the memory of aws-cdk-lib without its validation",
            aim: "under 1/10".to_owned(),
            reached: format!("1/{:.0}", 1.0 / rival.memory()),
            met: rival.memory() < 0.1,
        },
        Goal::at_most("instructions per service, for ten times as many services", growth(sizes), 1.2),
        Goal::at_most(
            "instructions of generating, over those of writing the same bytes (hashing left out)",
            over_floor,
            3.0,
        ),
    ];
    goals.extend(judging_report::goals(judging));
    goals
}

impl Goal {
    pub fn at_least(what: &'static str, reached: f64, least: f64) -> Self {
        Self { what, aim: format!("at least {least} times"), reached: times(reached), met: reached >= least }
    }

    pub fn at_most(what: &'static str, reached: f64, most: f64) -> Self {
        Self { what, aim: format!("at most {most} times"), reached: times(reached), met: reached <= most }
    }

    /// What is to say when the goal was missed.
    pub fn missed(&self) -> Option<String> {
        (!self.met).then(|| format!("{}: {}, aimed at {}", self.what, self.reached, self.aim))
    }
}

/// The page.
pub fn page(rival: &Rival, sizes: &[Size], judging: &Judging) -> String {
    let mut page = format!(
        "# Benchmarks\n\n\
         Written by `cargo xtask bench`; everything on this page was measured in one run, on\n{}.\n",
        machine::describe()
    );
    page.push_str("\n## What was aimed at\n\n| aim | | reached | |\n|---|---|---|---|\n");
    for goal in goals(rival, sizes, judging) {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |",
            goal.what,
            goal.aim,
            goal.reached,
            if goal.met { "met" } else { "**missed**" }
        );
    }
    rival_section(&mut page, rival);
    scaling_section(&mut page, sizes);
    judging_report::section(&mut page, judging);
    page
}

fn rival_section(page: &mut String, rival: &Rival) {
    let _ = write!(
        page,
        "\n## One service, against aws-cdk-lib\n\n\
         `ringfence synth {SPEC}` ({} resources) against `{PROGRAM}`, the same pattern written with the\n\
         L2 constructs of aws-cdk-lib 2.276.0 ({} resources). Whole processes, from start to exit, in turn; neither side\n\
         goes through the CDK CLI. `CDK_VALIDATION=false` switches off what aws-cdk-lib checks after synthesis.\n\n\
         | | runs | median | fastest | peak memory | median, times ringfence | memory, times ringfence |\n|---|---|---|---|---|---|---|\n",
        rival.ringfence_resources, rival.cdk_resources
    );
    for (name, runs) in [
        ("ringfence synth", &rival.ringfence),
        ("aws-cdk-lib", &rival.cdk),
        ("aws-cdk-lib, `CDK_VALIDATION=false`", &rival.cdk_without_validation),
    ] {
        let _ = writeln!(page, "{}", rival_row(name, runs, &rival.ringfence));
    }
    page.push_str(
        "\nPeak memory is the kernel's maximum resident set size, read in a process that starts nothing else.\n",
    );
}

fn rival_row(name: &str, runs: &Runs, base: &Runs) -> String {
    let speed = runs.median() / base.median();
    let memory = runs.peak() as f64 / base.peak() as f64;
    format!(
        "| {name} | {} | {} | {} | {} | {} | {} |",
        runs.len(),
        milliseconds(runs.median()),
        milliseconds(runs.fastest()),
        mebibytes(runs.peak()),
        times(speed),
        times(memory)
    )
}

fn scaling_section(page: &mut String, sizes: &[Size]) {
    page.push_str(
        "\n## From one service to ten thousand\n\n\
         One app, spread over several stacks. Instructions are counted by `valgrind --tool=callgrind` inside the function that\n\
         is measured; the count repeats exactly. *Generating* goes from the spec to the files of the cloud assembly, without\n\
         validation or proof. Time is the whole process, median of three, while the machine may be busy with other things.\n\n\
         | services | stacks | bytes | generating | per service | growth | time |\n\
         |---|---|---|---|---|---|---|\n",
    );
    let mut before: Option<f64> = None;
    for size in sizes {
        let grown = before.map_or_else(String::new, |before| times(size.per_service() / before));
        before = Some(size.per_service());
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {grown} | {} |",
            thousands(size.services),
            thousands(size.stacks),
            thousands(size.bytes),
            thousands(size.generating),
            thousands(size.per_service() as u64),
            milliseconds(size.wall)
        );
    }
    floor_section(page, sizes);
}

fn floor_section(page: &mut String, sizes: &[Size]) {
    page.push_str(
        "\n## Over the floor\n\n\
         The least that must be done is to write the bytes. *Writing* makes the same bytes from trees that are ready;\n\
         *hashing* is the SHA-256 of the templates, by which the CDK CLI calls them. Processors hash by instructions of their\n\
         own, which valgrind does not know, so that hashing is far cheaper than it is counted here; the goal is about the\n\
         column without it.\n\n\
         | services | generating | hashing | writing | generating ÷ writing | without hashing |\n\
         |---|---|---|---|---|---|\n",
    );
    for size in sizes {
        let (Some(floor), Some(over)) = (size.floor, size.over_floor()) else { continue };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} |",
            thousands(size.services),
            thousands(size.generating),
            thousands(floor.hashing),
            thousands(floor.writing),
            times(size.generating as f64 / floor.writing as f64),
            times(over)
        );
    }
}

pub fn times(ratio: f64) -> String {
    if ratio >= 100.0 { format!("{ratio:.0} times") } else { format!("{ratio:.2} times") }
}

pub fn milliseconds(seconds: f64) -> String {
    let milliseconds = seconds * 1_000.0;
    if milliseconds >= 100.0 { format!("{milliseconds:.0} ms") } else { format!("{milliseconds:.2} ms") }
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

/// `1234567` as `1,234,567`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::judging::{Counted, Judged};
    use crate::bench::measure::Run;
    use crate::bench::scaling::Floor;

    fn runs(seconds: f64, peak_bytes: u64) -> Runs {
        let mut runs = Runs::default();
        runs.push(Run { seconds, peak_bytes });
        runs
    }

    fn rival(ringfence: f64) -> Rival {
        Rival {
            ringfence: runs(ringfence, 5 << 20),
            cdk: runs(4.0, 300 << 20),
            cdk_without_validation: runs(0.6, 100 << 20),
            ringfence_resources: 60,
            cdk_resources: 59,
        }
    }

    fn size(services: u64, generating: u64) -> Size {
        let floor = Some(Floor { writing: generating / 2, hashing: 0 });
        Size { services, stacks: 1, bytes: 1_000, generating, floor, wall: 0.5 }
    }

    fn judging() -> Judging {
        let input = |name| Judged {
            name,
            templates: 1,
            resources: 500,
            bytes: 1_000,
            ours: runs(0.002, 1),
            ours_warm: 0.001,
            validate: 4.0,
            validate_warm: 0.1,
            lint: 3.0,
            guard: runs(0.01, 1),
            is_sampled: false,
        };
        let counted = |size, instructions| Counted { size, instructions };
        Judging {
            inputs: vec![input("one"), input("full"), input("many")],
            counted: vec![counted(10, 100), counted(100, 1_000)],
            hard: vec![counted(50, 100), counted(500, 1_000)],
        }
    }

    #[test]
    fn goals_that_are_missed_are_said() {
        let missed = |rival: &Rival, sizes: &[Size]| {
            goals(rival, sizes, &judging()).iter().filter(|goal| goal.missed().is_some()).count()
        };
        assert_eq!(missed(&rival(0.002), &[size(1, 100), size(10, 1_000)]), 0);
        assert_eq!(missed(&rival(0.005), &[size(1, 100), size(10, 1_000)]), 1);
        assert_eq!(missed(&rival(0.002), &[size(1, 100), size(10, 1_300)]), 1);
    }

    #[test]
    fn the_page_has_a_row_for_each_measurement() {
        let page = page(&rival(0.002), &[size(1, 100), size(10_000, 1_234_567)], &judging());
        assert!(
            page.contains("| aws-cdk-lib | 1 | 4000 ms | 4000 ms | 300.0 MiB | 2000 times | 60.00 times |"),
            "{page}"
        );
        assert!(page.contains("| 10,000 | 1 | 1,000 | 1,234,567 | 123 | 1.23 times | 500 ms |"), "{page}");
    }
}
