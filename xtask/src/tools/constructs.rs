//! The construct library as npm packs it, and the versions of aws-cdk-lib that it is tested with.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::Installed;
use super::node::Node;
use crate::commands::npm;
use crate::session::Session;
use crate::workspace::{entries, fresh_folder, read, root};

/// Where the library is.
const PACKAGE: &str = "npm/cdk-ringfence";

/// What decides what is in the package.
const SOURCES: [&str; 11] = [
    "src",
    "bindings/wasm",
    "Cargo.toml",
    "Cargo.lock",
    "npm/cdk-ringfence/src",
    "npm/cdk-ringfence/rosetta",
    "npm/cdk-ringfence/package.json",
    "npm/cdk-ringfence/package-lock.json",
    "npm/cdk-ringfence/README.md",
    "npm/cdk-ringfence/API.md",
    "xtask/src/commands/wasm.rs",
];

/// The oldest version that is supported: name, and the folder of the lockfile.
pub const OLDEST: (&str, &str) = ("oldest", "tests/cdk/oldest");

/// The newest version that is supported.
pub const NEWEST: (&str, &str) = ("newest", "tests/cdk/newest");

/// The ends of the range of versions that are supported.
pub const VERSIONS: [(&str, &str); 2] = [OLDEST, NEWEST];

/// Builds and packs the library, unless nothing changed since the last time; gives back the tarball.
pub fn pack(session: &mut Session) -> Result<PathBuf> {
    let packed = Installed::of("constructs", &SOURCES, "npm pack")?;
    if !packed.is_fresh() {
        session.say("building cdk-ringfence");
        npm::module(session)?;
        fresh_folder(packed.folder())?;
        let package = root().join(PACKAGE);
        install(session)?;
        session.run("npm run build", &mut in_package(&["run", "build"]))?;
        session
            .run("npm pack", in_package(&["pack", "--ignore-scripts", "--pack-destination"]).arg(packed.folder()))?;
        anyhow::ensure!(package.join(".jsii").exists(), "jsii wrote no assembly");
        assert_reference(session, packed.folder())?;
        packed.finish()?;
    }
    let made = entries(packed.folder())?.into_iter().find(|path| path.extension().is_some_and(|end| end == "tgz"));
    made.context("npm packed nothing")
}

/// Installs the packed library beside a version of aws-cdk-lib, one of [`VERSIONS`].
pub fn beside(session: &mut Session, (name, lockfile): (&str, &str)) -> Result<Node> {
    let tarball = pack(session)?;
    let node = Node::install(session, &format!("cdk-{name}"), &root().join(lockfile))?;
    let folder = node.modules().join("cdk-ringfence");
    fresh_folder(&folder)?;
    let unpack = ["--extract", "--gzip", "--strip-components=1", "--file"];
    session.run("tar", Command::new("tar").args(unpack).arg(tarball).arg("--directory").arg(folder))?;
    Ok(node)
}

/// Fails when the reference of the library is not what its generator writes now, which goes into `folder`.
fn assert_reference(session: &mut Session, folder: &Path) -> Result<()> {
    let written = folder.join("API.md");
    session.run("npm run docgen", in_package(&["run", "docgen", "--", "--output"]).arg(&written))?;
    let committed = root().join(PACKAGE).join("API.md");
    anyhow::ensure!(read(&written)? == read(&committed)?, "API.md is stale; run `npm run docgen` in {PACKAGE}");
    Ok(())
}

/// A program of those with which the library is built.
pub fn program(session: &mut Session, name: &str) -> Result<Command> {
    let program = root().join(PACKAGE).join("node_modules/.bin").join(name);
    if !program.exists() {
        install(session)?;
    }
    Ok(Command::new(program))
}

fn install(session: &mut Session) -> Result<()> {
    session.run("npm ci", &mut in_package(&["ci", "--no-audit", "--no-fund", "--ignore-scripts"]))
}

/// npm in the folder of the library.
fn in_package(arguments: &[&str]) -> Command {
    let mut npm = Command::new("npm");
    Node::quiet(npm.args(arguments).current_dir(root().join(PACKAGE)));
    npm
}
