//! Health checks begin with a proxy protocol header.

use super::{attribute_path, is_on};
use crate::diagnostics::Severity;
use crate::model::{Model, TargetGroup, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1115", "proxy-protocol-in-health-checks", Warning {
        pitfalls: [18],
        summary: "Proxy protocol v2 in front of an application that is asked over HTTP whether it is healthy",
        why: "With proxy protocol v2 every connection to a target begins with a binary header, that of health checks too. An \
              HTTP server that does not expect it answers with an error, and the target is unhealthy.",
        example: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Protocol: TCP
      Port: 8080
      VpcId: vpc-0123456789abcdef0
      TargetType: ip
      HealthCheckProtocol: HTTP
      TargetGroupAttributes: [{ Key: proxy_protocol_v2.enabled, Value: \"true\" }]
",
        instead: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Protocol: TCP
      Port: 8080
      VpcId: vpc-0123456789abcdef0
      TargetType: ip
      HealthCheckProtocol: HTTP
",
        source: "Network Load Balancers, target group attributes, proxy protocol",
        check: check,
    }
}

const SETTING: &str = "proxy_protocol_v2.enabled";

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for group in model.all::<TargetGroup<'a>>().filter(|group| is_on(group.attribute(SETTING))) {
        let over_http =
            group.health_check_protocol().is_known_and(|protocol| protocol == "HTTP" || protocol == "HTTPS");
        let found = findings.report(
            group.id(),
            attribute_path(group, "TargetGroupAttributes", SETTING),
            if over_http {
                "health checks over HTTP begin with a proxy protocol header, which the application must take there as well"
            } else {
                "every connection to the targets begins with a proxy protocol header, which the application must take"
            },
        );
        found.help("switch it on only for applications that read proxy protocol v2 on every connection, and check health over TCP otherwise");
        if !over_http {
            found.severity(Severity::Info);
        }
    }
}
