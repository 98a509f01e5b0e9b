//! Settings of TLS on a listener that does not end it.

use crate::aws::load_balancer::Protocol;
use crate::diagnostics::Mend;
use crate::model::{Listener, ListenerCertificate, Model, Relation, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1123", "tls-settings-without-tls", Error {
        pitfalls: [9],
        summary: "A certificate, a security policy or another setting of TLS on a listener that does not end TLS",
        why: "A TCP or UDP listener passes on what it gets. Certificates, security policies and ALPN policies are for listeners \
              with the protocol TLS, and AWS refuses them elsewhere. No Network Load Balancer asks clients for certificates: \
              mutual TLS ends in the tasks, behind a TCP listener.",
        example: "Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 443
      Protocol: TCP
      SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06
      DefaultActions: [{ Type: forward, TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef }]
",
        instead: "Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 443
      Protocol: TCP
      DefaultActions: [{ Type: forward, TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef }]
",
        source: "Network Load Balancers, create a listener",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for listener in model.all::<Listener<'a>>() {
        let Some(protocol) = listener.network_protocol() else { continue };
        if protocol == Protocol::Tls {
            report(
                findings,
                listener,
                "MutualAuthentication",
                "no Network Load Balancer asks clients for certificates",
                MUTUAL,
            );
            continue;
        }
        for (property, message) in [
            ("Certificates", "only a listener with the protocol TLS has certificates"),
            ("SslPolicy", "only a listener with the protocol TLS has a security policy"),
            ("AlpnPolicy", "only a listener with the protocol TLS has an ALPN policy"),
        ] {
            report(findings, listener, property, message, "leave it out, or set `Protocol: TLS`");
        }
        report(
            findings,
            listener,
            "MutualAuthentication",
            "no Network Load Balancer asks clients for certificates",
            MUTUAL,
        );
        for further in model.related::<ListenerCertificate<'a>>(Relation::CertificateListener, &listener.identity()) {
            findings
                .report(further.id(), "ListenerArn", "only a listener with the protocol TLS has certificates")
                .help("leave it out, or set `Protocol: TLS` on the listener")
                .mention(listener.id(), "Protocol", "this is the listener");
        }
    }
}

const MUTUAL: &str = "leave it out, and let the tasks ask for certificates behind a TCP listener";

fn report(findings: &mut Findings<'_>, listener: Listener<'_>, property: &str, message: &str, help: &str) {
    let value = listener.property(property);
    let is_empty = value.items().is_known_and(|items| items.is_empty());
    // Mutual authentication that is off is what is there anyway, and an ALPN policy `None` likewise.
    let is_off = value.get("Mode").text().is_known_and(|mode| mode == "off")
        || (property == "AlpnPolicy"
            && value.known_items().iter().all(|item| item.text().is_known_and(|name| name == "None")));
    if !value.is_absent() && !is_empty && !is_off {
        let mend = Mend::suggested(format!("leave `{property}` out")).remove(property);
        findings.report(listener.id(), property, message).help(help).mend(mend);
    }
}
