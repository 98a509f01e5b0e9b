//! The construct library in the languages of jsii: made by jsii-pacmak from the packed library, and built here.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::Installed;
use super::constructs::{self, NEWEST, OLDEST};
use super::node::Node;
use super::python::Python;
use crate::session::Session;
use crate::workspace::{entries, fresh_folder, root, tools};

/// The languages; nothing of ours runs what is written for .NET.
const TARGETS: [&str; 4] = ["python", "java", "go", "dotnet"];

/// What builds the wheel.
const WHEEL: &str = "tests/languages/wheel-requirements.txt";

/// The code in every language.
#[derive(Debug)]
pub struct Bindings {
    folder: PathBuf,
    /// What tells one packed library from another.
    stamp: PathBuf,
}

impl Bindings {
    /// Has jsii-pacmak write the code, unless the packed library is the one that it last read.
    pub fn make(session: &mut Session) -> Result<Self> {
        let node = constructs::beside(session, OLDEST)?;
        let stamp = constructs::pack(session)?.with_file_name(".installed");
        let made = Installed::new("bindings", &[&stamp], &TARGETS.join(" "))?;
        let bindings = Self { folder: made.folder().to_owned(), stamp };
        if !made.is_fresh() {
            session.say("writing the library for Python, Java, Go and .NET");
            fresh_folder(made.folder())?;
            let library = node.modules().join("cdk-ringfence");
            // Every example is compiled, and fails the part when it is wrong. Some are about what is new in aws-cdk-lib.
            let newest = constructs::beside(session, NEWEST)?.modules().join("cdk-ringfence");
            let examples = made.folder().join("examples.json");
            let mut rosetta = constructs::program(session, "jsii-rosetta")?;
            rosetta
                .args(["extract", "--strict", "--cache-to"])
                .arg(&examples)
                .arg("--directory")
                .arg(&newest)
                .arg(&newest);
            session.run("jsii-rosetta", Node::quiet(&mut rosetta))?;
            let mut pacmak = constructs::program(session, "jsii-pacmak")?;
            pacmak.arg(&library).arg("--rosetta-tablet").arg(&examples);
            pacmak.args(["--code-only", "--rosetta-unknown-snippets", "fail", "--outdir"]);
            pacmak.arg(made.folder()).arg("--targets").args(TARGETS);
            session.run("jsii-pacmak", Node::quiet(&mut pacmak))?;
            for target in TARGETS {
                ensure!(made.folder().join(target).is_dir(), "jsii-pacmak wrote nothing for {target}");
            }
            made.finish()?;
        }
        Ok(bindings)
    }

    /// A Python with what `requirements` names, and the library.
    pub fn python(&self, session: &mut Session, requirements: &Path) -> Result<Python> {
        let python = Python::install(session, "bindings-python", requirements)?;
        let built = self.built("wheel", "bindings-wheel")?;
        if !built.is_fresh() {
            session.say("building the wheel");
            fresh_folder(built.folder())?;
            let builder = Python::install(session, "wheel-builder", &root().join(WHEEL))?;
            let mut wheel = builder.program("python");
            wheel.args(["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir"]);
            session.run("pip wheel", wheel.arg(built.folder()).arg(self.folder.join("python")))?;
            built.finish()?;
        }
        let wheel = entries(built.folder())?.into_iter().find(|path| path.extension().is_some_and(|end| end == "whl"));
        let mut install = python.program("python");
        install.args(["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--force-reinstall"]);
        session.run("pip install", install.arg(wheel.context("pip built no wheel")?))?;
        Ok(python)
    }

    /// Builds the jar into the repository that [`Self::maven`] uses.
    pub fn jar(&self, session: &mut Session) -> Result<()> {
        let built = self.built("jar", "bindings-jar")?;
        if !built.is_fresh() {
            session.say("building the jar");
            self.maven(session, &self.folder.join("java"), |maven| {
                maven.args(["install", "-Dmaven.javadoc.skip=true", "-Dmaven.source.skip=true"]);
            })?;
            built.finish()?;
        }
        Ok(())
    }

    /// Runs Maven in a folder with a repository of our own: without the network, unless something is missing.
    pub fn maven(&self, session: &mut Session, folder: &Path, with: impl Fn(&mut Command)) -> Result<()> {
        let repository = format!("-Dmaven.repo.local={}", tools().join("maven").display());
        let maven = |more: &[&str]| {
            let mut maven = Command::new("mvn");
            maven.args(["--quiet", "--batch-mode", "--no-transfer-progress", &repository]).args(more);
            with(maven.current_dir(folder));
            maven
        };
        let (status, _) = session.try_capture("mvn --offline", &mut maven(&["--offline"]))?;
        if status.success() { Ok(()) } else { session.run("mvn", &mut maven(&[])) }
    }

    /// Where the Go module is.
    pub fn go_module(&self) -> PathBuf {
        self.folder.join("go/ringfence")
    }

    /// Something that is built once for each state of the packed library.
    fn built(&self, what: &str, name: &str) -> Result<Installed> {
        Installed::new(name, &[&self.stamp], what)
    }
}
