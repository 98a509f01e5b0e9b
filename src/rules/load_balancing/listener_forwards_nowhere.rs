//! Listeners that send what they get nowhere, or not as Network Load Balancers can.

use super::{indexed, network_listeners};
use crate::aws::load_balancer::{Protocol, TARGET_GROUP_WEIGHT};
use crate::model::Gather as _;
use crate::model::{Field, Listener, Model, Node, TargetGroup, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1132", "listener-forwards-nowhere", Error {
        pitfalls: [],
        summary: "A listener of a Network Load Balancer without a target group to forward to",
        why: "A listener of a Network Load Balancer forwards to target groups, and does nothing else: it has one default action \
              of the type `forward`, with one target group or several with weights.",
        example: "Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Type: network, Scheme: internal, Subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 443
      Protocol: TCP
      DefaultActions: [{ Type: forward }]
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
      Protocol: TCP
      DefaultActions: [{ Type: forward, TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef }]
",
        source: "Network Load Balancers, listeners, default actions",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (listener, _) in network_listeners(model) {
        let actions = listener.property("DefaultActions");
        if actions.items().is_unknown() {
            continue;
        }
        let actions = indexed(model, &actions);
        if actions.is_empty() {
            findings.report(listener.id(), "DefaultActions", "the listener has no default action").help(FORWARD);
        }
        for (index, action) in &actions {
            let path = format!("DefaultActions/{index}");
            match action.get("Type").text() {
                Field::Known(kind) if kind != "forward" => {
                    findings
                        .report(
                            listener.id(),
                            format!("{path}/Type"),
                            format!("a listener of a Network Load Balancer cannot do `{kind}`"),
                        )
                        .help("use `forward`: only Application Load Balancers answer or redirect by themselves");
                }
                Field::Unknown(_) => {}
                _ => forward(model, findings, listener, action, &path),
            }
        }
    }
}

const FORWARD: &str = "name a target group: `{ Type: forward, TargetGroupArn: … }`";

fn forward<'a>(
    model: &'a Model<'a>,
    findings: &mut Findings<'_>,
    listener: Listener<'a>,
    action: &Node<'a>,
    path: &str,
) {
    let several = action.at("ForwardConfig/TargetGroups");
    if action.because().is_some() || several.items().is_unknown() {
        return;
    }
    let groups = indexed(model, &several);
    if action.get("TargetGroupArn").is_absent() && groups.is_empty() {
        findings.report(listener.id(), path, "the action forwards to no target group").help(FORWARD);
    }
    let path = format!("{path}/ForwardConfig");
    weights(findings, listener, &groups, &path);
    kinds(model, findings, listener, &groups, &path);
    let sticky = action.at("ForwardConfig/TargetGroupStickinessConfig/Enabled").bool();
    if sticky.is_known_and(|is_on| is_on) && listener.network_protocol() == Some(Protocol::Tls) {
        findings
            .report(
                listener.id(),
                format!("{path}/TargetGroupStickinessConfig"),
                "clients cannot be kept with a target group where the listener ends TLS",
            )
            .suggest_removal(&format!("{path}/TargetGroupStickinessConfig"))
            .help("leave `TargetGroupStickinessConfig` out");
    }
}

fn weights(findings: &mut Findings<'_>, listener: Listener<'_>, groups: &[(usize, Node<'_>)], path: &str) {
    for (index, group) in groups {
        let Field::Known(weight) = group.get("Weight").int() else { continue };
        if !u32::try_from(weight).is_ok_and(|weight| TARGET_GROUP_WEIGHT.contains(&weight)) {
            findings
                .report(
                    listener.id(),
                    format!("{path}/TargetGroups/{index}/Weight"),
                    format!("a weight of {weight} is none from 0 to 999"),
                )
                .help("choose weights from 0 to 999: each target group gets its part of the sum");
        }
    }
    let is_zero = |(_, group): &(usize, Node<'_>)| group.get("Weight").int().is_known_and(|weight| weight == 0);
    if !groups.is_empty() && groups.iter().all(is_zero) {
        findings
            .report(
                listener.id(),
                format!("{path}/TargetGroups"),
                "all target groups have the weight 0, so that nothing is forwarded",
            )
            .help("give at least one target group a weight above 0");
    }
}

/// Target groups of one action must be alike.
fn kinds<'a>(
    model: &'a Model<'a>,
    findings: &mut Findings<'_>,
    listener: Listener<'a>,
    groups: &[(usize, Node<'a>)],
    path: &str,
) {
    let views: Vec<TargetGroup<'a>> =
        groups.iter().filter_map(|(_, group)| model.view(group.get("TargetGroupArn").resource()?)).gather();
    let differ = |of: &dyn Fn(&TargetGroup<'a>) -> Option<String>| {
        let mut known = views.iter().filter_map(of);
        let first = known.next();
        known.any(|other| Some(other) != first)
    };
    let address = |group: &TargetGroup<'a>| group.ip_address_type().known().map(std::borrow::Cow::into_owned);
    let protocol = |group: &TargetGroup<'a>| group.protocol().known().map(std::borrow::Cow::into_owned);
    let is_tls = listener.network_protocol() == Some(Protocol::Tls);
    let problem = if differ(&address) {
        "the target groups of one action have different IP address types"
    } else if is_tls && differ(&protocol) {
        "a TLS listener cannot forward to target groups with TCP and with TLS at once"
    } else {
        return;
    };
    let found = findings.report(listener.id(), format!("{path}/TargetGroups"), problem);
    found.help("give all target groups of the action the same `IpAddressType` and `Protocol`");
    for group in views {
        found.mention(group.id(), "", "this is one of them");
    }
}
