//! The build tool of Ringfence: everything that is made, checked or measured is one of its commands.

mod bench;
mod codegen;
mod commands;
mod parts;
mod session;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The build tool of Ringfence")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Installs what the tests need, runs everything, and says what ran
    Test(commands::test::Arguments),
    /// Runs what CI runs: `test` with nothing left out
    Ci,
    /// Writes what is generated from the CloudFormation schemas, and the pages of the rules
    Codegen(commands::codegen::Arguments),
    /// Starts a rule: its file, its place in the register, its corpus case
    NewRule(commands::new_rule::Arguments),
    /// Builds the WebAssembly module and says how large it is
    Wasm(commands::wasm::Arguments),
    /// Builds what the npm packages need and git does not have
    Npm(commands::npm::Arguments),
    /// Measures against aws-cdk-lib and by the number of services, and writes docs/benchmarks.md
    Bench(commands::bench::Arguments),
    /// Runs one program and prints what it took; `bench` calls it
    #[command(hide = true, trailing_var_arg = true)]
    Measure {
        #[arg(required = true, allow_hyphen_values = true)]
        program: Vec<String>,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Test(arguments) => commands::test::run(&arguments),
        Command::Ci => commands::ci::run(),
        Command::Codegen(arguments) => commands::codegen::run(&arguments),
        Command::NewRule(arguments) => commands::new_rule::run(&arguments),
        Command::Wasm(arguments) => commands::wasm::run(&arguments),
        Command::Npm(arguments) => commands::npm::run(&arguments),
        Command::Bench(arguments) => commands::bench::run(&arguments),
        Command::Measure { program } => bench::measure::inside(&program).map(|()| ExitCode::SUCCESS),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
