//! What one app costs, from one service to ten thousand: `cargo xtask bench` counts the instructions inside the functions
//! called `measured_…` and times the whole program.
//!
//! `scale describe N` says what the app is made of; `scale generate N` makes it; `scale floor N` makes it, then writes the
//! same bytes once more from trees that are ready, then hashes its templates once more.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark is told what to do, stops at the first surprise, and prints"
)]

#[path = "support/services.rs"]
mod services;

use std::hint::black_box;

use ringfence::assembly::Assembly;
use ringfence::cfn::{Format, SourceText, Value, read, to_json};
use ringfence::constructs::App;
use ringfence::constructs::pattern::{self, Fingerprints};
use ringfence::spec::Spec;
use sha2::{Digest as _, Sha256};

use services::specs;

/// How many services stand in one stack: as many as leave room below CloudFormation's 500 resources.
const SERVICES_PER_STACK: usize = 20;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (what, services) = match words.as_slice() {
        [what, services] => (*what, services.parse().expect("a number of services")),
        // As `cargo bench` calls it.
        _ => ("describe", 100),
    };
    let specs = specs(services, SERVICES_PER_STACK);
    let assembly = measured_generate(&specs);
    match what {
        "generate" => drop(black_box(assembly)),
        "floor" => floor(&assembly),
        _ => {
            let bytes: usize = assembly.files.values().map(String::len).sum();
            println!("{{ \"stacks\": {}, \"bytes\": {bytes} }}", specs.len());
        }
    }
}

/// From specs to the files of one cloud assembly. Nothing is validated afterwards, and nothing is proved.
#[inline(never)]
fn measured_generate(specs: &[Spec]) -> Assembly {
    let mut app = App::new();
    for spec in specs {
        let mut built = pattern::build(spec, &Fingerprints::new());
        for stack in built.app.stacks_mut() {
            app.add(std::mem::take(stack));
        }
    }
    Assembly::of(&mut app)
}

/// Does again what cannot be left out: writes every file, from what a reader made of it, and hashes the templates.
fn floor(assembly: &Assembly) {
    let trees: Vec<Value> = assembly.files.iter().map(|(name, text)| tree(name, text)).collect();
    let texts = measured_write(&trees);
    for (written, (name, text)) in texts.iter().zip(&assembly.files) {
        assert!(written == text || name == "cdk.out", "`{name}` is written differently from its own tree");
    }
    let templates = assembly.files.iter().filter(|(name, _)| name.ends_with(".template.json"));
    let templates: Vec<&str> = templates.map(|(_, text)| text.as_str()).collect();
    black_box(measured_hash(&templates));
}

#[inline(never)]
fn measured_write(trees: &[Value]) -> Vec<String> {
    trees.iter().map(to_json).collect()
}

#[inline(never)]
fn measured_hash(templates: &[&str]) -> Vec<[u8; 32]> {
    templates.iter().map(|text| Sha256::digest(text.as_bytes()).into()).collect()
}

fn tree(name: &str, text: &str) -> Value {
    read(&SourceText::new(name, text), Format::Json).expect("what was written can be read").value
}
