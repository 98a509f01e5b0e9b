//! `newcomer`: somebody follows the README of the construct library in an empty folder, with the real CDK CLI, and deploys
//! what comes out to an emulator of AWS.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::session::Session;
use crate::tools::constructs::pack;
use crate::tools::node::Node;
use crate::tools::python::Python;
use crate::workspace::{fresh_folder, read, root, scratch, write};

/// The page that is followed.
const README: &str = "npm/cdk-ringfence/README.md";

/// The section of it, with the blocks that are typed.
const SECTION: &str = "## Getting started\n";

/// What begins a command that reaches AWS: the emulator's driver runs it.
const DEPLOY: &str = "npx aws-cdk@2.1148.1 deploy";

/// How many lines the app may have, so that it stays a start.
const MOST_LINES: usize = 12;

pub fn run(session: &mut Session) -> Result<String> {
    let tarball = pack(session)?;
    let readme = read(&root().join(README))?;
    let (_, section) = readme.split_once(SECTION).with_context(|| format!("{README} has no `{}`", SECTION.trim()))?;
    let section = section.split("\n## ").next().unwrap_or_default();
    let folder = scratch().join("newcomer");
    fresh_folder(&folder)?;
    let name = tarball.file_name().context("a tarball has a name")?;
    std::fs::copy(&tarball, folder.join(name)).context("cannot copy the tarball")?;
    write_app(section, &folder)?;
    let commands = commands(section);
    ensure!(commands.iter().any(|line| line.starts_with(DEPLOY)), "{README} does not show `{DEPLOY}`");
    let mut ran = 0;
    for line in commands.iter().filter(|line| !line.starts_with(DEPLOY)) {
        session.say(line);
        session.run(line, &mut shell(line, &folder))?;
        ran += 1;
    }
    deploy(session, &folder.join("cdk.out"))?;
    Ok(format!("{ran} commands of the README, and a deployment"))
}

/// A line as it is typed. Node's own warnings about its age are not what is looked at.
fn shell(line: &str, folder: &Path) -> Command {
    let mut shell = Command::new("bash");
    shell.args(["-euo", "pipefail", "-c", line]).current_dir(folder);
    for (key, value) in [
        ("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "1"),
        ("CDK_DISABLE_CLI_TELEMETRY", "true"),
        ("npm_config_yes", "true"),
        ("CI", "true"),
    ] {
        shell.env(key, value);
    }
    // Nobody who follows a README has packages of ours at hand.
    shell.env_remove("NODE_PATH");
    shell
}

/// Writes the program of the README: the block in TypeScript that begins with its name in a comment.
fn write_app(section: &str, folder: &Path) -> Result<()> {
    let mut blocks = section.split("```ts\n").skip(1).filter_map(|rest| rest.split("```").next());
    let app = blocks.next().with_context(|| format!("the section of {README} has no block in TypeScript"))?;
    let name = app.lines().next().and_then(|line| line.strip_prefix("// "));
    let Some(name) = name.filter(|name| name.ends_with(".ts")) else {
        bail!("the program in {README} does not begin with its name, as in `// app.ts`");
    };
    let lines = app.lines().skip(1).filter(|line| !line.trim().is_empty()).count();
    ensure!(lines <= MOST_LINES, "the program in {README} has {lines} lines, more than {MOST_LINES}");
    write(&folder.join(name), app)
}

/// The lines of the shell blocks, without comments.
fn commands(section: &str) -> Vec<String> {
    let blocks = section.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines = blocks.flat_map(str::lines).map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(str::to_owned).collect()
}

/// Deploys the assembly, reads everything back and takes it away again.
fn deploy(session: &mut Session, assembly: &Path) -> Result<()> {
    let tests = root().join("tests/aws");
    let node = Node::install(session, "aws-node", &tests)?;
    let python = Python::install(session, "aws-python", &tests.join("requirements.txt"))?;
    session.say("cdk deploy");
    let mut scenario = python.program("python");
    scenario.arg("-B").arg(tests.join("scenario.py")).arg(assembly).env("RINGFENCE_CDK", node.path("cdk"));
    session.run("scenario.py", &mut scenario)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: &str =
        "Text.\n\n```sh\nnpm init -y  \n# a comment\n\nnpm install it\n```\n\n```ts\n// app.ts\nnew App();\n```\n";

    #[test]
    fn commands_are_the_lines_of_shell_blocks() {
        assert_eq!(commands(SHOWN), ["npm init -y", "npm install it"]);
    }

    #[test]
    fn the_program_is_written_under_its_name() {
        let folder = scratch().join("self-test-newcomer");
        fresh_folder(&folder).expect("a folder");
        write_app(SHOWN, &folder).expect("it has a program");
        assert_eq!(read(&folder.join("app.ts")).expect("it is there"), "// app.ts\nnew App();\n");
    }

    #[test]
    fn a_program_that_is_no_start_any_more_is_refused() {
        let long = format!("```ts\n// app.ts\n{}```\n", "new App();\n".repeat(MOST_LINES + 1));
        let error = write_app(&long, &scratch()).expect_err("it is too long");
        assert!(error.to_string().ends_with("has 13 lines, more than 12"), "{error}");
    }
}
