//! `ringfence check --fix`: mends what there is one way to mend.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use similar::TextDiff;

use crate::cfn::{Format, SourceText, read};
use crate::diagnostics::fix::{Mended, mend};
use crate::diagnostics::{Finding, Report};
use crate::engine::{self, CheckOptions};

use super::arguments::CheckArguments;
use super::input::{self, Inputs};
use super::{Failure, Result, check, output, terminal};

/// One fix may make room for another; more rounds than this would be two fixes that undo each other.
const MAX_ROUNDS: usize = 10;

/// How many lines around a change a diff shows.
const CONTEXT_LINES: usize = 3;

/// The byte order mark, which some editors put before a text.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A text that was changed.
struct Changed {
    before: SourceText,
    after: String,
    made: Vec<(u32, String)>,
}

/// Makes all safe fixes and writes the files, or with `--diff` shows what would change. Gives what is left.
pub(super) fn run(inputs: &mut Inputs, options: &CheckOptions, arguments: &CheckArguments) -> Result<Report> {
    if !arguments.diff && arguments.paths.iter().any(|path| input::is_stdin(path)) {
        return Err(Failure::new("standard input cannot be changed")
            .help("name a file, or see what would change with `--diff`"));
    }
    let names: Vec<String> =
        arguments.paths.iter().filter(|path| !path.is_dir()).map(|path| input::name_of(path)).collect();
    let mut changed: Vec<Changed> = Vec::new();
    let mut report = check::judge(inputs, options);
    for _ in 0..MAX_ROUNDS {
        let mut is_done = true;
        for name in &names {
            if let Some((source, mended)) = round(inputs, &report.findings, name)? {
                is_done = false;
                replace(inputs, name, &mended.text)?;
                note(&mut changed, source, mended);
            }
        }
        if is_done {
            break;
        }
        report = check::judge(inputs, options);
    }
    for one in &changed {
        if arguments.diff {
            terminal::print(&diff(one));
        } else {
            write(one)?;
            terminal::print_error(&told(one));
        }
    }
    tell_of_assemblies(&report, &names);
    Ok(report)
}

/// What the fixes make of the text of this name; nothing when there are none.
fn round(inputs: &Inputs, findings: &[Finding], name: &str) -> Result<Option<(SourceText, Mended)>> {
    let Some(source) = inputs.sources().find(|source| source.name() == name) else { return Ok(None) };
    let mended = mend(source, findings);
    if mended.made.is_empty() || mended.text == source.text() {
        return Ok(None);
    }
    let again = SourceText::new(name, mended.text.as_str());
    if read(&again, Format::Auto.of(source)).is_err() {
        let titles: Vec<&str> = mended.made.iter().map(|(_, title)| title.as_str()).collect();
        return Err(Failure::new(format!("`{name}` could not be read any more after: {}", titles.join("; ")))
            .help("nothing was written; this is a mistake of ringfence, please report it"));
    }
    Ok(Some((source.clone(), mended)))
}

/// Puts a new text in the place of the one with this name.
fn replace(inputs: &mut Inputs, name: &str, text: &str) -> Result<()> {
    let source = SourceText::new(name, text);
    if let Some(spec) = inputs.specs.iter_mut().find(|spec| spec.source.name() == name) {
        spec.read = engine::read_spec(&source);
        spec.source = source;
        return Ok(());
    }
    inputs.templates.retain(|template| template.source.name() != name);
    inputs.add(source, Path::new(name))
}

fn note(changed: &mut Vec<Changed>, source: SourceText, mended: Mended) {
    match changed.iter_mut().find(|one| one.before.name() == source.name()) {
        Some(one) => {
            one.after = mended.text;
            one.made.extend(mended.made);
        }
        None => changed.push(Changed { before: source, after: mended.text, made: mended.made }),
    }
}

/// What was changed, in words.
fn told(changed: &Changed) -> String {
    let mut text = format!("changed {}\n", changed.before.name());
    for (line, title) in &changed.made {
        let _ = writeln!(text, "  line {line}: {title}");
    }
    text
}

/// What would be changed, as a unified diff.
fn diff(changed: &Changed) -> String {
    let name = changed.before.name();
    TextDiff::from_lines(changed.before.text(), &changed.after)
        .unified_diff()
        .context_radius(CONTEXT_LINES)
        .header(name, name)
        .to_string()
}

/// Gives a file the permissions of another.
#[cfg(not(target_os = "wasi"))]
fn keep_permissions(of: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::set_permissions(to, std::fs::metadata(of)?.permissions())
}

/// WASI knows no permissions.
#[cfg(target_os = "wasi")]
fn keep_permissions(_of: &Path, _to: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Writes a changed text: first beside the file, then renamed, so that it is never half-written.
fn write(changed: &Changed) -> Result<()> {
    let name = changed.before.name();
    let refused = |error: io::Error| {
        Failure::new(format!("`{name}` cannot be written: {error}"))
            .help("it is as it was; check its permissions and the free space")
    };
    // A link stays a link: what it leads to is changed.
    let path = Path::new(name).canonicalize().unwrap_or_else(|_| Path::new(name).to_path_buf());
    let before = std::fs::read(&path).map_err(refused)?;
    let (mark, text) = match before.strip_prefix(BYTE_ORDER_MARK) {
        Some(text) => (BYTE_ORDER_MARK, text),
        None => (&b""[..], before.as_slice()),
    };
    if text != changed.before.text().as_bytes() {
        return Err(Failure::new(format!("`{name}` was changed in the meantime"))
            .help("it was left alone; run the command again"));
    }
    let staging = output::beside(&path, "new");
    let written = std::fs::write(&staging, [mark, changed.after.as_bytes()].concat())
        .and_then(|()| keep_permissions(&path, &staging))
        .and_then(|()| std::fs::rename(&staging, &path));
    written.map_err(|error| {
        // The staging file is ours; the other one is as it was.
        let _ = std::fs::remove_file(&staging);
        refused(error)
    })
}

/// Says of fixes for templates in a cloud assembly that they were not made: the app would write them anew.
fn tell_of_assemblies(report: &Report, names: &[String]) {
    let fixes = report.counted().filter_map(|finding| finding.fix.as_ref()).filter(|fix| fix.safe);
    let left = fixes.filter(|fix| fix.edits.iter().any(|edit| !names.contains(&edit.place.file))).count();
    if left > 0 {
        let what = if left == 1 { "1 fix is".to_owned() } else { format!("{left} fixes are") };
        terminal::print_error(&format!(
            "{what} for templates of a cloud assembly: make them in the app that writes it\n"
        ));
    }
}
