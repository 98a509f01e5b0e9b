//! Further faces of what rules find, and right neighbours of them, beside the examples of their pages.

mod endpoint_policies;
mod identity;
mod names_and_balancers;
mod notifications;
mod observability;
mod principals;
mod service_names;
mod tasks;
mod templates;
mod two_stacks;
mod zones_and_names;

use std::collections::BTreeSet;

use ringfence::cfn::SourceText;
use ringfence::diagnostics::Severity;
use ringfence::engine::check::{TemplateInput, check_templates};

/// A template, and the codes that are found in it as errors or warnings.
struct Case {
    name: &'static str,
    codes: &'static [&'static str],
    template: &'static str,
}

const fn case(name: &'static str, codes: &'static [&'static str], template: &'static str) -> Case {
    Case { name, codes, template }
}

/// Asserts that of the rules whose codes begin with `prefix` each case brings exactly those that it names.
fn assert_cases(prefix: &str, cases: &[Case]) {
    let mut wrong = Vec::new();
    for Case { name, codes, template } in cases {
        let source = SourceText::new("case.yaml", *template);
        let report = check_templates(&[TemplateInput { source, ..TemplateInput::default() }]);
        assert!(!report.unusable, "{name}: {:?}", report.findings);
        let told = report.findings.iter().filter(|finding| finding.severity != Severity::Info);
        let found: BTreeSet<&str> =
            told.map(|finding| finding.code.0).filter(|code| code.starts_with(prefix)).collect();
        if found != codes.iter().copied().collect() {
            wrong.push(format!("{name}: expected {codes:?}, found {found:?} in\n{template}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
