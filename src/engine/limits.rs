//! The limits of CloudFormation that a whole stack can run into.

use crate::assembly::{Assembly, template_file};
use crate::aws::cloudformation as quotas;
use crate::constructs::Stack;
use crate::diagnostics::{Code, Finding, Severity, codes};
use crate::spec::SynthesizerKind;

/// What a stack has too many of, before its template is written.
pub(super) fn of_stack(stack: &Stack) -> Option<Finding> {
    let count = stack.resources().len();
    let message =
        format!("the stack `{}` has {count} resources, and CloudFormation takes {}", stack.id(), quotas::RESOURCES);
    let help = "put some of the services into a spec of their own";
    (count > quotas::RESOURCES)
        .then(|| finding(codes::TOO_MANY_RESOURCES, Severity::Error, stack, message).with_help(help))
}

/// What is too large about a template. A template that does not go through a bucket must fit into the request.
pub(super) fn of_template(stack: &Stack, assembly: &Assembly) -> Option<Finding> {
    let bytes = assembly.files.get(&template_file(stack))?.len();
    let direct = stack.props().synthesizer == SynthesizerKind::Bootstrapless;
    let limit = if direct { quotas::TEMPLATE_BYTES_IN_REQUEST } else { quotas::TEMPLATE_BYTES_IN_S3 };
    if bytes <= limit {
        return None;
    }
    let message = format!("the template of `{}` has {bytes} bytes, and CloudFormation takes {limit}", stack.id());
    Some(if direct {
        let message = format!("{message} without a bucket");
        let help = "use `synthesizer: default`, or let the CDK CLI put the template into the bucket of a bootstrapped environment";
        finding(codes::TEMPLATE_TOO_LARGE, Severity::Warning, stack, message).with_help(help)
    } else {
        let help = "put some of the services into a spec of their own";
        finding(codes::TEMPLATE_TOO_LARGE, Severity::Error, stack, message).with_help(help)
    })
}

fn finding(code: Code, severity: Severity, stack: &Stack, message: String) -> Finding {
    let mut finding = Finding::new(code, severity, message);
    finding.address.stack = Some(stack.id().to_owned());
    finding.address.construct_path = Some(stack.id().to_owned());
    finding
}
