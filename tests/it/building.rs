//! What tests of constructs have in common: an empty stack, and ways to look at what was built in it.

use ringfence::cfn::Value;
use ringfence::constructs::{Stack, StackProps, StackResource};
use ringfence::diagnostics::Severity;
use ringfence::spec::Environment;

/// The account of the tests.
pub(crate) const ACCOUNT: &str = "111122223333";

/// The Region of the tests.
pub(crate) const REGION: &str = "eu-west-1";

/// An empty stack in the account and Region of the tests.
pub(crate) fn stack() -> Stack {
    let env = Environment { account: Some(ACCOUNT.into()), region: Some(REGION.into()) };
    Stack::new("Test", StackProps { env, ..StackProps::default() })
}

/// A value as JSON that a person can read.
pub(crate) fn json(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("a value can be written")
}

/// The resources of a type.
pub(crate) fn of_type<'a>(stack: &'a Stack, type_name: &str) -> Vec<&'a StackResource> {
    stack.resources().iter().filter(|resource| resource.resource.type_name() == type_name).collect()
}

/// The only resource of a type.
pub(crate) fn only<'a>(stack: &'a Stack, type_name: &str) -> &'a StackResource {
    match of_type(stack, type_name).as_slice() {
        [resource] => resource,
        found => panic!("there are {} resources of type {type_name}", found.len()),
    }
}

/// The resource at a construct path.
pub(crate) fn at<'a>(stack: &'a Stack, path: &str) -> &'a StackResource {
    let found = stack.resources().iter().find(|resource| resource.path == path);
    found.unwrap_or_else(|| panic!("nothing at `{path}`, only at {:?}", paths(stack)))
}

/// The construct paths of all resources, in order.
pub(crate) fn paths(stack: &Stack) -> Vec<&str> {
    stack.resources().iter().map(|resource| resource.path.as_str()).collect()
}

/// A property of a resource, its steps separated by `/`; list elements by index.
pub(crate) fn property<'a>(resource: &'a StackResource, path: &str) -> &'a Value {
    let mut steps = path.split('/');
    let first = resource.resource.property(steps.next().unwrap_or_default());
    let found = steps.fold(first, |value, step| match (value?, step.parse::<usize>()) {
        (Value::List(items), Ok(index)) => items.get(index),
        (value, _) => value.get(step),
    });
    found.unwrap_or_else(|| panic!("no `{path}` in {:#?}", resource.resource))
}

/// What was wrong: severity, code, place in the spec, message and help.
pub(crate) fn findings(stack: &Stack) -> Vec<String> {
    let line = |finding: &ringfence::diagnostics::Finding| {
        let place = finding.address.spec.as_ref().map(ToString::to_string).unwrap_or_default();
        let help = finding.help.as_deref().unwrap_or_default();
        format!("{} {} {place}: {} ({help})", finding.severity.word(), finding.code, finding.message)
    };
    stack.findings().iter().map(line).collect()
}

/// The codes of the errors.
pub(crate) fn errors(stack: &Stack) -> Vec<&'static str> {
    let errors = stack.findings().iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| finding.code.0).collect()
}
