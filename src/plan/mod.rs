//! Plans: what a construct of a CDK app is made of. A host turns a plan into typed resources of its own, so it is given them
//! in an order in which they can be made, with the properties that `synth` would write, and told what others connect to.

mod answer;
mod findings;
mod handles;
mod parts;
mod service;

use crate::cfn::Gather as _;
use crate::cfn::{Map, Value};
use crate::constructs::{Stack, StackProps};
use crate::diagnostics::Report;
use crate::spec::{Decoder, Environment, PlanContext, PlanKind, PlanRequest};

use findings::Findings;

/// The plan of a construct.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// The members `resources`, `mappings`, `conditions`, `parameters`, `outputs` and `handles`; empty when no sense could be
    /// made of the properties.
    pub plan: Map,
    /// What is wrong with the properties, by their places in them.
    pub report: Report,
}

impl Default for Planned {
    /// Nothing.
    fn default() -> Self {
        Self { plan: answer::of(&Stack::default(), Map::new()), report: Report::default() }
    }
}

/// What came of the properties of a construct.
struct Built {
    stack: Stack,
    handles: Map,
}

/// The plan that a request asks for. Mistakes in the request itself are those of the host, and make the report unusable;
/// those in the properties are the user's.
#[must_use]
pub fn of(request: &Value) -> Planned {
    let (decoded, mistakes) = Decoder::read::<PlanRequest>(request);
    if let (Some(request), true) = (decoded, mistakes.is_empty()) {
        return planned(&request);
    }
    let findings = mistakes.into_iter().map(findings::of_request).gather();
    Planned { report: Report { findings, unusable: true, ..Report::default() }, ..Planned::default() }
}

fn planned(request: &PlanRequest) -> Planned {
    let mut findings = Findings::new(&request.context);
    let built = match request.kind {
        PlanKind::Service => service::build(request, &mut findings),
        PlanKind::Network => parts::network(request, &mut findings),
        PlanKind::PrivateLink => parts::private_link(request, &mut findings),
        PlanKind::Consumer => parts::consumer(request, &mut findings),
    };
    let Some(mut built) = built else { return Planned { report: findings.into_report(), ..Planned::default() } };
    findings.take(&mut built.stack);
    Planned { plan: answer::of(&built.stack, built.handles), report: findings.into_report() }
}

/// The stack in which a construct is made. Its ID is the path of the construct, so that names and findings have the paths
/// that the app knows.
fn stack(context: &PlanContext) -> Stack {
    let env = Environment { account: context.account.clone(), region: context.region.clone() };
    let part = match &context.stack {
        Some(stack) => context.path.strip_prefix(stack.as_ref()).map(|rest| rest.trim_start_matches('/')),
        None => context.path.split_once('/').map(|(_, rest)| rest),
    };
    Stack::part(context.path.clone(), StackProps { env, ..StackProps::default() }, part.unwrap_or_default())
}
