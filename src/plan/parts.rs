//! The plans of constructs that are parts of the pattern: a network, sharing, the connection of a consumer.

use crate::constructs::alone;
use crate::spec::{ConsumerProps, Decoder, Network, NetworkProps, PlanRequest, PrivateLink, PrivateLinkProps};

use super::findings::Findings;
use super::{Built, handles, stack};

/// A network with endpoints. Nothing comes back when its properties could not be read; so with the others.
pub(super) fn network(request: &PlanRequest, findings: &mut Findings<'_>) -> Option<Built> {
    let (read, mistakes, tokens) = Decoder::read_both::<Network, NetworkProps>(&request.props);
    let (props, more) = findings.sensible(read, mistakes)?;
    findings.tokens(&request.props, tokens, |_| false, |_| false);
    let mut stack = stack(&request.context);
    let (network, endpoints) = alone::network(&mut stack.scope(), &props, &more);
    let handles = handles::of_network(&stack, &network, &endpoints);
    Some(Built { stack, handles })
}

/// An endpoint service in front of a load balancer.
pub(super) fn private_link(request: &PlanRequest, findings: &mut Findings<'_>) -> Option<Built> {
    let (read, mistakes, tokens) = Decoder::read_both::<PrivateLink, PrivateLinkProps>(&request.props);
    let (props, more) = findings.sensible(read, mistakes)?;
    findings.tokens(&request.props, tokens, |_| false, |steps| matches!(steps, ["allow" | "regions", _]));
    let mut stack = stack(&request.context);
    let service = alone::private_link(&mut stack.scope(), &props, &more);
    let handles = handles::of_endpoint_service(&stack, &service);
    Some(Built { stack, handles })
}

/// The endpoint of a consumer.
pub(super) fn consumer(request: &PlanRequest, findings: &mut Findings<'_>) -> Option<Built> {
    let (read, mistakes, tokens) = Decoder::read_with_tokens::<ConsumerProps>(&request.props);
    let props = findings.sensible(read, mistakes)?;
    let takes_list = |steps: &[&str]| matches!(steps, ["vpc", "subnets", _] | ["creatorRoles" | "supportedRegions", _]);
    findings.tokens(&request.props, tokens, |_| false, takes_list);
    let mut stack = stack(&request.context);
    let consumer = alone::consumer(&mut stack.scope(), &props);
    let handles = handles::of_consumer(&consumer);
    Some(Built { stack, handles })
}
