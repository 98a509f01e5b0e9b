//! The configuration file: how bad rules are, and which findings do not count.

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::cfn::{SourceText, Span};
use crate::diagnostics::policy::{PolicySuppression, is_fixed};
use crate::diagnostics::{Code, Finding, Place, Policy, Report, Severity, codes};
use crate::engine;
use crate::spec::decode::{closest, quoted};

use super::{Failure, Result, input};

/// The name of the file.
const NAME: &str = "ringfence.toml";

/// A configuration file that was read.
#[derive(Debug)]
pub(super) struct Config {
    pub(super) source: SourceText,
    pub(super) policy: Policy,
    /// What is wrong with it.
    pub(super) report: Report,
}

/// The configurations for the checked paths: the one that was named, or for each path the nearest one in the folders above
/// it.
pub(super) fn load(named: Option<&Path>, paths: &[PathBuf]) -> Result<Vec<Config>> {
    if let Some(path) = named {
        return Ok(vec![open(path)?]);
    }
    let mut found: Vec<(PathBuf, Vec<String>)> = Vec::new();
    let mut without = false;
    for path in paths {
        let name = input::name_of(path);
        match nearest(path) {
            None => without = true,
            Some(file) => match found.iter_mut().find(|(other, _)| *other == file) {
                Some((_, names)) => names.push(name),
                None => found.push((file, vec![name])),
            },
        }
    }
    let is_for_all = found.len() == 1 && !without;
    let configs = found.into_iter().map(|(file, names)| {
        let mut config = open(&file)?;
        config.policy.files = if is_for_all { Vec::new() } else { names };
        Ok(config)
    });
    configs.collect()
}

/// The configuration file in the folder of `path`, or in the nearest one above that has one.
fn nearest(path: &Path) -> Option<PathBuf> {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    let start = if input::is_stdin(path) { here.clone() } else { path.canonicalize().ok()? };
    let folder = if start.is_dir() { start.as_path() } else { start.parent()? };
    let file = folder.ancestors().map(|folder| folder.join(NAME)).find(|file| file.is_file())?;
    Some(file.strip_prefix(&here).map_or(file.clone(), Path::to_path_buf))
}

fn open(path: &Path) -> Result<Config> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| {
        Failure::new(format!("the configuration `{name}` cannot be read: {error}"))
            .help(format!("name a file with `--config`, or keep a `{NAME}` beside what is checked"))
    })?;
    Ok(match SourceText::from_bytes(name, bytes) {
        Ok(source) => read(source),
        Err(refused) => {
            let report = engine::refused_text(&refused).report;
            Config { source: refused.source, policy: Policy::default(), report }
        }
    })
}

/// Reads a configuration, strictly: all that is wrong with it is in the report.
fn read(source: SourceText) -> Config {
    let (table, errors) = DeTable::parse_recoverable(source.text());
    let mut reader = Reader { source: &source, policy: Policy::default(), findings: Vec::new() };
    for error in &errors {
        let message = error.message().lines().next().unwrap_or_default();
        reader.report(
            codes::SYNTAX,
            error.span().unwrap_or_default(),
            format!("this is not well-formed TOML: {message}"),
            None,
        );
    }
    if errors.is_empty() {
        reader.root(table.get_ref());
    }
    let Reader { policy, mut findings, .. } = reader;
    findings.sort_by_key(|finding| finding.address.place.as_ref().map(|place| place.span));
    let unusable = !findings.is_empty();
    Config { policy, report: Report { findings, unusable, ..Report::default() }, source }
}

struct Reader<'a> {
    source: &'a SourceText,
    policy: Policy,
    findings: Vec<Finding>,
}

type Key<'a> = Spanned<std::borrow::Cow<'a, str>>;
type Item<'a> = Spanned<DeValue<'a>>;

impl Reader<'_> {
    fn report(&mut self, code: Code, at: Range<usize>, message: String, help: Option<String>) {
        let mut finding = Finding::new(code, Severity::Error, message);
        finding.help = help;
        finding.address.place = Some(self.place(at));
        self.findings.push(finding);
    }

    fn place(&self, at: Range<usize>) -> Place {
        Place::of(self.source, Span::from_offsets(at.start, at.end))
    }

    fn root(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("rules", DeValue::Table(rules)) => self.rules(rules),
                ("suppress", DeValue::Array(list)) => {
                    for element in list {
                        self.suppression(element);
                    }
                }
                ("rules", other) => self.wrong_kind(value, "a table: `[rules]`", other),
                ("suppress", other) => self.wrong_kind(value, "a list of tables: `[[suppress]]` for each", other),
                _ => self.unknown_key(key, &["rules", "suppress"]),
            }
        }
    }

    fn rules(&mut self, rules: &DeTable<'_>) {
        for (key, value) in rules {
            let rule = self.rule(key.get_ref(), key.span());
            let severity = self.severity(value);
            if let (Some(rule), Some(severity)) = (rule, severity) {
                self.policy.severities.push((rule, severity));
            }
        }
    }

    /// The rule with this code or name, which must be one that can be configured.
    fn rule(&mut self, named: &str, at: Range<usize>) -> Option<Code> {
        let Some(rule) = engine::rule_named(named) else {
            let help = engine::advice_on_rule(named);
            self.report(codes::UNKNOWN_RULE, at, format!("there is no rule `{named}`"), Some(help));
            return None;
        };
        if is_fixed(rule) {
            let help = "what cannot be read cannot be checked: mend it".to_owned();
            self.report(
                codes::BAD_CONFIGURATION,
                at,
                format!("`{rule}` cannot be switched off or suppressed"),
                Some(help),
            );
            return None;
        }
        Some(rule)
    }

    fn severity(&mut self, value: &Item<'_>) -> Option<Option<Severity>> {
        const WORDS: [&str; 4] = ["off", "info", "warning", "error"];
        match self.text(value)? {
            "off" => Some(None),
            "info" => Some(Some(Severity::Info)),
            "warning" => Some(Some(Severity::Warning)),
            "error" => Some(Some(Severity::Error)),
            other => {
                let message = format!("there is no severity `{other}`");
                let help = closest(other, WORDS).map_or_else(
                    || format!("the severities are {}", quoted(&WORDS)),
                    |near| format!("did you mean `{near}`?"),
                );
                self.report(codes::BAD_CONFIGURATION, value.span(), message, Some(help));
                None
            }
        }
    }

    fn suppression(&mut self, element: &Item<'_>) {
        const KEYS: [&str; 4] = ["rule", "resource", "stack", "reason"];
        let DeValue::Table(table) = element.get_ref() else {
            return self.wrong_kind(element, "a table with `rule` and `reason`", element.get_ref());
        };
        for (key, _) in table.iter().filter(|(key, _)| !KEYS.contains(&key.get_ref().as_ref())) {
            self.unknown_key(key, &KEYS);
        }
        let member = |name: &str| table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value);
        let Some(rule) = member("rule") else {
            let help = "name the rule: `rule = \"RF…\"`".to_owned();
            return self.report(codes::BAD_CONFIGURATION, element.span(), "`rule` is missing".to_owned(), Some(help));
        };
        let named = self.text(rule).and_then(|named| self.rule(named, rule.span()));
        let [resource, stack, reason] = ["resource", "stack", "reason"].map(|name| {
            let value = member(name)?;
            self.text(value).map(str::to_owned)
        });
        let reason = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        let (Some(rule), Some(reason)) = (named, reason) else {
            if member("reason")
                .and_then(|reason| reason.get_ref().as_str())
                .is_none_or(|reason| reason.trim().is_empty())
            {
                let message = "the suppression does not say why".to_owned();
                let help = Some("add `reason = \"…\"`".to_owned());
                self.report(codes::SUPPRESSION_WITHOUT_REASON, element.span(), message, help);
            }
            return;
        };
        let place = Some(self.place(element.span()));
        self.policy.suppressions.push(PolicySuppression { rule, resource, stack, reason, place });
    }

    fn text<'v>(&mut self, value: &'v Item<'_>) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_kind(value, "text in quotes", value.get_ref());
        }
        text
    }

    fn wrong_kind(&mut self, at: &Item<'_>, expected: &str, found: &DeValue<'_>) {
        let message = format!("expected {expected}, found {}", kind(found));
        self.report(codes::BAD_CONFIGURATION, at.span(), message, None);
    }

    fn unknown_key(&mut self, key: &Key<'_>, known: &[&str]) {
        let message = format!("unknown key `{}`", key.get_ref());
        let help = match closest(key.get_ref(), known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys here are {}", quoted(known)),
        };
        self.report(codes::BAD_CONFIGURATION, key.span(), message, Some(help));
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
