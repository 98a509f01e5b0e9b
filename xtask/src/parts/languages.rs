//! `languages`: the construct library in Python, Java and Go, as jsii makes it; the same app in every language says the same.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use crate::session::Session;
use crate::tools::bindings::Bindings;
use crate::tools::constructs::{VERSIONS, beside};
use crate::tools::node::Node;
use crate::workspace::{entries, fresh_folder, read, root, scratch, shown};

/// Where the apps are, one folder for each language.
const EXAMPLES: &str = "examples/cdk";

/// What lets Node.js run the app in TypeScript.
const RUN_EXAMPLE: &str = "tests/cdk/run-example.cjs";

/// The version of an indirect dependency that aws-cdk-lib names and the one that there is for Go.
const GO_REPLACED: (&str, &str, &str) =
    ("github.com/cdklabs/awscdk-asset-node-proxy-agent-go/nodeproxyagentv6/v2", "v2.1.3", "v2.1.2");

pub fn run(session: &mut Session) -> Result<String> {
    let expected = typescript(session)?;
    let bindings = Bindings::make(session)?;
    for (language, synthesize) in [("Python", python as Synthesize), ("Java", java), ("Go", go)] {
        session.say(&format!("the app in {language}"));
        let made = out(language)?;
        synthesize(session, &bindings, &made)?;
        same(&expected, &made).with_context(|| format!("TypeScript and {language}"))?;
    }
    Ok(format!("{} templates are the same in TypeScript, Python, Java and Go", templates(&expected)?.len()))
}

/// Runs the app of a language, which writes its assembly into the folder.
type Synthesize = fn(&mut Session, &Bindings, &Path) -> Result<()>;

/// The assembly of the app in TypeScript, which is the same on every version of aws-cdk-lib.
fn typescript(session: &mut Session) -> Result<PathBuf> {
    let mut made = Vec::new();
    for version in VERSIONS {
        let node = beside(session, version)?;
        let folder = out(&format!("TypeScript-{}", version.0))?;
        session.say(&format!("the app in TypeScript, on the {} aws-cdk-lib", version.0));
        let mut app = node.program(RUN_EXAMPLE);
        session.run("node app.ts", synthesizing(app.arg(example("typescript").join("app.ts")), &folder))?;
        made.push(folder);
    }
    for other in &made[1..] {
        same(&made[0], other).context("two versions of aws-cdk-lib")?;
    }
    made.pop().context("the app ran on no version of aws-cdk-lib")
}

fn python(session: &mut Session, bindings: &Bindings, folder: &Path) -> Result<()> {
    let python = bindings.python(session, &example("python").join("requirements.txt"))?;
    let mut app = python.program("python");
    app.arg("app.py").current_dir(example("python"));
    session.run("python app.py", synthesizing(&mut app, folder))
}

fn java(session: &mut Session, bindings: &Bindings, folder: &Path) -> Result<()> {
    bindings.jar(session)?;
    let copy = copy(session, "java")?;
    bindings.maven(session, &copy, |maven| {
        synthesizing(maven.args(["compile", "exec:java"]), folder);
    })
}

fn go(session: &mut Session, bindings: &Bindings, folder: &Path) -> Result<()> {
    let copy = copy(session, "go")?;
    let (name, named, there) = GO_REPLACED;
    let module = format!("github.com/ringfence-dev/cdk-ringfence-go/ringfence={}", bindings.go_module().display());
    let replaced = format!("{name}@{named}={name}@{there}");
    let mut edit = Command::new("go");
    edit.args(["mod", "edit", "-replace", &module, "-replace", &replaced]).current_dir(&copy);
    session.run("go mod edit", &mut edit)?;
    session.run("go build", Command::new("go").args(["build", "-o", "app", "."]).current_dir(&copy))?;
    session.run("the app in Go", synthesizing(Command::new(copy.join("app")).current_dir(&copy), folder))
}

fn example(language: &str) -> PathBuf {
    root().join(EXAMPLES).join(language)
}

/// The empty folder into which the app of a language synthesizes.
fn out(language: &str) -> Result<PathBuf> {
    let folder = scratch().join("languages").join(format!("{language}.out"));
    fresh_folder(&folder)?;
    Ok(folder)
}

/// A copy of an example, where tools may leave what they make.
fn copy(session: &mut Session, language: &str) -> Result<PathBuf> {
    let folder = scratch().join("languages").join(language);
    fresh_folder(&folder)?;
    session.run("cp", Command::new("cp").arg("-R").arg(example(language).join(".")).arg(&folder))?;
    Ok(folder)
}

/// Has an app synthesize into a folder, without AWS's own plugin, which takes seconds to start.
fn synthesizing<'command>(app: &'command mut Command, folder: &Path) -> &'command mut Command {
    Node::quiet(app).env("CDK_OUTDIR", folder).env("CDK_VALIDATION", "false")
}

/// Compares every template of two assemblies; the logical IDs are the same as well, since the paths are.
fn same(expected: &Path, made: &Path) -> Result<()> {
    let (expected, made) = (templates(expected)?, templates(made)?);
    let names = |all: &[(String, Value)]| all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    ensure!(!expected.is_empty(), "the app made no templates");
    ensure!(names(&expected) == names(&made), "{:?} and {:?}", names(&expected), names(&made));
    for ((name, one), (_, other)) in expected.iter().zip(&made) {
        let resources = one.get("Resources").and_then(Value::as_object).map_or(0, serde_json::Map::len);
        ensure!(resources > 0, "{name} has no resources");
        if let Some(pointer) = difference(one, other) {
            let told = |value: &Value| value.pointer(&pointer).map_or_else(|| "nothing".to_owned(), Value::to_string);
            bail!("{name}{pointer}: {} and {}", told(one), told(other));
        }
    }
    Ok(())
}

/// The JSON pointer to the first place at which two values differ.
fn difference(one: &Value, other: &Value) -> Option<String> {
    match (one, other) {
        (Value::Object(ours), Value::Object(theirs)) => {
            let mut keys = ours.keys().chain(theirs.keys());
            let null = Value::Null;
            keys.find(|key| ours.get(*key) != theirs.get(*key)).map(|key| {
                let deeper = difference(ours.get(key).unwrap_or(&null), theirs.get(key).unwrap_or(&null));
                format!("/{}{}", key.replace('~', "~0").replace('/', "~1"), deeper.unwrap_or_default())
            })
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            let at = ours.iter().zip(theirs).position(|(mine, yours)| mine != yours)?;
            Some(format!("/{at}{}", difference(&ours[at], &theirs[at]).unwrap_or_default()))
        }
        _ => (one != other).then(String::new),
    }
}

/// The templates of an assembly, by their names.
fn templates(folder: &Path) -> Result<Vec<(String, Value)>> {
    let files = entries(folder)?.into_iter().filter(|path| path.to_string_lossy().ends_with(".template.json"));
    files
        .map(|path| {
            let value = serde_json::from_str(&read(&path)?).with_context(|| shown(&path))?;
            Ok((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_difference_is_told_by_its_pointer() {
        let one = json!({"a/b": [1, {"c": 2}], "d": 1});
        assert_eq!(difference(&one, &one), None);
        assert_eq!(difference(&one, &json!({"a/b": [1, {"c": 3}], "d": 1})).as_deref(), Some("/a~1b/1/c"));
        assert_eq!(difference(&one, &json!({"a/b": [1], "d": 1})).as_deref(), Some("/a~1b"));
        assert_eq!(difference(&one, &json!({"a/b": [1, {"c": 2}]})).as_deref(), Some("/d"));
        assert_eq!(difference(&json!({}), &one).as_deref(), Some("/a~1b"));
    }
}
