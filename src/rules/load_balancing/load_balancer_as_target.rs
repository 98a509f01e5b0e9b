//! A load balancer in a target group that does not take it, or that opens it.

use crate::diagnostics::Severity;
use crate::model::{Field, Gather as _, LoadBalancer, Model, Node, ResourceId, TargetGroup, View as _};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1142", "load-balancer-as-target", Error {
        pitfalls: [],
        summary: "An Application Load Balancer in a target group that cannot be registered, or that the internet reaches",
        why: "A target group of the type `alb` takes an Application Load Balancer that has a listener on the port of the target \
              group, and asks for its health over HTTP or HTTPS. It is registered when the target group is made, so that the \
              listener has to be there before.",
        example: "Resources:
  Behind: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: application, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1], SecurityGroups: [sg-0123456789abcdef0] } }
  Listener: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref Behind, Port: 443, Protocol: HTTPS, Certificates: [{ CertificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/a' }], DefaultActions: [{ Type: fixed-response, FixedResponseConfig: { StatusCode: '404' } }] } }
  Targets: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, DependsOn: Listener, Properties: { TargetType: alb, Protocol: TCP, Port: 80, VpcId: vpc-0123456789abcdef0, Targets: [{ Id: !Ref Behind, Port: 80 }], HealthCheckProtocol: HTTPS } }
",
        instead: "Resources:
  Behind: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: application, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1], SecurityGroups: [sg-0123456789abcdef0] } }
  Listener: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref Behind, Port: 443, Protocol: HTTPS, Certificates: [{ CertificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/a' }], DefaultActions: [{ Type: fixed-response, FixedResponseConfig: { StatusCode: '404' } }] } }
  Targets: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, DependsOn: Listener, Properties: { TargetType: alb, Protocol: TCP, Port: 443, VpcId: vpc-0123456789abcdef0, Targets: [{ Id: !Ref Behind, Port: 443 }], HealthCheckProtocol: HTTPS } }
",
        source: "Network Load Balancers, use Application Load Balancers as targets of a Network Load Balancer",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for group in model.all::<TargetGroup<'a>>() {
        if !group.target_type().is_known_and(|kind| kind == "alb") {
            continue;
        }
        if let Field::Known(protocol) = group.health_check_protocol()
            && !matches!(protocol.as_ref(), "HTTP" | "HTTPS")
        {
            findings
                .report(
                    group.id(),
                    "HealthCheckProtocol",
                    format!("the health of a load balancer is not asked over `{protocol}`"),
                )
                .help("set `HealthCheckProtocol` to `HTTP` or `HTTPS`");
        }
        for (index, target) in group.targets().iter().enumerate() {
            let behind = target.get("Id").resource().and_then(|id| model.view::<LoadBalancer<'a>>(id));
            let Some(behind) = behind else { continue };
            registration(findings, group, (index, target), behind);
            exposure(findings, group, behind);
        }
    }
}

fn registration<'a>(
    findings: &mut Findings<'_>,
    group: TargetGroup<'a>,
    (index, target): (usize, &Node<'a>),
    behind: LoadBalancer<'a>,
) {
    let listeners: Vec<_> = behind.listeners().gather();
    let ports: Option<Vec<i64>> = listeners.iter().map(|listener| listener.port().known()).gather();
    let (Some(ports), false) = (ports, listeners.is_empty()) else { return };
    let port = match target.get("Port").int() {
        Field::Absent => group.port(),
        given => given,
    };
    if let Field::Known(port) = port
        && !ports.contains(&port)
    {
        findings
            .report(
                group.id(),
                format!("Targets/{index}"),
                format!("`{}` does not listen on port {port}, and is not registered", behind.logical_id()),
            )
            .help("use the port of one of its listeners for the target group and the target")
            .mention(behind.id(), "", "this is the load balancer behind it");
        return;
    }
    let awaited: Vec<ResourceId> = listeners.iter().map(|listener| listener.id()).gather();
    let is_here = listeners.iter().all(|listener| listener.id().template == group.id().template);
    if is_here && !group.model().dependencies().reaches(group.id(), &awaited) {
        findings
            .report(
                group.id(),
                format!("Targets/{index}"),
                format!("the target group may be made before `{}` listens, and is refused then", behind.logical_id()),
            )
            .help("let the target group wait for the listener (`DependsOn`)")
            .mention(behind.id(), "", "this is the load balancer behind it")
            .severity(Severity::Warning);
    }
}

/// Whatever is private about the load balancer in front is lost when that behind it is on the internet.
fn exposure<'a>(findings: &mut Findings<'_>, group: TargetGroup<'a>, behind: LoadBalancer<'a>) {
    let is_private = |balancer: LoadBalancer<'a>| balancer.scheme().is_known_and(|scheme| scheme == "internal");
    let mut in_front = group.listeners().filter_map(crate::model::Listener::balancer);
    if behind.scheme().is_known_and(|scheme| scheme == "internet-facing") && in_front.any(is_private) {
        findings
            .report(behind.id(), "Scheme", "the load balancer behind an internal one faces the internet")
            .suggest("Scheme", "internal")
            .help("set `Scheme: internal`; without it, a load balancer faces the internet")
            .mention(group.id(), "Targets", "it stands behind this target group");
    }
}
