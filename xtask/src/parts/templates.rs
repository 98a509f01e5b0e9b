//! `templates`: cfn-lint and AWS's own validator find nothing in our templates.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::specs::{Stack, synthesize};
use crate::session::Session;
use crate::tools::node::Node;
use crate::tools::python::Python;
use crate::workspace::{read, root, scratch, shown, write};

/// The informational findings that we live with, each with its reason.
const ACCEPTED: &str = "tests/tools/informational.json";

/// One informational rule that we looked at.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    tool: String,
    rule: String,
    reason: String,
}

/// What a tool says about a template.
#[derive(Debug, Deserialize)]
struct Finding {
    #[serde(default)]
    tool: String,
    template: String,
    rule: String,
    severity: String,
    r#where: String,
    message: String,
}

#[derive(Debug, Serialize)]
struct Request<'a> {
    template: String,
    region: &'a str,
    account: &'a str,
}

pub fn run(session: &mut Session) -> Result<String> {
    let node = Node::tools(session)?;
    let python = Python::tools(session)?;
    let mut stacks = Vec::new();
    for assembly in synthesize(session, "templates")? {
        // A token of the CDK stands for a value that the CDK puts in its place before anybody sees the template.
        if !read(&assembly.spec)?.contains("${Token[") {
            stacks.extend(assembly.stacks()?);
        }
    }
    let made = stacks.len();
    let texts: Vec<String> = stacks.iter().map(|stack| read(&stack.template)).collect::<Result<_>>()?;
    let mut resolved = texts.iter().map(|text| !has_cdk_tokens(text));
    stacks.retain(|_| resolved.next() == Some(true));
    let unresolved = made - stacks.len();
    let mut findings = validate(session, &node, &stacks)?;
    findings.extend(lint(session, &python, &stacks)?);
    let lived_with = judge(session, &findings)?;
    Ok(format!(
        "{} templates, 0 findings beside {lived_with} informational ones with a reason; {unresolved} with tokens, left to CDK",
        stacks.len()
    ))
}

/// Whether a template holds encoded CDK tokens. It is no template yet: inside a CDK app, CDK puts real values in their
/// places before anybody else reads it.
fn has_cdk_tokens(template: &str) -> bool {
    template.contains("${Token[") || template.contains("#{Token[")
}

/// Fails unless every finding is informational and has its reason, and every reason its finding.
fn judge(session: &Session, findings: &[Finding]) -> Result<usize> {
    let accepted: Vec<Accepted> = serde_json::from_str(&read(&root().join(ACCEPTED))?).context(ACCEPTED)?;
    if let Some(accepted) = accepted.iter().find(|accepted| accepted.reason.trim().len() < 10) {
        bail!("{ACCEPTED}: {} {} has no reason", accepted.tool, accepted.rule);
    }
    let lived_with: BTreeSet<(&str, &str)> =
        accepted.iter().map(|accepted| (accepted.tool.as_str(), accepted.rule.as_str())).collect();
    let mut seen = BTreeSet::new();
    let mut bad = Vec::new();
    for finding in findings {
        let key = (finding.tool.as_str(), finding.rule.as_str());
        if is_informational(&finding.severity) && lived_with.contains(&key) {
            seen.insert(key);
        } else {
            bad.push(format!(
                "{}: {} {} ({}) {}: {}",
                finding.template, finding.tool, finding.rule, finding.severity, finding.r#where, finding.message
            ));
        }
    }
    for finding in &bad {
        session.note(finding)?;
    }
    if let Some(first) = bad.first() {
        bail!("{} findings, the first: {first}", bad.len());
    }
    if let Some((tool, rule)) = lived_with.difference(&seen).next() {
        bail!("{ACCEPTED}: {tool} {rule} was not found any more: remove it");
    }
    Ok(findings.len())
}

/// Both tools call it so; nothing above may be lived with.
fn is_informational(severity: &str) -> bool {
    severity.eq_ignore_ascii_case("info") || severity.eq_ignore_ascii_case("informational")
}

fn validate(session: &mut Session, node: &Node, stacks: &[Stack]) -> Result<Vec<Finding>> {
    let requests: Vec<Request<'_>> = stacks
        .iter()
        .map(|stack| Request { template: shown(&stack.template), region: &stack.region, account: &stack.account })
        .collect();
    let path = scratch().join("validate.json");
    write(&path, serde_json::to_string(&requests)?)?;
    let output = session.capture("validate.cjs", node.program("tests/tools/validate.cjs").arg(&path))?;
    let mut findings: Vec<Finding> = serde_json::from_str(&output).context("validate.cjs printed no findings")?;
    for finding in &mut findings {
        finding.tool = "cloudformation-validate".to_owned();
    }
    Ok(findings)
}

/// Runs cfn-lint once for each Region, since it judges types and values by Region.
fn lint(session: &mut Session, python: &Python, stacks: &[Stack]) -> Result<Vec<Finding>> {
    let mut regions: BTreeMap<&str, Vec<&Stack>> = BTreeMap::new();
    for stack in stacks {
        regions.entry(&stack.region).or_default().push(stack);
    }
    let mut findings = Vec::new();
    for (region, stacks) in regions {
        let mut command = python.program("cfn-lint");
        command.args(["--format", "json", "--include-checks", "I", "--regions", region, "--template"]);
        command.args(stacks.iter().map(|stack| shown(&stack.template)));
        // The exit code tells which severities were found: what counts is the list.
        let (status, output) = session.try_capture("cfn-lint", &mut command)?;
        let found: Vec<Value> =
            serde_json::from_str(&output).with_context(|| format!("cfn-lint printed no findings ({status})"))?;
        if status.success() != found.is_empty() {
            bail!("cfn-lint: {status} with {} findings", found.len());
        }
        findings.extend(found.iter().map(lint_finding));
    }
    Ok(findings)
}

fn lint_finding(found: &Value) -> Finding {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let path = found["Location"]["Path"].as_array().map_or(&[][..], Vec::as_slice);
    Finding {
        tool: "cfn-lint".to_owned(),
        template: text(&found["Filename"]),
        rule: text(&found["Rule"]["Id"]),
        severity: text(&found["Level"]),
        r#where: path
            .iter()
            .map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join("/"),
        message: text(&found["Message"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_of_cfn_lint_are_read_as_it_prints_them() {
        let found = serde_json::json!({
            "Filename": "a.template.json", "Level": "Warning", "Message": "unused",
            "Location": { "Path": ["Resources", "A", "Properties", "Tags", 0] }, "Rule": { "Id": "W2001" },
        });
        let finding = lint_finding(&found);
        assert_eq!((finding.rule.as_str(), finding.severity.as_str()), ("W2001", "Warning"));
        assert_eq!(finding.r#where, "Resources/A/Properties/Tags/0");
        assert!(!is_informational(&finding.severity) && is_informational("Informational") && is_informational("INFO"));
    }
}
