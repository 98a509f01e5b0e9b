//! What judging templates costs: `cargo xtask bench` counts the instructions inside the functions called `measured_…`, and
//! times the whole.
//!
//! `judge describe N` says how many templates and resources N services make; `judge write N FOLDER` writes the templates;
//! `judge judge N` judges them once, one by one; `judge time N` tells how long that takes when everything is warm; `judge
//! hard N` judges one template with N rules in a security group, 2 N routes and N targets.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark is told what to do, stops at the first surprise, and prints"
)]

#[path = "support/services.rs"]
mod services;

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use ringfence::assembly::Assembly;
use ringfence::cfn::SourceText;
use ringfence::constructs::App;
use ringfence::constructs::pattern::{self, Fingerprints};
use ringfence::engine::check::{TemplateInput, check_templates};

use services::specs;

/// How many services fit into one stack, which has 500 resources at most and 50 listeners on one load balancer.
const FULL: usize = 27;

/// How many stand in each of several stacks: 200 of them have about 80,000 resources.
const SEVERAL: usize = 21;

/// For how long the same is done again and again to find out how long it takes at best.
const TIMED_SECONDS: f64 = 3.0;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["write", number, folder] => {
            for (name, text) in templates(parsed(number)) {
                std::fs::write(format!("{folder}/{name}"), text).expect("the folder can be written to");
            }
        }
        ["judge", number] => {
            let inputs = inputs(templates(parsed(number)));
            black_box(measured_judge(&inputs));
        }
        ["time", number] => time(&inputs(templates(parsed(number)))),
        ["hard", number] => {
            let inputs = inputs(vec![("hard.json".to_owned(), hard(parsed(number)))]);
            black_box(measured_judge(&inputs));
        }
        ["describe", number] => describe(parsed(number)),
        // As `cargo bench` calls it.
        _ => describe(20),
    }
}

fn parsed(number: &str) -> usize {
    number.parse().expect("a number of services")
}

fn describe(services: usize) {
    let templates = templates(services);
    let resources: usize = templates.iter().map(|(_, text)| text.matches("\"Type\": \"AWS::").count()).sum();
    let bytes: usize = templates.iter().map(|(_, text)| text.len()).sum();
    println!("{{ \"templates\": {}, \"resources\": {resources}, \"bytes\": {bytes} }}", templates.len());
}

/// Reads, models and judges each template by itself, and counts what is found.
#[inline(never)]
fn measured_judge(inputs: &[TemplateInput]) -> usize {
    inputs.iter().map(|input| check_templates(std::slice::from_ref(input)).findings.len()).sum()
}

/// Prints the shortest time of many, in seconds, and what was found.
fn time(inputs: &[TemplateInput]) {
    let (start, mut fastest, mut runs) = (Instant::now(), f64::INFINITY, 0_u32);
    let mut found = 0;
    while runs < 3 || start.elapsed().as_secs_f64() < TIMED_SECONDS {
        let began = Instant::now();
        found = black_box(measured_judge(inputs));
        fastest = fastest.min(began.elapsed().as_secs_f64());
        runs += 1;
    }
    println!("{{ \"seconds\": {fastest:.9}, \"runs\": {runs}, \"findings\": {found} }}");
}

fn inputs(templates: Vec<(String, String)>) -> Vec<TemplateInput> {
    let input = |(name, text)| TemplateInput {
        source: SourceText::new(name, text),
        region: Some("eu-west-1".to_owned()),
        ..TemplateInput::default()
    };
    templates.into_iter().map(input).collect()
}

/// The templates of this many services, by file name.
fn templates(services: usize) -> Vec<(String, String)> {
    let mut app = App::new();
    for spec in &specs(services, if services <= FULL { FULL } else { SEVERAL }) {
        let mut built = pattern::build(spec, &Fingerprints::new());
        for stack in built.app.stacks_mut() {
            app.add(std::mem::take(stack));
        }
    }
    let files = Assembly::of(&mut app).files.into_iter();
    files.filter(|(name, _)| name.ends_with(".template.json")).collect()
}

/// A template in which everything is as many as quotas allow, and more.
fn hard(size: usize) -> String {
    let mut text = String::from(
        "{\"Resources\":{\"Vpc\":{\"Type\":\"AWS::EC2::VPC\",\"Properties\":{\"CidrBlock\":\"10.0.0.0/8\",\"EnableDnsHostnames\":true}}",
    );
    let _ = write!(
        text,
        ",\"Table\":{{\"Type\":\"AWS::EC2::RouteTable\",\"Properties\":{{\"VpcId\":{{\"Ref\":\"Vpc\"}}}}}}"
    );
    let _ = write!(
        text,
        ",\"Subnet\":{{\"Type\":\"AWS::EC2::Subnet\",\"Properties\":{{\"VpcId\":{{\"Ref\":\"Vpc\"}},\"CidrBlock\":\"10.0.0.0/16\",\"AvailabilityZone\":\"eu-west-1a\"}}}}"
    );
    let _ = write!(
        text,
        ",\"Association\":{{\"Type\":\"AWS::EC2::SubnetRouteTableAssociation\",\"Properties\":{{\"SubnetId\":{{\"Ref\":\"Subnet\"}},\"RouteTableId\":{{\"Ref\":\"Table\"}}}}}}"
    );
    for number in 0..2 * size {
        let (high, low) = (number / 256 % 256, number % 256);
        let _ = write!(
            text,
            ",\"Route{number}\":{{\"Type\":\"AWS::EC2::Route\",\"Properties\":{{\"RouteTableId\":{{\"Ref\":\"Table\"}},\"DestinationCidrBlock\":\"172.{high}.{low}.0/24\",\"TransitGatewayId\":\"tgw-0123456789abcdef0\"}}}}"
        );
    }
    let rules: Vec<String> = (0..size)
        .map(|number| {
            format!(
                "{{\"IpProtocol\":\"tcp\",\"FromPort\":8080,\"ToPort\":8080,\"CidrIp\":\"10.{}.{}.0/24\"}}",
                number / 256 % 256,
                number % 256
            )
        })
        .collect();
    let _ = write!(
        text,
        ",\"Group\":{{\"Type\":\"AWS::EC2::SecurityGroup\",\"Properties\":{{\"GroupDescription\":\"many\",\"VpcId\":{{\"Ref\":\"Vpc\"}},\"SecurityGroupIngress\":[{}]}}}}",
        rules.join(",")
    );
    let targets: Vec<String> =
        (0..size).map(|number| format!("{{\"Id\":\"10.0.{}.{}\"}}", number / 256 % 256, number % 256)).collect();
    let _ = write!(
        text,
        ",\"Targets\":{{\"Type\":\"AWS::ElasticLoadBalancingV2::TargetGroup\",\"Properties\":{{\"TargetType\":\"ip\",\"Protocol\":\"TCP\",\"Port\":8080,\"VpcId\":{{\"Ref\":\"Vpc\"}},\"Targets\":[{}]}}}}",
        targets.join(",")
    );
    let _ = write!(
        text,
        ",\"Balancer\":{{\"Type\":\"AWS::ElasticLoadBalancingV2::LoadBalancer\",\"Properties\":{{\"Type\":\"network\",\"Scheme\":\"internal\",\"Subnets\":[{{\"Ref\":\"Subnet\"}}],\"SecurityGroups\":[{{\"Ref\":\"Group\"}}]}}}}"
    );
    let _ = write!(
        text,
        ",\"Listener\":{{\"Type\":\"AWS::ElasticLoadBalancingV2::Listener\",\"Properties\":{{\"LoadBalancerArn\":{{\"Ref\":\"Balancer\"}},\"Port\":443,\"Protocol\":\"TCP\",\"DefaultActions\":[{{\"Type\":\"forward\",\"TargetGroupArn\":{{\"Ref\":\"Targets\"}}}}]}}}}"
    );
    text.push_str("}}");
    text
}
