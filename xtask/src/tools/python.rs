//! Python tools: one virtual environment per requirements file.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::Installed;
use crate::session::Session;
use crate::workspace::{fresh_folder, root, shown};

/// A virtual environment with everything that a requirements file names.
#[derive(Debug)]
pub struct Python {
    folder: PathBuf,
}

impl Python {
    /// The tools that judge our output.
    pub fn tools(session: &mut Session) -> Result<Self> {
        Self::install(session, "python", &root().join("tests/tools/requirements.txt"))
    }

    /// Installs what `requirements` names (every version pinned) into `target/tools/NAME`, unless it is there.
    pub fn install(session: &mut Session, name: &str, requirements: &Path) -> Result<Self> {
        let installed = Installed::new(name, &[requirements], "venv")?;
        let python = Self { folder: installed.folder().to_owned() };
        // A folder that was copied or whose Python went away does not start any more.
        if installed.is_fresh() && python.starts() {
            return Ok(python);
        }
        session.say(&format!("installing the Python packages of {}", shown(requirements)));
        fresh_folder(installed.folder())?;
        session.run("python3 -m venv", Command::new("python3").args(["-m", "venv"]).arg(installed.folder()))?;
        session.run(
            "pip install",
            python
                .program("python")
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "-r"])
                .arg(requirements),
        )?;
        installed.finish()?;
        Ok(python)
    }

    /// A program of the environment.
    pub fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.path(name));
        command.current_dir(root());
        command
    }

    /// Where a program of the environment is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.bin().join(name)
    }

    /// The folder of the environment's programs.
    pub fn bin(&self) -> PathBuf {
        self.folder.join(if cfg!(windows) { "Scripts" } else { "bin" })
    }

    fn starts(&self) -> bool {
        self.program("python").arg("-c").arg("").status().is_ok_and(|status| status.success())
    }
}
