//! `ringfence check`: what is wrong with specs, templates and cloud assemblies.

use crate::cfn::SourceText;
use crate::diagnostics::render::{Sources, github, pretty, sarif, summary};
use crate::diagnostics::{Finding, Report, Severity, codes};
use crate::engine::{self, CheckOptions};
use crate::wire;

use super::arguments::{CheckArguments, ReportFormat};
use super::{Failure, Outcome, Result, config, fix, input, terminal};

pub(super) fn run(arguments: &CheckArguments) -> Result<Outcome> {
    let configs = config::load(arguments.config.as_deref(), &arguments.paths)?;
    if configs.iter().any(|config| config.report.unusable) {
        let mut report = Report::default();
        let mut sources = Vec::new();
        for config in configs {
            report.merge(config.report);
            sources.push(config.source);
        }
        return Ok(print(&report, &sources.iter().collect(), arguments.format));
    }
    let mut inputs = match input::read_all(&arguments.paths) {
        Ok(inputs) => inputs,
        Err(failure) if arguments.format == ReportFormat::Pretty => return Err(failure),
        Err(failure) => {
            // Programs get the report that they asked for, and people who look on are told as well.
            terminal::failure(&failure);
            return Ok(print(&unreadable(failure), &Sources::default(), arguments.format));
        }
    };
    let options = CheckOptions { policies: configs.iter().map(|config| config.policy.clone()).collect() };
    let report = if arguments.fix || arguments.diff {
        fix::run(&mut inputs, &options, arguments)?
    } else {
        judge(&inputs, &options)
    };
    let configured: Vec<&SourceText> = configs.iter().map(|config| &config.source).collect();
    if arguments.diff {
        terminal::print_error(&format!("{}\n", summary::render(&report)));
        return Ok(outcome(&report));
    }
    let sources: Sources<'_> = inputs.sources().chain(configured).collect();
    let outcome = print(&report, &sources, arguments.format);
    drop(sources);
    // The process ends here: taking apart what was read would only keep the caller waiting.
    std::mem::forget(inputs);
    Ok(outcome)
}

/// What kept an input from being read, as a report.
fn unreadable(failure: Failure) -> Report {
    let mut finding = Finding::new(codes::checking::UNREADABLE_INPUT, Severity::Error, failure.message);
    finding.help = failure.help;
    Report { findings: vec![finding], unusable: true, ..Report::default() }
}

/// All that is wrong with the inputs.
pub(super) fn judge(inputs: &input::Inputs, options: &CheckOptions) -> Report {
    let mut report = engine::check(&inputs.specs, &inputs.templates, options);
    report.merge(inputs.refused.clone());
    report
}

fn print(report: &Report, sources: &Sources<'_>, format: ReportFormat) -> Outcome {
    terminal::print(&match format {
        ReportFormat::Pretty => format!("{}{}\n", pretty::render(report, sources, true), summary::render(report)),
        ReportFormat::Json => wire::report::to_json(report),
        ReportFormat::Sarif => sarif::render(report, engine::page),
        ReportFormat::Github => github::render(report),
    });
    outcome(report)
}

pub(super) fn outcome(report: &Report) -> Outcome {
    if report.unusable {
        Outcome::Unusable
    } else if report.has_errors() {
        Outcome::Wrong
    } else {
        Outcome::Clean
    }
}
