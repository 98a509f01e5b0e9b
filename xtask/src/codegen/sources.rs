//! Installs the packages that hold the schemas, at the versions pinned in `xtask/codegen`, under `target/tools`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::PACKAGE;

/// Where the packages are installed, relative to the root of the workspace.
const TOOLS: &str = "target/tools/codegen";

/// The database of the npm package `@aws-cdk/aws-service-spec`.
pub fn npm(root: &Path) -> Result<PathBuf> {
    let tools = root.join(TOOLS);
    let database = tools.join("node_modules/@aws-cdk/aws-service-spec/db.json.gz");
    install(root, "package-lock.json", &database, |folder| {
        fs::copy(root.join(PACKAGE).join("package.json"), folder.join("package.json"))?;
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
        run(npm.current_dir(folder), "npm, which comes with Node.js 20 or newer")
    })?;
    Ok(database)
}

/// The folder of registry schemas in the Python package `cfn-lint`.
pub fn python(root: &Path) -> Result<PathBuf> {
    let packages = root.join(TOOLS).join("python");
    let schemas = packages.join("cfnlint/data/schemas");
    install(root, "requirements.txt", &schemas, |folder| {
        if packages.exists() {
            fs::remove_dir_all(&packages)?;
        }
        let mut pip = Command::new("python3");
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--root-user-action=ignore",
            "--no-deps",
            "--no-compile",
        ]);
        pip.args(["--only-binary", ":all:", "--require-hashes", "--requirement", "requirements.txt"]);
        pip.arg("--target").arg(&packages);
        run(pip.current_dir(folder), "Python 3 with pip")
    })?;
    Ok(schemas)
}

/// Runs `install` in the folder of tools, unless it was run for the same pin before.
fn install(root: &Path, pin: &str, made: &Path, install: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let folder = root.join(TOOLS);
    let stamp = folder.join(format!("{pin}.installed"));
    let pinned = fs::read(root.join(PACKAGE).join(pin)).with_context(|| format!("reading {PACKAGE}/{pin}"))?;
    if made.exists() && fs::read(&stamp).is_ok_and(|found| found == pinned) {
        return Ok(());
    }
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(pin), &pinned)?;
    install(&folder)?;
    ensure!(made.exists(), "{} was not installed", made.display());
    fs::write(stamp, pinned)?;
    Ok(())
}

fn run(command: &mut Command, what: &str) -> Result<()> {
    let status = command.stdout(Stdio::null()).status().with_context(|| format!("cannot run {what}"))?;
    ensure!(status.success(), "{what}: {status}");
    Ok(())
}
