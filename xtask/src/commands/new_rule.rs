//! `cargo xtask new-rule`: starts a rule, with its file, its entry in the register and its corpus case.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;

use crate::workspace::root;

/// What the rule is called.
#[derive(Args)]
pub struct Arguments {
    /// The folder under src/rules, such as load_balancing
    subject: String,
    /// The code, such as RF1199
    code: String,
    /// The name of the bad pattern, in words joined by `-`, such as target-type-not-ip
    name: String,
}

/// Writes the file of the rule and of its corpus case, and registers it.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Arguments { subject, code, name } = arguments;
    let is_code =
        code.len() == 6 && code.starts_with("RF1") && code.chars().skip(2).all(|digit| digit.is_ascii_digit());
    ensure!(is_code, "`{code}` is no code of a rule: these are `RF1` and three digits");
    let is_name = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-');
    ensure!(is_name, "`{name}` is no name: small letters joined by `-`");
    let folder = root().join("src/rules").join(subject);
    ensure!(folder.join("mod.rs").is_file(), "there is no subject `{subject}` under src/rules");
    let module = name.replace('-', "_");
    let file = folder.join(format!("{module}.rs"));
    if file.exists() {
        bail!("{} exists already", file.display());
    }
    register(&folder.join("mod.rs"), &module)?;
    fs::write(&file, source(code, name))?;
    let case = root().join("tests/corpus/rules").join(name);
    fs::create_dir_all(&case)?;
    for (file, text) in
        [("bad.yaml", "Resources: {}\n"), ("good.yaml", "Resources: {}\n"), ("case.yaml", &*case_of(code))]
    {
        fs::write(case.join(file), text)?;
    }
    println!("{}\n{}/{{bad,good,case}}.yaml", file.display(), case.display());
    println!("then `cargo xtask codegen`, which writes its page");
    Ok(ExitCode::SUCCESS)
}

/// Adds the module, and the rule at the end of the list: order the list by code.
fn register(path: &Path, module: &str) -> Result<()> {
    let text = fs::read_to_string(path)?;
    let last = text.rfind("];").context("the subject's mod.rs has no list `RULES`")?;
    let first = text.find("mod ").context("the subject's mod.rs declares no module")?;
    let (head, tail) = text.split_at(last);
    let (before, after) = head.split_at(first);
    fs::write(path, format!("{before}mod {module};\n{after}    &{module}::RULE,\n{tail}"))?;
    Ok(())
}

fn source(code: &str, name: &str) -> String {
    format!(
        r#"//! What this rule finds, in one line.

use crate::model::Model;
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {{
    RULE = "{code}", "{name}", Error {{
        pitfalls: [],
        summary: "What it finds, in one line without a full stop",
        why: "What goes wrong when nothing is done.",
        example: "Resources: {{}}",
        instead: "Resources: {{}}",
        source: "The AWS page that says so",
        check: check,
    }}
}}

fn check<'a>(_model: &'a Model<'a>, _findings: &mut Findings<'_>) {{}}
"#
    )
}

fn case_of(code: &str) -> String {
    format!(
        "pitfall: what it is about, in a word or two\nrule: {code}\nmistake: what is wrong, in one line\nblame: []\nseverity: [error]\nsource: the AWS page that says so\n"
    )
}
