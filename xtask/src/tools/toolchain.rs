//! The toolchains that must be on the machine, and how to get one that is missing.

use std::process::Command;

use crate::workspace::root;

/// Something that this program cannot install by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Toolchain {
    Rust,
    WasmTarget,
    WasiTarget,
    Git,
    Node,
    Python,
    Java,
    Go,
    Valgrind,
    Chromium,
}

/// The oldest Node.js that aws-cdk-lib and the CDK CLI run on.
const NODE: (u32, u32) = (20, 0);

/// The oldest Python that the emulator of AWS runs on.
const PYTHON: (u32, u32) = (3, 11);

impl Toolchain {
    /// What is missing and how to get it, or nothing when it is there.
    pub fn missing(self) -> Option<String> {
        match self {
            Self::Rust => rust(),
            Self::WasmTarget => target("wasm32-unknown-unknown"),
            Self::WasiTarget => target("wasm32-wasip1"),
            Self::Git => version("git", &["--version"])
                .is_none()
                .then(|| "git is missing: install it with your system's package manager".to_owned()),
            Self::Node => node(),
            Self::Python => python(),
            Self::Java => ["mvn", "javac"].iter().any(|name| version(name, &["-version"]).is_none()).then(|| {
                "a JDK or Maven is missing: install them with your system's package manager (`apt-get install maven`)"
                    .to_owned()
            }),
            Self::Go => version("go", &["version"])
                .is_none()
                .then(|| "go is missing: install it from https://go.dev".to_owned()),
            Self::Chromium => browser(),
            Self::Valgrind => version("valgrind", &["--version"]).is_none().then(|| {
                "valgrind is missing: install it with your system's package manager (`apt-get install valgrind`)"
                    .to_owned()
            }),
        }
    }
}

/// Every toolchain of `needed` that is missing, each once.
pub fn missing(needed: impl IntoIterator<Item = Toolchain>) -> Vec<String> {
    let mut needed: Vec<Toolchain> = needed.into_iter().collect();
    needed.sort();
    needed.dedup();
    needed.into_iter().filter_map(Toolchain::missing).collect()
}

fn rust() -> Option<String> {
    for (program, component) in [("rustfmt", "rustfmt"), ("clippy-driver", "clippy")] {
        if version(program, &["--version"]).is_none() {
            return Some(format!("{program} is missing: run `rustup component add {component}`"));
        }
    }
    None
}

/// The target is a component of the toolchain, so it is added here when rustup is there to do it.
fn target(name: &str) -> Option<String> {
    let installed = || {
        version("rustc", &["--print", "target-libdir", "--target", name])
            .is_some_and(|folder| std::path::Path::new(folder.trim()).is_dir())
    };
    if installed() {
        return None;
    }
    let _added = version("rustup", &["target", "add", name]);
    (!installed()).then(|| {
        format!(
            "the Rust target {name} is missing: get rustup from https://rustup.rs, then run `rustup target add {name}`"
        )
    })
}

/// The browser is a package of Debian, so it is installed here by who may do that.
fn browser() -> Option<String> {
    if chromium().is_some() {
        return None;
    }
    if version("id", &["-u"]).is_some_and(|user| user.trim() == "0") && version("apt-get", &["--version"]).is_some() {
        println!("installing Chromium, with apt-get");
        let _updated = version("apt-get", &["update", "--quiet"]);
        let install = ["install", "--yes", "--quiet", "--no-install-recommends", "chromium"];
        let _installed = version("apt-get", &install);
    }
    chromium().is_none().then(|| {
        "Chromium is missing: install it with your system's package manager (`apt-get install chromium`)".to_owned()
    })
}

/// What the browser is called here.
pub fn chromium() -> Option<&'static str> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    names.into_iter().find(|name| version(name, &["--version"]).is_some())
}

fn node() -> Option<String> {
    let advice = format!("install Node.js {} or newer with npm from https://nodejs.org", NODE.0);
    match version("node", &["--version"]).as_deref().and_then(numbers) {
        None => Some(format!("node is missing: {advice}")),
        Some(found) if found < NODE => Some(format!("node {}.{} is too old: {advice}", found.0, found.1)),
        Some(_) if version("npm", &["--version"]).is_none() => Some(format!("npm is missing: {advice}")),
        Some(_) => None,
    }
}

fn python() -> Option<String> {
    let advice = format!(
        "install Python {}.{} or newer with venv from https://www.python.org (`apt-get install python3-venv` on Debian and Ubuntu)",
        PYTHON.0, PYTHON.1
    );
    match version("python3", &["--version"]).as_deref().and_then(numbers) {
        None => Some(format!("python3 is missing: {advice}")),
        Some(found) if found < PYTHON => Some(format!("python {}.{} is too old: {advice}", found.0, found.1)),
        Some(_) if version("python3", &["-c", "import venv, ensurepip"]).is_none() => {
            Some(format!("python's venv is missing: {advice}"))
        }
        Some(_) => None,
    }
}

/// What a program prints, or nothing when it is not there or fails.
fn version(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).current_dir(root()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The first two numbers in `v20.20.2` or `Python 3.11.7`.
fn numbers(text: &str) -> Option<(u32, u32)> {
    let digits = text.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let mut parts = digits.split(|letter: char| !letter.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_programs_print_them() {
        assert_eq!(numbers("v20.20.2\n"), Some((20, 20)));
        assert_eq!(numbers("Python 3.11.7"), Some((3, 11)));
        assert_eq!(numbers("none"), None);
        assert!((3, 10) < PYTHON && (3, 12) > PYTHON);
    }

    #[test]
    fn a_program_that_is_not_there_has_no_version() {
        assert_eq!(version("no-such-program-anywhere", &["--version"]), None);
        assert_eq!(version("sh", &["-c", "exit 1"]), None);
    }
}
