//! Judges templates that belong together, and prints what is found.
//!
//! ```sh
//! cargo run --example check_templates -- network.yaml service.yaml
//! ```

use std::process::ExitCode;

use ringfence::cfn::SourceText;
use ringfence::engine::check::{TemplateInput, check_templates};

#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program of its own: it is told what to read, and prints"
)]
fn main() -> Result<ExitCode, std::io::Error> {
    let mut inputs = Vec::new();
    for path in std::env::args().skip(1) {
        let source = SourceText::new(&path, std::fs::read_to_string(&path)?);
        inputs.push(TemplateInput { source, ..TemplateInput::default() });
    }
    let report = check_templates(&inputs);
    for finding in &report.findings {
        let resource = finding.address.resource.as_deref().unwrap_or("-");
        println!("{}: {} {resource}: {}", finding.severity.word(), finding.code, finding.message);
        println!("  help: {}", finding.help.as_deref().unwrap_or("-"));
    }
    println!("{}", report.status().word());
    Ok(if report.has_errors() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
