//! Attributes that AWS refuses.

use super::indexed;
use crate::aws::load_balancer::Protocol;
use crate::aws::load_balancer_attributes::{AttributeError, Scope, check as check_attribute};
use crate::diagnostics::Mend;
use crate::model::{Field, Listener, Model, TargetGroup, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1110", "load-balancer-attribute-not-taken", Error {
        pitfalls: [21, 22, 26, 27],
        summary: "An attribute of a Network Load Balancer, its listener or its target group that AWS refuses",
        why: "Attributes are plain pairs of texts, so that neither CloudFormation nor the CDK sees a misspelt key, a value out \
              of range, or an attribute that another type of load balancer has. Elastic Load Balancing refuses them at \
              deployment.",
        example: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Protocol: TCP
      Port: 8443
      VpcId: vpc-0123456789abcdef0
      TargetType: ip
      TargetGroupAttributes: [{ Key: deregistration_delay.timeout_seconds, Value: \"7200\" }]
",
        instead: "Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Protocol: TCP
      Port: 8443
      VpcId: vpc-0123456789abcdef0
      TargetType: ip
      TargetGroupAttributes: [{ Key: deregistration_delay.timeout_seconds, Value: \"120\" }]
",
        source: "Elastic Load Balancing API reference, LoadBalancerAttribute, TargetGroupAttribute and ListenerAttribute",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for balancer in super::network_load_balancers(model) {
        attributes(findings, balancer, Scope::LoadBalancer, "LoadBalancerAttributes", None);
    }
    for group in model.all::<TargetGroup<'a>>() {
        let protocol = group.network_protocol();
        if protocol.is_some() && group.target_type().is_known_and(|kind| kind != "alb") {
            attributes(findings, group, Scope::TargetGroup, "TargetGroupAttributes", protocol);
        }
    }
    for listener in model.all::<Listener<'a>>() {
        let protocol = listener.network_protocol();
        if protocol.is_some() {
            attributes(findings, listener, Scope::Listener, "ListenerAttributes", protocol);
        }
    }
}

fn attributes<'a, V: View<'a>>(
    findings: &mut Findings<'_>,
    view: V,
    scope: Scope,
    list: &str,
    protocol: Option<Protocol>,
) {
    for (index, item) in indexed(view.model(), &view.property(list)) {
        let Field::Known(key) = item.get("Key").text() else { continue };
        let value = item.get("Value").text();
        // A value that is not known is checked as far as its key goes.
        let Err(error) = check_attribute(scope, &key, value.clone().known().as_deref().unwrap_or_default(), protocol)
        else {
            continue;
        };
        let is_about_value = matches!(error, AttributeError::Value(_) | AttributeError::AlwaysOn);
        // An empty value is that of a setting left open, such as a prefix.
        if is_about_value && !value.is_known_and(|value| !value.is_empty()) {
            continue;
        }
        let member = if is_about_value { "Value" } else { "Key" };
        let (message, help) = words(&key, &error);
        let path = format!("{list}/{index}/{member}");
        let found = findings.report(view.id(), path.clone(), message);
        found.help(help);
        match error {
            AttributeError::Unknown { did_you_mean: Some(other) } => {
                found.mend(Mend::safe(format!("write `{other}`")).set(path, other))
            }
            AttributeError::Value(_) => continue,
            AttributeError::AlwaysOn => found.mend_setting(&path, "true"),
            _ => found.suggest_removal(&format!("{list}/{index}")),
        };
    }
}

/// What is wrong, and what to do.
fn words(key: &str, error: &AttributeError) -> (String, String) {
    let (problem, help) = match error {
        AttributeError::Unknown { did_you_mean: Some(other) } => {
            (" does not exist", format!("did you mean `{other}`?"))
        }
        AttributeError::Unknown { did_you_mean: None } => (" does not exist", "leave it out".to_owned()),
        AttributeError::OfAnotherLoadBalancer => {
            (" is not one of Network Load Balancers", "leave it out: another type of load balancer has it".to_owned())
        }
        AttributeError::NotForProtocol(protocol) => {
            (" cannot be set for this protocol", format!("leave it out: `{}` does not have it", protocol.name()))
        }
        AttributeError::Value(attribute) => {
            (" has a value that it does not take", format!("set it to {}", attribute.values.describe()))
        }
        AttributeError::AlwaysOn => {
            (" cannot be switched off for this protocol", "leave it out, or set it to `true`".to_owned())
        }
    };
    (format!("the attribute `{key}`{problem}"), help)
}
