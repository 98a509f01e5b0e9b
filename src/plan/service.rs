//! The plan of a whole service.

use crate::cfn::Value;
use crate::constructs::pattern;
use crate::diagnostics::Pointer;
use crate::diagnostics::codes::{UNKNOWN_KEY, plan as codes};
use crate::spec::{Decoder, PlanRequest, Spec};

use super::findings::Findings;
use super::{Built, handles, stack};

/// The members of a spec that a construct does not have, and what says it instead.
const NOT_OF_CONSTRUCTS: &[(&str, &str)] = &[
    ("env", "the stack in which the construct is says where it is deployed: give it `env`"),
    ("stack", "the stack is the app's own: set this on it"),
    ("consumers", "a consumer is a construct of its own, in a stack of its own"),
];

/// Builds the service. Nothing comes back when its properties could not be read.
pub(super) fn build(request: &PlanRequest, findings: &mut Findings<'_>) -> Option<Built> {
    let props = own_members(&request.props, findings);
    let (spec, mistakes, tokens) = Decoder::read_with_tokens::<Spec>(&props);
    let spec = findings.sensible(spec, mistakes)?;
    for (name, _) in spec.services.iter().filter(|(_, service)| service.build.is_some()) {
        let place = Pointer::root().child("services").child(name.clone()).child("build");
        let message = format!("the image of `{name}` cannot be built here");
        let help = "give it as `image`, with `repository`: an asset of the app is built by the app";
        findings.error(codes::NOT_OF_CONSTRUCTS, place, message, help);
    }
    findings.tokens(&props, tokens, any_will_do, takes_list);
    for name in request.additions.services.keys().filter(|name| !spec.services.contains_key(*name)) {
        let message = format!("something was allowed to `{name}`, and there is no such service");
        findings.error(UNKNOWN_KEY, Pointer::root().child("services"), message, "name a service that there is");
    }
    let mut stack = stack(&request.context);
    let provided = pattern::provide(&mut stack.scope(), &spec, &request.additions);
    let handles = handles::of_service(&stack, &provided);
    Some(Built { stack, handles })
}

/// The properties as a spec: without what a spec has and a construct has not, which is reported, and with a name, which
/// nothing in the plan shows.
fn own_members(props: &Value, findings: &mut Findings<'_>) -> Value {
    let Value::Map(members) = props else { return props.clone() };
    let mut members = members.clone();
    for (key, help) in NOT_OF_CONSTRUCTS {
        if members.remove(key).is_some() {
            let message = format!("a construct has no `{key}`");
            findings.error(codes::NOT_OF_CONSTRUCTS, Pointer::root().child(*key), message, *help);
        }
    }
    if !members.contains_key("name") {
        members.push("name", "service");
    }
    members.into()
}

/// The way from a container to a place of the spec, when the place is in one.
fn in_container<'a, 'b>(steps: &'a [&'b str]) -> &'a [&'b str] {
    match steps {
        ["services", _, "sidecars", _, rest @ ..] | ["services", _, rest @ ..] => rest,
        _ => &[],
    }
}

/// Whether any value will do at a place of a spec: what containers are told of their surroundings, and what people read.
fn any_will_do(steps: &[&str]) -> bool {
    matches!(in_container(steps), ["environment", _] | ["command" | "entryPoint", _] | ["user"])
        || matches!(steps, ["secrets", _, "description"])
}

/// Whether a place of a spec is in a list that goes into a template as it is, however long it is.
fn takes_list(steps: &[&str]) -> bool {
    matches!(in_container(steps), ["command" | "entryPoint", _] | ["containerHealth" | "health", "command", _])
        || matches!(steps, ["services", _, "permissions", _, "resources", _])
        || matches!(steps, ["alarms", "actions", _] | ["privateLink", "allow" | "regions", _])
}
