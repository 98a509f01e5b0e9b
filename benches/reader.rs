//! How fast templates are read: our JSON reader, with the place of every value, against `serde_json`, without.
//!
//! `cargo bench --bench reader` prints both, and how many times longer ours takes.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark reads the clock, stops at the first surprise, and prints"
)]

use std::time::{Duration, Instant};

use divan::counter::BytesCount;
use ringfence::cfn::{Document, Format, SourceText, read};

fn main() {
    divan::main();
    print_ratio();
}

/// A template of `resources` resources as CDK writes it: indented by one space, tags and metadata included.
fn template(resources: usize) -> String {
    let mut members = serde_json::Map::new();
    for index in 0..resources {
        let (name, resource) = match index % 4 {
            0 => (format!("ServiceSecurityGroup{index:08X}"), security_group(index)),
            1 => (format!("PrivateSubnet{index:08X}"), subnet(index)),
            2 => (format!("TaskRoleDefaultPolicy{index:08X}"), policy(index)),
            _ => (format!("HealthAlarm{index:08X}"), alarm(index)),
        };
        members.insert(name, resource);
    }
    let template = serde_json::json!({ "Resources": members });
    let mut text = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, formatter);
    serde::Serialize::serialize(&template, &mut serializer).expect("a template can be written");
    String::from_utf8(text).expect("JSON is UTF-8")
}

fn security_group(index: usize) -> serde_json::Value {
    serde_json::json!({
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupDescription": "Provider/Service/SecurityGroup",
            "SecurityGroupEgress": [
                { "CidrIp": "255.255.255.255/32", "Description": "Disallow all traffic", "FromPort": 252,
                  "IpProtocol": "icmp", "ToPort": 86 }
            ],
            "VpcId": { "Ref": "NetworkVpc7FB3F1C6" },
            "Tags": [{ "Key": "Name", "Value": format!("service-{index}") }]
        },
        "Metadata": { "aws:cdk:path": format!("Provider/Service{index}/SecurityGroup/Resource") }
    })
}

fn subnet(index: usize) -> serde_json::Value {
    serde_json::json!({
        "Type": "AWS::EC2::Subnet",
        "Properties": {
            "AvailabilityZone": { "Fn::Select": [index % 3, { "Fn::GetAZs": "" }] },
            "CidrBlock": format!("10.{}.{}.0/24", index / 256 % 256, index % 256),
            "MapPublicIpOnLaunch": false,
            "VpcId": { "Ref": "NetworkVpc7FB3F1C6" },
            "Tags": [
                { "Key": "aws-cdk:subnet-name", "Value": "private" },
                { "Key": "aws-cdk:subnet-type", "Value": "Isolated" },
                { "Key": "Name", "Value": format!("Provider/Network/PrivateSubnet{index}") }
            ]
        }
    })
}

fn policy(index: usize) -> serde_json::Value {
    serde_json::json!({
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyName": format!("TaskRoleDefaultPolicy{index}"),
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{
                    "Effect": "Allow",
                    "Action": ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
                    "Resource": { "Fn::Join": ["", [
                        "arn:", { "Ref": "AWS::Partition" }, ":secretsmanager:", { "Ref": "AWS::Region" }, ":",
                        { "Ref": "AWS::AccountId" }, ":secret:prod/db-??????"
                    ]] }
                }]
            },
            "Roles": [{ "Ref": "TaskRole30FC0FBB" }]
        }
    })
}

fn alarm(index: usize) -> serde_json::Value {
    serde_json::json!({
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": "fewer than two targets answer \"200\" on /healthz — see the runbook",
            "ComparisonOperator": "LessThanThreshold",
            "Dimensions": [
                { "Name": "LoadBalancer", "Value": { "Fn::GetAtt": ["LoadBalancerBE9EEC3A", "LoadBalancerFullName"] } },
                { "Name": "TargetGroup", "Value": { "Fn::GetAtt": ["TargetGroup3D7CD9B8", "TargetGroupFullName"] } }
            ],
            "EvaluationPeriods": 3,
            "MetricName": "HealthyHostCount",
            "Namespace": "AWS/NetworkELB",
            "Period": 60,
            "Statistic": "Minimum",
            "Threshold": index as f64 + 0.5,
            "TreatMissingData": "breaching"
        },
        "DependsOn": ["TargetGroup3D7CD9B8"]
    })
}

const SIZES: [usize; 3] = [40, 400, 8000];

fn ours(source: &SourceText) -> Document {
    read(source, Format::Json).expect("the template is JSON")
}

fn theirs(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("the template is JSON")
}

#[divan::bench(args = SIZES)]
fn ringfence_json(bencher: divan::Bencher<'_, '_>, resources: usize) {
    let source = SourceText::new("t.json", template(resources));
    bencher.counter(BytesCount::new(source.text().len())).bench(|| ours(&source));
}

#[divan::bench(args = SIZES)]
fn serde_json_value(bencher: divan::Bencher<'_, '_>, resources: usize) {
    let text = template(resources);
    bencher.counter(BytesCount::new(text.len())).bench(|| theirs(&text));
}

#[divan::bench(args = [40, 400])]
fn ringfence_yaml(bencher: divan::Bencher<'_, '_>, resources: usize) {
    let json = SourceText::new("t.json", template(resources));
    let source = SourceText::new("t.yaml", json.text());
    bencher
        .counter(BytesCount::new(source.text().len()))
        .bench(|| read(&source, Format::Yaml).expect("JSON is YAML too"));
}

/// The best of several runs, dropping the result included: what a whole program pays.
fn best(mut run: impl FnMut()) -> Duration {
    let times = (0..30).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed()
    });
    times.min().unwrap_or_default()
}

fn print_ratio() {
    let text = template(400);
    let source = SourceText::new("t.json", text.clone());
    let ours = best(|| drop(divan::black_box(ours(&source))));
    let theirs = best(|| drop(divan::black_box(theirs(&text))));
    let speed = |time: Duration| text.len() as f64 / time.as_secs_f64() / 1e6;
    println!("400 resources, {} bytes, read and dropped, best of 30:", text.len());
    println!("  ringfence with positions: {:>6.0} MB/s", speed(ours));
    println!("  serde_json::Value:        {:>6.0} MB/s", speed(theirs));
    println!("  ours takes {:.2} times as long", ours.as_secs_f64() / theirs.as_secs_f64());
}
