//! One run of a part or command: its programs run here, its output goes to a log, and somebody who waits sees progress.

use std::fs::File;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};

use crate::workspace::{make_folder, read, scratch, shown};

/// How often a long program says that it is still there.
const PROGRESS: Duration = Duration::from_secs(20);

/// How many lines of a failed program are worth a screen.
const SHOWN_LINES: usize = 120;

/// Runs programs for one part or command.
#[derive(Debug)]
pub struct Session {
    name: String,
    log: PathBuf,
    /// Where in the log the program that runs now began.
    began: u64,
}

impl Session {
    /// Starts an empty log under the name of the part or command.
    pub fn new(name: &str) -> Result<Self> {
        make_folder(&scratch())?;
        let log = scratch().join(format!("{name}.log"));
        File::create(&log).with_context(|| format!("cannot write `{}`", shown(&log)))?;
        Ok(Self { name: name.to_owned(), log, began: 0 })
    }

    /// Where everything that the programs print is kept.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Prints a line that says what happens now.
    pub fn say(&self, line: &str) {
        println!("  {}: {line}", self.name);
    }

    /// Writes a line into the log alone.
    pub fn note(&self, line: &str) -> Result<()> {
        writeln!(self.append()?, "{line}")?;
        Ok(())
    }

    /// Runs a program to its end; an exit code other than zero is an error. What it prints goes to the log.
    pub fn run(&mut self, what: &str, command: &mut Command) -> Result<()> {
        let status = self.wait(what, command, None)?;
        if status.success() { Ok(()) } else { Err(anyhow!("{what}: {status}")) }
    }

    /// Runs a program like `run` and gives back what it wrote to standard output (which the log gets as well).
    pub fn capture(&mut self, what: &str, command: &mut Command) -> Result<String> {
        let (status, output) = self.try_capture(what, command)?;
        if status.success() { Ok(output) } else { bail!("{what}: {status}") }
    }

    /// Runs a program like `capture`, for callers that read more out of the exit code than good or bad.
    pub fn try_capture(&mut self, what: &str, command: &mut Command) -> Result<(ExitStatus, String)> {
        let path = scratch().join(format!("{}.stdout", self.name));
        let status = self.wait(what, command, Some(&path))?;
        let output = read(&path)?;
        self.append()?.write_all(output.as_bytes())?;
        std::fs::remove_file(&path)?;
        Ok((status, output))
    }

    /// The last lines of what the program that ran last has printed.
    pub fn tail(&self) -> String {
        let bytes = std::fs::read(&self.log).unwrap_or_default();
        let from = usize::try_from(self.began).unwrap_or(0).min(bytes.len());
        let text = String::from_utf8_lossy(&bytes[from..]);
        let lines: Vec<&str> = text.lines().collect();
        let skipped = lines.len().saturating_sub(SHOWN_LINES);
        let head = if skipped == 0 { String::new() } else { format!("… {skipped} lines before, in the log …\n") };
        head + &lines[skipped..].join("\n")
    }

    fn append(&self) -> Result<File> {
        let open = File::options().append(true).create(true).open(&self.log);
        open.with_context(|| format!("cannot write `{}`", shown(&self.log)))
    }

    fn wait(&mut self, what: &str, command: &mut Command, stdout: Option<&Path>) -> Result<ExitStatus> {
        self.began = std::fs::metadata(&self.log).map_or(0, |log| log.len());
        let mut log = self.append()?;
        writeln!(log, "$ {}", line_of(command))?;
        let output = match stdout {
            Some(path) => File::create(path).with_context(|| format!("cannot write `{}`", shown(path)))?,
            None => log.try_clone()?,
        };
        command.stdin(Stdio::null()).stdout(output).stderr(log);
        let started = Instant::now();
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command.spawn().with_context(|| format!("{what}: cannot start `{program}`"))?;
        let mut next = PROGRESS;
        let mut pause = Duration::from_millis(2);
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if started.elapsed() >= next {
                self.progress(what, started.elapsed());
                next += PROGRESS;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(100));
        }
    }

    fn progress(&self, what: &str, elapsed: Duration) {
        let bytes = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(4096)..]).into_owned();
        let last: String = text
            .lines()
            .rfind(|line| !line.trim().is_empty() && !line.starts_with("$ "))
            .unwrap_or("")
            .trim()
            .chars()
            .take(70)
            .collect();
        self.say(&format!("{what}, {} … {last}", duration(elapsed)));
        // Without a terminal the lines would sit in a buffer until the end.
        if !std::io::stdout().is_terminal() {
            let _flushed = std::io::stdout().flush();
        }
    }
}

/// A duration as people say it: `0.4 s`, `12 s`, `3 min 05 s`.
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

/// A command as one could type it (as good as it gets without quoting).
fn line_of(command: &Command) -> String {
    let mut words: Vec<String> = command
        .get_envs()
        .filter_map(|(key, value)| Some(format!("{}={}", key.to_string_lossy(), value?.to_string_lossy())))
        .collect();
    words.push(command.get_program().to_string_lossy().into_owned());
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_is_an_error_and_shows_its_own_output_only() {
        let mut session = Session::new("self-test-fail").expect("a log");
        session.run("first", Command::new("sh").args(["-c", "echo early"])).expect("it ends with 0");
        let error = session.run("second", Command::new("sh").args(["-c", "echo late; exit 3"])).expect_err("it fails");
        assert_eq!(error.to_string(), "second: exit status: 3");
        assert!(session.tail().contains("late") && !session.tail().contains("early"), "{}", session.tail());
        assert!(read(session.log()).expect("a log").contains("early"));
    }

    #[test]
    fn captured_output_is_given_back_and_logged() {
        let mut session = Session::new("self-test-capture").expect("a log");
        let output =
            session.capture("say", Command::new("sh").args(["-c", "echo out; echo err >&2"])).expect("it ends with 0");
        assert_eq!(output, "out\n");
        let log = read(session.log()).expect("a log");
        assert!(log.contains("out\n") && log.contains("err\n"), "{log}");
    }

    #[test]
    fn durations_read_well() {
        let shown: Vec<String> = [0.44, 12.9, 185.0].map(|s| duration(Duration::from_secs_f64(s))).into();
        assert_eq!(shown, ["0.4 s", "12 s", "3 min 05 s"]);
    }
}
