//! Versions of TLS that nobody should speak any more.

use crate::aws::load_balancer::Protocol;
use crate::aws::tls_policies::{DEFAULT, OLDEST_SOUND, RECOMMENDED, tls_policy};
use crate::diagnostics::{Mend, Severity};
use crate::model::{Field, Listener, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1124", "outdated-tls-policy", Warning {
        pitfalls: [9],
        summary: "A TLS listener whose security policy lets clients use TLS 1.0 or 1.1",
        why: "TLS 1.0 and 1.1 are deprecated. What a listener takes follows from its security policy, and the one that holds \
              when nothing is said takes both.",
        example: "Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 443
      Protocol: TLS
      SslPolicy: ELBSecurityPolicy-2016-08
      Certificates: [{ CertificateArn: arn:aws:acm:eu-west-1:111122223333:certificate/0f6f3f4e-6b0d-4b52-9d5e-0e0c5a7a1c11 }]
      DefaultActions: [{ Type: forward, TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef }]
",
        instead: "Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 443
      Protocol: TLS
      SslPolicy: ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09
      Certificates: [{ CertificateArn: arn:aws:acm:eu-west-1:111122223333:certificate/0f6f3f4e-6b0d-4b52-9d5e-0e0c5a7a1c11 }]
      DefaultActions: [{ Type: forward, TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef }]
",
        source: "Network Load Balancers, security policies",
        check: check,
    }
}

fn mend() -> Mend {
    Mend::suggested(format!("set `SslPolicy` to `{RECOMMENDED}`")).set("SslPolicy", RECOMMENDED)
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for listener in model.all::<Listener<'a>>().filter(|listener| listener.network_protocol() == Some(Protocol::Tls)) {
        let Field::Known(name) = listener.policy().or(DEFAULT.into()) else { continue };
        let property = if listener.policy().is_absent() { "" } else { "SslPolicy" };
        let help = format!("set `SslPolicy` to `{RECOMMENDED}`, or to another that begins with TLS 1.2");
        match tls_policy(&name) {
            Some(policy) if policy.oldest < OLDEST_SOUND => {
                let oldest = policy.oldest.name();
                findings
                    .report(listener.id(), property, format!("the security policy `{name}` lets clients use {oldest}"))
                    .help(help)
                    .mend(mend());
            }
            None => {
                // AWS adds policies from time to time, all with this beginning.
                let may_be_new = name.starts_with("ELBSecurityPolicy-");
                findings
                    .report(listener.id(), property, format!("the security policy `{name}` is not known"))
                    .help(help)
                    .mend_by((!may_be_new).then(mend))
                    .severity(if may_be_new { Severity::Warning } else { Severity::Error });
            }
            Some(_) => {}
        }
    }
}
