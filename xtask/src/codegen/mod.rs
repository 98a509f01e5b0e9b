//! `cargo xtask codegen`: turns the CloudFormation resource schemas into the typed builders and the metadata table of
//! `src/resources/generated`, into what the package for CDK apps knows of L1s, and our own JSON Schemas into TypeScript types.

mod builders;
mod cdk_docs;
mod cdk_l1;
mod cdk_members;
mod cdk_props;
mod database;
mod fingerprint;
mod judged;
mod limits;
mod model;
mod names;
mod raw;
mod sources;
mod table;
mod typescript;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// What to do with the generated text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Write the files that differ and remove those that are no longer generated.
    Write,
    /// Change nothing; fail when a file differs.
    Check,
}

/// The files of a folder that are generated, by name.
type Files = BTreeMap<String, String>;

/// The files of each folder, by the folder relative to the root of the workspace.
type Folders = BTreeMap<&'static str, Files>;

/// Where the builders and their table live.
const BUILDERS: &str = "src/resources/generated";

/// Where the package for CDK apps has its table of L1s.
const L1S: &str = "npm/cdk-ringfence/src/private/l1";

/// Where it has its props, beside files that are written by hand.
const PROPS: &str = "npm/cdk-ringfence/src";

/// Where it has what turns props into a spec, beside files that are written by hand.
const LOWERING: &str = "npm/cdk-ringfence/src/private";

/// The list of resource types, relative to the root of the workspace.
const TYPES: &str = "src/resources/types.txt";

/// The list of those by whose names of properties templates are judged.
const JUDGED: &str = "src/resources/judged.txt";

/// Where the packages that hold the schemas are pinned, relative to the root of the workspace.
const PACKAGE: &str = "xtask/codegen";

/// Generates the resource builders and their metadata.
pub fn run(mode: Mode) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace has no root")?;
    types(root, mode)?;
    for (folder, files) in &generate(root)? {
        match mode {
            Mode::Write => write(&root.join(folder), files)?,
            Mode::Check => check(root, folder, files)?,
        }
    }
    Ok(())
}

/// Writes or compares the TypeScript types.
fn types(root: &Path, mode: Mode) -> Result<()> {
    let (path, text) = (root.join(typescript::OUTPUT), typescript::render(root)?);
    if fs::read_to_string(&path).ok().as_ref() == Some(&text) {
        return Ok(());
    }
    ensure!(mode == Mode::Write, "stale: {}; run `cargo xtask codegen`", typescript::OUTPUT);
    fs::write(&path, text).with_context(|| format!("writing {}", typescript::OUTPUT))
}

fn generate(root: &Path) -> Result<Folders> {
    let list = |path| type_list(path, &fs::read_to_string(root.join(path)).with_context(|| format!("reading {path}"))?);
    let types = list(TYPES)?;
    let mut model = database::read(&sources::npm(root)?, &types)?;
    limits::add(&mut model, &sources::python(root)?)?;
    let mut files = builders::render(&model)?;
    files.insert("table.rs".to_owned(), table::render(&model)?);
    files.insert("names.rs".to_owned(), judged::render(&model, &list(JUDGED)?)?);
    for (name, text) in &mut files {
        *text = rustfmt(root, text).with_context(|| format!("formatting {name}"))?;
    }
    let list = builders::render_list(&model, &fingerprint::inputs(root)?, &fingerprint::of(&files))?;
    files.insert("mod.rs".to_owned(), list);
    let (props, lowering) = cdk_props::render(root)?;
    Ok(Folders::from([(BUILDERS, files), (L1S, cdk_l1::render(&model)), (PROPS, props), (LOWERING, lowering)]))
}

/// The lines of a list of types, sorted, which must not name one twice.
fn type_list(path: &str, text: &str) -> Result<Vec<String>> {
    let mut types: Vec<String> = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim())
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    types.sort();
    if let Some(twice) = types.windows(2).find(|pair| pair[0] == pair[1]) {
        bail!("{path} names {} twice", twice[0]);
    }
    Ok(types)
}

/// The text as rustfmt with the project's configuration writes it.
fn rustfmt(root: &Path, text: &str) -> Result<String> {
    use std::io::Write as _;
    use std::process::Stdio;
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root.join("rustfmt.toml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("running rustfmt; add it with `rustup component add rustfmt`")?;
    let mut input = child.stdin.take().context("rustfmt has no input")?;
    let text = text.to_owned();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output()?;
    writer.join().map_err(|_| anyhow::anyhow!("writing to rustfmt failed"))??;
    ensure!(output.status.success(), "rustfmt failed");
    Ok(String::from_utf8(output.stdout)?)
}

fn write(output: &Path, files: &Files) -> Result<()> {
    fs::create_dir_all(output)?;
    for name in present(output)? {
        if !files.contains_key(&name) {
            fs::remove_file(output.join(&name))?;
        }
    }
    for (name, text) in files {
        let path = output.join(name);
        if fs::read_to_string(&path).ok().as_ref() != Some(text) {
            fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        }
    }
    Ok(())
}

fn check(root: &Path, folder: &str, files: &Files) -> Result<()> {
    let output = &root.join(folder);
    let mut stale: Vec<String> = present(output)?.into_iter().filter(|name| !files.contains_key(name)).collect();
    stale.extend(
        files
            .iter()
            .filter(|(name, text)| fs::read_to_string(output.join(name)).ok().as_ref() != Some(text))
            .map(|(name, _)| name.clone()),
    );
    ensure!(stale.is_empty(), "stale in {folder}: {}; run `cargo xtask codegen`", stale.join(", "));
    Ok(())
}

/// The names of the generated files that are there now.
fn present(output: &Path) -> Result<Vec<String>> {
    if !output.exists() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(output)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if output.ends_with("generated") || name.ends_with(".generated.ts") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
