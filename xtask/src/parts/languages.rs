//! `languages`: the construct library in Python, Java and Go, as jsii makes it; the same app in every language says the same, and
//! every spec of the project as an app says what the command says.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use super::specs::build_command;
use crate::session::Session;
use crate::tools::bindings::Bindings;
use crate::tools::constructs::{OLDEST, VERSIONS, beside};
use crate::tools::node::Node;
use crate::workspace::{entries, fresh_folder, read, root, scratch, shown, target};

/// Where the apps are, one folder for each language.
const EXAMPLES: &str = "examples/cdk";

/// What lets Node.js run the app in TypeScript.
const RUN_EXAMPLE: &str = "tests/cdk/run-example.cjs";

/// What writes every spec of the project as an app in a language, and runs it in JavaScript.
const CASES: &str = "tests/languages/cases.cjs";

/// What compares the templates of that app with those that the command makes.
const NATIVE: &str = "tests/languages/native.cjs";

/// What the CDK CLI and a new app set.
const CONTEXT: &str = r#"{"aws:cdk:enable-path-metadata": true, "@aws-cdk/core:enablePartitionLiterals": true}"#;

/// The version of an indirect dependency that aws-cdk-lib names and the one that there is for Go.
const GO_REPLACED: (&str, &str, &str) =
    ("github.com/cdklabs/awscdk-asset-node-proxy-agent-go/nodeproxyagentv6/v2", "v2.1.3", "v2.1.2");

/// A language: its name, that of its example, and what runs an app in it.
type Language = (&'static str, &'static str, Synthesize);

/// Runs the app in the folder, which writes its assembly into the other one.
type Synthesize = fn(&mut Session, &Bindings, &Path, &Path) -> Result<()>;

const LANGUAGES: [Language; 3] = [("Python", "python", python), ("Java", "java", java), ("Go", "go", go)];

/// An app that there is in every language.
#[derive(Clone, Copy, PartialEq)]
enum App {
    /// The one among the examples.
    Example,
    /// The one that is made of the specs of the project.
    Cases,
}

pub fn run(session: &mut Session) -> Result<String> {
    let example = typescript(session, App::Example)?;
    let cases = typescript(session, App::Cases)?;
    let bindings = Bindings::make(session)?;
    let mut assemblies = vec![cases.clone()];
    for language in LANGUAGES {
        for (app, expected) in [(App::Example, &example), (App::Cases, &cases)] {
            let made = in_language(session, &bindings, language, app)?;
            same(expected, &made).with_context(|| format!("TypeScript and {}", language.0))?;
            if app == App::Cases {
                assemblies.push(made);
            }
        }
    }
    build_command(session)?;
    let mut native = beside(session, OLDEST)?.program(NATIVE);
    native.arg(target().join("debug/ringfence")).args(assemblies);
    let told = session.capture(NATIVE, &mut native)?;
    let same = format!("{} templates are the same in TypeScript, Python, Java and Go", templates(&example)?.len());
    Ok(format!("{same}; {}", told.lines().last().unwrap_or_default()))
}

/// The assembly of an app in TypeScript, which is the same on every version of aws-cdk-lib.
fn typescript(session: &mut Session, app: App) -> Result<PathBuf> {
    let mut made = Vec::new();
    for version in VERSIONS {
        let node = beside(session, version)?;
        let folder = out(&format!("TypeScript-{}", version.0), app)?;
        session.say(&format!("{} in TypeScript, on the {} aws-cdk-lib", app.word(), version.0));
        let mut program = match app {
            App::Example => node.program(RUN_EXAMPLE),
            App::Cases => node.program(CASES),
        };
        match app {
            App::Example => program.arg(example("typescript").join("app.ts")),
            App::Cases => program.arg("synth"),
        };
        session.run("the app in TypeScript", synthesizing(&mut program, &folder))?;
        made.push(folder);
    }
    for other in &made[1..] {
        same(&made[0], other).context("two versions of aws-cdk-lib")?;
    }
    made.pop().context("the app ran on no version of aws-cdk-lib")
}

/// The assembly of an app in another language. The app runs in a copy of the example, where tools may leave what they make.
fn in_language(session: &mut Session, bindings: &Bindings, language: Language, app: App) -> Result<PathBuf> {
    let (name, folder, synthesize) = language;
    session.say(&format!("{} in {name}", app.word()));
    let copy = scratch().join("languages").join(format!("{folder}-{}", app.word()));
    fresh_folder(&copy)?;
    session.run("cp", Command::new("cp").arg("-R").arg(example(folder).join(".")).arg(&copy))?;
    if app == App::Cases {
        let mut write = beside(session, OLDEST)?.program(CASES);
        session.run(CASES, write.args(["write", folder]).arg(&copy))?;
    }
    let made = out(name, app)?;
    synthesize(session, bindings, &copy, &made)?;
    Ok(made)
}

impl App {
    /// What it is called in names of files.
    const fn word(self) -> &'static str {
        match self {
            Self::Example => "example",
            Self::Cases => "cases",
        }
    }
}

fn python(session: &mut Session, bindings: &Bindings, app: &Path, folder: &Path) -> Result<()> {
    let python = bindings.python(session, &example("python").join("requirements.txt"))?;
    let mut program = python.program("python");
    program.arg("app.py").current_dir(app);
    session.run("python app.py", synthesizing(&mut program, folder))
}

fn java(session: &mut Session, bindings: &Bindings, app: &Path, folder: &Path) -> Result<()> {
    bindings.jar(session)?;
    bindings.maven(session, app, |maven| {
        synthesizing(maven.args(["compile", "exec:java"]), folder);
    })
}

fn go(session: &mut Session, bindings: &Bindings, app: &Path, folder: &Path) -> Result<()> {
    let (name, named, there) = GO_REPLACED;
    let module = format!("github.com/ringfence-dev/cdk-ringfence-go/ringfence={}", bindings.go_module().display());
    let replaced = format!("{name}@{named}={name}@{there}");
    let mut edit = Command::new("go");
    edit.args(["mod", "edit", "-replace", &module, "-replace", &replaced]).current_dir(app);
    session.run("go mod edit", &mut edit)?;
    session.run("go build", Command::new("go").args(["build", "-o", "app", "."]).current_dir(app))?;
    session.run("the app in Go", synthesizing(Command::new(app.join("app")).current_dir(app), folder))
}

fn example(language: &str) -> PathBuf {
    root().join(EXAMPLES).join(language)
}

/// The empty folder into which an app in a language synthesizes.
fn out(language: &str, app: App) -> Result<PathBuf> {
    let folder = scratch().join("languages").join(format!("{language}-{}.out", app.word()));
    fresh_folder(&folder)?;
    Ok(folder)
}

/// Has an app synthesize into a folder, without AWS's own plugin, which takes seconds to start.
fn synthesizing<'command>(app: &'command mut Command, folder: &Path) -> &'command mut Command {
    Node::quiet(app).env("CDK_OUTDIR", folder).env("CDK_VALIDATION", "false").env("CDK_CONTEXT_JSON", CONTEXT)
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
