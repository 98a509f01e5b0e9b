//! `ringfence check`: what it takes, how it is configured, what it prints and what it mends.

mod assemblies;
mod config;
mod fixes;
mod formats;
mod inputs;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A template with one error that can be mended (RF1106).
const TEMPLATE: &str = "\
Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: # with a comment
      Protocol: TCP
      Port: 8080
      VpcId: vpc-0123456789abcdef0
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8080, TargetGroupArn: !Ref Group }]
      HealthCheckGracePeriodSeconds: 60
      DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } }
Outputs: { Group: { Value: !Ref Group } }
";

/// A spec with two errors that can be mended (RF0004) and one that cannot (RF0002).
const SPEC: &str = "\
name: payments
env: { account: 111122223333, region: eu-west-1 } # never unquoted
services:
  api:
    image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1
    port: \"8080\"
colour: red
";

/// A folder with these files in it.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = crate::workspace::ringfence();
    command.arg("check").args(arguments).current_dir(folder);
    command
}

fn check(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("the command runs")
}

/// Runs it with text on standard input.
fn check_text(folder: &Path, arguments: &[&str], text: &str) -> Output {
    let piped = command(folder, arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = piped.expect("the command starts");
    child.stdin.take().expect("standard input").write_all(text.as_bytes()).expect("it is read");
    child.wait_with_output().expect("the command ends")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// How it ended, and all that it printed.
fn all(output: &Output) -> String {
    format!("exit code {:?}\n--- stdout\n{}--- stderr\n{}", output.status.code(), stdout(output), stderr(output))
}

/// The codes of the findings in a report in JSON, suppressed ones in brackets.
fn rules(output: &Output) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let findings = report.get("findings").and_then(serde_json::Value::as_array).expect("findings");
    let rule = |finding: &serde_json::Value| {
        let rule = finding.get("rule").and_then(serde_json::Value::as_str).expect("a rule").to_owned();
        let is_counted = finding.get("suppressed").is_none_or(serde_json::Value::is_null);
        if is_counted { rule } else { format!("({rule})") }
    };
    findings.iter().map(rule).collect()
}
