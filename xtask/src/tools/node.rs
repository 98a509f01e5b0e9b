//! Node tools: one `node_modules` per lockfile.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::Installed;
use crate::session::Session;
use crate::workspace::{fresh_folder, root, shown};

/// Programs in Node together with the packages that a lockfile names.
#[derive(Debug)]
pub struct Node {
    modules: PathBuf,
}

impl Node {
    /// The tools that judge and shrink our output.
    pub fn tools(session: &mut Session) -> Result<Self> {
        Self::install(session, "node", &root().join("tests/tools"))
    }

    /// Installs `package-lock.json` of `project` into `target/tools/NAME`, unless it is there.
    pub fn install(session: &mut Session, name: &str, project: &Path) -> Result<Self> {
        let inputs = [project.join("package.json"), project.join("package-lock.json")];
        let installed = Installed::new(name, &[&inputs[0], &inputs[1]], "npm ci")?;
        let node = Self { modules: installed.folder().join("node_modules") };
        if installed.is_fresh() {
            return Ok(node);
        }
        session.say(&format!("installing the npm packages of {}", shown(project)));
        fresh_folder(installed.folder())?;
        for input in &inputs {
            let name = input.file_name().context("a lockfile has a name")?;
            std::fs::copy(input, installed.folder().join(name))?;
        }
        session.run(
            "npm ci",
            Command::new("npm")
                .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
                .current_dir(installed.folder()),
        )?;
        installed.finish()?;
        Ok(node)
    }

    /// Where the packages are.
    pub fn modules(&self) -> &Path {
        &self.modules
    }

    /// Runs a program of ours, by its path from the root, with the packages at hand.
    pub fn program(&self, path: &str) -> Command {
        let mut command = Command::new("node");
        command.arg(root().join(path)).current_dir(root());
        self.lend(&mut command);
        command
    }

    /// Where a program that a package brings is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.modules.join(".bin").join(name)
    }

    /// Runs a program that a package brings.
    pub fn binary(&self, name: &str) -> Command {
        let mut command = Command::new(self.path(name));
        command.current_dir(root());
        self.lend(&mut command);
        command
    }

    /// Lets a program find the packages, and keep quiet.
    pub fn lend(&self, command: &mut Command) {
        Self::quiet(command.env("NODE_PATH", &self.modules));
    }

    /// Has jsii keep quiet about the age of Node, and the CDK CLI about us.
    pub fn quiet(command: &mut Command) -> &mut Command {
        command.env("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "1").env("CDK_DISABLE_CLI_TELEMETRY", "true")
    }
}
