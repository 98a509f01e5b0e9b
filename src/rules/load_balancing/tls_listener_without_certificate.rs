//! TLS without a certificate.

use crate::aws::load_balancer::Protocol;
use crate::model::{Field, Gather as _, Listener, Model, View};
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
        for (index, item) in listener.property("Certificates").known_items().iter().enumerate() {
            let arn = item.get("CertificateArn").text().known();
            if let Some(arn) = arn.filter(|arn| arn.starts_with("arn:") && !is_certificate(arn)) {
                findings
                    .report(
                        listener.id(),
                        format!("Certificates/{index}/CertificateArn"),
                        format!("`{arn}` is no certificate"),
                    )
                    .help("name a certificate of AWS Certificate Manager");
            }
        }
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

/// Whether an ARN is that of a certificate: of Certificate Manager, or of IAM, which keeps older ones.
fn is_certificate(arn: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').gather();
    matches!(parts.as_slice(), [_, _, "acm", _, _, name] if name.starts_with("certificate/"))
        || matches!(parts.as_slice(), [_, _, "iam", _, _, name] if name.starts_with("server-certificate/"))
}
