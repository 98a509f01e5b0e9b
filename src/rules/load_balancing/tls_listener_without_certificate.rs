//! TLS without a certificate.

use crate::aws::load_balancer::Protocol;
use crate::model::{Field, Listener, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1122", "tls-listener-without-certificate", Error {
        pitfalls: [9],
        summary: "A TLS listener without exactly one default certificate",
        why: "The load balancer ends TLS with the certificate of the listener. AWS refuses a TLS listener without one. \
              `Certificates` takes one, the default; further ones, for further names, are resources of their own.",
        example: "Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 443
      Protocol: TLS
      DefaultActions: [{ Type: forward, TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef }]
",
        instead: "Resources:
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 443
      Protocol: TLS
      Certificates: [{ CertificateArn: arn:aws:acm:eu-west-1:111122223333:certificate/0f6f3f4e-6b0d-4b52-9d5e-0e0c5a7a1c11 }]
      DefaultActions: [{ Type: forward, TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef }]
",
        source: "Network Load Balancers, create a TLS listener",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for listener in model.all::<Listener<'a>>() {
        let is_https = listener.protocol().is_known_and(|protocol| protocol == "HTTPS");
        if !is_https && listener.network_protocol() != Some(Protocol::Tls) {
            continue;
        }
        let count = match listener.property("Certificates").items() {
            Field::Absent => 0,
            Field::Known(items) => items.iter().filter(|item| !item.get("CertificateArn").is_absent()).count(),
            Field::Unknown(_) => continue,
        };
        match count {
            0 => findings
                .report(listener.id(), "Protocol", "a listener that ends TLS needs a certificate")
                .help("name a certificate of AWS Certificate Manager in `Certificates`"),
            1 => continue,
            _ => findings
                .report(listener.id(), "Certificates", "a listener takes one default certificate")
                .help("keep one, and add the others as `AWS::ElasticLoadBalancingV2::ListenerCertificate`"),
        };
    }
}
