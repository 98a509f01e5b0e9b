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
    let template = assembly.files.get(&template_file(stack))?;
    if template.len() > quotas::TEMPLATE_BYTES_IN_S3 {
        let (bytes, limit) = (template.len(), quotas::TEMPLATE_BYTES_IN_S3);
        let message = format!("the template of `{}` has {bytes} bytes, and CloudFormation takes {limit}", stack.id());
        let help = "put some of the services into a spec of their own";
        return Some(finding(codes::TEMPLATE_TOO_LARGE, Severity::Error, stack, message).with_help(help));
    }
    let direct = stack.props().synthesizer == SynthesizerKind::Bootstrapless;
    let bytes = if direct { bytes_in_request(template) } else { 0 };
    (bytes > quotas::TEMPLATE_BYTES_IN_REQUEST).then(|| needs_a_bucket(stack, bytes))
}

/// The CDK CLI puts a template that is too large for a request into the bucket of a bootstrapped environment, whichever
/// synthesizer made it, and refuses to deploy it where there is none.
fn needs_a_bucket(stack: &Stack, bytes: usize) -> Finding {
    let limit = quotas::TEMPLATE_BYTES_IN_REQUEST;
    let message =
        format!("the template of `{}` takes about {bytes} bytes, and a request to CloudFormation {limit}", stack.id());
    let env = &stack.props().env;
    let account = env.account.as_ref().map_or("ACCOUNT", |account| account.as_str());
    let region = env.region.as_ref().map_or("REGION", |region| region.as_str());
    let help = format!(
        "run `cdk bootstrap aws://{account}/{region}` once: the CDK CLI then takes the template through that bucket, and \
         deploys with your own credentials as before"
    );
    finding(codes::TEMPLATE_TOO_LARGE, Severity::Warning, stack, message).with_help(help)
}

/// About how many bytes a template takes in a request of the CDK CLI, which sends it as YAML: every line without its
/// closing brackets, quotes and commas. A few in a hundred are added for the strings that YAML quotes.
fn bytes_in_request(json: &str) -> usize {
    let bytes: usize = json.lines().map(bytes_as_yaml).sum();
    bytes + bytes / 25
}

fn bytes_as_yaml(line: &str) -> usize {
    const OUTERMOST_INDENT: usize = 2;
    let body = line.trim_start().trim_end_matches(',');
    let indent = line.len().saturating_sub(line.trim_start().len()).saturating_sub(OUTERMOST_INDENT);
    let ends_open = body.ends_with(['{', '[']);
    let quotes = if body.starts_with('"') { 2 } else { 0 } + if body.contains("\": \"") { 2 } else { 0 };
    match body.len() {
        0 | 1 => 0,
        length => (indent + length + 1).saturating_sub(quotes + if ends_open { 2 } else { 0 }),
    }
}

fn finding(code: Code, severity: Severity, stack: &Stack, message: String) -> Finding {
    let mut finding = Finding::new(code, severity, message);
    finding.address.stack = Some(stack.id().to_owned());
    finding.address.construct_path = Some(stack.id().to_owned());
    finding
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_holds_the_template_as_yaml() {
        let json = "{\n  \"Resources\": {\n    \"Vpc\": {\n      \"Type\": \"AWS::EC2::VPC\",\n      \"Tags\": [\n        \"a\"\n      ]\n    }\n  }\n}\n";
        let yaml = "Resources:\n  Vpc:\n    Type: AWS::EC2::VPC\n    Tags:\n      - a\n";
        let bytes: usize = json.lines().map(bytes_as_yaml).sum();
        // The dash of a list takes the place of the indent that JSON has more.
        assert_eq!(bytes, yaml.len() - 2);
    }
}
