//! Two listeners on one port of a load balancer.

use crate::model::{Field, Identity, Listener, ListenerRule, Model, ResourceId, View, sort};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1130", "duplicate-listener-port", Error {
        pitfalls: [],
        summary: "Two listeners of a load balancer on the same port, or two rules of a listener with the same priority",
        why: "A port of a load balancer has one listener, whatever the protocols: for TCP and UDP on the same port there is \
              TCP_UDP.",
        example: "Resources:
  Tcp:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 53
      Protocol: TCP
      DefaultActions: [{ Type: forward, TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef }]
  Udp:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 53
      Protocol: UDP
      DefaultActions: [{ Type: forward, TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/b/0123456789abcdef }]
",
        instead: "Resources:
  Both:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 53
      Protocol: TCP_UDP
      DefaultActions: [{ Type: forward, TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef }]
",
        source: "Elastic Load Balancing API reference, CreateListener",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let mut taken: Vec<(Identity<'a>, i64, ResourceId)> = Vec::new();
    for listener in model.all::<Listener<'a>>() {
        let properties = model.declaration(listener.id()).and_then(|resource| resource.properties);
        let written = properties.and_then(|properties| properties.get("LoadBalancerArn"));
        let balancer = super::one_thing(written, &listener.property("LoadBalancerArn"));
        let (Some(balancer), Some(port)) = (balancer, listener.port().known()) else { continue };
        taken.push((balancer, port, listener.id()));
    }
    sort(&mut taken);
    priorities(model, findings);
    for pair in taken.windows(2) {
        let [(one, port, first), (other, same, second)] = pair else { continue };
        if one == other && port == same {
            findings
                .report(*second, "Port", format!("another listener of the load balancer has port {port}"))
                .help("choose another port, or one listener with `TCP_UDP` for both protocols")
                .mention(*first, "Port", "this is the other listener");
        }
    }
}

/// Rules of one listener are asked one after the other, each at a place of its own.
fn priorities<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let mut taken: Vec<(Identity<'a>, i64, ResourceId)> = Vec::new();
    for rule in model.all::<ListenerRule<'a>>() {
        if let (Field::Known(listener @ Identity::Resource(_)), Field::Known(priority)) =
            (rule.listener(), rule.property("Priority").int())
        {
            taken.push((listener, priority, rule.id()));
        }
    }
    sort(&mut taken);
    for pair in taken.windows(2) {
        let [(one, priority, first), (other, same, second)] = pair else { continue };
        if one == other && priority == same {
            findings
                .report(*second, "Priority", format!("another rule of the listener has the priority {priority}"))
                .help("give each rule of a listener a priority of its own")
                .mention(*first, "Priority", "this is the other rule");
        }
    }
}
