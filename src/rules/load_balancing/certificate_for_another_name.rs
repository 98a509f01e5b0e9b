//! The load balancer ends TLS with a certificate for a name that consumers do not call.

use super::{indexed, network_listeners};
use crate::aws::load_balancer::Protocol;
use crate::model::{EndpointService, Field, Identity, Listener, ListenerCertificate, Model, Relation, View};
use crate::model::{Gather as _, GatherMore as _};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1127", "certificate-for-another-name", Warning {
        pitfalls: [50],
        summary: "TLS ends at a shared load balancer, but its certificate cannot be for the name that consumers call",
        why: "Consumers call an endpoint by a name under `vpce.amazonaws.com`, for which nobody but Amazon gets a certificate, \
              or by the private DNS name of the endpoint service. A certificate for another name makes their clients refuse \
              the connection. The private DNS name must be one that the certificate covers.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 443
      Protocol: TLS
      Certificates: [{ CertificateArn: arn:aws:acm:eu-west-1:111122223333:certificate/0f6f3f4e-6b0d-4b52-9d5e-0e0c5a7a1c11 }]
      DefaultActions: [{ Type: forward, TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef }]
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
",
        instead: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 443
      Protocol: TLS
      Certificates: [{ CertificateArn: arn:aws:acm:eu-west-1:111122223333:certificate/0f6f3f4e-6b0d-4b52-9d5e-0e0c5a7a1c11 }]
      DefaultActions: [{ Type: forward, TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef }]
  Share:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true, PrivateDnsName: payments.example.com }
",
        source: "Network Load Balancers, TLS listener certificates",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (listener, balancer) in network_listeners(model) {
        if listener.network_protocol() != Some(Protocol::Tls) {
            continue;
        }
        for service in balancer.endpoint_services() {
            match service.private_dns_name() {
                Field::Absent if !names_are_aliased(model) => unnamed(findings, service, listener),
                Field::Known(name) => named(model, findings, service, listener, &name),
                _ => {}
            }
        }
    }
}

/// Whether the app has DNS records of its own, by which consumers may call it.
fn names_are_aliased<'a>(model: &'a Model<'a>) -> bool {
    ["AWS::Route53::RecordSet", "AWS::Route53::RecordSetGroup"].iter().any(|kind| model.of_type(kind).next().is_some())
}

fn unnamed(findings: &mut Findings<'_>, service: EndpointService<'_>, listener: Listener<'_>) {
    findings
        .report(service.id(), "", "TLS ends at the load balancer, but consumers have no name that its certificate could cover")
        .help("set `PrivateDnsName` to a name that the certificate covers, or let consumers make a DNS record with such a name for their endpoint")
        .in_spec(InSpec::Help("set `privateLink.privateDns` to a name that the certificate covers, or let consumers make a DNS record with such a name for their endpoint"))
        .mention(listener.id(), "Protocol", "TLS ends here");
}

fn named<'a>(
    model: &'a Model<'a>,
    findings: &mut Findings<'_>,
    service: EndpointService<'a>,
    listener: Listener<'a>,
    name: &str,
) {
    // Each list of certificates must be known in full: the default one, and further ones.
    let mut covered: Vec<String> = Vec::new();
    let further = model.related::<ListenerCertificate<'a>>(Relation::CertificateListener, &listener.identity());
    let lists = std::iter::once(listener.property("Certificates"));
    for list in lists.chain(further.map(|further| further.property("Certificates"))) {
        if list.items().is_unknown() {
            return;
        }
        for (_, item) in indexed(model, &list) {
            let Some(names) = names_of(model, &item.get("CertificateArn").identity()) else { return };
            covered.gather_more(names);
        }
    }
    if !covered.is_empty() && !covered.iter().any(|pattern| covers(pattern, name)) {
        findings
            .report(service.id(), "PrivateDnsName", format!("no certificate of the listener is for `{name}`"))
            .help("add the name to the certificate, or set a private DNS name that it covers")
            .mention(listener.id(), "Certificates", "these are the certificates");
    }
}

/// The names that a certificate of the app is for, when all of them are known.
fn names_of<'a>(model: &'a Model<'a>, certificate: &Field<'a, Identity<'a>>) -> Option<Vec<String>> {
    let Field::Known(Identity::Resource(id)) = certificate else { return None };
    if model.type_of(*id) != "AWS::CertificateManager::Certificate" {
        return None;
    }
    let others = model.property(*id, "SubjectAlternativeNames");
    let others = others.items().or(Vec::new()).known()?;
    let first = std::iter::once(model.property(*id, "DomainName"));
    first.chain(others).map(|name| name.text().known().map(std::borrow::Cow::into_owned)).gather()
}

/// Whether a certificate for `pattern` is one for `name`: a wildcard stands for one label.
fn covers(pattern: &str, name: &str) -> bool {
    if pattern.eq_ignore_ascii_case(name) {
        return true;
    }
    match (pattern.strip_prefix("*."), name.split_once('.')) {
        (Some(domain), Some((_, rest))) => domain.eq_ignore_ascii_case(rest),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_wildcard_covers_one_level() {
        assert!(covers("api.example.com", "API.example.com") && covers("*.example.com", "api.example.com"));
        assert!(!covers("*.example.com", "v1.api.example.com") && !covers("*.example.com", "example.com"));
        assert!(covers("*.example.com", "*.example.com"));
    }
}
