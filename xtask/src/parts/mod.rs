//! The parts of `cargo xtask test`, one per file, in the order in which they run: what fails fast comes first.

mod assembly;
mod browser;
mod cdk_apps;
mod clippy;
mod codegen;
mod deny;
mod deploy;
mod doc;
mod fmt;
mod inline;
mod languages;
mod newcomer;
mod npm;
mod readme;
mod reports;
pub mod specs;
mod templates;
mod unit;
mod wasm;

use anyhow::Result;

use crate::session::Session;
use crate::tools::toolchain::Toolchain::{self, Chromium, Git, Go, Java, Node, Python, Rust, WasiTarget, WasmTarget};

/// Something that `cargo xtask test` checks.
#[derive(Debug)]
pub struct Part {
    /// What `--only` and `--skip` call it.
    pub name: &'static str,
    /// What it checks, in a few words.
    pub about: &'static str,
    /// What must be on the machine.
    pub needs: &'static [Toolchain],
    /// Runs it; gives back what was looked at, in a few words.
    pub run: fn(&mut Session) -> Result<String>,
}

/// Every part.
pub const PARTS: &[Part] = &[
    Part { name: "fmt", about: "code is formatted", needs: &[Rust], run: fmt::run },
    Part {
        name: "clippy",
        about: "lints, on the host and for WebAssembly",
        needs: &[Rust, WasmTarget],
        run: clippy::run,
    },
    Part {
        name: "unit",
        about: "unit and integration tests, with and without the command",
        needs: &[Rust, Git],
        run: unit::run,
    },
    Part { name: "doc", about: "the documentation builds without warnings", needs: &[Rust], run: doc::run },
    Part {
        name: "codegen",
        about: "generated code is what its generator writes now",
        needs: &[Node],
        run: codegen::run,
    },
    Part { name: "deny", about: "licences, sources and duplicates of dependencies", needs: &[Python], run: deny::run },
    Part {
        name: "wasm",
        about: "the core and the bindings build for WebAssembly, within their budget",
        needs: &[WasmTarget, Node],
        run: wasm::run,
    },
    Part {
        name: "npm",
        about: "the npm package: what it answers, how it is loaded, typed and packed, and its command",
        needs: &[WasmTarget, WasiTarget, Node],
        run: npm::run,
    },
    Part {
        name: "browser",
        about: "a browser answers as the native library does, and shows pages that bundlers make",
        needs: &[WasmTarget, WasiTarget, Node, Chromium],
        run: browser::run,
    },
    Part {
        name: "templates",
        about: "cfn-lint and AWS's own validator find nothing in our templates",
        needs: &[Node, Python],
        run: templates::run,
    },
    Part {
        name: "assembly",
        about: "cloud assemblies keep to their schema, and aws-cdk-lib reads them",
        needs: &[Node],
        run: assembly::run,
    },
    Part {
        name: "reports",
        about: "what `check` prints as SARIF and JSON keeps to the schemas",
        needs: &[Node],
        run: reports::run,
    },
    Part {
        name: "cdk-apps",
        about: "CDK apps with the packed construct library, on the oldest and newest aws-cdk-lib",
        needs: &[WasmTarget, Node],
        run: cdk_apps::run,
    },
    Part {
        name: "languages",
        about: "the construct library in Python, Java and Go says what it says in TypeScript",
        needs: &[WasmTarget, Node, Python, Java, Go],
        run: languages::run,
    },
    Part {
        name: "inline",
        about: "the code inside our templates does what it should",
        needs: &[Python],
        run: inline::run,
    },
    Part {
        name: "deploy",
        about: "the CDK CLI deploys, updates and destroys against an emulator of AWS",
        needs: &[Node, Python],
        run: deploy::run,
    },
    Part {
        name: "newcomer",
        about: "the README of the construct library works in an empty folder, and what comes out can be deployed",
        needs: &[WasmTarget, Node, Python],
        run: newcomer::run,
    },
    Part { name: "readme", about: "the commands on the README's first screen work", needs: &[Rust], run: readme::run },
];
