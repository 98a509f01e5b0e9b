//! `cargo xtask npm`: builds what the npm packages need and git does not have.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use super::wasm::{FULL, Sizes, build, glue, shrink};
use crate::session::Session;
use crate::tools::Installed;
use crate::tools::node::Node;
use crate::tools::toolchain::{self, Toolchain};
use crate::workspace::{cargo, fresh_folder, make_folder, read, root, scratch, shown, target, write};

/// Where the construct library keeps its copy of the library: npm would leave a bundled dependency out, without a word,
/// when a workspace has put it elsewhere.
const CONSTRUCTS: &str = "npm/cdk-ringfence/wasm";

/// The package for JavaScript hosts.
pub const PACKAGE: &str = "npm/ringfence";

/// The types of its calls. They are committed, so that a change of them is seen.
const TYPES: &str = "index.d.cts";

/// What those who import the package find: the same declarations, which are not shipped twice.
const IMPORTED_TYPES: (&str, &str) = ("index.d.mts", "export * from './index.cjs';\n");

/// What else the command does.
#[derive(Args)]
pub struct Arguments {
    /// Fails, instead of writing them, when the committed types of the package are stale
    #[arg(long)]
    check: bool,
    /// Leaves out the command, which takes long to build
    #[arg(long)]
    library_only: bool,
}

/// Builds the packages and prints how large the module is.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let missing = toolchain::missing([Toolchain::WasmTarget, Toolchain::WasiTarget, Toolchain::Node]);
    if !missing.is_empty() {
        bail!("toolchains are missing:\n  {}", missing.join("\n  "));
    }
    let mut session = Session::new("npm-command")?;
    match packages(&mut session, arguments) {
        Ok(sizes) => {
            println!("{PACKAGE}, {CONSTRUCTS}: {sizes}");
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            eprintln!("{}", session.tail());
            Err(error)
        }
    }
}

/// What decides what is in the package.
const SOURCES: [&str; 9] = [
    "src",
    "bindings/wasm",
    "Cargo.toml",
    "Cargo.lock",
    "npm/ringfence/src",
    "npm/ringfence/build.cjs",
    "npm/ringfence/bin",
    "npm/ringfence/package-lock.json",
    "xtask/src/commands",
];

/// Builds the packages with everything in them, unless nothing changed since the last time, and checks what is committed of
/// them.
pub fn checked(session: &mut Session) -> Result<()> {
    let made = Installed::of("npm-packages", &SOURCES, "")?;
    let is_there = root().join(PACKAGE).join("dist/command.wasm.br").exists() && root().join(CONSTRUCTS).exists();
    if made.is_fresh() && is_there {
        return types(true);
    }
    session.say("building the packages");
    packages(session, &Arguments { check: true, library_only: false })?;
    made.finish()
}

/// Builds the module alone, where the construct library looks for it.
pub fn module(session: &mut Session) -> Result<Sizes> {
    build(session, &FULL, &root().join(CONSTRUCTS), "nodejs")
}

fn packages(session: &mut Session, arguments: &Arguments) -> Result<Sizes> {
    let sizes = module(session)?;
    let made = root().join(PACKAGE).join("dist");
    make_folder(&made)?;
    for name in ["ringfence_bg.wasm", "pages.json"] {
        let from = root().join(CONSTRUCTS).join(name);
        std::fs::copy(from, made.join(name)).with_context(|| format!("`{name}` cannot be copied"))?;
    }
    let built = target().join("wasm32-unknown-unknown/wasm/ringfence_wasm.wasm");
    write_glue(session, &built, &scratch().join("npm-glue"), &root().join(PACKAGE).join("build"))?;
    types(arguments.check)?;
    let tools = tools(session)?;
    session.run("build.cjs", &mut tools.program("npm/ringfence/build.cjs"))?;
    if !arguments.library_only {
        command(session)?;
    }
    Ok(sizes)
}

/// The programs that bundle and check the package.
pub fn tools(session: &mut Session) -> Result<Node> {
    Node::install(session, "npm-ringfence", &root().join(PACKAGE))
}

/// Writes the JavaScript around a module as a function that makes a new, independent instance each time it is called: an
/// instance that has failed cannot be used again.
fn write_glue(session: &mut Session, module: &Path, scratch: &Path, into: &Path) -> Result<()> {
    fresh_folder(scratch)?;
    glue(session, module, scratch, "no-modules")?;
    write(&into.join("glue.mjs"), factory(&read(&scratch.join("ringfence.js"))?))
}

/// Builds a package that can be made to panic, for the tests of what happens then, and gives back its folder. It is neither
/// optimised nor published.
pub fn failing(session: &mut Session) -> Result<PathBuf> {
    let compile = ["build", "--quiet", "--package", "ringfence-wasm", "--features", "failing", "--target"];
    session.run("cargo build, bindings that panic", cargo(&compile).arg("wasm32-unknown-unknown"))?;
    let folder = scratch().join("npm-failing");
    let built = target().join("wasm32-unknown-unknown/debug/ringfence_wasm.wasm");
    write_glue(session, &built, &folder, &folder)?;
    let tools = tools(session)?;
    session.run("build.cjs", tools.program("npm/ringfence/build.cjs").arg("--failing").arg(&folder))?;
    Ok(folder)
}

/// The JavaScript that wasm-bindgen writes for hosts without modules, which keeps its state in a variable, as a function.
fn factory(script: &str) -> String {
    format!("// Written by `cargo xtask npm`.\nexport function glue() {{\n{script}\nreturn wasm_bindgen;\n}}\n")
}

/// Writes, or compares, the types of the package: those of the calls, which wasm-bindgen has from Rust, and of what the
/// package adds to them.
fn types(check: bool) -> Result<()> {
    let calls = read(&root().join(CONSTRUCTS).join("ringfence.d.ts"))?;
    let added = read(&root().join(PACKAGE).join("src/added.d.ts"))?;
    let text = format!("{}\n{added}", calls.trim_end());
    for (name, text) in [(TYPES, text.as_str()), IMPORTED_TYPES] {
        let path = root().join(PACKAGE).join("types").join(name);
        if read(&path).ok().as_deref() == Some(text) {
            continue;
        }
        if check {
            bail!("`{}` is stale: run `cargo xtask npm` and look at what changed", shown(&path));
        }
        write(&path, text)?;
    }
    Ok(())
}

/// Builds the command for WASI.
fn command(session: &mut Session) -> Result<()> {
    let compile = [
        "build",
        "--quiet",
        "--package",
        "ringfence",
        "--bin",
        "ringfence",
        "--target",
        "wasm32-wasip1",
        "--profile",
        "wasm",
    ];
    session.run("cargo build, command for WASI", &mut cargo(&compile))?;
    let node = Node::tools(session)?;
    let small: PathBuf = scratch().join("ringfence-command.wasm");
    shrink(session, &node, &target().join("wasm32-wasip1/wasm/ringfence.wasm"), &small)?;
    let tools = tools(session)?;
    session.run("build.cjs", tools.program("npm/ringfence/build.cjs").arg("--command").arg(small))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factory_makes_a_new_state_each_time() {
        let script = "let wasm_bindgen = (function() { let calls = 0; return { call: () => ++calls }; })();";
        let test = format!(
            "{}\nconst [a, b] = [glue(), glue()]; a.call(); console.log(a.call(), b.call());",
            factory(script).replace("export function", "function")
        );
        let output = std::process::Command::new("node").args(["-e", &test]).output().expect("node starts");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "2 1\n");
    }
}
