//! Load balancers of one endpoint service that do not listen alike.

use crate::diagnostics::Severity;
use crate::model::Gather as _;
use crate::model::{EndpointService, LoadBalancer, Model, View, sort};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1161", "load-balancers-differ", Error {
        pitfalls: [14],
        summary: "Several load balancers of one endpoint service with different listeners",
        why: "An endpoint picks one of the load balancers in its zone by chance and stays with it. When they do not listen on \
              the same ports with the same protocols, some consumers are served and others are not.",
        example: "Resources:
  One:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  Two:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  First: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref One, Port: 443, Protocol: TCP } }
  Second: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref Two, Port: 8443, Protocol: TCP } }
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref One, !Ref Two], AcceptanceRequired: true }
",
        instead: "Resources:
  One:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  Two:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  First: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref One, Port: 443, Protocol: TCP } }
  Second: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref Two, Port: 443, Protocol: TCP } }
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref One, !Ref Two], AcceptanceRequired: true }
",
        source: "AWS PrivateLink guide, create an endpoint service",
        check: check,
    }
}

/// The ports and protocols on which a load balancer listens; nothing when there may be others.
fn listens(balancer: LoadBalancer<'_>) -> Option<Vec<(i64, String)>> {
    let listeners = balancer.listeners();
    let all = listeners.map(|listener| Some((listener.port().known()?, listener.protocol().known()?.into_owned())));
    let mut all = all.gather::<Option<Vec<_>>>()?;
    sort(&mut all);
    all.dedup();
    Some(all)
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<EndpointService<'a>>() {
        let balancers = service.balancers().filter_map(|balancer| Some((balancer, listens(balancer)?)));
        let balancers: Vec<_> = balancers.gather();
        // Where none has a listener, all of them are written elsewhere.
        let Some((first, wanted)) = balancers.iter().find(|(_, listens)| !listens.is_empty()) else { continue };
        for (other, found) in balancers.iter().filter(|(_, found)| found != wanted) {
            // Those of one load balancer may be written elsewhere.
            let severity = if found.is_empty() { Severity::Warning } else { Severity::Error };
            let only = wanted.iter().filter(|pair| !found.contains(pair));
            let only = only.chain(found.iter().filter(|pair| !wanted.contains(pair)));
            let missing: Vec<_> = only.map(|(port, protocol)| format!("`{protocol}` on {port}")).gather();
            findings
                .report(
                    service.id(),
                    "NetworkLoadBalancerArns",
                    format!("only one of its load balancers listens with {}", missing.join(" and with ")),
                )
                .help("give all load balancers of the endpoint service the same listeners")
                .severity(severity)
                .mention(first.id(), "", "this is one of them")
                .mention(other.id(), "", "this is another");
        }
    }
}
