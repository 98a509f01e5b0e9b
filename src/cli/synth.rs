//! `ringfence synth`: from a spec to a cloud assembly.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::cfn::SourceText;
use crate::diagnostics::render::{pretty, summary as summary_line};
use crate::engine::{self, ReadSpec, StackSummary, Synthesis};

use super::arguments::{SynthArguments, SynthFormat};
use super::{Failure, Outcome, Result, check, fingerprint, input, output, terminal};

/// The CDK CLI that reads today's assemblies; the package tagged `latest` does not.
const CDK_CLI: &str = "aws-cdk@2.1148.1";

pub(super) fn run(arguments: &SynthArguments) -> Result<Outcome> {
    if arguments.watch {
        return watch(arguments);
    }
    once(arguments)
}

#[cfg(not(target_family = "wasm"))]
fn watch(arguments: &SynthArguments) -> Result<Outcome> {
    let Some(spec) = &arguments.spec else {
        return Err(
            Failure::new("`--watch` needs a spec").help("name the file to watch: `ringfence synth SPEC --watch`")
        );
    };
    if input::is_stdin(spec) {
        return Err(Failure::new("standard input cannot be watched").help("name the file to watch"));
    }
    super::watch::run(spec, &|| once(arguments))
}

#[cfg(target_family = "wasm")]
fn watch(_arguments: &SynthArguments) -> Result<Outcome> {
    Err(Failure::new("`--watch` is not available here").help("it needs the native command: `cargo install ringfence`"))
}

/// The spec of a call, and the file in which it is.
struct Subject {
    source: SourceText,
    read: ReadSpec,
    path: PathBuf,
}

impl Subject {
    fn of(arguments: &SynthArguments) -> Result<Self> {
        let Some(path) = &arguments.spec else {
            let source = SourceText::new(engine::REFERENCE_SPEC_NAME, engine::REFERENCE_SPEC);
            let read = engine::read_spec(&source);
            return Ok(Self { source, read, path: PathBuf::new() });
        };
        let (source, read) = input::read_spec(path)?;
        let path = if input::is_stdin(path) { PathBuf::new() } else { path.clone() };
        Ok(Self { source, read, path })
    }
}

fn once(arguments: &SynthArguments) -> Result<Outcome> {
    if arguments.stack.is_some() && arguments.format == SynthFormat::Cdk {
        let help = "add `--format json` or `--format yaml`; an assembly has all stacks";
        return Err(Failure::new("`--stack` chooses which template is printed, and none is").help(help));
    }
    let subject = Subject::of(arguments)?;
    let fingerprints = fingerprint::of(&subject.read, &subject.path)?;
    let mut synthesis = engine::synth(&subject.source, &subject.read, &fingerprints);
    synthesis.report.checked.files = 1;
    terminal::print_error(&pretty::render(&synthesis.report, &subject.source, true));
    let Some(assembly) = &synthesis.assembly else {
        terminal::print_error(&format!("{}; nothing was written\n", summary_line::render(&synthesis.report)));
        return Ok(check::outcome(&synthesis.report));
    };
    match arguments.format {
        SynthFormat::Cdk => {
            output::write(assembly, synthesis.hand_offs.clone(), fingerprint::base(&subject.path), &arguments.out)?;
            terminal::print(&summary(&synthesis, arguments, subject.source.name()));
        }
        SynthFormat::Json | SynthFormat::Yaml => terminal::print(&templates(&synthesis, arguments)?),
    }
    Ok(check::outcome(&synthesis.report))
}

/// The templates as text: one alone, several by their stack.
fn templates(synthesis: &Synthesis, arguments: &SynthArguments) -> Result<String> {
    let wanted: Vec<&StackSummary> = synthesis
        .stacks
        .iter()
        .filter(|stack| arguments.stack.as_ref().is_none_or(|name| *name == stack.id || *name == stack.name))
        .collect();
    if wanted.is_empty() {
        let known: Vec<&str> = synthesis.stacks.iter().map(|stack| stack.id.as_str()).collect();
        return Err(Failure::new(format!("there is no stack `{}`", arguments.stack.as_deref().unwrap_or_default()))
            .help(format!("the stacks are {}", known.join(", "))));
    }
    let names: Vec<&str> = wanted.iter().map(|stack| stack.id.as_str()).collect();
    engine::templates(synthesis, &names, arguments.format == SynthFormat::Yaml)
        .map_err(|message| Failure::new(format!("the templates cannot be written: {message}")))
}

/// What was made, how big it is, and what to type next.
fn summary(synthesis: &Synthesis, arguments: &SynthArguments, spec: &str) -> String {
    let out = arguments.out.display().to_string();
    let mut text = format!("{spec} is now the cloud assembly {out}\n\n");
    let width = synthesis.stacks.iter().map(|stack| stack.id.len()).max().unwrap_or(0).max("stack".len());
    let _ = writeln!(text, "  {:width$}  {:28}  resources  longest chain", "stack", "account/region");
    for stack in &synthesis.stacks {
        let place = format!(
            "{}/{}",
            stack.account.as_deref().unwrap_or("any account"),
            stack.region.as_deref().unwrap_or("any Region")
        );
        let _ = writeln!(
            text,
            "  {:width$}  {place:28}  {:>9}  {:>13}",
            stack.id,
            stack.resource_count(),
            stack.longest_chain
        );
    }
    text.push_str("\nA deployment makes the resources of a chain one after another, everything else side by side.\n");
    for consumer in synthesis.hand_offs.keys() {
        let sheet = arguments.out.join(output::HAND_OFF_FOLDER).join(format!("{consumer}.md"));
        let _ = writeln!(text, "What `{consumer}` needs to know is in {}.", sheet.display());
    }
    let _ = write!(text, "\nnext:{}", next(synthesis, &quoted(&out)));
    text
}

/// A path as shells take it.
fn quoted(path: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "/\\._-+:,=@%".contains(letter);
    if path.chars().all(is_plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

/// The commands that deploy the stacks, in order.
fn next(synthesis: &Synthesis, out: &str) -> String {
    let mut text = String::new();
    for stack in &synthesis.stacks {
        let _ = write!(text, "\n  npx {CDK_CLI} deploy --app {out} {}", stack.id);
        for (parameter, producer, output) in &stack.parameters {
            let _ = write!(text, " --parameters {}:{parameter}=<{output} of {producer}>", stack.name);
        }
    }
    text.push('\n');
    text
}
