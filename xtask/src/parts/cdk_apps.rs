//! `cdk-apps`: CDK apps with the packed library, on the oldest and the newest aws-cdk-lib that it supports.

use std::process::Command;

use anyhow::Result;

use crate::session::Session;
use crate::tools::constructs::{VERSIONS, beside};
use crate::workspace::{entries, root};

/// Where the tests are.
const TESTS: &str = "tests/cdk";

/// The tests of what only the newest aws-cdk-lib prints, that need a package which asks for a newer one than the oldest, or of
/// examples that nobody runs with an old one.
const NEWEST_ONLY: [&str; 4] = ["bundle.test.cjs", "examples.test.cjs", "nag.test.cjs", "types.test.cjs"];

pub fn run(session: &mut Session) -> Result<String> {
    let tests = entries(&root().join(TESTS))?;
    let tests: Vec<_> = tests.iter().filter(|path| path.to_string_lossy().ends_with(".test.cjs")).collect();
    let mut passed = 0;
    for version in VERSIONS {
        let node = beside(session, version)?;
        let mut command = Command::new("node");
        command.arg("--test").current_dir(root());
        let is_newest = version.0 == "newest";
        command.args(tests.iter().filter(|path| is_newest || !NEWEST_ONLY.iter().any(|name| path.ends_with(name))));
        node.lend(&mut command);
        session.say(&format!("aws-cdk-lib, the {} that is supported", version.0));
        let told = session.capture("node --test", &mut command)?;
        passed += count(&told);
    }
    Ok(format!("{passed} tests on {} versions of aws-cdk-lib", VERSIONS.len()))
}

/// How many tests passed, as Node's test runner says it.
fn count(told: &str) -> usize {
    let line = told.lines().find_map(|line| line.strip_prefix("# pass ").or_else(|| line.strip_prefix("ℹ pass ")));
    line.and_then(|number| number.parse().ok()).unwrap_or_default()
}
