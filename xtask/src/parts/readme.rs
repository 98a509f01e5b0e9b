//! `readme`: the commands on the README's first screen work.

use std::process::Command;

use anyhow::{Result, bail};

use super::specs::build_command;
use crate::session::Session;
use crate::workspace::{fresh_folder, read, root, scratch, target, write};

/// How much of the README is its first screen.
const SCREEN: usize = 60;

/// What the first screen asks to type that this run is itself a part of.
const OURSELVES: [&str; 2] = ["cargo xtask test", "cargo xtask ci"];

/// What begins a command that reaches AWS; the part `deploy` runs it against an emulator.
const ELSEWHERE: &str = "npx aws-cdk";

pub fn run(session: &mut Session) -> Result<String> {
    let readme = read(&root().join("README.md"))?;
    let commands = commands(&readme);
    if !commands.iter().any(|command| command.starts_with("cargo run -- synth"))
        || !commands.iter().any(|command| OURSELVES.contains(&command.as_str()))
    {
        bail!("the first screen of README.md does not show `cargo run -- synth` and `cargo xtask test`");
    }
    let folder = scratch().join("readme");
    fresh_folder(&folder)?;
    for (name, text) in files(&readme) {
        write(&folder.join(name), text)?;
    }
    build_command(session)?;
    let mut ran = 0;
    for line in commands.iter().filter(|line| !OURSELVES.contains(&line.as_str()) && !line.starts_with(ELSEWHERE)) {
        // What the commands make goes to a folder of its own; cargo finds the workspace by its manifest.
        let typed = line.replacen(
            "cargo run",
            &format!("cargo run --quiet --manifest-path '{}'", root().join("Cargo.toml").display()),
            1,
        );
        let path = format!("{}:{}", target().join("debug").display(), std::env::var("PATH").unwrap_or_default());
        let mut shell = Command::new("bash");
        shell.args(["-euo", "pipefail", "-c", &typed]).current_dir(&folder).env("PATH", path);
        session.run(line, &mut shell)?;
        ran += 1;
    }
    Ok(format!("{ran} commands"))
}

/// The files that the first screen shows: blocks whose first line is `# NAME.yaml`.
fn files(readme: &str) -> Vec<(&str, &str)> {
    let blocks = readme.split("```yaml\n# ").skip(1).filter_map(|rest| rest.split_once("```"));
    blocks.filter_map(|(block, _)| block.split_once('\n')).filter(|(name, _)| name.ends_with(".yaml")).collect()
}

/// The lines of the shell blocks on the first screen, without prompts and comments.
fn commands(readme: &str) -> Vec<String> {
    let mut block = None;
    let mut found = Vec::new();
    for line in readme.lines().take(SCREEN) {
        if let Some(language) = line.trim().strip_prefix("```") {
            block = if block.is_some() { None } else { Some(language.trim().to_owned()) };
            continue;
        }
        if block.as_deref().is_some_and(|language| ["sh", "bash", "shell", "console"].contains(&language)) {
            let command = line.trim().trim_start_matches("$ ");
            let command = command.split_once(" #").map_or(command, |(command, _)| command).trim();
            if !command.is_empty() && !command.starts_with('#') {
                found.push(command.to_owned());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::commands;

    #[test]
    fn commands_come_from_shell_blocks_without_prompts_and_comments() {
        let readme = "# R\n\n```sh\ncargo run -- synth      # makes cdk.out\n$ cargo xtask test\n# a remark\n```\n```yaml\nname: x\n```\n";
        assert_eq!(commands(readme), ["cargo run -- synth", "cargo xtask test"]);
    }
}
