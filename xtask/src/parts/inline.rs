//! `inline`: the code inside our templates does what it should.

use anyhow::{Result, bail};

use crate::session::Session;
use crate::tools::python::Python;
use crate::workspace::{root, scratch};

pub fn run(session: &mut Session) -> Result<String> {
    let folder = root().join("tests/inline");
    if !folder.is_dir() {
        bail!("there is no folder tests/inline");
    }
    let requirements = folder.join("requirements.txt");
    let python = if requirements.exists() {
        Python::install(session, "inline", &requirements)?
    } else {
        Python::tools(session)?
    };
    let mut command = python.program("python");
    command.args([
        "-B",
        "-m",
        "unittest",
        "discover",
        "--start-directory",
        "tests/inline",
        "--pattern",
        "test_*.py",
        "--verbose",
    ]);
    session.run("unittest", command.env("PYTHONPYCACHEPREFIX", scratch()))?;
    let ran = session.tail().lines().find_map(|line| line.strip_prefix("Ran ").map(str::to_owned)).unwrap_or_default();
    if ran.is_empty() || ran.starts_with("0 ") {
        bail!("unittest: ran no test");
    }
    Ok(ran)
}
