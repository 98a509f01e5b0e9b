//! The habits of the project that no compiler checks.

use std::collections::BTreeSet;
use std::path::Path;

use crate::workspace::{assert_none, files, on_disk, read, root, with_extension};

/// The longest file that still can be read in one sitting.
const LINES: usize = 600;

/// Says in the first lines of a file that a program wrote it.
const GENERATED: &str = "@generated";

/// Files whose lines belong to somebody else.
const FOREIGN: &[&str] = &["API.md", "Cargo.lock", "LICENSE", "package-lock.json"];

#[test]
fn every_module_says_what_it_is_for() {
    let files = files();
    let problems: Vec<String> = with_extension(&files, "rs")
        .filter(|path| !read(path).trim_start().starts_with("//!"))
        .map(|path| format!("{path}: does not open with a `//!` line"))
        .collect();
    assert_none("modules without a purpose", &problems);
}

#[test]
fn no_file_of_code_is_too_long() {
    let files = files();
    let mut problems = Vec::new();
    for extension in ["rs", "py", "js", "mjs", "ts", "java", "go", "sh"] {
        for path in with_extension(&files, extension) {
            let text = read(path);
            let lines = text.lines().count();
            if lines > LINES && !is_generated(&text) {
                problems.push(format!("{path}: {lines} lines, more than {LINES}"));
            }
        }
    }
    assert_none("long files", &problems);
}

#[test]
fn no_test_is_switched_off_or_expected_to_panic() {
    let files = files();
    let off = [concat!("#[", "ignore"), concat!("#[", "should_panic"), concat!("cfg_attr(", "miri, ", "ignore")];
    let problems =
        lines_where(with_extension(&files, "rs"), |line| off.iter().any(|attribute| line.contains(attribute)));
    assert_none("tests that do not count", &problems);
}

#[test]
fn no_line_ends_in_white_space() {
    let files = files();
    let ours = |path: &&str| !path.ends_with(".snap") && !path.starts_with("tests/corpus/");
    let problems = lines_where(texts(&files).filter(ours), |line| line.ends_with([' ', '\t', '\r']));
    assert_none("lines with trailing white space", &problems);
}

#[test]
fn every_text_file_ends_with_one_line_break() {
    let files = files();
    let problems: Vec<String> = texts(&files)
        .filter(|path| !path.starts_with("tests/corpus/") && !path.ends_with(".snap"))
        .filter(|path| {
            let text = read(path);
            !text.is_empty() && (!text.ends_with('\n') || text.ends_with("\n\n"))
        })
        .map(str::to_owned)
        .collect();
    assert_none("files whose last line is not ended once", &problems);
}

#[test]
fn the_readme_shows_the_app_that_the_tests_deploy() {
    let app = |path: &str| {
        let text = read(path);
        let (_, rest) = text.split_once("```ts\n// app.ts\n").expect("a block of TypeScript");
        rest.split_once("```").expect("its end").0.to_owned()
    };
    assert_eq!(app("README.md"), app("npm/cdk-ringfence/README.md"));
}

#[test]
fn no_file_knows_the_machine_or_the_workshop() {
    let files = files();
    let forbidden: &[&[&str]] = &[
        // folders of one machine
        &["/ho", "me/"],
        &["/Us", "ers/"],
        &["/ro", "ot/"],
        &["/wo", "rk/"],
        // package registries: clients know where theirs is
        &["registry.", "npmjs"],
        &["registry.", "yarnpkg"],
        &["py", "pi.org"],
        &["python", "hosted.org"],
        &["index.", "crates.io"],
        &["static.", "crates.io"],
        &["repo1.", "maven"],
        &["repo.", "maven"],
        &["proxy.", "golang"],
        &["deb.", "debian"],
        // how the work is organised
        &["DES", "IGN.md"],
        &["TE", "AM.md"],
        &["sha", "red/facts"],
        &["sub", "agent"],
    ];
    let forbidden: Vec<String> = forbidden.iter().map(|parts| parts.concat()).collect();
    let problems = lines_where(texts(&files), |line| {
        forbidden.iter().any(|word| line.match_indices(word.as_str()).any(|(at, _)| stands_alone(line, at)))
    });
    assert_none("words that do not belong into the project", &problems);
}

#[test]
fn links_in_markdown_lead_to_files() {
    let files = files();
    let mut problems = Vec::new();
    let mut seen = 0;
    for path in with_extension(&files, "md") {
        let text = read(path);
        let folder = root().join(path).parent().map(Path::to_path_buf).unwrap_or_default();
        for target in link_targets(&text) {
            let file = target.split_once('#').map_or(target, |(file, _)| file);
            if file.is_empty() || file.contains("://") || file.starts_with("mailto:") {
                continue;
            }
            seen += 1;
            if !folder.join(file).exists() {
                problems.push(format!("{path}: `{target}` leads nowhere"));
            }
        }
    }
    assert!(seen > 0, "no link between files was found, so nothing was checked");
    assert_none("broken links", &problems);
}

#[test]
fn every_snapshot_belongs_to_a_test_that_exists() {
    let sources: BTreeSet<String> = files().into_iter().collect();
    let mut problems = Vec::new();
    for folder in ["src", "tests", "bindings", "xtask"] {
        for path in on_disk(folder, ".snap") {
            let shown = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
            let text = read(&shown);
            let source = text.lines().find_map(|line| line.strip_prefix("source: "));
            match source {
                Some(source) if sources.contains(source.trim_matches('"')) => {}
                Some(source) => problems.push(format!("{shown}: its test file `{source}` is gone")),
                None => problems.push(format!("{shown}: has no `source`")),
            }
        }
        for path in on_disk(folder, ".snap.new") {
            problems.push(format!("{}: waits for review", path.display()));
        }
    }
    assert_none("snapshots without a test", &problems);
}

/// The files that hold text of our own.
fn texts(files: &[String]) -> impl Iterator<Item = &str> {
    files.iter().map(String::as_str).filter(|path| {
        let name = path.rsplit('/').next().unwrap_or(path);
        !FOREIGN.contains(&name) && std::fs::read(root().join(path)).is_ok_and(|bytes| !bytes.contains(&0))
    })
}

fn is_generated(text: &str) -> bool {
    text.lines().take(5).any(|line| line.contains(GENERATED))
}

/// `FILE:LINE: TEXT` of every line that `wanted` picks.
fn lines_where<'a>(paths: impl Iterator<Item = &'a str>, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for path in paths {
        for (number, line) in read(path).split('\n').enumerate() {
            if wanted(line) {
                found.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    found
}

/// Whether what begins at `at` is not the end of a longer word or path (`network/…` is no folder of a machine).
fn stands_alone(line: &str, at: usize) -> bool {
    let before = line.get(..at).and_then(|before| before.chars().next_back());
    !before.is_some_and(|before| before.is_alphanumeric() || "-_.$}*".contains(before))
}

/// What `[text](target)` points at, outside of code blocks.
fn link_targets(markdown: &str) -> Vec<&str> {
    let mut in_code = false;
    let mut targets = Vec::new();
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for (at, mark) in line.match_indices("](") {
            let rest = line.get(at + mark.len()..).unwrap_or_default();
            targets.extend(rest.split_once(')').map(|(target, _)| target.split(' ').next().unwrap_or(target)));
        }
    }
    targets
}

#[test]
fn links_are_found_outside_of_code_only() {
    let markdown = "see [a](a.md) and [b](b/c.md#d \"title\")\n```\n[no](no.md)\n```\n![image](d.png)";
    assert_eq!(link_targets(markdown), ["a.md", "b/c.md#d", "d.png"]);
}

#[test]
fn paths_inside_longer_paths_are_no_folders_of_a_machine() {
    let folder = ["/wo", "rk/"].concat();
    let alone = |line: &str| line.find(&folder).is_some_and(|at| stands_alone(line, at));
    assert!(alone(&format!("cd {folder}x")));
    assert!(alone(&format!("\"{folder}x\"")));
    assert!(!alone(&format!("target{folder}x")));
}
