//! What can be wrong with how the stacks of a spec are named, tagged and deployed.

use crate::aws::region::did_you_mean;
use crate::aws::{Arn, Region};
use crate::diagnostics::codes::private_link::UNKNOWN_REGION;
use crate::diagnostics::codes::{BAD_VALUE, DUPLICATE_CONSTRUCT, OUT_OF_RANGE};
use crate::spec::decode::quoted;
use crate::spec::text::Arn as ArnText;
use crate::spec::{Input, Spec};

use super::{Scope, Stack};

/// How many tags a stack has at most, and how long their keys and values are. Source: AWS CloudFormation API reference,
/// CreateStack and Tag; AWS Tagging guide, limits.
const MOST_TAGS: usize = 50;
const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;

/// The longest description of a template, in bytes. Source: AWS CloudFormation user guide, quotas.
const LONGEST_DESCRIPTION: usize = 1024;

/// The longest qualifier. Source: the parameter `Qualifier` of the bootstrap template of the CDK.
const LONGEST_QUALIFIER: usize = 10;

/// Checks what the spec says of its stacks. The origin of `scope` is the spec.
pub(super) fn check(scope: &mut Scope<'_>, spec: &Spec) {
    check_region(scope);
    check_tags(scope, spec);
    if let Some(length) =
        spec.description.as_ref().map(|text| text.len()).filter(|length| *length > LONGEST_DESCRIPTION)
    {
        let message = format!("the description of a stack cannot have {length} bytes");
        scope.error(OUT_OF_RANGE, "description", message, format!("use at most {LONGEST_DESCRIPTION}"));
    }
    let qualifier = &spec.stack.qualifier;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if qualifier.is_empty() || qualifier.len() > LONGEST_QUALIFIER || !qualifier.bytes().all(is_allowed) {
        let message = format!("`{qualifier}` cannot be the qualifier of bootstrap resources");
        let help = format!("give that of `cdk bootstrap`: at most {LONGEST_QUALIFIER} letters, digits, `-` and `_`");
        scope.error(BAD_VALUE, "stack/qualifier", message, help);
    }
    if let Some(text) = spec.stack.permissions_boundary.as_ref().and_then(Input::known).map(ArnText::as_str)
        && let Err(why) = judge_boundary(scope, text)
    {
        let message = format!("`{text}` cannot bound the roles of the stack: {why}");
        let help = "write it like `arn:aws:iam::111122223333:policy/boundary`";
        scope.error(BAD_VALUE, "stack/permissionsBoundary", message, help);
    }
}

fn check_region(scope: &mut Scope<'_>) {
    let Some(region) = scope.stack().props().region().filter(|region| Region::find(region).is_none()) else { return };
    let help = match did_you_mean(region).as_slice() {
        [] => "it may be newer than this version".to_owned(),
        near => format!("did you mean {}?", quoted(near)),
    };
    let message = format!("the Region `{region}` is not known here");
    scope.warn(UNKNOWN_REGION, "env/region", message, help);
}

fn check_tags(scope: &mut Scope<'_>, spec: &Spec) {
    let tags = &spec.tags.0;
    if tags.len() > MOST_TAGS {
        let message = format!("a stack cannot have {} tags", tags.len());
        scope.error(OUT_OF_RANGE, "tags", message, format!("give at most {MOST_TAGS}"));
    }
    for (key, value) in tags {
        if let Some(why) = judge_tag(key, value) {
            let help = "keys have at most 128 and values at most 256 letters, digits, spaces and `_.:/=+-@`";
            scope.error(BAD_VALUE, &format!("tags/{key}"), format!("`{key}` cannot be a tag: {why}"), help);
        }
    }
}

fn judge_tag(key: &str, value: &str) -> Option<&'static str> {
    let is_space = |next: char| next.is_whitespace() && !next.is_control();
    let is_allowed = |next: char| next.is_alphanumeric() || is_space(next) || "_.:/=+-@".contains(next);
    if key.is_empty() || key.chars().count() > LONGEST_KEY {
        Some("its key is empty or too long")
    } else if value.chars().count() > LONGEST_VALUE {
        Some("its value is too long")
    } else if key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
        Some("keys that begin with `aws:` are for AWS alone")
    } else if !key.chars().chain(value.chars()).all(is_allowed) {
        Some("it has a character that tags may not have")
    } else {
        None
    }
}

fn judge_boundary(scope: &Scope<'_>, text: &str) -> Result<(), String> {
    let arn = Arn::parse(text).map_err(|error| error.to_string())?;
    let props = scope.stack().props();
    if arn.service.known().is_some_and(|service| service != "iam") || arn.resource_type() != Some("policy") {
        return Err("it is no policy of IAM".to_owned());
    }
    match (props.refusal(&arn), arn.account.known(), props.account()) {
        (Some(why), _, _) => Err(why),
        (None, Some(theirs), Some(ours)) if theirs != ours && theirs != "aws" => {
            Err(format!("it is not in the account `{ours}`"))
        }
        _ => Ok(()),
    }
}

/// Checks that the stacks of the consumers can stand beside one another and beside that of the provider, the origin of whose
/// scope is the spec: their files, and in one account and Region their names.
pub(super) fn check_consumers(provider: &mut Stack, spec: &Spec, stacks: &[Stack]) {
    let mut taken: Vec<_> = vec![(provider.id().to_owned(), provider.name().to_owned(), provider.props().env.clone())];
    for (name, stack) in spec.consumers.keys().zip(stacks) {
        let own = (stack.id().to_owned(), stack.name().to_owned(), stack.props().env.clone());
        let same_file = taken.iter().any(|(id, _, _)| id.eq_ignore_ascii_case(&own.0));
        let same_name = taken.iter().any(|(_, name, env)| (name, env) == (&own.1, &own.2));
        if same_file || same_name {
            let (at, what) = if same_file { ("", &own.0) } else { ("/stackName", &own.1) };
            let message = format!("there is a stack `{what}` already");
            let help = "give it another name: one of the two stacks would take the place of the other";
            provider.scope().error(DUPLICATE_CONSTRUCT, &format!("consumers/{name}{at}"), message, help);
        }
        taken.push(own);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_judged_as_aws_does() {
        for (key, value) in [("team", "payments"), ("cost:center", "4/2"), ("Größe", ""), ("awsome", "aws:x")] {
            assert_eq!(judge_tag(key, value), None, "{key}");
        }
        let (long_key, long_value) = ("k".repeat(129), "v".repeat(257));
        for (key, value) in [("", "x"), ("aws:x", "y"), ("AWS:x", "y"), ("a#b", "c"), ("a", "<b>")] {
            assert!(judge_tag(key, value).is_some(), "{key}");
        }
        assert!(judge_tag(&long_key, "x").is_some());
        assert!(judge_tag("x", &long_value).is_some());
    }
}
