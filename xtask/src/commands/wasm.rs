//! `cargo xtask wasm`: builds the bindings for WebAssembly, writes the JavaScript beside them, and shrinks the module.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::session::Session;
use crate::tools::node::Node;
use crate::tools::toolchain::{self, Toolchain};
use crate::workspace::{cargo, fresh_folder, root, shown, target};

/// What a module can do, and how large it may be.
#[derive(Debug)]
pub struct Contents {
    /// What it is called in messages.
    name: &'static str,
    /// What cargo is told besides.
    arguments: &'static [&'static str],
    /// How large it may be after `wasm-opt`, in bytes, so that it does not grow unseen. What is taken off is taken off here
    /// too.
    budget: u64,
}

/// The module that is published.
pub const FULL: Contents = Contents { name: "the module", arguments: &[], budget: 1_490_000 };

/// A module that synthesizes and nothing else: what makes the files of the assembly, with all findings, is in it; the JSON
/// Schema and its texts are not. The goal is 450,000 bytes.
pub const SYNTH: Contents =
    Contents { name: "the module for synth alone", arguments: &["--no-default-features"], budget: 603_000 };

/// What the files of the package are called.
const NAME: &str = "ringfence";

/// What every engine that Ringfence runs on has had for years, and what rustc makes use of.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// How the module is shrunk. Functions that differ in a constant alone, as those for each type of a spec do, become one. The
/// first kilobyte of memory is the far end of the stack, so that offsets may go into loads and stores.
const PASSES: [&str; 4] = ["--low-memory-unused", "--merge-similar-functions", "-Oz", "--strip-producers"];

/// How often stores become calls: what shrinks the module in between brings more of them together.
const OUTLINED: usize = 2;

/// What is built, and for whom.
#[derive(Args)]
pub struct Arguments {
    /// The folder to write into
    #[arg(long, value_name = "FOLDER", default_value = "bindings/wasm/pkg")]
    out: PathBuf,
    /// The host that the JavaScript is for
    #[arg(long, value_parser = ["nodejs", "web", "bundler", "no-modules"], default_value = "nodejs")]
    target: String,
    /// Fails when the module is larger than its budget
    #[arg(long)]
    budget: bool,
    /// Leaves out everything that synthesis does not need
    #[arg(long)]
    synth_only: bool,
}

/// The size of a module, in bytes, at each step.
#[derive(Debug)]
pub struct Sizes {
    built: u64,
    optimised: u64,
    gzipped: u64,
}

impl Sizes {
    /// Fails when the module is larger than its contents may be.
    pub fn assert_within(&self, contents: &Contents) -> Result<()> {
        let Contents { name, budget, .. } = contents;
        if self.optimised > *budget {
            bail!("{name} has {} bytes after wasm-opt, more than its budget of {budget}", self.optimised);
        }
        Ok(())
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { built, optimised, gzipped } = self;
        write!(out, "{built} bytes built, {optimised} after wasm-opt, {gzipped} gzipped")
    }
}

/// Builds the package and prints how large it is.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let missing = toolchain::missing([Toolchain::WasmTarget, Toolchain::Node]);
    if !missing.is_empty() {
        bail!("toolchains are missing:\n  {}", missing.join("\n  "));
    }
    let mut session = Session::new("wasm-command")?;
    let folder = root().join(&arguments.out);
    let contents = if arguments.synth_only { &SYNTH } else { &FULL };
    let sizes = match build(&mut session, contents, &folder, &arguments.target) {
        Ok(sizes) => sizes,
        Err(error) => {
            eprintln!("{}", session.tail());
            return Err(error);
        }
    };
    println!("{}: {sizes}", shown(&folder));
    if arguments.budget {
        sizes.assert_within(contents)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds the package for a host into `folder`, which is emptied first.
pub fn build(session: &mut Session, contents: &Contents, folder: &Path, host: &str) -> Result<Sizes> {
    let node = Node::tools(session)?;
    let compile =
        ["build", "--quiet", "--package", "ringfence-wasm", "--target", "wasm32-unknown-unknown", "--profile", "wasm"];
    session.run("cargo build, bindings for wasm", cargo(&compile).args(contents.arguments))?;
    let built = target().join("wasm32-unknown-unknown/wasm/ringfence_wasm.wasm");
    fresh_folder(folder)?;
    glue(session, &built, folder, host)?;
    let module = folder.join(format!("{NAME}_bg.wasm"));
    shrink(session, &node, &module, &module)?;
    let gzip = "console.log(require('node:zlib').gzipSync(require('node:fs').readFileSync(process.argv[1]), { level: 9 }).length)";
    let gzipped = session.capture("gzip", Command::new("node").args(["-e", gzip]).arg(&module))?;
    if host == "nodejs" {
        starts(session, folder)?;
    }
    Ok(Sizes {
        built: size(&built)?,
        optimised: size(&module)?,
        gzipped: gzipped.trim().parse().context("node printed no size")?,
    })
}

/// Writes the module with the JavaScript that a host needs beside it.
pub fn glue(session: &mut Session, module: &Path, folder: &Path, host: &str) -> Result<()> {
    let bindgen = ["run", "--quiet", "--package", "xtask-bindgen", "--"];
    session.run("wasm-bindgen", cargo(&bindgen).arg(module).arg(folder).args([NAME, host]))
}

/// Makes a module as small as it gets.
pub fn shrink(session: &mut Session, node: &Node, module: &Path, into: &Path) -> Result<()> {
    optimise(session, node, module, into)?;
    for _ in 0..OUTLINED {
        outline(session, into)?;
        optimise(session, node, into, into)?;
    }
    Ok(())
}

fn optimise(session: &mut Session, node: &Node, module: &Path, into: &Path) -> Result<()> {
    let mut optimise = node.binary("wasm-opt");
    session.run("wasm-opt", optimise.args(FEATURES).args(PASSES).arg(module).arg("--output").arg(into))
}

/// Lets stores that are frequent behind one another become calls; what shrinks it afterwards finds calls that are alike.
fn outline(session: &mut Session, module: &Path) -> Result<()> {
    let bindgen = ["run", "--quiet", "--package", "xtask-bindgen", "--", "outline"];
    session.run("outline", cargo(&bindgen).arg(module))
}

/// Loads the package into Node and has it judge an empty spec.
fn starts(session: &mut Session, folder: &Path) -> Result<()> {
    let ask = "const package = require(require('node:path').resolve(process.argv[1]));
        console.log(JSON.parse(package.synthJson('spec.yaml', '{}')).report.status)";
    let package = folder.join(format!("{NAME}.js"));
    let status = session.capture("load the package", Command::new("node").args(["-e", ask]).arg(package))?;
    if status.trim() != "findings" {
        bail!("the package says that an empty spec is `{}`", status.trim());
    }
    Ok(())
}

fn size(path: &Path) -> Result<u64> {
    Ok(std::fs::metadata(path).with_context(|| format!("there is no `{}`", shown(path)))?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_over_its_budget_is_refused() {
        let contents = Contents { name: "it", arguments: &[], budget: 1000 };
        let sizes = |optimised| Sizes { built: 5000, optimised, gzipped: 1 };
        assert!(sizes(1000).assert_within(&contents).is_ok());
        let error = sizes(1001).assert_within(&contents).expect_err("it is too large");
        assert_eq!(error.to_string(), "it has 1001 bytes after wasm-opt, more than its budget of 1000");
    }

    #[test]
    fn the_glue_is_written_by_the_bindgen_that_the_bindings_use() {
        let lock = crate::workspace::read(&root().join("Cargo.lock")).expect("a lockfile");
        let versions = |name: &str| -> Vec<&str> {
            let header = format!("name = \"{name}\"\nversion = \"");
            lock.split(&header).skip(1).filter_map(|rest| rest.split('"').next()).collect()
        };
        assert_eq!(versions("wasm-bindgen").len(), 1);
        assert_eq!(versions("wasm-bindgen"), versions("wasm-bindgen-cli-support"));
    }

    #[test]
    fn wasm_pack_is_told_to_shrink_as_we_do() {
        let manifest = crate::workspace::read(&root().join("bindings/wasm/Cargo.toml")).expect("a manifest");
        assert!(manifest.contains("crate-type = [\"cdylib\""), "wasm-pack needs a cdylib");
        let mut ours: Vec<&str> =
            FEATURES.into_iter().chain(PASSES).filter(|flag| *flag != "--strip-producers").collect();
        ours.sort_unstable();
        // `custom` is for `--profile wasm`.
        for profile in ["release", "custom"] {
            let header = format!("[package.metadata.wasm-pack.profile.{profile}]\nwasm-opt = [");
            let (_, rest) = manifest.split_once(&header).expect("the profile");
            let (flags, _) = rest.split_once(']').expect("the end of the list");
            let mut flags: Vec<&str> = flags.split('"').filter(|flag| flag.starts_with('-')).collect();
            flags.sort_unstable();
            assert_eq!(flags, ours, "{profile}");
        }
    }
}
