//! Specs with as many services as a benchmark asks for.

use std::fmt::Write as _;

use ringfence::cfn::SourceText;
use ringfence::engine;
use ringfence::spec::Spec;

/// The specs of the stacks that hold this many services, so many in each.
pub(crate) fn specs(services: usize, per_stack: usize) -> Vec<Spec> {
    let numbers: Vec<usize> = (0..services).collect();
    numbers.chunks(per_stack).enumerate().map(|(stack, numbers)| spec(stack, numbers)).collect()
}

/// A spec like the reference, with a listener for each service.
fn spec(stack: usize, numbers: &[usize]) -> Spec {
    let mut services = String::new();
    let mut listeners = String::new();
    for number in numbers {
        let port = 8_000 + number % numbers.len();
        let _ = write!(
            services,
            "
  service{number}:
    image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/scale:1.0.{number}
    cpu: 512
    memory: 1024
    port: {port}
    health: {{ path: /healthz }}
    scale: {{ min: 2, max: 12, cpu: 60 }}
    secrets: {{ PASSWORD: {{ secret: prod/db{number}, key: password }} }}"
        );
        let _ = write!(listeners, "\n  - {{ port: {port}, to: service{number} }}");
    }
    let text = format!(
        "name: scale-{stack}
env: {{ account: \"111122223333\", region: eu-west-1 }}
network: {{ cidr: 10.20.0.0/16, azs: 2 }}
services:{services}
listeners:{listeners}
privateLink: {{ allow: [\"222233334444\"], acceptance: manual }}
"
    );
    let read = engine::read_spec(&SourceText::new("scale.yaml", text.as_str()));
    assert!(!read.report.has_errors(), "the spec is wrong: {:?}", read.report);
    read.spec.expect("a spec")
}
