//! The arguments of the command.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Builds and checks private services on AWS: ECS on Fargate without a way to or from the internet, behind an internal
/// Network Load Balancer, shared through AWS PrivateLink.
#[derive(Debug, Parser)]
#[command(name = "ringfence", version, max_term_width = 100, arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write a commented spec to begin with
    Init(InitArguments),
    /// Turn a spec into a CDK cloud assembly
    Synth(SynthArguments),
    /// Say what is wrong with specs, CloudFormation templates and cloud assemblies
    #[command(after_help = CHECK_HELP)]
    Check(CheckArguments),
    /// Explain a code, or a member of the spec
    Explain(ExplainArguments),
    /// Print the JSON Schema of the spec
    Schema(SchemaArguments),
    /// Print a completion script for a shell
    Completions(CompletionsArguments),
}

#[derive(Args, Debug)]
pub(super) struct InitArguments {
    /// The file to write; it must not exist yet
    #[arg(default_value = "ringfence.yaml")]
    pub(super) path: PathBuf,
}

#[derive(Args, Debug)]
pub(super) struct SynthArguments {
    /// The spec, in YAML or JSON, or `-` for standard input [default: an example that is built in]
    pub(super) spec: Option<PathBuf>,
    /// The folder to write the cloud assembly to; one that holds anything else is left alone
    #[arg(long, short, default_value = "cdk.out")]
    pub(super) out: PathBuf,
    /// What to make: a cloud assembly in a folder, or templates on standard output
    #[arg(long, value_enum, default_value = "cdk")]
    pub(super) format: SynthFormat,
    /// With `--format json` or `yaml`: print this stack only
    #[arg(long)]
    pub(super) stack: Option<String>,
    /// Do it again whenever the spec changes
    #[arg(long)]
    pub(super) watch: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SynthFormat {
    /// A cloud assembly in a folder
    Cdk,
    /// Templates as JSON on standard output
    Json,
    /// Templates as YAML on standard output
    Yaml,
}

#[derive(Args, Debug)]
pub(super) struct CheckArguments {
    /// Specs and CloudFormation templates in YAML or JSON, folders with a cloud assembly, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// How to print what was found
    #[arg(long, value_enum, default_value = "pretty")]
    pub(super) format: ReportFormat,
    /// The configuration [default: the nearest `ringfence.toml` in the folders above each path]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Make the fixes that are safe, in the files themselves, and print what is left
    #[arg(long)]
    pub(super) fix: bool,
    /// Print what `--fix` would change, and change nothing
    #[arg(long, visible_alias = "dry-run")]
    pub(super) diff: bool,
}

/// What stands below the options of `check`.
const CHECK_HELP: &str = "\
Exit codes: 0 nothing is wrong, 1 something will fail or is exposed, 2 the call or an input could not be used.
Findings that a `ringfence.toml` or a resource's Metadata suppresses do not count.";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// For people, with excerpts
    Pretty,
    /// For programs; a contract with a schema
    Json,
    /// SARIF 2.1.0, for code scanners and editors
    Sarif,
    /// Annotations in GitHub Actions
    Github,
}

#[derive(Args, Debug)]
pub(super) struct ExplainArguments {
    /// A code such as `RF0002`, a member of the spec such as `network.flowLogs`, or `codes` for all codes
    #[arg(default_value = "spec")]
    pub(super) subject: String,
}

#[derive(Args, Debug)]
pub(super) struct SchemaArguments {
    /// Which schema
    #[arg(value_enum, default_value = "spec")]
    pub(super) which: SchemaKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaKind {
    /// Of the spec
    Spec,
    /// Of what `check --format json` prints
    Report,
}

#[derive(Args, Debug)]
pub(super) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
}
