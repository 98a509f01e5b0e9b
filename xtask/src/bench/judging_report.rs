//! The part of `docs/benchmarks.md` about the rulebook.

use std::fmt::Write as _;

use super::judging::{Counted, Judged, Judging, SAMPLE, growth};
use super::report::{Goal, milliseconds, thousands, times};

/// What was aimed at, and what came out.
pub fn goals(judging: &Judging) -> Vec<Goal> {
    let least = |ratio: fn(&Judged) -> f64| judging.inputs.iter().map(ratio).fold(f64::INFINITY, f64::min);
    let at = |index: usize, ratio: fn(&Judged) -> f64| judging.inputs.get(index).map_or(0.0, ratio);
    let seconds = |index: usize| judging.inputs.get(index).map_or(f64::INFINITY, |input| input.ours_warm);
    vec![
        Goal::at_least(
            "faster than cloudformation-validate, one service, both as a process",
            at(0, over_validate),
            500.0,
        ),
        Goal::at_least(
            "faster than cloudformation-validate, a full stack, both as a process",
            at(1, over_validate),
            500.0,
        ),
        Goal::at_least("faster than cloudformation-validate, both warm", least(over_validate_warm), 20.0),
        Goal::at_least("faster than cfn-lint, both as a process", least(over_lint), 200.0),
        Goal::at_least("faster than cfn-guard with ten rules, both as a process", least(over_guard), 1.0),
        Goal::at_most("milliseconds for a full stack, read, modelled and judged", seconds(1) * 1_000.0, 2.0),
        Goal::at_most("seconds for 200 stacks", seconds(2), 1.0),
        Goal::at_most("instructions per resource, for ten times as many resources", growth(&judging.counted), 1.3),
        Goal::at_most("instructions per rule of a security group, for ten times as many", growth(&judging.hard), 1.3),
    ]
}

fn over_validate(input: &Judged) -> f64 {
    input.validate / input.ours.median()
}

fn over_validate_warm(input: &Judged) -> f64 {
    input.validate_warm / input.ours_warm
}

fn over_lint(input: &Judged) -> f64 {
    input.lint / input.ours.median()
}

fn over_guard(input: &Judged) -> f64 {
    input.guard.median() / input.ours.median()
}

/// Writes the section.
pub fn section(page: &mut String, judging: &Judging) {
    page.push_str(
        "\n## Judging, against AWS's validators\n\n\
         The same templates, judged by `ringfence check` with all its rules, by `@aws/cloudformation-validate` (which\n\
         aws-cdk-lib 2.276.0 brings along) in Node, by cfn-lint 1.58.0, and by cfn-guard 3.2.1 with ten rules\n\
         (`tests/tools/ten-rules.guard`). As processes from start to exit, medians; *warm* is the fastest of many rounds in\n\
         one process. What the tools look for differs; what they cost for the same input is compared.\n",
    );
    for input in &judging.inputs {
        input_table(page, input);
    }
    counted_table(page, "resources", &judging.counted);
    page.push_str(
        "\nOne template with so many rules in one security group, as many targets, and twice as many routes:\n",
    );
    counted_table(page, "rules", &judging.hard);
}

fn input_table(page: &mut String, input: &Judged) {
    let _ = write!(
        page,
        "\n{}: {} templates, {} resources, {} bytes\n\n| | process | warm | process, times ringfence | warm, times ringfence |\n\
         |---|---|---|---|---|\n",
        input.name,
        thousands(input.templates),
        thousands(input.resources),
        thousands(input.bytes)
    );
    let rows = [
        ("ringfence check", input.ours.median(), Some(input.ours_warm)),
        ("cloudformation-validate", input.validate, Some(input.validate_warm)),
        ("cfn-lint", input.lint, None),
        ("cfn-guard, ten rules", input.guard.median(), None),
    ];
    for (name, process, warm) in rows {
        let _ = writeln!(
            page,
            "| {name} | {} | {} | {} | {} |",
            milliseconds(process),
            warm.map_or_else(String::new, milliseconds),
            times(process / input.ours.median()),
            warm.map_or_else(String::new, |warm| times(warm / input.ours_warm)),
        );
    }
    if input.is_sampled {
        let _ = write!(
            page,
            "\ncloudformation-validate and cfn-lint judged {SAMPLE} of the stacks, and one alone: what each further stack took\n\
             stands for all of them. ringfence and cfn-guard judged all.\n"
        );
    }
}

fn counted_table(page: &mut String, what: &str, counted: &[Counted]) {
    let _ = write!(page, "\n| {what} | instructions | each | growth |\n|---|---|---|---|\n");
    let mut before: Option<f64> = None;
    for row in counted {
        let grown = before.map_or_else(String::new, |before| times(row.each() / before));
        before = Some(row.each());
        let _ = writeln!(
            page,
            "| {} | {} | {} | {grown} |",
            thousands(row.size),
            thousands(row.instructions),
            thousands(row.each() as u64)
        );
    }
}
